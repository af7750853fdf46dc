#pragma once
/// \file
/// zstd frames (RFC 8878). The only place where the library is called for chunks.

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "dlv/result.h"

namespace dlv::codec {

/// In place of a level: the fastest search, but for matches of four bytes. Finds elements of 32
/// bits that come again, which the levels below 17 overlook, at twenty times their speed.
inline constexpr int kShortMatches = -4;

/// Holds a context and the last frame; one per thread.
class ZstdCompressor {
 public:
  ZstdCompressor();
  ~ZstdCompressor();
  ZstdCompressor(ZstdCompressor&&) noexcept;
  ZstdCompressor& operator=(ZstdCompressor&&) noexcept;

  /// Returns a frame of `bytes`, valid until the next call. Empty where zstd fails (it does not,
  /// given the room it asks for).
  std::span<const std::byte> Compress(std::span<const std::byte> bytes, int level);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::vector<std::byte> frame_;
};

/// One per thread.
class ZstdDecompressor {
 public:
  ZstdDecompressor();
  ~ZstdDecompressor();
  ZstdDecompressor(ZstdDecompressor&&) noexcept;
  ZstdDecompressor& operator=(ZstdDecompressor&&) noexcept;

  /// Decodes a frame that gives exactly out.size() bytes. Errors: kCorruption.
  Status Decompress(std::span<const std::byte> frame, std::span<std::byte> out);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace dlv::codec
