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
  uint8_t pairs[kN];    // 1 where the symbol has a second bit
  uint8_t seconds[kN];  // that bit
  uint8_t low[kN];      // fields
  uint8_t high[kN];     // 0 in levels of one byte
  uint8_t low_ones[kN];
  uint8_t high_ones[kN];
  uint8_t low_widths[kN];
  uint8_t high_widths[kN];
  uint8_t coded[kN];  // 1 or 0
  uint8_t flips[kN];  // what a change of sign adds to the symbol
  bool any_high;      // when encoding
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

/// All ones where a difference, all of whose bits up to the leading one are `ones`, has a second
/// bit.
template <class V, bool kFirst>
inline V HasSecond(V ones, V changed, V coded) {
  const V longer = static_cast<V>(ones > 1 ? ~V{0} : V{0});
  const V same_sign = static_cast<V>(kFirst ? (changed >> (8 * sizeof(V) - 1)) - 1 : ~0u);
  return static_cast<V>(longer & same_sign & coded);
}

/// The low bytes of both; returns whether they tell the differences, as those of most blocks do: no
/// change of sign, and none of more than six bits.
inline bool LowBytes(const uint8_t* child, const uint8_t* base, uint8_t* low_child,
                     uint8_t* low_base) {
  constexpr uint16_t kMost = 1u << 6;
  constexpr uint16_t kSign = 0x8000;
  uint16_t outside = 0;
  for (unsigned i = 0; i < kN; ++i) {
    const auto value = ValueAt<uint16_t>(child, i);
    const auto from = ValueAt<uint16_t>(base, i);
    const auto raised = static_cast<uint16_t>(value - from + kMost);
    outside = static_cast<uint16_t>(outside | ((value ^ from) & kSign) |
                                    (raised & static_cast<uint16_t>(~(2u * kMost - 1))));
    low_child[i] = static_cast<uint8_t>(value);
    low_base[i] = static_cast<uint8_t>(from);
  }
  return outside == 0;
}

template <class V, bool kFirst, bool kSecond>
inline void CodeWide(const uint8_t* child, const uint8_t* base, const uint8_t* state, unsigned live,
                     LevelBlock& block) {
  constexpr unsigned kBits = 8 * sizeof(V);
  constexpr V kMask = kFirst ? (1u << (kBits - 1)) - 1 : static_cast<V>(~0u);
  CodedOf<V, kFirst>(state, live, block.coded);
  for (unsigned i = 0; i < kN; ++i) {
    const V value = ValueAt<V>(child, i);
    const V from = ValueAt<V>(base, i);
    const V difference = static_cast<V>((value & kMask) - (from & kMask));
    const V negative = static_cast<V>(0 - (difference >> (kBits - 1)));  // all ones or none
    const V magnitude = static_cast<V>((difference ^ negative) - negative);
    const V coded = static_cast<V>(0 - block.coded[i]);
    V ones = OnesUpTo(magnitude);
    V below = static_cast<V>(magnitude ^ LeadingIn(ones));
    if constexpr (kSecond) {
      const V pair = HasSecond<V, kFirst>(ones, static_cast<V>(value ^ from), coded);
      ones = static_cast<V>(ones ^ (LeadingIn(ones) & pair));
      const V second = static_cast<V>(below & LeadingIn(ones) & pair);
      below = static_cast<V>(below ^ second);
      block.pairs[i] = static_cast<uint8_t>(pair & 1);
      block.seconds[i] = second != 0 ? 1 : 0;
    }
    // The sign takes the place of the leading one, or of the second bit.
    const V with_sign = static_cast<V>(below | (LeadingIn(ones) & negative));
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
  for (unsigned i = 0; i < kN; ++i) block.low_widths[i] = WidthOf(block.low_ones[i]);
  block.any_high = sizeof(V) == 2 && AnyOf(block.high_ones);
  if (block.any_high) {
    for (unsigned i = 0; i < kN; ++i) block.high_widths[i] = WidthOf(block.high_ones[i]);
  } else {
    memset(block.high_widths, 0, kN);
  }
  for (unsigned i = 0; i < kN; ++i) {
    block.symbols[i] =
        static_cast<uint8_t>(block.low_widths[i] + block.high_widths[i] +
                             (kFirst ? block.flips[i] : 0) + (kSecond ? block.pairs[i] : 0));
  }
}

template <class V, bool kFirst, bool kSecond>
inline void CodeBlock(const uint8_t* child, const uint8_t* base, const uint8_t* state,
                      unsigned live, LevelBlock& block) {
  if constexpr (kFirst && sizeof(V) == 2) {
    uint8_t low_child[kN];
    uint8_t low_base[kN];
    if (LowBytes(child, base, low_child, low_base)) {
      memset(block.flips, 0, kN);
      return CodeWide<uint8_t, false, kSecond>(low_child, low_base, state, live, block);
    }
  }
  CodeWide<V, kFirst, kSecond>(child, base, state, live, block);
}

/// What stands for the symbols of a block, which are as if there were no second bits.
template <class V, bool kFirst>
inline void PairedSymbols(const LevelBlock& block, uint8_t* paired) {
  constexpr unsigned kBits = 8 * sizeof(V);
  for (unsigned i = 0; i < kN; ++i) {
    const auto width = static_cast<uint8_t>(block.low_widths[i] + block.high_widths[i]);
    const auto twice = static_cast<uint8_t>(width & static_cast<uint8_t>(0 - block.pairs[i]));
    // A change of sign: DeltaFirstFlip in place of kBits.
    const auto flip =
        static_cast<uint8_t>(kFirst ? 2 * block.flips[i] - block.flips[i] / (kBits / 2) : 0);
    paired[i] = static_cast<uint8_t>(width + twice + block.seconds[i] + flip);
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

template <class V, bool kFirst, bool kSecond>
size_t EncodeBlocks(const uint8_t* child, const uint8_t* base, const uint8_t* scale, uint8_t* state,
                    const uint8_t* block_scale, size_t n, uint8_t* symbols, uint8_t* contexts,
                    DeltaBits* low, DeltaBits* high) {
  size_t count = 0;
  LevelBlock block;
  for (size_t at = 0; at < n; at += kN) {
    if (block_scale[at / kN] == 0) continue;
    const auto live = static_cast<unsigned>(n - at < kN ? n - at : kN);
    CodeBlock<V, kFirst, kSecond>(child + at * sizeof(V), base + at * sizeof(V), state + at, live,
                                  block);
    uint8_t paired[kN];
    if constexpr (kSecond) PairedSymbols<V, kFirst>(block, paired);
    const uint8_t* const coded_as = kSecond ? paired : block.symbols;
    if (kFirst) {
      memcpy(symbols + count, coded_as, kN);
      memcpy(contexts + count, scale + at, kN);
      count += live;
    } else {
      uint8_t context[kN];
      ContextsOf(scale + at, state + at, context);
      count += TakeBoth(coded_as, context, block.coded, symbols + count, contexts + count);
    }
    NextStates(block.symbols, state + at);
    PutFields(*low, block.low, block.low_widths, block.low_ones);
    if (block.any_high) PutFields(*high, block.high, block.high_widths, block.high_ones);
  }
  return count;
}

template <class V, bool kSecond>
constexpr auto EncoderOf(bool first) {
  return first ? EncodeBlocks<V, true, kSecond> : EncodeBlocks<V, false, kSecond>;
}

size_t EncodeLevel(DeltaLevel level, const uint8_t* child, const uint8_t* base,
                   const uint8_t* scale, uint8_t* state, const uint8_t* block_scale, size_t n,
                   uint8_t* symbols, uint8_t* contexts, DeltaBits* low, DeltaBits* high) {
  const bool first = level.index == 0;
  const auto encode = level.second_bits ? (level.bytes == 2 ? EncoderOf<uint16_t, true>(first)
                                                            : EncoderOf<uint8_t, true>(first))
                                        : (level.bytes == 2 ? EncoderOf<uint16_t, false>(first)
                                                            : EncoderOf<uint8_t, false>(first));
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

/// Symbols as if there were no second bits, and these.
template <class V, bool kFirst>
inline void TakePairsApart(LevelBlock& block) {
  constexpr uint8_t kFlip = DeltaFirstFlip(sizeof(V));
  constexpr uint8_t kDown = kFlip - 8 * sizeof(V);  // of a change of sign
  for (unsigned i = 0; i < kN; ++i) {
    const uint8_t symbol = block.symbols[i];
    const auto flip = static_cast<uint8_t>(kFirst && symbol >= kFlip ? 0xff : 0);
    const auto pair = static_cast<uint8_t>((symbol >= 2 ? 0xff : 0) & ~flip);
    const auto half = static_cast<uint8_t>((symbol >> 1) + 1);
    block.symbols[i] = static_cast<uint8_t>(
        (half & pair) | ((symbol - (flip & kDown)) & static_cast<uint8_t>(~pair)));
    block.pairs[i] = static_cast<uint8_t>(pair & block.coded[i]);
    block.seconds[i] = static_cast<uint8_t>(symbol & block.pairs[i]);
  }
}

template <class V, bool kFirst, bool kSecond>
inline void WidthsOf(unsigned live, LevelBlock& block) {
  constexpr uint8_t kBits = 8 * sizeof(V);
  for (unsigned i = 0; i < kN; ++i) {
    const auto coded = static_cast<uint8_t>(0 - block.coded[i]);
    const auto symbol = static_cast<uint8_t>(block.symbols[i] & (kFirst ? kBits - 1 : 31));
    auto width = static_cast<uint8_t>((symbol & coded) | (kBits & static_cast<uint8_t>(~coded)));
    if constexpr (kSecond) width = static_cast<uint8_t>(width - block.pairs[i]);
    const auto low = static_cast<uint8_t>(width < 8 ? width : 8);
    block.low_widths[i] = low;
    block.high_widths[i] = static_cast<uint8_t>(width - low);
  }
  for (unsigned i = live; i < kN; ++i) block.low_widths[i] = block.high_widths[i] = 0;
}

/// The bits of a difference: those of its field below the sign, which stands at `sign`, its second
/// bit, if it has one, and the leading one.
template <class V, bool kSecond>
inline V MagnitudeOf(V field, V sign, const LevelBlock& block, unsigned i) {
  if constexpr (!kSecond) return static_cast<V>(field | sign);
  const auto pair = static_cast<V>(0 - block.pairs[i]);
  const auto keep = static_cast<V>(static_cast<V>(~pair) | static_cast<V>(0 - block.seconds[i]));
  const auto below = static_cast<V>(field & static_cast<V>(~sign));
  return static_cast<V>(below | (sign & keep) | (static_cast<V>(sign << 1) & pair));
}

template <class V, bool kFirst, bool kSecond>
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
    const V magnitude = MagnitudeOf<V, kSecond>(field, leading, block, i);
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

template <class V, bool kFirst, bool kSecond>
inline void ReadFields(BlockGroup& group, DeltaBitsIn* low, DeltaBitsIn* high) {
  for (unsigned k = 0; k < group.count; ++k) {
    LevelBlock& block = group.blocks[k];
    if constexpr (kSecond) TakePairsApart<V, kFirst>(block);
    WidthsOf<V, kFirst, kSecond>(group.live[k], block);
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

template <class V, bool kFirst, bool kSecond>
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
    ReadFields<V, kFirst, kSecond>(group, low, high);
    for (unsigned k = 0; k < group.count; ++k) {
      AddDifferences<V, kFirst, kSecond>(values + group.first[k] * sizeof(V), group.blocks[k]);
      NextStates(group.blocks[k].symbols, state + group.first[k]);
    }
  }
  return taken;
}

template <class V, bool kSecond>
constexpr auto DecoderOf(bool first) {
  return first ? DecodeBlocks<V, true, kSecond> : DecodeBlocks<V, false, kSecond>;
}

size_t DecodeLevel(DeltaLevel level, uint8_t* values, uint8_t* state, const uint8_t* block_scale,
                   size_t n, const uint8_t* symbols, DeltaBitsIn* low, DeltaBitsIn* high) {
  const bool first = level.index == 0;
  const auto decode = level.second_bits ? (level.bytes == 2 ? DecoderOf<uint16_t, true>(first)
                                                            : DecoderOf<uint8_t, true>(first))
                                        : (level.bytes == 2 ? DecoderOf<uint16_t, false>(first)
                                                            : DecoderOf<uint8_t, false>(first));
  return decode(values, state, block_scale, n, symbols, low, high);
}

}  // namespace
}  // namespace dlv::codec
