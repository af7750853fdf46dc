#pragma once
/// \file
/// Content identifiers. All are SHA-256 digests over domain-separated content; ids of different
/// kinds are different types.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dlv {

/// A 32-byte digest; `Kind` only tells the kinds apart.
template <class Kind>
struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  /// Returns the first `digits` (at most 64) lower-case hexadecimal digits.
  std::string Hex(std::size_t digits = 64) const {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < digits && i < 64; ++i) {
      const std::uint8_t byte = bytes[i / 2];
      text.push_back(kDigits[i % 2 == 0 ? byte >> 4 : byte & 15]);
    }
    return text;
  }

  /// Returns the digest written as 64 lower-case hexadecimal digits, or nothing.
  static std::optional<Digest> FromHex(std::string_view text) {
    if (text.size() != 64) return std::nullopt;
    Digest digest;
    for (std::size_t i = 0; i < 64; ++i) {
      const char c = text[i];
      const int nibble = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
      if (nibble < 0) return std::nullopt;
      digest.bytes[i / 2] = static_cast<std::uint8_t>(digest.bytes[i / 2] << 4 | nibble);
    }
    return digest;
  }

  auto operator<=>(const Digest&) const = default;
};

using ChunkId = Digest<struct ChunkKind>;  ///< 2^17 elements of a tensor
using TensorId =
    Digest<struct TensorKind>;  ///< dtype, element count and chunk ids; not shape, not name
using BlobId = Digest<struct BlobKind>;  ///< any other stored bytes
using FileDigest =
    Digest<struct FileKind>;  ///< plain SHA-256 of a whole file, as `sha256sum` prints it
using VersionId = Digest<struct VersionKind>;  ///< the canonical manifest of a version

}  // namespace dlv

template <class Kind>
struct std::hash<dlv::Digest<Kind>> {
  std::size_t operator()(const dlv::Digest<Kind>& digest) const noexcept {
    std::size_t value = 0;  // a digest is uniform: any eight of its bytes are a hash
    std::memcpy(&value, digest.bytes.data(), sizeof value);
    return value;
  }
};
