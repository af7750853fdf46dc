#include "engine/query/scalar.h"

#include <charconv>
#include <cmath>

#include "engine/query/operators.h"

namespace dlv::query {
namespace {

std::optional<Arithmetic> ArithmeticOf(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::kAdd:
      return Arithmetic::kAdd;
    case ExpressionKind::kSubtract:
      return Arithmetic::kSubtract;
    case ExpressionKind::kMultiply:
      return Arithmetic::kMultiply;
    case ExpressionKind::kDivide:
      return Arithmetic::kDivide;
    case ExpressionKind::kRemainder:
      return Arithmetic::kModulo;
    default:
      return std::nullopt;
  }
}

/// The one character of `escape`; 0 for none.
Result<char32_t> EscapeOf(std::span<const Value> operands) {
  if (operands.size() < 3) return char32_t{0};
  const auto* text = operands[2].As<std::string>();
  if (text == nullptr || text->size() != 1) {
    return Error{ErrorCode::kInvalidArgument, "escape wants one character"};
  }
  return static_cast<char32_t>(static_cast<unsigned char>((*text)[0]));
}

Result<Value> ApplyLike(std::span<const Value> operands, bool fold) {
  for (const Value& operand : operands) {
    if (operand.is_null()) return Value();
  }
  DLV_ASSIGN(const char32_t escape, EscapeOf(operands));
  const auto* text = operands[0].As<std::string>();
  const auto* pattern = operands[1].As<std::string>();
  if (text == nullptr || pattern == nullptr) return Value();
  return Value(Like(*text, *pattern, escape, fold));
}

Result<Value> ApplyRegex(const BoundExpression& expression, std::span<const Value> operands) {
  const auto* text = operands[0].As<std::string>();
  if (expression.selector != nullptr) {
    return text == nullptr ? Value() : Value(expression.selector->Matches(*text));
  }
  const auto* pattern = operands[1].As<std::string>();
  if (text == nullptr || pattern == nullptr) return Value();
  DLV_ASSIGN(const Selector selector, Selector::CompileSearch(*pattern));
  return Value(selector.Matches(*text));
}

/// Whether `value` is one of the others; unknown where one that could be equal is NULL.
Truth IsAmong(const Value& value, std::span<const Value> others) {
  Truth found = Truth::kFalse;
  for (const Value& other : others) {
    found = Or(found, CompareValues(Comparison::kEqual, value, other));
    if (found == Truth::kTrue) break;
  }
  return found;
}

Value ToReal(const Value& value) {
  const auto number = value.Number();
  return number ? Value(*number) : Value();
}

Value ToInteger(const Value& value) {
  if (value.As<std::int64_t>() != nullptr) return value;
  const auto* real = value.As<double>();
  if (real == nullptr || std::trunc(*real) != *real || !(std::fabs(*real) < 9.2e18)) return {};
  return static_cast<std::int64_t>(*real);
}

Result<Value> ToTimestamp(const Value& value) {
  const auto* text = value.As<std::string>();
  if (text == nullptr) return value.As<QueryTime>() != nullptr ? value : Value();
  if (const auto time = ParseTime(*text)) return Value(*time);
  return Error{ErrorCode::kInvalidArgument, "\"" + *text + "\" is no timestamp",
               "write 2026-11-22 or 2026-11-22T10:30:00Z"};
}

Result<Value> Convert(const Value& value, TypeKind type) {
  switch (type) {
    case TypeKind::kReal:
      return ToReal(value);
    case TypeKind::kInteger:
      return ToInteger(value);
    case TypeKind::kText:
      return value.As<std::string>() != nullptr ? value : Value();
    case TypeKind::kBoolean:
      return value.As<bool>() != nullptr ? value : Value();
    case TypeKind::kTimestamp:
      return ToTimestamp(value);
    default:
      return value;
  }
}

Result<Value> ApplyOther(const BoundExpression& expression, std::span<const Value> operands) {
  switch (expression.kind) {
    case ExpressionKind::kNegate:
      return Negate(operands[0]);
    case ExpressionKind::kConcatenate:
      return Concatenate(operands[0], operands[1]);
    case ExpressionKind::kLike:
    case ExpressionKind::kIlike:
      return ApplyLike(operands, expression.kind == ExpressionKind::kIlike);
    case ExpressionKind::kRegexMatch:
      return ApplyRegex(expression, operands);
    case ExpressionKind::kIn:
      return ToValue(IsAmong(operands[0], operands.subspan(1)));
    case ExpressionKind::kInList: {
      const List* list = operands[1].AsList();
      return list == nullptr ? Value() : ToValue(IsAmong(operands[0], *list));
    }
    case ExpressionKind::kBetween:
      return ToValue(And(CompareValues(Comparison::kGreaterEqual, operands[0], operands[1]),
                         CompareValues(Comparison::kLessEqual, operands[0], operands[2])));
    case ExpressionKind::kIsNull:
      return Value(operands[0].is_null());
    case ExpressionKind::kIsNan:
      return Value(operands[0].is_nan());
    case ExpressionKind::kNot:
      return ToValue(Not(TruthOf(operands[0])));
    case ExpressionKind::kConvert:
      return Convert(operands[0], expression.type.kind);
    case ExpressionKind::kFunction:
      return ApplyScalarFunction(expression.function, operands);
    default:
      return Error{ErrorCode::kInternal, "no scalar expression"};
  }
}

}  // namespace

std::optional<Comparison> ComparisonOf(ExpressionKind kind, bool mirrored) {
  switch (kind) {
    case ExpressionKind::kEqual:
      return Comparison::kEqual;
    case ExpressionKind::kNotEqual:
      return Comparison::kNotEqual;
    case ExpressionKind::kLess:
      return mirrored ? Comparison::kGreater : Comparison::kLess;
    case ExpressionKind::kLessOrEqual:
      return mirrored ? Comparison::kGreaterEqual : Comparison::kLessEqual;
    case ExpressionKind::kGreater:
      return mirrored ? Comparison::kLess : Comparison::kGreater;
    case ExpressionKind::kGreaterOrEqual:
      return mirrored ? Comparison::kLessEqual : Comparison::kGreaterEqual;
    default:
      return std::nullopt;
  }
}

bool IsScalar(const BoundExpression& expression) {
  if (expression.kind == ExpressionKind::kFunction) return IsScalarFunction(expression.function);
  return (expression.kind >= ExpressionKind::kNegate && expression.kind <= ExpressionKind::kNot &&
          expression.kind != ExpressionKind::kInQuery) ||
         expression.kind == ExpressionKind::kConvert;
}

Result<Value> ApplyScalar(const BoundExpression& expression, std::span<const Value> operands) {
  if (const auto comparison = ComparisonOf(expression.kind)) {
    return ToValue(CompareValues(*comparison, operands[0], operands[1]));
  }
  if (const auto arithmetic = ArithmeticOf(expression.kind)) {
    return Calculate(*arithmetic, operands[0], operands[1]);
  }
  return ApplyOther(expression, operands);
}

Value ValueOf(const Constant& constant) {
  if (const auto* flag = std::get_if<bool>(&constant)) return *flag;
  if (const auto* integer = std::get_if<std::int64_t>(&constant)) return *integer;
  if (const auto* real = std::get_if<double>(&constant)) return *real;
  if (const auto* text = std::get_if<std::string>(&constant)) return *text;
  if (const auto* time = std::get_if<Instant>(&constant)) return QueryTime{time->seconds};
  return {};
}

Value ValueOfText(const std::string& text) {
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (!text.empty()) {
    const auto [stop, error] = std::from_chars(text.data(), end, integer);
    if (error == std::errc() && stop == end) return integer;
    double real = 0;
    const auto [real_stop, real_error] = std::from_chars(text.data(), end, real);
    if (real_error == std::errc() && real_stop == end) return real;
  }
  if (text == "true" || text == "True") return true;
  if (text == "false" || text == "False") return false;
  return text;
}

}  // namespace dlv::query
