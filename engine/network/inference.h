#pragma once
/// \file
/// The machinery of shape inference and folding: facts about values, and one rule an operator.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "engine/network/known_value.h"

namespace dlv::network {

/// What is known of a value before the network runs.
struct Fact {
  std::optional<DType> dtype;
  std::optional<NetworkShape> shape;
  std::optional<KnownValue> value;  ///< of small constants and of what is computed from sizes
};

class Inference;

/// A list of whole numbers that may stand in an attribute or, in later opsets, in an operand.
struct GivenList {
  bool given = false;
  /// Nothing where it is an operand whose value is not known before the network runs; single
  /// elements may be KnownValue::kUnknownElement.
  std::optional<std::vector<std::int64_t>> values;
};

/// A node before its rule, with the facts of what it reads.
class NodeContext {
 public:
  NodeContext(Inference& inference, std::size_t place);

  const NetworkNode& node() const;
  std::int64_t opset() const;
  std::size_t operand_count() const { return node().operands.size(); }
  bool Has(std::size_t operand) const;
  /// An empty fact where the operand is absent.
  const Fact& In(std::size_t operand) const;
  /// A number that tells values of the network apart; -1 where absent.
  std::int64_t SourceOf(std::size_t operand) const;
  std::size_t output_count() const { return out_.size(); }
  /// May be named beyond output_count(); it is then forgotten.
  Fact& Out(std::size_t port);
  std::vector<Fact>& outputs() { return out_; }

  /// The attribute, else the operand (if `operand` is a place in the operands).
  GivenList List(std::string_view attribute, std::size_t operand = SIZE_MAX) const;
  /// Errors: kInvalidArgument "node conv2 (Conv): ...".
  Error Bad(const std::string& why) const;
  /// "weight [64, 32, 3, 3]" for messages.
  std::string Text(std::string_view role, std::size_t operand) const;
  /// An axis from 0 to `rank` - 1. Errors: kInvalidArgument, when it is none.
  Result<std::size_t> Axis(std::int64_t axis, std::size_t rank) const;
  /// Facts of the outputs of a subgraph; null where there is no such attribute.
  const std::vector<Fact>* Body(std::string_view attribute) const;

 private:
  Inference& inference_;
  std::size_t place_;
  std::vector<Fact> out_;
  Fact spare_;
};

using Rule = Status (*)(NodeContext&);

/// What a walk may remember and make, with all walks over its subgraphs: hostile files multiply.
struct FoldingBudget {
  std::size_t elements = 0, bytes = 0;
  bool overdrawn = false;  ///< bytes
};

/// Returns the rule of an operator, of the standard ones (no domain) or a layer of Caffe; or null.
Rule FindRule(std::string_view domain, std::string_view op);

/// Walks over a network in topological order, infers, and where it normalises, folds.
class Inference {
 public:
  /// `outside`: the walk over the enclosing network, at the node whose subgraph this is.
  Inference(Network& network, bool normalise, Inference* outside,
            std::vector<std::string>* warnings);

  Status Run();
  Network& network() { return network_; }
  std::int64_t opset() const { return opset_; }
  const Fact& Of(const NetworkOperand& operand) const;
  std::vector<Fact> OutputFacts() const;
  const std::map<std::string, std::vector<Fact>, std::less<>>& bodies() const { return bodies_; }
  /// Places a folded output now lives; kAbsent: the node stays.
  const std::vector<std::vector<NetworkOperand>>& replacements() const { return replaced_; }

 private:
  friend class NodeContext;
  struct OuterValue {
    NetworkOperand operand;  ///< of `owner`
    Inference* owner = nullptr;
  };

  Status Visit(std::size_t place);
  std::optional<KnownValue> Remember(std::optional<KnownValue> value);
  Status Subgraphs(std::size_t place);
  Status SetOuterInputs(Inference& body, std::size_t place, std::string_view attribute) const;
  Status Apply(std::size_t place);
  Status Keep(std::size_t place, std::vector<Fact> facts);
  void MergeDeclared(std::size_t place, std::size_t port, Fact& fact);
  void Fold(std::size_t place);
  void FoldReshapeTarget(std::size_t place);
  void Rewrite(NetworkOperand& operand);
  void RewriteOuter(NetworkOperand& operand);
  NetworkOperand AddConstant(NetworkConstant constant);
  std::optional<OuterValue> FindOuter(std::string_view name);
  const std::string& ValueName(const NetworkOperand& operand) const;

  Network& network_;
  bool normalise_;
  Inference* outside_;
  std::vector<std::string>* warnings_;
  FoldingBudget own_budget_;
  FoldingBudget& budget_;  ///< of the outermost walk
  std::int64_t opset_ = 0;
  std::vector<Fact> inputs_, parameters_, constants_;
  std::vector<std::vector<Fact>> nodes_;
  std::vector<std::vector<NetworkOperand>> replaced_;
  std::map<std::string, std::vector<Fact>, std::less<>> bodies_;  ///< of the node at hand
  std::map<std::string, NetworkOperand, std::less<>> names_;      ///< made when first asked for
  std::size_t named_nodes_ = 0;
  std::map<std::pair<const Inference*, std::uint32_t>, NetworkOperand> taken_;  ///< from outside
};

}  // namespace dlv::network
