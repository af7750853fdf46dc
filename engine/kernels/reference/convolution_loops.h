#pragma once
/// \file
/// Convolution as plain loops, for any type that works like a real number.

#include <cstdint>
#include <vector>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/window.h"

namespace dlv::kernels {

/// Channels of a convolution.
struct ConvChannels {
  std::int64_t in = 0, out = 0, groups = 1;
  std::int64_t in_group() const { return in / groups; }
  std::int64_t out_group() const { return out / groups; }
};

/// Adds weight * input for one tap of the width axis to a row of sums.
template <class T>
void AddTapToRow(const WindowAxis& w, std::int64_t tap, Sum<T> weight, const T* row,
                 std::vector<Sum<T>>& sums) {
  const std::int64_t shift = tap * w.dilation - w.before;  // place = x * stride + shift
  const std::int64_t first = shift >= 0 ? 0 : (-shift + w.stride - 1) / w.stride;
  const std::int64_t end = shift >= w.in ? 0 : std::min((w.in - shift - 1) / w.stride + 1, w.out);
  for (std::int64_t x = first; x < end; ++x) {
    sums[static_cast<std::size_t>(x)] += weight * static_cast<Sum<T>>(row[x * w.stride + shift]);
  }
}

/// One row of the output: y[z, y, .] = bias + sum over channels and taps of weight * x.
/// Shapes: x [channels, in...], weight [channels, kernel...], both of one group and one output
/// channel; sums [out of the last axis].
template <class T>
void ConvRow(const Window& w, std::int64_t channels, const T* x, const T* weight, std::int64_t z,
             std::int64_t y, std::vector<Sum<T>>& sums) {
  const Taps depth = TapsAt(w[0], z), height = TapsAt(w[1], y);
  for (std::int64_t c = 0; c < channels; ++c) {
    const T* plane = x + c * InCount(w);
    const T* kernel = weight + c * KernelCount(w);
    for (std::int64_t i = depth.first; i < depth.end; ++i) {
      const std::int64_t at_z = (depth.begin + i * w[0].dilation) * w[1].in;
      for (std::int64_t j = height.first; j < height.end; ++j) {
        const T* row = plane + (at_z + height.begin + j * w[1].dilation) * w[2].in;
        const T* taps = kernel + (i * w[1].kernel + j) * w[2].kernel;
        for (std::int64_t k = 0; k < w[2].kernel; ++k) {
          AddTapToRow<T>(w[2], k, static_cast<Sum<T>>(taps[k]), row, sums);
        }
      }
    }
  }
}

/// One channel of one image. Shapes: as ConvRow, out [out...].
template <class T>
void ConvPlane(const Window& w, std::int64_t channels, const T* x, const T* weight, Sum<T> bias,
               T* out) {
  std::vector<Sum<T>> sums(static_cast<std::size_t>(w[2].out));
  for (std::int64_t z = 0; z < w[0].out; ++z) {
    for (std::int64_t y = 0; y < w[1].out; ++y) {
      std::fill(sums.begin(), sums.end(), bias);
      ConvRow<T>(w, channels, x, weight, z, y, sums);
      for (const Sum<T>& sum : sums) *out++ = static_cast<T>(sum);
    }
  }
}

/// One channel of one image of a transposed convolution: sums [out...] += spread input. The window
/// is that of the output: `w.in` is the input's size, place = x * stride + tap * dilation - before.
/// Shapes: x [channels, in...]; weight [channels, ...] with `weight_step` elements from one to the
/// next.
template <class T>
void SpreadPlane(const Window& w, std::int64_t channels, const T* x, const T* weight,
                 std::int64_t weight_step, std::vector<Sum<T>>& sums) {
  const auto add = [&](const T* plane, const T* kernel, std::int64_t z, std::int64_t y) {
    for (std::int64_t i = 0; i < w[0].kernel; ++i) {
      const std::int64_t at_z = w[0].Begin(z) + i * w[0].dilation;
      if (at_z < 0 || at_z >= w[0].out) continue;
      for (std::int64_t j = 0; j < w[1].kernel; ++j) {
        const std::int64_t at_y = w[1].Begin(y) + j * w[1].dilation;
        if (at_y < 0 || at_y >= w[1].out) continue;
        const std::int64_t row = (at_z * w[1].out + at_y) * w[2].out;
        const T* in = plane + (z * w[1].in + y) * w[2].in;
        for (std::int64_t k = 0; k < w[2].kernel; ++k) {
          const Sum<T> tap = static_cast<Sum<T>>(kernel[(i * w[1].kernel + j) * w[2].kernel + k]);
          for (std::int64_t at = 0; at < w[2].in; ++at) {
            const std::int64_t place = w[2].Begin(at) + k * w[2].dilation;
            if (place < 0 || place >= w[2].out) continue;
            sums[static_cast<std::size_t>(row + place)] += tap * static_cast<Sum<T>>(in[at]);
          }
        }
      }
    }
  };
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t z = 0; z < w[0].in; ++z) {
      for (std::int64_t y = 0; y < w[1].in; ++y) {
        add(x + c * InCount(w), weight + c * weight_step, z, y);
      }
    }
  }
}

}  // namespace dlv::kernels
