#pragma once
/// \file
/// One thread at a time decodes a cluster. Tensors of one cluster are read side by side; those who
/// come while it is being decoded wait, and find it in the cache, in place of fetching and decoding
/// it themselves.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <utility>

#include "storage/archive/framing.h"

namespace dlv::archive {

/// Section ids are content hashes: a copied section has the same clusters.
using ClusterCacheKey = std::pair<SectionId, std::uint32_t>;

class ClusterTurns {
 public:
  /// The turn of one thread at one cluster, until it goes out of scope.
  class Turn {
   public:
    Turn() = default;
    Turn(ClusterTurns& turns, const ClusterCacheKey& key) : turns_(&turns), key_(key) {
      std::unique_lock lock(turns.mutex_);
      turns.free_.wait(lock, [&] { return turns.taken_.insert(key_).second; });
    }
    ~Turn() {
      if (turns_ == nullptr) return;
      {
        const std::lock_guard lock(turns_->mutex_);
        turns_->taken_.erase(key_);
      }
      turns_->free_.notify_all();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    ClusterTurns* turns_ = nullptr;
    ClusterCacheKey key_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  std::set<ClusterCacheKey> taken_;
};

}  // namespace dlv::archive
