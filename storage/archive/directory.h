#pragma once
/// \file
/// The directory of a section: which objects it has and where their bytes are
/// (docs/format/archive.md, "Directory"). The parsed form is the stored form, looked into on
/// demand: 10^5 entries open in milliseconds.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/archive/format.h"

namespace dlv::archive {

/// Coded bytes of one unit. Offsets count from the start of the section.
struct UnitPlace {
  std::uint64_t offset = 0;
  std::uint32_t coded_bytes = 0;
  std::uint64_t checksum = 0;  ///< XXH3-64 of the coded bytes
};

struct ChunkEntry {
  UnitPlace place;
  bool uses_base = false;  ///< decoding needs the same chunk of the base
  ChunkId id;
};

/// A tensor, or the chunks [first_chunk, first_chunk + chunks.size()) of it.
struct TensorEntry {
  TensorId id;
  DType dtype = DType::kOpaque;
  std::uint64_t element_count = 0;  ///< of the whole tensor
  std::uint8_t depth = 0;           ///< 0: needs no other tensor
  std::optional<TensorId> base;
  std::optional<TensorId> second_base;  ///< only beside a base: coded against both
  bool clustered = false;
  std::uint32_t cluster = 0;        ///< clustered: which
  std::uint32_t first_element = 0;  ///< clustered: place of its first element there
  bool is_part = false;
  std::uint32_t part = 0;  ///< 0, 1, ... in chunk order
  std::uint64_t first_chunk = 0;
  std::vector<ChunkEntry> chunks;  ///< empty where clustered, or without elements

  /// Everything that decoding may need: none, one or two.
  std::vector<TensorId> Bases() const {
    std::vector<TensorId> bases;
    for (const auto* one : {&base, &second_base})
      if (*one) bases.push_back(**one);
    return bases;
  }
};

struct ClusterEntry {
  UnitPlace place;
  DType dtype = DType::kOpaque;
  std::uint32_t element_count = 0;
  std::uint8_t depth = 0;         ///< of every member; above the depth of every member's base
  bool uses_base = false;         ///< then every member has a base
  std::uint32_t first_entry = 0;  ///< members are consecutive entries
  std::uint32_t member_count = 0;
};

struct BlobEntry {
  BlobId id;
  std::uint64_t raw_bytes = 0;
  BlobCodec codec = BlobCodec::kRaw;
  std::optional<BlobId> prefix;   ///< kZstdPrefix: the blob whose bytes serve as dictionary
  std::vector<UnitPlace> frames;  ///< one per 1 MiB of raw bytes
};

/// Returns the number of chunks of a tensor with `element_count` elements.
constexpr std::uint64_t ChunkCount(std::uint64_t element_count) {
  return element_count / kChunkElements + (element_count % kChunkElements != 0);
}
/// Returns the number of elements of chunk `index`.
constexpr std::uint64_t ChunkLength(std::uint64_t element_count, std::uint64_t index) {
  const std::uint64_t first = index * kChunkElements;
  const std::uint64_t left = element_count - first;
  return left < kChunkElements ? left : kChunkElements;
}

/// Collects entries in order and encodes them.
class DirectoryBuilder {
 public:
  /// Each returns the number of the new entry (cluster).  Chunks and frames must ascend in the
  /// section.
  std::uint32_t AddTensor(const TensorEntry& entry);
  std::uint32_t AddBlob(const BlobEntry& entry);
  /// The members take the entries from `cluster.first_entry` on.
  std::uint32_t AddCluster(const ClusterEntry& cluster);
  std::uint32_t entry_count() const { return static_cast<std::uint32_t>(ids_.size() / 32); }
  /// Feature bits that the section's header must have.
  std::uint32_t features() const { return features_; }
  /// Size of Encode() as it stands.
  std::uint64_t EncodedSize() const;
  std::vector<std::byte> Encode() const;

 private:
  std::uint32_t AddEntry(const std::array<std::uint8_t, 32>& id, EntryKind kind,
                         std::span<const std::byte> record);

  std::vector<std::uint8_t> ids_;
  std::vector<EntryKind> kinds_;
  std::vector<std::uint32_t> record_offsets_;
  std::vector<std::uint32_t> cluster_offsets_;
  std::vector<std::byte> records_;
  std::vector<std::byte> cluster_records_;
  std::uint32_t features_ = 0;
};

/// Reads a directory. Const methods may run together.
class DirectoryReader {
 public:
  /// `bytes` are those whose checksum the section footer has confirmed; `units_end` bounds all
  /// places. Errors: kCorruption, also for records that no writer makes.
  static Result<DirectoryReader> Open(std::vector<std::byte> bytes, std::uint64_t units_end);

  std::uint32_t entry_count() const { return entry_count_; }
  std::uint32_t cluster_count() const { return cluster_count_; }
  std::optional<std::uint32_t> Find(const TensorId& id) const;
  std::optional<std::uint32_t> Find(const BlobId& id) const;
  Result<EntryKind> Kind(std::uint32_t entry) const;
  Result<TensorEntry> Tensor(std::uint32_t entry) const;
  Result<BlobEntry> Blob(std::uint32_t entry) const;
  Result<ClusterEntry> Cluster(std::uint32_t cluster) const;
  /// Returns the members of a cluster in order, checked to fill it.
  Result<std::vector<TensorEntry>> Members(std::uint32_t cluster) const;
  std::uint64_t memory_bytes() const { return bytes_.size(); }

 private:
  DirectoryReader() = default;
  std::optional<std::uint32_t> FindRaw(const std::array<std::uint8_t, 32>& id,
                                       EntryKind kind) const;
  std::span<const std::byte> IdAt(std::uint32_t entry) const;
  std::uint32_t U32At(std::uint64_t table, std::uint64_t index) const;
  std::span<const std::byte> RecordAt(std::uint64_t index) const;  ///< entries, then clusters
  std::uint8_t KindByte(std::uint32_t entry) const;
  Status CheckTables() const;
  Error Malformed(const char* why, std::uint64_t index) const;

  std::vector<std::byte> bytes_;
  std::uint64_t units_end_ = 0;
  std::uint32_t entry_count_ = 0;
  std::uint32_t cluster_count_ = 0;
  std::uint64_t sorted_table_ = 0, offset_table_ = 0, cluster_table_ = 0, records_ = 0;
};

}  // namespace dlv::archive
