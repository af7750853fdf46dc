#pragma once
/// \file
/// AVX-512 form of the delta coder's model and predictions. dtypes that are rare here are left to
/// the reference form. In an unnamed namespace, as delta_levels_avx512.h.

#include "storage/codec/delta_pieces_avx512.h"

namespace dlv::codec {
namespace {

constexpr unsigned kExponentMask = 0x7f800000;

/// Elements as the high bits of binary32 lanes (bf16) or as they are; f16 stays in the low half.
template <unsigned kElementBytes>
inline __m512i LoadLanes(const uint8_t* at, __mmask16 live) {
  if constexpr (kElementBytes == 4) {
    return _mm512_maskz_loadu_epi32(live, at);
  } else {
    return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(live, at));
  }
}

/// Neighbouring blocks of large arrays: what comes a few blocks later is asked for now.
inline void Prefetch(const uint8_t* at, size_t bytes) {
  constexpr size_t kAhead = 2048;
  for (size_t line = 0; line < bytes; line += 64) {
    _mm_prefetch(reinterpret_cast<const char*>(at) + kAhead + line, _MM_HINT_T0);
  }
}

inline __mmask16 Unusable(__m512i exponent, unsigned least) {
  return _mm512_cmplt_epu32_mask(exponent, Set32(least << 23)) |
         _mm512_cmpeq_epi32_mask(exponent, Set32(kExponentMask));
}

inline __m512i Multiply(__m512i bits, __m512 ratio, __m512i otherwise) {
  const __m512i mask = Set32(kExponentMask);
  const __m512i product = _mm512_castps_si512(_mm512_mul_ps(_mm512_castsi512_ps(bits), ratio));
  const __mmask16 bad =
      Unusable(_mm512_and_si512(bits, mask), 1) | Unusable(_mm512_and_si512(product, mask), 2);
  return _mm512_mask_mov_epi32(product, bad, otherwise);
}

/// The prediction of a level by ratio, as delta_kernels_reference.cc has it.
template <unsigned kElementBytes>
inline __attribute__((always_inline)) __m512i Scaled(unsigned level, __m512i base, __m512 ratio) {
  if constexpr (kElementBytes == 4) {
    const __m512i kept = _mm512_and_si512(base, Set32(level == 0   ? 0xffff0000
                                                      : level == 1 ? 0xffffff00
                                                                   : 0xffffffff));
    const __m512i middle = Set32(level == 0 ? 0x8000 : level == 1 ? 0x80 : 0);
    return Multiply(_mm512_or_si512(kept, middle), ratio, kept);
  } else {
    const __m512i wide = _mm512_slli_epi32(base, 16);
    const __m512i product = Multiply(wide, ratio, wide);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(product, 16), Set32(1));
    const __m512i rounded = _mm512_add_epi32(_mm512_add_epi32(product, Set32(0x7fff)), odd);
    const __m512i mask = Set32(kExponentMask);
    const __mmask16 bad = _mm512_cmpeq_epi32_mask(_mm512_and_si512(rounded, mask), mask);
    return _mm512_mask_mov_epi32(_mm512_srli_epi32(rounded, 16), bad, base);
  }
}

struct Geometry {
  unsigned top_shift;  // from an element to its first level
  __m512i magnitude;   // all bits but the sign
  __m128i exponent;    // shift of the exponent in an element
  unsigned whole;      // length of a difference of the size of the element itself
};

template <unsigned kElementBytes>
inline Geometry GeometryOf(const DeltaShape& shape) {
  const unsigned top_shift = kElementBytes == 4 ? 16 : 0;
  const unsigned exponent = top_shift + shape.exponent_shift;
  return {top_shift, Set32(kElementBytes == 4 ? 0x7fffffff : 0x7fff),
          _mm_cvtsi32_si128(static_cast<int>(exponent)), exponent};
}

inline __m512i ExponentOf(__m512i bits, const Geometry& geometry) {
  return _mm512_srl_epi32(_mm512_and_si512(bits, geometry.magnitude), geometry.exponent);
}

struct Fit {
  unsigned total;
  unsigned weighted;
  unsigned nonzero;
  unsigned flips;
};

inline Fit FitOf(const __m512i child[4], const __m512i prediction[4], const Geometry& geometry) {
  __m512i sums = _mm512_setzero_si512();  // lengths << 16 | lengths + exponents
  uint64_t kept = 0;
  uint64_t flips = 0;
  for (unsigned v = 0; v < 4; ++v) {
    const __m512i changed = _mm512_xor_si512(child[v], prediction[v]);
    const __mmask16 flip = _mm512_cmpgt_epu32_mask(changed, geometry.magnitude);
    const __mmask16 keep =
        _mm512_mask_test_epi32_mask(static_cast<__mmask16>(~flip), changed, changed);
    const __m512i difference =
        _mm512_abs_epi32(_mm512_sub_epi32(_mm512_and_si512(child[v], geometry.magnitude),
                                          _mm512_and_si512(prediction[v], geometry.magnitude)));
    const __m512i length = _mm512_sub_epi32(Set32(32), _mm512_lzcnt_epi32(difference));
    const __m512i both =
        _mm512_add_epi32(_mm512_slli_epi32(length, 16),
                         _mm512_add_epi32(length, ExponentOf(prediction[v], geometry)));
    sums = _mm512_mask_add_epi32(sums, keep, sums, both);
    kept |= static_cast<uint64_t>(keep) << (16 * v);
    flips |= static_cast<uint64_t>(flip) << (16 * v);
  }
  const auto sum = static_cast<unsigned>(_mm512_reduce_add_epi32(sums));
  return {sum >> 16, sum & 0xffff, static_cast<unsigned>(_mm_popcnt_u64(kept)),
          static_cast<unsigned>(_mm_popcnt_u64(flips))};
}

/// For a block in which all that changes changes its sign.
inline void FitFlips(const __m512i child[4], const __m512i prediction[4], const Geometry& geometry,
                     Fit& fit) {
  unsigned sum = 0;
  for (unsigned v = 0; v < 4; ++v) {
    const __m512i changed = _mm512_xor_si512(child[v], prediction[v]);
    const __mmask16 flip = _mm512_cmpgt_epu32_mask(changed, geometry.magnitude);
    sum += static_cast<unsigned>(
        _mm512_mask_reduce_add_epi32(flip, ExponentOf(prediction[v], geometry)));
  }
  fit.weighted = sum + fit.flips * geometry.whole;
  fit.nonzero = fit.flips;
}

inline uint8_t BlockScale(const DeltaShape& shape, const Fit& fit) {
  if (fit.nonzero == 0) return 0;
  const int mean = static_cast<int>((2 * fit.weighted + fit.nonzero / 2) / fit.nonzero);
  const int scale = mean - shape.scale_bias;
  return static_cast<uint8_t>(scale < 1 ? 1 : scale > 255 ? 255 : scale);
}

/// Level 0 of 64 elements as words.
template <unsigned kElementBytes>
inline __attribute__((always_inline)) void TopWords(const __m512i bits[4], __m512i words[2]) {
  // Words 0, 2, 4, ... (the low halves) or 1, 3, 5, ... (the high ones) of two vectors.
  const __m512i even =
      _mm512_setr_epi32(0x00020000, 0x00060004, 0x000a0008, 0x000e000c, 0x00120010, 0x00160014,
                        0x001a0018, 0x001e001c, 0x00220020, 0x00260024, 0x002a0028, 0x002e002c,
                        0x00320030, 0x00360034, 0x003a0038, 0x003e003c);
  const __m512i select = kElementBytes == 4 ? _mm512_add_epi16(even, Set16(1)) : even;
  for (unsigned h = 0; h < 2; ++h) {
    words[h] = _mm512_permutex2var_epi16(bits[2 * h], select, bits[2 * h + 1]);
  }
}

inline __m512i ScalesOf(const __m512i words[2], int block_scale, const DeltaShape& shape) {
  const __m128i shift = _mm_cvtsi32_si128(shape.exponent_shift);
  const __m512i start = _mm512_set1_epi16(static_cast<short>(block_scale + shape.scale_bias + 4));
  __m512i scale[2];
  for (unsigned h = 0; h < 2; ++h) {
    const __m512i exponent = _mm512_srl_epi16(_mm512_and_si512(words[h], Set16(0x7fff)), shift);
    const __m512i one =
        _mm512_srai_epi16(_mm512_sub_epi16(start, _mm512_add_epi16(exponent, exponent)), 1);
    scale[h] =
        _mm512_max_epi16(_mm512_min_epi16(one, Set16(kDeltaScales - 1)), _mm512_setzero_si512());
  }
  return Bytes(scale[0], scale[1]);
}

inline void StoreWords(uint8_t* at, const __m512i words[2]) {
  Store(at, words[0]);
  Store(at + 64, words[1]);
}

template <unsigned kElementBytes, bool kRatio>
inline __attribute__((always_inline)) void PredictionOf(unsigned level, const __m512i base[4],
                                                        __m512 ratio, __m512i out[4]) {
  for (unsigned v = 0; v < 4; ++v) {
    out[v] = kRatio ? Scaled<kElementBytes>(level, base[v], ratio) : base[v];
  }
}

/// A block without a scale must be right at every level.
template <unsigned kElementBytes>
bool EqualAtAllLevels(const __m512i child[4], const __m512i base[4], __m512 ratio) {
  __mmask16 wrong = 0;
  for (unsigned v = 0; v < 4 && kElementBytes == 4; ++v) {
    const __m512i first = _mm512_xor_si512(Scaled<kElementBytes>(0, base[v], ratio), child[v]);
    const __m512i second = _mm512_xor_si512(Scaled<kElementBytes>(1, base[v], ratio), child[v]);
    wrong |= _mm512_test_epi32_mask(first, Set32(0xffff0000));
    wrong |= _mm512_test_epi32_mask(second, Set32(0xffffff00));
  }
  return wrong == 0;
}

template <unsigned kElementBytes, bool kRatio>
void StoreBlock(const DeltaShape& shape, const __m512i child[4], const __m512i base[4],
                __m512 ratio, int block_scale, DeltaTile* tile, size_t at) {
  __m512i predicted[4];
  __m512i words[2];
  TopWords<kElementBytes>(child, words);
  StoreWords(tile->child[0] + 2 * at, words);
  PredictionOf<kElementBytes, kRatio>(0, base, ratio, predicted);
  TopWords<kElementBytes>(predicted, words);
  StoreWords(tile->base[0] + 2 * at, words);
  Store(tile->scale + at, ScalesOf(words, block_scale, shape));
  if constexpr (kElementBytes == 4) {
    Store(tile->child[1] + at, ByteOf(1, child));
    Store(tile->child[2] + at, ByteOf(0, child));
    PredictionOf<kElementBytes, kRatio>(1, base, ratio, predicted);
    Store(tile->base[1] + at, ByteOf(1, predicted));
    PredictionOf<kElementBytes, kRatio>(2, base, ratio, predicted);
    Store(tile->base[2] + at, ByteOf(0, predicted));
  }
}

template <unsigned kElementBytes>
void ModelBlock(const DeltaShape& shape, const Geometry& geometry, const uint8_t* child_bytes,
                const uint8_t* base_bytes, size_t left, float ratio, uint8_t* block_scale,
                uint8_t* block_ratio, DeltaTile* tile, size_t at) {
  constexpr unsigned kLast = kElementBytes == 4 ? 2 : 0;
  const __mmask64 live = LiveLanes(left);
  const __m512 factor = _mm512_set1_ps(ratio);
  __m512i child[4];
  __m512i base[4];
  for (unsigned v = 0; v < 4; ++v) {
    const auto lanes = static_cast<__mmask16>(live >> (16 * v));
    child[v] = LoadLanes<kElementBytes>(child_bytes + 16 * v * kElementBytes, lanes);
    base[v] = LoadLanes<kElementBytes>(base_bytes + 16 * v * kElementBytes, lanes);
  }
  Fit fit = FitOf(child, base, geometry);
  *block_ratio = 0;
  __m512i scaled[4];
  if (ratio != 0 && fit.total != 0) {
    for (unsigned v = 0; v < 4; ++v) scaled[v] = Scaled<kElementBytes>(kLast, base[v], factor);
    const Fit other = FitOf(child, scaled, geometry);
    if (other.total < fit.total) {
      fit = other;
      *block_ratio = 1;
    }
  }
  if (fit.nonzero == 0 && fit.flips != 0) {
    FitFlips(child, *block_ratio != 0 ? scaled : base, geometry, fit);
  } else if (fit.nonzero == 0 && *block_ratio != 0 &&
             !EqualAtAllLevels<kElementBytes>(child, base, factor)) {
    fit.weighted = static_cast<unsigned>(_mm512_cvtsi512_si32(ExponentOf(scaled[0], geometry)));
    fit.nonzero = 1;
  }
  *block_scale = BlockScale(shape, fit);
  const auto store =
      *block_ratio != 0 ? StoreBlock<kElementBytes, true> : StoreBlock<kElementBytes, false>;
  store(shape, child, base, factor, *block_scale, tile, at);
}

template <unsigned kElementBytes>
void ModelBlocks(const DeltaShape& shape, const uint8_t* child, const uint8_t* base, size_t n,
                 float ratio, uint8_t* block_scale, uint8_t* block_ratio, DeltaTile* tile) {
  const Geometry geometry = GeometryOf<kElementBytes>(shape);
  for (size_t at = 0; at < n; at += kDeltaBlock) {
    const size_t block = at / kDeltaBlock;
    Prefetch(child + at * kElementBytes, kDeltaBlock * kElementBytes);
    Prefetch(base + at * kElementBytes, kDeltaBlock * kElementBytes);
    ModelBlock<kElementBytes>(shape, geometry, child + at * kElementBytes,
                              base + at * kElementBytes, n - at, ratio, block_scale + block,
                              block_ratio + block, tile, at);
  }
}

void Avx512DeltaModel(const DeltaShape* shape, const uint8_t* child, const uint8_t* base, size_t n,
                      float ratio, uint8_t* block_scale, uint8_t* block_ratio, DeltaTile* tile) {
  if (shape->element_bytes != 4 && shape->element_bytes != 2) {
    ReferenceDeltaKernels().model(shape, child, base, n, ratio, block_scale, block_ratio, tile);
    return;
  }
  for (size_t at = 0; at < n; at += kDeltaBlock) Store(tile->state + at, _mm512_setzero_si512());
  const auto model = shape->element_bytes == 4 ? ModelBlocks<4> : ModelBlocks<2>;
  model(*shape, child, base, n, ratio, block_scale, block_ratio, tile);
}

template <unsigned kElementBytes, unsigned kWanted, bool kRatio>
inline __attribute__((always_inline)) void PredictBlock(const DeltaShape& shape,
                                                        const __m512i base[4], __m512 ratio,
                                                        int block_scale,
                                                        uint8_t* const* predictions, uint8_t* scale,
                                                        size_t at) {
  __m512i predicted[4];
  if constexpr ((kWanted & 1) != 0) {
    __m512i words[2];
    PredictionOf<kElementBytes, kRatio>(0, base, ratio, predicted);
    TopWords<kElementBytes>(predicted, words);
    StoreWords(predictions[0] + 2 * at, words);
    Store(scale + at, ScalesOf(words, block_scale, shape));
  }
  if constexpr ((kWanted & 2) != 0) {
    PredictionOf<kElementBytes, kRatio>(1, base, ratio, predicted);
    Store(predictions[1] + at, ByteOf(1, predicted));
  }
  if constexpr ((kWanted & 4) != 0) {
    PredictionOf<kElementBytes, kRatio>(2, base, ratio, predicted);
    Store(predictions[2] + at, ByteOf(0, predicted));
  }
}

template <unsigned kElementBytes, unsigned kWanted>
void PredictBlocks(const DeltaShape& shape, const uint8_t* base, size_t n, float ratio,
                   const uint8_t* block_scale, const uint8_t* block_ratio,
                   uint8_t* const* predictions, uint8_t* scale) {
  const __m512 factor = _mm512_set1_ps(ratio);
  for (size_t at = 0; at < n; at += kDeltaBlock) {
    const size_t block = at / kDeltaBlock;
    const __mmask64 live = LiveLanes(n - at);
    Prefetch(base + at * kElementBytes, kDeltaBlock * kElementBytes);
    __m512i bits[4];
    for (unsigned v = 0; v < 4; ++v) {
      bits[v] = LoadLanes<kElementBytes>(base + (at + 16 * v) * kElementBytes,
                                         static_cast<__mmask16>(live >> (16 * v)));
    }
    if (block_ratio[block] != 0) {
      PredictBlock<kElementBytes, kWanted, true>(shape, bits, factor, block_scale[block],
                                                 predictions, scale, at);
    } else {
      PredictBlock<kElementBytes, kWanted, false>(shape, bits, factor, block_scale[block],
                                                  predictions, scale, at);
    }
  }
}

void Avx512DeltaPredict(const DeltaShape* shape, unsigned wanted, const uint8_t* base, size_t n,
                        float ratio, const uint8_t* block_scale, const uint8_t* block_ratio,
                        uint8_t* const* predictions, uint8_t* scale) {
  decltype(&PredictBlocks<2, 1>) predict = nullptr;
  if (shape->element_bytes == 2 && wanted == 1) predict = PredictBlocks<2, 1>;
  if (shape->element_bytes == 4) {
    constexpr decltype(predict) kForms[8] = {nullptr,
                                             PredictBlocks<4, 1>,
                                             PredictBlocks<4, 2>,
                                             PredictBlocks<4, 3>,
                                             PredictBlocks<4, 4>,
                                             PredictBlocks<4, 5>,
                                             PredictBlocks<4, 6>,
                                             PredictBlocks<4, 7>};
    predict = kForms[wanted & 7];
  }
  if (predict != nullptr) {
    predict(*shape, base, n, ratio, block_scale, block_ratio, predictions, scale);
  } else {
    ReferenceDeltaKernels().predict(shape, wanted, base, n, ratio, block_scale, block_ratio,
                                    predictions, scale);
  }
}

void Avx512DeltaJoin(const DeltaShape* shape, unsigned levels, const uint8_t* const* values,
                     size_t n, uint8_t* elements) {
  if (shape->element_bytes == 2) {
    memcpy(elements, values[0], 2 * n);
    return;
  }
  if (shape->element_bytes != 4) {
    ReferenceDeltaKernels().join(shape, levels, values, n, elements);
    return;
  }
  for (size_t at = 0; at < n; at += 16) {
    const auto live = static_cast<__mmask16>(n - at >= 16 ? 0xffffu : (1u << (n - at)) - 1);
    const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values[0] + 2 * at));
    __m512i bits = _mm512_slli_epi32(_mm512_cvtepu16_epi32(first), 16);
    for (unsigned level = 1; level < levels; ++level) {
      const __m512i bytes = _mm512_cvtepu8_epi32(
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(values[level] + at)));
      bits = _mm512_or_si512(bits, level == 1 ? _mm512_slli_epi32(bytes, 8) : bytes);
    }
    _mm512_mask_storeu_epi32(elements + 4 * at, live, bits);
  }
}

}  // namespace
}  // namespace dlv::codec
