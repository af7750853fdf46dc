#pragma once
/// \file
/// What stands before and after the bytes of a message that is hashed block by block
/// (sha256_lanes.h).

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "dlv/dtype.h"

namespace dlv::io {

inline constexpr std::size_t kSha256BlockBytes = 64;
inline constexpr std::size_t kChunkPrefixBytes = 20;

/// What HashChunk puts before the elements: domain, dtype and element count, little-endian.
inline std::array<std::uint8_t, kChunkPrefixBytes> ChunkPrefix(DType dtype,
                                                               std::uint64_t element_count) {
  std::array<std::uint8_t, kChunkPrefixBytes> prefix = {'d', 'l', 'v', '-', 'c',
                                                        'h', 'u', 'n', 'k', 0};
  const auto type = static_cast<std::uint16_t>(dtype);
  prefix[10] = static_cast<std::uint8_t>(type);
  prefix[11] = static_cast<std::uint8_t>(type >> 8);
  for (std::size_t i = 0; i < 8; ++i) {
    prefix[12 + i] = static_cast<std::uint8_t>(element_count >> (8 * i));
  }
  return prefix;
}

/// Puts a one bit, zeros and the length in bits, big-endian (FIPS 180-4, 5.1.1), behind the `used`
/// bytes (below 64) that `out` has of a message of `total` bytes. Returns the blocks: 1 or 2.
inline std::size_t PadSha256(std::uint8_t* out, std::size_t used, std::uint64_t total) {
  const std::size_t blocks = used + 9 <= kSha256BlockBytes ? 1 : 2;
  std::memset(out + used, 0, blocks * kSha256BlockBytes - used);
  out[used] = 0x80;
  for (unsigned i = 0; i < 8; ++i) {
    out[blocks * kSha256BlockBytes - 1 - i] = static_cast<std::uint8_t>(8 * total >> (8 * i));
  }
  return blocks;
}

}  // namespace dlv::io
