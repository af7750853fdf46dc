#include "engine/kernels/reference/convolution_operands.h"

#include <string>

namespace dlv::kernels {
namespace {

Status CheckConvTypes(const Call& call) {
  DLV_TRY(call.Want(2));
  for (std::size_t i = 1; i < 3; ++i) {
    if (call.Has(i) && call.In(i).dtype() != call.In(0).dtype()) {
      return WrongType(call, call.In(i).dtype(), NameOf(call.In(0).dtype()).data());
    }
  }
  if (call.In(0).rank() < 3 || call.In(0).rank() != call.In(1).rank()) {
    return call.Bad("input " + TextOf(call.In(0).shape()) + ", weight " +
                    TextOf(call.In(1).shape()) + ", want as many axes, at least 3");
  }
  return Ok();
}

Result<Wholes> KernelOf(const Call& call) {
  const Shape& weight = call.In(1).shape();
  const Wholes kernel(weight.begin() + 2, weight.end());
  const auto given = call.List("kernel_shape");
  if (given && *given != kernel) {
    return call.Bad("kernel_shape " + TextOf(*given) + ", weight " + TextOf(weight));
  }
  return kernel;
}

/// What `weight` wants of the input, against what is there.
Status CheckChannels(const Call& call, const ConvChannels& channels, std::int64_t wanted_in) {
  if (channels.groups < 1 || channels.out % channels.groups != 0 ||
      channels.in % channels.groups != 0 || wanted_in != channels.in) {
    return call.Bad("input has " + std::to_string(channels.in) + " channels, weight " +
                    TextOf(call.In(1).shape()) + ", group " + std::to_string(channels.groups));
  }
  if (call.Has(2) && call.In(2).shape() != Shape{channels.out}) {
    return call.Bad("bias " + TextOf(call.In(2).shape()) + ", want [" +
                    std::to_string(channels.out) + "]");
  }
  return Ok();
}

std::int64_t Times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? -1 : product;
}

}  // namespace

Result<ConvOperands> ReadConv(const Call& call) {
  DLV_TRY(CheckConvTypes(call));
  const Shape& in = call.In(0).shape();
  const Shape& weight = call.In(1).shape();
  ConvOperands conv;
  conv.batch = in[0];
  conv.channels = {in[1], weight[0], call.Whole("group", 1)};
  DLV_TRY(CheckChannels(call, conv.channels, Times(weight[1], conv.channels.groups)));
  DLV_ASSIGN(const Wholes kernel, KernelOf(call));
  DLV_ASSIGN(conv.window, ReadWindow(call, in, kernel));
  conv.out = OutShape(conv.window, in, conv.channels.out);
  return conv;
}

Result<ConvOperands> ReadConvTranspose(const Call& call) {
  DLV_TRY(CheckConvTypes(call));
  const Shape& in = call.In(0).shape();
  const Shape& weight = call.In(1).shape();
  ConvOperands conv;
  conv.batch = in[0];
  const std::int64_t groups = call.Whole("group", 1);
  conv.channels = {in[1], Times(weight[1], groups), groups};
  DLV_TRY(CheckChannels(call, conv.channels, weight[0]));
  DLV_ASSIGN(const Wholes kernel, KernelOf(call));
  DLV_ASSIGN(conv.window, ReadSpreadWindow(call, in, kernel));
  conv.out = OutShape(conv.window, in, conv.channels.out);
  return conv;
}

}  // namespace dlv::kernels
