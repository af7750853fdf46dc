// Nested queries inside expressions: exists, in, and as a value.

#include <unordered_set>

#include "engine/query/execute/evaluator.h"
#include "engine/query/operators.h"
#include "engine/query/three_valued.h"

namespace dlv::query {
namespace {

class ExistsEvaluator final : public Evaluator {
 public:
  ExistsEvaluator(std::unique_ptr<RowStream> rows, bool correlated)
      : rows_(std::move(rows)), correlated_(correlated) {}
  Result<Value> Evaluate(Frame& frame) override {
    if (known_) return Value(*known_);
    List row;
    DLV_TRY(rows_->Open(frame));
    DLV_ASSIGN(const bool found, rows_->Next(frame, row));
    if (!correlated_) known_ = found;
    return Value(found);
  }

 private:
  std::unique_ptr<RowStream> rows_;
  bool correlated_;
  std::optional<bool> known_;
};

class ScalarQueryEvaluator final : public Evaluator {
 public:
  ScalarQueryEvaluator(Execution& execution, std::unique_ptr<RowStream> rows, bool correlated,
                       Place place)
      : execution_(execution), rows_(std::move(rows)), correlated_(correlated), place_(place) {}
  Result<Value> Evaluate(Frame& frame) override {
    if (known_) return *known_;
    List row, second;
    DLV_TRY(rows_->Open(frame));
    DLV_ASSIGN(const bool found, rows_->Next(frame, row));
    if (found) {
      DLV_ASSIGN(const bool more, rows_->Next(frame, second));
      if (more) {
        return execution_.Failed(
            place_, Error{ErrorCode::kInvalidArgument, "the nested query has more than one row",
                          "add limit 1, or use in or exists"});
      }
    }
    const Value value = found ? row[0] : Value();
    if (!correlated_) known_ = value;
    return value;
  }

 private:
  Execution& execution_;
  std::unique_ptr<RowStream> rows_;
  bool correlated_;
  Place place_;
  std::optional<Value> known_;
};

/// x in (query): true where a row equals x; unknown where none does and one is NULL (or x is, and
/// there are rows).
class InQueryEvaluator final : public Evaluator {
 public:
  InQueryEvaluator(EvaluatorPtr value, std::unique_ptr<RowStream> rows, bool correlated)
      : value_(std::move(value)), rows_(std::move(rows)), correlated_(correlated) {}
  Result<Value> Evaluate(Frame& frame) override {
    DLV_ASSIGN(const Value value, value_->Evaluate(frame));
    if (correlated_ || !loaded_) DLV_TRY(Load(frame));
    if (values_.empty() && !has_null_) return Value(false);
    if (value.is_null() || value.is_nan()) return Value();
    if (values_.contains(value)) return Value(true);
    return has_null_ ? Value() : Value(false);
  }

 private:
  Status Load(Frame& frame) {
    values_.clear();
    has_null_ = false;
    DLV_TRY(rows_->Open(frame));
    List row;
    while (true) {
      DLV_ASSIGN(const bool more, rows_->Next(frame, row));
      if (!more) break;
      if (row[0].is_null() || row[0].is_nan()) {
        has_null_ = true;
      } else {
        values_.insert(row[0]);
      }
    }
    loaded_ = true;
    return Ok();
  }

  EvaluatorPtr value_;
  std::unique_ptr<RowStream> rows_;
  bool correlated_, loaded_ = false, has_null_ = false;
  std::unordered_set<Value, ValueHash, ValueSame> values_;
};

}  // namespace

Result<EvaluatorPtr> CompileNested(Runtime& runtime, const BoundExpression& expression,
                                   const GroupSlots& groups) {
  const bool is_nested = expression.kind == ExpressionKind::kExists ||
                         expression.kind == ExpressionKind::kInQuery ||
                         expression.kind == ExpressionKind::kScalarQuery;
  if (!is_nested) return EvaluatorPtr();
  DLV_ASSIGN(auto rows, runtime.plan_nested(*expression.query));
  const bool correlated = !expression.query->outer.empty();
  if (expression.kind == ExpressionKind::kExists) {
    return EvaluatorPtr(std::make_unique<ExistsEvaluator>(std::move(rows), correlated));
  }
  if (expression.kind == ExpressionKind::kScalarQuery) {
    return EvaluatorPtr(std::make_unique<ScalarQueryEvaluator>(runtime.execution, std::move(rows),
                                                               correlated, expression.place));
  }
  DLV_ASSIGN(EvaluatorPtr value, Compile(runtime, expression.operands[0], groups));
  return EvaluatorPtr(
      std::make_unique<InQueryEvaluator>(std::move(value), std::move(rows), correlated));
}

}  // namespace dlv::query
