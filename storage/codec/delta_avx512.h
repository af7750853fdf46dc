#pragma once
/// \file
/// Small pieces that the AVX-512 files of the delta coder share. Only for files compiled for
/// AVX-512.

#include <immintrin.h>
#include <string.h>

#include "storage/codec/delta_kernels.h"

namespace dlv::codec {
namespace {

inline __m512i Set8(unsigned value) { return _mm512_set1_epi8(static_cast<char>(value)); }
inline __m512i Set16(unsigned value) { return _mm512_set1_epi16(static_cast<short>(value)); }
inline __m512i Set32(unsigned value) { return _mm512_set1_epi32(static_cast<int>(value)); }

inline __m512i Table16(const uint8_t (&bytes)[16]) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

constexpr uint8_t kLowLength[16] = {0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4};
constexpr uint8_t kHighLength[16] = {0, 5, 6, 6, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8, 8};
/// Leading one of a byte of length i + 1.
constexpr uint8_t kLeading[16] = {1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0};
/// i ones.
constexpr uint8_t kOnes[16] = {0, 1, 3, 7, 15, 31, 63, 127, 255, 255, 255, 255, 255, 255, 255, 255};

inline __m512i Load(const uint8_t* at) { return _mm512_loadu_si512(at); }
inline void Store(uint8_t* at, __m512i value) { _mm512_storeu_si512(at, value); }

inline __mmask64 LiveLanes(size_t left) { return left >= kDeltaBlock ? ~0ull : (1ull << left) - 1; }

/// Bit lengths of bytes.
inline __m512i Lengths(__m512i bytes) {
  const __m512i nibble = Set8(15);
  const __m512i low = _mm512_shuffle_epi8(Table16(kLowLength), _mm512_and_si512(bytes, nibble));
  const __m512i high = _mm512_shuffle_epi8(Table16(kHighLength),
                                           _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble));
  return _mm512_max_epu8(low, high);
}

/// 1 << (length - 1), 0 where length is 0 or above 8.
inline __m512i Leading(__m512i lengths) {
  return _mm512_shuffle_epi8(Table16(kLeading), _mm512_sub_epi8(lengths, Set8(1)));
}

inline __m512i Bytes(__m512i low_words, __m512i high_words) {
  return _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi16_epi8(low_words)),
                            _mm512_cvtepi16_epi8(high_words), 1);
}

inline __m512i Words(__m512i bytes, int half) {
  return _mm512_cvtepu8_epi16(half == 0 ? _mm512_castsi512_si256(bytes)
                                        : _mm512_extracti64x4_epi64(bytes, 1));
}

}  // namespace
}  // namespace dlv::codec
