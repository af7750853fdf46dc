#pragma once
/// \file
/// Arithmetic that never falls below the true result: engine/bounds/rounding.h bit for bit.

#include "engine/kernels/cuda/squares_body.h"
#include "engine/kernels/cuda/warp.h"

#if !defined(__CUDACC__)
#include <cmath>
#endif

namespace dlv::kernels::cuda {

DLV_DEVICE double RoundedProduct(double a, double b) {
#if defined(__CUDA_ARCH__)
  return __dmul_rn(a, b);
#else
  return a * b;
#endif
}

DLV_DEVICE double RoundedRoot(double a) {
#if defined(__CUDA_ARCH__)
  return __dsqrt_rn(a);
#elif defined(__CUDACC__)
  return a;  // never runs: the host's half of a device's function
#else
  return std::sqrt(a);
#endif
}

/// At least the true result of which `computed`, not negative, is that of so many roundings.
DLV_DEVICE double Above(double computed, double operations = 1) {
  const double factor = RoundedSum(1, RoundedProduct(RoundedSum(operations, 2), 0x1p-52));
  return RoundedSum(RoundedProduct(computed, factor),
                    RoundedProduct(RoundedSum(operations, 1), 0x1p-960));
}

DLV_DEVICE double RootAbove(double a) { return Above(RoundedRoot(a)); }

/// At least the sum of the squares of `count` numbers load(0), load(1), ..., as SquaresAbove has
/// it: eight sums, what is left of the numbers to the first one. Threads t and t + 8 do the same.
template <class Warp, class Load>
DLV_DEVICE double SquaresAbove(Warp& warp, uint64_t count, const Load& load) {
  typename Warp::template PerThread<double> sums;
  warp.Each([&](unsigned thread) {
    const unsigned lane = thread % 8;
    const uint64_t whole = count / 8 * 8;
    double sum = 0;
    for (uint64_t i = lane; i < whole; i += 8) sum = RoundedSum(sum, RoundedSquare(load(i)));
    for (uint64_t i = whole; i < count && lane == 0; ++i)
      sum = RoundedSum(sum, RoundedSquare(load(i)));
    sums[thread] = sum;
  });
  for (unsigned mask = 1; mask < 8; mask *= 2) {
    const auto others = warp.Exchange(sums, mask);
    warp.Each([&](unsigned thread) { sums[thread] = RoundedSum(sums[thread], others[thread]); });
  }
  double total = 0;
  warp.Each([&](unsigned thread) { total = sums[thread]; });
  return Above(total, RoundedSum(static_cast<double>(count), 1));
}

}  // namespace dlv::kernels::cuda
