#pragma once
/// \file
/// AVX-512 form of the delta coder's levels: a block of 64 elements at a time, bytes in one
/// register, fields packed by pext. In an unnamed namespace: each file that includes this compiles
/// its own copy for its own instruction set.

#include "storage/codec/delta_pieces_avx512.h"

namespace dlv::codec {
namespace {

/// Appends the low `widths` bits of each byte.
inline void PutFields(DeltaBits& out, __m512i values, __m512i widths) {
  if (_mm512_test_epi8_mask(widths, widths) == 0) return;
  alignas(64) uint64_t value[8];
  alignas(64) uint64_t mask[8];
  StoreHalves(value, values);
  StoreHalves(mask, _mm512_shuffle_epi8(Table16(kOnes), widths));
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
  uint64_t value[8];
  alignas(64) uint64_t mask[8];
  StoreHalves(mask, _mm512_shuffle_epi8(Table16(kOnes), widths));
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
  return FromWords(value);
}

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
  __m512i symbols;  // as if there were no second bits
  __m512i paired;   // as they are coded
  __m512i low;
  __m512i low_widths;
  __m512i high;
  __m512i high_widths;
};

struct Lanes {
  __mmask64 live;   // elements that exist
  __mmask64 coded;  // of these, those with a symbol
};

/// Second bits of the coded differences that have one.
struct Seconds {
  __mmask64 pairs;    // differences with one
  __mmask64 seconds;  // where it is 1
};

inline __mmask64 LanesWithSecond(__m512i lengths, __mmask64 coded) {
  return _mm512_mask_cmpgt_epu8_mask(coded, lengths, Set8(1));
}

/// Two symbols for each length with a second bit.
inline __m512i PairedSymbols(__m512i lengths, Seconds of) {
  const __m512i below = _mm512_sub_epi8(lengths, Set8(1));
  const __m512i first = _mm512_mask_add_epi8(lengths, of.pairs, below, below);
  return _mm512_mask_add_epi8(first, of.seconds, first, Set8(1));
}

/// A byte of a field: `leading` and `place` are there the leading one of a difference and where its
/// sign goes, which is the same without second bits.
template <bool kSecond>
inline __m512i FieldByte(__m512i magnitude, __m512i leading, __m512i place, __mmask64 negative) {
  if constexpr (!kSecond)
    return _mm512_xor_si512(magnitude, _mm512_maskz_mov_epi8(~negative, leading));
  const __m512i below = _mm512_andnot_si512(_mm512_or_si512(leading, place), magnitude);
  return _mm512_or_si512(below, _mm512_maskz_mov_epi8(negative, place));
}

template <bool kSecond>
inline Block CodeBytes(const uint8_t* child, const uint8_t* base, Lanes lanes) {
  const __m512i value = Load(child);
  const __m512i difference = _mm512_sub_epi8(value, Load(base));
  const __m512i magnitude = _mm512_abs_epi8(difference);
  const __mmask64 negative = _mm512_movepi8_mask(difference);
  Block block;
  block.symbols = block.paired = Lengths(magnitude);
  __m512i widths = block.symbols;
  const __m512i leading = Leading(block.symbols);
  __m512i place = leading;
  if constexpr (kSecond) {
    Seconds of = {LanesWithSecond(block.symbols, lanes.coded), 0};
    widths = _mm512_mask_sub_epi8(widths, of.pairs, widths, Set8(1));
    place = Leading(widths);
    of.seconds = _mm512_mask_test_epi8_mask(of.pairs, magnitude, place);
    block.paired = PairedSymbols(block.symbols, of);
  }
  const __m512i field = FieldByte<kSecond>(magnitude, leading, place, negative);
  block.low = _mm512_mask_mov_epi8(value, lanes.coded, field);
  block.low_widths =
      _mm512_maskz_mov_epi8(lanes.live, _mm512_mask_mov_epi8(Set8(8), lanes.coded, widths));
  block.high = block.high_widths = _mm512_setzero_si512();
  return block;
}

/// Of 64 elements of two bytes.
struct WordDifferences {
  __m512i value[2];
  __m512i low, high;  // bytes of the magnitudes
  __mmask64 negative;
  __mmask64 flip;
};

template <bool kFirst>
inline WordDifferences DifferencesOf(const uint8_t* child, const uint8_t* base) {
  WordDifferences out;
  __m512i magnitude[2];
  out.negative = out.flip = 0;
  for (int h = 0; h < 2; ++h) {
    const __m512i value = out.value[h] = Load(child + 64 * h);
    const __m512i from = Load(base + 64 * h);
    __m512i difference = _mm512_sub_epi16(value, from);
    if constexpr (kFirst) {
      const __m512i mask = Set16(0x7fff);
      difference = _mm512_sub_epi16(_mm512_and_si512(value, mask), _mm512_and_si512(from, mask));
      const __mmask64 half = _mm512_movepi16_mask(_mm512_xor_si512(value, from));
      out.flip |= half << (32 * h);
    }
    const __mmask64 half = _mm512_movepi16_mask(difference);
    out.negative |= half << (32 * h);
    magnitude[h] = _mm512_abs_epi16(difference);
  }
  out.low = Bytes(magnitude[0], magnitude[1]);
  out.high = Bytes(_mm512_srli_epi16(magnitude[0], 8), _mm512_srli_epi16(magnitude[1], 8));
  return out;
}

inline __m512i Above8(__m512i widths) { return _mm512_subs_epu8(widths, Set8(8)); }

template <bool kFirst, bool kSecond>
inline Block CodeWords(const uint8_t* child, const uint8_t* base, Lanes lanes) {
  const WordDifferences of = DifferencesOf<kFirst>(child, base);
  const __mmask64 wide = _mm512_test_epi8_mask(of.high, of.high);
  __m512i length = Lengths(of.low);
  length = _mm512_mask_add_epi8(length, wide, Lengths(of.high), Set8(8));
  const __m512i low_leading = Leading(length);
  const __m512i high_leading = Leading(Above8(length));
  __m512i widths = length;
  __m512i low_place = low_leading;
  __m512i high_place = high_leading;
  Block block;
  block.paired = length;
  if constexpr (kSecond) {
    Seconds seconds = {LanesWithSecond(length, lanes.coded & ~of.flip), 0};
    widths = _mm512_mask_sub_epi8(widths, seconds.pairs, widths, Set8(1));
    low_place = Leading(widths);
    high_place = Leading(Above8(widths));
    seconds.seconds = _mm512_mask_test_epi8_mask(seconds.pairs, of.low, low_place) |
                      _mm512_mask_test_epi8_mask(seconds.pairs, of.high, high_place);
    const __m512i paired = PairedSymbols(length, seconds);
    block.paired = _mm512_mask_add_epi8(paired, of.flip, paired, Set8(DeltaFirstFlip(2)));
  }
  block.symbols = kFirst ? _mm512_mask_add_epi8(length, of.flip, length, Set8(16)) : length;
  if constexpr (!kSecond) block.paired = block.symbols;
  block.low = FieldByte<kSecond>(of.low, low_leading, low_place, of.negative);
  block.high = FieldByte<kSecond>(of.high, high_leading, high_place, of.negative);
  block.low_widths = _mm512_min_epu8(widths, Set8(8));
  block.high_widths = Above8(widths);
  if constexpr (!kFirst) {
    const __mmask64 plain = ~lanes.coded;
    const auto& value = of.value;
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

template <unsigned kBytes, bool kFirst, bool kSecond>
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
      block = CodeBytes<kSecond>(child + at, base + at, lanes);
    } else {
      block = CodeWords<kFirst, kSecond>(child + 2 * at, base + 2 * at, lanes);
    }
    StoreChosen(symbols + count, lanes.coded, block.paired);
    StoreChosen(contexts + count, lanes.coded, ContextsOf(Load(scale + at), before));
    count += static_cast<size_t>(_mm_popcnt_u64(lanes.coded));
    Store(state + at, NextState(before, block.symbols));
    PutFields(*low, block.low, block.low_widths);
    if constexpr (kBytes == 2) PutFields(*high, block.high, block.high_widths);
  }
  return count;
}

template <bool kSecond>
constexpr auto EncoderOf(DeltaLevel level) {
  return level.bytes == 1   ? EncodeBlocks<1, false, kSecond>
         : level.index == 0 ? EncodeBlocks<2, true, kSecond>
                            : EncodeBlocks<2, false, kSecond>;
}

size_t Avx512DeltaEncodeLevel(DeltaLevel level, const uint8_t* child, const uint8_t* base,
                              const uint8_t* scale, uint8_t* state, const uint8_t* block_scale,
                              size_t n, uint8_t* symbols, uint8_t* contexts, DeltaBits* low,
                              DeltaBits* high) {
  if (level.index == 0 && level.bytes == 1) {
    return ReferenceDeltaKernels().encode_level(level, child, base, scale, state, block_scale, n,
                                                symbols, contexts, low, high);
  }
  const auto encode = level.second_bits ? EncoderOf<true>(level) : EncoderOf<false>(level);
  return encode(child, base, scale, state, block_scale, n, symbols, contexts, low, high);
}

size_t Avx512DeltaContexts(const uint8_t* scale, const uint8_t* state, const uint8_t* block_scale,
                           size_t n, uint8_t* contexts) {
  size_t count = 0;
  for (size_t at = 0; at < n; at += kDeltaBlock) {
    if (block_scale[at / kDeltaBlock] == 0) continue;
    const __m512i before = Load(state + at);
    const __mmask64 coded = CodedLanes(before, LiveLanes(n - at));
    StoreChosen(contexts + count, coded, ContextsOf(Load(scale + at), before));
    count += static_cast<size_t>(_mm_popcnt_u64(coded));
  }
  return count;
}

inline __m512i WidthsOf(bool first, unsigned level_bytes, __m512i symbols, Lanes lanes) {
  const __m512i coded = first ? _mm512_and_si512(symbols, Set8(8 * level_bytes - 1)) : symbols;
  return _mm512_maskz_mov_epi8(lanes.live,
                               _mm512_mask_mov_epi8(Set8(8 * level_bytes), lanes.coded, coded));
}

/// Makes of symbols what they would be without second bits.
template <unsigned kBytes, bool kFirst>
inline Seconds TakeSeconds(__m512i& symbols, __mmask64 coded) {
  constexpr unsigned kFlip = DeltaFirstFlip(kBytes);
  const __mmask64 flip = kFirst ? _mm512_cmpge_epu8_mask(symbols, Set8(kFlip)) : 0;
  const __mmask64 pairs = LanesWithSecond(symbols, coded & ~flip);
  const __mmask64 seconds = _mm512_mask_test_epi8_mask(pairs, symbols, Set8(1));
  const __m512i half = _mm512_and_si512(_mm512_srli_epi16(symbols, 1), Set8(0x7f));
  symbols = _mm512_mask_add_epi8(symbols, pairs, half, Set8(1));
  symbols = _mm512_mask_sub_epi8(symbols, flip, symbols, Set8(kFlip - 8 * kBytes));
  return {pairs, seconds};
}

/// The way back from FieldByte, without the sign. A second bit stands where the sign stood.
inline __m512i MagnitudeByte(__m512i field, __m512i leading, __m512i place, Seconds of) {
  const __m512i below = _mm512_andnot_si512(place, field);
  return _mm512_or_si512(_mm512_or_si512(below, leading), _mm512_maskz_mov_epi8(of.seconds, place));
}

template <bool kSecond>
inline void DecodeBytes(uint8_t* values, __m512i symbols, Seconds of, Lanes lanes,
                        DeltaBitsIn& low) {
  const __m512i lengths = WidthsOf(false, 1, symbols, lanes);
  const __m512i widths =
      kSecond ? _mm512_mask_sub_epi8(lengths, of.pairs, lengths, Set8(1)) : lengths;
  const __m512i field = GetFields(low, widths);
  const __m512i place = Leading(widths);
  const __mmask64 negative = _mm512_test_epi8_mask(field, place);
  const __m512i magnitude =
      kSecond ? MagnitudeByte(field, Leading(lengths), place, of) : _mm512_or_si512(field, place);
  const __m512i difference =
      _mm512_mask_sub_epi8(magnitude, negative, _mm512_setzero_si512(), magnitude);
  const __m512i value = _mm512_add_epi8(Load(values), difference);
  Store(values, _mm512_mask_mov_epi8(field, lanes.coded, value));
}

template <bool kFirst, bool kSecond>
inline void DecodeWords(uint8_t* values, __m512i symbols, Seconds of, Lanes lanes, DeltaBitsIn& low,
                        DeltaBitsIn& high) {
  const __m512i lengths = WidthsOf(kFirst, 2, symbols, lanes);
  const __m512i widths =
      kSecond ? _mm512_mask_sub_epi8(lengths, of.pairs, lengths, Set8(1)) : lengths;
  const __m512i low_field = GetFields(low, _mm512_min_epu8(widths, Set8(8)));
  const __m512i high_field = GetFields(high, Above8(widths));
  const __m512i low_place = Leading(widths);  // none for what is wider than 8
  const __m512i high_place = Leading(Above8(widths));
  const __mmask64 negative =
      _mm512_test_epi8_mask(low_field, low_place) | _mm512_test_epi8_mask(high_field, high_place);
  const __m512i low_bytes = kSecond ? MagnitudeByte(low_field, Leading(lengths), low_place, of)
                                    : _mm512_or_si512(low_field, low_place);
  const __m512i high_bytes =
      kSecond ? MagnitudeByte(high_field, Leading(Above8(lengths)), high_place, of)
              : _mm512_or_si512(high_field, high_place);
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

template <unsigned kBytes, bool kFirst, bool kSecond>
size_t DecodeBlocks(uint8_t* values, uint8_t* state, const uint8_t* block_scale, size_t n,
                    const uint8_t* symbols, DeltaBitsIn* low, DeltaBitsIn* high) {
  size_t taken = 0;
  for (size_t at = 0; at < n; at += kDeltaBlock) {
    if (block_scale[at / kDeltaBlock] == 0) continue;
    const __m512i before = Load(state + at);
    Lanes lanes = {LiveLanes(n - at), 0};
    lanes.coded = CodedLanes(before, lanes.live);
    __m512i spread = PlaceChosen(lanes.coded, symbols + taken);
    taken += static_cast<size_t>(_mm_popcnt_u64(lanes.coded));
    Seconds of = {0, 0};
    if constexpr (kSecond) of = TakeSeconds<kBytes, kFirst>(spread, lanes.coded);
    if constexpr (kBytes == 1) {
      DecodeBytes<kSecond>(values + at, spread, of, lanes, *low);
    } else {
      DecodeWords<kFirst, kSecond>(values + 2 * at, spread, of, lanes, *low, *high);
    }
    Store(state + at, NextState(before, spread));
  }
  return taken;
}

template <bool kSecond>
constexpr auto DecoderOf(DeltaLevel level) {
  return level.bytes == 1   ? DecodeBlocks<1, false, kSecond>
         : level.index == 0 ? DecodeBlocks<2, true, kSecond>
                            : DecodeBlocks<2, false, kSecond>;
}

size_t Avx512DeltaDecodeLevel(DeltaLevel level, uint8_t* values, uint8_t* state,
                              const uint8_t* block_scale, size_t n, const uint8_t* symbols,
                              DeltaBitsIn* low, DeltaBitsIn* high) {
  if (level.index == 0 && level.bytes == 1) {
    return ReferenceDeltaKernels().decode_level(level, values, state, block_scale, n, symbols, low,
                                                high);
  }
  const auto decode = level.second_bits ? DecoderOf<true>(level) : DecoderOf<false>(level);
  return decode(values, state, block_scale, n, symbols, low, high);
}

}  // namespace
}  // namespace dlv::codec
