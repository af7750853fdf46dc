#include "storage/store/commit_plan.h"

#include <algorithm>
#include <map>

#include "storage/store/input_file.h"
#include "storage/store/names.h"
#include "storage/store/version_network.h"

namespace dlv::store {
namespace {

constexpr std::size_t kMaxMessageBytes = 1u << 20;
constexpr std::size_t kMaxValueBytes = 64u << 10;

Status CheckText(std::string_view what, std::string_view text, std::size_t limit) {
  if (text.size() > limit) {
    return Error{ErrorCode::kInvalidArgument, std::string(what) + ": has " +
                                                  std::to_string(text.size()) + " bytes, at most " +
                                                  std::to_string(limit)};
  }
  if (!IsValidUtf8(text) || text.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::kInvalidArgument, std::string(what) + ": is not UTF-8 text"};
  }
  return Ok();
}

Status CheckPairs(std::string_view what, const KeyValues& pairs) {
  for (const auto& [key, value] : pairs) {
    DLV_TRY(CheckKey(what, key));
    DLV_TRY(CheckText(std::string(what) + " " + Quoted(key), value, kMaxValueBytes));
  }
  return Ok();
}

Status CheckMetrics(const std::vector<Metric>& metrics) {
  std::vector<std::string> names;
  for (const Metric& metric : metrics) {
    DLV_TRY(CheckKey("metric", metric.name));
    if (metric.points.empty()) {
      return Error{ErrorCode::kInvalidArgument, "metric " + Quoted(metric.name) + ": has no value"};
    }
    names.push_back(metric.name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return Ok();
  return Error{ErrorCode::kInvalidArgument, "metric " + Quoted(*twice) + ": is given twice"};
}

Status CheckInputs(const CommitRequest& request) {
  std::vector<std::string> paths;
  for (const FileInput& file : request.files) {
    paths.push_back(PathOf(file));
    DLV_TRY(CheckFilePath(paths.back()));
  }
  for (const TensorInput& input : request.tensors) {
    if (input.source == nullptr) {
      return Error{ErrorCode::kInvalidArgument, "a tensor input has no source"};
    }
  }
  return CheckPathsTogether(paths);
}

bool SameFile(const archive::ManifestFile& a, const archive::ManifestFile& b) {
  return a.path == b.path && a.sha256 == b.sha256 && a.size_bytes == b.size_bytes &&
         a.snapshot == b.snapshot && a.form == b.form &&
         (a.note == b.note || (!IsGraphNote(a.note) && !IsGraphNote(b.note)));
}

bool SameMetric(const Metric& a, const Metric& b) {
  return a.name == b.name &&
         std::equal(a.points.begin(), a.points.end(), b.points.begin(), b.points.end(),
                    [](const MetricPoint& x, const MetricPoint& y) {
                      return x.step == y.step &&
                             (x.value == y.value || (x.value != x.value && y.value != y.value));
                    });
}

}  // namespace

Status CheckTexts(const CommitRequest& request) {
  DLV_TRY(CheckModelName(request.model));
  DLV_TRY(CheckText("message", request.message, kMaxMessageBytes));
  DLV_TRY(CheckText("author", request.author, kMaxValueBytes));
  DLV_TRY(CheckPairs("hyper-parameter", request.hparams));
  DLV_TRY(CheckPairs("tag", request.tags));
  DLV_TRY(CheckMetrics(request.metrics));
  for (const std::string& alias : request.aliases) DLV_TRY(CheckAliasName(alias));
  return CheckInputs(request);
}

Status CheckRequest(const CommitRequest& request) {
  DLV_TRY(CheckTexts(request));
  if (request.parent_choice == ParentChoice::kGiven && request.parents.empty()) {
    return Error{ErrorCode::kInvalidArgument, "no parent is given"};
  }
  if (request.files.empty() && request.tensors.empty()) {
    return Error{ErrorCode::kInvalidArgument, "nothing to commit: no files and no tensors"};
  }
  return Ok();
}

std::vector<SnapshotPlan> PlanSnapshots(const CommitRequest& request) {
  // (has no step, step): the one without a step comes last.
  std::map<std::pair<bool, std::int64_t>, SnapshotPlan> by_step;
  const auto plan_of = [&](const std::optional<std::int64_t>& step) -> SnapshotPlan& {
    SnapshotPlan& plan = by_step[{!step.has_value(), step.value_or(0)}];
    plan.step = step;
    return plan;
  };
  for (const FileInput& file : request.files) {
    SnapshotPlan& plan = plan_of(file.step);
    plan.files.push_back(file);
    plan.files.back().path = PathOf(file);
  }
  for (const TensorInput& input : request.tensors) {
    plan_of(input.step).from_memory.push_back(input.source);
  }
  std::vector<SnapshotPlan> plans;
  for (auto& [key, plan] : by_step) {
    std::sort(plan.files.begin(), plan.files.end(),
              [](const FileInput& a, const FileInput& b) { return a.path < b.path; });
    plans.push_back(std::move(plan));
  }
  return plans;
}

archive::Manifest StartManifest(const CommitRequest& request) {
  archive::Manifest manifest;
  manifest.model = request.model;
  manifest.message = request.message;
  manifest.hparams = request.hparams;
  manifest.metrics = request.metrics;
  std::sort(manifest.metrics.begin(), manifest.metrics.end(),
            [](const Metric& a, const Metric& b) { return a.name < b.name; });
  return manifest;
}

bool SaysTheSame(const archive::Manifest& latest, const archive::Manifest& fresh) {
  const bool same_hparams =
      std::all_of(fresh.hparams.begin(), fresh.hparams.end(), [&](const auto& pair) {
        const auto found = latest.hparams.find(pair.first);
        return found != latest.hparams.end() && found->second == pair.second;
      });
  const auto by_name = [](const Metric& a, const Metric& b) { return a.name < b.name; };
  const bool same_metrics =
      std::all_of(fresh.metrics.begin(), fresh.metrics.end(), [&](const Metric& metric) {
        const auto found =
            std::lower_bound(latest.metrics.begin(), latest.metrics.end(), metric, by_name);
        return found != latest.metrics.end() && SameMetric(*found, metric);
      });
  return same_hparams && same_metrics && latest.snapshots == fresh.snapshots &&
         std::equal(latest.files.begin(), latest.files.end(), fresh.files.begin(),
                    fresh.files.end(), SameFile);
}

}  // namespace dlv::store
