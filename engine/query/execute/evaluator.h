#pragma once
/// \file
/// Expressions ready to run.

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "dlv/result.h"
#include "engine/query/bound_tree.h"
#include "engine/query/execute/execution.h"
#include "engine/query/execute/row_stream.h"
#include "engine/query/execute/tensor_functions.h"

namespace dlv::query {

class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual Result<Value> Evaluate(Frame& frame) = 0;
};
using EvaluatorPtr = std::unique_ptr<Evaluator>;

/// Where the values of groups stand in the frame while outputs of a grouped select are computed.
struct GroupSlots {
  std::size_t keys = 0, aggregates = 0;
};

/// What evaluators share: one for a statement. Makes frames' slots and plans of nested queries.
struct Runtime {
  explicit Runtime(Execution& of) : execution(of), tensors(of) {}
  Execution& execution;
  TensorFunctions tensors;
  std::size_t frame_size = 0;
  /// Which selector chose the node that a variable holds: captures ask for it.
  std::map<VariableId, std::shared_ptr<const Selector>> selectors;
  std::vector<const class Operator*> planned;  ///< nested queries planned since it was cleared
  /// Set by whoever makes operators (physical_plan.h).
  std::function<Result<std::unique_ptr<RowStream>>(const BoundQuery&)> plan_nested;
};

/// Makes the evaluator of an expression. Both must outlive it.
Result<EvaluatorPtr> Compile(Runtime& runtime, const BoundExpression& expression,
                             const GroupSlots& groups = {});
Result<std::vector<EvaluatorPtr>> CompileAll(Runtime& runtime, const BoundExpressions& expressions,
                                             const GroupSlots& groups = {});

// Parts of Compile, each for the kinds that its file knows; null for others.
Result<EvaluatorPtr> CompileProperty(Runtime& runtime, const BoundExpression& expression,
                                     const GroupSlots& groups);
Result<EvaluatorPtr> CompileSet(Runtime& runtime, const BoundExpression& expression,
                                const GroupSlots& groups);
Result<EvaluatorPtr> CompileNested(Runtime& runtime, const BoundExpression& expression,
                                   const GroupSlots& groups);
Result<EvaluatorPtr> CompileFigure(Runtime& runtime, const BoundExpression& expression,
                                   const GroupSlots& groups);

/// The columns of rows and entities (columns.cc). NULL gives NULL.
Result<Value> ReadColumn(Execution& execution, ColumnId column, const Value& object);
/// Whether the selector means the node: by its name, its name in the file, a name of its outputs,
/// its operator or family. `captures` (may be null) gets the values of the selector's captures.
bool MatchNode(const Selector& selector, const NodeRef& node, std::vector<std::string>* captures);
/// The attribute of a node as a value.
Value ReadAttribute(const NodeRef& node, const std::string& name);

}  // namespace dlv::query
