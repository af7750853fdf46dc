#pragma once
/// \file
/// AVX-512 form of the delta coder's histograms and decoding tables. In an unnamed namespace, as
/// delta_levels_avx512.h.

#include "storage/codec/delta_pieces_avx512.h"

namespace dlv::codec {
namespace {

constexpr size_t kCells = 2 * kDeltaScales * 32;
constexpr size_t kTurns = 4;

/// Counts a multiple of 32 symbols, fewer than 2^16, in four tables in turn, so that equal
/// neighbours do not wait for each other; cells of 16 bits keep the tables in the first cache.
void CountInTurn(const uint8_t* symbols, const uint8_t* contexts, size_t n, uint16_t* tables) {
  for (size_t i = 0; i < n; i += 32) {
    alignas(64) uint16_t index[32];
    const __m512i context =
        _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(contexts + i)));
    const __m512i symbol =
        _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(symbols + i)));
    // Cells of the four tables lie side by side.
    const __m512i cell = _mm512_or_si512(_mm512_slli_epi16(context, 5), symbol);
    StoreHalves(index, _mm512_slli_epi16(cell, 2));
#pragma GCC unroll 32
    for (unsigned k = 0; k < 32; ++k) ++tables[index[k] + k % kTurns];
  }
}

void AddCells(const uint16_t* tables, uint32_t* histogram) {
  for (size_t k = 0; k < kCells; ++k) {
    uint32_t sum = 0;
    for (size_t turn = 0; turn < kTurns; ++turn) sum += tables[kTurns * k + turn];
    histogram[k] += sum;
  }
}

void Avx512DeltaCount(const uint8_t* symbols, const uint8_t* contexts, size_t n,
                      uint32_t* histogram) {
  constexpr size_t kWorthwhile = 8192;
  constexpr size_t kMost = 0x8000;
  size_t i = 0;
  while (n - i >= kWorthwhile) {
    alignas(64) uint16_t tables[kTurns * kCells];
    memset(tables, 0, sizeof tables);
    const size_t part = (n - i < kMost ? n - i : kMost) / 32 * 32;
    CountInTurn(symbols + i, contexts + i, part, tables);
    AddCells(tables, histogram);
    i += part;
  }
  for (; i < n; ++i) ++histogram[contexts[i] * 32u + symbols[i]];
}

void Avx512DeltaFillTable(const uint16_t* frequencies, unsigned symbols, uint32_t* table) {
  const __m512i steps = _mm512_slli_epi32(
      _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), 20);
  for (unsigned s = 0; s < symbols; ++s) {
    const uint32_t frequency = frequencies[s];
    __m512i entries = _mm512_add_epi32(Set32(s | frequency << 8), steps);
    for (uint32_t k = 0; k < frequency; k += 16) {
      const uint32_t left = frequency - k;
      _mm512_mask_storeu_epi32(
          table + k, static_cast<__mmask16>(left >= 16 ? 0xffff : (1u << left) - 1), entries);
      entries = _mm512_add_epi32(entries, Set32(16u << 20));
    }
    table += frequency;
  }
}

}  // namespace
}  // namespace dlv::codec
