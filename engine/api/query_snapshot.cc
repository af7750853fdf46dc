#include "engine/api/query_snapshot.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "storage/catalog/bulk_reader.h"

namespace dlv::api {
namespace {

using catalog::BulkReader;
using catalog::Row;
using query::kNoGraph;
using query::kNoVersion;
using query::VersionIndex;

class SnapshotLoader {
 public:
  SnapshotLoader(const catalog::Catalog& catalog, const query::Needs& needs)
      : catalog_(catalog), reader_(catalog), needs_(needs) {}

  Result<std::shared_ptr<LoadedSnapshot>> Run() {
    DLV_TRY(LoadVersions());
    if (needs_.all_metrics || !needs_.metrics.empty()) DLV_TRY(LoadMetrics());
    if (needs_.all_series || !needs_.series.empty()) DLV_TRY(LoadSeries());
    if (needs_.all_hparams || !needs_.hparams.empty()) DLV_TRY(LoadHparams());
    if (needs_.tags) DLV_TRY(LoadPairs(reader_.Tags(), snapshot().tags));
    if (needs_.notes) DLV_TRY(LoadPairs(reader_.Notes(), snapshot().notes));
    if (needs_.aliases) DLV_TRY(LoadAliases());
    if (needs_.evaluations) DLV_TRY(LoadEvaluations());
    if (needs_.files) DLV_TRY(LoadFiles());
    if (needs_.snapshots) DLV_TRY(LoadSnapshots());
    if (needs_.lineage) DLV_TRY(LoadLineage());
    DLV_TRY(LoadGraphs());
    if (needs_.queries) DLV_TRY(LoadQueries());
    return std::move(loaded_);
  }

 private:
  query::Snapshot& snapshot() { return loaded_->snapshot; }

  /// Rows are ascending; so the place of one is found by halving.
  VersionIndex PlaceOf(Row row) const {
    const auto& rows = loaded_->version_rows;
    const auto found = std::lower_bound(rows.begin(), rows.end(), row);
    if (found == rows.end() || *found != row) return kNoVersion;
    return static_cast<VersionIndex>(found - rows.begin());
  }

  Status LoadVersions() {
    DLV_ASSIGN(auto models, reader_.Models());
    DLV_ASSIGN(auto versions, reader_.Versions());
    std::unordered_map<Row, std::size_t> counts;
    for (const auto& version : versions) ++counts[version.model];
    for (auto& [row, name] : models) {
      if (!counts.contains(row)) continue;
      model_places_[row] = static_cast<std::uint32_t>(snapshot().models.size());
      snapshot().models.push_back({std::move(name), kNoVersion});
    }
    auto& columns = snapshot().versions;
    for (auto& version : versions) {
      const std::uint32_t model = model_places_[version.model];
      const auto place = static_cast<VersionIndex>(columns.size());
      columns.id.push_back(version.id);
      columns.model.push_back(model);
      columns.number.push_back(version.number);
      columns.created.push_back(version.created);
      columns.author.push_back(std::move(version.author));
      columns.message.push_back(std::move(version.message));
      columns.snapshot_count.push_back(version.snapshot_count);
      columns.file_count.push_back(version.file_count);
      columns.parameter_count.push_back(version.parameter_count);
      columns.raw_bytes.push_back(version.raw_bytes);
      columns.stored_bytes.push_back(version.stored_bytes);
      loaded_->version_rows.push_back(version.row);
      VersionIndex& latest = snapshot().models[model].latest;
      if (latest == kNoVersion || columns.number[latest] < version.number) latest = place;
    }
    return Ok();
  }

  Status LoadMetrics() {
    DLV_ASSIGN(const auto metrics, reader_.Metrics({needs_.all_metrics, needs_.metrics}));
    const std::size_t count = snapshot().versions.size();
    for (const auto& metric : metrics) {
      query::MetricColumn& column = snapshot().metrics[metric.name];
      if (column.value.empty()) {
        column.value.resize(count);
        column.present.resize(count);
        column.last_step.resize(count);
      }
      const VersionIndex place = PlaceOf(metric.version);
      if (place == kNoVersion) continue;
      column.value[place] = metric.last;
      column.present[place] = 1;
      column.last_step[place] = metric.last_step;
    }
    return Ok();
  }

  Status LoadSeries() {
    DLV_ASSIGN(auto series, reader_.Series({needs_.all_series, needs_.series}));
    for (auto& entry : series) {
      const VersionIndex place = PlaceOf(entry.version);
      if (place == kNoVersion) continue;
      snapshot().series.push_back({place, std::move(entry.name), std::move(entry.points)});
    }
    return Ok();
  }

  Status LoadHparams() {
    DLV_ASSIGN(auto pairs, reader_.HyperParameters({needs_.all_hparams, needs_.hparams}));
    for (auto& pair : pairs) {
      const VersionIndex place = PlaceOf(pair.version);
      if (place == kNoVersion) continue;
      if (needs_.hparams.contains(pair.name)) {
        auto& column = snapshot().hparams[pair.name];
        column.resize(snapshot().versions.size());
        column[place] = pair.value;
      }
      if (needs_.all_hparams) {
        snapshot().all_hparams.push_back({place, std::move(pair.name), std::move(pair.value)});
      }
    }
    return Ok();
  }

  Status LoadPairs(Result<std::vector<catalog::BulkPair>> pairs,
                   std::vector<query::NamedEntry>& out) {
    DLV_TRY(pairs);
    for (auto& pair : *pairs) {
      const VersionIndex place = PlaceOf(pair.version);
      if (place != kNoVersion) {
        out.push_back({place, std::move(pair.name), std::move(pair.value)});
      }
    }
    return Ok();
  }

  Status LoadAliases() {
    DLV_ASSIGN(auto aliases, reader_.Aliases());
    for (auto& alias : aliases) {
      const VersionIndex place = PlaceOf(alias.version);
      if (place == kNoVersion) continue;
      snapshot().aliases.push_back({model_places_[alias.model], std::move(alias.name), place});
    }
    return Ok();
  }

  Status LoadEvaluations() {
    DLV_ASSIGN(auto rows, reader_.Evaluations());
    for (auto& row : rows) {
      const VersionIndex place = PlaceOf(row.version);
      if (place == kNoVersion) continue;
      snapshot().evaluations.push_back({place,
                                        {std::move(row.dataset), std::move(row.name), row.value,
                                         std::move(row.attributes), row.created}});
    }
    return Ok();
  }

  Status LoadFiles() {
    DLV_ASSIGN(auto files, reader_.Files());
    for (auto& file : files) {
      const VersionIndex place = PlaceOf(file.version);
      if (place != kNoVersion) {
        snapshot().files.push_back({place, file.ordinal, std::move(file.info)});
      }
    }
    return Ok();
  }

  Status LoadSnapshots() {
    DLV_ASSIGN(auto rows, reader_.Snapshots());
    for (auto& row : rows) {
      const VersionIndex place = PlaceOf(row.version);
      if (place != kNoVersion) snapshot().snapshots.push_back({place, row.ordinal, row.info});
    }
    return Ok();
  }

  Status LoadLineage() {
    DLV_ASSIGN(const auto parents, reader_.Parents());
    // The same id may stand in several models: the parent's model says which is meant.
    std::unordered_multimap<VersionId, VersionIndex> places;
    const auto& versions = snapshot().versions;
    for (VersionIndex i = 0; i < versions.size(); ++i) places.emplace(versions.id[i], i);
    for (const auto& parent : parents) {
      query::EdgeEntry edge;
      edge.child = PlaceOf(parent.version);
      if (edge.child == kNoVersion) continue;
      edge.parent_id = parent.id;
      edge.ordinal = parent.ordinal;
      edge.relation = parent.relation;
      edge.inferred = parent.inferred;
      const auto [begin, end] = places.equal_range(parent.id);
      for (auto found = begin; found != end; ++found) {
        const bool named = snapshot().models[versions.model[found->second]].name == parent.model;
        if (edge.parent == kNoVersion || named) edge.parent = found->second;
      }
      snapshot().lineage.push_back(edge);
    }
    return Ok();
  }

  Status LoadGraphs() {
    snapshot().graph_of.assign(snapshot().versions.size(), kNoGraph);
    if (!needs_.graphs) return Ok();
    DLV_ASSIGN(const auto of_versions, catalog_.GraphsOfVersions());
    std::unordered_map<Row, query::GraphIndex> places;
    for (const auto& [version, graph] : of_versions) places.emplace(graph, kNoGraph);
    DLV_ASSIGN(const auto graphs, catalog_.GraphIds());
    for (const auto& [row, id] : graphs) {
      const auto place = places.find(row);
      if (place == places.end()) continue;
      place->second = static_cast<query::GraphIndex>(snapshot().graphs.size());
      snapshot().graphs.push_back(id);
      snapshot().graph_keys.push_back(row);
    }
    for (const auto& [version, graph] : of_versions) {
      const VersionIndex place = PlaceOf(version);
      if (place != kNoVersion && graph != 0) snapshot().graph_of[place] = places[graph];
    }
    loaded_->networks_missing = of_versions.size() < snapshot().versions.size();
    return Ok();
  }

  Status LoadQueries() {
    DLV_ASSIGN(auto queries, catalog_.NamedQueries());
    for (auto& one : queries) {
      snapshot().queries.push_back({std::move(one.name), std::move(one.text), one.created});
    }
    return Ok();
  }

  const catalog::Catalog& catalog_;
  BulkReader reader_;
  const query::Needs& needs_;
  std::shared_ptr<LoadedSnapshot> loaded_ = std::make_shared<LoadedSnapshot>();
  std::unordered_map<Row, std::uint32_t> model_places_;
};

}  // namespace

Result<std::shared_ptr<LoadedSnapshot>> LoadSnapshot(const catalog::Catalog& catalog,
                                                     const query::Needs& needs) {
  return SnapshotLoader(catalog, needs).Run();
}

}  // namespace dlv::api
