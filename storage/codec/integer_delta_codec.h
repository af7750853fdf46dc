#pragma once
/// \file
/// Coding of one chunk of integers, booleans or bytes against a base of the same dtype and count
/// (docs/format/delta.md §11): ChunkMode::kIntegerDelta. Plugs into ChunkEncoder and ChunkDecoder
/// as chunk_header.h describes; nothing else calls it. Everything is one level.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/codec/chunk_header.h"
#include "storage/codec/symbol_coding.h"

namespace dlv::codec {

/// Encodes chunks against a base. Holds up to 5 MiB of scratch memory; one per thread. The bytes
/// depend on the arguments alone, never on the machine.
class IntegerDeltaEncoder {
 public:
  IntegerDeltaEncoder();
  ~IntegerDeltaEncoder();
  IntegerDeltaEncoder(IntegerDeltaEncoder&&) noexcept;
  IntegerDeltaEncoder& operator=(IntegerDeltaEncoder&&) noexcept;

  /// Encodes `raw` against `base` (both `count * SizeOf(dtype)` bytes, 1..2^17 elements of a type
  /// for which SupportsIntegerDelta holds; any alignment). Returns false, with `header` and `body`
  /// unchanged, where the level would not be smaller than `limit_bytes`. Otherwise fills `header`
  /// but for the checksum and appends the level to `body`. `effort`: how long zstd is tried.
  bool Encode(DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
              std::size_t limit_bytes, SymbolEffort effort, ChunkHeader& header,
              std::vector<std::byte>& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Decodes what IntegerDeltaEncoder wrote; safe on any bytes. Holds up to 4 MiB of scratch memory;
/// one per thread.
class IntegerDeltaDecoder {
 public:
  IntegerDeltaDecoder();
  ~IntegerDeltaDecoder();
  IntegerDeltaDecoder(IntegerDeltaDecoder&&) noexcept;
  IntegerDeltaDecoder& operator=(IntegerDeltaDecoder&&) noexcept;

  /// Decodes the level `body`. `base` and `out` have header.raw_bytes() bytes and do not overlap.
  /// Does not verify the checksum. After an error `out` holds anything. Errors: kCorruption.
  Status Decode(const ChunkHeader& header, std::span<const std::byte> body,
                std::span<const std::byte> base, std::span<std::byte> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dlv::codec
