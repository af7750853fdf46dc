#include "storage/store/version_diff.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/store/file_pairing.h"
#include "storage/store/resolve.h"
#include "storage/store/tensor_comparison.h"
#include "storage/store/tensor_pairing.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

using TensorKind = TensorChange::Kind;

struct Side {
  VersionSummary summary;
  std::optional<std::int64_t> step;
  std::vector<TensorInfo> tensors;
  KeyValues hparams;
  std::vector<Metric> metrics;
  std::vector<FileInfo> files;
};

Result<Side> LoadSide(Store& store, std::string_view reference) {
  DLV_ASSIGN(Target target, ResolveTarget(store, reference));
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, target.version));
  Side side;
  side.hparams = manifest.hparams;
  const Status rows = store.Read([&](const catalog::Catalog& catalog) -> Status {
    DLV_ASSIGN(side.metrics, catalog.Metrics(target.version.row));
    DLV_ASSIGN(const auto files, catalog.Files(target.version.row));
    for (const catalog::FileRow& row : files) side.files.push_back(row.info);
    return Ok();
  });
  DLV_TRY(rows);
  side.summary = std::move(target.version.summary);
  if (manifest.snapshots.empty()) return side;
  DLV_ASSIGN(const std::uint32_t ordinal,
             FindSnapshot(manifest, target.step, side.summary.reference()));
  DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, manifest, ordinal));
  side.step = content.step;
  if (target.step) {  // a snapshot: of the files of steps, its own only
    std::erase_if(side.files,
                  [&](const FileInfo& file) { return file.step && file.step != target.step; });
  }
  DLV_ASSIGN(side.tensors, ListTensors(manifest, content, target.tensor_pattern));
  return side;
}

TensorKind KindOf(const TensorInfo& before, const TensorInfo& after) {
  if (before.element_count() != after.element_count()) return TensorKind::kResized;
  if (before.id != after.id) return TensorKind::kChanged;
  return before.shape == after.shape ? TensorKind::kIdentical : TensorKind::kReshaped;
}

std::vector<TensorChange> ListChanges(const Side& before, const Side& after,
                                      const TensorPairing& pairing) {
  std::vector<TensorChange> changes;
  for (std::size_t i = 0; i < after.tensors.size(); ++i) {
    TensorChange change;
    change.name = after.tensors[i].name;
    change.after = after.tensors[i];
    change.kind = TensorKind::kAdded;
    if (const auto partner = pairing.partners()[i]) {
      change.before = before.tensors[*partner];
      change.kind = KindOf(*change.before, *change.after);
      change.renamed = change.before->name != change.name;
      change.converted = change.before->dtype != change.after->dtype;
    }
    changes.push_back(std::move(change));
  }
  for (std::size_t i = 0; i < before.tensors.size(); ++i) {
    if (pairing.is_paired(i)) continue;
    TensorChange change;
    change.kind = TensorKind::kRemoved;
    change.name = before.tensors[i].name;
    change.before = before.tensors[i];
    changes.push_back(std::move(change));
  }
  return changes;
}

/// Fills in the figures; what has equal values in another dtype turns out not to have changed.
Status AddFigures(TensorComparer& comparer, std::vector<TensorChange>& changes) {
  std::vector<ComparedPair> pairs;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const TensorChange& change = changes[i];
    if (change.kind != TensorKind::kChanged || !AreComparable(*change.before, *change.after))
      continue;
    pairs.push_back({&*change.before, &*change.after, {}});
    places.push_back(i);
  }
  DLV_TRY(comparer.Compare(pairs));
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    TensorChange& change = changes[places[k]];
    change.figures = std::move(pairs[k].figures);
    const bool same_values = change.figures->differing == 0 && change.figures->planes == 0;
    if (!change.converted || !same_values) continue;
    change.kind = change.before->shape == change.after->shape ? TensorKind::kIdentical
                                                              : TensorKind::kReshaped;
    change.figures.reset();
  }
  return Ok();
}

Status DiffTensors(TensorComparer& comparer, const Side& before, const Side& after,
                   const DiffOptions& options, VersionDiff& diff) {
  TensorPairing pairing(before.tensors, after.tensors);
  pairing.ByKey();
  pairing.ByName();
  if (options.find_renames) {
    pairing.ByPrefix();
    pairing.ByContent();
    if (options.depth != DiffDepth::kIds) {
      DLV_TRY(pairing.ByShape(
          [&](const TensorInfo& a, const TensorInfo& b) { return comparer.AreClose(a, b); }));
    }
  }
  diff.prefixes = pairing.prefixes();
  diff.tensors = ListChanges(before, after, pairing);
  if (options.depth == DiffDepth::kIds) return Ok();
  return AddFigures(comparer, diff.tensors);
}

void DiffHparams(const KeyValues& before, const KeyValues& after, VersionDiff& diff) {
  std::set<std::string> names;
  for (const auto& [name, value] : before) names.insert(name);
  for (const auto& [name, value] : after) names.insert(name);
  const auto value_in = [](const KeyValues& values,
                           const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
  for (const std::string& name : names) {
    ValueChange change{name, value_in(before, name), value_in(after, name)};
    if (change.before == change.after) {
      ++diff.equal_hparams;
    } else {
      diff.hparams.push_back(std::move(change));
    }
  }
}

std::vector<MetricChange> PairMetrics(const std::vector<Metric>& before,
                                      const std::vector<Metric>& after) {
  std::map<std::string, MetricChange> by_name;
  for (const Metric& metric : before) by_name[metric.name].before = metric;
  for (const Metric& metric : after) by_name[metric.name].after = metric;
  std::vector<MetricChange> changes;
  for (auto& [name, change] : by_name) {
    change.name = name;
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace

Result<VersionDiff> Diff(Store& store, std::string_view before, std::string_view after,
                         const DiffOptions& options, const Operation& operation) {
  DLV_ASSIGN(const Side old, LoadSide(store, before));
  DLV_ASSIGN(const Side fresh, LoadSide(store, after));
  VersionDiff diff;
  diff.before = old.summary;
  diff.after = fresh.summary;
  diff.before_step = old.step;
  diff.after_step = fresh.step;
  diff.depth = options.depth;
  TensorComparer comparer(store, options, operation);
  DLV_TRY(DiffTensors(comparer, old, fresh, options, diff));
  DiffHparams(old.hparams, fresh.hparams, diff);
  diff.metrics = PairMetrics(old.metrics, fresh.metrics);
  diff.files = PairFiles(old.files, fresh.files);
  diff.read_bytes = comparer.fetched_bytes();
  diff.compared_bytes = comparer.compared_bytes();
  return diff;
}

}  // namespace dlv::store
