#include <array>

#include "engine/query/analysis.h"
#include "engine/query/execute/evaluator.h"
#include "engine/query/scalar.h"
#include "engine/query/three_valued.h"

namespace dlv::query {
namespace {

class ConstantEvaluator final : public Evaluator {
 public:
  explicit ConstantEvaluator(Value value) : value_(std::move(value)) {}
  Result<Value> Evaluate(Frame&) override { return value_; }

 private:
  Value value_;
};

class SlotEvaluator final : public Evaluator {
 public:
  explicit SlotEvaluator(std::size_t slot) : slot_(slot) {}
  Result<Value> Evaluate(Frame& frame) override { return frame[slot_]; }

 private:
  std::size_t slot_;
};

/// A column of a row of a nested query.
class FieldEvaluator final : public Evaluator {
 public:
  FieldEvaluator(std::size_t slot, std::size_t field) : slot_(slot), field_(field) {}
  Result<Value> Evaluate(Frame& frame) override {
    const List* row = frame[slot_].AsList();
    return row == nullptr ? Value() : (*row)[field_];
  }

 private:
  std::size_t slot_, field_;
};

class ScalarEvaluator final : public Evaluator {
 public:
  ScalarEvaluator(Execution& execution, const BoundExpression& expression,
                  std::vector<EvaluatorPtr> operands)
      : execution_(execution), expression_(expression), operands_(std::move(operands)) {
    values_.resize(operands_.size());
  }
  Result<Value> Evaluate(Frame& frame) override {
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      DLV_ASSIGN(values_[i], operands_[i]->Evaluate(frame));
    }
    auto value = ApplyScalar(expression_, values_);
    if (!value.ok()) return execution_.Failed(expression_.place, std::move(value).error());
    return value;
  }

 private:
  Execution& execution_;
  const BoundExpression& expression_;
  std::vector<EvaluatorPtr> operands_;
  std::vector<Value> values_;
};

/// Stops at the first operand that decides.
class LogicEvaluator final : public Evaluator {
 public:
  LogicEvaluator(bool is_and, std::vector<EvaluatorPtr> operands)
      : is_and_(is_and), operands_(std::move(operands)) {}
  Result<Value> Evaluate(Frame& frame) override {
    const Truth decisive = ToTruth(!is_and_);
    Truth truth = ToTruth(is_and_);
    for (const EvaluatorPtr& operand : operands_) {
      DLV_ASSIGN(const Value value, operand->Evaluate(frame));
      const Truth one = TruthOf(value);
      truth = is_and_ ? And(truth, one) : Or(truth, one);
      if (truth == decisive) break;
    }
    return ToValue(truth);
  }

 private:
  bool is_and_;
  std::vector<EvaluatorPtr> operands_;
};

/// A condition that depends on a version's network alone: once for each distinct network.
class PerGraphEvaluator final : public Evaluator {
 public:
  PerGraphEvaluator(Execution& execution, VariableId variable, EvaluatorPtr inner)
      : execution_(execution), variable_(variable), inner_(std::move(inner)) {}
  Result<Value> Evaluate(Frame& frame) override {
    const auto* version = frame[variable_].As<VersionRef>();
    if (version == nullptr) return inner_->Evaluate(frame);
    const Snapshot& snapshot = execution_.snapshot();
    if (known_.empty()) known_.resize(snapshot.graphs.size() + 1);
    const GraphIndex graph = snapshot.graph_of[version->index];
    std::optional<Truth>& truth = known_[graph == kNoGraph ? snapshot.graphs.size() : graph];
    if (!truth) {
      const Execution::PassingGraphs passing(execution_);
      DLV_ASSIGN(const Value value, inner_->Evaluate(frame));
      truth = TruthOf(value);
    }
    return ToValue(*truth);
  }

 private:
  Execution& execution_;
  VariableId variable_;
  EvaluatorPtr inner_;
  std::vector<std::optional<Truth>> known_;
};

Result<EvaluatorPtr> CompileLeaf(Runtime& runtime, const BoundExpression& expression,
                                 const GroupSlots& groups) {
  switch (expression.kind) {
    case ExpressionKind::kConstant:
      return EvaluatorPtr(std::make_unique<ConstantEvaluator>(ValueOf(expression.constant)));
    case ExpressionKind::kParameter:
      return EvaluatorPtr(std::make_unique<ConstantEvaluator>(
          runtime.execution.input().parameters[expression.index]));
    case ExpressionKind::kVariable:
      return EvaluatorPtr(std::make_unique<SlotEvaluator>(expression.variable));
    case ExpressionKind::kField:
      return EvaluatorPtr(std::make_unique<FieldEvaluator>(expression.variable, expression.index));
    case ExpressionKind::kGroupKey:
      return EvaluatorPtr(std::make_unique<SlotEvaluator>(groups.keys + expression.index));
    case ExpressionKind::kAggregate:
      return EvaluatorPtr(std::make_unique<SlotEvaluator>(groups.aggregates + expression.index));
    case ExpressionKind::kNow:
      return EvaluatorPtr(
          std::make_unique<ConstantEvaluator>(QueryTime{runtime.execution.input().now}));
    default:
      return EvaluatorPtr();
  }
}

Result<EvaluatorPtr> CompilePlain(Runtime& runtime, const BoundExpression& expression,
                                  const GroupSlots& groups) {
  if (expression.kind == ExpressionKind::kAnd || expression.kind == ExpressionKind::kOr) {
    DLV_ASSIGN(auto operands, CompileAll(runtime, expression.operands, groups));
    return EvaluatorPtr(std::make_unique<LogicEvaluator>(expression.kind == ExpressionKind::kAnd,
                                                         std::move(operands)));
  }
  using Part = Result<EvaluatorPtr> (*)(Runtime&, const BoundExpression&, const GroupSlots&);
  // Figures come before scalars: a comparison with one of them is a figure's.
  constexpr std::array<Part, 5> kParts = {CompileLeaf, CompileProperty, CompileSet, CompileNested,
                                          CompileFigure};
  for (const Part part : kParts) {
    DLV_ASSIGN(EvaluatorPtr evaluator, part(runtime, expression, groups));
    if (evaluator != nullptr) return evaluator;
  }
  if (!IsScalar(expression)) {
    return Error{ErrorCode::kInternal, "an expression of kind " +
                                           std::to_string(static_cast<int>(expression.kind)) +
                                           " cannot be computed"};
  }
  DLV_ASSIGN(auto operands, CompileAll(runtime, expression.operands, groups));
  return EvaluatorPtr(
      std::make_unique<ScalarEvaluator>(runtime.execution, expression, std::move(operands)));
}

}  // namespace

Result<EvaluatorPtr> Compile(Runtime& runtime, const BoundExpression& expression,
                             const GroupSlots& groups) {
  DLV_ASSIGN(EvaluatorPtr evaluator, CompilePlain(runtime, expression, groups));
  const auto variable = GraphVariable(expression);
  const bool is_condition = expression.type.kind == TypeKind::kBoolean;
  if (!variable || !is_condition) return evaluator;
  return EvaluatorPtr(
      std::make_unique<PerGraphEvaluator>(runtime.execution, *variable, std::move(evaluator)));
}

Result<std::vector<EvaluatorPtr>> CompileAll(Runtime& runtime, const BoundExpressions& expressions,
                                             const GroupSlots& groups) {
  std::vector<EvaluatorPtr> evaluators;
  for (const BoundExpression& expression : expressions) {
    DLV_ASSIGN(EvaluatorPtr evaluator, Compile(runtime, expression, groups));
    evaluators.push_back(std::move(evaluator));
  }
  return evaluators;
}

}  // namespace dlv::query
