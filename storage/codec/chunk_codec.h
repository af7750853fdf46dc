#pragma once
/// \file
/// Coding of one chunk: an array of 1..2^17 elements of one dtype, optionally against a base of the
/// same dtype and count. This is all that the archive knows of compression. The format is
/// docs/format/codec.md.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/codec/chunk_header.h"

namespace dlv::codec {

struct EncodeOptions {
  /// 0: commit speed. 1: `archive`, the high levels of zstd wherever a sample is promising.
  int effort = 0;
  /// With effort 0: low levels of zstd only. High ones take 20 to 100 ms for a chunk of repetitive
  /// values, which is nothing for a small model and minutes for a large one.
  bool hurry = false;
  /// The elements are of small tensors end to end. There are few such chunks, so more is tried.
  bool cluster = false;
  /// Levels by significance in the place of planes (docs/format/codec.md §6.5).
  bool by_significance = false;
  /// For what is hardly ever read: forms that are a little smaller, and read more slowly or without
  /// the levels of no and one mantissa bit.
  bool cold = false;
  /// For tests and benchmarks: this mode or, where it cannot code the chunk, kRaw.
  std::optional<ChunkMode> force_mode;
  /// Empty, or what the base is stored against, of the same size: predictions from both are tried.
  /// Whether they are used is seen from `out.header.needs_second_base`.
  std::span<const std::byte> second_base;
};

/// A coded chunk. Reuse one object for many chunks: the memory is kept.
struct EncodedChunk {
  std::vector<std::byte> bytes;  ///< header and levels, as stored
  ChunkHeader header;
};

/// Encodes chunks. Holds a few MiB of scratch memory; one per thread. The bytes depend only on the
/// arguments, never on the machine.
class ChunkEncoder {
 public:
  ChunkEncoder();
  ~ChunkEncoder();
  ChunkEncoder(ChunkEncoder&&) noexcept;
  ChunkEncoder& operator=(ChunkEncoder&&) noexcept;

  /// Encodes `raw` (little-endian elements). `base` is empty or has the size of `raw`; whether it
  /// is used is seen from `out.header.needs_base`. Errors: kInvalidArgument (size is no multiple of
  /// the element size, no element, or more than 2^17; a base of another size).
  Status Encode(DType dtype, std::span<const std::byte> raw, std::span<const std::byte> base,
                const EncodeOptions& options, EncodedChunk& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether many float elements look as if they repeat values (masks, tables, constants, quantised
/// weights). Such tensors and those of trained weights are better off in different chunks. Looks at
/// a sample.
bool RepeatsItself(DType dtype, std::span<const std::byte> raw);

/// Decodes chunks; holds scratch memory; one per thread. Safe on any bytes: memory is bounded by
/// the element count.
class ChunkDecoder {
 public:
  ChunkDecoder();
  ~ChunkDecoder();
  ChunkDecoder(ChunkDecoder&&) noexcept;
  ChunkDecoder& operator=(ChunkDecoder&&) noexcept;

  /// See ParseChunkHeader. kMaxHeaderBytes of prefix always suffice.
  static Result<ChunkHeader> ParseHeader(std::span<const std::byte> prefix) {
    return ParseChunkHeader(prefix);
  }

  /// Decodes `level` (index into header.levels()).
  /// `prefix`: the coded chunk from its first byte on, at least header.PrefixBytes(level) bytes.
  /// `base`: the decoded base with at least the level's planes (further bits are ignored), same
  /// size as `out`;
  ///         empty when the header needs none. The same holds for `second_base`.
  /// `out`: header.raw_bytes() bytes; receives all elements, unread low bits zero. Its content is
  /// undefined after an error. Errors: kCorruption (malformed, checksum of the decoded bits
  /// differs), kUnsupported, kInvalidArgument (level, or sizes of out or base).
  Status Decode(const ChunkHeader& header, std::span<const std::byte> prefix, std::size_t level,
                std::span<const std::byte> base, std::span<std::byte> out,
                std::span<const std::byte> second_base = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dlv::codec
