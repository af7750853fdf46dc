#pragma once
/// \file
/// The rest of what delta_levels_generic.h begins: the model, predictions, and the table of all
/// loops. The same rules hold.

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

/// Whether the products of all elements of a block count, as they do at every level where no
/// exponent is near its limits and the ratio moves it by one at most.
template <class T>
inline bool HasOrdinaryProducts(const uint32_t* base, float ratio) {
  const float magnitude = ratio < 0 ? -ratio : ratio;
  if (!(magnitude >= 0.5F && magnitude <= 2)) return false;
  constexpr unsigned kUp = sizeof(T) == 4 ? 0 : 16;
  uint32_t outside = 0;
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t exponent = base[i] << kUp & kExponentBits;
    outside |= (exponent - (4u << 23)) | ((250u << 23) - exponent);
  }
  return outside >> 31 == 0;
}

template <class T, unsigned kLevel>
inline void ScaleBlock(const uint32_t* base, bool ordinary, float ratio, uint32_t* out) {
  if (!ordinary) {
    for (unsigned i = 0; i < kN; ++i) out[i] = Scaled<T, kLevel>(base[i], ratio);
    return;
  }
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t bits =
        sizeof(T) == 4 ? (base[i] & kKept<kLevel>) | kMiddle<kLevel> : base[i] << 16;
    const uint32_t product = FloatBits(FloatOf(bits) * ratio);
    out[i] = sizeof(T) == 4 ? product : RoundedTo16(product) >> 16;
  }
}

/// Of a block, without the elements that are predicted right and those whose sign changes.
struct Fit {
  uint32_t total;     ///< bit lengths of differences
  uint32_t weighted;  ///< the same, and the exponents of predictions
  uint32_t nonzero;   ///< elements
};

/// All ones where the sign bits of x are set.
template <class T>
inline uint32_t SignMask(uint32_t x) {
  return static_cast<uint32_t>(static_cast<int32_t>(x << (32 - 8 * sizeof(T))) >> 31);
}

/// Bit lengths of the differences, as `Fit::total`.
template <class T>
inline uint32_t LengthsOf(const uint32_t* child, const uint32_t* prediction) {
  constexpr uint32_t kBias = 126;  // of a length in the exponent of a float
  uint32_t total = 0;
  for (unsigned i = 0; i < kN; ++i) {
    // With equal signs that of the magnitudes, or its negative.
    const uint32_t difference = child[i] - prediction[i];
    const uint32_t negative = SignMask<uint32_t>(difference);
    const uint32_t magnitude =
        ((difference ^ negative) - negative) & ~SignMask<T>(child[i] ^ prediction[i]);
    // With a half, 0 has an exponent as well, and no other number gets another one.
    total += FloatBits(FloatOf(LengthFloat(magnitude)) + 0.5F) >> 23;
  }
  return total - kBias * kN;
}

/// Adds to a fit what LengthsOf left out.
template <class T>
inline void AddExponents(const uint32_t* child, const uint32_t* prediction, unsigned exponent_shift,
                         Fit& fit) {
  constexpr uint32_t kMask = sizeof(T) == 4 ? 0x7fffffff : 0x7fff;
  uint32_t sum = 0;
  uint32_t nonzero = 0;
  for (unsigned i = 0; i < kN; ++i) {
    const uint32_t changed = child[i] ^ prediction[i];
    const uint32_t keep = (changed != 0 ? ~0u : 0u) & ~SignMask<T>(changed);
    sum += keep & ((prediction[i] & kMask) >> exponent_shift);
    nonzero += keep >> 31;
  }
  fit.weighted = fit.total + sum;
  fit.nonzero = nonzero;
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

#if defined(__SSE2__) && !defined(__AVX2__)

/// The upper halves of 64 numbers: a compiler takes eight shuffles for what are three instructions.
inline void StoreUpper(const uint32_t* bits, uint8_t* level) {
  for (unsigned i = 0; i < kN; i += 8) {
    const auto* const from = reinterpret_cast<const __m128i*>(bits + i);
    const __m128i first = _mm_srai_epi32(_mm_loadu_si128(from), 16);
    const __m128i second = _mm_srai_epi32(_mm_loadu_si128(from + 1), 16);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(level + 2 * i), _mm_packs_epi32(first, second));
  }
}

#else

inline void StoreUpper(const uint32_t* bits, uint8_t* level) {
  for (unsigned i = 0; i < kN; ++i) {
    const auto value = static_cast<uint16_t>(bits[i] >> 16);
    memcpy(level + 2 * i, &value, sizeof value);
  }
}

#endif

template <class T, unsigned kLevel>
inline void StoreLevel(const uint32_t* bits, uint8_t* level) {
  if constexpr (sizeof(T) == 4 && kLevel == 0) return StoreUpper(bits, level);
  for (unsigned i = 0; i < kN; ++i) {
    if constexpr (sizeof(T) == 2) {
      const auto value = static_cast<uint16_t>(bits[i]);
      memcpy(level + 2 * i, &value, sizeof value);
    } else {
      level[i] = static_cast<uint8_t>(kLevel == 1 ? bits[i] >> 8 : bits[i]);
    }
  }
}

/// `top`: the predictions of the first level, as they are stored.
inline void StoreScales(const uint8_t* top, int block_scale, const DeltaShape& shape,
                        uint8_t* scale) {
  const auto whole = static_cast<int16_t>(block_scale + shape.scale_bias + 4);
  const unsigned shift = shape.exponent_shift;
  for (unsigned i = 0; i < kN; ++i) {
    const auto exponent = static_cast<int16_t>((ValueAt<uint16_t>(top, i) & 0x7fff) >> shift);
    const auto one = static_cast<int16_t>(static_cast<int16_t>(whole - 2 * exponent) >> 1);
    const auto least = one > 0 ? one : int16_t{0};
    scale[i] = static_cast<uint8_t>(least < 33 ? least : int16_t{33});
  }
}
static_assert(kDeltaScales == 34);

/// The prediction of a level: in `room`, or the base itself.
template <class T, unsigned kLevel>
inline const uint32_t* PredictionOf(const uint32_t* base, bool by_ratio, bool ordinary, float ratio,
                                    uint32_t* room) {
  if (!by_ratio) return base;
  ScaleBlock<T, kLevel>(base, ordinary, ratio, room);
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
                     bool ordinary, float ratio, uint8_t* by_ratio, uint32_t* scaled) {
  constexpr unsigned kLast = sizeof(T) == 4 ? 2 : 0;
  const unsigned exponent_shift = (sizeof(T) == 4 ? 16u : 0u) + shape.exponent_shift;
  Fit fit = {LengthsOf<T>(child, base), 0, 0};
  *by_ratio = 0;
  if (ratio != 0 && fit.total != 0) {
    ScaleBlock<T, kLast>(base, ordinary, ratio, scaled);
    const uint32_t other = LengthsOf<T>(child, scaled);
    if (other < fit.total) {
      fit.total = other;
      *by_ratio = 1;
    }
  }
  const uint32_t* const prediction = *by_ratio != 0 ? scaled : base;
  if (fit.total != 0) {
    AddExponents<T>(child, prediction, exponent_shift, fit);
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
    const bool ordinary = ratio != 0 && HasOrdinaryProducts<T>(base, ratio);
    const Fit fit = ChooseFit<T>(shape, child, base, ordinary, ratio, block_ratio + block, scaled);
    const bool by_ratio = block_ratio[block] != 0;
    block_scale[block] = BlockScale(shape, fit);
    StoreLevel<T, 0>(child, tile->child[0] + 2 * at);
    const uint32_t* const last = by_ratio ? scaled : base;
    const uint32_t* const top =
        sizeof(T) == 4 ? PredictionOf<T, 0>(base, by_ratio, ordinary, ratio, room) : last;
    StoreLevel<T, 0>(top, tile->base[0] + 2 * at);
    StoreScales(tile->base[0] + 2 * at, block_scale[block], shape, tile->scale + at);
    if constexpr (sizeof(T) == 4) {
      StoreLevel<T, 1>(child, tile->child[1] + at);
      StoreLevel<T, 2>(child, tile->child[2] + at);
      StoreLevel<T, 1>(PredictionOf<T, 1>(base, by_ratio, ordinary, ratio, room),
                       tile->base[1] + at);
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
    const bool ordinary = by_ratio && HasOrdinaryProducts<T>(base, ratio);
    if ((wanted & 1) != 0) {
      uint8_t* const top = predictions[0] + 2 * at;
      StoreLevel<T, 0>(PredictionOf<T, 0>(base, by_ratio, ordinary, ratio, room), top);
      StoreScales(top, block_scale[at / kN], shape, scale + at);
    }
    if constexpr (sizeof(T) == 4) {
      if ((wanted & 2) != 0) {
        StoreLevel<T, 1>(PredictionOf<T, 1>(base, by_ratio, ordinary, ratio, room),
                         predictions[1] + at);
      }
      if ((wanted & 4) != 0) {
        StoreLevel<T, 2>(PredictionOf<T, 2>(base, by_ratio, ordinary, ratio, room),
                         predictions[2] + at);
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
  for (; i + kN <= n; i += kN) {
    uint16_t cells[kN];
    for (unsigned k = 0; k < kN; ++k) {
      cells[k] = static_cast<uint16_t>(contexts[i + k] * 32 + symbols[i + k]);
    }
    for (unsigned k = 0; k < kN; k += 2) {
      ++histogram[cells[k]];
      ++other[cells[k + 1]];
    }
  }
  for (; i < n; ++i) ++histogram[contexts[i] * 32u + symbols[i]];
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
