// What the delta coder's loops compute, in plain C++.

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "storage/codec/delta_kernels.h"

namespace dlv::codec {
namespace {

template <class T>
T Load(const uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class T>
void Store(uint8_t* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

/// All bits but the sign.
template <class T>
constexpr T kMagnitude = static_cast<T>(static_cast<T>(~T{0}) >> 1);

constexpr uint32_t kExponentMask = 0x7f800000;

/// r times the binary32 `bits`, or `otherwise` where the product's bits could depend on how a
/// machine treats denormal numbers, or do not exist.
uint32_t Multiply(uint32_t bits, float ratio, uint32_t otherwise) {
  const uint32_t exponent = bits & kExponentMask;
  if (exponent == 0 || exponent == kExponentMask) return otherwise;
  const uint32_t product = std::bit_cast<uint32_t>(std::bit_cast<float>(bits) * ratio);
  const uint32_t result = product & kExponentMask;
  return result < (2u << 23) || result == kExponentMask ? otherwise : product;
}

/// The prediction (all bits; the upper ones count) that level `level` uses for an element.
template <class T>
T Predict(const DeltaShape& shape, unsigned level, T base, float ratio) {
  if constexpr (sizeof(T) == 4) {
    constexpr uint32_t kKept[] = {0xffff0000, 0xffffff00, 0xffffffff};
    constexpr uint32_t kMiddle[] = {0x8000, 0x80, 0};
    const uint32_t kept = base & kKept[level];
    return Multiply(kept | kMiddle[level], ratio, kept);
  } else if constexpr (sizeof(T) == 2) {
    if (shape.exponent_shift != 7) return base;
    const uint32_t wide = static_cast<uint32_t>(base) << 16;
    const uint32_t product = Multiply(wide, ratio, wide);
    const uint32_t rounded = product + 0x7fff + ((product >> 16) & 1);
    return (rounded & kExponentMask) != kExponentMask ? static_cast<T>(rounded >> 16) : base;
  } else {
    return base;
  }
}

/// Bit length of the difference of two magnitudes.
template <class T>
unsigned BitLength(T to, T from) {
  return static_cast<unsigned>(std::bit_width(static_cast<T>(to > from ? to - from : from - to)));
}

/// Biased exponent, from the first level.
unsigned ExponentOf(const DeltaShape& shape, uint32_t top) {
  const unsigned bits = 8u * shape.level_bytes[0];
  return (top & ((1u << (bits - 1)) - 1)) >> shape.exponent_shift;
}

uint8_t ScaleOf(const DeltaShape& shape, int block_scale, unsigned exponent) {
  const int scale = (block_scale + shape.scale_bias + 4 - 2 * static_cast<int>(exponent)) >> 1;
  return static_cast<uint8_t>(std::clamp(scale, 0, static_cast<int>(kDeltaScales) - 1));
}

/// Bits below level `level`.
template <class T>
unsigned ShiftOf(const DeltaShape& shape, unsigned level) {
  unsigned bits = 8 * sizeof(T);
  for (unsigned i = 0; i <= level; ++i) bits -= 8u * shape.level_bytes[i];
  return bits;
}

void StoreLevel(uint8_t* level, unsigned bytes, size_t i, uint64_t value) {
  if (bytes == 2) {
    Store(level + 2 * i, static_cast<uint16_t>(value));
  } else {
    level[i] = static_cast<uint8_t>(value);
  }
}

struct BlockFit {
  unsigned total = 0;     // of bit lengths
  unsigned weighted = 0;  // of bit lengths and exponents, where the difference is not zero
  unsigned nonzero = 0;
};

/// Elements that change their sign tell nothing of the step that the others make; a block of
/// nothing else gets the scale at which that is likely.
template <class T>
BlockFit Fit(const DeltaShape& shape, const T* child, const T* prediction, size_t n) {
  const unsigned shift = ShiftOf<T>(shape, 0);
  const unsigned whole = 8u * static_cast<unsigned>(sizeof(T)) - shape.ignored_bits -
                         8u * shape.level_bytes[0] + shape.exponent_shift;
  BlockFit fit;
  BlockFit flipped;
  for (size_t i = 0; i < n; ++i) {
    const auto changed = static_cast<T>(child[i] ^ prediction[i]);
    if (changed == 0) continue;
    const unsigned exponent = ExponentOf(shape, static_cast<uint32_t>(prediction[i] >> shift));
    if (changed > kMagnitude<T>) {
      flipped.weighted += exponent + whole;
      ++flipped.nonzero;
      continue;
    }
    const unsigned length = BitLength<T>(child[i] & kMagnitude<T>, prediction[i] & kMagnitude<T>);
    fit.total += length;
    fit.weighted += exponent + (length > shape.ignored_bits ? length - shape.ignored_bits : 0);
    ++fit.nonzero;
  }
  return fit.nonzero != 0 ? fit : flipped;
}

uint8_t BlockScale(const DeltaShape& shape, const BlockFit& fit) {
  if (fit.nonzero == 0) return 0;
  const int mean = static_cast<int>((2 * fit.weighted + fit.nonzero / 2) / fit.nonzero);
  return static_cast<uint8_t>(std::clamp(mean - shape.scale_bias, 1, 255));
}

/// A block without a scale must be right at every level; by ratio the levels are predicted one by
/// one.
template <class T>
bool EqualAtAllLevels(const DeltaShape& shape, const T* child, const T* base, size_t n,
                      float ratio) {
  for (unsigned level = 0; level < shape.level_count; ++level) {
    const unsigned shift = ShiftOf<T>(shape, level);
    for (size_t i = 0; i < n; ++i) {
      if ((Predict<T>(shape, level, base[i], ratio) >> shift) != (child[i] >> shift)) return false;
    }
  }
  return true;
}

template <class T>
BlockFit ChooseFit(const DeltaShape& shape, const T* child, const T* base, size_t n, float ratio,
                   uint8_t* block_ratio) {
  const BlockFit plain = Fit(shape, child, base, n);
  *block_ratio = 0;
  if (ratio == 0 || plain.total == 0) return plain;
  T scaled[kDeltaBlock];
  for (size_t i = 0; i < n; ++i) {
    scaled[i] = Predict<T>(shape, shape.level_count - 1u, base[i], ratio);
  }
  BlockFit fit = Fit(shape, child, scaled, n);
  if (fit.total >= plain.total) return plain;
  *block_ratio = 1;
  if (fit.nonzero == 0 && !EqualAtAllLevels(shape, child, base, n, ratio)) {
    fit.weighted = ExponentOf(shape, static_cast<uint32_t>(scaled[0] >> ShiftOf<T>(shape, 0)));
    fit.nonzero = 1;
  }
  return fit;
}

template <class T>
void ModelBlock(const DeltaShape& shape, const uint8_t* child_bytes, const uint8_t* base_bytes,
                size_t n, float ratio, uint8_t* block_scale, uint8_t* block_ratio, DeltaTile* tile,
                size_t first) {
  T child[kDeltaBlock];
  T base[kDeltaBlock];
  std::memcpy(child, child_bytes, n * sizeof(T));
  std::memcpy(base, base_bytes, n * sizeof(T));
  *block_scale = BlockScale(shape, ChooseFit(shape, child, base, n, ratio, block_ratio));
  for (unsigned level = 0; level < shape.level_count; ++level) {
    const unsigned shift = ShiftOf<T>(shape, level);
    const unsigned bytes = shape.level_bytes[level];
    for (size_t i = 0; i < n; ++i) {
      const T predicted = *block_ratio != 0 ? Predict<T>(shape, level, base[i], ratio) : base[i];
      const auto value = static_cast<T>(predicted >> shift);
      StoreLevel(tile->child[level], bytes, first + i, static_cast<uint64_t>(child[i] >> shift));
      StoreLevel(tile->base[level], bytes, first + i, static_cast<uint64_t>(value));
      if (level != 0) continue;
      const unsigned exponent = ExponentOf(shape, static_cast<uint32_t>(value));
      tile->scale[first + i] = ScaleOf(shape, *block_scale, exponent);
    }
  }
}

template <class T>
void ModelOf(const DeltaShape& shape, const uint8_t* child, const uint8_t* base, size_t n,
             float ratio, uint8_t* block_scale, uint8_t* block_ratio, DeltaTile* tile) {
  for (size_t first = 0; first < n; first += kDeltaBlock) {
    const size_t block = first / kDeltaBlock;
    ModelBlock<T>(shape, child + first * sizeof(T), base + first * sizeof(T),
                  std::min(kDeltaBlock, n - first), ratio, block_scale + block, block_ratio + block,
                  tile, first);
  }
}

void Model(const DeltaShape* shape, const uint8_t* child, const uint8_t* base, size_t n,
           float ratio, uint8_t* block_scale, uint8_t* block_ratio, DeltaTile* tile) {
  std::memset(tile->state, 0, sizeof tile->state);
  switch (shape->element_bytes) {
    case 1:
      return ModelOf<uint8_t>(*shape, child, base, n, 0, block_scale, block_ratio, tile);
    case 2:
      return ModelOf<uint16_t>(*shape, child, base, n, ratio, block_scale, block_ratio, tile);
    case 4:
      return ModelOf<uint32_t>(*shape, child, base, n, ratio, block_scale, block_ratio, tile);
    default:
      return ModelOf<uint64_t>(*shape, child, base, n, 0, block_scale, block_ratio, tile);
  }
}

void PutBits(DeltaBits* out, uint64_t value, unsigned width) {
  out->pending |= value << out->used;
  out->used += width;
  if (out->used >= 32) {
    Store(out->at, static_cast<uint32_t>(out->pending));
    out->at += 4;
    out->pending >>= 32;
    out->used -= 32;
  }
}

uint32_t GetBits(DeltaBitsIn* in, unsigned width) {
  const uint32_t window = Load<uint32_t>(in->bytes + (in->position >> 3)) >> (in->position & 7);
  in->position += width;
  return window & ((1u << width) - 1);
}

/// Elements whose state is above this take no symbol: the levels before them leave nothing to
/// predict.
constexpr uint8_t kLastCodedState = 1;

uint8_t NextState(uint8_t state, unsigned symbol) {
  return state == 0 ? static_cast<uint8_t>(symbol) : 255;
}

/// A difference as symbol and field. In the first level magnitudes are subtracted and a change of
/// sign is part of the symbol; below it numbers are subtracted modulo 2^8 or 2^16.
struct Coded {
  unsigned symbol;
  unsigned width;
  uint32_t field;
};

template <class V, bool kFirst>
Coded CodeOf(V to, V from) {
  constexpr unsigned kBits = 8 * sizeof(V);
  uint32_t difference = static_cast<V>(to - from);
  unsigned flip = 0;
  if constexpr (kFirst) {
    flip = static_cast<unsigned>((to ^ from) >> (kBits - 1)) * kBits;
    difference = static_cast<V>((to & kMagnitude<V>)-(from & kMagnitude<V>));
  }
  const bool negative = (difference >> (kBits - 1)) != 0;
  const uint32_t magnitude = negative ? (1u << kBits) - difference : difference;
  const auto width = static_cast<unsigned>(std::bit_width(magnitude));
  // The leading one is known; its place takes the sign.
  return {width + flip, width,
          negative || width == 0 ? magnitude : magnitude ^ (1u << (width - 1))};
}

/// The second bit goes from the field, whose sign moves down, into the symbol.
template <class V>
Coded WithSecondBit(const Coded& code) {
  constexpr unsigned kBits = 8 * sizeof(V);
  const unsigned width = code.width;
  if (code.symbol != width)
    return {code.symbol - kBits + DeltaFirstFlip(sizeof(V)), width, code.field};
  if (width < 2) return code;
  const unsigned below = width - 2;
  const uint32_t rest = code.field & ((1u << below) - 1);
  return {2 * width - 2 + (code.field >> below & 1), width - 1,
          code.field >> (width - 1) << below | rest};
}

template <class V, bool kFirst, bool kSecond>
size_t EncodeBlock(const uint8_t* child, const uint8_t* base, const uint8_t* scale, uint8_t* state,
                   size_t n, uint8_t* symbols, uint8_t* contexts, DeltaBits* low, DeltaBits* high) {
  size_t coded = 0;
  for (size_t i = 0; i < n; ++i) {
    const V value = Load<V>(child + i * sizeof(V));
    Coded code{0, 8 * sizeof(V), value};
    if (state[i] <= kLastCodedState) {
      code = CodeOf<V, kFirst>(value, Load<V>(base + i * sizeof(V)));
      contexts[coded] = static_cast<uint8_t>(scale[i] + kDeltaScales * state[i]);
      state[i] = NextState(state[i], code.symbol);
      if (kSecond) code = WithSecondBit<V>(code);
      symbols[coded++] = static_cast<uint8_t>(code.symbol);
    } else {
      state[i] = 255;
    }
    const unsigned low_width = std::min(code.width, 8u);
    PutBits(low, code.field & 0xff, low_width);
    if constexpr (sizeof(V) == 2) PutBits(high, code.field >> 8, code.width - low_width);
  }
  return coded;
}

template <class V, bool kFirst, bool kSecond>
size_t EncodeLevelOf(const uint8_t* child, const uint8_t* base, const uint8_t* scale,
                     uint8_t* state, const uint8_t* block_scale, size_t n, uint8_t* symbols,
                     uint8_t* contexts, DeltaBits* low, DeltaBits* high) {
  size_t coded = 0;
  for (size_t first = 0; first < n; first += kDeltaBlock) {
    if (block_scale[first / kDeltaBlock] == 0) continue;
    coded += EncodeBlock<V, kFirst, kSecond>(
        child + first * sizeof(V), base + first * sizeof(V), scale + first, state + first,
        std::min(kDeltaBlock, n - first), symbols + coded, contexts + coded, low, high);
  }
  return coded;
}

template <class V, bool kSecond>
constexpr auto EncoderOf(bool first) {
  return first ? EncodeLevelOf<V, true, kSecond> : EncodeLevelOf<V, false, kSecond>;
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

template <class T>
void PredictOf(const DeltaShape& shape, unsigned level, const uint8_t* base, size_t n, float ratio,
               const uint8_t* block_scale, const uint8_t* block_ratio, uint8_t* prediction,
               uint8_t* scale) {
  const unsigned shift = ShiftOf<T>(shape, level);
  for (size_t i = 0; i < n; ++i) {
    const size_t block = i / kDeltaBlock;
    const T bits = Load<T>(base + i * sizeof(T));
    const T whole = block_ratio[block] != 0 ? Predict<T>(shape, level, bits, ratio) : bits;
    const T value = static_cast<T>(whole >> shift);
    StoreLevel(prediction, shape.level_bytes[level], i, static_cast<uint64_t>(value));
    if (level != 0) continue;
    scale[i] = ScaleOf(shape, block_scale[block], ExponentOf(shape, static_cast<uint32_t>(value)));
  }
}

void PredictLevels(const DeltaShape* shape, unsigned wanted, const uint8_t* base, size_t n,
                   float ratio, const uint8_t* block_scale, const uint8_t* block_ratio,
                   uint8_t* const* predictions, uint8_t* scale) {
  const auto predict = shape->element_bytes == 1   ? PredictOf<uint8_t>
                       : shape->element_bytes == 2 ? PredictOf<uint16_t>
                       : shape->element_bytes == 4 ? PredictOf<uint32_t>
                                                   : PredictOf<uint64_t>;
  for (unsigned level = 0; level < shape->level_count; ++level) {
    if ((wanted >> level & 1) == 0) continue;
    predict(*shape, level, base, n, ratio, block_scale, block_ratio, predictions[level], scale);
  }
}

/// base + beta/16 (base - second), seen from `level`: lower bits are taken to be the middle of what
/// they can be. Without numbers of one sign that are less than an octave apart, the base.
template <class T>
T ExtrapolatedAt(const DeltaShape& shape, unsigned level, T base, T second, int beta) {
  const unsigned shift = ShiftOf<T>(shape, level);
  const auto magnitude = [&](T bits) {
    return static_cast<int64_t>((bits & kMagnitude<T>) >> shift << shift);
  };
  const int64_t from = magnitude(base);
  const int64_t step = from - magnitude(second);
  const int64_t octave = int64_t{1} << shape.mantissa_bits;
  if ((base ^ second) > kMagnitude<T> || step < -octave || step >= octave) return base;
  const int64_t middle = shift != 0 ? int64_t{1} << (shift - 1) : 0;
  // A step has at most 53 bits and beta 8; below zero the sum is beyond all magnitudes.
  const uint64_t moved =
      static_cast<uint64_t>(from + middle) + static_cast<uint64_t>(step * beta >> 4);
  if (moved > kMagnitude<T>) return base;
  return static_cast<T>((base & static_cast<T>(~kMagnitude<T>)) | static_cast<T>(moved));
}

template <class T>
void ExtrapolateOf(const DeltaShape& shape, unsigned levels, const uint8_t* base,
                   const uint8_t* second, size_t n, int beta, uint8_t* out) {
  for (size_t i = 0; i < n; ++i) {
    T joined = 0;
    for (unsigned level = 0; level < levels; ++level) {
      const T value = ExtrapolatedAt(shape, level, Load<T>(base + i * sizeof(T)),
                                     Load<T>(second + i * sizeof(T)), beta);
      const unsigned shift = ShiftOf<T>(shape, level);
      const auto all = static_cast<T>((uint64_t{1} << 8 * shape.level_bytes[level]) - 1);
      joined = static_cast<T>(joined | (value & static_cast<T>(all << shift)));
    }
    Store(out + i * sizeof(T), joined);
  }
}

void Extrapolate(const DeltaShape* shape, unsigned levels, const uint8_t* base,
                 const uint8_t* second, size_t n, int beta, uint8_t* out) {
  const auto extrapolate = shape->element_bytes == 2   ? ExtrapolateOf<uint16_t>
                           : shape->element_bytes == 4 ? ExtrapolateOf<uint32_t>
                                                       : ExtrapolateOf<uint64_t>;
  extrapolate(*shape, levels, base, second, n, beta, out);
}

size_t Contexts(const uint8_t* scale, const uint8_t* state, const uint8_t* block_scale, size_t n,
                uint8_t* contexts) {
  size_t coded = 0;
  for (size_t first = 0; first < n; first += kDeltaBlock) {
    if (block_scale[first / kDeltaBlock] == 0) continue;
    for (size_t i = first; i < std::min(first + kDeltaBlock, n); ++i) {
      contexts[coded] = static_cast<uint8_t>(scale[i] + kDeltaScales * (state[i] & 1));
      coded += state[i] <= kLastCodedState ? 1 : 0;
    }
  }
  return coded;
}

/// What a symbol with a second bit says.
struct Paired {
  unsigned symbol;  // without it
  bool has_second;
  unsigned second;
};

template <class V, bool kFirst, bool kSecond>
Paired PairedOf(unsigned symbol) {
  constexpr unsigned kFlip = DeltaFirstFlip(sizeof(V));
  if (!kSecond) return {symbol, false, 0};
  if (kFirst && symbol >= kFlip) return {symbol - kFlip + 8 * unsigned{sizeof(V)}, false, 0};
  if (symbol < 2) return {symbol, false, 0};
  return {symbol / 2 + 1, true, symbol & 1};
}

/// Bits of the field that follows a symbol.
unsigned WidthOf(bool first, unsigned level_bytes, unsigned symbol) {
  return first ? symbol & (8 * level_bytes - 1) : symbol;
}

/// The way back from WithSecondBit: `width` bits with the second one.
uint32_t WholeField(uint32_t field, unsigned width, unsigned second) {
  const unsigned below = width - 2;
  const uint32_t rest = field & ((1u << below) - 1);
  return field >> below << (width - 1) | second << below | rest;
}

template <class V, bool kFirst>
V ValueOf(V prediction, unsigned symbol, unsigned width, uint32_t field) {
  uint32_t difference = 0;
  if (width != 0) {
    const uint32_t leading = 1u << (width - 1);
    difference = (field & leading) != 0 ? 0u - field : field | leading;
  }
  if constexpr (!kFirst) return static_cast<V>(prediction + difference);
  const uint32_t flip =
      symbol >= 8 * sizeof(V) ? static_cast<uint32_t>(static_cast<V>(~kMagnitude<V>)) : 0;
  const uint32_t sign = (prediction ^ flip) & static_cast<uint32_t>(static_cast<V>(~kMagnitude<V>));
  return static_cast<V>(sign | ((prediction + difference) & kMagnitude<V>));
}

template <class V, bool kFirst, bool kSecond>
size_t DecodeBlock(uint8_t* values, uint8_t* state, size_t n, const uint8_t* symbols,
                   DeltaBitsIn* low, DeltaBitsIn* high) {
  size_t taken = 0;
  for (size_t i = 0; i < n; ++i) {
    const bool coded = state[i] <= kLastCodedState;
    const auto [symbol, has_second, second] =
        PairedOf<V, kFirst, kSecond>(coded ? symbols[taken] : 0);
    const unsigned width = coded ? WidthOf(kFirst, sizeof(V), symbol) : 8 * sizeof(V);
    const unsigned stored = has_second ? width - 1 : width;
    const unsigned low_width = std::min(stored, 8u);
    uint32_t field = GetBits(low, low_width);
    if constexpr (sizeof(V) == 2) field |= GetBits(high, stored - low_width) << 8;
    if (has_second) field = WholeField(field, width, second);
    uint8_t* const at = values + i * sizeof(V);
    Store(at,
          coded ? ValueOf<V, kFirst>(Load<V>(at), symbol, width, field) : static_cast<V>(field));
    state[i] = coded ? NextState(state[i], symbol) : 255;
    taken += coded ? 1 : 0;
  }
  return taken;
}

template <class V, bool kSecond>
constexpr auto DecoderOf(bool first) {
  return first ? DecodeBlock<V, true, kSecond> : DecodeBlock<V, false, kSecond>;
}

size_t DecodeLevel(DeltaLevel level, uint8_t* values, uint8_t* state, const uint8_t* block_scale,
                   size_t n, const uint8_t* symbols, DeltaBitsIn* low, DeltaBitsIn* high) {
  const bool first_level = level.index == 0;
  const auto block = level.second_bits
                         ? (level.bytes == 2 ? DecoderOf<uint16_t, true>(first_level)
                                             : DecoderOf<uint8_t, true>(first_level))
                         : (level.bytes == 2 ? DecoderOf<uint16_t, false>(first_level)
                                             : DecoderOf<uint8_t, false>(first_level));
  size_t taken = 0;
  for (size_t first = 0; first < n; first += kDeltaBlock) {
    if (block_scale[first / kDeltaBlock] == 0) continue;
    taken += block(values + first * level.bytes, state + first, std::min(kDeltaBlock, n - first),
                   symbols + taken, low, high);
  }
  return taken;
}

template <class T>
void JoinOf(const DeltaShape& shape, unsigned levels, const uint8_t* const* values, size_t n,
            uint8_t* elements) {
  for (size_t i = 0; i < n; ++i) {
    T bits = 0;
    unsigned shift = 8 * sizeof(T);
    for (unsigned level = 0; level < levels; ++level) {
      shift -= 8u * shape.level_bytes[level];
      const uint64_t value =
          shape.level_bytes[level] == 2 ? Load<uint16_t>(values[level] + 2 * i) : values[level][i];
      bits = static_cast<T>(bits | static_cast<T>(value << shift));
    }
    Store(elements + i * sizeof(T), bits);
  }
}

void Join(const DeltaShape* shape, unsigned levels, const uint8_t* const* values, size_t n,
          uint8_t* elements) {
  switch (shape->element_bytes) {
    case 1:
      return JoinOf<uint8_t>(*shape, levels, values, n, elements);
    case 2:
      return JoinOf<uint16_t>(*shape, levels, values, n, elements);
    case 4:
      return JoinOf<uint32_t>(*shape, levels, values, n, elements);
    default:
      return JoinOf<uint64_t>(*shape, levels, values, n, elements);
  }
}

void Count(const uint8_t* symbols, const uint8_t* contexts, size_t n, uint32_t* histogram) {
  for (size_t i = 0; i < n; ++i) ++histogram[contexts[i] * 32u + symbols[i]];
}

void FillTable(const uint16_t* frequencies, unsigned symbols, uint32_t* table) {
  for (unsigned s = 0; s < symbols; ++s) {
    const uint32_t frequency = frequencies[s];
    for (uint32_t k = 0; k < frequency; ++k) *table++ = s | frequency << 8 | k << 20;
  }
}

}  // namespace

const DeltaKernels& ReferenceDeltaKernels() {
  static constexpr DeltaKernels kKernels = {"reference", Model,    EncodeLevel, PredictLevels,
                                            Extrapolate, Contexts, DecodeLevel, Join,
                                            Count,       FillTable};
  return kKernels;
}

}  // namespace dlv::codec
