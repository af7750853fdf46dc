#pragma once
/// \file
/// Plain forms of the instructions of AVX-512 VBMI, VBMI2 and GFNI that storage/codec uses, in
/// place of the intrinsics: for running its VBMI kernels on a processor with AVX-512 that lacks
/// these (tests/tools/emulate_vbmi.sh). What each does is said in Intel's Intrinsics Guide.

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

namespace emulated {

struct Bytes {
  uint8_t at[64] = {};
  Bytes() = default;
  explicit Bytes(__m512i vector) { memcpy(at, &vector, sizeof at); }
  __m512i vector() const {
    __m512i result;
    memcpy(&result, at, sizeof at);
    return result;
  }
};

inline __m512i Permute(__m512i index, __m512i from) {
  const Bytes i(index), source(from);
  Bytes out;
  for (int k = 0; k < 64; ++k) out.at[k] = source.at[i.at[k] & 63];
  return out.vector();
}

inline __m512i Permute2(__m512i low, __m512i index, __m512i high) {
  const Bytes i(index), first(low), second(high);
  Bytes out;
  for (int k = 0; k < 64; ++k) {
    const int at = i.at[k] & 63;
    out.at[k] = (i.at[k] & 64) == 0 ? first.at[at] : second.at[at];
  }
  return out.vector();
}

inline __m512i MaskedPermute2(__mmask64 mask, __m512i low, __m512i index, __m512i high) {
  return _mm512_maskz_mov_epi8(mask, Permute2(low, index, high));
}

inline __m512i Compress(__mmask64 mask, __m512i from) {
  const Bytes source(from);
  Bytes out;
  int next = 0;
  for (int k = 0; k < 64; ++k) {
    if ((mask >> k & 1) != 0) out.at[next++] = source.at[k];
  }
  return out.vector();
}

inline __m512i Expand(__mmask64 mask, __m512i from) {
  const Bytes source(from);
  Bytes out;
  int next = 0;
  for (int k = 0; k < 64; ++k) {
    if ((mask >> k & 1) != 0) out.at[k] = source.at[next++];
  }
  return out.vector();
}

/// Bit b of a byte: the parity of it and byte 7 - b of its quadword of `matrix`.
inline __m512i Affine(__m512i bytes, __m512i matrix, int constant) {
  const Bytes source(bytes), rows(matrix);
  Bytes out;
  for (int k = 0; k < 64; ++k) {
    unsigned byte = 0;
    for (int b = 0; b < 8; ++b) {
      const unsigned ones = rows.at[k / 8 * 8 + 7 - b] & source.at[k];
      byte |= static_cast<unsigned>(__builtin_parity(ones)) << b;
    }
    out.at[k] = static_cast<uint8_t>(byte ^ static_cast<unsigned>(constant));
  }
  return out.vector();
}

}  // namespace emulated

#define _mm512_permutexvar_epi8 emulated::Permute
#define _mm512_permutex2var_epi8 emulated::Permute2
#define _mm512_maskz_permutex2var_epi8 emulated::MaskedPermute2
#define _mm512_maskz_compress_epi8 emulated::Compress
#define _mm512_maskz_expand_epi8 emulated::Expand
#undef _mm512_gf2p8affine_epi64_epi8
#define _mm512_gf2p8affine_epi64_epi8 emulated::Affine
#define __AVX512VBMI__ 1
#define __AVX512VBMI2__ 1
#define __GFNI__ 1
