#pragma once
/// \file
/// Every constant of the archive format. Pictures, tables and reader rules: docs/format/archive.md.
/// On disk: do not renumber anything here.

#include <array>
#include <cstddef>
#include <cstdint>

namespace dlv::archive {

using Magic = std::array<char, 8>;

inline constexpr std::uint16_t kFormatVersion = 1;
inline constexpr std::uint32_t kKnownFeatures = 0;  ///< a set bit outside this mask: kUnsupported

// Sizes of the model (docs/format/archive.md, "Tensors").
inline constexpr std::uint64_t kChunkElements = 1u << 17;
inline constexpr std::uint64_t kSmallTensorElements =
    1u << 15;  ///< fewer elements than this: into a cluster
inline constexpr std::uint64_t kClusterElements = 1u << 17;  ///< at most this many in one cluster
inline constexpr std::uint64_t kStripElements = kSmallTensorElements - 1;  ///< longest strip
inline constexpr std::uint64_t kMaxStripMemberBytes = 4096;                ///< as read
inline constexpr std::uint64_t kStripMemberBytes = 1024;                   ///< as written
inline constexpr unsigned kMaxDepth = 255;    ///< of a delta chain, in the format
inline constexpr unsigned kCommitDepth = 32;  ///< deepest that a commit writes
inline constexpr std::uint64_t kMaxElementCount = std::uint64_t{1} << 56;
inline constexpr std::uint64_t kMaxUnitBytes = 16u
                                               << 20;  ///< longest coded chunk, cluster or frame

// Places inside a pack.
inline constexpr std::uint64_t kSectionAlignment = 4096;
inline constexpr std::uint64_t kBigUnitBytes =
    256u << 10;  ///< units from this size on start on kBigUnitAlignment
inline constexpr std::uint64_t kBigUnitAlignment = 4096;
inline constexpr std::uint64_t kSmallUnitAlignment = 64;
inline constexpr std::uint64_t kPackTargetBytes = std::uint64_t{512} << 20;
inline constexpr std::uint64_t kPackLimitBytes = std::uint64_t{4} << 30;

struct PackHeader {  // section "Pack header"
  static constexpr Magic kMagic = {'D', 'L', 'V', 'P', 'A', 'K', '\r', '\n'};
  static constexpr std::size_t kEncodedSize = 24;
};
static_assert(PackHeader::kEncodedSize ==
              8 + 2 + 2 + 4 + 8);  // magic, version, zero, features, XXH3-64

struct PackFooter {  // section "Pack footer": the list, then this tail
  static constexpr Magic kMagic = {'D', 'L', 'V', 'E', 'N', 'D', '\r', '\n'};
  static constexpr std::size_t kListItemSize = 32;
  static constexpr std::size_t kTailSize = 32;
};
static_assert(PackFooter::kListItemSize == 8 + 8 + 16);  // offset, length, section id
static_assert(PackFooter::kTailSize ==
              4 + 4 + 8 + 8 + 8);  // count, zero, pack length, XXH3-64, magic

struct SectionHeader {  // section "Section header"
  static constexpr Magic kMagic = {'D', 'L', 'V', 'S', 'E', 'C', '\r', '\n'};
  static constexpr std::uint32_t kSecondBases = 2;  ///< feature bit: a tensor has two bases
  static constexpr std::size_t kEncodedSize = 48;
};
static_assert(SectionHeader::kEncodedSize ==
              8 + 2 + 2 + 4 + 8 + 16 + 8);  // magic, version, zero, features, length, id, XXH3-64

struct SectionFooter {  // section "Section footer"
  static constexpr Magic kMagic = {'D', 'L', 'V', 'S', 'F', 'T', '\r', '\n'};
  static constexpr std::size_t kAreaCount = 4;
  static constexpr std::size_t kEncodedSize = 136;
};
static_assert(SectionFooter::kEncodedSize == 8 + 16 + SectionFooter::kAreaCount * 24 + 8 +
                                                 8);  // magic, id, areas, length, XXH3-64

/// Areas of a section, in the order of the footer.
enum class Area : std::uint8_t { kDirectory = 0, kManifest = 1, kEnvelope = 2, kMetadata = 3 };

struct Directory {  // section "Directory"
  static constexpr std::size_t kHeadSize = 16;
  static constexpr std::size_t kEntryTableSize =
      32 + 4 + 4;  ///< id, place in the sorted list, place of the record
};
static_assert(Directory::kHeadSize == 4 + 4 + 8);  // entries, clusters, bytes of records

enum class EntryKind : std::uint8_t { kTensor = 1, kBlob = 2 };

/// Flag bits of a tensor record.
inline constexpr std::uint8_t kTensorHasBase = 1;
inline constexpr std::uint8_t kTensorClustered = 2;
inline constexpr std::uint8_t kTensorPart = 4;
inline constexpr std::uint8_t kTensorHasSecondBase = 8;

/// How the frames of a blob are coded.
enum class BlobCodec : std::uint8_t {
  kRaw = 0,
  kLz4 = 1,  ///< reserved, never written by version 1
  kZstd = 2,
  kZstdPrefix = 3,  ///< zstd with a window of another blob as prefix
};
inline constexpr std::uint64_t kBlobFrameBytes = 1u << 20;
inline constexpr std::uint64_t kPrefixBefore =
    512u << 10;  ///< the prefix of frame i begins this far before i MiB
inline constexpr std::uint64_t kPrefixBytes =
    2u << 20;  ///< and has this length, cut at the blob's ends

inline constexpr unsigned kMaxPrefixChain = 8;     ///< prefixes of prefixes, as written
inline constexpr unsigned kPrefixChainLimit = 32;  ///< as read

struct ManifestFormat {
  static constexpr Magic kMagic = {'D', 'L', 'V', 'M', 'A', 'N', '\r', '\n'};
  static constexpr std::uint32_t kSources = 1;  ///< feature bit: sources stand at the end
};
struct EnvelopeFormat {
  static constexpr Magic kMagic = {'D', 'L', 'V', 'E', 'N', 'V', '\r', '\n'};
};
struct LayoutFormat {
  static constexpr Magic kMagic = {'D', 'L', 'V', 'L', 'A', 'Y', '\r', '\n'};
  static constexpr std::uint32_t kStrips = 1;  ///< feature bit: some tensors stand in strips
};
struct LogHeader {
  static constexpr Magic kMagic = {'D', 'L', 'V', 'L', 'O', 'G', '\r', '\n'};
  static constexpr std::size_t kEncodedSize = 24;
};
static_assert(LogHeader::kEncodedSize ==
              8 + 2 + 2 + 4 + 8);  // magic, version, zero, features, XXH3-64

// Bounds on what a reader accepts; a writer stays far below them.
inline constexpr std::uint64_t kMaxManifestBytes = 256u << 20;
inline constexpr std::uint64_t kMaxLayoutTensors = 1u << 20;
inline constexpr std::uint64_t kMaxLogRecordBytes = 16u << 20;
inline constexpr std::uint64_t kMaxNameBytes = 64u << 10;

}  // namespace dlv::archive
