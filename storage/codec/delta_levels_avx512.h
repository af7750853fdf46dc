#pragma once
/// \file
/// AVX-512 form of the delta coder's levels: a block of 64 elements at a time, bytes in one
/// register, fields packed by pext. In an unnamed namespace: each file that includes this compiles
/// its own copy for its own instruction set.

#include "storage/codec/delta_pieces_avx512.h"

namespace dlv::codec {
namespace {

/// Appends the low `widths` bits of each byte.
inline void PutFields(DeltaBits& out, __m512i values, __m512i widths) {
  if (_mm512_test_epi8_mask(widths, widths) == 0) return;
  alignas(64) uint64_t value[8];
  alignas(64) uint64_t mask[8];
  StoreHalves(value, values);
  StoreHalves(mask, _mm512_shuffle_epi8(Table16(kOnes), widths));
  uint64_t pending = out.pending;
  uint8_t* at = out.at;
  unsigned used = out.used;
  for (unsigned i = 0; i < 8; ++i) {
    const uint64_t bits = _pext_u64(value[i], mask[i]);
    pending |= bits << used;
    memcpy(at, &pending, 8);
    const uint64_t rest = (bits >> 1) >> (63 - used);
    used += static_cast<unsigned>(_mm_popcnt_u64(mask[i]));
    pending = (used & 64) != 0 ? rest : pending;
    at += (used >> 6) * 8;
    used &= 63;
  }
  out = {at, pending, used};
}

/// Reads `widths` bits into each byte.
inline __m512i GetFields(DeltaBitsIn& in, __m512i widths) {
  if (_mm512_test_epi8_mask(widths, widths) == 0) return _mm512_setzero_si512();
  uint64_t value[8];
  alignas(64) uint64_t mask[8];
  StoreHalves(mask, _mm512_shuffle_epi8(Table16(kOnes), widths));
  uint64_t position = in.position;
  for (unsigned i = 0; i < 8; ++i) {
    uint64_t window[2];
    memcpy(window, in.bytes + (position >> 3), 16);
    const unsigned shift = static_cast<unsigned>(position & 7);
    const uint64_t bits = (window[0] >> shift) | ((window[1] << 1) << (63 - shift));
    value[i] = _pdep_u64(bits, mask[i]);
    position += static_cast<uint64_t>(_mm_popcnt_u64(mask[i]));
  }
  in.position = position;
  return FromWords(value);
}

constexpr uint8_t kLastCodedState = 1;

inline __mmask64 CodedLanes(__m512i state, __mmask64 live) {
  return _mm512_mask_cmple_epu8_mask(live, state, Set8(kLastCodedState));
}

inline __m512i NextState(__m512i state, __m512i symbols) {
  return _mm512_mask_mov_epi8(Set8(255), _mm512_testn_epi8_mask(state, state), symbols);
}

inline __m512i ContextsOf(__m512i scale, __m512i state) {
  const __m512i second =
      _mm512_maskz_mov_epi8(_mm512_test_epi8_mask(state, Set8(1)), Set8(kDeltaScales));
  return _mm512_add_epi8(scale, second);
}

/// Symbols of a block, and its fields with their widths.
struct Block {
  __m512i symbols;
  __m512i low;
  __m512i low_widths;
  __m512i high;
  __m512i high_widths;
};

struct Lanes {
  __mmask64 live;   // elements that exist
  __mmask64 coded;  // of these, those with a symbol
};

inline Block CodeBytes(const uint8_t* child, const uint8_t* base, Lanes lanes) {
  const __m512i value = Load(child);
  const __m512i difference = _mm512_sub_epi8(value, Load(base));
  const __m512i magnitude = _mm512_abs_epi8(difference);
  Block block;
  block.symbols = Lengths(magnitude);
  const __mmask64 positive = ~_mm512_movepi8_mask(difference);
  const __m512i drop = _mm512_maskz_mov_epi8(positive, Leading(block.symbols));
  block.low = _mm512_mask_mov_epi8(value, lanes.coded, _mm512_xor_si512(magnitude, drop));
  block.low_widths =
      _mm512_maskz_mov_epi8(lanes.live, _mm512_mask_mov_epi8(Set8(8), lanes.coded, block.symbols));
  block.high = block.high_widths = _mm512_setzero_si512();
  return block;
}

template <bool kFirst>
inline Block CodeWords(const uint8_t* child, const uint8_t* base, Lanes lanes) {
  __m512i value[2];
  __m512i magnitude[2];
  __mmask64 negative = 0;
  __mmask64 flip = 0;
  for (int h = 0; h < 2; ++h) {
    value[h] = Load(child + 64 * h);
    const __m512i from = Load(base + 64 * h);
    __m512i difference = _mm512_sub_epi16(value[h], from);
    if constexpr (kFirst) {
      const __m512i mask = Set16(0x7fff);
      difference = _mm512_sub_epi16(_mm512_and_si512(value[h], mask), _mm512_and_si512(from, mask));
      const __mmask64 half = _mm512_movepi16_mask(_mm512_xor_si512(value[h], from));
      flip |= half << (32 * h);
    }
    const __mmask64 half = _mm512_movepi16_mask(difference);
    negative |= half << (32 * h);
    magnitude[h] = _mm512_abs_epi16(difference);
  }
  const __m512i low = Bytes(magnitude[0], magnitude[1]);
  const __m512i high =
      Bytes(_mm512_srli_epi16(magnitude[0], 8), _mm512_srli_epi16(magnitude[1], 8));
  const __mmask64 wide = _mm512_test_epi8_mask(high, high);
  __m512i length = Lengths(low);
  length = _mm512_mask_add_epi8(length, wide, Lengths(high), Set8(8));
  const __m512i high_length = _mm512_subs_epu8(length, Set8(8));
  const __m512i low_drop = _mm512_maskz_mov_epi8(~negative & ~wide, Leading(length));
  const __m512i high_drop = _mm512_maskz_mov_epi8(~negative & wide, Leading(high_length));
  Block block;
  block.symbols = kFirst ? _mm512_mask_add_epi8(length, flip, length, Set8(16)) : length;
  block.low = _mm512_xor_si512(low, low_drop);
  block.high = _mm512_xor_si512(high, high_drop);
  block.low_widths = _mm512_min_epu8(length, Set8(8));
  block.high_widths = high_length;
  if constexpr (!kFirst) {
    const __mmask64 plain = ~lanes.coded;
    block.low = _mm512_mask_mov_epi8(block.low, plain, Bytes(value[0], value[1]));
    block.high = _mm512_mask_mov_epi8(
        block.high, plain, Bytes(_mm512_srli_epi16(value[0], 8), _mm512_srli_epi16(value[1], 8)));
    block.low_widths = _mm512_mask_mov_epi8(block.low_widths, plain, Set8(8));
    block.high_widths = _mm512_mask_mov_epi8(block.high_widths, plain, Set8(8));
  }
  block.low_widths = _mm512_maskz_mov_epi8(lanes.live, block.low_widths);
  block.high_widths = _mm512_maskz_mov_epi8(lanes.live, block.high_widths);
  return block;
}

template <unsigned kBytes, bool kFirst>
size_t EncodeBlocks(const uint8_t* child, const uint8_t* base, const uint8_t* scale, uint8_t* state,
                    const uint8_t* block_scale, size_t n, uint8_t* symbols, uint8_t* contexts,
                    DeltaBits* low, DeltaBits* high) {
  size_t count = 0;
  for (size_t at = 0; at < n; at += kDeltaBlock) {
    if (block_scale[at / kDeltaBlock] == 0) continue;
    const __m512i before = Load(state + at);
    Lanes lanes = {LiveLanes(n - at), 0};
    lanes.coded = CodedLanes(before, lanes.live);
    Block block;
    if constexpr (kBytes == 1) {
      block = CodeBytes(child + at, base + at, lanes);
    } else {
      block = CodeWords<kFirst>(child + 2 * at, base + 2 * at, lanes);
    }
    StoreChosen(symbols + count, lanes.coded, block.symbols);
    StoreChosen(contexts + count, lanes.coded, ContextsOf(Load(scale + at), before));
    count += static_cast<size_t>(_mm_popcnt_u64(lanes.coded));
    Store(state + at, NextState(before, block.symbols));
    PutFields(*low, block.low, block.low_widths);
    if constexpr (kBytes == 2) PutFields(*high, block.high, block.high_widths);
  }
  return count;
}

size_t Avx512DeltaEncodeLevel(unsigned level, unsigned level_bytes, const uint8_t* child,
                              const uint8_t* base, const uint8_t* scale, uint8_t* state,
                              const uint8_t* block_scale, size_t n, uint8_t* symbols,
                              uint8_t* contexts, DeltaBits* low, DeltaBits* high) {
  if (level == 0 && level_bytes == 1) {
    return ReferenceDeltaKernels().encode_level(level, level_bytes, child, base, scale, state,
                                                block_scale, n, symbols, contexts, low, high);
  }
  const auto encode = level_bytes == 1 ? EncodeBlocks<1, false>
                      : level == 0     ? EncodeBlocks<2, true>
                                       : EncodeBlocks<2, false>;
  return encode(child, base, scale, state, block_scale, n, symbols, contexts, low, high);
}

size_t Avx512DeltaContexts(const uint8_t* scale, const uint8_t* state, const uint8_t* block_scale,
                           size_t n, uint8_t* contexts) {
  size_t count = 0;
  for (size_t at = 0; at < n; at += kDeltaBlock) {
    if (block_scale[at / kDeltaBlock] == 0) continue;
    const __m512i before = Load(state + at);
    const __mmask64 coded = CodedLanes(before, LiveLanes(n - at));
    StoreChosen(contexts + count, coded, ContextsOf(Load(scale + at), before));
    count += static_cast<size_t>(_mm_popcnt_u64(coded));
  }
  return count;
}

inline __m512i WidthsOf(bool first, unsigned level_bytes, __m512i symbols, Lanes lanes) {
  const __m512i coded = first ? _mm512_and_si512(symbols, Set8(8 * level_bytes - 1)) : symbols;
  return _mm512_maskz_mov_epi8(lanes.live,
                               _mm512_mask_mov_epi8(Set8(8 * level_bytes), lanes.coded, coded));
}

inline void DecodeBytes(uint8_t* values, __m512i symbols, Lanes lanes, DeltaBitsIn& low) {
  const __m512i widths = WidthsOf(false, 1, symbols, lanes);
  const __m512i field = GetFields(low, widths);
  const __m512i leading = Leading(widths);
  const __mmask64 negative = _mm512_test_epi8_mask(field, leading);
  const __m512i magnitude = _mm512_or_si512(field, leading);
  const __m512i difference =
      _mm512_mask_sub_epi8(magnitude, negative, _mm512_setzero_si512(), magnitude);
  const __m512i value = _mm512_add_epi8(Load(values), difference);
  Store(values, _mm512_mask_mov_epi8(field, lanes.coded, value));
}

template <bool kFirst>
inline void DecodeWords(uint8_t* values, __m512i symbols, Lanes lanes, DeltaBitsIn& low,
                        DeltaBitsIn& high) {
  const __m512i widths = WidthsOf(kFirst, 2, symbols, lanes);
  const __m512i high_widths = _mm512_subs_epu8(widths, Set8(8));
  const __m512i low_field = GetFields(low, _mm512_min_epu8(widths, Set8(8)));
  const __m512i high_field = GetFields(high, high_widths);
  const __mmask64 wide = _mm512_test_epi8_mask(high_widths, high_widths);
  const __m512i low_leading = _mm512_maskz_mov_epi8(~wide, Leading(widths));
  const __m512i high_leading = Leading(high_widths);
  const __mmask64 negative = _mm512_test_epi8_mask(low_field, low_leading) |
                             _mm512_test_epi8_mask(high_field, high_leading);
  const __m512i low_bytes = _mm512_or_si512(low_field, low_leading);
  const __m512i high_bytes = _mm512_or_si512(high_field, high_leading);
  const __mmask64 flip = _mm512_test_epi8_mask(symbols, Set8(16));
  for (int h = 0; h < 2; ++h) {
    const auto part = [h](__mmask64 mask) { return static_cast<__mmask32>(mask >> (32 * h)); };
    const __m512i magnitude =
        _mm512_or_si512(Words(low_bytes, h), _mm512_slli_epi16(Words(high_bytes, h), 8));
    const __m512i difference =
        _mm512_mask_sub_epi16(magnitude, part(negative), _mm512_setzero_si512(), magnitude);
    const __m512i from = Load(values + 64 * h);
    __m512i value = _mm512_add_epi16(from, difference);
    if constexpr (kFirst) {
      const __m512i sign =
          _mm512_xor_si512(from, _mm512_maskz_mov_epi16(part(flip), Set16(0x8000)));
      // Bit select: the sign where the mask has ones.
      value = _mm512_ternarylogic_epi32(Set16(0x8000), sign, value, 0xca);
    } else {
      const __m512i field =
          _mm512_or_si512(Words(low_field, h), _mm512_slli_epi16(Words(high_field, h), 8));
      value = _mm512_mask_mov_epi16(field, part(lanes.coded), value);
    }
    Store(values + 64 * h, value);
  }
}

template <unsigned kBytes, bool kFirst>
size_t DecodeBlocks(uint8_t* values, uint8_t* state, const uint8_t* block_scale, size_t n,
                    const uint8_t* symbols, DeltaBitsIn* low, DeltaBitsIn* high) {
  size_t taken = 0;
  for (size_t at = 0; at < n; at += kDeltaBlock) {
    if (block_scale[at / kDeltaBlock] == 0) continue;
    const __m512i before = Load(state + at);
    Lanes lanes = {LiveLanes(n - at), 0};
    lanes.coded = CodedLanes(before, lanes.live);
    const __m512i spread = PlaceChosen(lanes.coded, symbols + taken);
    taken += static_cast<size_t>(_mm_popcnt_u64(lanes.coded));
    if constexpr (kBytes == 1) {
      DecodeBytes(values + at, spread, lanes, *low);
    } else {
      DecodeWords<kFirst>(values + 2 * at, spread, lanes, *low, *high);
    }
    Store(state + at, NextState(before, spread));
  }
  return taken;
}

size_t Avx512DeltaDecodeLevel(unsigned level, unsigned level_bytes, uint8_t* values, uint8_t* state,
                              const uint8_t* block_scale, size_t n, const uint8_t* symbols,
                              DeltaBitsIn* low, DeltaBitsIn* high) {
  if (level == 0 && level_bytes == 1) {
    return ReferenceDeltaKernels().decode_level(level, level_bytes, values, state, block_scale, n,
                                                symbols, low, high);
  }
  const auto decode = level_bytes == 1 ? DecodeBlocks<1, false>
                      : level == 0     ? DecodeBlocks<2, true>
                                       : DecodeBlocks<2, false>;
  return decode(values, state, block_scale, n, symbols, low, high);
}

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
