#pragma once
/// \file
/// Where coded units become sections and packs: keeps directory and places, starts the next pack
/// when one is full. Below SectionWriter, which encodes.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/directory.h"
#include "storage/archive/pack_file_writer.h"
#include "storage/archive/section_writer.h"

namespace dlv::archive {

/// Not thread-safe (calls may come from different threads, one at a time).
class SectionSink {
 public:
  SectionSink(PackFactory factory, std::uint64_t target_bytes, int zstd_level)
      : factory_(std::move(factory)), target_bytes_(target_bytes), zstd_level_(zstd_level) {}

  /// A tensor in chunks of its own; it may end up in several parts.  EndTensor returns its depth.
  Status BeginTensor(TensorEntry entry);
  /// `header` is that of the coded chunk: it says which bases are used.
  Status WriteChunk(std::span<const std::byte> coded, std::uint64_t checksum,
                    const codec::ChunkHeader& header, const ChunkId& id);
  Result<unsigned> EndTensor();

  /// `members` are in order; cluster numbers and places are filled in here.
  Status WriteCluster(ClusterEntry cluster, std::vector<TensorEntry>& members,
                      std::span<const std::byte> coded);

  /// A blob lies in one section whole.
  Status BeginBlob(std::uint64_t raw_bytes);
  Result<UnitPlace> WriteFrame(std::span<const std::byte> coded);
  void EndBlob(const BlobEntry& entry);

  std::uint64_t bytes_written() const;
  Result<WriteResult> Finish(std::vector<std::byte> manifest, std::vector<std::byte> envelope);

 private:
  Status OpenPack();
  /// Makes sure of an open section that takes `coded_bytes` more.
  Status MakeRoom(std::uint64_t coded_bytes);
  Status ClosePack(SectionTail tail);
  Result<UnitPlace> AppendUnit(std::span<const std::byte> coded, std::uint64_t checksum);
  void ClosePart(bool last);
  WrittenObject& Remember(std::uint32_t entry);

  PackFactory factory_;
  std::uint64_t target_bytes_;
  int zstd_level_;
  std::optional<PackFileWriter> pack_;
  DirectoryBuilder directory_;
  bool section_empty_ = true;
  std::optional<TensorEntry> tensor_;  // being written; holds the chunks of the present part
  bool tensor_split_ = false;
  bool part_needs_second_ = false;
  unsigned tensor_depth_ = 0;
  WriteResult result_;
};

}  // namespace dlv::archive
