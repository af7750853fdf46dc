#pragma once
/// \file
/// Bits in the context of symbols (docs/format/codec.md §5.4) as vectors of 16 lanes, whose masks
/// are the plane. In an unnamed namespace, as rans_avx512.h.

#include "storage/codec/chances_simd.h"
#include "storage/codec/context_bits_generic.h"
#include "storage/codec/rans_avx512.h"

namespace dlv::codec {
namespace {

// One bit of 16 lanes; `chances`: of their contexts.
inline __mmask16 TakeBits(__m128i chances, __m512i& x, const uint8_t*& words) {
  const __m512i ones = _mm512_slli_epi32(_mm512_cvtepu8_epi32(chances), 3);
  const __m512i slot = _mm512_and_si512(x, _mm512_set1_epi32(kBitSlots - 1));
  const __m512i share = _mm512_mullo_epi32(ones, _mm512_srli_epi32(x, kBitScale));
  const __mmask16 is_one = _mm512_cmplt_epu32_mask(slot, ones);
  const __m512i if_zero = _mm512_sub_epi32(_mm512_sub_epi32(x, ones), share);
  const __m512i next = _mm512_mask_add_epi32(if_zero, is_one, share, slot);
  x = Renormalised({next, _mm512_cmplt_epu32_mask(next, _mm512_set1_epi32(1 << 16))}, words);
  return is_one;
}

template <unsigned kVectors>
bool DecodeBitsWide(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                    const BitModel& model, uint8_t* plane) {
  RansCursor cursor;
  RansStart(cursor, coded, size, 16 * kVectors);
  __m512i x[kVectors];
  memcpy(x, cursor.state, sizeof x);
  const Chances chances = ChancesOf(model);
  PaddedWords padded;
  size_t i = 0;
  for (; n - i >= 64; i += 64) {
    PadWords(cursor, padded, 160);
    const uint8_t* words = cursor.words;
    uint64_t bits = 0;
#pragma GCC unroll 4
    for (unsigned v = 0; v < 4; ++v) {
      const uint64_t ones =
          TakeBits(LookUpChances(chances, contexts + i + 16 * v), x[v % kVectors], words);
      bits |= ones << 16 * v;
    }
    StoreAs(plane + i / 8, bits);
    cursor.words = words;
    if (cursor.words > cursor.end) return false;
  }
  memcpy(cursor.state, x, sizeof x);
  BitFrequencies frequencies;
  SpreadModel(model, frequencies);
  return FinishBits(cursor, contexts, i, n, 16 * kVectors, frequencies, plane);
}

bool DecodeBitsAvx512(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                      unsigned lanes, const BitModel& model, uint8_t* plane) {
  if (lanes == 32) return DecodeBitsWide<2>(coded, size, contexts, n, model, plane);
  if (lanes == 16) return DecodeBitsWide<1>(coded, size, contexts, n, model, plane);
  return GenericDecodeBits(coded, size, contexts, n, lanes, model, plane);
}

}  // namespace
}  // namespace dlv::codec
