#pragma once
/// \file
/// What the rules of single operators build layers with.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/kernels/reference/window.h"
#include "engine/progressive/layer_graph.h"

namespace dlv::progressive {

/// Weights or constants as an operand: a parameter's elements in some order, or known numbers.
struct WeightView {
  const NetworkParameter* parameter = nullptr;
  kernels::Shape shape;
  std::vector<std::uint32_t> order;  ///< empty: as they stand
  std::vector<double> numbers;       ///< without a parameter
};

/// Why a node has no rule. Not an error: the run goes on without a proof.
struct NoRule {
  std::string why;
};

/// Ok, NoRule or an error.
class Outcome {
 public:
  Outcome() = default;
  Outcome(NoRule none) : none_(std::move(none)) {}    // NOLINT(google-explicit-constructor)
  Outcome(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)
  const std::optional<NoRule>& none() const { return none_; }
  const std::optional<Error>& error() const { return error_; }
  bool ok() const { return !none_ && !error_; }

 private:
  std::optional<NoRule> none_;
  std::optional<Error> error_;
};

class GraphBuilder {
 public:
  GraphBuilder(const Network& network, LevelSource& source);

  const Network& network() const { return network_; }
  LayerGraph& graph() { return *graph_; }
  std::int64_t opset() const { return opset_; }

  /// The value that an operand is; nothing where it depends on weights alone.
  std::optional<std::uint32_t> ValueOf(const NetworkOperand& operand) const;
  const Extent& ExtentOf(std::uint32_t value) const { return graph_->ExtentOf(value); }
  /// Axes of an operand that is a value, the batch included.
  std::size_t RankOf(const NetworkOperand& operand) const;
  bool IsAbsent(const NetworkNode& node, std::size_t operand) const {
    return operand >= node.operands.size() || node.operands[operand].kind == OperandKind::kAbsent;
  }

  /// Weights behind Transpose, Reshape and the like; nothing where they are computed otherwise.
  std::optional<WeightView> ViewOf(const NetworkOperand& operand) const;
  /// The numbers of weights that are read whole.
  Result<std::optional<std::vector<double>>> WholeOf(const NetworkOperand& operand);
  /// Whole numbers of a constant operand (axes, sizes); nothing where they are not known.
  std::optional<std::vector<std::int64_t>> WholesOf(const NetworkOperand& operand) const;

  /// Adds a layer and makes it the node's value; `current` is the node that is built.
  void Add(std::unique_ptr<Layer> layer);
  void AddLinear(LinearForm form, std::uint32_t read, WeightView weights, Affine affine);
  /// The node's value is that of an operand.
  void Pass(std::uint32_t value);
  /// Takes the last layer away again where nobody but the node reads it.
  void TakeBack(std::uint32_t value);
  /// Folds it into the linear layer that made `value` where nobody else reads that; else adds a
  /// layer.
  void AddAffine(std::uint32_t value, Affine affine);

  /// Builds all nodes that the first output needs.
  Result<PlannedGraph> Build();
  const std::string& name() const { return name_; }  ///< of the node that is built

 private:
  /// Whether the real scores of each example are in the same order before and behind the node.
  bool KeepsOrder(const NetworkNode& node) const;
  Outcome BuildNode(const NetworkNode& node);
  std::vector<bool> Needed() const;
  void CountReaders(const std::vector<bool>& needed);
  NoRule Stop(const NoRule& none) const;

  const Network& network_;
  LevelSource& source_;
  std::unique_ptr<LayerGraph> graph_ = std::make_unique<LayerGraph>();
  std::int64_t opset_ = 0;
  std::vector<std::optional<std::uint32_t>> values_;  ///< of each node's first output
  std::vector<std::size_t> readers_;                  ///< of each node's first output
  /// How many read a value, nodes that passed it on not counted.
  std::size_t ReadersOf(std::uint32_t value) const;
  std::map<std::string, std::vector<double>, std::less<>> whole_;
  std::size_t node_ = 0;
  std::string name_;
};

/// Builds the layers of one node.
using Rule = Outcome (*)(GraphBuilder& builder, const NetworkNode& node);
struct RuleRow {
  std::string_view domain, op;
  Rule rule;
};

std::span<const RuleRow> LinearRules();    ///< Conv, Gemm, MatMul
std::span<const RuleRow> AffineRules();    ///< BatchNormalization, Add, Mul, caffe.Scale, ...
std::span<const RuleRow> ElementRules();   ///< Relu, LeakyRelu, Clip, Tanh, Sigmoid, PRelu, ...
std::span<const RuleRow> WindowRules();    ///< MaxPool, AveragePool, GlobalAveragePool
std::span<const RuleRow> ResponseRules();  ///< LRN
std::span<const RuleRow> MovementRules();  ///< Flatten, Reshape, Concat, Slice, Pad, Identity

/// Returns the number of each channel where weights are broadcast over a value of `rank` axes.
std::optional<std::vector<double>> ByChannel(const std::vector<double>& numbers,
                                             kernels::Shape shape, std::size_t rank,
                                             std::int64_t channels);

/// Returns the rule, or null.
Rule FindRule(std::string_view domain, std::string_view op);

}  // namespace dlv::progressive
