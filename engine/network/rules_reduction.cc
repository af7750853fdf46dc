#include "engine/network/attributes.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"

namespace dlv::network {
namespace {

/// Product, sum, least or greatest of all elements of a list of sizes.
template <char Op>
void ReduceValue(NodeContext& context) {
  const auto& value = context.In(0).value;
  auto& out = context.Out(0);
  if (Op == '?' || !value || value->is_real() || value->shape.size() > 1 || !value->complete() ||
      value->elements.empty() || !out.shape || !out.dtype) {
    return;
  }
  std::int64_t result = value->elements[0].whole;
  for (std::size_t i = 1; i < value->elements.size(); ++i) {
    const std::int64_t next = value->elements[i].whole;
    if (Op == '*' && __builtin_mul_overflow(result, next, &result)) return;
    if (Op == '+' && __builtin_add_overflow(result, next, &result)) return;
    if (Op == '<' && next < result) result = next;
    if (Op == '>' && next > result) result = next;
  }
  out.value = KnownValue{*out.dtype, *out.shape, {WholeElement(result)}};
}

Status ReduceShape(NodeContext& context) {
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  const GivenList axes = context.List("axes", 1);
  const bool keep = IntegerAttribute(context.node(), "keepdims", 1) != 0;
  std::vector<bool> gone(in->size());
  if (axes.given && !axes.values) {
    if (keep) context.Out(0).shape = UnknownSizes(in->size());
    return Ok();
  }
  if (axes.given && !axes.values->empty()) {
    for (const std::int64_t one : *axes.values) {
      DLV_ASSIGN(const std::size_t axis, context.Axis(one, in->size()));
      gone[axis] = true;
    }
  } else if (IntegerAttribute(context.node(), "noop_with_empty_axes", 0) == 0) {
    gone.assign(in->size(), true);
  }
  NetworkShape out;
  for (std::size_t i = 0; i < in->size(); ++i) {
    if (!gone[i] || keep) out.push_back(gone[i] ? 1 : (*in)[i]);
  }
  context.Out(0).shape = std::move(out);
  return Ok();
}

template <char Op>
Status Reduce(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  DLV_TRY(ReduceShape(context));
  ReduceValue<Op>(context);
  return Ok();
}

Status ArgOfBest(NodeContext& context) {
  context.Out(0).dtype = DType::kI64;
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  DLV_ASSIGN(const std::size_t axis,
             context.Axis(IntegerAttribute(context.node(), "axis", 0), in->size()));
  NetworkShape out = *in;
  if (IntegerAttribute(context.node(), "keepdims", 1) != 0) {
    out[axis] = 1;
  } else {
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(axis));
  }
  context.Out(0).shape = std::move(out);
  return Ok();
}

Status TopK(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  context.Out(1).dtype = DType::kI64;
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  DLV_ASSIGN(const std::size_t axis,
             context.Axis(IntegerAttribute(context.node(), "axis", -1), in->size()));
  NetworkShape out = *in;
  std::int64_t count = IntegerAttribute(context.node(), "k", kUnknownSize);
  const auto& known = context.In(1).value;
  if (known && known->elements.size() == 1) count = known->Wholes()[0];
  out[axis] = count < 0 ? kUnknownSize : count;
  context.Out(1).shape = out;
  context.Out(0).shape = std::move(out);
  return Ok();
}

constexpr RuleRow kReductionRules[] = {
    {"ReduceMean", Reduce<'?'>},
    {"ReduceSum", Reduce<'+'>},
    {"ReduceProd", Reduce<'*'>},
    {"ReduceMin", Reduce<'<'>},
    {"ReduceMax", Reduce<'>'>},
    {"ReduceL1", Reduce<'?'>},
    {"ReduceL2", Reduce<'?'>},
    {"ReduceLogSum", Reduce<'?'>},
    {"ReduceLogSumExp", Reduce<'?'>},
    {"ReduceSumSquare", Reduce<'?'>},
    {"ArgMax", ArgOfBest},
    {"ArgMin", ArgOfBest},
    {"TopK", TopK},
};

}  // namespace

std::span<const RuleRow> ReductionRules() { return kReductionRules; }

}  // namespace dlv::network
