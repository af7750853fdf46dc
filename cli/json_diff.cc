#include "cli/json_diff.h"

#include <cmath>

#include "cli/diff_digest.h"
#include "cli/json_output.h"
#include "cli/json_values.h"

namespace dlv::cli {
namespace {

using cli::ValueOf;
using Kind = TensorChange::Kind;

// NaN and infinity become null.
Json ValueOf(const PairStatistics& figures) {
  Json value = {{"elements", figures.count},
                {"differing", figures.differing},
                {"nonfinite", figures.nonfinite},
                {"nan_before", figures.nan_before},
                {"nan_after", figures.nan_after},
                {"inf_before", figures.inf_before},
                {"inf_after", figures.inf_after},
                {"zero_before", figures.zero_before},
                {"zero_after", figures.zero_after},
                {"sign_flips", figures.sign_flips},
                {"norm_before", NumberOf(figures.norm_before)},
                {"norm_after", NumberOf(figures.norm_after)},
                {"norm_difference", NumberOf(figures.norm_difference)},
                {"relative", NumberOf(figures.relative())},
                {"relative_bound", NumberOf(figures.relative_bound())},
                {"max_difference", NumberOf(figures.max_difference)},
                {"cosine", NumberOf(figures.cosine)},
                {"exact", figures.planes == 0},
                {"planes", figures.planes}};
  if (!figures.difference.counts.empty()) {
    value["histogram"] = {{"edges", figures.difference.edges},
                          {"counts", figures.difference.counts}};
  }
  return value;
}

Json ValueOf(const std::vector<NodeChange>& changes) {
  Json list = Json::array();
  for (const NodeChange& change : changes) {
    list.push_back(
        {{"before", change.before}, {"after", change.after}, {"differences", change.differences}});
  }
  return list;
}

Json ValueOf(const NetworkDiff& diff) {
  return {{"identical", diff.identical()},
          {"same", diff.same},
          {"added", diff.added},
          {"removed", diff.removed},
          {"changed", ValueOf(diff.changed)},
          {"renamed", ValueOf(diff.renamed)}};
}

template <class T>
Json ValueOrNull(const std::optional<T>& value) {
  return value ? ValueOf(*value) : Json(nullptr);
}

Json ValueOf(const TensorChange& change) {
  return {{"name", change.name},
          {"change", std::string(NameOf(change.kind))},
          {"renamed", change.renamed},
          {"converted", change.converted},
          {"before", ValueOrNull(change.before)},
          {"after", ValueOrNull(change.after)},
          {"figures", ValueOrNull(change.figures)}};
}

Json ValueOf(const PrefixChange& prefix) {
  return {{"before", prefix.before}, {"after", prefix.after}, {"tensors", prefix.tensors}};
}

Json ValueOf(const ValueChange& change) {
  return {
      {"name", change.name}, {"before", OrNull(change.before)}, {"after", OrNull(change.after)}};
}

Json ValueOf(const MetricChange& change) {
  return {{"name", change.name},
          {"different", change.different()},
          {"before", ValueOrNull(change.before)},
          {"after", ValueOrNull(change.after)}};
}

Json ValueOf(const FileChange& change) {
  return {{"change", std::string(NameOf(change.kind))},
          {"renamed", change.renamed},
          {"before", ValueOrNull(change.before)},
          {"after", ValueOrNull(change.after)}};
}

template <class T>
Json ListOf(const std::vector<T>& items) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(ValueOf(item));
  return array;
}

Json SummaryOf(const VersionDiff& diff) {
  Json counts = Json::object();
  for (const Kind kind : {Kind::kIdentical, Kind::kChanged, Kind::kReshaped, Kind::kResized,
                          Kind::kAdded, Kind::kRemoved}) {
    counts[std::string(NameOf(kind))] = diff.Count(kind);
  }
  counts["renamed"] = diff.CountRenamed();
  const ChangeDigest digest = DigestOf(diff);
  const bool some = digest.compared > 0;
  return {{"tensors", std::move(counts)},
          {"relative_median", some ? NumberOf(digest.median) : Json(nullptr)},
          {"relative_max", some ? NumberOf(digest.largest->figures->relative()) : Json(nullptr)},
          {"largest", some ? Json(digest.largest->name) : Json(nullptr)},
          {"exact", digest.planes == 0},
          {"tensors_with_new_nonfinite", digest.new_nan_tensors}};
}

Json SideOf(const VersionSummary& version, const std::optional<std::int64_t>& step) {
  return {{"reference", version.reference()}, {"id", version.id.Hex()}, {"step", OrNull(step)}};
}

Json DocumentOf(const VersionDiff& diff, const std::optional<NetworkDiff>& network) {
  static constexpr const char* kDepths[] = {"ids", "estimate", "exact"};
  return {{"before", SideOf(diff.before, diff.before_step)},
          {"after", SideOf(diff.after, diff.after_step)},
          {"different", diff.different()},
          {"depth", kDepths[static_cast<std::size_t>(diff.depth)]},
          {"summary", SummaryOf(diff)},
          {"prefixes", ListOf(diff.prefixes)},
          {"tensors", ListOf(diff.tensors)},
          {"hparams", ListOf(diff.hparams)},
          {"equal_hparams", diff.equal_hparams},
          {"metrics", ListOf(diff.metrics)},
          {"files", ListOf(diff.files)},
          {"network", ValueOrNull(network)},
          {"read_bytes", diff.read_bytes},
          {"compared_bytes", diff.compared_bytes}};
}

}  // namespace

std::string CurvesDocument(const std::vector<std::pair<std::string, std::vector<Metric>>>& versions,
                           OutputMode mode) {
  Json items = Json::array();
  for (const auto& [version, metrics] : versions)
    items.push_back({{"reference", version}, {"metrics", ListOf(metrics)}});
  const auto replace = Json::error_handler_t::replace;
  if (mode != OutputMode::kJsonLines) {
    Json document = Json::object();
    document["versions"] = std::move(items);
    return document.dump(2, ' ', true, replace) + "\n";
  }
  std::string lines;
  for (const Json& item : items) lines += item.dump(-1, ' ', true, replace) + "\n";
  return lines;
}

std::string DiffDocument(const std::vector<VersionDiff>& diffs,
                         const std::vector<std::optional<NetworkDiff>>& networks, OutputMode mode) {
  const int indent = mode == OutputMode::kJsonLines ? -1 : 2;
  const auto render = [indent](const Json& value) {
    return value.dump(indent, ' ', true, Json::error_handler_t::replace) + "\n";
  };
  if (mode == OutputMode::kJsonLines) {
    std::string lines;
    for (std::size_t i = 0; i < diffs.size(); ++i)
      lines += render(DocumentOf(diffs[i], networks[i]));
    return lines;
  }
  Json document = Json::object();
  document["diffs"] = Json::array();
  for (std::size_t i = 0; i < diffs.size(); ++i) {
    document["diffs"].push_back(DocumentOf(diffs[i], networks[i]));
  }
  return render(document);
}

std::string DiffDocument(const std::vector<VersionDiff>& diffs, OutputMode mode) {
  return DiffDocument(diffs, std::vector<std::optional<NetworkDiff>>(diffs.size()), mode);
}

}  // namespace dlv::cli
