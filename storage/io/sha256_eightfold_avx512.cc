// Eight lanes of 32 bits with the rotations and three-operand logic of AVX-512VL, between the
// instructions for SHA-256 of the long message.
//
// Those exist in the old encoding only, which must not meet registers whose upper parts are in use
// (a hundred times as slow on a Sapphire Rapids, measured). So the lanes have ymm16 to ymm31, which
// the old encoding cannot name, and all is assembly: compilers cannot be kept to these registers,
// and do not use them themselves in this file, which is compiled without AVX.

#if defined(__x86_64__)

#include "storage/io/sha256_eightfold.h"

#include <immintrin.h>

#include "storage/io/sha256_lanes.h"

namespace dlv::io {
namespace {

constexpr unsigned kLanes = EightfoldSha256::kLanes;
constexpr unsigned kRounds = 64;
constexpr unsigned kWords = 16;        ///< of a block
constexpr unsigned kRoundsAtOnce = 8;  ///< of the lanes, for each block of the long message

/// The schedule of the lanes: word i of all lanes at [i * kLanes].
struct alignas(64) Schedule {
  uint32_t words[kRounds * kLanes];
};

// clang-format off

// Round r of the lanes, in two halves. %[w] points at word r of the schedule for r = 0, %[k] at its
// constant. ymm24 is the word, ymm25 to ymm30 are in passing.
#define DLV_STRING(x) #x
#define DLV_YMM(n) "%%ymm" DLV_STRING(n)

// w[r] = w[r-16] + s0(w[r-15]) + w[r-7] + s1(w[r-2])
#define DLV_NEXT_WORD(r)                                          \
  "vmovdqa64 32*(" #r "-15)(%[w]), %%ymm24\n\t"                   \
  "vmovdqa64 32*(" #r "-2)(%[w]), %%ymm27\n\t"                    \
  "vprord $7, %%ymm24, %%ymm25\n\t"                               \
  "vprord $18, %%ymm24, %%ymm26\n\t"                              \
  "vpsrld $3, %%ymm24, %%ymm24\n\t"                               \
  "vpternlogd $0x96, %%ymm25, %%ymm26, %%ymm24\n\t"               \
  "vprord $17, %%ymm27, %%ymm28\n\t"                              \
  "vprord $19, %%ymm27, %%ymm29\n\t"                              \
  "vpsrld $10, %%ymm27, %%ymm27\n\t"                              \
  "vpternlogd $0x96, %%ymm28, %%ymm29, %%ymm27\n\t"               \
  "vpaddd 32*(" #r "-16)(%[w]), %%ymm24, %%ymm24\n\t"             \
  "vpaddd 32*(" #r "-7)(%[w]), %%ymm27, %%ymm27\n\t"              \
  "vpaddd %%ymm24, %%ymm27, %%ymm24\n\t"                          \
  "vmovdqa64 %%ymm24, 32*" #r "(%[w])\n\t"
#define DLV_FIRST_WORD(r) "vmovdqa64 32*" #r "(%[w]), %%ymm24\n\t"

// h += k + w + S1(e) + Ch(e, f, g); d += h
#define DLV_ROUND_UPPER(r, d, e, f, g, h)                         \
  "vpaddd 4*" #r "(%[k])%{1to8%}, %%ymm24, %%ymm24\n\t"           \
  "vprord $6, " DLV_YMM(e) ", %%ymm25\n\t"                        \
  "vprord $11, " DLV_YMM(e) ", %%ymm26\n\t"                       \
  "vprord $25, " DLV_YMM(e) ", %%ymm27\n\t"                       \
  "vpternlogd $0x96, %%ymm25, %%ymm26, %%ymm27\n\t"               \
  "vmovdqa64 " DLV_YMM(e) ", %%ymm28\n\t"                         \
  "vpternlogd $0xca, " DLV_YMM(g) ", " DLV_YMM(f) ", %%ymm28\n\t" \
  "vpaddd %%ymm24, " DLV_YMM(h) ", " DLV_YMM(h) "\n\t"            \
  "vpaddd %%ymm28, %%ymm27, %%ymm27\n\t"                          \
  "vpaddd %%ymm27, " DLV_YMM(h) ", " DLV_YMM(h) "\n\t"            \
  "vpaddd " DLV_YMM(h) ", " DLV_YMM(d) ", " DLV_YMM(d) "\n\t"

// h += S0(a) + Maj(a, b, c)
#define DLV_ROUND_LOWER(a, b, c, h)                               \
  "vprord $2, " DLV_YMM(a) ", %%ymm25\n\t"                        \
  "vprord $13, " DLV_YMM(a) ", %%ymm26\n\t"                       \
  "vprord $22, " DLV_YMM(a) ", %%ymm29\n\t"                       \
  "vpternlogd $0x96, %%ymm25, %%ymm26, %%ymm29\n\t"               \
  "vmovdqa64 " DLV_YMM(a) ", %%ymm30\n\t"                         \
  "vpternlogd $0xe8, " DLV_YMM(b) ", " DLV_YMM(c) ", %%ymm30\n\t" \
  "vpaddd %%ymm29, " DLV_YMM(h) ", " DLV_YMM(h) "\n\t"            \
  "vpaddd %%ymm30, " DLV_YMM(h) ", " DLV_YMM(h) "\n\t"

// Four words of the long message: the first sixteen as they are read, then from the sixteen before,
// which m0 to m3 hold. Each is there a step before its rounds.
#define DLV_LONG_READ(i, m0)                                      \
  "movdqu 16*" #i "(%[p]), " m0 "\n\t"                            \
  "pshufb %[swap], " m0 "\n\t"
#define DLV_LONG_NEXT(m0, m1, m2, m3)                             \
  "movdqa " m3 ", %%xmm7\n\t"                                     \
  "palignr $4, " m2 ", %%xmm7\n\t"                                \
  "sha256msg1 " m1 ", " m0 "\n\t"                                 \
  "paddd %%xmm7, " m0 "\n\t"                                      \
  "sha256msg2 " m3 ", " m0 "\n\t"
// Its rounds 4i to 4i + 3. The instruction takes the words in xmm0.
#define DLV_LONG_ROUNDS(i, m)                                     \
  "movdqa 16*" #i "(%[constants]), %%xmm0\n\t"                    \
  "paddd " m ", %%xmm0\n\t"                                       \
  "sha256rnds2 %[abef], %[cdgh]\n\t"                              \
  "pshufd $0x0e, %%xmm0, %%xmm0\n\t"                              \
  "sha256rnds2 %[cdgh], %[abef]\n\t"

#define DLV_M0 "%%xmm3"
#define DLV_M1 "%%xmm4"
#define DLV_M2 "%%xmm5"
#define DLV_M3 "%%xmm6"

// Registers take turns: what is h in a round is a in the next.
#define DLV_STEP(WORD)                                                                           \
  "vmovdqa64 (%[s]), %%ymm16\n\t"    "vmovdqa64 32(%[s]), %%ymm17\n\t"                           \
  "vmovdqa64 64(%[s]), %%ymm18\n\t"  "vmovdqa64 96(%[s]), %%ymm19\n\t"                           \
  "vmovdqa64 128(%[s]), %%ymm20\n\t" "vmovdqa64 160(%[s]), %%ymm21\n\t"                          \
  "vmovdqa64 192(%[s]), %%ymm22\n\t" "vmovdqa64 224(%[s]), %%ymm23\n\t"                          \
  DLV_LONG_READ(0, DLV_M0) DLV_LONG_READ(1, DLV_M1)                                              \
  DLV_LONG_READ(2, DLV_M2) DLV_LONG_READ(3, DLV_M3)                                              \
  DLV_LONG_ROUNDS(0, DLV_M0)                                                                     \
  WORD(0) DLV_ROUND_UPPER(0, 19, 20, 21, 22, 23)                                                 \
  DLV_LONG_ROUNDS(1, DLV_M1)                                                                     \
  DLV_ROUND_LOWER(16, 17, 18, 23)                                                                \
  DLV_LONG_ROUNDS(2, DLV_M2)                                                                     \
  WORD(1) DLV_ROUND_UPPER(1, 18, 19, 20, 21, 22)                                                 \
  DLV_LONG_NEXT(DLV_M0, DLV_M1, DLV_M2, DLV_M3) DLV_LONG_ROUNDS(3, DLV_M3)                       \
  DLV_ROUND_LOWER(23, 16, 17, 22)                                                                \
  DLV_LONG_NEXT(DLV_M1, DLV_M2, DLV_M3, DLV_M0) DLV_LONG_ROUNDS(4, DLV_M0)                       \
  WORD(2) DLV_ROUND_UPPER(2, 17, 18, 19, 20, 21)                                                 \
  DLV_LONG_NEXT(DLV_M2, DLV_M3, DLV_M0, DLV_M1) DLV_LONG_ROUNDS(5, DLV_M1)                       \
  DLV_ROUND_LOWER(22, 23, 16, 21)                                                                \
  DLV_LONG_NEXT(DLV_M3, DLV_M0, DLV_M1, DLV_M2) DLV_LONG_ROUNDS(6, DLV_M2)                       \
  WORD(3) DLV_ROUND_UPPER(3, 16, 17, 18, 19, 20)                                                 \
  DLV_LONG_NEXT(DLV_M0, DLV_M1, DLV_M2, DLV_M3) DLV_LONG_ROUNDS(7, DLV_M3)                       \
  DLV_ROUND_LOWER(21, 22, 23, 20)                                                                \
  DLV_LONG_NEXT(DLV_M1, DLV_M2, DLV_M3, DLV_M0) DLV_LONG_ROUNDS(8, DLV_M0)                       \
  WORD(4) DLV_ROUND_UPPER(4, 23, 16, 17, 18, 19)                                                 \
  DLV_LONG_NEXT(DLV_M2, DLV_M3, DLV_M0, DLV_M1) DLV_LONG_ROUNDS(9, DLV_M1)                       \
  DLV_ROUND_LOWER(20, 21, 22, 19)                                                                \
  DLV_LONG_NEXT(DLV_M3, DLV_M0, DLV_M1, DLV_M2) DLV_LONG_ROUNDS(10, DLV_M2)                      \
  WORD(5) DLV_ROUND_UPPER(5, 22, 23, 16, 17, 18)                                                 \
  DLV_LONG_NEXT(DLV_M0, DLV_M1, DLV_M2, DLV_M3) DLV_LONG_ROUNDS(11, DLV_M3)                      \
  DLV_ROUND_LOWER(19, 20, 21, 18)                                                                \
  DLV_LONG_NEXT(DLV_M1, DLV_M2, DLV_M3, DLV_M0) DLV_LONG_ROUNDS(12, DLV_M0)                      \
  WORD(6) DLV_ROUND_UPPER(6, 21, 22, 23, 16, 17)                                                 \
  DLV_LONG_NEXT(DLV_M2, DLV_M3, DLV_M0, DLV_M1) DLV_LONG_ROUNDS(13, DLV_M1)                      \
  DLV_ROUND_LOWER(18, 19, 20, 17)                                                                \
  DLV_LONG_NEXT(DLV_M3, DLV_M0, DLV_M1, DLV_M2) DLV_LONG_ROUNDS(14, DLV_M2)                      \
  WORD(7) DLV_ROUND_UPPER(7, 20, 21, 22, 23, 16)                                                 \
  DLV_LONG_ROUNDS(15, DLV_M3)                                                                    \
  DLV_ROUND_LOWER(17, 18, 19, 16)                                                                \
  "vmovdqa64 %%ymm16, (%[s])\n\t"    "vmovdqa64 %%ymm17, 32(%[s])\n\t"                           \
  "vmovdqa64 %%ymm18, 64(%[s])\n\t"  "vmovdqa64 %%ymm19, 96(%[s])\n\t"                           \
  "vmovdqa64 %%ymm20, 128(%[s])\n\t" "vmovdqa64 %%ymm21, 160(%[s])\n\t"                          \
  "vmovdqa64 %%ymm22, 192(%[s])\n\t" "vmovdqa64 %%ymm23, 224(%[s])\n\t"

// clang-format on

/// The state as the instructions want it: words a, b, e, f and c, d, g, h, the first one highest.
struct LongState {
  __m128i abef, cdgh;
};

LongState LoadLong(const uint32_t* words) {
  const auto four = [&](unsigned i, unsigned j) {
    return _mm_set_epi32(static_cast<int>(words[i]), static_cast<int>(words[i + 1]),
                         static_cast<int>(words[j]), static_cast<int>(words[j + 1]));
  };
  return {four(0, 4), four(2, 6)};
}

void StoreLong(const LongState& state, uint32_t* words) {
  alignas(16) uint32_t abef[4];
  alignas(16) uint32_t cdgh[4];
  _mm_store_si128(reinterpret_cast<__m128i*>(abef), state.abef);
  _mm_store_si128(reinterpret_cast<__m128i*>(cdgh), state.cdgh);
  const uint32_t in_order[] = {abef[3], abef[2], cdgh[3], cdgh[2],
                               abef[1], abef[0], cdgh[1], cdgh[0]};
  for (unsigned i = 0; i < 8; ++i) words[i] = in_order[i];
}

inline __m128i BigEndian() {
  return _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
}

/// One block of the long message, and rounds `round` to `round` + 7 of the lanes: with words that
/// are there, or each made from those before.
template <bool kIsFirst>
inline void Step(unsigned round, Schedule& schedule, uint32_t* lane_state, const uint8_t* block,
                 LongState& state) {
  const LongState before = state;
  uint32_t* const words = schedule.words + round * kLanes;
  const uint32_t* const constants = kSha256Constants + round;
  const __m128i swap = BigEndian();
  if constexpr (kIsFirst) {
    __asm__ volatile(DLV_STEP(DLV_FIRST_WORD)
                     : [abef] "+x"(state.abef), [cdgh] "+x"(state.cdgh)
                     : [swap] "x"(swap), [w] "r"(words), [k] "r"(constants), [p] "r"(block),
                       [constants] "r"(kSha256Constants), [s] "r"(lane_state)
                     : "memory", "xmm0", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7");
  } else {
    __asm__ volatile(DLV_STEP(DLV_NEXT_WORD)
                     : [abef] "+x"(state.abef), [cdgh] "+x"(state.cdgh)
                     : [swap] "x"(swap), [w] "r"(words), [k] "r"(constants), [p] "r"(block),
                       [constants] "r"(kSha256Constants), [s] "r"(lane_state)
                     : "memory", "xmm0", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7");
  }
  state.abef = _mm_add_epi32(state.abef, before.abef);
  state.cdgh = _mm_add_epi32(state.cdgh, before.cdgh);
}

/// A part of word i of lane l to words[i * kLanes + l]: four words of four lanes. `part`: 0 to 7.
inline void ReadPart(const uint8_t* const* blocks, size_t offset, unsigned part,
                     Schedule& schedule) {
  const unsigned lane = 4 * (part % 2);
  const unsigned word = 4 * (part / 2);
  const auto row = [&](unsigned i) {
    const auto* at = reinterpret_cast<const __m128i*>(blocks[lane + i] + offset + 4 * word);
    return _mm_shuffle_epi8(_mm_loadu_si128(at), BigEndian());
  };
  const auto store = [&](unsigned i, __m128i four) {
    _mm_store_si128(reinterpret_cast<__m128i*>(schedule.words + (word + i) * kLanes + lane), four);
  };
  const __m128i low01 = _mm_unpacklo_epi32(row(0), row(1));
  const __m128i low23 = _mm_unpacklo_epi32(row(2), row(3));
  const __m128i high01 = _mm_unpackhi_epi32(row(0), row(1));
  const __m128i high23 = _mm_unpackhi_epi32(row(2), row(3));
  store(0, _mm_unpacklo_epi64(low01, low23));
  store(1, _mm_unpackhi_epi64(low01, low23));
  store(2, _mm_unpacklo_epi64(high01, high23));
  store(3, _mm_unpackhi_epi64(high01, high23));
}

void Compress(const uint8_t* const* blocks, size_t block_count, uint32_t* state,
              const uint8_t* long_blocks, uint32_t* long_state) {
  if (block_count == 0) return;
  Schedule schedules[2];
  alignas(64) uint32_t lanes[8 * kLanes];
  LongState long_words = LoadLong(long_state);
  for (unsigned i = 0; i < 8 * kLanes; ++i) lanes[i] = state[i];
  for (unsigned part = 0; part < 8; ++part) ReadPart(blocks, 0, part, schedules[0]);
  for (size_t block = 0; block < block_count; ++block) {
    Schedule& schedule = schedules[block % 2];
    Schedule& next = schedules[(block + 1) % 2];
    const bool is_last = block + 1 == block_count;
    for (unsigned step = 0; step < kRounds / kRoundsAtOnce; ++step) {
      const unsigned round = step * kRoundsAtOnce;
      if (round < kWords) {
        Step<true>(round, schedule, lanes, long_blocks, long_words);
      } else {
        Step<false>(round, schedule, lanes, long_blocks, long_words);
      }
      long_blocks += 64;
      if (!is_last) ReadPart(blocks, 64 * (block + 1), step, next);
    }
    for (unsigned i = 0; i < 8 * kLanes; ++i) lanes[i] = state[i] += lanes[i];
  }
  StoreLong(long_words, long_state);
}

}  // namespace

const EightfoldSha256& Avx512EightfoldSha256() {
  static constexpr EightfoldSha256 kForm = {"avx512", Compress};
  return kForm;
}

}  // namespace dlv::io

#endif
