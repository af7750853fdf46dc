// Two lanes, with the processor's instructions for SHA-256: each waits four cycles for the one
// before, and a second message fills them.

#if defined(__x86_64__)

#include <immintrin.h>

#include "storage/io/sha256_lanes.h"

namespace dlv::io {
namespace {

constexpr unsigned kLanes = 2;

/// The state as the instructions want it: words a, b, e, f and c, d, g, h, the first one highest.
struct LaneState {
  __m128i abef, cdgh;
};

inline __m128i Words(uint32_t highest, uint32_t high, uint32_t low, uint32_t lowest) {
  return _mm_set_epi32(static_cast<int>(highest), static_cast<int>(high), static_cast<int>(low),
                       static_cast<int>(lowest));
}

inline LaneState LoadState(const uint32_t* words, unsigned lane) {
  const auto word = [&](unsigned i) { return words[i * kLanes + lane]; };
  return {Words(word(0), word(1), word(4), word(5)), Words(word(2), word(3), word(6), word(7))};
}

inline void StoreState(const LaneState& state, uint32_t* words, unsigned lane) {
  const unsigned places[2][4] = {{5, 4, 1, 0}, {7, 6, 3, 2}};
  alignas(16) uint32_t parts[4];
  for (unsigned half = 0; half < 2; ++half) {
    _mm_store_si128(reinterpret_cast<__m128i*>(parts), half == 0 ? state.abef : state.cdgh);
    for (unsigned i = 0; i < 4; ++i) words[places[half][i] * kLanes + lane] = parts[i];
  }
}

/// Four rounds with four words of the schedule to which their constants are added.
inline void FourRounds(LaneState& state, __m128i words) {
  state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, words);
  state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(words, 0x0e));
}

/// The next four words of the schedule, from the last sixteen.
inline __m128i NextWords(__m128i w0, __m128i w1, __m128i w2, __m128i w3) {
  const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
  return _mm_sha256msg2_epu32(sum, w3);
}

inline void Compress(const uint8_t* const* blocks, size_t block_count, uint32_t* state_words) {
  const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  const auto* const constants = reinterpret_cast<const __m128i*>(kSha256Constants);
  LaneState state[kLanes] = {LoadState(state_words, 0), LoadState(state_words, 1)};
  for (size_t block = 0; block < block_count; ++block) {
    const LaneState before[kLanes] = {state[0], state[1]};
    __m128i words[kLanes][4];
#pragma GCC unroll 16
    for (unsigned i = 0; i < 16; ++i) {
      const __m128i constant = _mm_loadu_si128(constants + i);
#pragma GCC unroll 2
      for (unsigned lane = 0; lane < kLanes; ++lane) {
        __m128i* const w = words[lane];
        if (i < 4) {
          const auto* at = reinterpret_cast<const __m128i*>(blocks[lane] + 64 * block + 16 * i);
          w[i] = _mm_shuffle_epi8(_mm_loadu_si128(at), big_endian);
        } else {
          w[i & 3] = NextWords(w[i & 3], w[(i + 1) & 3], w[(i + 2) & 3], w[(i + 3) & 3]);
        }
        FourRounds(state[lane], _mm_add_epi32(w[i & 3], constant));
      }
    }
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      state[lane].abef = _mm_add_epi32(state[lane].abef, before[lane].abef);
      state[lane].cdgh = _mm_add_epi32(state[lane].cdgh, before[lane].cdgh);
    }
  }
  for (unsigned lane = 0; lane < kLanes; ++lane) StoreState(state[lane], state_words, lane);
}

}  // namespace

const Sha256Lanes& ShaInstructionLanes() {
  static constexpr Sha256Lanes kForm = {"sha", kLanes, Compress};
  return kForm;
}

}  // namespace dlv::io

#endif
