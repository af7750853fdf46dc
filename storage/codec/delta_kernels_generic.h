#pragma once
/// \file
/// The delta coder's loops for the types that matter (f32, bf16, f16), written so that a compiler
/// vectorises them: no branches, lookups or variable shifts in the loops over a block. In an
/// unnamed namespace: each file that includes this compiles its own copy for its own instruction
/// set. C headers only (see cpu_dispatch.h). What they compute is said in
/// delta_kernels_reference.cc.

#include <string.h>

#include "storage/codec/delta_kernels.h"

#if defined(__BMI2__)
#include <immintrin.h>
#endif

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
void CountBits(const uint8_t* state, const uint8_t* block_scale, size_t n, const uint8_t* symbols,
               uint64_t* low_bits, uint64_t* high_bits) {
  LevelBlock block;
  for (size_t at = 0; at < n; at += kN) {
    if (block_scale[at / kN] == 0) continue;
    const size_t live = n - at < kN ? n - at : kN;
    symbols += SpreadSymbols<kFirst>(symbols, state + at, live, block);
    WidthsOf<V, kFirst>(state + at, live, block);
    uint32_t low = 0;
    uint32_t high = 0;
    for (unsigned i = 0; i < kN; ++i) {
      low += block.low_widths[i];
      high += block.high_widths[i];
    }
    *low_bits += low;
    *high_bits += high;
  }
}

void FieldBits(unsigned level, unsigned level_bytes, const uint8_t* state,
               const uint8_t* block_scale, size_t n, const uint8_t* symbols, uint64_t* low_bits,
               uint64_t* high_bits) {
  const auto count = level_bytes == 2
                         ? (level == 0 ? CountBits<uint16_t, true> : CountBits<uint16_t, false>)
                         : (level == 0 ? CountBits<uint8_t, true> : CountBits<uint8_t, false>);
  count(state, block_scale, n, symbols, low_bits, high_bits);
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

// ---------------------------------------------------------------- model and prediction

/// The elements of a block in 32 bits each.
template <class T>
inline void LoadBlock(const uint8_t* elements, size_t live, uint32_t* out) {
  T raw[kN];
  if (live < kN) memset(raw, 0, sizeof raw);
  memcpy(raw, elements, live * sizeof(T));
  for (unsigned i = 0; i < kN; ++i) out[i] = raw[i];
}

inline uint32_t Product(uint32_t bits, float ratio, uint32_t otherwise) {
  const uint32_t product = FloatBits(FloatOf(bits) * ratio);
  const uint32_t from = bits & kExponentBits;
  const uint32_t to = product & kExponentBits;
  // Exponents 1..254 and 2..254. A mask, as a choice would become a branch.
  const uint32_t least = (from > 0 ? 1u : 0u) & (to > (1u << 23) ? 1u : 0u);
  const uint32_t most = (from < kExponentBits ? 1u : 0u) & (to < kExponentBits ? 1u : 0u);
  const uint32_t usable = 0u - (least & most);
  return (product & usable) | (otherwise & ~usable);
}

template <class T, unsigned kLevel>
inline uint32_t Scaled(uint32_t base, float ratio) {
  if constexpr (sizeof(T) == 4) {
    constexpr uint32_t kKept = kLevel == 0 ? 0xffff0000 : kLevel == 1 ? 0xffffff00 : 0xffffffff;
    constexpr uint32_t kMiddle = kLevel == 0 ? 0x8000 : kLevel == 1 ? 0x80 : 0;
    const uint32_t kept = base & kKept;
    return Product(kept | kMiddle, ratio, kept);
  } else {
    const uint32_t wide = base << 16;
    const uint32_t product = Product(wide, ratio, wide);
    const uint32_t rounded = product + 0x7fff + ((product >> 16) & 1);
    const uint32_t usable = 0u - ((rounded & kExponentBits) != kExponentBits ? 1u : 0u);
    return ((rounded >> 16) & usable) | (base & ~usable);
  }
}

template <class T, unsigned kLevel>
inline void ScaleBlock(const uint32_t* base, float ratio, uint32_t* out) {
  for (unsigned i = 0; i < kN; ++i) out[i] = Scaled<T, kLevel>(base[i], ratio);
}

struct Fit {
  uint32_t total;
  uint32_t weighted;
  uint32_t nonzero;
  uint32_t flips;
  uint32_t flips_weighted;
};

template <class T>
inline Fit FitOf(const uint32_t* child, const uint32_t* prediction, unsigned exponent_shift) {
  constexpr uint32_t kMask = sizeof(T) == 4 ? 0x7fffffff : 0x7fff;
  constexpr unsigned kSign = 8 * sizeof(T) - 1;
  uint32_t total = 0;
  uint32_t weighted = 0;
  uint32_t nonzero = 0;
  uint32_t flips = 0;
  uint32_t flips_weighted = 0;
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t changed = child[i] ^ prediction[i];
    const uint32_t flip = changed >> kSign;
    const uint32_t keep = (changed != 0 ? 1u : 0u) & ~flip & 1;
    const auto difference =
        static_cast<int32_t>(child[i] & kMask) - static_cast<int32_t>(prediction[i] & kMask);
    const auto magnitude = static_cast<uint32_t>(difference < 0 ? -difference : difference);
    const auto length = static_cast<uint32_t>(LengthOf(LengthFloat(magnitude)));
    const uint32_t exponent = (prediction[i] & kMask) >> exponent_shift;
    total += (0u - keep) & length;
    weighted += (0u - keep) & (length + exponent);
    nonzero += keep;
    flips += flip;
    flips_weighted += (0u - flip) & (exponent + exponent_shift);
  }
  return {total, weighted, nonzero, flips, flips_weighted};
}

inline uint8_t BlockScale(const DeltaShape& shape, const Fit& fit) {
  if (fit.nonzero == 0) return 0;
  const auto mean = static_cast<int32_t>((2 * fit.weighted + fit.nonzero / 2) / fit.nonzero);
  const int32_t scale = mean - shape.scale_bias;
  return static_cast<uint8_t>(scale < 1 ? 1 : scale > 255 ? 255 : scale);
}

template <class T, unsigned kLevel>
inline void StoreLevel(const uint32_t* bits, uint8_t* level) {
  for (unsigned i = 0; i < kN; ++i) {
    if constexpr (sizeof(T) == 2 || kLevel == 0) {
      const auto value = static_cast<uint16_t>(sizeof(T) == 2 ? bits[i] : bits[i] >> 16);
      memcpy(level + 2 * i, &value, sizeof value);
    } else {
      level[i] = static_cast<uint8_t>(kLevel == 1 ? bits[i] >> 8 : bits[i]);
    }
  }
}

template <class T>
inline void StoreScales(const uint32_t* top, int block_scale, int bias, unsigned exponent_shift,
                        uint8_t* scale) {
  constexpr uint32_t kMask = sizeof(T) == 4 ? 0x7fffffff : 0x7fff;
  for (unsigned i = 0; i < kN; ++i) {
    const auto exponent = static_cast<int32_t>((top[i] & kMask) >> exponent_shift);
    const int32_t one = (block_scale + bias + 4 - 2 * exponent) >> 1;
    const int32_t least = one > 0 ? one : 0;
    scale[i] = static_cast<uint8_t>(least < 33 ? least : 33);
  }
}
static_assert(kDeltaScales == 34);

/// The prediction of a level: in `room`, or the base itself.
template <class T, unsigned kLevel>
inline const uint32_t* PredictionOf(const uint32_t* base, bool by_ratio, float ratio,
                                    uint32_t* room) {
  if (!by_ratio) return base;
  ScaleBlock<T, kLevel>(base, ratio, room);
  return room;
}

template <class T>
inline bool EqualAtUpperLevels(const uint32_t* child, const uint32_t* base, float ratio) {
  uint32_t wrong = 0;
  for (unsigned i = 0; i < kN && sizeof(T) == 4; ++i) {
    wrong |= (Scaled<T, 0>(base[i], ratio) ^ child[i]) & 0xffff0000;
    wrong |= (Scaled<T, 1>(base[i], ratio) ^ child[i]) & 0xffffff00;
  }
  return wrong == 0;
}

template <class T>
inline Fit ChooseFit(const DeltaShape& shape, const uint32_t* child, const uint32_t* base,
                     float ratio, uint8_t* by_ratio) {
  constexpr unsigned kLast = sizeof(T) == 4 ? 2 : 0;
  const unsigned exponent_shift = (sizeof(T) == 4 ? 16u : 0u) + shape.exponent_shift;
  Fit fit = FitOf<T>(child, base, exponent_shift);
  *by_ratio = 0;
  uint32_t scaled[kN];
  if (ratio != 0 && fit.total != 0) {
    ScaleBlock<T, kLast>(base, ratio, scaled);
    const Fit other = FitOf<T>(child, scaled, exponent_shift);
    if (other.total < fit.total) {
      fit = other;
      *by_ratio = 1;
    }
  }
  if (fit.nonzero == 0 && fit.flips != 0) {
    fit.nonzero = fit.flips;
    fit.weighted = fit.flips_weighted;
  } else if (fit.nonzero == 0 && *by_ratio != 0 && !EqualAtUpperLevels<T>(child, base, ratio)) {
    constexpr uint32_t kMask = sizeof(T) == 4 ? 0x7fffffff : 0x7fff;
    fit.weighted = (scaled[0] & kMask) >> exponent_shift;
    fit.nonzero = 1;
  }
  return fit;
}

template <class T>
void ModelBlocks(const DeltaShape& shape, const uint8_t* child_bytes, const uint8_t* base_bytes,
                 size_t n, float ratio, uint8_t* block_scale, uint8_t* block_ratio,
                 DeltaTile* tile) {
  const unsigned exponent_shift = (sizeof(T) == 4 ? 16u : 0u) + shape.exponent_shift;
  for (size_t at = 0; at < n; at += kN) {
    const size_t live = n - at < kN ? n - at : kN;
    const size_t block = at / kN;
    uint32_t child[kN];
    uint32_t base[kN];
    uint32_t room[kN];
    LoadBlock<T>(child_bytes + at * sizeof(T), live, child);
    LoadBlock<T>(base_bytes + at * sizeof(T), live, base);
    const Fit fit = ChooseFit<T>(shape, child, base, ratio, block_ratio + block);
    const bool by_ratio = block_ratio[block] != 0;
    block_scale[block] = BlockScale(shape, fit);
    StoreLevel<T, 0>(child, tile->child[0] + 2 * at);
    const uint32_t* top = PredictionOf<T, 0>(base, by_ratio, ratio, room);
    StoreLevel<T, 0>(top, tile->base[0] + 2 * at);
    StoreScales<T>(top, block_scale[block], shape.scale_bias, exponent_shift, tile->scale + at);
    if constexpr (sizeof(T) == 4) {
      StoreLevel<T, 1>(child, tile->child[1] + at);
      StoreLevel<T, 2>(child, tile->child[2] + at);
      StoreLevel<T, 1>(PredictionOf<T, 1>(base, by_ratio, ratio, room), tile->base[1] + at);
      StoreLevel<T, 2>(PredictionOf<T, 2>(base, by_ratio, ratio, room), tile->base[2] + at);
    }
  }
}

void Model(const DeltaShape* shape, const uint8_t* child, const uint8_t* base, size_t n,
           float ratio, uint8_t* block_scale, uint8_t* block_ratio, DeltaTile* tile) {
  if (shape->element_bytes == 4 || shape->element_bytes == 2) {
    memset(tile->state, 0, sizeof tile->state);
    const auto model = shape->element_bytes == 4 ? ModelBlocks<uint32_t> : ModelBlocks<uint16_t>;
    model(*shape, child, base, n, ratio, block_scale, block_ratio, tile);
  } else {
    ReferenceDeltaKernels().model(shape, child, base, n, ratio, block_scale, block_ratio, tile);
  }
}

template <class T>
void PredictBlocks(const DeltaShape& shape, unsigned wanted, const uint8_t* base_bytes, size_t n,
                   float ratio, const uint8_t* block_scale, const uint8_t* block_ratio,
                   uint8_t* const* predictions, uint8_t* scale) {
  const unsigned exponent_shift = (sizeof(T) == 4 ? 16u : 0u) + shape.exponent_shift;
  for (size_t at = 0; at < n; at += kN) {
    const size_t live = n - at < kN ? n - at : kN;
    const bool by_ratio = block_ratio[at / kN] != 0;
    uint32_t base[kN];
    uint32_t room[kN];
    LoadBlock<T>(base_bytes + at * sizeof(T), live, base);
    if ((wanted & 1) != 0) {
      const uint32_t* top = PredictionOf<T, 0>(base, by_ratio, ratio, room);
      StoreLevel<T, 0>(top, predictions[0] + 2 * at);
      StoreScales<T>(top, block_scale[at / kN], shape.scale_bias, exponent_shift, scale + at);
    }
    if constexpr (sizeof(T) == 4) {
      if ((wanted & 2) != 0) {
        StoreLevel<T, 1>(PredictionOf<T, 1>(base, by_ratio, ratio, room), predictions[1] + at);
      }
      if ((wanted & 4) != 0) {
        StoreLevel<T, 2>(PredictionOf<T, 2>(base, by_ratio, ratio, room), predictions[2] + at);
      }
    }
  }
}

void PredictLevels(const DeltaShape* shape, unsigned wanted, const uint8_t* base, size_t n,
                   float ratio, const uint8_t* block_scale, const uint8_t* block_ratio,
                   uint8_t* const* predictions, uint8_t* scale) {
  const auto predict = shape->element_bytes == 4   ? PredictBlocks<uint32_t>
                       : shape->element_bytes == 2 ? PredictBlocks<uint16_t>
                                                   : nullptr;
  if (predict != nullptr) {
    predict(*shape, wanted, base, n, ratio, block_scale, block_ratio, predictions, scale);
  } else {
    ReferenceDeltaKernels().predict(shape, wanted, base, n, ratio, block_scale, block_ratio,
                                    predictions, scale);
  }
}

void Join(const DeltaShape* shape, unsigned levels, const uint8_t* const* values, size_t n,
          uint8_t* elements) {
  if (shape->element_bytes == 2) {
    memcpy(elements, values[0], 2 * n);
  } else if (shape->element_bytes != 4) {
    ReferenceDeltaKernels().join(shape, levels, values, n, elements);
  } else {
    const uint8_t* const second = values[levels > 1 ? 1 : 0];
    const uint8_t* const third = values[levels > 2 ? 2 : 0];
    const uint32_t second_mask = levels > 1 ? 0xff : 0;
    const uint32_t third_mask = levels > 2 ? 0xff : 0;
    for (size_t i = 0; i < n; ++i) {
      uint16_t first;
      memcpy(&first, values[0] + 2 * i, sizeof first);
      const uint32_t bits = static_cast<uint32_t>(first) << 16 | (second[i] & second_mask) << 8 |
                            (third[i] & third_mask);
      memcpy(elements + 4 * i, &bits, sizeof bits);
    }
  }
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

constexpr DeltaKernels GenericDeltaKernels(const char* name) {
  return {name,      Model,       EncodeLevel, PredictLevels, Contexts,
          FieldBits, DecodeLevel, Join,        Count,         FillTable};
}

}  // namespace
}  // namespace dlv::codec
