#pragma once
/// \file
/// Coding of one chunk of floating-point elements against a base of the same dtype and count
/// (docs/format/delta.md): ChunkMode::kDelta. Plugs into ChunkEncoder and ChunkDecoder as
/// chunk_header.h describes; nothing else calls it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/codec/chunk_header.h"

namespace dlv::codec {

/// Whether elements of `dtype` can be coded by DeltaEncoder (all floating-point types; complex
/// numbers count as pairs).
bool SupportsDelta(DType dtype);

struct DeltaOptions {
  /// Size of header and levels from which on a delta does not pay; usually what the chunk takes
  /// without a base.
  std::size_t limit_bytes = SIZE_MAX;
  /// Empty, or what the base was made from in its turn, with as many bytes: predictions come from
  /// both, or there is no delta. For types that CanExtrapolate.
  std::span<const std::byte> second_base;
  /// Makes a chunk of mode kDeltaSecond (delta_second_bits.h).
  bool second_bits = false;
};

/// Whether elements of `dtype` can be predicted from two bases.
bool CanExtrapolate(DType dtype);

/// Encodes chunks against a base. Holds up to 3 MiB of scratch memory; one per thread. The bytes
/// depend on the arguments alone, never on the machine.
class DeltaEncoder {
 public:
  DeltaEncoder();
  ~DeltaEncoder();
  DeltaEncoder(DeltaEncoder&&) noexcept;
  DeltaEncoder& operator=(DeltaEncoder&&) noexcept;

  /// Encodes `raw` against `base` (both `count * SizeOf(dtype)` bytes, 1..2^17 elements of a
  /// supported dtype; any alignment). Returns false, with `header` and `body` unchanged, where the
  /// delta would not be smaller than `options.limit_bytes`. Otherwise sets mode, dtype, count,
  /// needs_base, payload and levels of `header` (the checksum of the last level is left to the
  /// caller) and appends the levels to `body`.
  bool Encode(DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
              const DeltaOptions& options, ChunkHeader& header, std::vector<std::byte>& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Decodes what DeltaEncoder wrote; safe on any bytes. Holds up to 3 MiB of scratch memory; one per
/// thread.
class DeltaDecoder {
 public:
  DeltaDecoder();
  ~DeltaDecoder();
  DeltaDecoder(DeltaDecoder&&) noexcept;
  DeltaDecoder& operator=(DeltaDecoder&&) noexcept;

  /// Decodes levels 0..`level` of `body` (the levels laid end to end, at least up to `level`).
  /// `base` and `out` have header.raw_bytes() bytes and do not overlap, and so has `second_base`
  /// where header.needs_second_base; bits of the bases below the level are ignored; bits of `out`
  /// below it become zero. Verifies the checksums of the levels read, save the last of the chunk.
  /// After an error `out` holds anything. Errors: kCorruption, kInvalidArgument (sizes),
  /// kUnsupported.
  Status Decode(const ChunkHeader& header, std::span<const std::byte> body, std::size_t level,
                std::span<const std::byte> base, std::span<const std::byte> second_base,
                std::span<std::byte> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dlv::codec
