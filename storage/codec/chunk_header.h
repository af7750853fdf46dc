#pragma once
/// \file
/// The header of a coded chunk (docs/format/codec.md §2): what the archive may know of a chunk
/// without decoding it, and the place where coding modes meet. A mode (raw, zstd, float, delta ...)
/// owns the bytes of the levels and up to 64 bytes of parameters ("payload"); everything else is
/// common.
///
/// A coded chunk is   header | level 0 | level 1 | ... | level k-1   and every prefix that ends at
/// a level can be decoded by itself (a delta also needs its base at the same number of planes).
///
/// How a mode plugs in (delta_codec.h does so for ChunkMode::kDelta). With `body` the levels laid
/// end to end:
///   - encoding fills `mode`, `needs_base`, `payload`, and for each level `planes`, `size_bytes`
///   and, save for the last level,
///     `checksum`; it appends the levels to `body`;
///   - decoding gets the header and the body up to and including `level`, bounds-checks everything,
///   verifies the checksums of
///     the levels up to `level`, save the last of the chunk, and writes all `count` elements with
///     unread low bits zero;
///   - the last level's checksum is XXH3-64 of the chunk's raw bytes; ChunkEncoder sets and
///   ChunkDecoder verifies it for
///     every mode. The checksum of an earlier level is XXH3-64 of the *decoded* bits that it adds,
///     in a byte form that the mode's section of the format document defines (for delta: the
///     elements' added bits as an array of u16 or u8).

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"

namespace dlv::codec {

inline constexpr std::uint32_t kMaxChunkElements = 1u << 17;
inline constexpr std::size_t kMaxElementBytes = 16;
inline constexpr std::size_t kMaxLevels = 32;
inline constexpr std::size_t kMaxPayloadBytes = 64;
/// No chunk header is longer. Reading this many bytes (or the whole chunk, if shorter) always
/// suffices for ParseHeader.
inline constexpr std::size_t kMaxHeaderBytes = 512;
/// Chunks with fewer elements store checksums as the low 32 bits (docs/format/codec.md §2).
inline constexpr std::uint32_t kWideChecksumElements = 4096;
/// Below this many elements writers keep 32 bits for all levels but the last.
inline constexpr std::uint32_t kShortChecksumsBelow = 1u << 15;

/// The depth of a level that has all bits (docs/format/codec.md §2).
inline constexpr unsigned kWholeDepth = 255;

/// How the levels are coded. On disk: do not renumber (docs/format/codec.md §3).
enum class ChunkMode : std::uint8_t {
  kRaw = 0,           ///< the elements as they are
  kConstant = 1,      ///< one element, repeated; payload = the element
  kLz4 = 2,           ///< LZ4 block
  kZstd = 3,          ///< zstd frame
  kGroupedZstd = 4,   ///< bytes grouped by significance, each group coded alone: one level per byte
  kFloat = 5,         ///< exponents by rANS, sign and mantissa as bit planes
  kPalette = 6,       ///< few values: a list of them, and numbers in the list
  kFloatTail = 7,     ///< kFloat with the lowest byte by rANS, too
  kSignificance = 8,  ///< exponents by rANS, other bits in the order of what they say
  kDelta = 16,        ///< against a base, three modular levels (delta_codec.h)
  kDeltaUnsplit = 17,  ///< reserved: readers answer kUnsupported
  kDeltaSecond = 18,   ///< as kDelta, with second bits in the symbols (delta_second_bits.h)
  kIntegerDelta = 19,  ///< of integers, booleans and bytes (integer_delta_codec.h)
};

/// One readable level.
struct LevelEntry {
  /// Bit planes known when this level is read (complex: of a component): 1..64; by significance 0,
  /// at the last level all.
  std::uint8_t planes = 0;
  std::uint8_t depth = 0;        ///< by significance: which bits are known (codec.md §6.5)
  std::uint32_t size_bytes = 0;  ///< coded bytes that this level adds
  /// See above; where ChunkHeader::wide_checksum is false only the low half is stored.
  std::uint64_t checksum = 0;
};

struct ChunkHeader {
  ChunkMode mode = ChunkMode::kRaw;
  DType dtype = DType::kOpaque;
  std::uint32_t count = 0;         ///< elements of `dtype`: 1..2^17
  bool needs_base = false;         ///< every level needs the base at the level's `planes` (or more)
  bool needs_second_base = false;  ///< and a second one, at as many planes
  bool is_narrow = false;          ///< a delta of elements whose low bits are 0 (delta.md §3)
  bool short_checksums = false;    ///< all levels but the last store 32 bits of their checksum
  std::uint8_t level_count = 0;
  std::uint8_t payload_size = 0;
  std::array<LevelEntry, kMaxLevels> level_table{};
  std::array<std::byte, kMaxPayloadBytes> payload_bytes{};
  std::uint32_t header_bytes = 0;  ///< coded size of this header

  std::span<const LevelEntry> levels() const { return std::span(level_table).first(level_count); }
  std::span<const std::byte> payload() const {
    return std::span(payload_bytes).first(payload_size);
  }
  /// Bytes of the chunk's elements, uncoded.
  std::size_t raw_bytes() const { return count * SizeOf(dtype); }
  /// Length of the prefix of the coded chunk that `level` needs.
  std::size_t PrefixBytes(std::size_t level) const {
    std::size_t total = header_bytes;
    for (std::size_t i = 0; i <= level && i < level_count; ++i) total += level_table[i].size_bytes;
    return total;
  }
  std::size_t EncodedBytes() const { return PrefixBytes(level_count - 1u); }
  bool wide_checksum(std::size_t level) const {
    return count >= kWideChecksumElements && (!short_checksums || level + 1u == level_count);
  }

  void AddLevel(unsigned planes, std::size_t size_bytes, std::uint64_t checksum = 0) {
    level_table[level_count++] = {static_cast<std::uint8_t>(planes), 0,
                                  static_cast<std::uint32_t>(size_bytes), checksum};
  }
  /// A level of ChunkMode::kSignificance; the last one has depth kWholeDepth.
  void AddLevelToDepth(unsigned depth, std::size_t size_bytes, std::uint64_t checksum);
  void SetPayload(std::span<const std::byte> bytes);
};

/// Planes of an element at full precision: 8 times the size of the element, or of the component of
/// a complex number.
unsigned FullPlanes(DType dtype);

/// Index of the first level with at least `planes` planes of every element; the last level if there
/// is none, as in a chunk by significance.
std::size_t LevelAtOrAbove(const ChunkHeader& header, unsigned planes);

/// Appends the coded header to `out` and sets `header_bytes`. The header must satisfy the limits
/// above.
void WriteChunkHeader(ChunkHeader& header, std::vector<std::byte>& out);

/// Parses the header at the start of `prefix` (which may be longer or shorter than the chunk, but
/// holds the whole header). Errors: kCorruption (checksum, limits, truncated), kUnsupported (newer
/// format, unknown mode).
Result<ChunkHeader> ParseChunkHeader(std::span<const std::byte> prefix);

/// XXH3-64 with seed 0 by the fastest kernel of this machine.
std::uint64_t Checksum(std::span<const std::byte> bytes);

/// Whether `got` is the stored checksum of `level` (32 or 64 bits of it).
bool ChecksumMatches(const ChunkHeader& header, std::size_t level, std::uint64_t got);

}  // namespace dlv::codec
