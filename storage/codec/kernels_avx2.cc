// AVX2 form: rANS as 8 vectors of 8 lanes; the rest is the generic code compiled for 32-byte
// vectors.

#include <immintrin.h>

#include "storage/codec/chances_simd.h"
#include "storage/codec/context_bits_generic.h"
#include "storage/codec/kernels_generic.h"
#include "storage/codec/look_up_four.h"
#include "storage/codec/plane_transpose.h"

namespace dlv::codec {
namespace {

// For each 8-bit lane mask: byte shuffles that gather the chosen 16-bit words at the end of a
// register (encoder) or spread words from its start to the chosen lanes (decoder).
struct WordShuffles {
  alignas(16) uint8_t pack_to_end[256][16];
  alignas(16) uint8_t spread[256][16];
};

constexpr WordShuffles MakeShuffles() {
  WordShuffles shuffles{};
  for (unsigned mask = 0; mask < 256; ++mask) {
    unsigned chosen = 0;
    for (unsigned lane = 0; lane < 8; ++lane) chosen += (mask >> lane) & 1;
    unsigned next = 0;
    for (unsigned byte = 0; byte < 16; ++byte) {
      shuffles.pack_to_end[mask][byte] = 0x80;
      shuffles.spread[mask][byte] = 0x80;
    }
    for (unsigned lane = 0; lane < 8; ++lane) {
      if (((mask >> lane) & 1) == 0) continue;
      const unsigned at = 8 - chosen + next;
      for (unsigned half = 0; half < 2; ++half) {
        shuffles.pack_to_end[mask][2 * at + half] = static_cast<uint8_t>(2 * lane + half);
        shuffles.spread[mask][2 * lane + half] = static_cast<uint8_t>(2 * next + half);
      }
      ++next;
    }
  }
  return shuffles;
}

constexpr WordShuffles kShuffles = MakeShuffles();

inline __m256i LoadSymbols(const uint8_t* at) {
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(at)));
}

/// table[index] of 8 lanes.
inline __m256i LookUpEach(const uint32_t* table, __m256i index) {
  alignas(32) uint64_t pairs[2][2];
  _mm256_store_si256(reinterpret_cast<__m256i*>(pairs), index);
  __asm__("" : "+m"(pairs));  // or the compiler takes the vector apart
  return _mm256_set_m128i(LookUpFour(table, pairs[1]), LookUpFour(table, pairs[0]));
}

// floor(x / f) for x < f << (32 - scale): the float quotient is off by one at most.
inline __m256i Quotient(__m256i x, __m256i f, __m256i* remainder) {
  const __m256 high = _mm256_cvtepi32_ps(_mm256_srli_epi32(x, 16));
  const __m256 low = _mm256_cvtepi32_ps(_mm256_and_si256(x, _mm256_set1_epi32(0xffff)));
  const __m256 wide = _mm256_add_ps(_mm256_mul_ps(high, _mm256_set1_ps(65536.0f)), low);
  __m256i q = _mm256_cvttps_epi32(_mm256_div_ps(wide, _mm256_cvtepi32_ps(f)));
  __m256i r = _mm256_sub_epi32(x, _mm256_mullo_epi32(q, f));
  const __m256i negative = _mm256_srai_epi32(r, 31);
  q = _mm256_add_epi32(q, negative);
  r = _mm256_add_epi32(r, _mm256_and_si256(negative, f));
  const __m256i big = _mm256_cmpgt_epi32(f, r);  // all ones where already small enough
  q = _mm256_add_epi32(q, _mm256_andnot_si256(big, _mm256_set1_epi32(1)));
  *remainder = _mm256_sub_epi32(r, _mm256_andnot_si256(big, f));
  return q;
}

inline uint8_t* EncodeVector(__m256i& x, __m256i entry, unsigned scale, uint8_t* words) {
  const __m256i f = _mm256_and_si256(entry, _mm256_set1_epi32(0xffff));
  const __m256i limit = _mm256_sll_epi32(f, _mm_cvtsi32_si128(static_cast<int>(32 - scale)));
  const __m256i full = _mm256_cmpeq_epi32(_mm256_max_epu32(x, limit), x);
  const auto mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(full)));
  const __m256i low = _mm256_and_si256(x, _mm256_set1_epi32(0xffff));
  const __m128i halves =
      _mm_packus_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1));
  const __m128i order =
      _mm_load_si128(reinterpret_cast<const __m128i*>(kShuffles.pack_to_end[mask]));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(words - 16), _mm_shuffle_epi8(halves, order));
  words -= 2 * _mm_popcnt_u32(mask);
  x = _mm256_blendv_epi8(x, _mm256_srli_epi32(x, 16), full);
  __m256i remainder;
  const __m256i q = Quotient(x, f, &remainder);
  x = _mm256_add_epi32(_mm256_sll_epi32(q, _mm_cvtsi32_si128(static_cast<int>(scale))),
                       _mm256_add_epi32(remainder, _mm256_srli_epi32(entry, 16)));
  return words;
}

constexpr unsigned kTogether = 4;  // vectors

template <unsigned kVectors>
size_t EncodeWide(const uint8_t* symbols, const uint8_t* contexts, size_t n, unsigned scale,
                  const uint32_t* tables, uint8_t* out) {
  // The tail comes first: one partial block through the vectors is not worth it.
  RansWriter writer;
  RansStart(writer, n, 8 * kVectors, out);
  size_t i = n / 64 * 64;
  RansEncodeEach(writer, symbols, contexts, n, i, 8 * kVectors, scale, tables);
  uint8_t* words = writer.words;
  __m256i x[kVectors];
  memcpy(x, writer.state, sizeof x);
  for (; i > 0; i -= 64) {
    // A group's lookups, which are many instructions, before its arithmetic.
    for (unsigned first = 8; first > 0;) {
      first -= kTogether;
      __m256i entries[kTogether];
      for (unsigned k = 0; k < kTogether; ++k) {
        const size_t at = i - 64 + 8 * (first + k);
        __m256i index = LoadSymbols(symbols + at);
        if (contexts != nullptr) {
          index = _mm256_or_si256(index, _mm256_slli_epi32(LoadSymbols(contexts + at), 8));
        }
        entries[k] = LookUpEach(tables, index);
      }
      for (unsigned k = kTogether; k-- > 0;) {
        words = EncodeVector(x[(first + k) % kVectors], entries[k], scale, words);
      }
    }
  }
  writer.words = words;
  memcpy(writer.state, x, sizeof x);
  return RansFinish(writer, 8 * kVectors, out);
}

size_t RansEncodeAvx2(const uint8_t* symbols, const uint8_t* contexts, size_t n, unsigned lanes,
                      unsigned scale, const uint32_t* tables, uint8_t* out) {
  if (lanes == 64) return EncodeWide<8>(symbols, contexts, n, scale, tables, out);
  if (lanes == 32) return EncodeWide<4>(symbols, contexts, n, scale, tables, out);
  return GenericRansEncode(symbols, contexts, n, lanes, scale, tables, out);
}

/// The state with a word more where it is short of one.
inline __m256i Renormalised(__m256i next, const uint8_t*& words) {
  const __m256i need = _mm256_cmpeq_epi32(_mm256_srli_epi32(next, 16), _mm256_setzero_si256());
  const auto mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(need)));
  const __m128i raw = _mm_loadu_si128(reinterpret_cast<const __m128i*>(words));
  const __m128i order = _mm_load_si128(reinterpret_cast<const __m128i*>(kShuffles.spread[mask]));
  const __m256i word = _mm256_cvtepu16_epi32(_mm_shuffle_epi8(raw, order));
  words += 2 * _mm_popcnt_u32(mask);
  return _mm256_blendv_epi8(next, _mm256_or_si256(_mm256_slli_epi32(next, 16), word), need);
}

/// The next state, given what the table says.
inline __m256i NextState(__m256i x, __m256i entry, __m128i scale, const uint8_t*& words) {
  const __m256i f = _mm256_and_si256(_mm256_srli_epi32(entry, 8), _mm256_set1_epi32(0xfff));
  const __m256i next = _mm256_add_epi32(_mm256_mullo_epi32(f, _mm256_srl_epi32(x, scale)),
                                        _mm256_srli_epi32(entry, 20));
  return Renormalised(next, words);
}

inline void StoreSymbols(__m256i entry, uint8_t* at) {
  const __m256i low = _mm256_and_si256(entry, _mm256_set1_epi32(0xff));
  const __m128i words =
      _mm_packus_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(at), _mm_packus_epi16(words, words));
}

enum class Contexts { kNone, kGiven, kChained };

template <Contexts kContexts>
bool DecodeWide(const uint8_t* coded, size_t size, const uint8_t* contexts, unsigned low,
                unsigned count, size_t n, unsigned scale, const uint32_t* tables,
                uint8_t* symbols) {
  RansCursor cursor;
  RansStart(cursor, coded, size, 64);
  __m256i x[8];
  memcpy(x, cursor.state, sizeof x);
  const __m256i slot_mask = _mm256_set1_epi32(static_cast<int>((1u << scale) - 1));
  const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(scale));
  const __m256i floor = _mm256_set1_epi32(static_cast<int>(low));
  const __m256i top = _mm256_set1_epi32(static_cast<int>(count - 1));
  PaddedWords padded;
  size_t i = 0;
  const auto context_of = [&](unsigned v) {
    if (kContexts == Contexts::kGiven) return LoadSymbols(contexts + i + 8 * v);
    if (i == 0) return _mm256_setzero_si256();
    const __m256i above = _mm256_sub_epi32(LoadSymbols(symbols + i - 64 + 8 * v), floor);
    return _mm256_min_epi32(_mm256_max_epi32(above, _mm256_setzero_si256()), top);
  };
  for (; n - i >= 64; i += 64) {
    PadWords(cursor, padded, 144);
    const uint8_t* words = cursor.words;  // apart: what is stored below could be the cursor
    for (unsigned first = 0; first < 8; first += kTogether) {
      __m256i entries[kTogether];
      for (unsigned k = 0; k < kTogether; ++k) {
        const unsigned v = first + k;
        __m256i index = _mm256_and_si256(x[v], slot_mask);
        if (kContexts != Contexts::kNone) {
          index = _mm256_or_si256(index, _mm256_sll_epi32(context_of(v), shift));
        }
        entries[k] = LookUpEach(tables, index);
      }
      for (unsigned k = 0; k < kTogether; ++k) {
        x[first + k] = NextState(x[first + k], entries[k], shift, words);
        StoreSymbols(entries[k], symbols + i + 8 * (first + k));
      }
    }
    cursor.words = words;
    if (cursor.words > cursor.end) return false;
  }
  memcpy(cursor.state, x, sizeof x);
  if (kContexts == Contexts::kChained) {
    return RansFinishChained(cursor, i, low, count, n, 64, scale, tables, symbols);
  }
  return RansFinish(cursor, contexts, i, n, 64, scale, tables, symbols);
}

bool RansDecodeAvx2(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                    unsigned lanes, unsigned scale, const uint32_t* tables, uint8_t* symbols) {
  if (lanes != 64) {
    return GenericRansDecode(coded, size, contexts, n, lanes, scale, tables, symbols);
  }
  if (contexts != nullptr) {
    return DecodeWide<Contexts::kGiven>(coded, size, contexts, 0, 1, n, scale, tables, symbols);
  }
  return DecodeWide<Contexts::kNone>(coded, size, contexts, 0, 1, n, scale, tables, symbols);
}

bool RansDecodeChainedAvx2(const uint8_t* coded, size_t size, unsigned low, unsigned count,
                           size_t n, unsigned lanes, unsigned scale, const uint32_t* tables,
                           uint8_t* symbols) {
  if (lanes != 64) {
    return GenericRansDecodeChained(coded, size, low, count, n, lanes, scale, tables, symbols);
  }
  return DecodeWide<Contexts::kChained>(coded, size, nullptr, low, count, n, scale, tables,
                                        symbols);
}

// One bit of 8 lanes; `chances`: of their contexts, in the low bytes. The bits are the low ones of
// what is returned.
inline unsigned TakeBits(__m128i chances, __m256i& x, const uint8_t*& words) {
  const __m256i ones = _mm256_slli_epi32(_mm256_cvtepu8_epi32(chances), 3);
  const __m256i slot = _mm256_and_si256(x, _mm256_set1_epi32(kBitSlots - 1));
  const __m256i share = _mm256_mullo_epi32(ones, _mm256_srli_epi32(x, kBitScale));
  const __m256i is_one = _mm256_cmpgt_epi32(ones, slot);
  const __m256i if_zero = _mm256_sub_epi32(_mm256_sub_epi32(x, ones), share);
  x = Renormalised(_mm256_blendv_epi8(if_zero, _mm256_add_epi32(share, slot), is_one), words);
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(is_one)));
}

template <unsigned kVectors>
bool DecodeBitsWide(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                    const BitModel& model, uint8_t* plane) {
  RansCursor cursor;
  RansStart(cursor, coded, size, 8 * kVectors);
  __m256i x[kVectors];
  memcpy(x, cursor.state, sizeof x);
  const Chances chances = ChancesOf(model);
  PaddedWords padded;
  size_t i = 0;
  for (; n - i >= 64; i += 64) {
    PadWords(cursor, padded, 144);
    const uint8_t* words = cursor.words;
    uint64_t bits = 0;
    for (unsigned v = 0; v < 8; v += 2) {
      const __m128i both = LookUpChances(chances, contexts + i + 8 * v);
      const uint64_t low = TakeBits(both, x[v % kVectors], words);
      const uint64_t high = TakeBits(_mm_srli_si128(both, 8), x[(v + 1) % kVectors], words);
      bits |= (low | high << 8) << 8 * v;
    }
    StoreAs(plane + i / 8, bits);
    cursor.words = words;
    if (cursor.words > cursor.end) return false;
  }
  memcpy(cursor.state, x, sizeof x);
  BitFrequencies frequencies;
  SpreadModel(model, frequencies);
  return FinishBits(cursor, contexts, i, n, 8 * kVectors, frequencies, plane);
}

bool DecodeBitsAvx2(const uint8_t* coded, size_t size, const uint8_t* contexts, size_t n,
                    unsigned lanes, const BitModel& model, uint8_t* plane) {
  if (lanes == 32) return DecodeBitsWide<4>(coded, size, contexts, n, model, plane);
  if (lanes == 16) return DecodeBitsWide<2>(coded, size, contexts, n, model, plane);
  return GenericDecodeBits(coded, size, contexts, n, lanes, model, plane);
}

}  // namespace

const Kernels& Avx2Kernels() {
  static constexpr Kernels kernels = {"avx2",
                                      GenericChecksum,
                                      RansEncodeAvx2,
                                      RansDecodeAvx2,
                                      RansDecodeChainedAvx2,
                                      GenericPairBits,
                                      DecodeBitsAvx2,
                                      GenericScan,
                                      GenericToSymbols,
                                      GenericKeepNonzero,
                                      TransposeToPlanes<32>,
                                      TransposeFromPlanes<32>,
                                      GenericCountZeroBytes,
                                      GenericSpreadKept,
                                      GenericAddExponents};
  return kernels;
}

}  // namespace dlv::codec
