#include <algorithm>

#include "engine/network/attributes.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {
namespace {

using Wholes = std::vector<std::int64_t>;
constexpr std::int64_t kMaxWindow = 1 << 30;

/// The window of a convolution or pool over the axes behind the channels.
struct Window {
  Wholes kernel, strides, dilations, pads;
  std::string_view auto_pad;
  bool ceil = false;
};

/// A list attribute with one number an axis.
Result<Wholes> WindowList(const NodeContext& context, std::string_view name, std::size_t count,
                          std::int64_t otherwise, std::int64_t least) {
  const Wholes* given = IntegersAttribute(context.node(), name);
  if (given == nullptr) return Wholes(count, otherwise);
  const std::string list = std::string(name) + " " + ShapeText(*given);
  if (given->size() != count) {
    return context.Bad(list + ", want " + std::to_string(count) + " numbers for " +
                       context.Text("input", 0));
  }
  for (const std::int64_t value : *given) {
    if (value < least || value > kMaxWindow) {
      return context.Bad(list + ", want numbers from " + std::to_string(least) + " to " +
                         std::to_string(kMaxWindow));
    }
  }
  return *given;
}

Result<Window> WindowOf(const NodeContext& context, Wholes kernel) {
  Window window;
  const std::size_t axes = kernel.size();
  window.kernel = std::move(kernel);
  DLV_ASSIGN(window.strides, WindowList(context, "strides", axes, 1, 1));
  DLV_ASSIGN(window.dilations, WindowList(context, "dilations", axes, 1, 1));
  DLV_ASSIGN(window.pads, WindowList(context, "pads", axes * 2, 0, -kMaxWindow));
  window.auto_pad = TextAttribute(context.node(), "auto_pad", "NOTSET");
  window.ceil = IntegerAttribute(context.node(), "ceil_mode", 0) != 0;
  return window;
}

/// Size of an axis after the window went over it. A window that would begin in the padding behind
/// the end does not count (as in Caffe and PyTorch).
Result<std::int64_t> Slide(const NodeContext& context, const Window& window, std::size_t axis,
                           std::int64_t size) {
  const std::size_t axes = window.kernel.size();
  const std::int64_t stride = window.strides[axis];
  if (!IsKnown(size)) return kUnknownSize;
  if (window.auto_pad.starts_with("SAME")) return (size + stride - 1) / stride;
  if (!IsKnown(window.kernel[axis])) return kUnknownSize;
  const bool valid = window.auto_pad == "VALID";
  const std::int64_t before = valid ? 0 : window.pads[axis];
  const std::int64_t padded = size + (valid ? 0 : before + window.pads[axis + axes]);
  const std::int64_t extent = Plus(Times(window.kernel[axis] - 1, window.dilations[axis]), 1);
  if (padded < extent) {
    return context.Bad("kernel covers " + std::to_string(extent) + " on axis " +
                       std::to_string(axis + 2) + ", padded input has " + std::to_string(padded) +
                       " (" + context.Text("input", 0) + ")");
  }
  const std::int64_t room = padded - extent;
  std::int64_t steps = window.ceil ? (room + stride - 1) / stride : room / stride;
  if (window.ceil && steps * stride >= size + before && steps > 0) --steps;
  return steps + 1;
}

Status SlideAll(NodeContext& context, const Window& window, std::int64_t channels) {
  const NetworkShape& in = *context.In(0).shape;
  NetworkShape out = {in[0], channels};
  for (std::size_t i = 0; i < window.kernel.size(); ++i) {
    DLV_ASSIGN(const std::int64_t size, Slide(context, window, i, in[i + 2]));
    out.push_back(size);
  }
  context.Out(0).shape = std::move(out);
  return Ok();
}

/// Kernel by attribute and by the weight; both must agree.
Result<Wholes> KernelOf(const NodeContext& context, std::size_t axes) {
  Wholes kernel(axes, kUnknownSize);
  if (IntegersAttribute(context.node(), "kernel_shape") != nullptr) {
    DLV_ASSIGN(kernel, WindowList(context, "kernel_shape", axes, 1, 1));
  }
  const auto& weight = context.In(1).shape;
  if (!weight) return kernel;
  for (std::size_t i = 0; i < axes; ++i) {
    const auto size = SameSize(kernel[i], (*weight)[i + 2]);
    if (!size || *size > kMaxWindow || *size == 0) {
      return context.Bad("kernel_shape " + ShapeText(kernel) + ", " + context.Text("weight", 1));
    }
    kernel[i] = *size;
  }
  return kernel;
}

Status CheckRanks(const NodeContext& context) {
  const auto& in = context.In(0).shape;
  const auto& weight = context.In(1).shape;
  if (in && in->size() < 3) {
    return context.Bad(context.Text("input", 0) + ", want at least 3 axes");
  }
  if (in && weight && in->size() != weight->size()) {
    return context.Bad(context.Text("input", 0) + " and " + context.Text("weight", 1) +
                       " have different numbers of axes");
  }
  if (weight && weight->size() < 3) {
    return context.Bad(context.Text("weight", 1) + ", want at least 3 axes");
  }
  return Ok();
}

Result<std::int64_t> GroupOf(const NodeContext& context) {
  const std::int64_t group = IntegerAttribute(context.node(), "group", 1);
  if (group < 1 || group > kMaxWindow) {
    return context.Bad("group " + std::to_string(group) + ", want at least 1");
  }
  return group;
}

/// `channels` from operand 0 against what the weight wants, the bias against what comes out.
Status CheckChannels(const NodeContext& context, std::int64_t wanted, std::int64_t made,
                     std::size_t bias) {
  const std::int64_t have = (*context.In(0).shape)[1];
  if (!SameSize(have, wanted)) {
    return context.Bad("input has " + std::to_string(have) + " channels, want " +
                       std::to_string(wanted) + " (" + context.Text("weight", 1) + ", group " +
                       std::to_string(IntegerAttribute(context.node(), "group", 1)) + ")");
  }
  const auto& shape = context.In(bias).shape;
  if (shape && (shape->size() != 1 || !SameSize((*shape)[0], made))) {
    return context.Bad(context.Text("bias", bias) + ", want [" + std::to_string(made) + "]");
  }
  return Ok();
}

/// `bias`: the place of that operand; SIZE_MAX: there is none.
Status Convolve(NodeContext& context, std::size_t bias) {
  context.Out(0).dtype = context.In(0).dtype;
  DLV_TRY(CheckRanks(context));
  DLV_ASSIGN(const std::int64_t group, GroupOf(context));
  const auto& in = context.In(0).shape;
  if (!in) {
    if (const auto& weight = context.In(1).shape) {
      context.Out(0).shape = UnknownSizes(weight->size());
      (*context.Out(0).shape)[1] = (*weight)[0];
    }
    return Ok();
  }
  DLV_ASSIGN(Wholes kernel, KernelOf(context, in->size() - 2));
  std::int64_t made = kUnknownSize;
  if (const auto& weight = context.In(1).shape) {
    made = (*weight)[0];
    DLV_TRY(CheckChannels(context, Times((*weight)[1], group), made, bias));
    if (IsKnown(made) && made % group != 0) {
      return context.Bad(std::to_string(made) + " channels do not divide into " +
                         std::to_string(group) + " groups");
    }
  }
  DLV_ASSIGN(const Window window, WindowOf(context, std::move(kernel)));
  return SlideAll(context, window, made);
}

Status Conv(NodeContext& context) { return Convolve(context, 2); }

/// Zero points stand where Conv has its bias.
Status ConvInteger(NodeContext& context) {
  DLV_TRY(Convolve(context, SIZE_MAX));
  context.Out(0).dtype = DType::kI32;
  return Ok();
}

/// Size of an axis of ConvTranspose.
std::int64_t Grow(const Window& window, std::size_t axis, std::int64_t size,
                  std::int64_t output_padding) {
  if (!IsKnown(size)) return kUnknownSize;
  if (window.auto_pad.starts_with("SAME")) return Times(size, window.strides[axis]);
  if (!IsKnown(window.kernel[axis])) return kUnknownSize;
  if (size > kMaxWindow) return INT64_MAX;
  const bool valid = window.auto_pad == "VALID";
  const std::int64_t pads =
      valid ? 0 : window.pads[axis] + window.pads[axis + window.kernel.size()];
  const std::int64_t extent = Plus(Times(window.kernel[axis] - 1, window.dilations[axis]), 1);
  return (size - 1) * window.strides[axis] + output_padding + extent - pads;
}

Status ConvTranspose(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  DLV_TRY(CheckRanks(context));
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  const std::size_t axes = in->size() - 2;
  DLV_ASSIGN(const std::int64_t group, GroupOf(context));
  DLV_ASSIGN(Wholes kernel, KernelOf(context, axes));
  std::int64_t made = kUnknownSize;
  if (const auto& weight = context.In(1).shape) {
    made = Times((*weight)[1], group);
    DLV_TRY(CheckChannels(context, (*weight)[0], made, 2));
  }
  DLV_ASSIGN(const Window window, WindowOf(context, std::move(kernel)));
  DLV_ASSIGN(const Wholes padding, WindowList(context, "output_padding", axes, 0, 0));
  NetworkShape out = {(*in)[0], made};
  for (std::size_t i = 0; i < axes; ++i) out.push_back(Grow(window, i, (*in)[i + 2], padding[i]));
  if (IntegersAttribute(context.node(), "output_shape") != nullptr) {
    DLV_ASSIGN(const Wholes wanted, WindowList(context, "output_shape", axes, 1, 1));
    std::copy(wanted.begin(), wanted.end(), out.begin() + 2);
  }
  for (const std::int64_t size : out) {
    if (size < kUnknownSize) return context.Bad("output would have the shape " + ShapeText(out));
  }
  context.Out(0).shape = std::move(out);
  return Ok();
}

Status Pool(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  context.Out(1).dtype = DType::kI64;  // places of the maxima
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  if (in->size() < 3) return context.Bad(context.Text("input", 0) + ", want at least 3 axes");
  if (IntegersAttribute(context.node(), "kernel_shape") == nullptr) {
    return context.Bad("has no kernel_shape");
  }
  DLV_ASSIGN(Wholes kernel, WindowList(context, "kernel_shape", in->size() - 2, 1, 1));
  DLV_ASSIGN(const Window window, WindowOf(context, std::move(kernel)));
  DLV_TRY(SlideAll(context, window, (*in)[1]));
  const auto shape = context.Out(0).shape;
  context.Out(1).shape = shape;
  return Ok();
}

Status GlobalPool(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  auto& shape = context.Out(0).shape;
  if (!shape) return Ok();
  if (shape->size() < 2) return context.Bad(context.Text("input", 0) + ", want at least 2 axes");
  std::fill(shape->begin() + 2, shape->end(), 1);
  return Ok();
}

constexpr RuleRow kWindowRules[] = {
    {"Conv", Conv},
    {"ConvInteger", ConvInteger},
    {"ConvTranspose", ConvTranspose},
    {"MaxPool", Pool},
    {"AveragePool", Pool},
    {"LpPool", Pool},
    {"GlobalMaxPool", GlobalPool},
    {"GlobalAveragePool", GlobalPool},
    {"GlobalLpPool", GlobalPool},
};

}  // namespace

std::span<const RuleRow> WindowRules() { return kWindowRules; }

}  // namespace dlv::network
