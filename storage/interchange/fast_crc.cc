#include "storage/interchange/fast_crc.h"

#include <zlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace dlv::interchange {
namespace {

std::uint32_t ZlibCrc(std::uint32_t crc, const std::byte* data, std::size_t size) {
  return static_cast<std::uint32_t>(crc32_z(crc, reinterpret_cast<const Bytef*>(data), size));
}

#if defined(__x86_64__)

// Folding: V. Gopal et al., Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
// Instruction, Intel, 2009. The constants are x^n mod P for the bit-reflected polynomial
// 0x04c11db7, n as the paper has them for folding by 512 and by 128 bits.
constexpr std::size_t kMinimum = 64;

__attribute__((target("pclmul,sse4.1"))) inline __m128i Fold(__m128i value, __m128i constants,
                                                             __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(value, constants, 0x00);
  const __m128i high = _mm_clmulepi64_si128(value, constants, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

inline __m128i Load(const std::byte* data) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data));
}

__attribute__((target("pclmul,sse4.1"))) std::uint32_t FoldedCrc(std::uint32_t crc,
                                                                 const std::byte* data,
                                                                 std::size_t size) {
  const __m128i by_512 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
  const __m128i by_128 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  __m128i lane0 = _mm_xor_si128(Load(data), _mm_cvtsi32_si128(static_cast<int>(~crc)));
  __m128i lane1 = Load(data + 16);
  __m128i lane2 = Load(data + 32);
  __m128i lane3 = Load(data + 48);
  for (data += 64, size -= 64; size >= 64; data += 64, size -= 64) {
    lane0 = Fold(lane0, by_512, Load(data));
    lane1 = Fold(lane1, by_512, Load(data + 16));
    lane2 = Fold(lane2, by_512, Load(data + 32));
    lane3 = Fold(lane3, by_512, Load(data + 48));
  }
  __m128i one = Fold(Fold(Fold(lane0, by_128, lane1), by_128, lane2), by_128, lane3);
  for (; size >= 16; data += 16, size -= 16) one = Fold(one, by_128, Load(data));
  // What is left has the remainder of everything so far; ~0 is zlib's form of an empty register.
  std::byte rest[16];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(rest), one);
  return ZlibCrc(ZlibCrc(0xffffffff, rest, sizeof rest), data, size);
}

#endif

}  // namespace

std::uint32_t UpdateCrc32(std::uint32_t crc, std::span<const std::byte> bytes) {
#if defined(__x86_64__)
  static const bool kHasFolding =
      __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
  if (kHasFolding && bytes.size() >= kMinimum) return FoldedCrc(crc, bytes.data(), bytes.size());
#endif
  return bytes.empty() ? crc : ZlibCrc(crc, bytes.data(), bytes.size());
}

}  // namespace dlv::interchange
