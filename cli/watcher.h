#pragma once
/// \file
/// Commits checkpoints as a training writes them.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/watch_rules.h"
#include "cli/watch_scan.h"
#include "cli/watch_state.h"
#include "dlv/progress.h"
#include "dlv/repository.h"

namespace dlv::cli {

struct WatchOptions {
  std::filesystem::path root;    ///< of the repository
  std::filesystem::path folder;  ///< that is watched
  std::string model;
  std::int64_t every_ms = 5000;  ///< how often to look when nothing is told
  bool once = false;             ///< commit what is whole now, and end
  std::vector<KeepRule> keep;
  std::vector<std::string> metric_files;  ///< logs; none: those of usual names in the folder
  CommitRequest base;                     ///< author, optimizer, message
};

/// What a watch tells while it runs.
class WatchListener {
 public:
  virtual ~WatchListener() = default;
  virtual void Started(std::size_t known) = 0;
  virtual void Committed(const Checkpoint& checkpoint, const CommitResult& result) = 0;
  virtual void Removed(const std::vector<std::string>& references) = 0;
  /// A file that is not whole, or is refused: told once, and again when it has changed.
  virtual void Refused(const std::string& name, const Error& error) = 0;
  virtual void Warned(const std::string& text) = 0;
};

/// How the watcher gets at the repository: opened for each change, so that nothing is held between.
using OpenForWriting = std::function<Result<std::unique_ptr<Repository>>()>;

class Watcher {
 public:
  Watcher(WatchOptions options, OpenForWriting open, WatchListener& listener, Operation operation)
      : options_(std::move(options)),
        open_(std::move(open)),
        listener_(listener),
        operation_(operation) {}

  /// Runs until it is asked to stop (which is no error), or once.  Errors: kNotFound (no folder,
  /// with `once`), and those of the repository but for a busy one, which is tried again.
  Status Run();

  std::uint64_t commits() const { return commits_; }
  std::uint64_t refusals() const { return refusals_; }

 private:
  enum class Look { kNothing, kPending };
  Result<Look> LookOnce();
  Result<bool> Handle(const Checkpoint& checkpoint);
  bool IsDone(const Checkpoint& checkpoint) const;
  void Observe(const std::vector<Checkpoint>& found);
  bool IsSettled(const Checkpoint& checkpoint) const;
  bool WaitsForMetric(const Checkpoint& checkpoint, const std::vector<Metric>& metrics);
  Status Inspect(const Checkpoint& checkpoint) const;
  std::vector<Metric> MetricsFor(const Checkpoint& checkpoint);
  Status Commit(const Checkpoint& checkpoint);
  static Result<bool> IsMarked(const Repository& repository, const VersionSummary& version);
  Result<std::vector<KeepCandidate>> Candidates(const Repository& repository,
                                                std::set<std::string>& guarded);
  Status ApplyRules(Repository& repository);
  void Refuse(const Checkpoint& checkpoint, const Error& error);
  void ForgetVanished(const std::vector<Checkpoint>& found);
  std::map<std::string, WatchedCheckpoint>& Known() { return state_.folders[folder_name_]; }
  bool Stopped() const { return operation_.cancel != nullptr && operation_.cancel->cancelled(); }

  const WatchOptions options_;
  const OpenForWriting open_;
  WatchListener& listener_;
  const Operation operation_;
  WatchState state_;
  std::string folder_name_;
  /// What the last look saw: stamp, and when it was first seen so (milliseconds of a steady clock).
  std::map<std::string, std::pair<FileStamp, std::int64_t>> seen_;
  std::map<std::string, int> metric_waits_;
  std::set<std::string> warned_;
  std::uint64_t commits_ = 0, refusals_ = 0;
};

}  // namespace dlv::cli
