#include "storage/codec/chunk_header.h"

#include <algorithm>
#include <optional>
#include <string>

#include "storage/codec/bit_stream.h"
#include "storage/codec/kernels.h"

namespace dlv::codec {
namespace {

// On disk (docs/format/codec.md §2): do not change.
constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kNeedsBase = 1;
constexpr std::uint8_t kShortChecksums = 2;
constexpr std::uint8_t kNeedsSecondBase = 4;
constexpr std::uint8_t kNarrow = 8;

/// High four bits of the byte of the element order and the level scheme.
constexpr unsigned kBySignificance = 1 << 4;

Error Bad(const std::string& why) { return Error{ErrorCode::kCorruption, "chunk header: " + why}; }

bool IsBySignificance(const ChunkHeader& header) { return header.mode == ChunkMode::kSignificance; }

bool KnownMode(std::uint8_t mode) {
  return mode <= static_cast<std::uint8_t>(ChunkMode::kSignificance) ||
         mode == static_cast<std::uint8_t>(ChunkMode::kDelta) ||
         mode == static_cast<std::uint8_t>(ChunkMode::kDeltaUnsplit) ||
         mode == static_cast<std::uint8_t>(ChunkMode::kDeltaSecond) ||
         mode == static_cast<std::uint8_t>(ChunkMode::kIntegerDelta);
}

/// Planes or, by significance, depths of the levels; they rise up to `all`.
Status ReadMarks(FieldReader& in, unsigned all, ChunkHeader& header) {
  std::optional<unsigned> before;
  for (LevelEntry& level : std::span(header.level_table).first(header.level_count)) {
    const unsigned mark = in.Get<std::uint8_t>();
    level.size_bytes = in.GetVarint(kMaxChunkElements * kMaxElementBytes);
    if (in.ok() && mark <= before.value_or(0) && (before || !IsBySignificance(header)))
      return Bad("levels do not add planes");
    before = mark;
    (IsBySignificance(header) ? level.depth : level.planes) = static_cast<std::uint8_t>(mark);
  }
  if (!in.ok()) return Bad("level table is cut off or malformed");
  if (*before == all) return Ok();
  return Bad("last level has " + std::to_string(*before) + " planes, want " + std::to_string(all));
}

Status ReadLevels(FieldReader& in, ChunkHeader& header) {
  const unsigned full = FullPlanes(header.dtype);
  DLV_TRY(ReadMarks(in, IsBySignificance(header) ? kWholeDepth : full, header));
  header.level_table[header.level_count - 1u].planes = static_cast<std::uint8_t>(full);
  std::uint64_t total = 0;
  for (const LevelEntry& level : header.levels()) total += level.size_bytes;
  if (total > header.raw_bytes()) {
    return Bad("levels have " + std::to_string(total) + " bytes, the elements only " +
               std::to_string(header.raw_bytes()));
  }
  for (std::size_t i = 0; i < header.level_count; ++i) {
    header.level_table[i].checksum =
        header.wide_checksum(i) ? in.Get<std::uint64_t>() : in.Get<std::uint32_t>();
  }
  return Ok();
}

Status CheckFixedPart(std::uint8_t dtype, std::uint8_t flags, std::uint8_t scheme,
                      const ChunkHeader& header) {
  if (dtype >= kDTypeCount) return Bad("unknown element type " + std::to_string(dtype));
  if ((flags & ~(kNeedsBase | kShortChecksums | kNeedsSecondBase | kNarrow)) != 0 ||
      (scheme & ~kBySignificance) != 0) {
    return Error{ErrorCode::kUnsupported, "chunk header: flags " + std::to_string(flags) +
                                              ", scheme " + std::to_string(scheme) +
                                              " are of a newer format"};
  }
  if (header.level_count == 0 || header.level_count > kMaxLevels) return Bad("level count");
  if (header.payload_size > kMaxPayloadBytes) return Bad("payload is too long");
  if (header.count == 0) return Bad("element count");
  return Ok();
}

}  // namespace

void ChunkHeader::SetPayload(std::span<const std::byte> bytes) {
  DLV_CHECK(bytes.size() <= kMaxPayloadBytes, "modes keep their parameters short");
  std::copy(bytes.begin(), bytes.end(), payload_bytes.begin());
  payload_size = static_cast<std::uint8_t>(bytes.size());
}

void ChunkHeader::AddLevelToDepth(unsigned depth, std::size_t size_bytes, std::uint64_t checksum) {
  AddLevel(depth == kWholeDepth ? FullPlanes(dtype) : 0, size_bytes, checksum);
  level_table[level_count - 1u].depth = static_cast<std::uint8_t>(depth);
}

unsigned FullPlanes(DType dtype) {
  switch (dtype) {
    case DType::kComplex64:
      return 32;
    case DType::kComplex128:
      return 64;
    default:
      return static_cast<unsigned>(8 * SizeOf(dtype));
  }
}

std::size_t LevelAtOrAbove(const ChunkHeader& header, unsigned planes) {
  std::size_t level = IsBySignificance(header) ? header.level_count - 1u : 0;
  while (level + 1 < header.level_count && header.level_table[level].planes < planes) ++level;
  return level;
}

void WriteChunkHeader(ChunkHeader& header, std::vector<std::byte>& out) {
  const std::size_t start = out.size();
  PutField(out, kFormat);
  PutField(out, static_cast<std::uint8_t>(header.mode));
  PutField(out, static_cast<std::uint8_t>(header.dtype));
  PutField(out, static_cast<std::uint8_t>((header.needs_base ? kNeedsBase : 0) |
                                          (header.short_checksums ? kShortChecksums : 0) |
                                          (header.needs_second_base ? kNeedsSecondBase : 0) |
                                          (header.is_narrow ? kNarrow : 0)));
  PutField(out, static_cast<std::uint8_t>(IsBySignificance(header) ? kBySignificance : 0));
  PutField(out, header.level_count);
  PutField(out, header.payload_size);
  PutVarint(out, header.count);
  out.insert(out.end(), header.payload().begin(), header.payload().end());
  for (const LevelEntry& level : header.levels()) {
    PutField(out, IsBySignificance(header) ? level.depth : level.planes);
    PutVarint(out, level.size_bytes);
  }
  for (std::size_t i = 0; i < header.level_count; ++i) {
    std::uint64_t& checksum = header.level_table[i].checksum;
    if (!header.wide_checksum(i)) {
      checksum &= 0xffffffffu;
      PutField(out, static_cast<std::uint32_t>(checksum));
    } else {
      PutField(out, checksum);
    }
  }
  PutField(out, static_cast<std::uint32_t>(Checksum(std::span(out).subspan(start))));
  header.header_bytes = static_cast<std::uint32_t>(out.size() - start);
}

Result<ChunkHeader> ParseChunkHeader(std::span<const std::byte> prefix) {
  FieldReader in(prefix);
  ChunkHeader header;
  const auto format = in.Get<std::uint8_t>();
  const auto mode = in.Get<std::uint8_t>();
  const auto dtype = in.Get<std::uint8_t>();
  const auto flags = in.Get<std::uint8_t>();
  const auto scheme = in.Get<std::uint8_t>();
  header.level_count = in.Get<std::uint8_t>();
  header.payload_size = in.Get<std::uint8_t>();
  header.count = in.GetVarint(kMaxChunkElements);
  if (!in.ok()) return Bad("is cut off or malformed");
  if (format != kFormat) {
    return Error{ErrorCode::kUnsupported,
                 "chunk header: format " + std::to_string(format) + ", want 1"};
  }
  DLV_TRY(CheckFixedPart(dtype, flags, scheme, header));
  if (!KnownMode(mode)) {
    return Error{ErrorCode::kUnsupported, "chunk header: mode " + std::to_string(mode)};
  }
  header.mode = static_cast<ChunkMode>(mode);
  if ((scheme == kBySignificance) != IsBySignificance(header)) return Bad("level scheme");
  header.dtype = static_cast<DType>(dtype);
  header.needs_base = (flags & kNeedsBase) != 0;
  header.short_checksums = (flags & kShortChecksums) != 0;
  header.needs_second_base = (flags & kNeedsSecondBase) != 0;
  if (header.needs_second_base && (!header.needs_base || header.mode != ChunkMode::kDelta))
    return Bad("a second base that its mode does not know");
  header.is_narrow = (flags & kNarrow) != 0;
  if (header.is_narrow && header.mode != ChunkMode::kDelta &&
      header.mode != ChunkMode::kDeltaSecond)
    return Bad("narrow elements, which its mode does not know");
  const auto payload = in.GetBytes(header.payload_size);
  if (in.ok()) header.SetPayload(payload);
  DLV_TRY(ReadLevels(in, header));
  const std::size_t covered = in.offset();
  const auto stored = in.Get<std::uint32_t>();
  if (!in.ok()) return Bad("is cut off");
  const auto computed = static_cast<std::uint32_t>(Checksum(prefix.first(covered)));
  if (stored != computed) {
    return Bad("checksum " + std::to_string(computed) + ", want " + std::to_string(stored));
  }
  header.header_bytes = static_cast<std::uint32_t>(in.offset());
  return header;
}

std::uint64_t Checksum(std::span<const std::byte> bytes) {
  return ActiveKernels().checksum(bytes.data(), bytes.size());
}

bool ChecksumMatches(const ChunkHeader& header, std::size_t level, std::uint64_t got) {
  const std::uint64_t want = header.level_table[level].checksum;
  return header.wide_checksum(level) ? got == want : (got & 0xffffffffu) == want;
}

}  // namespace dlv::codec
