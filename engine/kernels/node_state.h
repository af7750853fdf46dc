#pragma once
/// \file
/// What a node keeps from one run to the next: chosen algorithms, packed weights.

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace dlv::kernels {

/// Work that a kernel has done for operands of certain shapes and need not do again.
class KeptWork {
 public:
  virtual ~KeptWork() = default;
};

/// The work kept for one node, newest last: a few kinds of operands (batch sizes). Thread-safe.
class NodeState {
 public:
  static constexpr std::size_t kMostKept = 3;

  /// Returns what `fits`, or null. `Work` is the type that the node's kernel puts in.
  template <class Work, class Fits>
  std::shared_ptr<const Work> Find(Fits&& fits) const {
    const std::lock_guard lock(mutex_);
    for (auto at = kept_.rbegin(); at != kept_.rend(); ++at) {
      auto work = std::static_pointer_cast<const Work>(*at);
      if (fits(*work)) return work;
    }
    return nullptr;
  }

  /// The oldest goes where there are too many.
  void Put(std::shared_ptr<const KeptWork> work) {
    const std::lock_guard lock(mutex_);
    if (kept_.size() == kMostKept) kept_.erase(kept_.begin());
    kept_.push_back(std::move(work));
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const KeptWork>> kept_;  ///< shared with runs that use it
};

}  // namespace dlv::kernels
