#include "storage/statistics/pair_estimates.h"

#include <algorithm>
#include <bit>

#include "storage/statistics/pair_lanes.h"

namespace dlv::statistics {
namespace {

/// Four lanes are what a register of AVX2 holds: with eight, selections are done one by one.
using Four = double __attribute__((vector_size(32)));
using FourMask = std::int64_t __attribute__((vector_size(32)));

DLV_INLINE Four ReadFour(const float* at) {
  float __attribute__((vector_size(16))) read;
  std::memcpy(&read, at, sizeof read);
  return __builtin_convertvector(read, Four);
}
DLV_INLINE Four ReadFour(const double* at) {
  Four read;
  std::memcpy(&read, at, sizeof read);
  return read;
}

DLV_INLINE double SumOf(const Four& lanes) { return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]); }

DLV_INLINE Four Larger(const Four& x, const Four& y) { return x > y ? x : y; }

DLV_INLINE Four MagnitudeOf(const Four& x) {
  constexpr std::int64_t kAllButSign = 0x7fffffffffffffff;
  return __builtin_bit_cast(Four, __builtin_bit_cast(FourMask, x) & kAllButSign);
}

/// The power of two at or below the magnitude of `x`; 0 for 0.
DLV_INLINE Four PowerBelow(const Four& x) {
  constexpr std::int64_t kExponent = 0x7ff0000000000000;
  return __builtin_bit_cast(Four, __builtin_bit_cast(FourMask, x) & kExponent);
}

/// Four elements of one side.
struct Side {
  Four value, unit, likely_square;

  DLV_INLINE Side(const Four& read, ReadUnit of) : value(read) {
    unit = of.relative * Larger(PowerBelow(read), Four{} + of.least);
    const Four likely = read != 0 ? MagnitudeOf(read) + unit / 2 : Four{};
    likely_square = likely * likely;
  }
};

/// What the difference may be wrong by. Both magnitudes were rounded down: the errors of elements
/// of one sign, which a zero has, too, take from each other.
DLV_INLINE Four UnitOf(const Side& a, const Side& b) {
  const FourMask signs =
      __builtin_bit_cast(FourMask, a.value) ^ __builtin_bit_cast(FourMask, b.value);
  return signs >= 0 ? Larger(a.unit, b.unit) : a.unit + b.unit;
}

struct FourSums {
  Four magnitudes{}, squares{}, errors{}, squares_a{}, squares_b{};

  DLV_INLINE void Add(const Side& a, const Side& b) {
    const Four difference = b.value - a.value;
    const Four unit = UnitOf(a, b);
    magnitudes += MagnitudeOf(difference);
    squares += difference * difference;
    errors += unit * unit;
    squares_a += a.likely_square;
    squares_b += b.likely_square;
  }
};

template <class T>
DLV_INLINE RunSums SumRun(const T* a, const T* b, std::size_t count, ReadUnit of_a, ReadUnit of_b) {
  FourSums sums;
  const auto add = [&](const T* at_a, const T* at_b) __attribute__((always_inline)) {
    sums.Add({ReadFour(at_a), of_a}, {ReadFour(at_b), of_b});
    sums.Add({ReadFour(at_a + 4), of_a}, {ReadFour(at_b + 4), of_b});
  };
  // Pairs of zeros that fill up add to the errors seven times that of the least number at most.
  ForEachLanes(a, b, count, add);
  return {SumOf(sums.magnitudes), SumOf(sums.squares), SumOf(sums.errors), SumOf(sums.squares_a),
          SumOf(sums.squares_b)};
}

template <class T>
DLV_INLINE void SumAllRuns(const T* a, const T* b, std::size_t count, ReadUnit of_a, ReadUnit of_b,
                           RunSums* runs) {
  for (std::size_t first = 0; first < count; first += kPairRun) {
    const std::size_t length = std::min(kPairRun, count - first);
    *runs++ = SumRun(a + first, b + first, length, of_a, of_b);
  }
}

#if defined(__x86_64__)
template <class T>
__attribute__((target("avx2"))) void SumAllRunsWithAvx2(const T* a, const T* b, std::size_t count,
                                                        ReadUnit of_a, ReadUnit of_b,
                                                        RunSums* runs) {
  SumAllRuns(a, b, count, of_a, of_b, runs);
}
#endif

template <class T>
void Dispatch(const T* a, const T* b, std::size_t count, ReadUnit of_a, ReadUnit of_b,
              RunSums* runs) {
#if defined(__x86_64__)
  if (HasAvx2()) return SumAllRunsWithAvx2(a, b, count, of_a, of_b, runs);
#endif
  SumAllRuns(a, b, count, of_a, of_b, runs);
}

}  // namespace

void SumRuns(const float* a, const float* b, std::size_t count, ReadUnit of_a, ReadUnit of_b,
             RunSums* runs) {
  Dispatch(a, b, count, of_a, of_b, runs);
}
void SumRuns(const double* a, const double* b, std::size_t count, ReadUnit of_a, ReadUnit of_b,
             RunSums* runs) {
  Dispatch(a, b, count, of_a, of_b, runs);
}

}  // namespace dlv::statistics
