#pragma once
/// \file
/// An expansion straight from memory is microcode on some processors: InRegister keeps the compiler
/// from merging the load into it. Only for files compiled for AVX-512.

#include <immintrin.h>
#include <stdint.h>

namespace dlv::codec {
namespace {

template <typename Vector>
inline Vector InRegister(Vector value) {
  __asm__("" : "+v"(value));
  return value;
}

/// The next words, one for each lane in `need`, in the low halves of these.
inline __m512i NextWords(__mmask16 need, const uint8_t* words) {
  const __m256i raw = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
  return _mm512_maskz_expand_epi32(need, InRegister(_mm512_cvtepu16_epi32(raw)));
}

}  // namespace
}  // namespace dlv::codec
