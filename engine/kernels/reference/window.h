#pragma once
/// \file
/// Windows that slide over the axes behind batch and channels: what convolutions and pools share.

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// One axis that a window slides over.
struct WindowAxis {
  std::int64_t in = 1, out = 1;
  std::int64_t kernel = 1, stride = 1, dilation = 1;
  std::int64_t before = 0, after = 0;  ///< padding; negative: cut off

  std::int64_t extent() const { return (kernel - 1) * dilation + 1; }
  std::int64_t Begin(std::int64_t position) const { return position * stride - before; }
};

/// Depth, height, width. Windows over fewer axes have size 1 on the first ones.
using Window = std::array<WindowAxis, 3>;

/// Taps `first` to before `end` of a window lie inside the input; tap k reads place
/// begin + k * dilation.
struct Taps {
  std::int64_t first = 0, end = 0, begin = 0;
};
inline Taps TapsAt(const WindowAxis& axis, std::int64_t position) {
  const std::int64_t begin = axis.Begin(position), d = axis.dilation;
  const std::int64_t first = begin >= 0 ? 0 : (-begin + d - 1) / d;
  const std::int64_t end = begin >= axis.in ? 0 : (axis.in - begin + d - 1) / d;
  return {std::min(first, axis.kernel), std::min(std::max(end, first), axis.kernel), begin};
}

inline std::int64_t InCount(const Window& w) { return w[0].in * w[1].in * w[2].in; }
inline std::int64_t OutCount(const Window& w) { return w[0].out * w[1].out * w[2].out; }
inline std::int64_t KernelCount(const Window& w) { return w[0].kernel * w[1].kernel * w[2].kernel; }

/// Reads strides, dilations, pads, auto_pad and ceil_mode of a node whose input has the shape
/// `in` = [N, C, ...] and whose window has the sizes `kernel`, and finds the sizes of the output.
/// A window that would begin in the padding behind the end does not count (as in Caffe and
/// PyTorch; ONNX since opset 19). auto_pad as in ONNX's Conv.
/// Errors: kInvalidArgument (numbers of axes, values out of range, a kernel larger than the padded
/// input), kUnsupported (more than three axes).
Result<Window> ReadWindow(const Call& call, const Shape& in, const Wholes& kernel);
/// The same for a window that spreads: the output of ConvTranspose, with output_padding and
/// output_shape.
Result<Window> ReadSpreadWindow(const Call& call, const Shape& in, const Wholes& kernel);

/// [N, channels, out...] with as many axes as `in` has.
Shape OutShape(const Window& window, const Shape& in, std::int64_t channels);

/// Calls `tap(place in the input plane, place in the kernel)` for all taps of the window at an
/// output position that lie inside the input, in ascending order.
template <class Tap>
void ForEachTap(const Window& w, std::int64_t z, std::int64_t y, std::int64_t x, Tap&& tap) {
  const Taps depth = TapsAt(w[0], z), height = TapsAt(w[1], y), width = TapsAt(w[2], x);
  for (std::int64_t i = depth.first; i < depth.end; ++i) {
    const std::int64_t plane = (depth.begin + i * w[0].dilation) * w[1].in;
    for (std::int64_t j = height.first; j < height.end; ++j) {
      const std::int64_t row = (plane + height.begin + j * w[1].dilation) * w[2].in;
      const std::int64_t kernel_row = (i * w[1].kernel + j) * w[2].kernel;
      for (std::int64_t k = width.first; k < width.end; ++k) {
        tap(row + width.begin + k * w[2].dilation, kernel_row + k);
      }
    }
  }
}

}  // namespace dlv::kernels
