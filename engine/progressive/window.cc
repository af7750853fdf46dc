#include "engine/progressive/window.h"

#include <algorithm>
#include <vector>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

InsideRange Inside(std::int64_t offset, std::int64_t stride, std::int64_t in, std::int64_t out) {
  const std::int64_t first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const std::int64_t last = in - offset <= 0 ? 0 : (in - offset + stride - 1) / stride;
  return {std::min(first, out), std::clamp<std::int64_t>(last, std::min(first, out), out)};
}

/// Sums along rows, then of these along columns: at most height + width - 2 additions on each path.
void SumsOverWindows(const Window& window, const Extent& in, const Extent& out,
                     std::span<const double> squares, std::span<double> sums) {
  thread_local std::vector<double> rows;
  rows.assign(AsSize(in.height * out.width), 0);
  for (std::int64_t dx = 0; dx < window.width; ++dx) {
    const std::int64_t across = dx * window.dilation_width - window.pad_left;
    const auto [first, last] = Inside(across, window.stride_width, in.width, out.width);
    for (std::int64_t y = 0; y < in.height; ++y) {
      if (first >= last) continue;
      double* const to = rows.data() + y * out.width + first;
      const std::int64_t stride = window.stride_width;
      const double* const from = squares.data() + y * in.width + across + first * stride;
      if (stride == 1) {
        for (std::int64_t x = 0; x < last - first; ++x) to[x] += from[x];
      } else {
        for (std::int64_t x = 0; x < last - first; ++x) to[x] += from[x * stride];
      }
    }
  }
  std::ranges::fill(sums, 0);
  for (std::int64_t dy = 0; dy < window.height; ++dy) {
    const std::int64_t down = dy * window.dilation_height - window.pad_top;
    const auto [first, last] = Inside(down, window.stride_height, in.height, out.height);
    for (std::int64_t y = first; y < last; ++y) {
      double* const to = sums.data() + y * out.width;
      const double* const from = rows.data() + (y * window.stride_height + down) * out.width;
      for (std::int64_t x = 0; x < out.width; ++x) to[x] += from[x];
    }
  }
  const auto terms = static_cast<double>(window.size());
  for (double& sum : sums) sum = bounds::Above(sum, terms);
}

namespace {

/// Calls `row(matrix row, input row, count)` for each run of taps along an output's row: one row of
/// the matrix is one tap of one channel.
template <class Row>
void ForEachRow(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
                Row&& row) {
  for (std::int64_t line = 0; line < channels * window.size(); ++line) {
    const std::int64_t channel = line / window.size(), tap = line % window.size();
    const std::int64_t down = (tap / window.width) * window.dilation_height - window.pad_top;
    const std::int64_t across = (tap % window.width) * window.dilation_width - window.pad_left;
    const InsideRange rows = Inside(down, window.stride_height, in.height, out.height);
    const InsideRange columns = Inside(across, window.stride_width, in.width, out.width);
    for (std::int64_t y = rows.first; y < rows.last; ++y) {
      const std::int64_t from = (channel * in.height + y * window.stride_height + down) * in.width +
                                columns.first * window.stride_width + across;
      row(line * out.positions() + y * out.width + columns.first, from,
          columns.last - columns.first);
    }
  }
}

/// Zeros go where no input is, between the runs, which come in the order of the matrix.
template <class Number>
void LayOutIn(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
              const Number* sample, Number* matrix) {
  const std::int64_t stride = window.stride_width;
  std::int64_t filled = 0;
  ForEachRow(window, in, out, channels, [&](std::int64_t to, std::int64_t from, std::int64_t n) {
    if (n <= 0) return;
    std::fill(matrix + filled, matrix + to, Number{0});
    filled = to + n;
    if (stride == 1) {
      std::copy_n(sample + from, n, matrix + to);
    } else {
      for (std::int64_t i = 0; i < n; ++i) matrix[to + i] = sample[from + i * stride];
    }
  });
  std::fill(matrix + filled, matrix + channels * window.size() * out.positions(), Number{0});
}

}  // namespace

void LayOut(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
            const double* sample, double* matrix) {
  LayOutIn(window, in, out, channels, sample, matrix);
}
void LayOut(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
            const float* sample, float* matrix) {
  LayOutIn(window, in, out, channels, sample, matrix);
}

void AddBack(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
             const double* matrix, double* sample) {
  const std::int64_t stride = window.stride_width;
  ForEachRow(window, in, out, channels, [&](std::int64_t to, std::int64_t from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) sample[from + i * stride] += matrix[to + i];
  });
}

}  // namespace dlv::progressive
