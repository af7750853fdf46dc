#pragma once
/// \file
/// What some processors do slowly, and how to get round it. Only for files compiled for AVX-512.

#include <immintrin.h>
#include <stdint.h>

namespace dlv::codec {
namespace {

/// An expansion straight from memory can be microcode: this keeps the compiler from merging the
/// load into it.
template <typename Vector>
inline Vector InRegister(Vector value) {
  __asm__("" : "+v"(value));
  return value;
}

/// For words that are read one by one at once: of a store of 64 bytes, these loads would have to
/// wait until it has reached the cache (measured on Cascade Lake; of 32 bytes they need not).
inline void StoreHalves(void* at, __m512i value) {
  auto* const halves = static_cast<__m256i*>(at);
  _mm256_storeu_si256(halves, _mm512_castsi512_si256(value));
  _mm256_storeu_si256(halves + 1, _mm512_extracti64x4_epi64(value, 1));
}

/// The next words, one for each lane in `need`, in the low halves of these.
inline __m512i NextWords(__mmask16 need, const uint8_t* words) {
  const __m256i raw = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
  return _mm512_maskz_expand_epi32(need, InRegister(_mm512_cvtepu16_epi32(raw)));
}

}  // namespace
}  // namespace dlv::codec
