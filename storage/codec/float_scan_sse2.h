#pragma once
/// \file
/// Passes over elements of four bytes for any x86-64: exponents are taken from the upper halves,
/// eight to a register, where there are instructions for the larger and the smaller one. What they
/// give is said in kernels.h; other widths and other machines take kernels_generic.h. In an unnamed
/// namespace, as that.

#include "storage/codec/kernels_generic.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace dlv::codec {
namespace {

#if defined(__SSE2__)

inline __m128i LoadFour(const uint8_t* elements, size_t i) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(elements + 4 * i));
}

/// Where exponents stand in the upper halves of elements.
struct UpperExponents {
  __m128i shift;
  __m128i mask;

  UpperExponents(unsigned exponent_shift, unsigned bits)
      : shift(_mm_cvtsi32_si128(static_cast<int>(exponent_shift) - 16)),
        mask(_mm_set1_epi16(static_cast<short>((1u << bits) - 1))) {}

  __m128i Of(__m128i first, __m128i second) const {
    const __m128i upper = _mm_packs_epi32(_mm_srai_epi32(first, 16), _mm_srai_epi32(second, 16));
    return _mm_and_si128(_mm_srl_epi16(upper, shift), mask);
  }
};

/// Exponents of at most 15 bits in the upper halves of elements of four bytes.
inline bool HasUpperExponents(unsigned width, unsigned exponent_shift, unsigned bits) {
  return width == 4 && exponent_shift >= 16 && exponent_shift + bits <= 31;
}

/// Lanes of 16 bits, widened and added.
inline uint32_t SumOfLanes(__m128i lanes) {
  uint16_t each[8];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(each), lanes);
  uint32_t sum = 0;
  for (const uint16_t one : each) sum += one;
  return sum;
}

inline int LargestLane(__m128i lanes, bool negated) {
  int16_t each[8];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(each), lanes);
  int largest = -0x8000;
  for (const int16_t one : each) {
    const int value = negated ? -one : one;
    largest = value > largest ? value : largest;
  }
  return largest;
}

/// Adds to `scan`, which began as ScanOf does, the first elements; returns how many.
inline size_t ScanEights(const uint8_t* elements, size_t n, const UpperExponents& exponents,
                         FloatScan& scan) {
  constexpr size_t kStep = 1u << 16;  // counters of 16 bits cannot overflow within a step
  constexpr int kNone = 0x7fff;       // the exponent below 0
  __m128i any = _mm_setzero_si128();
  __m128i low = _mm_set1_epi16(kNone);
  __m128i high = _mm_setzero_si128();
  const size_t whole = n & ~size_t{7};
  for (size_t at = 0; at < whole; at += kStep) {
    const size_t stop = whole - at < kStep ? whole : at + kStep;
    __m128i zeros = _mm_setzero_si128();
    for (size_t i = at; i < stop; i += 8) {
      const __m128i first = LoadFour(elements, i);
      const __m128i second = LoadFour(elements, i + 4);
      const __m128i exponent = exponents.Of(first, second);
      const __m128i below = _mm_sub_epi16(exponent, _mm_set1_epi16(1));
      low = _mm_min_epi16(low, _mm_and_si128(below, _mm_set1_epi16(kNone)));
      high = _mm_max_epi16(high, exponent);
      any = _mm_or_si128(any, _mm_or_si128(first, second));
      const __m128i zero = _mm_setzero_si128();
      zeros = _mm_sub_epi16(
          zeros, _mm_packs_epi32(_mm_cmpeq_epi32(first, zero), _mm_cmpeq_epi32(second, zero)));
    }
    scan.zero_count += SumOfLanes(zeros);
  }
  uint32_t bits[4];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(bits), any);
  for (const uint32_t one : bits) scan.any_bits |= one;
  const int least = -LargestLane(low, true);
  if (least != kNone) scan.min_exponent = static_cast<uint32_t>(least) + 1;
  scan.max_exponent = static_cast<uint32_t>(LargestLane(high, false));
  return whole;
}

inline FloatScan PortableScan(const uint8_t* elements, size_t n, unsigned width, unsigned shift,
                              unsigned bits) {
  if (!HasUpperExponents(width, shift, bits)) return GenericScan(elements, n, width, shift, bits);
  FloatScan scan{0, 0xffffffff, 0, 0};
  const size_t done = ScanEights(elements, n, UpperExponents(shift, bits), scan);
  const FloatScan rest = GenericScan(elements + 4 * done, n - done, width, shift, bits);
  scan.any_bits |= rest.any_bits;
  scan.zero_count += rest.zero_count;
  if (rest.min_exponent < scan.min_exponent) scan.min_exponent = rest.min_exponent;
  if (rest.max_exponent > scan.max_exponent) scan.max_exponent = rest.max_exponent;
  return scan;
}

inline void PortableToSymbols(const uint8_t* elements, size_t n, unsigned width,
                              const SymbolMap& map, uint8_t* symbols) {
  size_t i = 0;
  if (HasUpperExponents(width, map.exponent_shift, map.exponent_bits) && map.zero_rule == 0) {
    const UpperExponents exponents(map.exponent_shift, map.exponent_bits);
    const __m128i below_first = _mm_set1_epi16(static_cast<short>(map.first - 1));
    const auto symbols_of = [&](size_t at) {
      const __m128i exponent = exponents.Of(LoadFour(elements, at), LoadFour(elements, at + 4));
      const __m128i some = _mm_cmpgt_epi16(exponent, _mm_setzero_si128());
      const __m128i symbol = _mm_and_si128(_mm_sub_epi16(exponent, below_first), some);
      return _mm_and_si128(symbol, _mm_set1_epi16(0xff));
    };
    for (; i + 16 <= n; i += 16) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(symbols + i),
                       _mm_packus_epi16(symbols_of(i), symbols_of(i + 8)));
    }
  }
  GenericToSymbols(elements + width * i, n - i, width, map, symbols + i);
}

#else

inline FloatScan PortableScan(const uint8_t* elements, size_t n, unsigned width, unsigned shift,
                              unsigned bits) {
  return GenericScan(elements, n, width, shift, bits);
}

inline void PortableToSymbols(const uint8_t* elements, size_t n, unsigned width,
                              const SymbolMap& map, uint8_t* symbols) {
  GenericToSymbols(elements, n, width, map, symbols);
}

#endif

}  // namespace
}  // namespace dlv::codec
