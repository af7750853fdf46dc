#pragma once
/// \file
/// Runs of bits that begin anywhere in a byte, least significant bit first.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace dlv::codec {

/// Copies `count` bits from bit `first` of `from` to the start of `to`, which has room for
/// (count + 7) / 8 bytes; the unused bits of the last one become zero.
inline void ExtractBits(std::span<const std::byte> from, std::size_t first, std::size_t count,
                        std::uint8_t* to) {
  const std::size_t bytes = (count + 7) / 8, begin = first / 8;
  const auto shift = static_cast<unsigned>(first % 8);
  std::size_t at = 0;
  for (; at + 8 <= bytes && begin + at + 9 <= from.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, from.data() + begin + at, sizeof word);
    if (shift != 0) {
      word = word >> shift | static_cast<std::uint64_t>(from[begin + at + 8]) << (64 - shift);
    }
    std::memcpy(to + at, &word, sizeof word);
  }
  for (; at < bytes; ++at) {
    unsigned two = std::to_integer<unsigned>(from[begin + at]);
    if (begin + at + 1 < from.size()) two |= std::to_integer<unsigned>(from[begin + at + 1]) << 8;
    to[at] = static_cast<std::uint8_t>(two >> shift);
  }
  if (count % 8 != 0) to[bytes - 1] &= static_cast<std::uint8_t>((1U << (count % 8)) - 1);
}

/// The other way: sets the bits of `to` from bit `first` on, which were zero, to the first `count`
/// of `from`, whose last byte has no others.
inline void InsertBits(const std::uint8_t* from, std::size_t count, std::size_t first,
                       std::span<std::byte> to) {
  const auto shift = static_cast<unsigned>(first % 8);
  for (std::size_t at = 0; at < (count + 7) / 8; ++at) {
    const unsigned two = static_cast<unsigned>(from[at]) << shift;
    to[first / 8 + at] |= static_cast<std::byte>(two & 0xff);
    if (two >> 8 != 0) to[first / 8 + at + 1] |= static_cast<std::byte>(two >> 8);
  }
}

}  // namespace dlv::codec
