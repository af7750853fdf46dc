#pragma once
/// \file
/// The delta coder's loops for the types that matter (f32, bf16, f16), written so that a compiler
/// vectorises them: no branches, lookups or variable shifts in the loops over a block. In an
/// unnamed namespace: each file that includes this compiles its own copy for its own instruction
/// set. C headers only (see cpu_dispatch.h). What they compute is said in
/// delta_kernels_reference.cc.

#include <string.h>

#include "storage/codec/delta_fields.h"
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

// ---------------------------------------------------------------- levels

struct LevelBlock {
  uint8_t symbols[kN];
  uint8_t low[kN];   // fields
  uint8_t high[kN];  // 0 in levels of one byte
  uint8_t low_ones[kN];
  uint8_t high_ones[kN];
  uint8_t low_widths[kN];
  uint8_t high_widths[kN];
  uint8_t coded[kN];  // 1 or 0
  uint8_t flips[kN];  // what a change of sign adds to the symbol
};

template <class V>
inline V ValueAt(const uint8_t* level, unsigned i) {
  V value;
  memcpy(&value, level + i * sizeof(V), sizeof value);
  return value;
}

/// All bits up to the highest one of x. In the type's own width, as all that follows: then a vector
/// has as many lanes as it can.
inline uint8_t OnesUpTo(uint8_t x) {
  x = static_cast<uint8_t>(x | x >> 1);
  x = static_cast<uint8_t>(x | x >> 2);
  return static_cast<uint8_t>(x | x >> 4);
}
inline uint16_t OnesUpTo(uint16_t x) {
  x = static_cast<uint16_t>(x | x >> 1);
  x = static_cast<uint16_t>(x | x >> 2);
  x = static_cast<uint16_t>(x | x >> 4);
  return static_cast<uint16_t>(x | x >> 8);
}

/// Where `ones` are the bits up to the leading one: that one alone.
template <class V>
inline V LeadingIn(V ones) {
  return static_cast<V>(ones ^ ones >> 1);
}

/// How many of the low bits are ones.
inline uint8_t WidthOf(uint8_t ones) {
  const auto pairs = static_cast<uint8_t>(ones - (ones >> 1 & 0x55));
  const auto fours = static_cast<uint8_t>((pairs & 0x33) + (pairs >> 2 & 0x33));
  return static_cast<uint8_t>((fours + (fours >> 4)) & 15);
}

template <class V, bool kFirst>
inline void CodedOf(const uint8_t* state, unsigned live, uint8_t* coded) {
  for (unsigned i = 0; i < kN; ++i) coded[i] = kFirst || state[i] <= kLastCoded ? 1 : 0;
  for (unsigned i = live; i < kN; ++i) coded[i] = 0;
}

template <class V, bool kFirst>
inline void CodeBlock(const uint8_t* child, const uint8_t* base, const uint8_t* state,
                      unsigned live, LevelBlock& block) {
  constexpr unsigned kBits = 8 * sizeof(V);
  constexpr V kMask = kFirst ? (1u << (kBits - 1)) - 1 : static_cast<V>(~0u);
  CodedOf<V, kFirst>(state, live, block.coded);
  for (unsigned i = 0; i < kN; ++i) {
    const V value = ValueAt<V>(child, i);
    const V from = ValueAt<V>(base, i);
    const V difference = static_cast<V>((value & kMask) - (from & kMask));
    const V negative = static_cast<V>(0 - (difference >> (kBits - 1)));  // all ones or none
    const V magnitude = static_cast<V>((difference ^ negative) - negative);
    const V ones = OnesUpTo(magnitude);
    const V leading = LeadingIn(ones);
    const V coded = static_cast<V>(0 - block.coded[i]);
    // The sign takes the place of the leading one.
    const V with_sign = static_cast<V>((magnitude ^ leading) | (leading & negative));
    const V field = static_cast<V>((with_sign & coded) | (value & static_cast<V>(~coded)));
    const V field_ones = static_cast<V>(ones | static_cast<V>(~coded));
    block.low[i] = static_cast<uint8_t>(field);
    block.low_ones[i] = static_cast<uint8_t>(field_ones);
    if constexpr (sizeof(V) == 2) {
      block.high[i] = static_cast<uint8_t>(field >> 8);
      block.high_ones[i] = static_cast<uint8_t>(field_ones >> 8);
    }
    if constexpr (kFirst) {
      const V changed = static_cast<V>(value ^ from);
      block.flips[i] = static_cast<uint8_t>((changed >> (kBits - 1)) * kBits);
    }
  }
  for (unsigned i = live; i < kN; ++i) block.low[i] = block.low_ones[i] = 0;
  if constexpr (sizeof(V) == 2) {
    for (unsigned i = live; i < kN; ++i) block.high[i] = block.high_ones[i] = 0;
  }
  for (unsigned i = 0; i < kN; ++i) {
    block.low_widths[i] = WidthOf(block.low_ones[i]);
    block.high_widths[i] = sizeof(V) == 2 ? WidthOf(block.high_ones[i]) : 0;
    block.symbols[i] = static_cast<uint8_t>(block.low_widths[i] + block.high_widths[i] +
                                            (kFirst ? block.flips[i] : 0));
  }
}

inline void NextStates(const uint8_t* symbols, uint8_t* state) {
  for (unsigned i = 0; i < kN; ++i) {
    const auto zero = static_cast<uint8_t>(state[i] == 0 ? kNoSymbol : 0);
    state[i] = static_cast<uint8_t>((symbols[i] & zero) | (kNoSymbol & ~zero));
  }
}

inline void ContextsOf(const uint8_t* scale, const uint8_t* state, uint8_t* context) {
  for (unsigned i = 0; i < kN; ++i) {
    context[i] = static_cast<uint8_t>(scale[i] + ((0 - (state[i] & 1)) & kDeltaScales));
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
      uint8_t context[kN];
      ContextsOf(scale + at, state + at, context);
      count += TakeBoth(block.symbols, context, block.coded, symbols + count, contexts + count);
    }
    NextStates(block.symbols, state + at);
    PutFields(*low, block.low, block.low_widths, block.low_ones);
    if constexpr (sizeof(V) == 2) {
      if (AnyOf(block.high_widths)) {
        PutFields(*high, block.high, block.high_widths, block.high_ones);
      }
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
    const auto live = static_cast<unsigned>(n - at < kN ? n - at : kN);
    uint8_t context[kN];
    uint8_t coded[kN];
    ContextsOf(scale + at, state + at, context);
    CodedOf<uint8_t, false>(state + at, live, coded);
    count += TakeChosen(context, coded, contexts + count);
  }
  return count;
}

template <class V, bool kFirst>
inline void WidthsOf(unsigned live, LevelBlock& block) {
  constexpr uint8_t kBits = 8 * sizeof(V);
  for (unsigned i = 0; i < kN; ++i) {
    const auto coded = static_cast<uint8_t>(0 - block.coded[i]);
    const auto symbol = static_cast<uint8_t>(block.symbols[i] & (kFirst ? kBits - 1 : 31));
    const auto width =
        static_cast<uint8_t>((symbol & coded) | (kBits & static_cast<uint8_t>(~coded)));
    const auto low = static_cast<uint8_t>(width < 8 ? width : 8);
    block.low_widths[i] = low;
    block.high_widths[i] = static_cast<uint8_t>(width - low);
  }
  for (unsigned i = live; i < kN; ++i) block.low_widths[i] = block.high_widths[i] = 0;
}

template <class V, bool kFirst>
inline void AddDifferences(uint8_t* values, const LevelBlock& block) {
  constexpr unsigned kBits = 8 * sizeof(V);
  constexpr V kMask = (1u << (kBits - 1)) - 1;
  for (unsigned i = 0; i < kN; ++i) {
    const V from = ValueAt<V>(values, i);
    V field = block.low[i];
    V ones = block.low_ones[i];
    if constexpr (sizeof(V) == 2) {
      field = static_cast<V>(field | static_cast<V>(block.high[i]) << 8);
      ones = static_cast<V>(ones | static_cast<V>(block.high_ones[i]) << 8);
    }
    const V leading = LeadingIn(ones);
    const V negative = static_cast<V>((field & leading) == leading ? ~V{0} : V{0});
    const V magnitude = static_cast<V>(field | leading);
    const V difference = static_cast<V>((magnitude ^ negative) - negative);
    V value = static_cast<V>(from + difference);
    if constexpr (kFirst) {
      // A symbol of kBits and more: the other sign.
      constexpr unsigned kUp = kBits == 16 ? 11 : 4;
      const V flip = static_cast<V>(static_cast<V>(block.symbols[i] & kBits) << kUp);
      value = static_cast<V>((value & kMask) | ((from ^ flip) & static_cast<V>(~kMask)));
    } else {
      const V coded = static_cast<V>(0 - block.coded[i]);
      value = static_cast<V>((value & coded) | (field & static_cast<V>(~coded)));
    }
    memcpy(values + i * sizeof(V), &value, sizeof value);
  }
}

/// Blocks that go through each step together: a vector load of bytes that were just stored one by
/// one would have to wait for them.
constexpr unsigned kTogether = 8;

struct BlockGroup {
  LevelBlock blocks[kTogether];
  size_t first[kTogether];  // element
  unsigned live[kTogether];
  unsigned count;
};

/// Symbols of the blocks at their places; returns how many were taken.
template <class V, bool kFirst>
inline size_t PlaceSymbols(const uint8_t* symbols, const uint8_t* state, BlockGroup& group) {
  size_t taken = 0;
  for (unsigned k = 0; k < group.count; ++k) {
    LevelBlock& block = group.blocks[k];
    CodedOf<V, kFirst>(state + group.first[k], group.live[k], block.coded);
    if (kFirst) {
      memcpy(block.symbols, symbols + taken, kN);
      taken += group.live[k];
    } else {
      taken += PlaceChosen(symbols + taken, block.coded, block.symbols);
    }
  }
  return taken;
}

template <class V, bool kFirst>
inline void ReadFields(BlockGroup& group, DeltaBitsIn* low, DeltaBitsIn* high) {
  for (unsigned k = 0; k < group.count; ++k) {
    LevelBlock& block = group.blocks[k];
    WidthsOf<V, kFirst>(group.live[k], block);
    OnesOf(block.low_widths, block.low_ones);
    if constexpr (sizeof(V) == 2) OnesOf(block.high_widths, block.high_ones);
  }
  for (unsigned k = 0; k < group.count; ++k) {
    LevelBlock& block = group.blocks[k];
    GetFields(*low, block.low_widths, block.low_ones, block.low);
    if constexpr (sizeof(V) == 2) {
      if (AnyOf(block.high_widths)) {
        GetFields(*high, block.high_widths, block.high_ones, block.high);
      } else {
        memset(block.high, 0, kN);
      }
    }
  }
}

template <class V, bool kFirst>
size_t DecodeBlocks(uint8_t* values, uint8_t* state, const uint8_t* block_scale, size_t n,
                    const uint8_t* symbols, DeltaBitsIn* low, DeltaBitsIn* high) {
  size_t taken = 0;
  BlockGroup group;
  memset(&group, 0, sizeof group);
  for (size_t at = 0; at < n;) {
    for (group.count = 0; at < n && group.count < kTogether; at += kN) {
      if (block_scale[at / kN] == 0) continue;
      group.first[group.count] = at;
      group.live[group.count++] = static_cast<unsigned>(n - at < kN ? n - at : kN);
    }
    taken += PlaceSymbols<V, kFirst>(symbols + taken, state, group);
    ReadFields<V, kFirst>(group, low, high);
    for (unsigned k = 0; k < group.count; ++k) {
      AddDifferences<V, kFirst>(values + group.first[k] * sizeof(V), group.blocks[k]);
      NextStates(group.blocks[k].symbols, state + group.first[k]);
    }
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
  // Two in turn, so that equal neighbours do not wait for each other.
  uint32_t other[2 * kDeltaScales * 32] = {};
  size_t i = 0;
  for (; i + 2 <= n; i += 2) {
    ++histogram[contexts[i] * 32u + symbols[i]];
    ++other[contexts[i + 1] * 32u + symbols[i + 1]];
  }
  if (i < n) ++histogram[contexts[i] * 32u + symbols[i]];
  for (unsigned k = 0; k < 2 * kDeltaScales * 32; ++k) histogram[k] += other[k];
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
