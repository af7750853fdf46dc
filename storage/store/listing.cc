#include "storage/store/listing.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "storage/store/log_graph.h"
#include "storage/store/names.h"
#include "storage/store/resolve.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

using catalog::Catalog;
using catalog::VersionRow;

/// Returns a version and its ancestors, newest first. A version is inserted after its parents, so
/// children come before parents.
Result<std::vector<VersionRow>> Ancestors(const Catalog& catalog, const VersionRow& start) {
  std::map<catalog::Row, VersionRow, std::greater<>> found;
  std::vector<VersionRow> open = {start};
  while (!open.empty()) {
    VersionRow row = std::move(open.back());
    open.pop_back();
    if (found.contains(row.row)) continue;
    for (const ParentInfo& parent : row.summary.parents) {
      DLV_ASSIGN(auto next, catalog.FindById(parent.id));
      if (next && !found.contains(next->row)) open.push_back(std::move(*next));
    }
    const catalog::Row key = row.row;
    found.emplace(key, std::move(row));
  }
  std::vector<VersionRow> rows;
  for (auto& [key, row] : found) rows.push_back(std::move(row));
  return rows;
}

std::vector<std::vector<std::size_t>> ParentPlaces(const std::vector<VersionRow>& rows) {
  std::unordered_map<VersionId, std::size_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i) places.emplace(rows[i].summary.id, i);
  std::vector<std::vector<std::size_t>> parents(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const ParentInfo& parent : rows[i].summary.parents) {
      const auto place = places.find(parent.id);
      if (place != places.end() && place->second > i) parents[i].push_back(place->second);
    }
  }
  return parents;
}

/// Adds what reading the snapshot's tensors costs: every tensor is looked up, and its whole chain.
Status AddCosts(Store& store, const SnapshotContent& content, VersionDetails& details) {
  DLV_ASSIGN(const auto view, store.HoldView());
  std::set<TensorId> seen;
  for (const TensorId& id : content.stored) {
    if (!seen.insert(id).second) continue;
    DLV_ASSIGN(const auto handle, store.tensors().Open(id));
    DLV_ASSIGN(const archive::ReadCost cost, store.tensors().Cost(*handle));
    details.snapshot_stored_bytes += cost.coded_bytes;
    details.snapshot_read_bytes += cost.chain_coded_bytes;
    details.chain_depth_max = std::max(details.chain_depth_max, cost.depth);
  }
  return Ok();
}

}  // namespace

Result<std::vector<ModelSummary>> ListModels(Store& store, const ListOptions& options) {
  return store.Read([&](const Catalog& catalog) -> Result<std::vector<ModelSummary>> {
    std::vector<ModelSummary> models;
    DLV_ASSIGN(const auto rows, catalog.ListModels(options.model_glob));
    for (const catalog::ModelRow& row : rows) {
      if (options.limit != 0 && models.size() == options.limit) break;
      DLV_ASSIGN(auto latest, catalog.GetVersion(row.latest));
      ModelSummary model;
      model.name = row.name;
      model.version_count = row.version_count;
      if (latest) model.latest = std::move(latest->summary);
      model.raw_bytes = row.raw_bytes;
      model.stored_bytes = row.stored_bytes;
      models.push_back(std::move(model));
    }
    return models;
  });
}

Result<std::vector<VersionSummary>> ListVersions(Store& store, const ListOptions& options) {
  return store.Read([&](const Catalog& catalog) -> Result<std::vector<VersionSummary>> {
    DLV_ASSIGN(auto rows, catalog.ListVersions({options.model_glob, options.limit}));
    std::vector<VersionSummary> versions;
    for (VersionRow& row : rows) versions.push_back(std::move(row.summary));
    return versions;
  });
}

Result<std::vector<LogEntry>> Log(Store& store, std::string_view reference,
                                  const LogOptions& options) {
  std::optional<Target> target;
  if (!reference.empty()) {
    DLV_ASSIGN(target, ResolveTarget(store, reference));
  }
  DLV_ASSIGN(auto rows, store.Read([&](const Catalog& catalog) -> Result<std::vector<VersionRow>> {
    if (target) return Ancestors(catalog, target->version);
    return catalog.ListVersions();
  }));
  if (options.limit != 0 && rows.size() > options.limit) rows.resize(options.limit);
  std::vector<std::string> drawings(rows.size());
  if (options.graph) drawings = DrawLogGraph(ParentPlaces(rows));
  std::vector<LogEntry> entries;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    entries.push_back({std::move(rows[i].summary), std::move(drawings[i])});
  }
  return entries;
}

Result<VersionDetails> Describe(Store& store, std::string_view reference) {
  DLV_ASSIGN(Target target, ResolveTarget(store, reference));
  const catalog::Row version = target.version.row;
  VersionDetails details;
  const Status rows = store.Read([&](const Catalog& catalog) -> Status {
    DLV_ASSIGN(const auto snapshots, catalog.Snapshots(version));
    for (const catalog::SnapshotRow& row : snapshots) details.snapshots.push_back(row.info);
    DLV_ASSIGN(const auto files, catalog.Files(version));
    for (const catalog::FileRow& row : files) details.files.push_back(row.info);
    DLV_ASSIGN(details.hparams, catalog.HyperParameters(version));
    DLV_ASSIGN(details.metrics, catalog.Metrics(version));
    DLV_ASSIGN(const auto evaluations, catalog.Evaluations(version));
    for (const catalog::EvaluationRow& row : evaluations)
      details.evaluations.push_back(
          {row.dataset, row.name, row.value, row.attributes, row.created});
    return Ok();
  });
  DLV_TRY(rows);
  details.summary = std::move(target.version.summary);
  const std::string name = details.summary.reference();
  target.version.summary = details.summary;
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, target.version));
  details.hparam_sources = manifest.sources.hparams;
  details.metric_sources = manifest.sources.metrics;
  for (const auto& [tag, path] : manifest.sources.tags) {
    if (details.summary.tags.contains(tag)) details.tag_sources.emplace(tag, path);
  }
  if (details.snapshots.empty()) return details;
  DLV_ASSIGN(const std::uint32_t ordinal, FindSnapshot(manifest, target.step, name));
  DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, manifest, ordinal));
  DLV_ASSIGN(details.tensors, ListTensors(manifest, content, target.tensor_pattern));
  if (details.tensors.empty() && !target.tensor_pattern.empty()) {
    return Error{ErrorCode::kNotFound,
                 name + " has no tensor that fits " + Quoted(target.tensor_pattern)};
  }
  DLV_TRY(AddCosts(store, content, details));
  return details;
}

}  // namespace dlv::store
