#include "storage/statistics/pair_sums.h"

#include "storage/statistics/pair_lanes.h"

namespace dlv::statistics {
namespace {

template <class T>
struct LaneSums {
  Doubles squares_a{}, squares_b{}, squares_difference{}, products{}, greatest{};
  typename LanesOf<T>::Mask differing{}, flips{}, zeros_a{}, zeros_b{};

  DLV_INLINE void Add(const T* at_a, const T* at_b) {
    typename LanesOf<T>::Values a, b;
    std::memcpy(&a, at_a, sizeof a);
    std::memcpy(&b, at_b, sizeof b);
    const Doubles x = __builtin_convertvector(a, Doubles);
    const Doubles y = __builtin_convertvector(b, Doubles);
    const Doubles difference = y - x;
    squares_a += x * x;
    squares_b += y * y;
    squares_difference += difference * difference;
    products += x * y;
    const Doubles magnitude = difference < 0 ? -difference : difference;
    greatest = magnitude > greatest ? magnitude : greatest;
    differing -= a != b;  // a true lane is -1
    flips -= ((a < 0) & (b > 0)) | ((a > 0) & (b < 0));
    zeros_a -= a == 0;
    zeros_b -= b == 0;
  }
};

template <class Mask>
DLV_INLINE std::uint64_t SumCounts(const Mask& lanes) {
  std::uint64_t sum = 0;
  for (std::size_t lane = 0; lane < kPairLanes; ++lane)
    sum += static_cast<std::uint64_t>(lanes[lane]);
  return sum;
}

template <class T>
DLV_INLINE void SumAll(const T* a, const T* b, std::size_t count, PairSums& out) {
  LaneSums<T> sums;
  const std::size_t padding = ForEachLanes(
      a, b, count, [&](const T* at_a, const T* at_b) __attribute__((always_inline)) {
        sums.Add(at_a, at_b);
      });
  out.squares_a = SumOfLanes(sums.squares_a);
  out.squares_b = SumOfLanes(sums.squares_b);
  out.squares_difference = SumOfLanes(sums.squares_difference);
  out.products = SumOfLanes(sums.products);
  double greatest = 0;
  for (std::size_t lane = 0; lane < kPairLanes; ++lane) {
    greatest = sums.greatest[lane] > greatest ? sums.greatest[lane] : greatest;
  }
  out.greatest_difference = greatest;
  out.differing = SumCounts(sums.differing);
  out.sign_flips = SumCounts(sums.flips);
  out.zeros_a = SumCounts(sums.zeros_a) - padding;
  out.zeros_b = SumCounts(sums.zeros_b) - padding;
}

#if defined(__x86_64__)
template <class T>
__attribute__((target("avx2"))) void SumWithAvx2(const T* a, const T* b, std::size_t count,
                                                 PairSums& out) {
  SumAll(a, b, count, out);
}
#endif

template <class T>
PairSums SumWith(const T* a, const T* b, std::size_t count) {
  PairSums sums;
#if defined(__x86_64__)
  if (HasAvx2()) {
    SumWithAvx2(a, b, count, sums);
    return sums;
  }
#endif
  SumAll(a, b, count, sums);
  return sums;
}

}  // namespace

PairSums SumPairs(const float* a, const float* b, std::size_t count) {
  return SumWith(a, b, count);
}
PairSums SumPairs(const double* a, const double* b, std::size_t count) {
  return SumWith(a, b, count);
}

}  // namespace dlv::statistics
