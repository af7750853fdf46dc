#pragma once
/// \file
/// A sequence of bytes that can be read at any place: a file, a part of one, a buffer.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dlv/result.h"
#include "storage/io/file_system.h"

namespace dlv::io {

/// Thread-safe unless a derived class says otherwise.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  /// Fills `out` from `offset`.  Errors: kCorruption past the end; what the source says.
  virtual Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const = 0;

  /// A part of a larger source that is taken from it as it is.
  struct Place {
    const ByteSource* whole = nullptr;
    std::uint64_t offset = 0;
  };
  /// Returns of what larger source this one is a part; of none: itself.
  virtual Place place() const { return {this, 0}; }
};

/// Takes bytes in order.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Status Write(std::span<const std::byte> bytes) = 0;
};

/// `file` must outlive the source.
std::unique_ptr<ByteSource> MakeFileSource(const ReadableFile& file, std::uint64_t offset,
                                           std::uint64_t size);
/// Owns the buffer.
std::unique_ptr<ByteSource> MakeBufferSource(std::vector<std::byte> bytes);
/// Does not own the bytes.
std::unique_ptr<ByteSource> MakeViewSource(std::span<const std::byte> bytes);

}  // namespace dlv::io
