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

/// `scaled`: gets the prediction of the last level where it is by ratio.
template <class T>
inline Fit ChooseFit(const DeltaShape& shape, const uint32_t* child, const uint32_t* base,
                     float ratio, uint8_t* by_ratio, uint32_t* scaled) {
  constexpr unsigned kLast = sizeof(T) == 4 ? 2 : 0;
  const unsigned exponent_shift = (sizeof(T) == 4 ? 16u : 0u) + shape.exponent_shift;
  Fit fit = FitOf<T>(child, base, exponent_shift);
  *by_ratio = 0;
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
    StoreScales<T>(top, block_scale[block], shape.scale_bias, exponent_shift, tile->scale + at);
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

constexpr DeltaKernels GenericDeltaKernels(const char* name) {
  return {name,     Model,       EncodeLevel, PredictLevels, Extrapolate,
          Contexts, DecodeLevel, Join,        Count,         FillTable};
}

}  // namespace
}  // namespace dlv::codec
