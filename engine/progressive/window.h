#pragma once
/// \file
/// Windows that slide over the positions of a value.

#include <cstdint>
#include <numeric>
#include <span>

#include "engine/progressive/layer.h"

namespace dlv::progressive {

struct Window {
  std::int64_t height = 1, width = 1;
  std::int64_t stride_height = 1, stride_width = 1;
  std::int64_t dilation_height = 1, dilation_width = 1;
  std::int64_t pad_top = 0, pad_left = 0;

  std::int64_t size() const { return height * width; }
  bool is_point() const {
    return size() == 1 && stride_height == 1 && stride_width == 1 && pad_top == 0 && pad_left == 0;
  }
  /// At most so many windows hold one position. Along an axis, tap t of the window at y is at
  /// y * stride + t * dilation: of the taps, those that can meet a position are one in
  /// stride / gcd(stride, dilation).
  std::int64_t Overlap() const {
    const auto along = [](std::int64_t size, std::int64_t stride, std::int64_t dilation) {
      const std::int64_t step = stride / std::gcd(stride, dilation);
      return (size + step - 1) / step;
    };
    return along(height, stride_height, dilation_height) *
           along(width, stride_width, dilation_width);
  }
};

/// Calls `function(position, tap, input position)` for each tap of each window that lies inside the
/// input; taps count row by row.
template <class Function>
void ForEachTap(const Window& window, const Extent& in, const Extent& out, Function&& function) {
  for (std::int64_t y = 0; y < out.height; ++y) {
    for (std::int64_t x = 0; x < out.width; ++x) {
      for (std::int64_t dy = 0; dy < window.height; ++dy) {
        const std::int64_t row =
            y * window.stride_height + dy * window.dilation_height - window.pad_top;
        if (row < 0 || row >= in.height) continue;
        for (std::int64_t dx = 0; dx < window.width; ++dx) {
          const std::int64_t column =
              x * window.stride_width + dx * window.dilation_width - window.pad_left;
          if (column < 0 || column >= in.width) continue;
          function(static_cast<std::size_t>(y * out.width + x),
                   static_cast<std::size_t>(dy * window.width + dx),
                   static_cast<std::size_t>(row * in.width + column));
        }
      }
    }
  }
}

/// Outputs along one axis whose tap falls inside: [first, last).
struct InsideRange {
  std::int64_t first = 0, last = 0;
};
InsideRange Inside(std::int64_t offset, std::int64_t stride, std::int64_t in, std::int64_t out);

/// Calls `function(first output, first input, count)` for each run of outputs along a row that a
/// tap meets inside of one channel; the inputs are stride_width apart.
template <class Function>
void ForEachRun(const Window& window, const Extent& in, const Extent& out, Function&& function) {
  for (std::int64_t dy = 0; dy < window.height; ++dy) {
    const std::int64_t down = dy * window.dilation_height - window.pad_top;
    const InsideRange rows = Inside(down, window.stride_height, in.height, out.height);
    for (std::int64_t dx = 0; dx < window.width; ++dx) {
      const std::int64_t across = dx * window.dilation_width - window.pad_left;
      const InsideRange columns = Inside(across, window.stride_width, in.width, out.width);
      for (std::int64_t y = rows.first; y < rows.last; ++y) {
        function(y * out.width + columns.first,
                 (y * window.stride_height + down) * in.width +
                     columns.first * window.stride_width + across,
                 columns.last - columns.first);
      }
    }
  }
}

/// Writes to `sums` at least the sum of `squares` over each window.
void SumsOverWindows(const Window& window, const Extent& in, const Extent& out,
                     std::span<const double> squares, std::span<double> sums);

/// Lays the windows of `channels` channels of a sample out as a matrix, [channels * taps][positions
/// of out], 0 where a tap lies outside; and adds such a matrix back to a sample.
void LayOut(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
            const double* sample, double* matrix);
void LayOut(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
            const float* sample, float* matrix);
void AddBack(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
             const double* matrix, double* sample);

}  // namespace dlv::progressive
