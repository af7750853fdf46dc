#pragma once
/// \file
/// Counts bytes for a ProgressSink, from any thread.

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "dlv/commit.h"
#include "dlv/progress.h"

namespace dlv::store {

/// Thread-safe.
class ProgressMeter {
 public:
  ProgressMeter(const Operation& operation, std::string_view stage, std::uint64_t total)
      : sink_(operation.progress), stage_(stage), total_(total) {}
  /// Total: the sizes of the request's files and tensors.
  ProgressMeter(const Operation& operation, std::string_view stage, const CommitRequest& request);

  void Add(std::uint64_t bytes) {
    if (sink_ == nullptr) return;
    const std::lock_guard guard(mutex_);
    done_ += bytes;
    sink_->Report(stage_, done_ < total_ || total_ == 0 ? done_ : total_, total_);
  }
  /// Begins to count anew.
  void Stage(std::string_view stage) {
    const std::lock_guard guard(mutex_);
    stage_ = stage;
    done_ = 0;
  }

 private:
  ProgressSink* sink_;
  std::mutex mutex_;
  std::string stage_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace dlv::store
