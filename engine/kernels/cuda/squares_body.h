#pragma once
/// \file
/// The bodies of SumSquares (kernels.h). One warp adds up a part: thread t the numbers t, t + 32,
/// ..., then the 32 sums in a tree; and one warp the parts of a tensor likewise. No product is
/// fused with a sum, so that the emulation gives the same bits.

#include "engine/kernels/cuda/jobs.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

DLV_DEVICE double RoundedSquare(double x) {
#if defined(__CUDA_ARCH__)
  return __dmul_rn(x, x);
#else
  return x * x;
#endif
}

DLV_DEVICE double RoundedSum(double a, double b) {
#if defined(__CUDA_ARCH__)
  return __dadd_rn(a, b);
#else
  return a + b;
#endif
}

template <class Warp>
DLV_DEVICE double TreeSum(Warp& warp, typename Warp::template PerThread<double> sums) {
  for (unsigned mask = kWarp / 2; mask > 0; mask /= 2) {
    const auto others = warp.Exchange(sums, mask);
    warp.Each([&](unsigned thread) {
      // a + b and b + a are the same number, so all threads end with the same sum.
      sums[thread] = RoundedSum(sums[thread], others[thread]);
    });
  }
  double total = 0;
  warp.Each([&](unsigned thread) { total = sums[thread]; });
  return total;
}

template <class Warp>
DLV_DEVICE double SquaresOfPart(Warp& warp, const SquaresJob& job, uint64_t part) {
  typename Warp::template PerThread<double> sums;
  const uint64_t begin = part * kSquaresPart;
  const uint64_t end = job.count - begin < kSquaresPart ? job.count : begin + kSquaresPart;
  warp.Each([&](unsigned thread) {
    double sum = 0;
    for (uint64_t i = begin + thread; i < end; i += kWarp) {
      const double centre = job.centres == nullptr ? 0 : job.centres[i];
      sum = RoundedSum(sum, RoundedSquare(job.values[i] - centre));
    }
    sums[thread] = sum;
  });
  return TreeSum(warp, sums);
}

template <class Warp>
DLV_DEVICE double SumOfParts(Warp& warp, const double* parts, uint64_t count) {
  typename Warp::template PerThread<double> sums;
  warp.Each([&](unsigned thread) {
    double sum = 0;
    for (uint64_t i = thread; i < count; i += kWarp) sum = RoundedSum(sum, parts[i]);
    sums[thread] = sum;
  });
  return TreeSum(warp, sums);
}

}  // namespace dlv::kernels::cuda
