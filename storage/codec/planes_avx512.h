#pragma once
/// \file
/// Bit planes with AVX-512, and shorter forms with VBMI and GFNI, 512 elements at a time: separate
/// the bytes of the elements, transpose 8 x 8 bits in each quadword, collect the eight plane bytes
/// of 64 elements, and turn eight such registers into eight 64-byte runs. Planes are touched one
/// cache line at a time: 23 planes of 16 KiB share the sets of the first-level cache. Only for
/// kernels_avx512.h.

#include <immintrin.h>
#include <string.h>

#include "storage/codec/kernels.h"

namespace dlv::codec {
namespace {

struct ByteOrder {
  uint8_t at[64];
};

// With GFNI rows of 8 x 8 bits are numbered from the last byte.
#if defined(__GFNI__)
constexpr unsigned kMirror = 7;
#else
constexpr unsigned kMirror = 0;
#endif

// Byte 8 i + j goes to 8 j + i; its own inverse. Mirrored: to 8 j + 7 - i.
constexpr ByteOrder MakeTransposition(unsigned mirror) {
  ByteOrder order{};
  for (unsigned k = 0; k < 64; ++k) {
    order.at[k ^ mirror] = static_cast<uint8_t>((k % 8) * 8 + k / 8);
  }
  return order;
}
constexpr ByteOrder kTransposition = MakeTransposition(0);
constexpr ByteOrder kMirroredTransposition = MakeTransposition(kMirror);

#if defined(__AVX512VBMI__)

template <const ByteOrder& kOrder>
inline __m512i Permute(__m512i bytes) {
  return _mm512_permutexvar_epi8(_mm512_loadu_si512(kOrder.at), bytes);
}

#else

// The orders needed here are a permutation of words after one of bytes within quarters, or the
// other way round. Where the words move in pairs, a permutation of double words takes half the
// time.
struct TwoSteps {
  bool possible;
  bool in_pairs;
  uint8_t shuffle[64];  // within each quarter
  uint16_t words[32];
  uint32_t pairs[16];
};

constexpr TwoSteps BytesThenWords(const ByteOrder& order) {
  TwoSteps steps{};
  steps.possible = true;
  unsigned used[4] = {};  // words that a quarter has given away
  for (unsigned w = 0; w < 32; ++w) {
    const unsigned quarter = order.at[2 * w] / 16;
    if (order.at[2 * w + 1] / 16u != quarter || used[quarter] == 8) {
      steps.possible = false;
      return steps;
    }
    const unsigned slot = 8 * quarter + used[quarter]++;
    for (unsigned k = 0; k < 2; ++k) {
      steps.shuffle[2 * slot + k] = static_cast<uint8_t>(order.at[2 * w + k] % 16);
    }
    steps.words[w] = static_cast<uint16_t>(slot);
  }
  steps.in_pairs = true;
  for (unsigned p = 0; p < 16; ++p) {
    const unsigned slot = steps.words[2 * p];
    if (slot % 2 != 0 || steps.words[2 * p + 1] != slot + 1) steps.in_pairs = false;
    steps.pairs[p] = slot / 2;
  }
  return steps;
}

constexpr ByteOrder Inverse(const ByteOrder& order) {
  ByteOrder inverse{};
  for (unsigned k = 0; k < 64; ++k) inverse.at[order.at[k]] = static_cast<uint8_t>(k);
  return inverse;
}

/// Undoes both steps: what was first comes last.
constexpr TwoSteps Undone(const TwoSteps& steps) {
  TwoSteps undone = steps;
  for (unsigned k = 0; k < 64; ++k) {
    undone.shuffle[k / 16 * 16 + steps.shuffle[k]] = static_cast<uint8_t>(k % 16);
  }
  for (unsigned w = 0; w < 32; ++w) undone.words[steps.words[w]] = static_cast<uint16_t>(w);
  for (unsigned p = 0; p < 16 && steps.in_pairs; ++p) undone.pairs[steps.pairs[p]] = p;
  return undone;
}

template <const TwoSteps& kSteps>
inline __m512i PermuteWords(__m512i bytes) {
  if constexpr (kSteps.in_pairs) {
    return _mm512_permutexvar_epi32(_mm512_loadu_si512(kSteps.pairs), bytes);
  } else {
    return _mm512_permutexvar_epi16(_mm512_loadu_si512(kSteps.words), bytes);
  }
}

template <const ByteOrder& kOrder>
constexpr TwoSteps kBytesFirst = BytesThenWords(kOrder);
template <const ByteOrder& kOrder>
constexpr TwoSteps kWordsFirst = Undone(BytesThenWords(Inverse(kOrder)));

template <const ByteOrder& kOrder>
inline __m512i Permute(__m512i bytes) {
  if constexpr (kBytesFirst<kOrder>.possible) {
    const __m512i shuffle = _mm512_loadu_si512(kBytesFirst<kOrder>.shuffle);
    return PermuteWords<kBytesFirst<kOrder>>(_mm512_shuffle_epi8(bytes, shuffle));
  } else {
    static_assert(kWordsFirst<kOrder>.possible);
    const __m512i shuffle = _mm512_loadu_si512(kWordsFirst<kOrder>.shuffle);
    return _mm512_shuffle_epi8(PermuteWords<kWordsFirst<kOrder>>(bytes), shuffle);
  }
}

#endif

// Transposes the 8 x 8 bits of each quadword: bit j of byte i (with a mirror, of byte 7 - i) goes
// to bit i of byte j.
#if defined(__GFNI__)

inline __m512i TransposeBits(__m512i bytes) {
  const __m512i unit = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201ULL));
  return _mm512_gf2p8affine_epi64_epi8(unit, bytes, 0);
}

#else

/// Exchanges the bits in `mask` with those `distance` above.
template <unsigned kDistance>
inline __m512i ExchangeBits(__m512i x, uint64_t mask) {
  constexpr int kDifferenceOfWanted = 0x28;  // (a ^ b) & c
  constexpr int kSum = 0x96;                 // a ^ b ^ c
  const __m512i wanted = _mm512_set1_epi64(static_cast<long long>(mask));
  const __m512i t =
      _mm512_ternarylogic_epi64(x, _mm512_srli_epi64(x, kDistance), wanted, kDifferenceOfWanted);
  return _mm512_ternarylogic_epi64(x, t, _mm512_slli_epi64(t, kDistance), kSum);
}

// Hacker's Delight, 7-3.
inline __m512i TransposeBits(__m512i bytes) {
  bytes = ExchangeBits<7>(bytes, 0x00aa00aa00aa00aa);
  bytes = ExchangeBits<14>(bytes, 0x0000cccc0000cccc);
  return ExchangeBits<28>(bytes, 0x00000000f0f0f0f0);
}

#endif

// Quadword j of row i goes to quadword i of row j; its own inverse.
inline void TransposeQuads(__m512i row[8]) {
  __m512i pair[8];
  for (int k = 0; k < 4; ++k) {
    pair[2 * k] = _mm512_unpacklo_epi64(row[2 * k], row[2 * k + 1]);
    pair[2 * k + 1] = _mm512_unpackhi_epi64(row[2 * k], row[2 * k + 1]);
  }
  __m512i quad[8];
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  const __m512i high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  for (int k = 0; k < 2; ++k) {
    for (int s = 0; s < 2; ++s) {
      quad[4 * k + s] = _mm512_permutex2var_epi64(pair[4 * k + s], low, pair[4 * k + 2 + s]);
      quad[4 * k + 2 + s] = _mm512_permutex2var_epi64(pair[4 * k + s], high, pair[4 * k + 2 + s]);
    }
  }
  for (int s = 0; s < 4; ++s) {
    row[s] = _mm512_shuffle_i64x2(quad[s], quad[4 + s], 0x44);
    row[4 + s] = _mm512_shuffle_i64x2(quad[s], quad[4 + s], 0xee);
  }
}

// 64 elements of W bytes, in W registers, to W registers of 64 bytes of equal significance, and
// back.
template <unsigned W>
inline void SplitBytes(__m512i r[W]);
template <unsigned W>
inline void JoinBytes(__m512i r[W]);

constexpr ByteOrder MakeReversal() {
  ByteOrder order{};
  for (unsigned k = 0; k < 64; ++k) order.at[k] = static_cast<uint8_t>(k ^ kMirror);
  return order;
}
constexpr ByteOrder kReversedBytes = MakeReversal();

template <>
inline void SplitBytes<1>(__m512i r[1]) {
  r[0] = Permute<kReversedBytes>(r[0]);
}
template <>
inline void JoinBytes<1>(__m512i*) {}

template <unsigned W>
constexpr ByteOrder MakeGroupOrder() {
  ByteOrder order{};
  for (unsigned k = 0; k < 64; ++k) {
    order.at[k ^ kMirror] = static_cast<uint8_t>((k % (64 / W)) * W + k / (64 / W));
  }
  return order;
}

template <unsigned W>
constexpr ByteOrder MakeUngroupOrder() {
  ByteOrder order{};
  for (unsigned k = 0; k < 64; ++k) {
    order.at[k] = static_cast<uint8_t>((k % W) * (64 / W) + k / W);
  }
  return order;
}

template <unsigned W>
constexpr ByteOrder kGroupOrder = MakeGroupOrder<W>();
template <unsigned W>
constexpr ByteOrder kUngroupOrder = MakeUngroupOrder<W>();

template <>
inline void SplitBytes<2>(__m512i r[2]) {
  const __m512i a = Permute<kGroupOrder<2>>(r[0]);
  const __m512i b = Permute<kGroupOrder<2>>(r[1]);
  r[0] = _mm512_shuffle_i64x2(a, b, 0x44);
  r[1] = _mm512_shuffle_i64x2(a, b, 0xee);
}
template <>
inline void JoinBytes<2>(__m512i r[2]) {
  const __m512i a = _mm512_shuffle_i64x2(r[0], r[1], 0x44);
  const __m512i b = _mm512_shuffle_i64x2(r[0], r[1], 0xee);
  r[0] = Permute<kUngroupOrder<2>>(a);
  r[1] = Permute<kUngroupOrder<2>>(b);
}

// 4 x 4 transposition of 128-bit quarters; its own inverse.
inline void TransposeQuarters(__m512i r[4]) {
  const __m512i a = _mm512_shuffle_i64x2(r[0], r[1], 0x44);
  const __m512i b = _mm512_shuffle_i64x2(r[0], r[1], 0xee);
  const __m512i c = _mm512_shuffle_i64x2(r[2], r[3], 0x44);
  const __m512i d = _mm512_shuffle_i64x2(r[2], r[3], 0xee);
  r[0] = _mm512_shuffle_i64x2(a, c, 0x88);
  r[1] = _mm512_shuffle_i64x2(a, c, 0xdd);
  r[2] = _mm512_shuffle_i64x2(b, d, 0x88);
  r[3] = _mm512_shuffle_i64x2(b, d, 0xdd);
}

template <>
inline void SplitBytes<4>(__m512i r[4]) {
  for (int k = 0; k < 4; ++k) r[k] = Permute<kGroupOrder<4>>(r[k]);
  TransposeQuarters(r);
}
template <>
inline void JoinBytes<4>(__m512i r[4]) {
  TransposeQuarters(r);
  for (int k = 0; k < 4; ++k) r[k] = Permute<kUngroupOrder<4>>(r[k]);
}

template <>
inline void SplitBytes<8>(__m512i r[8]) {
  for (int k = 0; k < 8; ++k) r[k] = Permute<kMirroredTransposition>(r[k]);
  TransposeQuads(r);
}
template <>
inline void JoinBytes<8>(__m512i r[8]) {
  TransposeQuads(r);
  for (int k = 0; k < 8; ++k) r[k] = Permute<kTransposition>(r[k]);
}

// Which bytes of an element have a wanted plane.
inline unsigned UsedBytes(const void* const* plane, unsigned width) {
  unsigned used = 0;
  for (unsigned bit = 0; bit < 8 * width; ++bit) {
    if (plane[bit] != nullptr) used |= 1u << (bit / 8);
  }
  return used;
}

constexpr size_t kPlaneBlock = 512;  // elements; 64 bytes of each plane
// There are more planes than the hardware's prefetcher follows streams.
constexpr size_t kPrefetchBytes = 192;

template <unsigned W>
void BlockToPlanes(const uint8_t* elements, size_t offset, unsigned used,
                   uint8_t* const plane[kMaxPlanes]) {
  __m512i bytes[W][8];
  for (unsigned k = 0; k < 8; ++k) {
    __m512i r[W];
    for (unsigned w = 0; w < W; ++w) {
      r[w] = _mm512_loadu_si512(elements + (k * W + w) * 64);
    }
    SplitBytes<W>(r);
    for (unsigned w = 0; w < W; ++w) bytes[w][k] = r[w];
  }
  for (unsigned w = 0; w < W; ++w) {
    if (((used >> w) & 1) == 0) continue;
    __m512i row[8];
    for (unsigned k = 0; k < 8; ++k) row[k] = Permute<kTransposition>(TransposeBits(bytes[w][k]));
    TransposeQuads(row);
    for (unsigned j = 0; j < 8; ++j) {
      uint8_t* const to = plane[8 * w + j];
      if (to == nullptr) continue;
      _mm512_storeu_si512(to + offset, row[j]);
    }
  }
}

template <unsigned W>
void BlockFromPlanes(const uint8_t* const plane[kMaxPlanes], size_t offset, unsigned used,
                     uint8_t* elements) {
  __m512i bytes[W][8];
  for (unsigned w = 0; w < W; ++w) {
    __m512i row[8];
    if (((used >> w) & 1) == 0) {
      for (unsigned k = 0; k < 8; ++k) bytes[w][k] = _mm512_setzero_si512();
      continue;
    }
    for (unsigned j = 0; j < 8; ++j) {
      const uint8_t* const from = plane[8 * w + j];
      row[j] = _mm512_setzero_si512();
      if (from == nullptr) continue;
      row[j] = _mm512_loadu_si512(from + offset);
      __builtin_prefetch(from + offset + kPrefetchBytes);
    }
    TransposeQuads(row);
    for (unsigned k = 0; k < 8; ++k)
      bytes[w][k] = TransposeBits(Permute<kMirroredTransposition>(row[k]));
  }
  for (unsigned k = 0; k < 8; ++k) {
    __m512i r[W];
    for (unsigned w = 0; w < W; ++w) r[w] = bytes[w][k];
    JoinBytes<W>(r);
    for (unsigned w = 0; w < W; ++w) _mm512_storeu_si512(elements + (k * W + w) * 64, r[w]);
  }
}

// Planes are filled from a tile in the first-level cache, some lines of one plane at a time.
template <unsigned W>
void ToPlanesOf(const uint8_t* elements, size_t n, uint8_t* const plane[kMaxPlanes]) {
  constexpr size_t kBlocks = W == 8 ? 4 : 8;
  constexpr size_t kTile = kBlocks * kPlaneBlock;
  const unsigned used = UsedBytes(reinterpret_cast<const void* const*>(plane), W);
  alignas(64) uint8_t tile[8 * W][kTile / 8];
  uint8_t* to[kMaxPlanes] = {};
  for (unsigned bit = 0; bit < 8 * W; ++bit) to[bit] = plane[bit] != nullptr ? tile[bit] : nullptr;
  for (size_t done = 0; done < n; done += kTile) {
    const size_t here = n - done < kTile ? n - done : kTile;
    for (size_t at = 0; at < here; at += kPlaneBlock) {
      const uint8_t* from = elements + (done + at) * W;
      alignas(64) uint8_t block[kPlaneBlock * W];
      if (here - at < kPlaneBlock) {
        memset(block, 0, sizeof block);
        memcpy(block, from, (here - at) * W);
        from = block;
      }
      BlockToPlanes<W>(from, at / 8, used, to);
    }
    for (unsigned bit = 0; bit < 8 * W; ++bit) {
      if (plane[bit] != nullptr) memcpy(plane[bit] + done / 8, tile[bit], (here + 7) / 8);
    }
  }
}

template <unsigned W>
void FromPlanesOf(const uint8_t* const plane[kMaxPlanes], size_t n, uint8_t* elements) {
  const unsigned used = UsedBytes(reinterpret_cast<const void* const*>(plane), W);
  size_t done = 0;
  for (; n - done >= kPlaneBlock; done += kPlaneBlock) {
    BlockFromPlanes<W>(plane, done / 8, used, elements + done * W);
  }
  if (done == n) return;
  alignas(64) uint8_t tails[8 * W][64] = {};
  const uint8_t* tail[kMaxPlanes] = {};
  for (unsigned bit = 0; bit < 8 * W; ++bit) {
    if (plane[bit] == nullptr) continue;
    memcpy(tails[bit], plane[bit] + done / 8, (n - done + 7) / 8);
    tail[bit] = tails[bit];
  }
  alignas(64) uint8_t block[kPlaneBlock * W];
  BlockFromPlanes<W>(tail, 0, used, block);
  memcpy(elements + done * W, block, (n - done) * W);
}

inline void Avx512ToPlanes(const uint8_t* elements, size_t n, unsigned width,
                           uint8_t* const plane[kMaxPlanes]) {
  switch (width) {
    case 1:
      return ToPlanesOf<1>(elements, n, plane);
    case 2:
      return ToPlanesOf<2>(elements, n, plane);
    case 4:
      return ToPlanesOf<4>(elements, n, plane);
    default:
      return ToPlanesOf<8>(elements, n, plane);
  }
}

inline void Avx512FromPlanes(const uint8_t* const plane[kMaxPlanes], size_t n, unsigned width,
                             uint8_t* elements) {
  switch (width) {
    case 1:
      return FromPlanesOf<1>(plane, n, elements);
    case 2:
      return FromPlanesOf<2>(plane, n, elements);
    case 4:
      return FromPlanesOf<4>(plane, n, elements);
    default:
      return FromPlanesOf<8>(plane, n, elements);
  }
}

}  // namespace
}  // namespace dlv::codec
