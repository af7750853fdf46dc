#pragma once
/// \file
/// Reading blobs, whole or frame by frame.

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/tensor_reader.h"
#include "storage/io/byte_source.h"

namespace dlv::archive {

/// Thread-safe. Memory: a frame (1 MiB), and where a prefix is used 2 MiB and the prefix's frames,
/// each level of the chain.
class BlobReader {
 public:
  explicit BlobReader(ObjectLocator& locator) : locator_(locator) {}

  /// Returns the whole blob, its id checked.  Errors: kNotFound, kCorruption, kUnsafe (larger than
  /// `limit_bytes`), kIo.
  Result<std::vector<std::byte>> ReadAll(const BlobId& id, std::uint64_t limit_bytes);

  /// Hands the blob to `sink` in order, at most 1 MiB at a time; its id is checked at the end,
  /// after the last piece.
  Status Stream(const BlobId& id, const std::function<Status(std::span<const std::byte>)>& sink);

  /// Returns the blob as a source that decodes the frames it is asked for (checksums of frames
  /// checked, not the id); keeps the last few frames. The reader must outlive it.
  Result<std::unique_ptr<io::ByteSource>> OpenSource(const BlobId& id);

  /// Returns how many prefixes must be read to read this blob: 0 for most. Writers keep it at
  /// kMaxPrefixChain at most.
  Result<unsigned> PrefixChain(const BlobId& id);

 private:
  ObjectLocator& locator_;
};

}  // namespace dlv::archive
