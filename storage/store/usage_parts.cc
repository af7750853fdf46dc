#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "storage/codec/chunk_header.h"
#include "storage/store/tensor_storage.h"
#include "storage/store/usage_scope.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

void SortBySize(std::vector<UsageLine>& lines) {
  std::stable_sort(lines.begin(), lines.end(), [](const UsageLine& a, const UsageLine& b) {
    return a.stored_bytes > b.stored_bytes;
  });
}

/// Adds up what the tensors of one name have, each distinct one once.
class TensorLines {
 public:
  TensorLines(Store& store, const ObjectGraph& graph, const std::vector<bool>& others_need)
      : store_(store), others_need_(others_need) {
    for (std::size_t place = 0; place < graph.nodes().size(); ++place) {
      places_.emplace(graph.nodes()[place].number, place);
    }
  }

  Status AddVersion(const ScopeVersion& version) {
    DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store_, version.row));
    const auto file_count = static_cast<std::uint32_t>(manifest.files.size());
    for (std::uint32_t ordinal = 0; ordinal < manifest.snapshots.size(); ++ordinal) {
      DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store_, manifest, ordinal));
      DLV_ASSIGN(const auto view, store_.HoldView());
      for (std::size_t i = 0; i < content.ids.size(); ++i) {
        DLV_TRY(AddTensor(version.row.summary.model, content.Info(i, file_count)));
      }
    }
    return Ok();
  }

  std::vector<UsageLine> Take() {
    std::vector<UsageLine> lines;
    for (auto& [name, line] : lines_) lines.push_back(std::move(line.usage));
    SortBySize(lines);
    return lines;
  }

 private:
  struct Line {
    UsageLine usage;
    std::set<TensorId> seen;
  };

  Status AddTensor(const std::string& model, const TensorInfo& info) {
    std::string name = model + "/";
    if (info.role == TensorRole::kOptimizer) name += "@optimizer/";
    name += info.name;
    Line& line = lines_[name];
    if (line.usage.name.empty()) {
      line.usage.name = name;
      line.usage.unique_bytes = 0;
    }
    if (!line.seen.insert(info.id).second) return Ok();
    DLV_ASSIGN(const auto handle, store_.tensors().Open(info.id));
    DLV_ASSIGN(const archive::ReadCost cost, store_.tensors().Cost(*handle));
    line.usage.raw_bytes += handle->size_bytes();
    line.usage.stored_bytes += cost.coded_bytes;
    DLV_ASSIGN(const bool needed,
               IsNeeded(handle->strip() != nullptr ? handle->strip()->id() : info.id));
    if (!needed) *line.usage.unique_bytes += cost.coded_bytes;
    return Ok();
  }

  Result<bool> IsNeeded(const TensorId& stored) const {
    return store_.Read([&](const catalog::Catalog& catalog) -> Result<bool> {
      DLV_ASSIGN(const auto found, catalog.FindObjects(catalog::IdPrefix(stored)));
      return std::any_of(found.begin(), found.end(), [&](const catalog::ObjectPlace& object) {
        const auto place = places_.find(object.number);
        return place != places_.end() && others_need_[place->second];
      });
    });
  }

  Store& store_;
  const std::vector<bool>& others_need_;
  std::unordered_map<catalog::ObjectNumber, std::size_t> places_;
  std::map<std::string, Line> lines_;
};

/// Coded bytes of the versions' tensors by element type.
Result<std::map<DType, PlaneGroupCounter>> CountPlanes(Store& store, const UsageScope& scope) {
  std::set<TensorId> stored;
  for (const ScopeVersion& version : scope.versions) {
    DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, version.row));
    for (const archive::ManifestSnapshot& snapshot : manifest.snapshots) {
      stored.insert(snapshot.tensors.begin(), snapshot.tensors.end());
    }
  }
  std::map<DType, PlaneGroupCounter> counters;
  for (const TensorId& id : stored) {
    DLV_ASSIGN(const auto handle, store.tensors().Open(id));
    DLV_TRY(counters[handle->dtype()].Add(*handle));
  }
  return counters;
}

/// The planes of a component that a line takes together: the upper 16, then each byte. Those of
/// chunks without planes of their own have no first one.
struct Band {
  unsigned first = 1, last = 0;
  bool by_significance = false;
  auto operator<=>(const Band&) const = default;
};

Band BandOf(const PlaneGroup& group, unsigned planes) {
  if (group.first_plane == 1 && group.last_plane >= planes)
    return {0, planes, group.codec == "significance"};
  if (group.last_plane <= 16) return {1, std::min(16U, planes), false};
  const unsigned last = (group.last_plane + 7) / 8 * 8;
  return {last - 7, last, false};
}

std::string NameOfBand(DType dtype, const Band& band) {
  const std::string type(NameOf(dtype));
  if (band.by_significance) return type + ", by significance";
  if (band.first == 0) return type + ", coded whole";
  const std::string bits = std::to_string(band.first) + "-" + std::to_string(band.last);
  return type + ", bits " + bits + (band.first == 1 ? " (the upper ones)" : "");
}

}  // namespace

Result<std::vector<UsageLine>> UsageByTensor(Store& store, const UsageScope& scope,
                                             const ObjectGraph& graph,
                                             const std::vector<bool>& others_need) {
  TensorLines lines(store, graph, others_need);
  for (const ScopeVersion& version : scope.versions) DLV_TRY(lines.AddVersion(version));
  return lines.Take();
}

Result<std::vector<UsageLine>> UsageByCodec(Store& store, const UsageScope& scope) {
  DLV_ASSIGN(const auto counters, CountPlanes(store, scope));
  std::map<std::string, std::uint64_t> bytes;
  for (const auto& [dtype, counter] : counters) {
    for (const PlaneGroup& group : counter.Groups()) bytes[group.codec] += group.coded_bytes;
  }
  std::vector<UsageLine> lines;
  for (const auto& [codec, coded] : bytes) lines.push_back({codec, 0, coded, std::nullopt});
  SortBySize(lines);
  return lines;
}

Result<std::vector<UsageLine>> UsageByPlane(Store& store, const UsageScope& scope) {
  DLV_ASSIGN(const auto counters, CountPlanes(store, scope));
  std::vector<UsageLine> lines;
  for (const auto& [dtype, counter] : counters) {
    std::map<Band, std::uint64_t> bytes;
    const unsigned planes = codec::FullPlanes(dtype);
    for (const PlaneGroup& group : counter.Groups()) {
      bytes[BandOf(group, planes)] += group.coded_bytes;
    }
    for (const auto& [band, coded] : bytes) {
      lines.push_back({NameOfBand(dtype, band), 0, coded, std::nullopt});
    }
  }
  return lines;
}

}  // namespace dlv::store
