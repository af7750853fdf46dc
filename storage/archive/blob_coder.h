#pragma once
/// \file
/// Coding of blob frames and of the manifest: zstd, with or without a prefix
/// (docs/format/archive.md, "Blob record"). The only place in this folder that knows zstd.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dlv/result.h"

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

}  // namespace dlv::archive
