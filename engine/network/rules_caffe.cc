// Layers of Caffe that are no ONNX operators (domain "caffe"). All but Reshape keep the shape of
// their first operand.

#include "engine/network/attributes.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"

namespace dlv::network {
namespace {

/// The number of elements; nothing where a size is not known.
std::optional<std::int64_t> ElementsOf(const std::optional<NetworkShape>& shape) {
  if (!shape) return std::nullopt;
  std::int64_t count = 1;
  for (const std::int64_t size : *shape) {
    if (size < 0 || __builtin_mul_overflow(count, size, &count)) return std::nullopt;
  }
  return count;
}

/// Moments have one number a channel; old files write them with four axes. Operand 3 is the one
/// number that both are divided by.
Status BatchNorm(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  if (in->size() < 2) return context.Bad(context.Text("input", 0) + ", want at least 2 axes");
  for (const std::size_t i : {1, 2, 3}) {
    const auto count = ElementsOf(context.In(i).shape);
    const std::int64_t wanted = i == 3 ? 1 : (*in)[1];
    if (count && !SameSize(*count, wanted)) {
      return context.Bad(context.Text("operand " + std::to_string(i), i) + ", want " +
                         std::to_string(wanted) + " elements for " + context.Text("input", 0));
    }
  }
  return Ok();
}

/// The factor lies over the axes from "axis" on; what is added (operand 2 of Scale) too.
Status Scale(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  DLV_ASSIGN(const std::size_t axis,
             context.Axis(IntegerAttribute(context.node(), "axis", 1), in->size()));
  for (const std::size_t i : {1, 2}) {
    const auto& factor = context.In(i).shape;
    bool fits = !factor || factor->size() <= in->size() - axis;
    for (std::size_t k = 0; fits && factor && k < factor->size(); ++k) {
      fits = SameSize((*factor)[k], (*in)[axis + k]).has_value();
    }
    if (!fits) {
      return context.Bad(context.Text(i == 1 ? "factor" : "bias", i) +
                         " does not fit the axes of " + context.Text("input", 0) + " from " +
                         std::to_string(axis) + " on");
    }
  }
  return Ok();
}

Status Eltwise(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  const auto& first = context.In(0).shape;
  for (std::size_t i = 1; first && i < context.node().operands.size(); ++i) {
    const auto& other = context.In(i).shape;
    bool same = !other || other->size() == first->size();
    for (std::size_t k = 0; same && other && k < other->size(); ++k) {
      same = SameSize((*other)[k], (*first)[k]).has_value();
    }
    if (!same) {
      return context.Bad(context.Text("operand " + std::to_string(i), i) + ", want the shape of " +
                         context.Text("operand 0", 0));
    }
  }
  return Ok();
}

constexpr RuleRow kCaffeRules[] = {
    {"BatchNorm", BatchNorm}, {"Bias", Scale},      {"Eltwise", Eltwise},
    {"LRN", LikeFirst},       {"Power", LikeFirst}, {"Scale", Scale},
};

}  // namespace

std::span<const RuleRow> CaffeRules() { return kCaffeRules; }

}  // namespace dlv::network
