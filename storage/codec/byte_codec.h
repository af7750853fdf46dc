#pragma once
/// \file
/// The modes that know bytes only (docs/format/codec.md §7): raw, constant, LZ4, zstd, and zstd of
/// bytes grouped by significance. The only place where LZ4 is called.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/codec/chunk_header.h"
#include "storage/codec/zstd_coder.h"

namespace dlv::codec {

/// Whether all elements have the same bits.
bool IsConstant(DType dtype, std::span<const std::byte> raw);

/// Whether a sample of float elements repeats values, or bytes of the mantissa, so much that other
/// modes may beat exponent coding. `absent_mantissa`: lowest mantissa bits that are zero in all
/// elements.
bool LooksRepetitive(DType dtype, std::span<const std::byte> raw, unsigned absent_mantissa);

/// Each Encode... appends the levels to `body` and fills mode, dtype, count, payload and levels of
/// `header` (without the checksum of the last level). Those that return bool return false and leave
/// both unchanged when the levels would not be smaller than `limit_bytes`. Holds scratch memory;
/// one per thread.
class ByteEncoder {
 public:
  void EncodeRaw(DType dtype, std::span<const std::byte> raw, ChunkHeader& header,
                 std::vector<std::byte>& body);
  void EncodeConstant(DType dtype, std::span<const std::byte> raw, ChunkHeader& header);
  bool EncodeLz4(DType dtype, std::span<const std::byte> raw, std::size_t limit_bytes,
                 ChunkHeader& header, std::vector<std::byte>& body);
  bool EncodeZstd(DType dtype, std::span<const std::byte> raw, int zstd_level,
                  std::size_t limit_bytes, ChunkHeader& header, std::vector<std::byte>& body);
  /// About the size that EncodeZstd would reach with a high level, and EncodeGrouped with a fast
  /// one, from a part of a big chunk.
  std::size_t EstimateZstd(DType dtype, std::span<const std::byte> raw, int zstd_level);
  std::size_t EstimateGrouped(DType dtype, std::span<const std::byte> raw);
  bool EncodeGrouped(DType dtype, std::span<const std::byte> raw, int zstd_level,
                     std::size_t limit_bytes, ChunkHeader& header, std::vector<std::byte>& body);

 private:
  ZstdCompressor zstd_;
  std::vector<std::byte> grouped_;
  std::vector<std::byte> lz4_;
};

class ByteDecoder {
 public:
  /// See ChunkDecoder::Decode. Does not verify the last level's checksum.
  Status Decode(const ChunkHeader& header, std::span<const std::byte> body, std::size_t level,
                std::span<std::byte> out);

 private:
  Status DecodeGrouped(const ChunkHeader& header, std::span<const std::byte> body,
                       std::size_t level, std::span<std::byte> out);
  ZstdDecompressor zstd_;
  std::vector<std::byte> grouped_;
};

}  // namespace dlv::codec
