#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/query/execute/graph_view.h"
#include "engine/query/operators.h"
#include "engine/query/scalar.h"

namespace dlv::query {
namespace {

using Operands = std::span<const Value>;

/// A real that is in the function's domain; else NULL.
Value RealOr(bool in_domain, double value) { return in_domain ? Value(value) : Value(); }

Value Log(const Value& value, double (*log)(double)) {
  const auto x = value.Number();
  return x ? RealOr(!(*x <= 0), log(*x)) : Value();
}

Value Round(Operands operands) {
  if (operands[0].As<std::int64_t>() != nullptr && operands.size() == 1) return operands[0];
  const auto x = operands[0].Number();
  if (!x) return {};
  std::int64_t digits = 0;
  if (operands.size() > 1) {
    const auto* given = operands[1].As<std::int64_t>();
    if (given == nullptr) return {};
    digits = std::clamp<std::int64_t>(*given, -308, 308);
  }
  const double scale = std::pow(10.0, static_cast<double>(digits));
  const double scaled = *x * scale;
  return std::isfinite(scaled) ? Value(std::round(scaled) / scale) : Value(*x);
}

Value WholeNumber(const Value& value, double (*round)(double)) {
  if (value.As<std::int64_t>() != nullptr) return value;
  const auto x = value.Number();
  return x ? Value(round(*x)) : Value();
}

Result<Value> Abs(const Value& value) {
  if (const auto* integer = value.As<std::int64_t>()) {
    return *integer < 0 ? Negate(value) : Result<Value>(value);
  }
  const auto x = value.Number();
  return x ? Value(std::fabs(*x)) : Value();
}

Value Sign(const Value& value) {
  const auto x = value.Number();
  if (!x || *x != *x) return {};
  return std::int64_t{(*x > 0) - (*x < 0)};
}

Value Extreme(Operands operands, int wanted) {
  const Value* best = nullptr;
  for (const Value& value : operands) {
    if (value.is_null() || value.is_nan()) continue;
    if (best == nullptr || Order(value, *best) == wanted) best = &value;
  }
  return best == nullptr ? Value() : *best;
}

Value NullIf(Operands operands) {
  const bool equal = CompareValues(Comparison::kEqual, operands[0], operands[1]) == Truth::kTrue;
  return equal ? Value() : operands[0];
}

std::string Cased(const std::string& text, char first, char last, int shift) {
  std::string out = text;
  for (char& c : out) {
    if (c >= first && c <= last) c = static_cast<char>(c + shift);
  }
  return out;
}

std::string Trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\n\r");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n\r") - begin + 1);
}

bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

std::int64_t Characters(const std::string& text) {
  return std::count_if(text.begin(), text.end(), BeginsCharacter);
}

Result<Value> Replaced(const std::string& text, const std::string& from, const std::string& to) {
  if (from.empty()) return Value(text);
  constexpr std::size_t kMost = 64u << 20;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t found = text.find(from, at);
    if (found == std::string::npos) {
      out.append(text, at);
      break;
    }
    out.append(text, at, found - at).append(to);
    at = found + from.size();
    if (out.size() > kMost) return Error{ErrorCode::kInvalidArgument, "replace makes over 64 MiB"};
  }
  return Value(std::move(out));
}

/// Characters `first` (from 1) and on.
std::string Substring(const std::string& text, std::int64_t first, std::int64_t count) {
  std::string out;
  std::int64_t place = 0;
  const std::int64_t begin = std::max<std::int64_t>(first, 1);
  for (const char c : text) {
    if (BeginsCharacter(c)) ++place;
    if (place >= begin && place - begin < count) out += c;
  }
  return out;
}

Value SubstringOf(Operands operands, const std::string& text) {
  const auto* first = operands[1].As<std::int64_t>();
  std::int64_t count = std::numeric_limits<std::int64_t>::max();
  if (operands.size() > 2) {
    const auto* given = operands[2].As<std::int64_t>();
    if (given == nullptr) return {};
    count = *given;
  }
  if (first == nullptr || count < 0) return {};
  // Places before the first character are counted and hold nothing.
  if (*first < 1 && count != std::numeric_limits<std::int64_t>::max()) {
    const std::int64_t skipped = *first < -count ? count : 1 - *first;
    count = std::max<std::int64_t>(0, count - skipped);
  }
  return Substring(text, *first, count);
}

Result<Value> TextFunction(Function function, Operands operands) {
  const auto* text = operands[0].As<std::string>();
  if (text == nullptr) return Value();
  const auto* second = operands.size() > 1 ? operands[1].As<std::string>() : nullptr;
  const auto* third = operands.size() > 2 ? operands[2].As<std::string>() : nullptr;
  switch (function) {
    case Function::kLower:
      return Value(Cased(*text, 'A', 'Z', 32));
    case Function::kUpper:
      return Value(Cased(*text, 'a', 'z', -32));
    case Function::kLength:
      return Value(Characters(*text));
    case Function::kTrim:
      return Value(Trimmed(*text));
    case Function::kSubstring:
      return SubstringOf(operands, *text);
    case Function::kReplace:
      return second && third ? Replaced(*text, *second, *third) : Result<Value>(Value());
    case Function::kStartsWith:
      return second ? Value(text->starts_with(*second)) : Value();
    case Function::kEndsWith:
      return second ? Value(text->ends_with(*second)) : Value();
    default:
      return Value();
  }
}

Value ToIntegerOf(const Value& value) {
  if (value.As<std::int64_t>() != nullptr) return value;
  if (const auto* flag = value.As<bool>()) return std::int64_t{*flag ? 1 : 0};
  if (const auto* time = value.As<QueryTime>()) return time->seconds;
  if (const auto* text = value.As<std::string>()) {
    const Value parsed = ValueOfText(*text);
    return parsed.is_number() ? ToIntegerOf(parsed) : Value();
  }
  const auto* real = value.As<double>();
  if (real == nullptr || !(std::fabs(*real) < 9.2e18)) return {};
  return static_cast<std::int64_t>(std::trunc(*real));
}

Value ToRealOf(const Value& value) {
  if (const auto number = value.Number()) return *number;
  if (const auto* flag = value.As<bool>()) return *flag ? 1.0 : 0.0;
  const auto* text = value.As<std::string>();
  const auto number = text == nullptr ? std::nullopt : ValueOfText(*text).Number();
  return number ? Value(*number) : Value();
}

Value ToTimestampOf(const Value& value) {
  if (value.As<QueryTime>() != nullptr) return value;
  if (const auto* seconds = value.As<std::int64_t>()) return QueryTime{*seconds};
  const auto* text = value.As<std::string>();
  const auto time = text == nullptr ? std::nullopt : ParseTime(*text);
  return time ? Value(*time) : Value();
}

Value ListFunction(Function function, Operands operands) {
  const List* list = operands[0].AsList();
  if (list == nullptr) return {};
  switch (function) {
    case Function::kSize:
      return static_cast<std::int64_t>(list->size());
    case Function::kFirst:
      return list->empty() ? Value() : list->front();
    case Function::kLast:
      return list->empty() ? Value() : list->back();
    case Function::kElement: {
      const auto* place = operands[1].As<std::int64_t>();
      if (place == nullptr || *place < 0 || static_cast<std::size_t>(*place) >= list->size()) {
        return {};
      }
      return (*list)[static_cast<std::size_t>(*place)];
    }
    case Function::kContains: {
      Truth found = Truth::kFalse;
      for (const Value& value : *list) {
        found = Or(found, CompareValues(Comparison::kEqual, value, operands[1]));
      }
      return ToValue(found);
    }
    default:
      return {};
  }
}

Value ShapeList(const Shape& shape) {
  List sizes;
  for (const std::int64_t size : shape) sizes.emplace_back(size);
  return Value::OfList(std::move(sizes));
}

std::int64_t NumelOf(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(count, size, &count)) return -1;
  }
  return count;
}

std::int64_t NumelOf(const TensorGroup& group) {
  std::int64_t count = 0;
  for (const TensorRef& part : group.parts) count += NumelOf(part.entry().shape);
  return count;
}

Value Shaped(Function function, const Shape& shape) {
  if (function == Function::kShape) return ShapeList(shape);
  const std::int64_t count = NumelOf(shape);
  return count < 0 ? Value() : Value(count);
}

/// shape, numel, dtype of a tensor, of tensors laid end to end, or of a node's first output.
Value Described(Function function, const Value& value) {
  if (const auto* tensor = value.As<TensorRef>()) {
    if (function == Function::kDtype) return Value(NameOf(tensor->entry().dtype));
    return Shaped(function, tensor->entry().shape);
  }
  if (const auto* group = value.As<std::shared_ptr<const TensorGroup>>()) {
    const bool any = !(*group)->parts.empty();
    if (function == Function::kDtype) {
      return any ? Value(NameOf((*group)->parts[0].entry().dtype)) : Value();
    }
    return Shaped(function, {NumelOf(**group)});
  }
  const auto* node = value.As<NodeRef>();
  if (node == nullptr) return {};
  const auto output = network::TypeOf(node->graph->node(node->node).outputs[0]);
  if (function == Function::kDtype) return output.dtype ? Value(NameOf(*output.dtype)) : Value();
  return output.shape ? Shaped(function, *output.shape) : Value();
}

Value Joined(const Value& value) {
  auto group = std::make_shared<TensorGroup>();
  const List* list = value.AsList();
  if (list == nullptr) return {};
  for (const Value& member : *list) {
    if (const auto* tensor = member.As<TensorRef>()) group->parts.push_back(*tensor);
  }
  return std::shared_ptr<const TensorGroup>(std::move(group));
}

Value Power(const Value& base, const Value& exponent) {
  const auto x = base.Number();
  const auto y = exponent.Number();
  if (!x || !y) return {};
  const double power = std::pow(*x, *y);
  const bool has_nan = std::isnan(*x) || std::isnan(*y);
  return RealOr(!std::isnan(power) || has_nan, power);
}

Value RealFunction(Function function, const Value& value) {
  const auto number = value.Number();
  if (!number) return {};
  const double x = *number;
  if (function == Function::kSqrt) return RealOr(!(x < 0), std::sqrt(x));
  if (function == Function::kExp) return std::exp(x);
  return x * (function == Function::kDays ? 86400 : 3600);
}

Result<Value> NumberFunction(Function function, Operands operands) {
  switch (function) {
    case Function::kAbs:
      return Abs(operands[0]);
    case Function::kRound:
      return Round(operands);
    case Function::kFloor:
      return WholeNumber(operands[0], std::floor);
    case Function::kCeil:
      return WholeNumber(operands[0], std::ceil);
    case Function::kLog:
      return Log(operands[0], std::log);
    case Function::kLog2:
      return Log(operands[0], std::log2);
    case Function::kLog10:
      return Log(operands[0], std::log10);
    case Function::kPower:
      return Power(operands[0], operands[1]);
    case Function::kSign:
      return Sign(operands[0]);
    case Function::kSqrt:
    case Function::kExp:
    case Function::kDays:
    case Function::kHours:
      return RealFunction(function, operands[0]);
    default:
      return Value();
  }
}

Value FirstKnown(Operands operands) {
  for (const Value& value : operands) {
    if (!value.is_null()) return value;
  }
  return {};
}

Value TextOrNull(const Value& value) {
  auto text = TextOf(value);
  return text ? Value(std::move(*text)) : Value();
}

}  // namespace

bool IsScalarFunction(Function function) {
  return function >= Function::kSize || function == Function::kShape ||
         function == Function::kNumel || function == Function::kDtype ||
         function == Function::kConcat;
}

Result<Value> ApplyScalarFunction(Function function, std::span<const Value> operands) {
  switch (function) {
    case Function::kShape:
    case Function::kNumel:
    case Function::kDtype:
      return Described(function, operands[0]);
    case Function::kConcat:
      return Joined(operands[0]);
    case Function::kSize:
    case Function::kFirst:
    case Function::kLast:
    case Function::kElement:
    case Function::kContains:
      return ListFunction(function, operands);
    case Function::kList:
      return Value::OfList(List(operands.begin(), operands.end()));
    case Function::kLeast:
      return Extreme(operands, -1);
    case Function::kGreatest:
      return Extreme(operands, 1);
    case Function::kCoalesce:
      return FirstKnown(operands);
    case Function::kNullIf:
      return NullIf(operands);
    case Function::kToText:
      return TextOrNull(operands[0]);
    case Function::kToInteger:
      return ToIntegerOf(operands[0]);
    case Function::kToReal:
      return ToRealOf(operands[0]);
    case Function::kToTimestamp:
      return ToTimestampOf(operands[0]);
    case Function::kLower:
    case Function::kUpper:
    case Function::kLength:
    case Function::kTrim:
    case Function::kReplace:
    case Function::kSubstring:
    case Function::kStartsWith:
    case Function::kEndsWith:
      return TextFunction(function, operands);
    default:
      return NumberFunction(function, operands);
  }
}

}  // namespace dlv::query
