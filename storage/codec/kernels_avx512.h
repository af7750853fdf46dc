#pragma once
/// \file
/// The AVX-512 form of the codec's loops, in two variants: for all processors with AVX-512 F, BW,
/// VL, DQ and CD, and for those that permute bytes across a register as well (VBMI, VBMI2, GFNI).
/// In an unnamed namespace, as rans_avx512.h.

#include "storage/codec/context_bits_avx512.h"
#include "storage/codec/planes_avx512.h"
#include "storage/codec/rans_avx512.h"

namespace dlv::codec {
namespace {

// Elements of 4 bytes are those of optimizer state; other widths take the generic form.
size_t Avx512KeepNonzero(const uint8_t* elements, size_t n, unsigned width, uint8_t* kept) {
  if (width != 4) return GenericKeepNonzero(elements, n, width, kept);
  uint8_t* next = kept;
  size_t i = 0;
  for (; n - i >= 16; i += 16) {
    const __m512i x = _mm512_loadu_si512(elements + 4 * i);
    const __mmask16 present = _mm512_test_epi32_mask(x, x);
    _mm512_storeu_si512(next, _mm512_maskz_compress_epi32(present, x));
    next += 4 * _mm_popcnt_u32(present);
  }
  next += 4 * GenericKeepNonzero(elements + 4 * i, n - i, 4, next);
  return static_cast<size_t>(next - kept) / 4;
}

void Avx512SpreadKept(const uint8_t* symbols, size_t n, unsigned width, const uint8_t* kept,
                      uint8_t* elements) {
  if (width != 4) return GenericSpreadKept(symbols, n, width, kept, elements);
  size_t i = 0;
  for (; n - i >= 16; i += 16) {
    const __m128i s = _mm_loadu_si128(reinterpret_cast<const __m128i*>(symbols + i));
    const __mmask16 present = _mm_test_epi8_mask(s, s);
    _mm512_storeu_si512(elements + 4 * i,
                        _mm512_maskz_expand_epi32(present, InRegister(_mm512_loadu_si512(kept))));
    kept += 4 * _mm_popcnt_u32(present);
  }
  GenericSpreadKept(symbols + i, n - i, 4, kept, elements + 4 * i);
}

constexpr Kernels Avx512KernelsCalled(const char* name) {
  return {name,
          GenericChecksum,
          RansEncodeAvx512,
          RansDecodeAvx512,
          RansDecodeChainedAvx512,
          GenericPairBits,
          DecodeBitsAvx512,
          GenericScan,
          GenericToSymbols,
          Avx512KeepNonzero,
          Avx512ToPlanes,
          Avx512FromPlanes,
          GenericCountZeroBytes,
          Avx512SpreadKept,
          GenericAddExponents};
}

}  // namespace
}  // namespace dlv::codec
