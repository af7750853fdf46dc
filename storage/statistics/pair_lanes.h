#pragma once
/// \file
/// Eight lanes of binary64 for the loops over pairs, which the compiler cuts to the registers that
/// there are; loops are compiled for AVX2, too, and give the same bits there.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#define DLV_INLINE inline __attribute__((always_inline))

namespace dlv::statistics {

inline constexpr std::size_t kPairLanes = 8;

using Doubles = double __attribute__((vector_size(64)));
using DoubleMask = std::int64_t __attribute__((vector_size(64)));
using Floats = float __attribute__((vector_size(32)));
using FloatMask = std::int32_t __attribute__((vector_size(32)));

template <class T>
struct LanesOf {
  using Values = Doubles;
  using Mask = DoubleMask;
};
template <>
struct LanesOf<float> {
  using Values = Floats;
  using Mask = FloatMask;
};

DLV_INLINE double SumOfLanes(const Doubles& lanes) {
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
         ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

/// Gives `add(a, b)` eight pairs at a time, the rest filled up with zeros. Returns how many of
/// these there were.
template <class T, class Add>
DLV_INLINE std::size_t ForEachLanes(const T* a, const T* b, std::size_t count, Add&& add) {
  const std::size_t whole = count / kPairLanes * kPairLanes;
  for (std::size_t i = 0; i < whole; i += kPairLanes) add(a + i, b + i);
  if (whole == count) return 0;
  T last_a[kPairLanes] = {}, last_b[kPairLanes] = {};
  std::memcpy(last_a, a + whole, (count - whole) * sizeof(T));
  std::memcpy(last_b, b + whole, (count - whole) * sizeof(T));
  add(last_a, last_b);
  return kPairLanes - (count - whole);
}

#if defined(__x86_64__)
inline bool HasAvx2() {
  static const bool has = [] {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread writes it
    const char* forced = std::getenv("DLV_KERNELS");
    if (forced != nullptr && std::string_view(forced) == "reference") return false;
    return __builtin_cpu_supports("avx2") != 0;
  }();
  return has;
}
#endif

}  // namespace dlv::statistics
