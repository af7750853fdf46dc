#include "storage/statistics/pair_sums.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

#define DLV_INLINE inline __attribute__((always_inline))

namespace dlv::statistics {
namespace {

constexpr std::size_t kPairLanes = 8;

// Vectors of eight lanes, which the compiler cuts to the registers that there are.
using Doubles = double __attribute__((vector_size(64)));
using DoubleMask = std::int64_t __attribute__((vector_size(64)));
using Floats = float __attribute__((vector_size(32)));
using FloatMask = std::int32_t __attribute__((vector_size(32)));

template <class T>
struct Vectors {
  using Values = Doubles;
  using Mask = DoubleMask;
};
template <>
struct Vectors<float> {
  using Values = Floats;
  using Mask = FloatMask;
};

template <class T>
struct LaneSums {
  Doubles squares_a{}, squares_b{}, squares_difference{}, products{}, greatest{};
  typename Vectors<T>::Mask differing{}, flips{}, zeros_a{}, zeros_b{};

  DLV_INLINE void Add(const T* at_a, const T* at_b) {
    typename Vectors<T>::Values a, b;
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

DLV_INLINE double Sum(const Doubles& lanes) {
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
         ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

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
  const std::size_t whole = count / kPairLanes * kPairLanes;
  for (std::size_t i = 0; i < whole; i += kPairLanes) sums.Add(a + i, b + i);
  std::uint64_t padding = 0;
  if (whole < count) {  // the rest, filled up with pairs of zeros
    T last_a[kPairLanes] = {}, last_b[kPairLanes] = {};
    std::memcpy(last_a, a + whole, (count - whole) * sizeof(T));
    std::memcpy(last_b, b + whole, (count - whole) * sizeof(T));
    sums.Add(last_a, last_b);
    padding = kPairLanes - (count - whole);
  }
  out.squares_a = Sum(sums.squares_a);
  out.squares_b = Sum(sums.squares_b);
  out.squares_difference = Sum(sums.squares_difference);
  out.products = Sum(sums.products);
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
bool HasAvx2() {
  static const bool has = [] {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread writes it
    const char* forced = std::getenv("DLV_KERNELS");
    if (forced != nullptr && std::string_view(forced) == "reference") return false;
    return __builtin_cpu_supports("avx2") != 0;
  }();
  return has;
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
