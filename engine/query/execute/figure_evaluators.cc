// Figures of weights, and comparisons of them that stop reading when they are decided.

#include <algorithm>

#include "engine/query/analysis.h"
#include "engine/query/execute/evaluator.h"
#include "engine/query/execute/figure_bounds.h"
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

/// A figure among the operands of a comparison.
struct ComparedFigure {
  const BoundExpression* expression = nullptr;
  std::vector<EvaluatorPtr> operands;
};

Result<ComparedFigure> CompileCompared(Runtime& runtime, const BoundExpression& expression,
                                       const GroupSlots& groups) {
  ComparedFigure compared{&expression, {}};
  DLV_ASSIGN(compared.operands, CompileAll(runtime, expression.operands, groups));
  return compared;
}

/// FIGURE op number.
class FigureComparison final : public Evaluator {
 public:
  FigureComparison(Runtime& runtime, Comparison comparison, ComparedFigure figure,
                   EvaluatorPtr bound)
      : runtime_(runtime),
        comparison_(comparison),
        figure_(std::move(figure)),
        bound_(std::move(bound)) {}
  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(auto values, EvaluateAll(figure_.operands, frame));
    if (values[0].is_null()) return Value();
    DLV_ASSIGN(const Value bound, bound_->Evaluate(frame));
    auto truth = Decide(std::move(values), bound);
    if (!truth.ok()) {
      return runtime_.execution.Failed(figure_.expression->place, std::move(truth).error());
    }
    return ToValue(*truth);
  }

 private:
  Result<Truth> Decide(std::vector<Value> values, const Value& bound) {
    const Function function = figure_.expression->function;
    DLV_TRY(TensorFunctions::Check(function, values));
    const auto number = bound.Number();
    if (!number || *number != *number) return Truth::kUnknown;
    return DecideFigure(comparison_, FigureBounds(runtime_.tensors, function, std::move(values)),
                        bound);
  }

  Runtime& runtime_;
  Comparison comparison_;
  ComparedFigure figure_;
  EvaluatorPtr bound_;
};

/// FIGURE op FIGURE.
class FiguresComparison final : public Evaluator {
 public:
  FiguresComparison(Runtime& runtime, Comparison comparison, ComparedFigure a, ComparedFigure b)
      : runtime_(runtime), comparison_(comparison), a_(std::move(a)), b_(std::move(b)) {}
  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(auto a, EvaluateAll(a_.operands, frame));
    DLV_ASSIGN(auto b, EvaluateAll(b_.operands, frame));
    auto truth = DecideFigures(
        comparison_, FigureBounds(runtime_.tensors, a_.expression->function, std::move(a)),
        FigureBounds(runtime_.tensors, b_.expression->function, std::move(b)));
    if (!truth.ok()) {
      return runtime_.execution.Failed(a_.expression->place, std::move(truth).error());
    }
    return ToValue(*truth);
  }

 private:
  Runtime& runtime_;
  Comparison comparison_;
  ComparedFigure a_, b_;
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

bool IsBounded(const BoundExpression& expression) {
  return IsTensorFigure(expression) && HasBounds(expression.function);
}

/// A comparison whose figures are read until it is decided; null for others.
Result<EvaluatorPtr> CompileComparison(Runtime& runtime, const BoundExpression& expression,
                                       const GroupSlots& groups) {
  const auto comparison = ComparisonOf(expression.kind, false);
  if (!comparison || !runtime.execution.input().prune_planes) return EvaluatorPtr();
  const BoundExpression &left = expression.operands[0], &right = expression.operands[1];
  if (IsBounded(left) && IsBounded(right)) {
    DLV_ASSIGN(auto a, CompileCompared(runtime, left, groups));
    DLV_ASSIGN(auto b, CompileCompared(runtime, right, groups));
    return EvaluatorPtr(
        std::make_unique<FiguresComparison>(runtime, *comparison, std::move(a), std::move(b)));
  }
  if (!IsBounded(left) && !IsBounded(right)) return EvaluatorPtr();
  const bool mirrored = !IsBounded(left);
  DLV_ASSIGN(auto figure, CompileCompared(runtime, mirrored ? right : left, groups));
  DLV_ASSIGN(EvaluatorPtr bound, Compile(runtime, mirrored ? left : right, groups));
  return EvaluatorPtr(std::make_unique<FigureComparison>(
      runtime, *ComparisonOf(expression.kind, mirrored), std::move(figure), std::move(bound)));
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
