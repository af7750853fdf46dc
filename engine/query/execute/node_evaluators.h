#pragma once
/// \file
/// Evaluators of sets of nodes, which are handed on as bits and not as lists of values.

#include <memory>
#include <span>

#include "engine/network/node_set.h"
#include "engine/query/execute/evaluator.h"

namespace dlv::query {

/// Nodes of one network.
struct ChosenNodes {
  GraphView* graph = nullptr;  ///< null: there are none
  VersionIndex version = kNoVersion;
  network::NodeSet nodes;  ///< of the graph
};

class NodesEvaluator : public Evaluator {
 public:
  /// Sets `chosen`, in the memory that it had.
  virtual Status Choose(Frame& frame, ChosenNodes& chosen) = 0;
  /// They as a list, ascending.
  Result<Value> Evaluate(Frame& frame) final;

 private:
  ChosenNodes chosen_;
};

/// The evaluator as one of nodes; null where it is none.
NodesEvaluator* AsNodes(Evaluator* evaluator);

/// Nodes that a selector means, and those a step away.
EvaluatorPtr MakeSelect(Execution& execution, EvaluatorPtr object,
                        std::shared_ptr<const Selector> selector);
EvaluatorPtr MakeStep(ExpressionKind step, EvaluatorPtr from);

/// The members of an operand: one, or a list.
std::span<const Value> MembersOf(const Value& value);

}  // namespace dlv::query
