#include <algorithm>
#include <cmath>

#include "engine/network/attributes.h"
#include "engine/network/limits.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {
namespace {

using Element = KnownElement;

// ---- values --------------------------------------------------------------------------------

std::size_t CountOf(const NetworkShape& shape) {
  std::size_t count = 1;
  for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
  return count;
}

/// Place in a value of `shape` of the element that stands at `at` in `out` after broadcasting.
std::size_t BroadcastPlace(const NetworkShape& shape, const NetworkShape& out, std::size_t at) {
  std::size_t place = 0, step = 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto size = static_cast<std::size_t>(out[out.size() - 1 - i]);
    if (i < shape.size()) {
      const auto own = static_cast<std::size_t>(shape[shape.size() - 1 - i]);
      if (own != 1) place += at % size * step;
      step *= own;
    }
    at /= size;
  }
  return place;
}

template <class Function>
std::optional<KnownValue> Combine(const Fact& a, const Fact& b, DType dtype, Function&& function) {
  if (!a.value || !b.value || a.value->is_real() != b.value->is_real()) return std::nullopt;
  const auto shape = Broadcast(a.value->shape, b.value->shape);
  if (!shape) return std::nullopt;
  const std::size_t count = CountOf(*shape);
  if (count > kMaxFoldedElements) return std::nullopt;
  KnownValue result{dtype, *shape, std::vector<Element>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    const Element& left = a.value->elements[BroadcastPlace(a.value->shape, *shape, i)];
    const Element& right = b.value->elements[BroadcastPlace(b.value->shape, *shape, i)];
    if (left.known && right.known) result.elements[i] = function(left, right);
  }
  return result;
}

template <class Function>
std::optional<KnownValue> Map(const Fact& in, DType dtype, Function&& function) {
  if (!in.value) return std::nullopt;
  KnownValue result{dtype, in.value->shape, {}};
  for (const Element& element : in.value->elements) {
    result.elements.push_back(element.known ? function(element) : Element());
  }
  return result;
}

/// Arithmetic that would overflow stays unknown.
Element WholeUnless(bool overflow, const std::int64_t& value) {
  return overflow ? Element() : WholeElement(value);
}

Element Arithmetic(char op, bool real, const Element& a, const Element& b) {
  if (real) {
    switch (op) {
      case '+':
        return RealElement(a.real + b.real);
      case '-':
        return RealElement(a.real - b.real);
      case '*':
        return RealElement(a.real * b.real);
      case '<':
        return RealElement(std::min(a.real, b.real));
      case '>':
        return RealElement(std::max(a.real, b.real));
      case '%':
        return RealElement(std::fmod(a.real, b.real));
      case '^':
        return RealElement(std::pow(a.real, b.real));
      default:
        return RealElement(a.real / b.real);
    }
  }
  std::int64_t value = 0;
  switch (op) {
    case '+':
      return WholeUnless(__builtin_add_overflow(a.whole, b.whole, &value), value);
    case '-':
      return WholeUnless(__builtin_sub_overflow(a.whole, b.whole, &value), value);
    case '*':
      return WholeUnless(__builtin_mul_overflow(a.whole, b.whole, &value), value);
    case '<':
      return WholeElement(std::min(a.whole, b.whole));
    case '>':
      return WholeElement(std::max(a.whole, b.whole));
    default:
      break;
  }
  const bool undefined = b.whole == 0 || (a.whole == INT64_MIN && b.whole == -1) || op == '^';
  if (undefined) return Element();
  if (op == '/') return WholeElement(a.whole / b.whole);
  const std::int64_t rest = a.whole % b.whole;  // Mod takes the sign of the divisor
  return WholeElement(rest != 0 && (rest < 0) != (b.whole < 0) ? rest + b.whole : rest);
}

// ---- shapes --------------------------------------------------------------------------------

Status BroadcastAll(NodeContext& context) {
  if (context.operand_count() == 0) return Ok();
  // Before opset 7 operand 1 was laid over operand 0.
  const bool old = IntegerAttribute(context.node(), "broadcast", 0) != 0;
  auto shape = context.In(0).shape;
  for (std::size_t i = 1; i < context.operand_count() && shape && !old; ++i) {
    const auto& other = context.In(i).shape;
    if (!other) {
      shape.reset();
      break;
    }
    auto both = Broadcast(*shape, *other);
    if (!both) {
      return context.Bad("operands " + ShapeText(*shape) + " and " + ShapeText(*other) +
                         " do not broadcast");
    }
    shape = std::move(both);
  }
  context.Out(0).shape = std::move(shape);
  return Ok();
}

template <char Op>
Status Binary(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype ? context.In(0).dtype : context.In(1).dtype;
  DLV_TRY(BroadcastAll(context));
  if (Op == '?' || context.operand_count() != 2 || !context.Out(0).dtype) return Ok();
  const bool real = IsFloat(*context.Out(0).dtype);
  const bool floating_mod = Op == '%' && IntegerAttribute(context.node(), "fmod", 0) != 0;
  if (floating_mod && !real) return Ok();
  context.Out(0).value =
      Combine(context.In(0), context.In(1), *context.Out(0).dtype,
              [&](const Element& a, const Element& b) { return Arithmetic(Op, real, a, b); });
  return Ok();
}

template <char Op>
bool Compare(const Element& a, const Element& b, bool real) {
  const int order = real ? (a.real < b.real   ? -1
                            : a.real > b.real ? 1
                                              : 0)
                         : (a.whole < b.whole   ? -1
                            : a.whole > b.whole ? 1
                                                : 0);
  if (Op == '=') return real ? a.real == b.real : order == 0;
  return Op == '<' ? order < 0 : order > 0;
}

template <char Op>
Status Comparison(NodeContext& context) {
  DLV_TRY(BroadcastAll(context));
  context.Out(0).dtype = DType::kBool;
  const bool real = context.In(0).value && context.In(0).value->is_real();
  context.Out(0).value = Combine(
      context.In(0), context.In(1), DType::kBool,
      [&](const Element& a, const Element& b) { return WholeElement(Compare<Op>(a, b, real)); });
  return Ok();
}

Status Predicate(NodeContext& context) {
  DLV_TRY(BroadcastAll(context));
  context.Out(0).dtype = DType::kBool;
  return Ok();
}

template <bool And>
Status Logical(NodeContext& context) {
  DLV_TRY(Predicate(context));
  context.Out(0).value =
      Combine(context.In(0), context.In(1), DType::kBool, [](const Element& a, const Element& b) {
        return WholeElement(And ? a.whole != 0 && b.whole != 0 : a.whole != 0 || b.whole != 0);
      });
  return Ok();
}

Status Not(NodeContext& context) {
  DLV_TRY(Predicate(context));
  context.Out(0).value =
      Map(context.In(0), DType::kBool, [](const Element& a) { return WholeElement(a.whole == 0); });
  return Ok();
}

template <double (*Function)(double)>
Status Rounding(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  if (context.In(0).value && context.In(0).value->is_real()) {
    context.Out(0).value = Map(context.In(0), context.In(0).value->dtype,
                               [](const Element& a) { return RealElement(Function(a.real)); });
  }
  return Ok();
}

Status Negative(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  if (!context.In(0).value) return Ok();
  const bool real = context.In(0).value->is_real();
  context.Out(0).value = Map(context.In(0), context.In(0).value->dtype, [&](const Element& a) {
    return real ? RealElement(-a.real) : a.whole == INT64_MIN ? Element() : WholeElement(-a.whole);
  });
  return Ok();
}

Status Identity(NodeContext& context) {
  context.Out(0) = context.In(0);
  return Ok();
}

Status Where(NodeContext& context) {
  DLV_TRY(BroadcastAll(context));
  context.Out(0).dtype = context.In(1).dtype ? context.In(1).dtype : context.In(2).dtype;
  const auto& condition = context.In(0).value;
  const auto& yes = context.In(1).value;
  const auto& no = context.In(2).value;
  if (!condition || !yes || !no || condition->shape != yes->shape || yes->shape != no->shape ||
      yes->dtype != no->dtype) {
    return Ok();
  }
  KnownValue result{yes->dtype, yes->shape, {}};
  for (std::size_t i = 0; i < condition->elements.size(); ++i) {
    const Element& chosen = condition->elements[i];
    result.elements.push_back(!chosen.known       ? Element()
                              : chosen.whole != 0 ? yes->elements[i]
                                                  : no->elements[i]);
  }
  context.Out(0).value = std::move(result);
  return Ok();
}

Status ToUnsigned(NodeContext& context) {
  context.Out(0).shape = context.In(0).shape;
  const auto& zero = context.In(2).dtype;
  const std::int64_t named = IntegerAttribute(context.node(), "output_dtype", 0);
  context.Out(0).dtype = zero ? zero : named != 0 ? DTypeOfOnnx(named) : DType::kU8;
  return Ok();
}

/// Elements, scale and zero point.
Status ToUnsignedByRange(NodeContext& context) {
  context.Out(0).shape = context.In(0).shape;
  context.Out(1).shape = context.Out(2).shape = NetworkShape();
  context.Out(0).dtype = context.Out(2).dtype = DType::kU8;
  context.Out(1).dtype = context.In(0).dtype;
  return Ok();
}

Status FromQuantised(NodeContext& context) {
  context.Out(0).shape = context.In(0).shape;
  context.Out(0).dtype = context.In(1).dtype;
  return Ok();
}

double Floor(double value) { return std::floor(value); }
double Ceil(double value) { return std::ceil(value); }
double Even(double value) { return std::nearbyint(value); }
double Root(double value) { return std::sqrt(value); }

constexpr RuleRow kElementRules[] = {
    {"Add", Binary<'+'>},
    {"Sub", Binary<'-'>},
    {"Mul", Binary<'*'>},
    {"Div", Binary<'/'>},
    {"Mod", Binary<'%'>},
    {"Pow", Binary<'^'>},
    {"Min", Binary<'<'>},
    {"Max", Binary<'>'>},
    {"Sum", Binary<'+'>},
    {"Mean", Binary<'?'>},
    {"BitShift", Binary<'?'>},
    {"BitwiseAnd", Binary<'?'>},
    {"BitwiseOr", Binary<'?'>},
    {"Equal", Comparison<'='>},
    {"Less", Comparison<'<'>},
    {"Greater", Comparison<'>'>},
    {"LessOrEqual", Predicate},
    {"GreaterOrEqual", Predicate},
    {"And", Logical<true>},
    {"Or", Logical<false>},
    {"Xor", Predicate},
    {"Not", Not},
    {"IsNaN", Predicate},
    {"IsInf", Predicate},
    {"Where", Where},
    {"Floor", Rounding<Floor>},
    {"Ceil", Rounding<Ceil>},
    {"Round", Rounding<Even>},
    {"Sqrt", Rounding<Root>},
    {"Neg", Negative},
    {"Identity", Identity},
    {"QuantizeLinear", ToUnsigned},
    {"DynamicQuantizeLinear", ToUnsignedByRange},
    {"DequantizeLinear", FromQuantised},
    // Type and shape of what they read:
    {"Abs", LikeFirst},
    {"Acos", LikeFirst},
    {"Acosh", LikeFirst},
    {"Asin", LikeFirst},
    {"Asinh", LikeFirst},
    {"Atan", LikeFirst},
    {"Atanh", LikeFirst},
    {"Bernoulli", LikeFirst},
    {"BitwiseNot", LikeFirst},
    {"Celu", LikeFirst},
    {"Clip", LikeFirst},
    {"Cos", LikeFirst},
    {"Cosh", LikeFirst},
    {"CumSum", LikeFirst},
    {"Elu", LikeFirst},
    {"Erf", LikeFirst},
    {"Exp", LikeFirst},
    {"Gelu", LikeFirst},
    {"HardSigmoid", LikeFirst},
    {"HardSwish", LikeFirst},
    {"ImageScaler", LikeFirst},
    {"LeakyRelu", LikeFirst},
    {"Log", LikeFirst},
    {"Mish", LikeFirst},
    {"RandomNormalLike", LikeFirst},
    {"RandomUniformLike", LikeFirst},
    {"Reciprocal", LikeFirst},
    {"Relu", LikeFirst},
    {"ReverseSequence", LikeFirst},
    {"Selu", LikeFirst},
    {"Shrink", LikeFirst},
    {"Sigmoid", LikeFirst},
    {"Sign", LikeFirst},
    {"Sin", LikeFirst},
    {"Sinh", LikeFirst},
    {"Softplus", LikeFirst},
    {"Softsign", LikeFirst},
    {"Swish", LikeFirst},
    {"Tan", LikeFirst},
    {"Tanh", LikeFirst},
    {"ThresholdedRelu", LikeFirst},
    {"Trilu", LikeFirst},
};

}  // namespace

std::span<const RuleRow> ElementRules() { return kElementRules; }

}  // namespace dlv::network
