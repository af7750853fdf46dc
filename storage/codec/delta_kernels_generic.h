#pragma once
/// \file
/// The rest of what delta_levels_generic.h begins: the model, predictions, and the table of all
/// loops. The same rules hold.

#include <string.h>

#include "storage/codec/delta_extrapolation.h"
#include "storage/codec/delta_kernels.h"
#include "storage/codec/delta_levels_generic.h"

namespace dlv::codec {
namespace {

/// The elements of a block in 32 bits each.
template <class T>
inline void LoadBlock(const uint8_t* elements, size_t live, uint32_t* out) {
  T raw[kN];
  if (live < kN) memset(raw, 0, sizeof raw);
  memcpy(raw, elements, live * sizeof(T));
  for (unsigned i = 0; i < kN; ++i) out[i] = raw[i];
}

/// Exponents 1..254 of `from` and 2..254 of the product: then it counts.
inline uint32_t Product(uint32_t bits, float ratio, uint32_t otherwise) {
  const uint32_t product = FloatBits(FloatOf(bits) * ratio);
  const uint32_t from = bits & kExponentBits;
  const uint32_t to = product & kExponentBits;
  // A mask, as a choice would become a branch.
  const uint32_t least = (from > 0 ? 1u : 0u) & (to > (1u << 23) ? 1u : 0u);
  const uint32_t most = (from < kExponentBits ? 1u : 0u) & (to < kExponentBits ? 1u : 0u);
  const uint32_t usable = 0u - (least & most);
  return (product & usable) | (otherwise & ~usable);
}

/// What a level shows of a base of four bytes, and the middle of what it does not show.
template <unsigned kLevel>
constexpr uint32_t kKept = kLevel == 0   ? 0xffff0000
                           : kLevel == 1 ? 0xffffff00
                                         : 0xffffffff;
template <unsigned kLevel>
constexpr uint32_t kMiddle = kLevel == 0   ? 0x8000
                             : kLevel == 1 ? 0x80
                                           : 0;

inline uint32_t RoundedTo16(uint32_t product) { return product + 0x7fff + ((product >> 16) & 1); }

template <class T, unsigned kLevel>
inline uint32_t Scaled(uint32_t base, float ratio) {
  if constexpr (sizeof(T) == 4) {
    const uint32_t kept = base & kKept<kLevel>;
    return Product(kept | kMiddle<kLevel>, ratio, kept);
  } else {
    const uint32_t wide = base << 16;
    const uint32_t rounded = RoundedTo16(Product(wide, ratio, wide));
    const uint32_t usable = 0u - ((rounded & kExponentBits) != kExponentBits ? 1u : 0u);
    return ((rounded >> 16) & usable) | (base & ~usable);
  }
}

/// As if all products counted; the highest bit of the result says that some do not. What it cannot
/// see is a base with exponent 0 whose product has one above 1: not for ratios up to 2.
template <class T, unsigned kLevel>
inline uint32_t ProductsOf(const uint32_t* base, float ratio, uint32_t* out) {
  uint32_t outside = 0;
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t bits =
        sizeof(T) == 4 ? (base[i] & kKept<kLevel>) | kMiddle<kLevel> : base[i] << 16;
    const uint32_t product = FloatBits(FloatOf(bits) * ratio);
    const uint32_t low = product & kExponentBits;
    const uint32_t result = sizeof(T) == 4 ? product : RoundedTo16(product);
    const uint32_t high = result & kExponentBits;
    outside |= (low - (2u << 23)) | ((254u << 23) - high);
    out[i] = sizeof(T) == 4 ? result : result >> 16;
  }
  return outside;
}

template <class T, unsigned kLevel>
inline void ScaleBlock(const uint32_t* base, float ratio, uint32_t* out) {
  constexpr float kMost = 2;
  if (ratio >= -kMost && ratio <= kMost) {
    if (ProductsOf<T, kLevel>(base, ratio, out) >> 31 == 0) return;
  }
  for (unsigned i = 0; i < kN; ++i) out[i] = Scaled<T, kLevel>(base[i], ratio);
}

/// Of a block, without the elements that are predicted right and those whose sign changes.
struct Fit {
  uint32_t total;     ///< bit lengths of differences
  uint32_t weighted;  ///< the same, and the exponents of predictions
  uint32_t nonzero;   ///< elements
};

/// Leaves `weighted` to ExponentsOf.
template <class T>
inline Fit FitOf(const uint32_t* child, const uint32_t* prediction) {
  constexpr unsigned kSign = 8 * sizeof(T) - 1;
  uint32_t total = 0;
  uint32_t nonzero = 0;
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t flip = (child[i] ^ prediction[i]) >> kSign;
    // With equal signs that of the magnitudes, or its negative.
    const auto difference = static_cast<int32_t>(child[i] - prediction[i]);
    const auto magnitude =
        static_cast<uint32_t>(difference < 0 ? 0 - static_cast<uint32_t>(difference)
                                             : static_cast<uint32_t>(difference)) &
        (flip - 1);
    total += LengthFloat(magnitude) >> 23;
    nonzero += magnitude != 0 ? 1u : 0u;
  }
  constexpr uint32_t kBias = 126;  // of a length in a float
  return {total - kBias * nonzero, 0, nonzero};
}

template <class T>
inline uint32_t ExponentsOf(const uint32_t* child, const uint32_t* prediction,
                            unsigned exponent_shift) {
  constexpr uint32_t kMask = sizeof(T) == 4 ? 0x7fffffff : 0x7fff;
  constexpr unsigned kSign = 8 * sizeof(T) - 1;
  uint32_t sum = 0;
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t changed = child[i] ^ prediction[i];
    const uint32_t keep = (0u - (changed != 0 ? 1u : 0u)) & ((changed >> kSign) - 1);
    sum += keep & ((prediction[i] & kMask) >> exponent_shift);
  }
  return sum;
}

/// Where signs change alone: they count instead.
template <class T>
inline Fit FitOfFlips(const uint32_t* child, const uint32_t* prediction, unsigned exponent_shift) {
  constexpr uint32_t kMask = sizeof(T) == 4 ? 0x7fffffff : 0x7fff;
  constexpr unsigned kSign = 8 * sizeof(T) - 1;
  Fit fit{0, 0, 0};
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t flip = (child[i] ^ prediction[i]) >> kSign;
    fit.nonzero += flip;
    fit.weighted += (0u - flip) & (((prediction[i] & kMask) >> exponent_shift) + exponent_shift);
  }
  return fit;
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
inline void StoreScales(const uint32_t* top, int block_scale, const DeltaShape& shape,
                        uint8_t* scale) {
  constexpr uint32_t kMask = sizeof(T) == 4 ? 0x7fffffff : 0x7fff;
  const unsigned exponent_shift = (sizeof(T) == 4 ? 16u : 0u) + shape.exponent_shift;
  for (unsigned i = 0; i < kN; ++i) {
    const auto exponent = static_cast<int32_t>((top[i] & kMask) >> exponent_shift);
    const int32_t one = (block_scale + shape.scale_bias + 4 - 2 * exponent) >> 1;
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

/// `scaled`: gets the prediction of the last level where it is by ratio.
template <class T>
inline Fit ChooseFit(const DeltaShape& shape, const uint32_t* child, const uint32_t* base,
                     float ratio, uint8_t* by_ratio, uint32_t* scaled) {
  constexpr unsigned kLast = sizeof(T) == 4 ? 2 : 0;
  const unsigned exponent_shift = (sizeof(T) == 4 ? 16u : 0u) + shape.exponent_shift;
  Fit fit = FitOf<T>(child, base);
  *by_ratio = 0;
  if (ratio != 0 && fit.total != 0) {
    ScaleBlock<T, kLast>(base, ratio, scaled);
    const Fit other = FitOf<T>(child, scaled);
    if (other.total < fit.total) {
      fit = other;
      *by_ratio = 1;
    }
  }
  const uint32_t* const prediction = *by_ratio != 0 ? scaled : base;
  if (fit.nonzero != 0) {
    fit.weighted = fit.total + ExponentsOf<T>(child, prediction, exponent_shift);
    return fit;
  }
  fit = FitOfFlips<T>(child, prediction, exponent_shift);
  if (fit.nonzero == 0 && *by_ratio != 0 && !EqualAtUpperLevels<T>(child, base, ratio)) {
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
  for (size_t at = 0; at < n; at += kN) {
    const size_t live = n - at < kN ? n - at : kN;
    const size_t block = at / kN;
    uint32_t child[kN];
    uint32_t base[kN];
    uint32_t room[kN];
    uint32_t scaled[kN];
    LoadBlock<T>(child_bytes + at * sizeof(T), live, child);
    LoadBlock<T>(base_bytes + at * sizeof(T), live, base);
    const Fit fit = ChooseFit<T>(shape, child, base, ratio, block_ratio + block, scaled);
    const bool by_ratio = block_ratio[block] != 0;
    block_scale[block] = BlockScale(shape, fit);
    StoreLevel<T, 0>(child, tile->child[0] + 2 * at);
    const uint32_t* const last = by_ratio ? scaled : base;
    const uint32_t* const top =
        sizeof(T) == 4 ? PredictionOf<T, 0>(base, by_ratio, ratio, room) : last;
    StoreLevel<T, 0>(top, tile->base[0] + 2 * at);
    StoreScales<T>(top, block_scale[block], shape, tile->scale + at);
    if constexpr (sizeof(T) == 4) {
      StoreLevel<T, 1>(child, tile->child[1] + at);
      StoreLevel<T, 2>(child, tile->child[2] + at);
      StoreLevel<T, 1>(PredictionOf<T, 1>(base, by_ratio, ratio, room), tile->base[1] + at);
      StoreLevel<T, 2>(last, tile->base[2] + at);
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
  for (size_t at = 0; at < n; at += kN) {
    const size_t live = n - at < kN ? n - at : kN;
    const bool by_ratio = block_ratio[at / kN] != 0;
    uint32_t base[kN];
    uint32_t room[kN];
    LoadBlock<T>(base_bytes + at * sizeof(T), live, base);
    if ((wanted & 1) != 0) {
      const uint32_t* top = PredictionOf<T, 0>(base, by_ratio, ratio, room);
      StoreLevel<T, 0>(top, predictions[0] + 2 * at);
      StoreScales<T>(top, block_scale[at / kN], shape, scale + at);
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

inline uint32_t JoinThree(uint32_t first, uint32_t second, uint32_t third) {
  return first << 16 | second << 8 | third;
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
    size_t i = 0;
    for (; i + kN <= n; i += kN) {
      uint16_t top[kN];
      uint32_t bits[kN];  // apart, as a compiler cannot know what `elements` overlaps
      memcpy(top, values[0] + 2 * i, sizeof top);
      for (unsigned k = 0; k < kN; ++k) {
        bits[k] = JoinThree(top[k], second[i + k] & second_mask, third[i + k] & third_mask);
      }
      memcpy(elements + 4 * i, bits, sizeof bits);
    }
    for (; i < n; ++i) {
      uint16_t top;
      memcpy(&top, values[0] + 2 * i, sizeof top);
      const uint32_t bits = JoinThree(top, second[i] & second_mask, third[i] & third_mask);
      memcpy(elements + 4 * i, &bits, sizeof bits);
    }
  }
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

constexpr DeltaKernels GenericDeltaKernels(const char* name) {
  return {name,     Model,       EncodeLevel, PredictLevels, Extrapolate,
          Contexts, DecodeLevel, Join,        Count,         FillTable};
}

}  // namespace
}  // namespace dlv::codec
