#include "cli/watcher.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>

#include "cli/folder_events.h"
#include "cli/metrics_file.h"
#include "dlv/inspect.h"

namespace dlv::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLongestSettleMs = 1000;
constexpr std::int64_t kOldFileNs = 60'000'000'000;  // nobody writes to it any more
constexpr int kMetricPatience = 3;                   // looks
constexpr std::uintmax_t kLargestLog = 256 << 20;

std::int64_t SteadyMs() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t NowNs() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// The whole lines of a log: the last one may be half written.
Result<std::vector<Metric>> ReadLog(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error || size > kLargestLog)
    return Error{ErrorCode::kIo, path.string() + ": cannot be read as a log"};
  std::ifstream stream(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), {});
  text.resize(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
  if (text.empty()) return std::vector<Metric>();
  return ParseMetrics(text, path.string());
}

std::vector<fs::path> LogsIn(const fs::path& folder) {
  static constexpr std::array<const char*, 7> kNames = {
      "metrics.csv", "metrics.jsonl", "train_log.csv", "log.csv",
      "log.jsonl",   "results.csv",   "history.csv"};
  std::vector<fs::path> logs;
  std::error_code error;
  for (const char* name : kNames) {
    if (fs::is_regular_file(folder / name, error)) logs.push_back(folder / name);
  }
  return logs;
}

}  // namespace

bool Watcher::IsDone(const Checkpoint& checkpoint) const {
  const auto folder = state_.folders.find(folder_name_);
  if (folder == state_.folders.end()) return false;
  const auto known = folder->second.find(checkpoint.name);
  return known != folder->second.end() && known->second.stamp == checkpoint.stamp;
}

void Watcher::Observe(const std::vector<Checkpoint>& found) {
  const std::int64_t now = SteadyMs();
  for (const Checkpoint& checkpoint : found) {
    auto [at, first] = seen_.try_emplace(checkpoint.name, checkpoint.stamp, now);
    if (at->second.first != checkpoint.stamp) at->second = {checkpoint.stamp, now};
  }
}

// Neither size nor time may have changed for a while; what is old already need not be waited for.
bool Watcher::IsSettled(const Checkpoint& checkpoint) const {
  if (!checkpoint.whole) return false;
  if (NowNs() - checkpoint.stamp.modified_ns > kOldFileNs) return true;
  const auto seen = seen_.find(checkpoint.name);
  return seen != seen_.end() &&
         SteadyMs() - seen->second.second >= std::min(options_.every_ms, kLongestSettleMs);
}

Status Watcher::Inspect(const Checkpoint& checkpoint) const {
  bool weights = false;
  for (const FileInput& file : checkpoint.files) {
    if (!IsCheckpointName(file.path)) continue;
    DLV_ASSIGN(const InspectedFile found, InspectFile(file.source));
    weights = weights || found.tensor_count > 0 || !found.note.empty();
    if (found.format == "blob" && found.note.empty() && checkpoint.files.size() == 1) {
      return Error{
          ErrorCode::kInvalidArgument,
          file.source.string() +
              (found.size_bytes == 0 ? ": is empty" : ": is no checkpoint of a known format")};
    }
  }
  if (weights) return Ok();
  return Error{ErrorCode::kInvalidArgument, checkpoint.name + ": there are no tensors in it"};
}

std::vector<Metric> Watcher::MetricsFor(const Checkpoint& checkpoint) {
  std::vector<fs::path> logs(options_.metric_files.begin(), options_.metric_files.end());
  if (logs.empty()) logs = LogsIn(options_.folder);
  std::vector<Metric> metrics;
  for (const fs::path& log : logs) {
    const Result<std::vector<Metric>> read = ReadLog(log);
    if (!read.ok()) {
      if (warned_.insert(log.string()).second)
        listener_.Warned(read.error().message + "; versions are made without its metrics");
      continue;
    }
    for (Metric metric : *read) {
      if (checkpoint.step) {
        std::erase_if(metric.points,
                      [&](const MetricPoint& point) { return point.step > *checkpoint.step; });
      }
      if (!metric.points.empty()) MergeMetric(std::move(metric), metrics);
    }
  }
  return metrics;
}

// A training often writes the checkpoint first and its figures a moment later: a rule that looks at
// a metric waits a few looks for it.
bool Watcher::WaitsForMetric(const Checkpoint& checkpoint, const std::vector<Metric>& metrics) {
  if (!checkpoint.step || options_.once) return false;
  const bool missing =
      std::any_of(options_.keep.begin(), options_.keep.end(), [&](const KeepRule& rule) {
        if (rule.kind != KeepRule::Kind::kBest) return false;
        const auto metric =
            std::find_if(metrics.begin(), metrics.end(),
                         [&](const Metric& candidate) { return candidate.name == rule.metric; });
        return metric == metrics.end() || metric->points.back().step != *checkpoint.step;
      });
  return missing && ++metric_waits_[checkpoint.name] <= kMetricPatience;
}

void Watcher::Refuse(const Checkpoint& checkpoint, const Error& error) {
  ++refusals_;
  Known()[checkpoint.name] = {checkpoint.stamp, ""};
  listener_.Refused(checkpoint.name, error);
}

// Whether somebody gave the version an alias or a tag. Tags that were found in files beside the
// checkpoints (a licence in README.md) are of every version, and mark none.
Result<bool> Watcher::IsMarked(const Repository& repository, const VersionSummary& version) {
  for (const std::string& alias : version.aliases) {
    if (alias != "latest") return true;
  }
  if (version.tags.empty()) return false;
  DLV_ASSIGN(const VersionDetails details, repository.Describe(version.reference()));
  return std::any_of(version.tags.begin(), version.tags.end(),
                     [&](const auto& tag) { return !details.tag_sources.contains(tag.first); });
}

// The versions of this watch that are still there, oldest first; `guarded` are those that an alias
// or a tag protects.
Result<std::vector<KeepCandidate>> Watcher::Candidates(const Repository& repository,
                                                       std::set<std::string>& guarded) {
  ListOptions list;
  list.model_glob = options_.model;
  DLV_ASSIGN(const std::vector<VersionSummary> versions, repository.ListVersions(list));
  std::map<std::string, const VersionSummary*> by_reference;
  for (const VersionSummary& version : versions) by_reference[version.reference()] = &version;
  std::erase_if(state_.made,
                [&](const MadeVersion& made) { return !by_reference.contains(made.reference); });
  std::vector<KeepCandidate> candidates;
  for (const MadeVersion& made : state_.made) {
    const VersionSummary& version = *by_reference[made.reference];
    DLV_ASSIGN(const bool marked, IsMarked(repository, version));
    if (marked) guarded.insert(made.reference);
    candidates.push_back({made.reference, made.step, version.metrics});
  }
  return candidates;
}

Status Watcher::ApplyRules(Repository& repository) {
  if (options_.keep.empty()) return Ok();
  std::set<std::string> guarded;
  DLV_ASSIGN(const std::vector<KeepCandidate> candidates, Candidates(repository, guarded));
  std::vector<std::string> gone = NotKept(options_.keep, candidates);
  std::erase_if(gone, [&](const std::string& reference) { return guarded.contains(reference); });
  if (gone.empty()) return Ok();
  const Result<RemoveResult> removed = repository.Remove(gone, false);
  if (!removed.ok()) {
    listener_.Warned("nothing was removed: " + removed.error().message);
    return Ok();
  }
  std::erase_if(state_.made, [&](const MadeVersion& made) {
    return std::find(gone.begin(), gone.end(), made.reference) != gone.end();
  });
  listener_.Removed(gone);
  return Ok();
}

Status Watcher::Commit(const Checkpoint& checkpoint) {
  CommitRequest request = options_.base;
  request.model = options_.model;
  request.files = checkpoint.files;
  if (request.message.empty())
    request.message =
        checkpoint.step ? "step " + std::to_string(*checkpoint.step) : checkpoint.name;
  request.metrics = MetricsFor(checkpoint);
  DLV_ASSIGN(const std::unique_ptr<Repository> repository, open_());
  DLV_ASSIGN(const CommitResult result, repository->Commit(request, operation_));
  const std::string reference = result.version.reference();
  Known()[checkpoint.name] = {checkpoint.stamp, reference};
  std::erase_if(state_.made, [&](const MadeVersion& made) { return made.reference == reference; });
  state_.made.push_back({reference, checkpoint.step});
  ++commits_;
  listener_.Committed(checkpoint, result);
  for (const std::string& warning : result.warnings) {
    if (warned_.insert(warning).second) listener_.Warned(warning);  // they come with every commit
  }
  return ApplyRules(*repository);
}

// Returns whether later checkpoints may be looked at: versions are made in the order of steps.
Result<bool> Watcher::Handle(const Checkpoint& checkpoint) {
  if (!IsSettled(checkpoint)) return false;
  if (const Status whole = Inspect(checkpoint); !whole.ok()) {
    if (whole.error().code == ErrorCode::kNotFound) return false;  // gone again, or being replaced
    Refuse(checkpoint, whole.error());
    return true;
  }
  if (WaitsForMetric(checkpoint, MetricsFor(checkpoint))) return false;
  const Status committed = Commit(checkpoint);
  if (committed.ok()) return true;
  const Error& error = committed.error();
  if (error.code == ErrorCode::kCancelled) return false;
  if (error.code == ErrorCode::kConflict || error.code == ErrorCode::kNotFound) {
    if (warned_.insert(error.message).second) listener_.Warned(error.message + "; tried again");
    return false;
  }
  if (error.code != ErrorCode::kUnsafe && error.code != ErrorCode::kInvalidArgument) return error;
  Refuse(checkpoint, error);
  return true;
}

void Watcher::ForgetVanished(const std::vector<Checkpoint>& found) {
  std::erase_if(Known(), [&](const auto& known) {
    return std::none_of(found.begin(), found.end(), [&](const Checkpoint& checkpoint) {
      return checkpoint.name == known.first;
    });
  });
}

Result<Watcher::Look> Watcher::LookOnce() {
  DLV_ASSIGN(const std::vector<Checkpoint> found, ScanCheckpoints(options_.folder));
  Observe(found);
  Look look = Look::kNothing;
  for (const Checkpoint& checkpoint : found) {
    if (Stopped()) break;
    if (IsDone(checkpoint)) continue;
    const Result<bool> handled = Handle(checkpoint);
    if (handled.ok() && *handled) {
      DLV_TRY(state_.Write(WatchStatePath(options_.root, options_.model)));
      continue;
    }
    DLV_TRY(handled.ok() ? Ok() : Status(handled.error()));
    look = Look::kPending;
    break;
  }
  ForgetVanished(found);
  return look;
}

Status Watcher::Run() {
  DLV_ASSIGN(state_, WatchState::Read(WatchStatePath(options_.root, options_.model)));
  folder_name_ = WatchedFolderName(options_.root, options_.folder);
  listener_.Started(Known().size());
  FolderEvents events;
  const CancellationToken never;
  const CancellationToken& cancel = operation_.cancel != nullptr ? *operation_.cancel : never;
  const std::int64_t settle = std::min(options_.every_ms, kLongestSettleMs);
  for (int looks = 0; !Stopped(); ++looks) {
    events.Add(options_.folder);
    Result<Look> look = LookOnce();
    if (!look.ok() && look.error().code == ErrorCode::kNotFound && !options_.once) {
      look = Look::kNothing;  // the training has not begun
    }
    DLV_TRY(look.ok() ? Ok() : Status(look.error()));
    if (options_.once && (*look == Look::kNothing || looks == 1)) return Ok();
    const bool pending = *look == Look::kPending;
    if (events.Wait(pending ? settle : options_.every_ms, cancel) || pending)
      events.Wait(settle / 4, cancel);
  }
  return Ok();
}

}  // namespace dlv::cli
