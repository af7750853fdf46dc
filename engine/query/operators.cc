#include "engine/query/operators.h"

#include <array>
#include <cmath>

namespace dlv::query {
namespace {

Error Overflow(std::string_view what, std::int64_t a, std::int64_t b) {
  return Error{ErrorCode::kInvalidArgument,
               "integer overflow in " + std::to_string(a) + " " + std::string(what) + " " +
                   std::to_string(b),
               "write one of the numbers with a point, 2.0 in place of 2"};
}

Result<Value> CalculateIntegers(Arithmetic arithmetic, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  bool overflow = false;
  switch (arithmetic) {
    case Arithmetic::kAdd:
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case Arithmetic::kSubtract:
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case Arithmetic::kMultiply:
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    case Arithmetic::kDivide:
      if (b == 0) return Value();
      return Value(static_cast<double>(a) / static_cast<double>(b));
    case Arithmetic::kModulo:
      if (b == 0) return Value();
      return Value(b == -1 ? std::int64_t{0} : a % b);
  }
  if (overflow) return Overflow(NameOf(arithmetic), a, b);
  return Value(result);
}

Value CalculateReals(Arithmetic arithmetic, double a, double b) {
  switch (arithmetic) {
    case Arithmetic::kAdd:
      return a + b;
    case Arithmetic::kSubtract:
      return a - b;
    case Arithmetic::kMultiply:
      return a * b;
    case Arithmetic::kDivide:
      return b == 0 ? Value() : Value(a / b);
    case Arithmetic::kModulo:
      return b == 0 ? Value() : Value(std::fmod(a, b));
  }
  return {};
}

/// Seconds of a number, cut to what an instant can hold.
std::optional<std::int64_t> WholeSeconds(const Value& value) {
  const auto number = value.Number();
  if (!number || !(std::fabs(*number) < 4e18)) return std::nullopt;
  return static_cast<std::int64_t>(std::floor(*number));
}

Result<Value> CalculateTimes(Arithmetic arithmetic, const Value& a, const Value& b) {
  const auto *from = a.As<QueryTime>(), *to = b.As<QueryTime>();
  if (from != nullptr && to != nullptr) {
    if (arithmetic != Arithmetic::kSubtract) return Value();
    return Value(static_cast<double>(from->seconds) - static_cast<double>(to->seconds));
  }
  const auto seconds = WholeSeconds(from == nullptr ? a : b);
  const bool adds = arithmetic == Arithmetic::kAdd;
  if (!seconds || (!adds && (arithmetic != Arithmetic::kSubtract || from == nullptr))) {
    return Value();
  }
  const std::int64_t start = (from == nullptr ? to : from)->seconds;
  DLV_ASSIGN(const Value sum, CalculateIntegers(arithmetic, start, *seconds));
  return Value(QueryTime{*sum.As<std::int64_t>()});
}

}  // namespace

std::optional<std::string> TextOf(const Value& value) {
  if (const auto* text = value.As<std::string>()) return *text;
  if (const auto* integer = value.As<std::int64_t>()) return std::to_string(*integer);
  if (const auto* real = value.As<double>()) return FormatReal(*real);
  if (const auto* flag = value.As<bool>()) return *flag ? "true" : "false";
  if (const auto* time = value.As<QueryTime>()) return FormatTime(*time);
  return std::nullopt;
}

std::string_view NameOf(Comparison comparison) {
  constexpr std::array<std::string_view, 6> kNames = {"=", "!=", "<", "<=", ">", ">="};
  return kNames[static_cast<std::size_t>(comparison)];
}

std::string_view NameOf(Arithmetic arithmetic) {
  constexpr std::array<std::string_view, 5> kNames = {"+", "-", "*", "/", "%"};
  return kNames[static_cast<std::size_t>(arithmetic)];
}

bool Holds(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::kEqual:
      return order == 0;
    case Comparison::kNotEqual:
      return order != 0;
    case Comparison::kLess:
      return order < 0;
    case Comparison::kLessEqual:
      return order <= 0;
    case Comparison::kGreater:
      return order > 0;
    case Comparison::kGreaterEqual:
      return order >= 0;
  }
  return false;
}

Truth CompareValues(Comparison comparison, const Value& a, const Value& b) {
  const auto order = Compare(a, b);
  return order ? ToTruth(Holds(comparison, *order)) : Truth::kUnknown;
}

Result<Value> Calculate(Arithmetic arithmetic, const Value& a, const Value& b) {
  const auto* x = a.As<std::int64_t>();
  const auto* y = b.As<std::int64_t>();
  if (x != nullptr && y != nullptr) return CalculateIntegers(arithmetic, *x, *y);
  if (a.As<QueryTime>() != nullptr || b.As<QueryTime>() != nullptr) {
    return CalculateTimes(arithmetic, a, b);
  }
  const auto left = a.Number(), right = b.Number();
  if (!left || !right) return Value();
  return CalculateReals(arithmetic, *left, *right);
}

Result<Value> Negate(const Value& a) {
  if (const auto* integer = a.As<std::int64_t>()) {
    return CalculateIntegers(Arithmetic::kSubtract, 0, *integer);
  }
  if (const auto* real = a.As<double>()) return Value(-*real);
  return Value();
}

Value Concatenate(const Value& a, const Value& b) {
  const auto x = TextOf(a), y = TextOf(b);
  return x && y ? Value(*x + *y) : Value();
}

}  // namespace dlv::query
