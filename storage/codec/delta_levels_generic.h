#pragma once
/// \file
/// The delta coder's loops for the types that matter (f32, bf16, f16), written so that a compiler
/// vectorises them: no branches, lookups or variable shifts in the loops over a block. In an
/// unnamed namespace: each file that includes this compiles its own copy for its own instruction
/// set. C headers only (see cpu_dispatch.h). What they compute is said in
/// delta_kernels_reference.cc.

#include <string.h>

#include "storage/codec/delta_kernels.h"

namespace dlv::codec {
namespace {

constexpr unsigned kN = kDeltaBlock;
constexpr uint32_t kExponentBits = 0x7f800000;
constexpr uint8_t kLastCoded = 1;
constexpr uint8_t kNoSymbol = 255;

inline uint32_t FloatBits(float value) { return __builtin_bit_cast(uint32_t, value); }
inline float FloatOf(uint32_t bits) { return __builtin_bit_cast(float, bits); }

/// x below 2^31 as a float of the same bit length: without neighbouring ones it cannot round up to
/// the next power of two.
inline uint32_t LengthFloat(uint32_t x) {
  return FloatBits(static_cast<float>(static_cast<int32_t>(x & ~(x >> 1))));
}

inline int32_t LengthOf(uint32_t float_bits) {
  const int32_t length = static_cast<int32_t>(float_bits >> 23) - 126;
  return length > 0 ? length : 0;
}

/// 2^(length - 1), 0 for length 0.
inline uint32_t LeadingOf(int32_t length) {
  const auto power = static_cast<uint32_t>(
      static_cast<int32_t>(FloatOf(static_cast<uint32_t>(length + 126) << 23)));
  return length > 0 ? power : 0;
}

inline uint64_t Load64(const uint8_t* at) {
  uint64_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

// ---------------------------------------------------------------- bits

/// Appends the low `widths` bits of 64 bytes; `values` have no bits above them.
inline void PutFields(DeltaBits& out, const uint8_t* values, const uint8_t* widths) {
  uint64_t pending = out.pending;
  uint8_t* at = out.at;
  unsigned used = out.used;  // below 8
  for (unsigned i = 0; i < kN; i += 4) {
    const unsigned first = widths[i];
    const unsigned second = first + widths[i + 1];
    const unsigned third = second + widths[i + 2];
    const uint32_t bits = static_cast<uint32_t>(values[i]) |
                          static_cast<uint32_t>(values[i + 1]) << first |
                          static_cast<uint32_t>(values[i + 2]) << second |
                          static_cast<uint32_t>(static_cast<uint64_t>(values[i + 3]) << third);
    pending |= static_cast<uint64_t>(bits) << used;
    used += third + widths[i + 3];
    memcpy(at, &pending, sizeof pending);
    at += used >> 3;
    pending >>= used & ~7u;
    used &= 7;
  }
  out = {at, pending, used};
}

constexpr uint8_t kOnesOf[9] = {0, 1, 3, 7, 15, 31, 63, 127, 255};

/// Reads `widths` bits into each of 64 bytes.
inline void GetFields(DeltaBitsIn& in, const uint8_t* widths, uint8_t* values) {
  uint64_t position = in.position;
  for (unsigned i = 0; i < kN; i += 4) {
    const uint64_t window = Load64(in.bytes + (position >> 3)) >> (position & 7);
    const unsigned first = widths[i];
    const unsigned second = first + widths[i + 1];
    const unsigned third = second + widths[i + 2];
    values[i] = static_cast<uint8_t>(window & kOnesOf[widths[i]]);
    values[i + 1] = static_cast<uint8_t>((window >> first) & kOnesOf[widths[i + 1]]);
    values[i + 2] = static_cast<uint8_t>((window >> second) & kOnesOf[widths[i + 2]]);
    values[i + 3] = static_cast<uint8_t>((window >> third) & kOnesOf[widths[i + 3]]);
    position += third + widths[i + 3];
  }
  in.position = position;
}

inline bool AnyOf(const uint8_t* bytes) {
  uint64_t any = 0;
  for (unsigned i = 0; i < kN; i += 8) any |= Load64(bytes + i);
  return any != 0;
}

// ---------------------------------------------------------------- levels

struct LevelBlock {
  uint8_t symbols[kN];
  uint8_t low[kN];
  uint8_t high[kN];
  uint8_t low_widths[kN];
  uint8_t high_widths[kN];
  uint8_t coded[kN];  // 1 or 0
};

template <class V>
inline uint32_t ValueAt(const uint8_t* level, unsigned i) {
  V value;
  memcpy(&value, level + i * sizeof(V), sizeof value);
  return value;
}

template <class V, bool kFirst>
inline void CodeBlock(const uint8_t* child, const uint8_t* base, uint8_t* state, unsigned live,
                      LevelBlock& block) {
  constexpr unsigned kBits = 8 * sizeof(V);
  constexpr uint32_t kMask = kFirst ? (1u << (kBits - 1)) - 1 : (1u << kBits) - 1;
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t value = ValueAt<V>(child, i);
    const uint32_t from = ValueAt<V>(base, i);
    // As a signed number of kBits bits.
    const auto difference =
        static_cast<int32_t>(((value & kMask) - (from & kMask)) << (32 - kBits)) >> (32 - kBits);
    const auto magnitude = static_cast<uint32_t>(difference < 0 ? -difference : difference);
    const uint32_t length_float = LengthFloat(magnitude);
    const auto width = static_cast<uint32_t>(LengthOf(length_float));
    // The float's power of two is the leading one.
    const auto leading =
        static_cast<uint32_t>(static_cast<int32_t>(FloatOf(length_float & kExponentBits)));
    const uint32_t coded_field = difference < 0 ? magnitude : magnitude - leading;
    const uint32_t flip = kFirst ? (value ^ from) >> (kBits - 1) : 0;
    const bool coded = kFirst || state[i] <= kLastCoded;
    const uint32_t field = coded ? coded_field : value;
    const uint32_t field_width = coded ? width : kBits;
    block.symbols[i] = static_cast<uint8_t>(width + flip * kBits);
    block.low[i] = static_cast<uint8_t>(field);
    block.low_widths[i] = static_cast<uint8_t>(field_width < 8 ? field_width : 8);
    if constexpr (sizeof(V) == 2) {
      block.high[i] = static_cast<uint8_t>(field >> 8);
      block.high_widths[i] = static_cast<uint8_t>(field_width > 8 ? field_width - 8 : 0);
    }
    block.coded[i] = coded ? 1 : 0;
  }
  for (unsigned i = live; i < kN; ++i) {
    block.low[i] = block.high[i] = block.low_widths[i] = block.high_widths[i] = block.coded[i] = 0;
  }
}

inline void NextStates(const uint8_t* symbols, uint8_t* state) {
  for (unsigned i = 0; i < kN; ++i) {
    const auto zero = static_cast<uint8_t>(state[i] == 0 ? kNoSymbol : 0);
    state[i] = static_cast<uint8_t>((symbols[i] & zero) | (kNoSymbol & ~zero));
  }
}

template <class V, bool kFirst>
size_t EncodeBlocks(const uint8_t* child, const uint8_t* base, const uint8_t* scale, uint8_t* state,
                    const uint8_t* block_scale, size_t n, uint8_t* symbols, uint8_t* contexts,
                    DeltaBits* low, DeltaBits* high) {
  size_t count = 0;
  LevelBlock block;
  for (size_t at = 0; at < n; at += kN) {
    if (block_scale[at / kN] == 0) continue;
    const auto live = static_cast<unsigned>(n - at < kN ? n - at : kN);
    CodeBlock<V, kFirst>(child + at * sizeof(V), base + at * sizeof(V), state + at, live, block);
    if (kFirst) {
      memcpy(symbols + count, block.symbols, kN);
      memcpy(contexts + count, scale + at, kN);
      count += live;
    } else {
      for (unsigned i = 0; i < kN; ++i) {
        symbols[count] = block.symbols[i];
        contexts[count] = static_cast<uint8_t>(scale[at + i] + kDeltaScales * (state[at + i] & 1));
        count += block.coded[i];
      }
    }
    NextStates(block.symbols, state + at);
    PutFields(*low, block.low, block.low_widths);
    if constexpr (sizeof(V) == 2) {
      if (AnyOf(block.high_widths)) PutFields(*high, block.high, block.high_widths);
    }
  }
  return count;
}

size_t EncodeLevel(unsigned level, unsigned level_bytes, const uint8_t* child, const uint8_t* base,
                   const uint8_t* scale, uint8_t* state, const uint8_t* block_scale, size_t n,
                   uint8_t* symbols, uint8_t* contexts, DeltaBits* low, DeltaBits* high) {
  const auto encode =
      level_bytes == 2 ? (level == 0 ? EncodeBlocks<uint16_t, true> : EncodeBlocks<uint16_t, false>)
                       : (level == 0 ? EncodeBlocks<uint8_t, true> : EncodeBlocks<uint8_t, false>);
  return encode(child, base, scale, state, block_scale, n, symbols, contexts, low, high);
}

size_t Contexts(const uint8_t* scale, const uint8_t* state, const uint8_t* block_scale, size_t n,
                uint8_t* contexts) {
  size_t count = 0;
  for (size_t at = 0; at < n; at += kN) {
    if (block_scale[at / kN] == 0) continue;
    const size_t live = n - at < kN ? n - at : kN;
    uint8_t context[kN];
    uint8_t coded[kN];
    uint8_t plain = 0;
    for (unsigned i = 0; i < kN; ++i) {
      const uint8_t one = state[at + i];
      context[i] = static_cast<uint8_t>(scale[at + i] + ((one & 1) != 0 ? kDeltaScales : 0));
      coded[i] = one <= kLastCoded ? 1 : 0;
      plain |= one;
    }
    if (plain <= kLastCoded) {
      memcpy(contexts + count, context, kN);
      count += live;
      continue;
    }
    for (size_t i = 0; i < live; ++i) {
      contexts[count] = context[i];
      count += coded[i];
    }
  }
  return count;
}

/// Symbols of a block at their places; returns how many were taken.
template <bool kFirst>
inline size_t SpreadSymbols(const uint8_t* symbols, const uint8_t* state, size_t live,
                            LevelBlock& block) {
  if (kFirst) {
    memcpy(block.symbols, symbols, kN);
    return live;
  }
  size_t taken = 0;
  for (size_t i = 0; i < live; ++i) {
    block.symbols[i] = symbols[taken];
    taken += state[i] <= kLastCoded ? 1 : 0;
  }
  return taken;
}

template <class V, bool kFirst>
inline void WidthsOf(const uint8_t* state, size_t live, LevelBlock& block) {
  constexpr unsigned kBits = 8 * sizeof(V);
  for (unsigned i = 0; i < kN; ++i) {
    const uint8_t symbol = block.symbols[i];
    const auto coded_width = static_cast<uint8_t>(kFirst ? symbol & (kBits - 1) : symbol);
    const bool coded = kFirst || state[i] <= kLastCoded;
    const uint8_t width = coded ? coded_width : static_cast<uint8_t>(kBits);
    block.low_widths[i] = width < 8 ? width : 8;
    block.high_widths[i] = width > 8 ? static_cast<uint8_t>(width - 8) : 0;
    block.coded[i] = coded ? 1 : 0;
  }
  for (size_t i = live; i < kN; ++i) block.low_widths[i] = block.high_widths[i] = 0;
}

template <class V, bool kFirst>
inline void AddDifferences(uint8_t* values, const LevelBlock& block) {
  constexpr unsigned kBits = 8 * sizeof(V);
  constexpr uint32_t kMask = (1u << (kBits - 1)) - 1;
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t from = ValueAt<V>(values, i);
    const int32_t width = block.low_widths[i] + (sizeof(V) == 2 ? block.high_widths[i] : 0);
    const uint32_t field =
        block.low[i] | (sizeof(V) == 2 ? static_cast<uint32_t>(block.high[i]) << 8 : 0);
    const uint32_t leading = LeadingOf(width);
    const uint32_t magnitude = field | leading;
    const uint32_t difference = (field & leading) != 0 ? 0u - magnitude : magnitude;
    uint32_t value = from + difference;
    if constexpr (kFirst) {
      const uint32_t flip =
          static_cast<uint32_t>(block.symbols[i] & kBits) << (kBits - 1) >> (kBits == 16 ? 4 : 3);
      value = (value & kMask) | ((from ^ flip) & (kMask + 1));
    } else {
      value = block.coded[i] != 0 ? value : field;
    }
    const V stored = static_cast<V>(value);
    memcpy(values + i * sizeof(V), &stored, sizeof stored);
  }
}

template <class V, bool kFirst>
size_t DecodeBlocks(uint8_t* values, uint8_t* state, const uint8_t* block_scale, size_t n,
                    const uint8_t* symbols, DeltaBitsIn* low, DeltaBitsIn* high) {
  size_t taken = 0;
  LevelBlock block;
  memset(&block, 0, sizeof block);
  for (size_t at = 0; at < n; at += kN) {
    if (block_scale[at / kN] == 0) continue;
    const size_t live = n - at < kN ? n - at : kN;
    taken += SpreadSymbols<kFirst>(symbols + taken, state + at, live, block);
    WidthsOf<V, kFirst>(state + at, live, block);
    GetFields(*low, block.low_widths, block.low);
    if constexpr (sizeof(V) == 2) {
      if (AnyOf(block.high_widths)) {
        GetFields(*high, block.high_widths, block.high);
      } else {
        memset(block.high, 0, kN);
      }
    }
    AddDifferences<V, kFirst>(values + at * sizeof(V), block);
    NextStates(block.symbols, state + at);
  }
  return taken;
}

size_t DecodeLevel(unsigned level, unsigned level_bytes, uint8_t* values, uint8_t* state,
                   const uint8_t* block_scale, size_t n, const uint8_t* symbols, DeltaBitsIn* low,
                   DeltaBitsIn* high) {
  const auto decode =
      level_bytes == 2 ? (level == 0 ? DecodeBlocks<uint16_t, true> : DecodeBlocks<uint16_t, false>)
                       : (level == 0 ? DecodeBlocks<uint8_t, true> : DecodeBlocks<uint8_t, false>);
  return decode(values, state, block_scale, n, symbols, low, high);
}

void Count(const uint8_t* symbols, const uint8_t* contexts, size_t n, uint32_t* histogram) {
  for (size_t i = 0; i < n; ++i) ++histogram[contexts[i] * 32u + symbols[i]];
}

void FillTable(const uint16_t* frequencies, unsigned symbols, uint32_t* table) {
  for (unsigned s = 0; s < symbols; ++s) {
    const uint32_t frequency = frequencies[s];
    for (uint32_t k = 0; k < frequency; ++k) table[k] = s | frequency << 8 | k << 20;
    table += frequency;
  }
}

}  // namespace
}  // namespace dlv::codec
