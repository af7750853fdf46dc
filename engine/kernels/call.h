#pragma once
/// \file
/// One execution of one node: its attributes, what it reads, and room for what it makes.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/network.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "engine/kernels/memory.h"
#include "engine/kernels/node_state.h"
#include "engine/kernels/value.h"

namespace dlv::kernels {

/// What all nodes of a session have in common.
struct Setting {
  DType real = DType::kF32;  ///< kF32 or kF64: the type of real numbers
  Memory* memory = nullptr;
  const CancellationToken* cancel = nullptr;  ///< may be null
  unsigned threads = 1;                       ///< that one kernel may use
  /// Weights and inputs are neither NaN nor infinite. Fast kernels that lose NaN want to know.
  bool all_finite = false;
};

/// A node that computes on with what the node before makes, which nothing else reads. A kernel may
/// do its work too (`Call::Absorb`).
struct Follower {
  const NetworkNode* node = nullptr;
  std::size_t fed = 0;                 ///< the operand that comes from the node before
  std::vector<const Value*> operands;  ///< null at `fed` and where it is left out
  bool is_fixed = false;               ///< what else it reads is the same in every run
  Value* spare = nullptr;  ///< the one of them that no later node reads; its room may be taken
};

/// Which orders those take that read what a node makes.
struct Readers {
  bool some_views = false;     ///< one of them takes views (kernel_table.h)
  bool all_any_order = false;  ///< all of them take other orders than C order
  bool all_folded = false;     ///< all of them take folded values
};

/// A later Concat that alone reads an output, as one of its operands.
struct Join {
  Value* whole = nullptr;  ///< its result as far as it is begun; null: there is no such node
  std::size_t operand = 0;
  const NodeState* state = nullptr;
};

/// What is known of a call's node beside it. Views and pointers must outlive the call.
struct Surroundings {
  std::span<const Follower> followers;          ///< each feeds the next
  NodeState* state = nullptr;                   ///< null: nothing is kept
  const std::vector<bool>* is_fixed = nullptr;  ///< operands that are the same in every run
  Readers readers = {};
  std::span<const Join> joins = {};  ///< of the node's output, and of that of each follower
  Value* begun = nullptr;            ///< the node's own first output, as far as others made it
};

class Call {
 public:
  /// `inputs`: one an operand, not present where it is left out. All must outlive the call.
  Call(const NetworkNode& node, std::int64_t opset, const Setting& setting,
       std::vector<Value> inputs)
      : node_(node),
        opset_(opset),
        setting_(setting),
        inputs_(std::move(inputs)),
        outputs_(node.outputs.size()) {}

  void Place(const Surroundings& surroundings) { surroundings_ = surroundings; }

  const NetworkNode& node() const { return node_; }
  /// The version of the operator set that the node belongs to.
  std::int64_t opset() const { return opset_; }
  DType real() const { return setting_.real; }
  Memory& memory() const { return *setting_.memory; }

  unsigned threads() const { return setting_.threads; }
  bool all_finite() const { return setting_.all_finite; }

  std::span<const Follower> followers() const { return surroundings_.followers; }
  /// Says that the first output is that of the last of the first `count` followers.
  void Absorb(std::size_t count) { absorbed_ = count; }
  std::size_t absorbed() const { return absorbed_; }
  /// Of the output that is given, by what is absorbed so far.
  Join join() const {
    return absorbed_ < surroundings_.joins.size() ? surroundings_.joins[absorbed_] : Join();
  }
  Value* begun() const { return surroundings_.begun; }
  NodeState* state() const { return surroundings_.state; }
  bool IsFixed(std::size_t operand) const {
    return surroundings_.is_fixed != nullptr && (*surroundings_.is_fixed)[operand];
  }

  const Readers& readers() const { return surroundings_.readers; }

  /// Brings all operands from `first` on to C order. Errors: as Memory::Make.
  Status MakePlain(std::size_t first = 0);

  std::size_t input_count() const { return inputs_.size(); }
  bool Has(std::size_t operand) const {
    return operand < inputs_.size() && inputs_[operand].present();
  }
  /// A value that is not present where the operand is left out.
  const Value& In(std::size_t operand) const;
  /// Errors: kInvalidArgument, where one of the first `count` operands is left out.
  Status Want(std::size_t count) const;

  std::size_t output_count() const { return outputs_.size(); }
  /// Returns an output to be filled. It is made even where the node does not name it.
  Result<Value*> Make(std::size_t port, DType dtype, Shape shape);
  Result<Value*> Make(std::size_t port, DType dtype, Shape shape,
                      std::shared_ptr<const Order> order);
  /// An output that shares its elements with what was read.
  void Share(std::size_t port, Value value);
  std::vector<Value>& outputs() { return outputs_; }

  // Attributes; one of the wrong type counts as left out.
  const AttributeValue* Find(std::string_view attribute) const;
  std::int64_t Whole(std::string_view attribute, std::int64_t otherwise) const;
  double Real(std::string_view attribute, double otherwise) const;
  bool Flag(std::string_view attribute, bool otherwise = false) const {
    return Whole(attribute, otherwise ? 1 : 0) != 0;
  }
  std::string_view Text(std::string_view attribute, std::string_view otherwise) const;
  std::optional<Wholes> List(std::string_view attribute) const;
  std::optional<std::vector<double>> Reals(std::string_view attribute) const;

  /// The attribute, else the operand: many operators made operands of their attributes. Nothing
  /// where neither is given. Errors: kInvalidArgument (not whole numbers, or more than 2^20).
  Result<std::optional<Wholes>> ListOrOperand(std::string_view attribute,
                                              std::size_t operand) const;
  /// The same of one real number. Errors: kInvalidArgument, where there is not one element.
  Result<std::optional<double>> RealOrOperand(std::string_view attribute,
                                              std::size_t operand) const;
  /// Returns an axis from 0 to `rank` - 1. Errors: kInvalidArgument, where it is none.
  Result<std::size_t> Axis(std::int64_t axis, std::size_t rank) const;

  /// An error of what the node is given; who runs the node says which it is.
  Error Bad(std::string why) const { return {ErrorCode::kInvalidArgument, std::move(why)}; }
  Error Unsupported(std::string why) const { return {ErrorCode::kUnsupported, std::move(why)}; }
  /// Errors: kCancelled. Long loops ask now and then.
  Status CheckCancelled() const;

 private:
  const NetworkNode& node_;
  std::int64_t opset_;
  const Setting& setting_;
  std::vector<Value> inputs_;
  std::vector<Value> outputs_;
  Surroundings surroundings_;
  std::size_t absorbed_ = 0;
};

/// Fills the outputs of a node. Errors: kInvalidArgument (operands that do not fit: got, wanted),
/// kUnsupported (what the kernel does not do, memory), kCancelled.
using Kernel = Status (*)(Call& call);

}  // namespace dlv::kernels
