// Conv and ConvTranspose: ONNX, operator versions 1, 11. Caffe's Convolution and Deconvolution are
// imported as them.

#include <string>

#include "engine/kernels/reference/convolution_loops.h"
#include "engine/kernels/reference/convolution_operands.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

template <class T>
Status RunConv(Call& call, const ConvOperands& conv, Value& out) {
  const Window& w = conv.window;
  const ConvChannels& channels = conv.channels;
  const T* x = call.In(0).As<T>().data();
  const T* weight = call.In(1).As<T>().data();
  const T* bias = call.Has(2) ? call.In(2).As<T>().data() : nullptr;
  T* y = out.As<T>().data();
  for (std::int64_t n = 0; n < conv.batch; ++n) {
    for (std::int64_t m = 0; m < channels.out; ++m, y += OutCount(w)) {
      DLV_TRY(call.CheckCancelled());
      const std::int64_t group = m / channels.out_group();
      ConvPlane<T>(w, channels.in_group(),
                   x + (n * channels.in + group * channels.in_group()) * InCount(w),
                   weight + m * channels.in_group() * KernelCount(w),
                   bias == nullptr ? 0 : static_cast<Sum<T>>(bias[m]), y);
    }
  }
  return Ok();
}

Status Conv(Call& call) {
  DLV_ASSIGN(const ConvOperands conv, ReadConv(call));
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), conv.out));
  return OnReal(call, call.In(0).dtype(), [&](auto type) {
    return RunConv<typename decltype(type)::type>(call, conv, *out);
  });
}

template <class T>
Status RunConvTranspose(Call& call, const ConvOperands& conv, Value& out) {
  const Window& w = conv.window;
  const ConvChannels& channels = conv.channels;
  const T* x = call.In(0).As<T>().data();
  const T* weight = call.In(1).As<T>().data();
  const T* bias = call.Has(2) ? call.In(2).As<T>().data() : nullptr;
  T* y = out.As<T>().data();
  std::vector<Sum<T>> sums(static_cast<std::size_t>(OutCount(w)));
  for (std::int64_t n = 0; n < conv.batch; ++n) {
    for (std::int64_t m = 0; m < channels.out; ++m) {
      DLV_TRY(call.CheckCancelled());
      const std::int64_t first = m / channels.out_group() * channels.in_group();
      std::fill(sums.begin(), sums.end(), bias == nullptr ? 0 : static_cast<Sum<T>>(bias[m]));
      SpreadPlane<T>(
          w, channels.in_group(), x + (n * channels.in + first) * InCount(w),
          weight + (first * channels.out_group() + m % channels.out_group()) * KernelCount(w),
          channels.out_group() * KernelCount(w), sums);
      for (const Sum<T>& sum : sums) *y++ = static_cast<T>(sum);
    }
  }
  return Ok();
}

Status ConvTranspose(Call& call) {
  DLV_ASSIGN(const ConvOperands conv, ReadConvTranspose(call));
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), conv.out));
  return OnReal(call, call.In(0).dtype(), [&](auto type) {
    return RunConvTranspose<typename decltype(type)::type>(call, conv, *out);
  });
}

constexpr KernelRow kConvolutionKernels[] = {
    {"", "Conv", Conv},
    {"", "ConvTranspose", ConvTranspose},
};

}  // namespace

std::span<const KernelRow> ConvolutionKernels() { return kConvolutionKernels; }

}  // namespace dlv::kernels
