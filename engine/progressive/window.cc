#include "engine/progressive/window.h"

#include <algorithm>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

void SumsOverWindows(const Window& window, const Extent& in, const Extent& out,
                     std::span<const double> squares, std::span<double> sums) {
  std::ranges::fill(sums, 0);
  ForEachTap(window, in, out, [&](std::size_t position, std::size_t, std::size_t from) {
    sums[position] += squares[from];
  });
  const auto terms = static_cast<double>(window.size());
  for (double& sum : sums) sum = bounds::Above(sum, terms);
}

namespace {

/// Outputs along one axis whose tap falls inside: [first, last).
struct Range {
  std::int64_t first, last;
};

Range Inside(std::int64_t offset, std::int64_t stride, std::int64_t in, std::int64_t out) {
  const std::int64_t first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const std::int64_t last = in - offset <= 0 ? 0 : (in - offset + stride - 1) / stride;
  return {std::min(first, out), std::clamp<std::int64_t>(last, std::min(first, out), out)};
}

/// Calls `row(matrix row, input row, count)` for each run of taps along an output's row: one row of
/// the matrix is one tap of one channel.
template <class Row>
void ForEachRow(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
                Row&& row) {
  for (std::int64_t line = 0; line < channels * window.size(); ++line) {
    const std::int64_t channel = line / window.size(), tap = line % window.size();
    const std::int64_t down = (tap / window.width) * window.dilation_height - window.pad_top;
    const std::int64_t across = (tap % window.width) * window.dilation_width - window.pad_left;
    const Range rows = Inside(down, window.stride_height, in.height, out.height);
    const Range columns = Inside(across, window.stride_width, in.width, out.width);
    for (std::int64_t y = rows.first; y < rows.last; ++y) {
      const std::int64_t from = (channel * in.height + y * window.stride_height + down) * in.width +
                                columns.first * window.stride_width + across;
      row(line * out.positions() + y * out.width + columns.first, from,
          columns.last - columns.first);
    }
  }
}

}  // namespace

void LayOut(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
            const double* sample, double* matrix) {
  std::fill_n(matrix, channels * window.size() * out.positions(), 0.0);
  const std::int64_t stride = window.stride_width;
  ForEachRow(window, in, out, channels, [&](std::int64_t to, std::int64_t from, std::int64_t n) {
    if (stride == 1) {
      std::copy_n(sample + from, n, matrix + to);
    } else {
      for (std::int64_t i = 0; i < n; ++i) matrix[to + i] = sample[from + i * stride];
    }
  });
}

void AddBack(const Window& window, const Extent& in, const Extent& out, std::int64_t channels,
             const double* matrix, double* sample) {
  const std::int64_t stride = window.stride_width;
  ForEachRow(window, in, out, channels, [&](std::int64_t to, std::int64_t from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) sample[from + i * stride] += matrix[to + i];
  });
}

}  // namespace dlv::progressive
