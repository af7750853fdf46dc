#pragma once
/// \file
/// The bodies of FinishLayer and BoundLinear (kernels.h): per-position norms as engine/progressive
/// makes them, bit for bit.

#include "engine/kernels/cuda/double_bits.h"
#include "engine/kernels/cuda/outward_rounding.h"
#include "engine/kernels/cuda/spread_jobs.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

// ---- the end of a layer

/// Element `at`, of channel `channel`, with its bias; stores it, and what Relu makes of it. Returns
/// the one whose norm is wanted.
template <class T>
DLV_DEVICE double FinishElement(const EpilogueJob& job, uint64_t at, uint64_t channel) {
  T value = static_cast<T*>(job.values)[at];
  if (job.bias != nullptr) {
    value = value + static_cast<const T*>(job.bias)[channel];
    static_cast<T*>(job.values)[at] = value;
  }
  if (job.activated == nullptr) return static_cast<double>(value);
  value = value < 0 ? T{0} : value;
  static_cast<T*>(job.activated)[at] = value;
  return static_cast<double>(value);
}

/// Positions `from` to `from` + 31 of a sample, one a thread.
template <class T, class Warp>
DLV_DEVICE void FinishPositions(Warp& warp, const EpilogueJob& job, uint64_t sample,
                                uint64_t from) {
  warp.Each([&](unsigned thread) {
    const uint64_t position = from + thread;
    if (position >= job.positions) return;
    double sum = 0;
    for (uint64_t channel = 0; channel < job.channels; ++channel) {
      const uint64_t at = (sample * job.channels + channel) * job.positions + position;
      sum = RoundedSum(sum, RoundedSquare(FinishElement<T>(job, at, channel)));
    }
    job.norms[sample * job.positions + position] =
        RootAbove(Above(sum, RoundedSum(static_cast<double>(job.channels), 1)));
  });
}

/// A sample with one position: all channels by a warp.
template <class T, class Warp>
DLV_DEVICE void FinishPoint(Warp& warp, const EpilogueJob& job, uint64_t sample) {
  const uint64_t first = sample * job.channels;
  warp.Each([&](unsigned thread) {
    for (uint64_t channel = thread; channel < job.channels; channel += kWarp)
      (void)FinishElement<T>(job, first + channel, channel);
  });
  warp.Sync();
  const T* const of = static_cast<const T*>(job.activated != nullptr ? job.activated : job.values);
  const double norm = RootAbove(SquaresAbove(
      warp, job.channels, [&](uint64_t i) { return static_cast<double>(of[first + i]); }));
  warp.Each([&](unsigned thread) {
    if (thread == 0) job.norms[sample] = norm;
  });
}

// ---- the spread of a linear layer

/// At least the root of the sum of the squares of `entries` over the window at (y, x).
DLV_DEVICE double NormOverWindow(const WindowShape& window, const double* entries, int32_t y,
                                 int32_t x) {
  double sum = 0;
  for (int32_t dy = 0; dy < window.height; ++dy) {
    const int32_t row = y * window.stride_height + dy * window.dilation_height - window.pad_top;
    if (row < 0 || row >= window.in_height) continue;
    double of_row = 0;
    for (int32_t dx = 0; dx < window.width; ++dx) {
      const int32_t column = x * window.stride_width + dx * window.dilation_width - window.pad_left;
      if (column < 0 || column >= window.in_width) continue;
      const double entry = entries[static_cast<int64_t>(row) * window.in_width + column];
      of_row = RoundedSum(of_row, Above(RoundedSquare(entry)));
    }
    sum = RoundedSum(sum, of_row);
  }
  return RootAbove(Above(sum, static_cast<double>(window.height * window.width)));
}

DLV_DEVICE double LesserOf(double a, double b) { return b < a ? b : a; }

/// Output positions `from` to `from` + 31 of a sample, one a thread: what the weights not read do
/// to x, rounding, and both with what the weights do to d.
template <class Warp>
DLV_DEVICE void BoundPositions(Warp& warp, const LinearSpreadJob& job, uint64_t sample,
                               uint32_t from) {
  const WindowShape& window = job.window;
  const auto in = static_cast<uint64_t>(window.in_height) * window.in_width;
  const auto out = static_cast<uint32_t>(window.out_height * window.out_width);
  warp.Each([&](unsigned thread) {
    if (from + thread >= out) return;
    const auto y = static_cast<int32_t>((from + thread) / window.out_width);
    const auto x = static_cast<int32_t>((from + thread) % window.out_width);
    const double whole_spread = job.whole_spread[sample];
    const double seen = NormOverWindow(window, job.norms + sample * in, y, x);
    const double spread =
        whole_spread == 0
            ? 0
            : LesserOf(NormOverWindow(window, job.spreads + sample * in, y, x), whole_spread);
    const double residual = Above(RoundedProduct(job.norm_residual, seen));
    const double error =
        Above(RoundedSum(RoundedProduct(job.rounding_share, seen), job.rounding_base), 2);
    const double rounding = error < job.rounding_limit ? error : Infinity();
    const double moved = RoundedProduct(job.norm_whole, spread);
    const uint64_t at = sample * out + from + thread;
    job.residual[at] = residual;
    job.rounding[at] = rounding;
    job.entries[at] = Above(RoundedSum(RoundedSum(moved, residual), rounding), 4);
  });
}

/// All positions of a sample together, after BoundPositions; entries become no more than that.
template <class Warp>
DLV_DEVICE void BoundSample(Warp& warp, const LinearSpreadJob& job, uint64_t sample) {
  const auto in = static_cast<uint64_t>(job.window.in_height) * job.window.in_width;
  const auto out = static_cast<uint64_t>(job.window.out_height) * job.window.out_width;
  const auto norm_of = [&](const double* numbers, uint64_t count) {
    return RootAbove(SquaresAbove(warp, count, [&](uint64_t i) { return numbers[i]; }));
  };
  double* const entries = job.entries + sample * out;
  const double by_operator =
      Above(RoundedProduct(job.operator_residual, norm_of(job.norms + sample * in, in)));
  const double by_rows = norm_of(job.residual + sample * out, out);
  const double rounding = norm_of(job.rounding + sample * out, out);
  const double own = Above(RoundedSum(by_operator < by_rows ? by_operator : by_rows, rounding));
  const double moved = RoundedProduct(job.operator_whole, job.whole_spread[sample]);
  const double whole = LesserOf(Above(RoundedSum(moved, own), 2), norm_of(entries, out));
  warp.Sync();  // all have read the entries
  warp.Each([&](unsigned thread) {
    for (uint64_t p = thread; p < out; p += kWarp) entries[p] = LesserOf(entries[p], whole);
    if (thread != 0) return;
    job.own[sample] = own;
    job.whole[sample] = whole;
  });
}

}  // namespace dlv::kernels::cuda
