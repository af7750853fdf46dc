#include "storage/archive/pack_merge.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

constexpr std::size_t kCopyBytes = 1u << 20;

/// Everything coded that an entry list names, once each.
class UnitCollector {
 public:
  explicit UnitCollector(const SectionReader& section) : section_(section) {}

  Status AddAll() {
    const DirectoryReader& directory = section_.directory();
    for (std::uint32_t entry = 0; entry < directory.entry_count(); ++entry) {
      DLV_ASSIGN(const EntryKind kind, directory.Kind(entry));
      if (kind == EntryKind::kBlob) {
        DLV_ASSIGN(const BlobEntry blob, directory.Blob(entry));
        for (const UnitPlace& frame : blob.frames) units_[frame.offset] = frame;
      } else {
        DLV_ASSIGN(const TensorEntry tensor, directory.Tensor(entry));
        for (const ChunkEntry& chunk : tensor.chunks) units_[chunk.place.offset] = chunk.place;
      }
    }
    for (std::uint32_t cluster = 0; cluster < directory.cluster_count(); ++cluster) {
      DLV_ASSIGN(const ClusterEntry entry, directory.Cluster(cluster));
      units_[entry.place.offset] = entry.place;
    }
    return Ok();
  }
  const std::map<std::uint64_t, UnitPlace>& units() const { return units_; }

 private:
  const SectionReader& section_;
  std::map<std::uint64_t, UnitPlace> units_;
};

}  // namespace

class PackMerger::Impl {
 public:
  explicit Impl(PackFileWriter the_writer) : writer(std::move(the_writer)) {}

  Status CopyRange(const SectionReader& section, std::uint64_t begin, std::uint64_t end);
  Result<UnitPlace> CopyUnit(const SectionReader& section, const UnitPlace& place);
  Status RewriteEntry(const SectionReader& section, std::uint32_t entry,
                      DirectoryBuilder& directory,
                      std::map<std::uint32_t, std::uint32_t>& clusters);
  Status RewriteCluster(const SectionReader& section, std::uint32_t cluster,
                        DirectoryBuilder& directory,
                        std::map<std::uint32_t, std::uint32_t>& clusters);

  PackFileWriter writer;
  std::vector<std::byte> buffer;
};

PackMerger::PackMerger() = default;
PackMerger::PackMerger(PackMerger&&) noexcept = default;
PackMerger& PackMerger::operator=(PackMerger&&) noexcept = default;
PackMerger::~PackMerger() = default;

Result<PackMerger> PackMerger::Create(NewPack pack) {
  DLV_ASSIGN(PackFileWriter writer, PackFileWriter::Create(std::move(pack)));
  PackMerger merger;
  merger.impl_ = std::make_unique<Impl>(std::move(writer));
  return merger;
}

/// Copies bytes that no unit covers: header, padding, areas, footer.
Status PackMerger::Impl::CopyRange(const SectionReader& section, std::uint64_t begin,
                                   std::uint64_t end) {
  while (begin < end) {
    buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kCopyBytes, end - begin)));
    DLV_TRY(section.ReadRange(begin, buffer));
    DLV_TRY(writer.AppendRaw(buffer));
    begin += buffer.size();
  }
  return Ok();
}

Result<MovedSection> PackMerger::CopySection(const SectionReader& section) {
  UnitCollector collector(section);
  DLV_TRY(collector.AddAll());
  for (const Area area : {Area::kManifest, Area::kEnvelope, Area::kMetadata, Area::kDirectory}) {
    DLV_TRY(section.ReadArea(area));  // verifies the checksum
  }
  DLV_TRY(impl_->writer.BeginCopy(section.place()));
  std::uint64_t at = 0;
  for (const auto& [offset, place] : collector.units()) {
    if (offset < at)
      return Error{ErrorCode::kCorruption,
                   section.Name() + ": units overlap at " + std::to_string(offset)};
    DLV_TRY(impl_->CopyRange(section, at, offset));
    impl_->buffer.resize(place.coded_bytes);
    DLV_TRY(section.ReadUnit(place, impl_->buffer));
    DLV_TRY(impl_->writer.AppendRaw(impl_->buffer));
    at = offset + place.coded_bytes;
  }
  DLV_TRY(impl_->CopyRange(section, at, section.place().length));
  MovedSection moved;
  DLV_ASSIGN(moved.place, impl_->writer.EndCopy());
  return moved;
}

Result<UnitPlace> PackMerger::Impl::CopyUnit(const SectionReader& section, const UnitPlace& place) {
  buffer.resize(place.coded_bytes);
  DLV_TRY(section.ReadUnit(place, buffer));
  UnitPlace copy = place;
  DLV_ASSIGN(copy.offset, writer.AppendUnit(buffer));
  return copy;
}

Status PackMerger::Impl::RewriteCluster(const SectionReader& section, std::uint32_t cluster,
                                        DirectoryBuilder& directory,
                                        std::map<std::uint32_t, std::uint32_t>& clusters) {
  DLV_ASSIGN(ClusterEntry entry, section.directory().Cluster(cluster));
  DLV_ASSIGN(entry.place, CopyUnit(section, entry.place));
  entry.first_entry = directory.entry_count();
  clusters[cluster] = directory.AddCluster(entry);
  return Ok();
}

Status PackMerger::Impl::RewriteEntry(const SectionReader& section, std::uint32_t entry,
                                      DirectoryBuilder& directory,
                                      std::map<std::uint32_t, std::uint32_t>& clusters) {
  DLV_ASSIGN(const EntryKind kind, section.directory().Kind(entry));
  if (kind == EntryKind::kBlob) {
    DLV_ASSIGN(BlobEntry blob, section.directory().Blob(entry));
    for (UnitPlace& frame : blob.frames) {
      DLV_ASSIGN(frame, CopyUnit(section, frame));
    }
    directory.AddBlob(blob);
    return Ok();
  }
  DLV_ASSIGN(TensorEntry tensor, section.directory().Tensor(entry));
  if (tensor.clustered) {
    if (!clusters.contains(tensor.cluster))
      DLV_TRY(RewriteCluster(section, tensor.cluster, directory, clusters));
    tensor.cluster = clusters[tensor.cluster];
  }
  for (ChunkEntry& chunk : tensor.chunks) {
    DLV_ASSIGN(chunk.place, CopyUnit(section, chunk.place));
  }
  directory.AddTensor(tensor);
  return Ok();
}

Result<MovedSection> PackMerger::RewriteSection(
    const SectionReader& section, const std::function<bool(std::uint32_t entry)>& live,
    bool keep_manifest) {
  std::set<std::uint32_t> kept;  // members of a cluster are neighbours, so they stay so
  for (std::uint32_t entry = 0; entry < section.directory().entry_count(); ++entry) {
    if (!live(entry) || kept.contains(entry)) continue;
    DLV_ASSIGN(const std::vector<std::uint32_t> mates, ClusterMates(section, entry));
    kept.insert(mates.begin(), mates.end());
  }
  DLV_TRY(impl_->writer.BeginSection());
  DirectoryBuilder directory;
  std::map<std::uint32_t, std::uint32_t> clusters;
  MovedSection moved;
  for (const std::uint32_t entry : kept) {
    moved.entries.push_back({entry, directory.entry_count()});
    DLV_TRY(impl_->RewriteEntry(section, entry, directory, clusters));
  }
  SectionTail tail;
  tail.directory = directory.Encode();
  if (keep_manifest) {
    DLV_ASSIGN(tail.manifest, section.ReadArea(Area::kManifest));
    DLV_ASSIGN(tail.envelope, section.ReadArea(Area::kEnvelope));
  }
  DLV_ASSIGN(moved.place, impl_->writer.EndSection(tail));
  return moved;
}

std::uint64_t PackMerger::size_bytes() const { return impl_->writer.position(); }

Result<WrittenPack> PackMerger::Finish() { return impl_->writer.Finish(); }

Result<std::vector<std::uint32_t>> ClusterMates(const SectionReader& section, std::uint32_t entry) {
  DLV_ASSIGN(const EntryKind kind, section.directory().Kind(entry));
  if (kind == EntryKind::kBlob) return std::vector<std::uint32_t>{entry};
  DLV_ASSIGN(const TensorEntry tensor, section.directory().Tensor(entry));
  if (!tensor.clustered) return std::vector<std::uint32_t>{entry};
  DLV_ASSIGN(const ClusterEntry cluster, section.directory().Cluster(tensor.cluster));
  if (entry < cluster.first_entry || entry - cluster.first_entry >= cluster.member_count) {
    return Error{ErrorCode::kCorruption,
                 section.Name() + ": entry " + std::to_string(entry) + " is not in its cluster"};
  }
  std::vector<std::uint32_t> mates(cluster.member_count);
  for (std::uint32_t i = 0; i < cluster.member_count; ++i) mates[i] = cluster.first_entry + i;
  return mates;
}

}  // namespace dlv::archive
