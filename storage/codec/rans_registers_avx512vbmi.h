#pragma once
/// \file
/// rANS decoding with one table held in registers: a gather of 16 entries takes longer than all the
/// rest of a step. Works where slots are given out by falling frequency (as symbol_coding.cc does),
/// so that all but the last 128 of 4096 slots form buckets of 32 with at most two symbols each.
/// Only for kernels_avx512vbmi.cc.

#include <immintrin.h>
#include <string.h>

#include "storage/codec/in_register_avx512.h"
#include "storage/codec/kernels_generic.h"

namespace dlv::codec {
namespace {

// Ranks number the symbols in the order of their slots.
struct RegisterTable {
  alignas(64) uint8_t first[128];  // rank at the start of the bucket
  alignas(64) uint8_t bound[128];  // where in the bucket the next rank begins; 32: nowhere
  alignas(64) uint8_t tail[128];   // rank of each of the last 128 slots
  alignas(64) uint32_t entry[64];  // frequency | start << 16
  alignas(64) uint8_t symbol[64];
  unsigned ranks;
};

constexpr unsigned kRegisterScale = 12;
constexpr uint32_t kTailStart = (1u << kRegisterScale) - 128;

// Returns false where the table does not have the shape.
inline bool BuildRegisterTable(const uint32_t* table, RegisterTable* out) {
  memset(out, 0, sizeof *out);
  uint8_t rank_of[1u << kRegisterScale];
  unsigned rank = 0;
  for (uint32_t slot = 0; slot < 1u << kRegisterScale; ++rank) {
    const uint32_t frequency = (table[slot] >> 8) & 0xfff;
    if (rank == 64 || frequency == 0 || slot + frequency > 1u << kRegisterScale) return false;
    out->entry[rank] = frequency | (slot << 16);
    out->symbol[rank] = static_cast<uint8_t>(table[slot]);
    memset(rank_of + slot, static_cast<int>(rank), frequency);
    slot += frequency;
  }
  out->ranks = rank;
  for (uint32_t bucket = 0; bucket < 128; ++bucket) {
    const uint8_t low = rank_of[32 * bucket];
    const uint8_t high = rank_of[32 * bucket + 31];
    out->first[bucket] = low;
    const uint32_t next = low == high ? 32 : (out->entry[low + 1] >> 16) - 32 * bucket;
    out->bound[bucket] = static_cast<uint8_t>(next);
    if (high - low > 1 && 32 * bucket < kTailStart) return false;
  }
  memcpy(out->tail, rank_of + kTailStart, 128);
  return true;
}

struct BytePair {
  __m512i low;
  __m512i high;
};

inline BytePair LoadPair(const uint8_t* table) {
  return {_mm512_load_si512(table), _mm512_load_si512(table + 64)};
}

// table[index & 127] in the lowest byte of each lane, zero above.
inline __m512i LookUp(const BytePair& table, __m512i index) {
  return _mm512_maskz_permutex2var_epi8(0x1111111111111111ULL, table.low, index, table.high);
}

template <bool kManyRanks>
bool DecodeFromRegisters(const RegisterTable& table, RansCursor& cursor, size_t* done, size_t n,
                         uint8_t* symbols) {
  const BytePair first = LoadPair(table.first);
  const BytePair bound = LoadPair(table.bound);
  const BytePair tail = LoadPair(table.tail);
  __m512i entries[4];
  for (unsigned k = 0; k < 4; ++k) entries[k] = _mm512_load_si512(table.entry + 16 * k);
  const __m512i symbol_of = _mm512_load_si512(table.symbol);
  const __m512i slot_mask = _mm512_set1_epi32((1 << kRegisterScale) - 1);
  const __m512i tail_start = _mm512_set1_epi32(static_cast<int>(kTailStart));
  __m512i x[4];
  memcpy(x, cursor.state, sizeof x);
  PaddedWords padded;
  size_t i = 0;
  for (; n - i >= 64; i += 64) {
    PadWords(cursor, padded, 160);
    __m128i ranks[4];
    const uint8_t* words = cursor.words;
    for (unsigned v = 0; v < 4; ++v) {
      const __m512i slot = _mm512_and_si512(x[v], slot_mask);
      const __m512i bucket = _mm512_srli_epi32(slot, 5);
      const __m512i within = _mm512_and_si512(slot, _mm512_set1_epi32(31));
      __m512i rank = LookUp(first, bucket);
      const __mmask16 second = _mm512_cmpge_epu32_mask(within, LookUp(bound, bucket));
      rank = _mm512_mask_add_epi32(rank, second, rank, _mm512_set1_epi32(1));
      const __mmask16 rare = _mm512_cmpge_epu32_mask(slot, tail_start);
      rank = _mm512_mask_mov_epi32(rank, rare, LookUp(tail, slot));
      __m512i entry = _mm512_permutex2var_epi32(entries[0], rank, entries[1]);
      if (kManyRanks) {
        const __mmask16 upper = _mm512_test_epi32_mask(rank, _mm512_set1_epi32(32));
        entry = _mm512_mask_mov_epi32(entry, upper,
                                      _mm512_permutex2var_epi32(entries[2], rank, entries[3]));
      }
      const __m512i f = _mm512_and_si512(entry, _mm512_set1_epi32(0xffff));
      const __m512i offset = _mm512_sub_epi32(slot, _mm512_srli_epi32(entry, 16));
      const __m512i next =
          _mm512_add_epi32(_mm512_mullo_epi32(f, _mm512_srli_epi32(x[v], kRegisterScale)), offset);
      const __mmask16 need = _mm512_cmplt_epu32_mask(next, _mm512_set1_epi32(1 << 16));
      const __m512i word = NextWords(need, words);
      words += 2 * _mm_popcnt_u32(need);
      x[v] = _mm512_mask_or_epi32(next, need, _mm512_slli_epi32(next, 16), word);
      ranks[v] = _mm512_cvtepi32_epi8(rank);
    }
    cursor.words = words;
    const __m256i low = _mm256_set_m128i(ranks[1], ranks[0]);
    const __m256i high = _mm256_set_m128i(ranks[3], ranks[2]);
    const __m512i all = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
    _mm512_storeu_si512(symbols + i, _mm512_permutexvar_epi8(all, symbol_of));
    if (cursor.words > cursor.end) return false;
  }
  memcpy(cursor.state, x, sizeof x);
  // `padded` ends with this function: the words that are left, at most 64 for a last partial block,
  // move to the caller's.
  if (padded.used) {
    const auto left = static_cast<size_t>(cursor.end - cursor.words);
    memcpy(cursor.spill, cursor.words, left);
    cursor.words = cursor.spill;
    cursor.end = cursor.spill + left;
  }
  *done = i;
  return true;
}

}  // namespace
}  // namespace dlv::codec
