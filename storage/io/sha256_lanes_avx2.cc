// Eight lanes, for processors that have neither AVX-512 nor instructions for SHA-256.

#if defined(__x86_64__)

#include <immintrin.h>

#include "storage/io/sha256_lanes_generic.h"

namespace dlv::io {
namespace {

struct Ops256 {
  using Vector = __m256i;
  template <int kBits>
  static Vector Rotate(Vector x) {
    return _mm256_or_si256(_mm256_srli_epi32(x, kBits), _mm256_slli_epi32(x, 32 - kBits));
  }
  template <int kBits>
  static Vector Shift(Vector x) {
    return _mm256_srli_epi32(x, kBits);
  }
  static Vector Xor3(Vector x, Vector y, Vector z) {
    return _mm256_xor_si256(_mm256_xor_si256(x, y), z);
  }
  static Vector Choose(Vector x, Vector y, Vector z) {
    return _mm256_xor_si256(z, _mm256_and_si256(x, _mm256_xor_si256(y, z)));
  }
  static Vector Majority(Vector x, Vector y, Vector z) {
    return _mm256_or_si256(_mm256_and_si256(x, y), _mm256_and_si256(z, _mm256_or_si256(x, y)));
  }
  static Vector Add(Vector x, Vector y) { return _mm256_add_epi32(x, y); }
  static Vector Same(uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
};

/// Rows of eight words become columns.
inline void Transpose(const __m256i* rows, __m256i* columns) {
  __m256i pairs[8];
  for (unsigned i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_epi32(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  __m256i fours[8];
  for (unsigned i = 0; i < 8; i += 4) {
    fours[i] = _mm256_unpacklo_epi64(pairs[i], pairs[i + 2]);
    fours[i + 1] = _mm256_unpackhi_epi64(pairs[i], pairs[i + 2]);
    fours[i + 2] = _mm256_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    fours[i + 3] = _mm256_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
  for (unsigned i = 0; i < 4; ++i) {
    columns[i] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x20);
    columns[i + 4] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x31);
  }
}

/// Word i of all lanes into words[i].
inline void LoadBlocks(const uint8_t* const* blocks, size_t offset, __m256i* words) {
  const __m256i big_endian = _mm256_broadcastsi128_si256(
      _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
  for (unsigned half = 0; half < 2; ++half) {
    __m256i rows[8];
    for (unsigned lane = 0; lane < 8; ++lane) {
      const auto* at = reinterpret_cast<const __m256i*>(blocks[lane] + offset + 32 * half);
      rows[lane] = _mm256_shuffle_epi8(_mm256_loadu_si256(at), big_endian);
    }
    Transpose(rows, words + 8 * half);
  }
}

void Compress(const uint8_t* const* blocks, size_t block_count, uint32_t* state_words) {
  __m256i state[8];
  auto* const stored = reinterpret_cast<__m256i*>(state_words);
  for (unsigned i = 0; i < 8; ++i) state[i] = _mm256_loadu_si256(stored + i);
  for (size_t block = 0; block < block_count; ++block) {
    __m256i words[16];
    LoadBlocks(blocks, 64 * block, words);
    Sha256Rounds<Ops256>(words, state);
  }
  for (unsigned i = 0; i < 8; ++i) _mm256_storeu_si256(stored + i, state[i]);
}

}  // namespace

const Sha256Lanes& Avx2Sha256Lanes() {
  static constexpr Sha256Lanes kForm = {"avx2", 8, Compress};
  return kForm;
}

}  // namespace dlv::io

#endif
