#pragma once
/// \file
/// Small pieces that the AVX-512 files of the delta coder share, of which some have a shorter form
/// where bytes can be permuted across a register (VBMI, VBMI2). Only for files compiled for
/// AVX-512.

#include <immintrin.h>
#include <string.h>

#include "storage/codec/delta_kernels.h"
#include "storage/codec/in_register_avx512.h"

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

/// A register of eight general ones. By way of memory, a load would have to wait until all eight
/// were stored.
inline __m512i FromWords(const uint64_t (&words)[8]) {
  __m128i quarter[4];
  for (int q = 0; q < 4; ++q) {
    const __m128i low = _mm_cvtsi64_si128(static_cast<long long>(words[2 * q]));
    quarter[q] = _mm_insert_epi64(low, static_cast<long long>(words[2 * q + 1]), 1);
  }
  return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_set_m128i(quarter[1], quarter[0])),
                            _mm256_set_m128i(quarter[3], quarter[2]), 1);
}

#if defined(__AVX512VBMI2__)

/// Stores the bytes of `chosen` lanes side by side; may overwrite 64 bytes.
inline void StoreChosen(uint8_t* at, __mmask64 chosen, __m512i bytes) {
  Store(at, _mm512_maskz_compress_epi8(chosen, bytes));
}

/// The way back, with 0 in the other lanes; 64 bytes are readable.
inline __m512i PlaceChosen(__mmask64 chosen, const uint8_t* from) {
  return _mm512_maskz_expand_epi8(chosen, InRegister(Load(from)));
}

#else

/// 255 for each bit.
inline uint64_t SpreadBits(uint64_t bits) { return _pdep_u64(bits, 0x0101010101010101) * 255; }

inline void StoreChosen(uint8_t* at, __mmask64 chosen, __m512i bytes) {
  if (chosen == ~__mmask64{0}) return Store(at, bytes);
  alignas(64) uint64_t words[8];
  StoreHalves(words, bytes);
  for (uint64_t word : words) {
    word = _pext_u64(word, SpreadBits(chosen & 255));
    memcpy(at, &word, sizeof word);
    at += _mm_popcnt_u32(static_cast<uint32_t>(chosen & 255));
    chosen >>= 8;
  }
}

inline __m512i PlaceChosen(__mmask64 chosen, const uint8_t* from) {
  if (chosen == ~__mmask64{0}) return Load(from);
  uint64_t words[8];
  for (uint64_t& word : words) {
    memcpy(&word, from, sizeof word);
    word = _pdep_u64(word, SpreadBits(chosen & 255));
    from += _mm_popcnt_u32(static_cast<uint32_t>(chosen & 255));
    chosen >>= 8;
  }
  return FromWords(words);
}

#endif

/// Byte `byte` of 64 elements of four bytes.
inline __attribute__((always_inline)) __m512i ByteOf(unsigned byte, const __m512i bits[4]) {
#if defined(__AVX512VBMI__)
  const __m512i steps =
      _mm512_setr_epi32(0x0c080400, 0x1c181410, 0x2c282420, 0x3c383430, 0x4c484440, 0x5c585450,
                        0x6c686460, 0x7c787470, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m512i select = _mm512_add_epi8(steps, Set8(byte));
  const __m512i low = _mm512_permutex2var_epi8(bits[0], select, bits[1]);
  const __m512i high = _mm512_permutex2var_epi8(bits[2], select, bits[3]);
  return _mm512_inserti64x4(low, _mm512_castsi512_si256(high), 1);
#else
  // Within each quarter the four bytes side by side, four registers' quarters next to each other,
  // and then in order.
  const __m512i gather = _mm512_broadcast_i32x4(
      _mm_add_epi8(_mm_set1_epi32(0x0c080400), _mm_set1_epi8(static_cast<char>(byte))));
  const __m512i even = _mm512_unpacklo_epi32(_mm512_shuffle_epi8(bits[0], gather),
                                             _mm512_shuffle_epi8(bits[1], gather));
  const __m512i odd = _mm512_unpacklo_epi32(_mm512_shuffle_epi8(bits[2], gather),
                                            _mm512_shuffle_epi8(bits[3], gather));
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  return _mm512_permutexvar_epi32(order, _mm512_unpacklo_epi64(even, odd));
#endif
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
