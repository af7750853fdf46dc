#include <algorithm>
#include <cmath>

#include "engine/network/attributes.h"
#include "engine/network/limits.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"

namespace dlv::network {

std::optional<DType> DTypeOfOnnx(std::int64_t number) {
  switch (number) {
    case 1:
      return DType::kF32;
    case 2:
      return DType::kU8;
    case 3:
      return DType::kI8;
    case 4:
      return DType::kU16;
    case 5:
      return DType::kI16;
    case 6:
      return DType::kI32;
    case 7:
      return DType::kI64;
    case 9:
      return DType::kBool;
    case 10:
      return DType::kF16;
    case 11:
      return DType::kF64;
    case 12:
      return DType::kU32;
    case 13:
      return DType::kU64;
    case 14:
      return DType::kComplex64;
    case 15:
      return DType::kComplex128;
    case 16:
      return DType::kBF16;
    case 17:
      return DType::kF8E4M3;
    case 19:
      return DType::kF8E5M2;
    default:
      return std::nullopt;
  }
}

namespace {

void SetConstant(Fact& out, const NetworkConstant& constant) {
  out.dtype = constant.dtype;
  out.shape = constant.shape;
  out.value = KnownFrom(constant);
}

void SetList(Fact& out, const std::vector<double>& values, bool scalar) {
  KnownValue value{DType::kF32, {}, {}};
  if (!scalar) value.shape = {static_cast<std::int64_t>(values.size())};
  for (const double one : values) value.elements.push_back(RealElement(one));
  out = {value.dtype, value.shape, value};
}

Status Constant(NodeContext& context) {
  const NetworkNode& node = context.node();
  Fact& out = context.Out(0);
  if (const auto* tensor = ConstantAttribute(node, "value")) {
    SetConstant(out, *tensor);
  } else if (const auto* wholes = IntegersAttribute(node, "value_ints")) {
    const KnownValue value = KnownList(*wholes);
    out = {value.dtype, value.shape, value};
  } else if (FindAttribute(node, "value_int") != nullptr) {
    out = {DType::kI64, NetworkShape{},
           KnownValue{DType::kI64, {}, {WholeElement(IntegerAttribute(node, "value_int", 0))}}};
  } else if (FindAttribute(node, "value_float") != nullptr) {
    SetList(out, {RealAttribute(node, "value_float", 0)}, true);
  } else if (const AttributeValue* reals = FindAttribute(node, "value_floats")) {
    if (const auto* list = std::get_if<std::vector<double>>(reals)) SetList(out, *list, false);
  }
  return Ok();
}

Status ConstantOfShape(NodeContext& context) {
  Fact& out = context.Out(0);
  const auto* given = ConstantAttribute(context.node(), "value");
  out.dtype = given == nullptr ? DType::kF32 : given->dtype;
  const GivenList sizes = context.List("", 0);
  if (!sizes.values) return Ok();
  NetworkShape shape = *sizes.values;
  bool known = true;
  for (std::int64_t& size : shape) {
    known = known && size != KnownValue::kUnknownElement;
    if (size == KnownValue::kUnknownElement) size = kUnknownSize;
    if (size < kUnknownSize) return context.Bad("size " + std::to_string(size));
  }
  out.shape = shape;
  const std::int64_t count = ProductOf(shape, 0, shape.size());
  if (!known || count > static_cast<std::int64_t>(kMaxFoldedElements) || count < 0) return Ok();
  KnownElement element = RealElement(0);
  if (given != nullptr) {
    const auto value = KnownFrom(*given);
    if (!value || value->elements.size() != 1) return Ok();
    element = value->elements[0];
  }
  out.value = KnownValue{*out.dtype, shape, std::vector(static_cast<std::size_t>(count), element)};
  return Ok();
}

Status Shape(NodeContext& context) {
  Fact& out = context.Out(0);
  out.dtype = DType::kI64;
  const auto& in = context.In(0).shape;
  if (!in) {
    out.shape = UnknownSizes(1);
    return Ok();
  }
  const auto rank = static_cast<std::int64_t>(in->size());
  const auto place = [&](std::string_view name, std::int64_t otherwise) {
    const std::int64_t given = IntegerAttribute(context.node(), name, otherwise);
    return std::clamp<std::int64_t>(given < 0 ? given + rank : given, 0, rank);
  };
  const std::int64_t start = place("start", 0), end = place("end", rank);
  KnownValue sizes{DType::kI64, {std::max<std::int64_t>(end - start, 0)}, {}};
  for (std::int64_t i = start; i < end; ++i) {
    const std::int64_t size = (*in)[static_cast<std::size_t>(i)];
    KnownElement element = WholeElement(size);
    if (!IsKnown(size)) element = {false, 0, 0, context.SourceOf(0), static_cast<std::int32_t>(i)};
    sizes.elements.push_back(element);
  }
  out.shape = sizes.shape;
  out.value = std::move(sizes);
  return Ok();
}

Status Size(NodeContext& context) {
  Fact& out = context.Out(0);
  out.dtype = DType::kI64;
  out.shape = NetworkShape{};
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  const std::int64_t count = ProductOf(*in, 0, in->size());
  KnownElement element = WholeElement(count);
  if (!IsKnown(count) || count == INT64_MAX) element = KnownElement();
  out.value = KnownValue{DType::kI64, {}, {element}};
  return Ok();
}

/// An element as a value of another type; unknown where C++ does not say what comes out.
KnownElement CastElement(const KnownElement& element, DType from, DType to) {
  if (!element.known) return IsFloat(to) ? KnownElement() : element;
  if (IsFloat(to))
    return RealElement(IsFloat(from) ? element.real : static_cast<double>(element.whole));
  std::int64_t value = element.whole;
  if (IsFloat(from)) {
    if (!(std::fabs(element.real) < 9e18)) return KnownElement();
    value = static_cast<std::int64_t>(element.real);
    if (to == DType::kBool) value = element.real != 0 ? 1 : 0;
  }
  if (to == DType::kBool) return WholeElement(value != 0 ? 1 : 0);
  const bool narrow = to == DType::kI32 && (value < INT32_MIN || value > INT32_MAX);
  return narrow ? KnownElement() : WholeElement(value);
}

void CastTo(NodeContext& context, std::optional<DType> to) {
  Fact& out = context.Out(0);
  out.dtype = to;
  out.shape = context.In(0).shape;
  const auto& value = context.In(0).value;
  const bool simple = to == DType::kI64 || to == DType::kI32 || to == DType::kF32 ||
                      to == DType::kF64 || to == DType::kBool;
  if (!value || !simple) return;
  KnownValue result{*to, value->shape, {}};
  for (const KnownElement& element : value->elements) {
    result.elements.push_back(CastElement(element, value->dtype, *to));
  }
  out.value = std::move(result);
}

Status Cast(NodeContext& context) {
  const AttributeValue* to = FindAttribute(context.node(), "to");
  if (to == nullptr) return context.Bad("has no type to cast to");
  CastTo(context, DTypeOfOnnx(IntegerAttribute(context.node(), "to", 0)));
  return Ok();
}

Status CastLike(NodeContext& context) {
  CastTo(context, context.In(1).dtype);
  return Ok();
}

/// Wholes only; a range of reals has an unknown size.
Status Range(NodeContext& context) {
  Fact& out = context.Out(0);
  out.dtype = context.In(0).dtype;
  out.shape = UnknownSizes(1);
  std::int64_t ends[3] = {};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& value = context.In(i).value;
    if (!value || value->is_real() || value->elements.size() != 1 || !value->complete())
      return Ok();
    ends[i] = value->elements[0].whole;
    if (ends[i] < -kMaxAxis || ends[i] > kMaxAxis) return Ok();
  }
  if (ends[2] == 0) return context.Bad("step 0");
  const std::int64_t span = ends[1] - ends[0], step = ends[2];
  const std::int64_t count =
      (span > 0) == (step > 0) && span != 0 ? (std::abs(span) - 1) / std::abs(step) + 1 : 0;
  out.shape = {count};
  if (count > static_cast<std::int64_t>(kMaxFoldedElements)) return Ok();
  KnownValue list{*out.dtype, {count}, {}};
  for (std::int64_t i = 0; i < count; ++i)
    list.elements.push_back(WholeElement(ends[0] + i * step));
  out.value = std::move(list);
  return Ok();
}

/// RandomNormal, RandomUniform: the shape is an attribute.
Status Random(NodeContext& context) {
  context.Out(0).dtype = DTypeOfOnnx(IntegerAttribute(context.node(), "dtype", 1));
  if (const auto* shape = IntegersAttribute(context.node(), "shape")) context.Out(0).shape = *shape;
  return Ok();
}

Status EyeLike(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  const std::int64_t dtype = IntegerAttribute(context.node(), "dtype", 0);
  if (dtype != 0) context.Out(0).dtype = DTypeOfOnnx(dtype);
  return Ok();
}

constexpr RuleRow kSourceRules[] = {
    {"Constant", Constant},
    {"ConstantOfShape", ConstantOfShape},
    {"Shape", Shape},
    {"Size", Size},
    {"Cast", Cast},
    {"CastLike", CastLike},
    {"Range", Range},
    {"RandomNormal", Random},
    {"RandomUniform", Random},
    {"EyeLike", EyeLike},
};

}  // namespace

std::span<const RuleRow> SourceRules() { return kSourceRules; }

}  // namespace dlv::network
