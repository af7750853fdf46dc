// AVX-512 form of the delta coder's loops: a block of 64 elements at a time, bytes in one register,
// fields packed by pext. dtypes that are rare here are left to the reference form.

#include <immintrin.h>
#include <string.h>

#include "storage/codec/delta_kernels.h"

namespace dlv::codec {
namespace {

inline __m512i Set8(unsigned value) { return _mm512_set1_epi8(static_cast<char>(value)); }
inline __m512i Set16(unsigned value) { return _mm512_set1_epi16(static_cast<short>(value)); }
inline __m512i Set32(unsigned value) { return _mm512_set1_epi32(static_cast<int>(value)); }

inline __m512i Table16(const uint8_t (&bytes)[16]) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

constexpr uint8_t kLowLength[16] = {0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4};
constexpr uint8_t kHighLength[16] = {0, 5, 6, 6, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8, 8};
/// Leading one of a byte of length i + 1.
constexpr uint8_t kLeading[16] = {1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0};
/// i ones.
constexpr uint8_t kOnes[16] = {0, 1, 3, 7, 15, 31, 63, 127, 255, 255, 255, 255, 255, 255, 255, 255};

inline __m512i Load(const uint8_t* at) { return _mm512_loadu_si512(at); }
inline void Store(uint8_t* at, __m512i value) { _mm512_storeu_si512(at, value); }

inline __mmask64 LiveLanes(size_t left) { return left >= kDeltaBlock ? ~0ull : (1ull << left) - 1; }

/// Bit lengths of bytes.
inline __m512i Lengths(__m512i bytes) {
  const __m512i nibble = Set8(15);
  const __m512i low = _mm512_shuffle_epi8(Table16(kLowLength), _mm512_and_si512(bytes, nibble));
  const __m512i high = _mm512_shuffle_epi8(Table16(kHighLength),
                                           _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble));
  return _mm512_max_epu8(low, high);
}

/// 1 << (length - 1), 0 where length is 0 or above 8.
inline __m512i Leading(__m512i lengths) {
  return _mm512_shuffle_epi8(Table16(kLeading), _mm512_sub_epi8(lengths, Set8(1)));
}

inline __m512i Bytes(__m512i low_words, __m512i high_words) {
  return _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi16_epi8(low_words)),
                            _mm512_cvtepi16_epi8(high_words), 1);
}

inline __m512i Words(__m512i bytes, int half) {
  return _mm512_cvtepu8_epi16(half == 0 ? _mm512_castsi512_si256(bytes)
                                        : _mm512_extracti64x4_epi64(bytes, 1));
}

/// Appends the low `widths` bits of each byte.
inline void PutFields(DeltaBits& out, __m512i values, __m512i widths) {
  if (_mm512_test_epi8_mask(widths, widths) == 0) return;
  alignas(64) uint64_t value[8];
  alignas(64) uint64_t mask[8];
  _mm512_store_si512(value, values);
  _mm512_store_si512(mask, _mm512_shuffle_epi8(Table16(kOnes), widths));
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
  alignas(64) uint64_t value[8];
  alignas(64) uint64_t mask[8];
  _mm512_store_si512(mask, _mm512_shuffle_epi8(Table16(kOnes), widths));
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
  return _mm512_load_si512(value);
}

// ---------------------------------------------------------------- levels

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
    Store(symbols + count, _mm512_maskz_compress_epi8(lanes.coded, block.symbols));
    Store(contexts + count,
          _mm512_maskz_compress_epi8(lanes.coded, ContextsOf(Load(scale + at), before)));
    count += static_cast<size_t>(_mm_popcnt_u64(lanes.coded));
    Store(state + at, NextState(before, block.symbols));
    PutFields(*low, block.low, block.low_widths);
    if constexpr (kBytes == 2) PutFields(*high, block.high, block.high_widths);
  }
  return count;
}

size_t EncodeLevel(unsigned level, unsigned level_bytes, const uint8_t* child, const uint8_t* base,
                   const uint8_t* scale, uint8_t* state, const uint8_t* block_scale, size_t n,
                   uint8_t* symbols, uint8_t* contexts, DeltaBits* low, DeltaBits* high) {
  if (level == 0 && level_bytes == 1) {
    return ReferenceDeltaKernels().encode_level(level, level_bytes, child, base, scale, state,
                                                block_scale, n, symbols, contexts, low, high);
  }
  const auto encode = level_bytes == 1 ? EncodeBlocks<1, false>
                      : level == 0     ? EncodeBlocks<2, true>
                                       : EncodeBlocks<2, false>;
  return encode(child, base, scale, state, block_scale, n, symbols, contexts, low, high);
}

size_t Contexts(const uint8_t* scale, const uint8_t* state, const uint8_t* block_scale, size_t n,
                uint8_t* contexts) {
  size_t count = 0;
  for (size_t at = 0; at < n; at += kDeltaBlock) {
    if (block_scale[at / kDeltaBlock] == 0) continue;
    const __m512i before = Load(state + at);
    const __mmask64 coded = CodedLanes(before, LiveLanes(n - at));
    Store(contexts + count,
          _mm512_maskz_compress_epi8(coded, ContextsOf(Load(scale + at), before)));
    count += static_cast<size_t>(_mm_popcnt_u64(coded));
  }
  return count;
}

inline __m512i WidthsOf(bool first, unsigned level_bytes, __m512i symbols, Lanes lanes) {
  const __m512i coded = first ? _mm512_and_si512(symbols, Set8(8 * level_bytes - 1)) : symbols;
  return _mm512_maskz_mov_epi8(lanes.live,
                               _mm512_mask_mov_epi8(Set8(8 * level_bytes), lanes.coded, coded));
}

void FieldBits(unsigned level, unsigned level_bytes, const uint8_t* state,
               const uint8_t* block_scale, size_t n, const uint8_t* symbols, uint64_t* low_bits,
               uint64_t* high_bits) {
  __m512i low = _mm512_setzero_si512();
  __m512i high = low;
  for (size_t at = 0; at < n; at += kDeltaBlock) {
    if (block_scale[at / kDeltaBlock] == 0) continue;
    Lanes lanes = {LiveLanes(n - at), 0};
    lanes.coded = CodedLanes(Load(state + at), lanes.live);
    const __m512i spread = _mm512_maskz_expand_epi8(lanes.coded, Load(symbols));
    symbols += _mm_popcnt_u64(lanes.coded);
    const __m512i widths = WidthsOf(level == 0, level_bytes, spread, lanes);
    const __m512i zero = _mm512_setzero_si512();
    low = _mm512_add_epi64(low, _mm512_sad_epu8(_mm512_min_epu8(widths, Set8(8)), zero));
    high = _mm512_add_epi64(high, _mm512_sad_epu8(_mm512_subs_epu8(widths, Set8(8)), zero));
  }
  *low_bits += static_cast<uint64_t>(_mm512_reduce_add_epi64(low));
  *high_bits += static_cast<uint64_t>(_mm512_reduce_add_epi64(high));
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
    const __m512i spread = _mm512_maskz_expand_epi8(lanes.coded, Load(symbols + taken));
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

size_t DecodeLevel(unsigned level, unsigned level_bytes, uint8_t* values, uint8_t* state,
                   const uint8_t* block_scale, size_t n, const uint8_t* symbols, DeltaBitsIn* low,
                   DeltaBitsIn* high) {
  if (level == 0 && level_bytes == 1) {
    return ReferenceDeltaKernels().decode_level(level, level_bytes, values, state, block_scale, n,
                                                symbols, low, high);
  }
  const auto decode = level_bytes == 1 ? DecodeBlocks<1, false>
                      : level == 0     ? DecodeBlocks<2, true>
                                       : DecodeBlocks<2, false>;
  return decode(values, state, block_scale, n, symbols, low, high);
}

// Four tables in turn, so that equal neighbours do not wait for each other.
void Count(const uint8_t* symbols, const uint8_t* contexts, size_t n, uint32_t* histogram) {
  constexpr size_t kSize = 2 * kDeltaScales * 32;
  constexpr size_t kWorthwhile = 8192;
  alignas(64) uint32_t tables[3 * kSize];
  const bool many = n >= kWorthwhile;
  if (many) memset(tables, 0, sizeof tables);
  uint32_t* const turn[4] = {histogram, many ? tables : histogram,
                             many ? tables + kSize : histogram,
                             many ? tables + 2 * kSize : histogram};
  size_t i = 0;
  for (; n - i >= 32; i += 32) {
    alignas(64) uint16_t index[32];
    const __m512i context =
        _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(contexts + i)));
    const __m512i symbol =
        _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(symbols + i)));
    _mm512_store_si512(index, _mm512_or_si512(_mm512_slli_epi16(context, 5), symbol));
    for (unsigned k = 0; k < 32; ++k) ++turn[k & 3][index[k]];
  }
  for (; i < n; ++i) ++histogram[contexts[i] * 32u + symbols[i]];
  if (!many) return;
  for (size_t k = 0; k < kSize; ++k) {
    histogram[k] += tables[k] + tables[k + kSize] + tables[k + 2 * kSize];
  }
}

void FillTable(const uint16_t* frequencies, unsigned symbols, uint32_t* table) {
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

// ---------------------------------------------------------------- model and prediction

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

/// Byte `byte` of 64 elements of four bytes.
inline __attribute__((always_inline)) __m512i ByteOf(unsigned byte, const __m512i bits[4]) {
  const __m512i steps =
      _mm512_setr_epi32(0x0c080400, 0x1c181410, 0x2c282420, 0x3c383430, 0x4c484440, 0x5c585450,
                        0x6c686460, 0x7c787470, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m512i select = _mm512_add_epi8(steps, Set8(byte));
  const __m512i low = _mm512_permutex2var_epi8(bits[0], select, bits[1]);
  const __m512i high = _mm512_permutex2var_epi8(bits[2], select, bits[3]);
  return _mm512_inserti64x4(low, _mm512_castsi512_si256(high), 1);
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
    ModelBlock<kElementBytes>(shape, geometry, child + at * kElementBytes,
                              base + at * kElementBytes, n - at, ratio, block_scale + block,
                              block_ratio + block, tile, at);
  }
}

void Model(const DeltaShape* shape, const uint8_t* child, const uint8_t* base, size_t n,
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
inline void PredictBlock(const DeltaShape& shape, const __m512i base[4], __m512 ratio,
                         int block_scale, uint8_t* const* predictions, uint8_t* scale, size_t at) {
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
    __m512i bits[4];
    for (unsigned v = 0; v < 4; ++v) {
      bits[v] = LoadLanes<kElementBytes>(base + (at + 16 * v) * kElementBytes,
                                         static_cast<__mmask16>(live >> (16 * v)));
    }
    const auto predict = block_ratio[block] != 0 ? PredictBlock<kElementBytes, kWanted, true>
                                                 : PredictBlock<kElementBytes, kWanted, false>;
    predict(shape, bits, factor, block_scale[block], predictions, scale, at);
  }
}

void Predict(const DeltaShape* shape, unsigned wanted, const uint8_t* base, size_t n, float ratio,
             const uint8_t* block_scale, const uint8_t* block_ratio, uint8_t* const* predictions,
             uint8_t* scale) {
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

void Join(const DeltaShape* shape, unsigned levels, const uint8_t* const* values, size_t n,
          uint8_t* elements) {
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

const DeltaKernels& Avx512DeltaKernels() {
  static const DeltaKernels kKernels = {"avx512",  Model,       EncodeLevel, Predict, Contexts,
                                        FieldBits, DecodeLevel, Join,        Count,   FillTable};
  return kKernels;
}

}  // namespace dlv::codec
