#pragma once
/// \file
/// What a model says of 16 contexts at a time, by a byte shuffle. Only for files compiled for AVX2
/// and more; in an unnamed namespace, as kernels_generic.h.

#include <immintrin.h>

#include "storage/codec/kernels.h"

namespace dlv::codec {
namespace {

/// BitModel::ones, as what is different from a half: a shuffle gives zero for all other contexts.
struct Chances {
  __m128i low;
  __m128i differences;
};

inline Chances ChancesOf(const BitModel& model) {
  static_assert(sizeof model.ones == 16 && kEvenChance == 64);
  uint8_t ones[16];
  for (unsigned k = 0; k < 16; ++k) ones[k] = k < model.count ? model.ones[k] : kEvenChance;
  const __m128i all = _mm_loadu_si128(reinterpret_cast<const __m128i*>(ones));
  return {_mm_set1_epi8(static_cast<char>(model.low)),
          _mm_xor_si128(all, _mm_set1_epi8(kEvenChance))};
}

inline __m128i LookUpChances(const Chances& chances, const uint8_t* contexts) {
  const __m128i symbols = _mm_loadu_si128(reinterpret_cast<const __m128i*>(contexts));
  // What is 16 or more gets its highest bit set.
  const __m128i index = _mm_adds_epu8(_mm_sub_epi8(symbols, chances.low), _mm_set1_epi8(0x70));
  return _mm_xor_si128(_mm_shuffle_epi8(chances.differences, index), _mm_set1_epi8(kEvenChance));
}

}  // namespace
}  // namespace dlv::codec
