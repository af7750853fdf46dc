// Figures of weights, and comparisons of them that stop reading when they are decided.

#include <algorithm>

#include "engine/query/analysis.h"
#include "engine/query/execute/evaluator.h"
#include "engine/query/operators.h"
#include "engine/query/scalar.h"

namespace dlv::query {
namespace {

Result<std::vector<Value>> EvaluateAll(std::span<const EvaluatorPtr> evaluators, Frame& frame) {
  std::vector<Value> values;
  for (const EvaluatorPtr& evaluator : evaluators) {
    DLV_ASSIGN(Value value, evaluator->Evaluate(frame));
    values.push_back(std::move(value));
  }
  return values;
}

class FigureEvaluator final : public Evaluator {
 public:
  FigureEvaluator(Runtime& runtime, const BoundExpression& expression,
                  std::vector<EvaluatorPtr> operands)
      : runtime_(runtime), expression_(expression), operands_(std::move(operands)) {}
  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const auto values, EvaluateAll(operands_, frame));
    auto value = runtime_.tensors.Exact(expression_.function, values);
    if (!value.ok()) return runtime_.execution.Failed(expression_.place, std::move(value).error());
    return value;
  }

 private:
  Runtime& runtime_;
  const BoundExpression& expression_;
  std::vector<EvaluatorPtr> operands_;
};

/// FIGURE op number.
class FigureComparison final : public Evaluator {
 public:
  FigureComparison(Runtime& runtime, Comparison comparison, const BoundExpression& figure,
                   std::vector<EvaluatorPtr> operands, EvaluatorPtr bound)
      : runtime_(runtime),
        comparison_(comparison),
        figure_(figure),
        operands_(std::move(operands)),
        bound_(std::move(bound)) {}
  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const auto values, EvaluateAll(operands_, frame));
    if (values[0].is_null()) return Value();
    DLV_ASSIGN(const Value bound, bound_->Evaluate(frame));
    auto truth = runtime_.tensors.Decide(comparison_, figure_.function, values, bound);
    if (!truth.ok()) return runtime_.execution.Failed(figure_.place, std::move(truth).error());
    return ToValue(*truth);
  }

 private:
  Runtime& runtime_;
  Comparison comparison_;
  const BoundExpression& figure_;
  std::vector<EvaluatorPtr> operands_;
  EvaluatorPtr bound_;
};

/// changed(a, b): of two tensors, or of the parameters of two versions.
class ChangedEvaluator final : public Evaluator {
 public:
  ChangedEvaluator(Execution& execution, EvaluatorPtr a, EvaluatorPtr b)
      : execution_(execution), a_(std::move(a)), b_(std::move(b)) {}
  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value first, a_->Evaluate(frame));
    DLV_ASSIGN(const Value second, b_->Evaluate(frame));
    const auto *x = first.As<TensorRef>(), *y = second.As<TensorRef>();
    if (x != nullptr && y != nullptr) return Value(x->entry().id != y->entry().id);
    const auto *a = first.As<VersionRef>(), *b = second.As<VersionRef>();
    if (a == nullptr || b == nullptr) return Value();
    DLV_ASSIGN(const auto before, ParametersOf(a->index));
    DLV_ASSIGN(const auto after, ParametersOf(b->index));
    return Value(before != after);
  }

 private:
  Result<std::map<std::string, TensorId>> ParametersOf(VersionIndex version) {
    DLV_ASSIGN(const auto tensors, execution_.Tensors(version));
    std::map<std::string, TensorId> parameters;
    for (const TensorEntry& tensor : *tensors) {
      if (tensor.role == TensorRole::kParameter) parameters[tensor.name] = tensor.id;
    }
    return parameters;
  }
  Execution& execution_;
  EvaluatorPtr a_, b_;
};

/// Figures whose intervals prefixes give.
bool HasBounds(const BoundExpression& expression) {
  if (!IsTensorFigure(expression)) return false;
  return expression.function <= Function::kTensorMax ||
         expression.function == Function::kSparsity || expression.function == Function::kDistance;
}

Result<EvaluatorPtr> CompileComparison(Runtime& runtime, const BoundExpression& expression,
                                       const GroupSlots& groups) {
  for (const bool mirrored : {false, true}) {
    const auto comparison = ComparisonOf(expression.kind, mirrored);
    if (!comparison) return EvaluatorPtr();
    const BoundExpression& figure = expression.operands[mirrored ? 1 : 0];
    const BoundExpression& other = expression.operands[mirrored ? 0 : 1];
    if (!HasBounds(figure) || CostOf(other) == Cost::kTensor) continue;
    DLV_ASSIGN(auto operands, CompileAll(runtime, figure.operands, groups));
    DLV_ASSIGN(EvaluatorPtr bound, Compile(runtime, other, groups));
    return EvaluatorPtr(std::make_unique<FigureComparison>(runtime, *comparison, figure,
                                                           std::move(operands), std::move(bound)));
  }
  return EvaluatorPtr();
}

}  // namespace

Result<EvaluatorPtr> CompileFigure(Runtime& runtime, const BoundExpression& expression,
                                   const GroupSlots& groups) {
  if (IsTensorFigure(expression)) {
    DLV_ASSIGN(auto operands, CompileAll(runtime, expression.operands, groups));
    return EvaluatorPtr(
        std::make_unique<FigureEvaluator>(runtime, expression, std::move(operands)));
  }
  const bool changed =
      expression.kind == ExpressionKind::kFunction && expression.function == Function::kChanged;
  if (changed) {
    DLV_ASSIGN(auto operands, CompileAll(runtime, expression.operands, groups));
    return EvaluatorPtr(std::make_unique<ChangedEvaluator>(
        runtime.execution, std::move(operands[0]), std::move(operands[1])));
  }
  return CompileComparison(runtime, expression, groups);
}

}  // namespace dlv::query
