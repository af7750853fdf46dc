// Sixteen lanes.

#if defined(__x86_64__)

#include <immintrin.h>

#include "storage/io/sha256_lanes_generic.h"

namespace dlv::io {
namespace {

struct Ops512 {
  using Vector = __m512i;
  template <int kBits>
  static Vector Rotate(Vector x) {
    return _mm512_ror_epi32(x, kBits);
  }
  template <int kBits>
  static Vector Shift(Vector x) {
    return _mm512_srli_epi32(x, kBits);
  }
  static Vector Xor3(Vector x, Vector y, Vector z) {
    return _mm512_ternarylogic_epi32(x, y, z, 0x96);
  }
  static Vector Choose(Vector x, Vector y, Vector z) {
    return _mm512_ternarylogic_epi32(x, y, z, 0xca);
  }
  static Vector Majority(Vector x, Vector y, Vector z) {
    return _mm512_ternarylogic_epi32(x, y, z, 0xe8);
  }
  static Vector Add(Vector x, Vector y) { return _mm512_add_epi32(x, y); }
  static Vector Same(uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
};

/// Swaps element j + kStep of row i with element j of row i + kStep, for j without the bit kStep.
template <unsigned kStep>
inline void SwapBlocks(__m512i* rows) {
  alignas(64) int upper[16];
  alignas(64) int lower[16];
  for (unsigned j = 0; j < 16; ++j) {
    upper[j] = static_cast<int>((j & kStep) == 0 ? j : 16 + j - kStep);
    lower[j] = static_cast<int>((j & kStep) == 0 ? j + kStep : 16 + j);
  }
  const __m512i to_upper = _mm512_load_si512(upper);
  const __m512i to_lower = _mm512_load_si512(lower);
  for (unsigned i = 0; i < 16; ++i) {
    if ((i & kStep) != 0) continue;
    const __m512i top = rows[i];
    const __m512i bottom = rows[i + kStep];
    rows[i] = _mm512_permutex2var_epi32(top, to_upper, bottom);
    rows[i + kStep] = _mm512_permutex2var_epi32(top, to_lower, bottom);
  }
}

/// Word i of all lanes into words[i].
inline void LoadBlocks(const uint8_t* const* blocks, size_t offset, __m512i* words) {
  const __m512i big_endian =
      _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
  for (unsigned lane = 0; lane < 16; ++lane) {
    words[lane] = _mm512_shuffle_epi8(_mm512_loadu_si512(blocks[lane] + offset), big_endian);
  }
  SwapBlocks<1>(words);
  SwapBlocks<2>(words);
  SwapBlocks<4>(words);
  SwapBlocks<8>(words);
}

void Compress(const uint8_t* const* blocks, size_t block_count, uint32_t* state_words) {
  __m512i state[8];
  for (unsigned i = 0; i < 8; ++i) state[i] = _mm512_loadu_si512(state_words + 16 * i);
  for (size_t block = 0; block < block_count; ++block) {
    __m512i words[16];
    LoadBlocks(blocks, 64 * block, words);
    Sha256Rounds<Ops512>(words, state);
  }
  for (unsigned i = 0; i < 8; ++i) _mm512_storeu_si512(state_words + 16 * i, state[i]);
}

}  // namespace

const Sha256Lanes& Avx512Sha256Lanes() {
  static constexpr Sha256Lanes kForm = {"avx512", 16, Compress};
  return kForm;
}

}  // namespace dlv::io

#endif
