#include "engine/network/attributes.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"

namespace dlv::network {
namespace {

/// Operands 1 to `last` have one number a channel.
Status CheckChannelVectors(NodeContext& context, std::size_t last) {
  const auto& in = context.In(0).shape;
  if (!in || in->size() < 2) return Ok();
  for (std::size_t i = 1; i <= last; ++i) {
    const auto& shape = context.In(i).shape;
    if (!shape) continue;
    if (shape->size() != 1 || !SameSize((*shape)[0], (*in)[1])) {
      return context.Bad(context.Text("operand " + std::to_string(i), i) + ", want [" +
                         std::to_string((*in)[1]) + "] for " + context.Text("input", 0));
    }
  }
  return Ok();
}

Status BatchNormalization(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  DLV_TRY(CheckChannelVectors(context, 4));
  for (std::size_t i = 1; i < context.output_count(); ++i) {
    const std::size_t like = i % 2 == 1 ? 3 : 4;  // mean and variance in turn
    context.Out(i).dtype = context.In(like).dtype;
    context.Out(i).shape = context.In(like).shape;
  }
  return Ok();
}

Status InstanceNormalization(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  return CheckChannelVectors(context, 2);
}

Status LayerNormalization(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  DLV_ASSIGN(const std::size_t axis,
             context.Axis(IntegerAttribute(context.node(), "axis", -1), in->size()));
  const NetworkShape normal(in->begin() + static_cast<std::ptrdiff_t>(axis), in->end());
  for (const std::size_t operand : {1, 2}) {
    const auto& shape = context.In(operand).shape;
    if (shape && !Broadcast(normal, *shape)) {
      return context.Bad(context.Text(operand == 1 ? "scale" : "bias", operand) +
                         " does not fit the last axes of " + context.Text("input", 0));
    }
  }
  for (std::size_t i = 1; i < context.output_count(); ++i) {
    NetworkShape reduced = *in;
    for (std::size_t k = axis; k < reduced.size(); ++k) reduced[k] = 1;
    context.Out(i) = {context.In(0).dtype, std::move(reduced), std::nullopt};
  }
  return Ok();
}

Status WithAxis(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  const auto& in = context.In(0).shape;
  if (!in || in->empty()) return Ok();
  const std::int64_t otherwise = context.opset() < 13 ? 1 : -1;
  const std::int64_t given = IntegerAttribute(context.node(), "axis", otherwise);
  if (given == 1 && in->size() == 1) return Ok();  // the old default, on a vector
  DLV_ASSIGN(const std::size_t axis, context.Axis(given, in->size()));
  static_cast<void>(axis);
  return Ok();
}

Status Dropout(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  context.Out(1).dtype = context.opset() < 10 ? context.In(0).dtype : DType::kBool;
  context.Out(1).shape = context.In(0).shape;
  return Ok();
}

Status PRelu(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  const auto& in = context.In(0).shape;
  const auto& slope = context.In(1).shape;
  if (!in || !slope) return Ok();
  // One slope a channel is written [C] by old files, [C, 1, 1] by new ones.
  const bool by_channel = slope->size() == 1 && in->size() > 1 && SameSize((*slope)[0], (*in)[1]);
  if (!by_channel && !Broadcast(*in, *slope)) {
    return context.Bad(context.Text("slope", 1) + " does not broadcast to " +
                       context.Text("input", 0));
  }
  return Ok();
}

constexpr RuleRow kNormalisingRules[] = {
    {"BatchNormalization", BatchNormalization},
    {"InstanceNormalization", InstanceNormalization},
    {"GroupNormalization", LikeFirst},
    {"LayerNormalization", LayerNormalization},
    {"RMSNormalization", LikeFirst},
    {"SimplifiedLayerNormalization", LikeFirst},
    {"LpNormalization", LikeFirst},
    {"MeanVarianceNormalization", LikeFirst},
    {"LRN", LikeFirst},
    {"Softmax", WithAxis},
    {"LogSoftmax", WithAxis},
    {"Hardmax", WithAxis},
    {"Dropout", Dropout},
    {"PRelu", PRelu},
};

}  // namespace

std::span<const RuleRow> NormalisingRules() { return kNormalisingRules; }

}  // namespace dlv::network
