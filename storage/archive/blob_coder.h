#pragma once
/// \file
/// Coding of blob frames and of the manifest: zstd, with or without a prefix
/// (docs/format/archive.md, "Blob record"). The only place in this folder that knows zstd.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/archive/format.h"
#include "storage/io/byte_source.h"

namespace dlv::archive {

/// One per thread; keeps its contexts.
class BlobCoder {
 public:
  explicit BlobCoder(int zstd_level = 3);
  ~BlobCoder();
  BlobCoder(BlobCoder&&) noexcept;
  BlobCoder& operator=(BlobCoder&&) noexcept;

  /// Returns the zstd frame of `raw`, decoded again and compared; empty where coding gains less
  /// than 1 byte in 64. `prefix` may be empty.  Errors: kInternal (a defect of the coder).
  Result<std::vector<std::byte>> Encode(std::span<const std::byte> raw,
                                        std::span<const std::byte> prefix);

  /// Fills `out`, which has exactly the raw size.  Errors: kCorruption.
  Status Decode(std::span<const std::byte> coded, std::span<const std::byte> prefix,
                std::span<std::byte> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Returns the number of frames of a blob, and the length of one.
constexpr std::uint64_t FrameCount(std::uint64_t raw_bytes) {
  return raw_bytes / kBlobFrameBytes + (raw_bytes % kBlobFrameBytes != 0);
}
constexpr std::uint64_t FrameLength(std::uint64_t raw_bytes, std::uint64_t index) {
  const std::uint64_t left = raw_bytes - index * kBlobFrameBytes;
  return left < kBlobFrameBytes ? left : kBlobFrameBytes;
}

/// The bytes of the prefix blob that frame `index` is coded with.
struct PrefixRange {
  std::uint64_t offset = 0, length = 0;
};
constexpr PrefixRange PrefixOfFrame(std::uint64_t prefix_blob_bytes, std::uint64_t index) {
  const std::uint64_t middle = index * kBlobFrameBytes;
  const std::uint64_t offset = middle < kPrefixBefore ? 0 : middle - kPrefixBefore;
  if (offset >= prefix_blob_bytes) return {};
  const std::uint64_t left = prefix_blob_bytes - offset;
  return {offset, left < kPrefixBytes ? left : kPrefixBytes};
}

/// Returns the blob id of a source, read once; `frame_checksums` receives the XXH3 of each frame
/// unless null.
Result<BlobId> HashBlobSource(const io::ByteSource& bytes,
                              std::vector<std::uint64_t>* frame_checksums);

}  // namespace dlv::archive
