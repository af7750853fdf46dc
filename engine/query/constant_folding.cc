#include "engine/query/constant_folding.h"

#include <algorithm>
#include <vector>

#include "engine/query/scalar.h"
#include "engine/query/three_valued.h"

namespace dlv::query {
namespace {

bool IsConstant(const BoundExpression& expression) {
  return expression.kind == ExpressionKind::kConstant;
}

/// Values that a literal can hold.
std::optional<Constant> ConstantOf(const Value& value) {
  if (value.is_null()) return Constant();
  if (const auto* flag = value.As<bool>()) return Constant(*flag);
  if (const auto* integer = value.As<std::int64_t>()) return Constant(*integer);
  if (const auto* real = value.As<double>()) return Constant(*real);
  if (const auto* text = value.As<std::string>()) return Constant(*text);
  if (const auto* time = value.As<QueryTime>()) return Constant(Instant{time->seconds});
  return std::nullopt;
}

void Become(BoundExpression& expression, Constant constant) {
  BoundExpression made;
  made.kind = ExpressionKind::kConstant;
  made.type = expression.type;
  made.place = expression.place;
  made.constant = std::move(constant);
  expression = std::move(made);
}

/// In `and` (`or`), drops operands that are true (false), and becomes false (true) where one is.
bool FoldLogic(BoundExpression& expression) {
  const bool is_and = expression.kind == ExpressionKind::kAnd;
  const auto is = [](const BoundExpression& operand, bool wanted) {
    const auto* flag = std::get_if<bool>(&operand.constant);
    return IsConstant(operand) && flag != nullptr && *flag == wanted;
  };
  const auto decides = [&](const BoundExpression& operand) { return is(operand, !is_and); };
  // Only what stands first may cut the others off: they could fail, and it would not be known.
  if (decides(expression.operands.front())) {
    Become(expression, Constant(!is_and));
    return true;
  }
  const std::size_t removed =
      std::erase_if(expression.operands, [&](const auto& operand) { return is(operand, is_and); });
  if (expression.operands.empty()) {
    Become(expression, Constant(is_and));
  } else if (expression.operands.size() == 1) {
    BoundExpression only = std::move(expression.operands[0]);
    expression = std::move(only);
  }
  return removed != 0;
}

}  // namespace

bool FoldConstant(BoundExpression& expression) {
  bool changed = false;
  for (BoundExpression& operand : expression.operands) changed |= FoldConstant(operand);
  if (expression.kind == ExpressionKind::kAnd || expression.kind == ExpressionKind::kOr) {
    return FoldLogic(expression) || changed;
  }
  const bool ready =
      IsScalar(expression) && !expression.operands.empty() &&
      std::all_of(expression.operands.begin(), expression.operands.end(), IsConstant);
  if (!ready) return changed;
  std::vector<Value> values;
  for (const BoundExpression& operand : expression.operands) {
    values.push_back(ValueOf(operand.constant));
  }
  const Result<Value> value = ApplyScalar(expression, values);
  auto constant = value.ok() ? ConstantOf(*value) : std::nullopt;
  if (!constant) return changed;
  Become(expression, std::move(*constant));
  return true;
}

bool IsConstantTrue(const BoundExpression& expression) {
  const auto* flag = std::get_if<bool>(&expression.constant);
  return IsConstant(expression) && flag != nullptr && *flag;
}

}  // namespace dlv::query
