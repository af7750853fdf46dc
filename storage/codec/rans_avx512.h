#pragma once
/// \file
/// rANS (rans.h) as 4 vectors of 16 lanes. In an unnamed namespace: each file that includes this
/// compiles its own copy for its own instruction set.

#include <immintrin.h>
#include <string.h>

#include "storage/codec/in_register_avx512.h"
#include "storage/codec/kernels_generic.h"
#include "storage/codec/look_up_four.h"
#if defined(__AVX512VBMI__)
#include "storage/codec/rans_registers_avx512vbmi.h"
#endif

namespace dlv::codec {
namespace {

inline __m512i LoadSymbols(const uint8_t* at) {
  return _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
}

// One step of 16 lanes. floor(x / f) by a float product: x < f << (32 - scale) <= f << 22, so the
// quotient is below 2^22 and the relative error of 3 * 2^-24 leaves it off by one at most.
inline uint8_t* EncodeVector(__m512i& x, __m512i entry, __m512 reciprocal, unsigned scale,
                             uint8_t* words) {
  const __m512i f = _mm512_and_si512(entry, _mm512_set1_epi32(0xffff));
  const __m128i up = _mm_cvtsi32_si128(static_cast<int>(32 - scale));
  const __mmask16 full = _mm512_cmpge_epu32_mask(x, _mm512_sll_epi32(f, up));
  const unsigned chosen = static_cast<unsigned>(_mm_popcnt_u32(full));
  words -= 2 * chosen;
  _mm256_mask_storeu_epi16(words, static_cast<__mmask16>((1u << chosen) - 1),
                           _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(full, x)));
  const __m512i y = _mm512_mask_srli_epi32(x, full, x, 16);
  __m512i q = _mm512_cvttps_epu32(_mm512_mul_ps(_mm512_cvtepu32_ps(y), reciprocal));
  __m512i r = _mm512_sub_epi32(y, _mm512_mullo_epi32(q, f));
  const __m512i one = _mm512_set1_epi32(1);
  const __mmask16 negative = _mm512_movepi32_mask(r);
  q = _mm512_mask_sub_epi32(q, negative, q, one);
  r = _mm512_mask_add_epi32(r, negative, r, f);
  const __mmask16 big = _mm512_cmpge_epu32_mask(r, f);
  q = _mm512_mask_add_epi32(q, big, q, one);
  r = _mm512_mask_sub_epi32(r, big, r, f);
  x = _mm512_add_epi32(_mm512_sll_epi32(q, _mm_cvtsi32_si128(static_cast<int>(scale))),
                       _mm512_add_epi32(r, _mm512_srli_epi32(entry, 16)));
  return words;
}

inline __m512 Reciprocal(__m512i entry) {
  const __m512i f = _mm512_and_si512(entry, _mm512_set1_epi32(0xffff));
  return _mm512_div_ps(_mm512_set1_ps(1.0f), _mm512_cvtepu32_ps(f));
}

/// table[index] of 16 lanes.
inline __m512i LookUpEach(const uint32_t* table, __m512i index) {
  alignas(64) uint64_t pairs[4][2];
  StoreHalves(pairs, index);
  __asm__("" : "+m"(pairs));  // or the compiler takes the vector apart
  const __m256i low = _mm256_set_m128i(LookUpFour(table, pairs[1]), LookUpFour(table, pairs[0]));
  const __m256i high = _mm256_set_m128i(LookUpFour(table, pairs[3]), LookUpFour(table, pairs[2]));
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

// Tables looked up in memory, with or without contexts. The lookups of all lanes come first: they
// are many instructions, and nothing waits for what stands between them.
template <bool kContexts>
uint8_t* EncodeLookingUp(const uint8_t* symbols, const uint8_t* contexts, size_t n, unsigned scale,
                         const uint32_t* tables, __m512i state[4], uint8_t* words) {
  __m512i x[4] = {state[0], state[1], state[2], state[3]};
  for (size_t i = n; i > 0; i -= 64) {
    __m512i entries[4];
#pragma GCC unroll 4
    for (unsigned v = 0; v < 4; ++v) {
      __m512i index = LoadSymbols(symbols + i - 64 + 16 * v);
      if constexpr (kContexts) {
        const __m512i context = LoadSymbols(contexts + i - 64 + 16 * v);
        index = _mm512_or_si512(index, _mm512_slli_epi32(context, 8));
      }
      entries[v] = LookUpEach(tables, index);
    }
#pragma GCC unroll 4
    for (unsigned k = 0; k < 4; ++k) {
      const unsigned v = 3 - k;
      words = EncodeVector(x[v], entries[v], Reciprocal(entries[v]), scale, words);
    }
  }
  for (unsigned v = 0; v < 4; ++v) state[v] = x[v];
  return words;
}

// One table of at most 64 symbols from 0 on, held in registers. `lanes`: 16 * kVectors.
template <unsigned kVectors>
uint8_t* EncodeFromRegisters(const uint8_t* symbols, size_t n, unsigned scale,
                             const uint32_t* table, __m512i* state, uint8_t* words) {
  __m512i x[kVectors];
  for (unsigned v = 0; v < kVectors; ++v) x[v] = state[v];
  __m512i entries[4];
  __m512 reciprocals[4];
  for (unsigned k = 0; k < 4; ++k) {
    entries[k] = _mm512_loadu_si512(table + 16 * k);
    reciprocals[k] = Reciprocal(entries[k]);
  }
  for (size_t i = n; i > 0; i -= 64) {
    for (unsigned v = 4; v-- > 0;) {
      const __m512i s = LoadSymbols(symbols + i - 64 + 16 * v);
      const __mmask16 upper = _mm512_test_epi32_mask(s, _mm512_set1_epi32(32));
      __m512i entry = _mm512_permutex2var_epi32(entries[0], s, entries[1]);
      entry =
          _mm512_mask_mov_epi32(entry, upper, _mm512_permutex2var_epi32(entries[2], s, entries[3]));
      __m512 reciprocal = _mm512_permutex2var_ps(reciprocals[0], s, reciprocals[1]);
      reciprocal = _mm512_mask_mov_ps(reciprocal, upper,
                                      _mm512_permutex2var_ps(reciprocals[2], s, reciprocals[3]));
      words = EncodeVector(x[v % kVectors], entry, reciprocal, scale, words);
    }
  }
  for (unsigned v = 0; v < kVectors; ++v) state[v] = x[v];
  return words;
}

bool FitsRegisters(const uint32_t* table) {
  uint32_t used = 0;
  for (unsigned k = 64; k < 256; ++k) used |= table[k] & 0xffff;
  return used == 0;
}

size_t EncodeHalfWide(const uint8_t* symbols, size_t n, unsigned scale, const uint32_t* table,
                      uint8_t* out) {
  RansWriter writer;
  RansStart(writer, n, 32, out);
  const size_t whole = n / 64 * 64;
  RansEncodeEach(writer, symbols, nullptr, n, whole, 32, scale, table);
  __m512i x[2];
  memcpy(x, writer.state, sizeof x);
  writer.words = EncodeFromRegisters<2>(symbols, whole, scale, table, x, writer.words);
  memcpy(writer.state, x, sizeof x);
  return RansFinish(writer, 32, out);
}

size_t RansEncodeAvx512(const uint8_t* symbols, const uint8_t* contexts, size_t n, unsigned lanes,
                        unsigned scale, const uint32_t* tables, uint8_t* out) {
  if (lanes == 32 && contexts == nullptr && FitsRegisters(tables)) {
    return EncodeHalfWide(symbols, n, scale, tables, out);
  }
  if (lanes != 64) return GenericRansEncode(symbols, contexts, n, lanes, scale, tables, out);
  RansWriter writer;
  RansStart(writer, n, 64, out);
  size_t i = n / 64 * 64;
  RansEncodeEach(writer, symbols, contexts, n, i, 64, scale, tables);
  uint8_t* words = writer.words;
  __m512i x[4];
  memcpy(x, writer.state, sizeof x);
  if (contexts != nullptr) {
    words = EncodeLookingUp<true>(symbols, contexts, i, scale, tables, x, words);
  } else if (FitsRegisters(tables)) {
    words = EncodeFromRegisters<4>(symbols, i, scale, tables, x, words);
  } else {
    words = EncodeLookingUp<false>(symbols, nullptr, i, scale, tables, x, words);
  }
  writer.words = words;
  memcpy(writer.state, x, sizeof x);
  return RansFinish(writer, 64, out);
}

struct DecodeConstants {
  __m512i slot_mask;
  __m128i scale;
};

/// The state that follows, given what the table says, and its lanes that need another word.
struct Step {
  __m512i next;
  __mmask16 need;
};

inline Step StepOf(__m512i x, __m512i entry, const DecodeConstants& constants) {
  const __m512i f = _mm512_and_si512(_mm512_srli_epi32(entry, 8), _mm512_set1_epi32(0xfff));
  const __m512i next = _mm512_add_epi32(_mm512_mullo_epi32(f, _mm512_srl_epi32(x, constants.scale)),
                                        _mm512_srli_epi32(entry, 20));
  return {next, _mm512_cmplt_epu32_mask(next, _mm512_set1_epi32(1 << 16))};
}

inline __m512i Renormalised(const Step& step, const uint8_t*& words) {
  const __m512i word = NextWords(step.need, words);
  words += 2 * _mm_popcnt_u32(step.need);
  return _mm512_mask_or_epi32(step.next, step.need, _mm512_slli_epi32(step.next, 16), word);
}

enum class Contexts { kNone, kGiven, kChained };

template <Contexts kContexts>
bool DecodeWide(const uint8_t* coded, size_t size, const uint8_t* contexts, unsigned low,
                unsigned count, size_t n, unsigned scale, const uint32_t* tables,
                uint8_t* symbols) {
  RansCursor cursor;
  RansStart(cursor, coded, size, 64);
  __m512i x[4];
  memcpy(x, cursor.state, sizeof x);
  const DecodeConstants constants = {_mm512_set1_epi32(static_cast<int>((1u << scale) - 1)),
                                     _mm_cvtsi32_si128(static_cast<int>(scale))};
  const __m512i floor = _mm512_set1_epi32(static_cast<int>(low));
  const __m512i top = _mm512_set1_epi32(static_cast<int>(count - 1));
  __m512i context[4] = {};
  PaddedWords padded;
  size_t i = 0;
  for (; n - i >= 64; i += 64) {
    PadWords(cursor, padded, 160);
    const uint8_t* words = cursor.words;  // apart: what is stored below could be the cursor
    __m512i entries[4];
    Step steps[4];
#pragma GCC unroll 4
    for (unsigned v = 0; v < 4; ++v) {
      if (kContexts == Contexts::kGiven) context[v] = LoadSymbols(contexts + i + 16 * v);
      const __m512i slot = _mm512_and_si512(x[v], constants.slot_mask);
      const __m512i index = _mm512_or_si512(_mm512_sll_epi32(context[v], constants.scale), slot);
      entries[v] = LookUpEach(tables, index);
    }
#pragma GCC unroll 4
    for (unsigned v = 0; v < 4; ++v) steps[v] = StepOf(x[v], entries[v], constants);
#pragma GCC unroll 4
    for (unsigned v = 0; v < 4; ++v) {
      x[v] = Renormalised(steps[v], words);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(symbols + i + 16 * v),
                       _mm512_cvtepi32_epi8(entries[v]));
      if (kContexts == Contexts::kChained) {
        const __m512i symbol = _mm512_and_si512(entries[v], _mm512_set1_epi32(0xff));
        context[v] = _mm512_min_epi32(
            _mm512_max_epi32(_mm512_sub_epi32(symbol, floor), _mm512_setzero_si512()), top);
      }
    }
    cursor.words = words;
    if (cursor.words > cursor.end) return false;
  }
  memcpy(cursor.state, x, sizeof x);
  if (kContexts == Contexts::kChained) {
    return RansFinishChained(cursor, i, low, count, n, 64, scale, tables, symbols);
  }
  return RansFinish(cursor, contexts, i, n, 64, scale, tables, symbols);
}

bool RansDecodeAvx512(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                      unsigned lanes, unsigned scale, const uint32_t* tables, uint8_t* symbols) {
  if (lanes != 64) {
    return GenericRansDecode(coded, size, contexts, n, lanes, scale, tables, symbols);
  }
#if defined(__AVX512VBMI__)
  RegisterTable table;
  if (contexts == nullptr && scale == kRegisterScale && BuildRegisterTable(tables, &table)) {
    RansCursor cursor;
    RansStart(cursor, coded, size, 64);
    size_t done = 0;
    const bool fine = table.ranks > 32
                          ? DecodeFromRegisters<true>(table, cursor, &done, n, symbols)
                          : DecodeFromRegisters<false>(table, cursor, &done, n, symbols);
    return fine && RansFinish(cursor, nullptr, done, n, 64, scale, tables, symbols);
  }
#endif
  if (contexts != nullptr) {
    return DecodeWide<Contexts::kGiven>(coded, size, contexts, 0, 1, n, scale, tables, symbols);
  }
  return DecodeWide<Contexts::kNone>(coded, size, contexts, 0, 1, n, scale, tables, symbols);
}

bool RansDecodeChainedAvx512(const uint8_t* coded, size_t size, unsigned low, unsigned count,
                             size_t n, unsigned lanes, unsigned scale, const uint32_t* tables,
                             uint8_t* symbols) {
  if (lanes != 64) {
    return GenericRansDecodeChained(coded, size, low, count, n, lanes, scale, tables, symbols);
  }
  return DecodeWide<Contexts::kChained>(coded, size, nullptr, low, count, n, scale, tables,
                                        symbols);
}

}  // namespace
}  // namespace dlv::codec
