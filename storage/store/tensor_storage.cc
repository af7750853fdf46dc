#include "storage/store/tensor_storage.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "storage/archive/directory.h"
#include "storage/codec/chunk_header.h"
#include "storage/codec/float_codec.h"
#include "storage/store/object_graph.h"
#include "storage/store/resolve.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

// The rates that a prediction takes: measured on one core for chunks of f32 (docs/benchmarks.md).
constexpr double kReadBytesPerSecond = 1e9;
constexpr double kDecodeBytesPerSecond = 0.8e9;
constexpr const char* kAssumption =
    "1 GB/s from the disk, 0.8 GB/s decoded for each tensor of a chain, one core";

const char* NameOfMode(codec::ChunkMode mode) {
  switch (mode) {
    case codec::ChunkMode::kRaw:
      return "raw";
    case codec::ChunkMode::kConstant:
      return "constant";
    case codec::ChunkMode::kLz4:
      return "lz4";
    case codec::ChunkMode::kZstd:
      return "zstd";
    case codec::ChunkMode::kGroupedZstd:
      return "grouped-zstd";
    case codec::ChunkMode::kFloat:
      return "float";
    case codec::ChunkMode::kFloatTail:
      return "float-tail";
    case codec::ChunkMode::kSignificance:
      return "significance";
    case codec::ChunkMode::kPalette:
      return "palette";
    case codec::ChunkMode::kDeltaSecond:
      return "delta-wide";
    default:
      break;
  }
  return "delta";
}

const char* NameOfCoding(const codec::ChunkHeader& header) {
  if (codec::HasWideSymbols(header)) return "float-wide";  // cold, but for half precision
  return header.needs_second_base ? "delta-two-bases" : NameOfMode(header.mode);
}

/// Returns the version whose commit made the section; nothing where the section was rewritten.
Result<std::optional<VersionId>> WriterOf(const archive::SectionReader& section) {
  if (!section.has_manifest()) return std::optional<VersionId>();
  DLV_ASSIGN(const auto bytes, section.ReadManifestBytes());
  return std::optional(archive::HashManifest(bytes));
}

Result<std::string> ReferenceOf(Store& store, const VersionId& id) {
  return store.Read([&](const catalog::Catalog& catalog) -> Result<std::string> {
    DLV_ASSIGN(const auto row, catalog.FindById(id));
    return row ? row->summary.reference() : std::string();
  });
}

/// Returns the objects that versions other than `version` need, bases and clusters included.
Result<std::unordered_set<catalog::ObjectNumber>> NeedsOfOthers(Store& store,
                                                                catalog::Row version) {
  std::vector<catalog::ObjectNumber> roots;
  const Status listed = store.Read([&](const catalog::Catalog& catalog) -> Status {
    DLV_ASSIGN(const auto versions, catalog.ListVersions());
    for (const catalog::VersionRow& row : versions) {
      if (row.row == version) continue;
      DLV_ASSIGN(const auto objects, catalog.ReferencedObjects(row.row));
      roots.insert(roots.end(), objects.begin(), objects.end());
    }
    return Ok();
  });
  DLV_TRY(listed);
  DLV_ASSIGN(const ObjectGraph graph, ObjectGraph::Load(store));
  std::unordered_set<catalog::ObjectNumber> needs;
  for (const std::uint32_t place : graph.Closure(roots)) needs.insert(graph.nodes()[place].number);
  return needs;
}

}  // namespace

Status PlaneGroupCounter::AddUnit(const archive::SectionReader& section,
                                  const archive::UnitPlace& place, std::uint64_t share,
                                  std::uint64_t whole) {
  header_.resize(std::min<std::size_t>(place.coded_bytes, codec::kMaxHeaderBytes));
  DLV_TRY(section.ReadRange(place.offset, header_));
  DLV_ASSIGN(const codec::ChunkHeader header, codec::ParseChunkHeader(header_));
  if (header.mode == codec::ChunkMode::kSignificance) {
    const unsigned all = header.levels().back().planes;
    const std::uint64_t bytes = header.EncodedBytes();
    bytes_[{1, all, NameOfCoding(header)}] += bytes * share / whole;
    return Ok();
  }
  unsigned first = 1;
  std::uint64_t given = 0;  // shares of a cluster add up to what the whole has
  std::uint64_t until = 0;
  for (std::size_t level = 0; level < header.level_count; ++level) {
    const codec::LevelEntry& entry = header.levels()[level];
    until = header.PrefixBytes(level) * share / whole;
    bytes_[{first, entry.planes, NameOfCoding(header)}] += until - given;
    given = until;
    first = entry.planes + 1u;
  }
  return Ok();
}

Status PlaneGroupCounter::Add(const archive::TensorHandle& tensor) {
  const archive::TensorHandle& stored = tensor.strip() != nullptr ? *tensor.strip() : tensor;
  for (const archive::TensorHandle::Part& part : stored.parts()) {
    if (part.entry.clustered) {
      DLV_ASSIGN(const auto cluster, part.section->directory().Cluster(part.entry.cluster));
      DLV_TRY(AddUnit(*part.section, cluster.place, tensor.element_count(),
                      std::max<std::uint64_t>(cluster.element_count, 1)));
    }
    for (const archive::TensorHandle::Chunk& chunk : part.chunks) {
      DLV_TRY(AddUnit(*part.section, chunk.place, tensor.element_count(), stored.element_count()));
    }
  }
  return Ok();
}

std::vector<PlaneGroup> PlaneGroupCounter::Groups() const {
  std::vector<PlaneGroup> groups;
  for (const auto& [key, bytes] : bytes_) {
    groups.push_back({std::get<2>(key), std::get<0>(key), std::get<1>(key), bytes});
  }
  return groups;
}

Result<std::vector<ChainLink>> TraceChain(Store& store, const archive::TensorHandle& tensor) {
  std::vector<ChainLink> chain;
  std::set<TensorId> seen;
  std::shared_ptr<const archive::TensorHandle> held;
  const archive::TensorHandle* at = &tensor;
  while (true) {
    if (!seen.insert(at->id()).second) {
      return Error{ErrorCode::kCorruption,
                   "tensor " + at->id().Hex(16) + " is its own base, by way of others"};
    }
    DLV_ASSIGN(const archive::ReadCost cost, store.tensors().Cost(*at));
    ChainLink link{at->id(), {}, at->depth(), cost.coded_bytes};
    const archive::TensorHandle& stored = at->strip() != nullptr ? *at->strip() : *at;
    if (!stored.parts().empty()) {
      DLV_ASSIGN(const auto writer, WriterOf(*stored.parts().front().section));
      if (writer) {
        DLV_ASSIGN(link.written_by, ReferenceOf(store, *writer));
      }
    }
    chain.push_back(std::move(link));
    if (!stored.base()) return chain;
    DLV_ASSIGN(held, store.tensors().Open(*stored.base()));
    at = held.get();
  }
}

namespace {

/// Adds up a version's tensors, each once.
class StorageCounter {
 public:
  StorageCounter(Store& store, StorageReport& report) : store_(store), report_(report) {}

  Status AddTensor(const TensorId& id, const std::set<TensorId>& wanted) {
    if (!seen_.insert(id).second) return Ok();
    DLV_ASSIGN(auto handle, store_.tensors().Open(id));
    DLV_ASSIGN(const archive::ReadCost cost, store_.tensors().Cost(*handle));
    DLV_TRY(groups_.Add(*handle));
    const auto raw = static_cast<double>(handle->size_bytes());
    report_.raw_bytes += handle->size_bytes();
    report_.read_bytes += cost.chain_coded_bytes;
    report_.chain_depth_max = std::max(report_.chain_depth_max, cost.depth);
    weighted_depth_ += raw * cost.depth;
    decoded_ += raw * (cost.depth + 1);
    ++report_.tensor_count;
    (shared_.contains(id) ? report_.shared_bytes : report_.own_bytes) += cost.coded_bytes;
    std::vector<TensorId> open = handle->Bases();
    while (!open.empty()) {
      const TensorId base = open.back();
      open.pop_back();
      if (!seen_bases_.insert(base).second) continue;  // and so are those below it
      DLV_ASSIGN(handle, store_.tensors().Open(base));
      DLV_ASSIGN(const archive::ReadCost below, store_.tensors().Cost(*handle));
      if (!wanted.contains(base)) report_.base_bytes += below.coded_bytes;
      for (const TensorId& next : handle->Bases()) open.push_back(next);
    }
    return Ok();
  }

  /// Tells which of the tensors another version needs.
  Status FindShared(catalog::Row version, const std::set<TensorId>& wanted) {
    DLV_ASSIGN(const auto needs, NeedsOfOthers(store_, version));
    return store_.Read([&](const catalog::Catalog& catalog) -> Status {
      for (const TensorId& id : wanted) {
        DLV_ASSIGN(const auto places, catalog.FindObjects(catalog::IdPrefix(id)));
        for (const catalog::ObjectPlace& place : places) {
          if (needs.contains(place.number)) shared_.insert(id);
        }
      }
      return Ok();
    });
  }

  void Finish() {
    report_.groups = groups_.Groups();
    const auto raw = static_cast<double>(report_.raw_bytes);
    report_.chain_depth_mean = raw > 0 ? weighted_depth_ / raw : 0;
    report_.predicted_seconds = static_cast<double>(report_.read_bytes) / kReadBytesPerSecond +
                                decoded_ / kDecodeBytesPerSecond;
    report_.assumption = kAssumption;
  }

 private:
  Store& store_;
  StorageReport& report_;
  PlaneGroupCounter groups_;
  std::set<TensorId> seen_, seen_bases_, shared_;
  double weighted_depth_ = 0, decoded_ = 0;
};

}  // namespace

Result<StorageReport> DescribeStorage(Store& store, std::string_view reference) {
  DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
  StorageReport report;
  report.reference = target.version.summary.reference();
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, target.version));
  if (manifest.snapshots.empty()) {
    report.assumption = kAssumption;
    return report;
  }
  DLV_ASSIGN(const std::uint32_t ordinal, FindSnapshot(manifest, target.step, report.reference));
  DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, manifest, ordinal));
  const std::set<TensorId> wanted(content.ids.begin(), content.ids.end());
  StorageCounter counter(store, report);
  DLV_TRY(counter.FindShared(target.version.row, wanted));
  DLV_ASSIGN(const auto view, store.HoldView());
  for (const TensorId& id : wanted) DLV_TRY(counter.AddTensor(id, wanted));
  counter.Finish();
  return report;
}

}  // namespace dlv::store
