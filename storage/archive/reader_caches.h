#pragma once
/// \file
/// What a TensorReader keeps between reads: decoders, buffers, decoded clusters, open handles. All
/// thread-safe.

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/archive/cluster_turns.h"
#include "storage/archive/coded_prefixes.h"
#include "storage/archive/framing.h"
#include "storage/archive/kept_chunks.h"
#include "storage/archive/tensor_reader.h"
#include "storage/codec/chunk_codec.h"
#include "storage/io/parallel.h"

namespace dlv::archive {

/// Uninitialised memory that is used again: clearing and faulting in fresh pages costs as much as
/// decoding.
class Buffer {
 public:
  Buffer() = default;
  void Resize(std::size_t size) {
    if (size > capacity_) {
      data_.reset(new std::byte[size]);
      capacity_ = size;
    }
    size_ = size;
  }
  std::span<std::byte> bytes() { return {data_.get(), size_}; }
  std::span<const std::byte> bytes() const { return {data_.get(), size_}; }
  std::size_t capacity() const { return capacity_; }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0, capacity_ = 0;
};

/// Keeps things for the next taker, up to `limit`.
template <class T>
class Pool {
 public:
  explicit Pool(std::size_t limit) : limit_(limit) {}
  T Take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return T();
    T item = std::move(free_.back());
    free_.pop_back();
    return item;
  }
  void Give(T item) {
    const std::lock_guard lock(mutex_);
    if (free_.size() < limit_) free_.push_back(std::move(item));
  }

 private:
  std::size_t limit_;
  std::mutex mutex_;
  std::vector<T> free_;
};

/// Decoded bytes that cache and readers share: whoever lets go last frees them.
using SharedBytes = std::shared_ptr<const Buffer>;

/// A least-recently-used map bounded by bytes.
template <class Key, class Value,
          class Map = std::map<
              Key, typename std::list<std::pair<Key, std::pair<Value, std::uint64_t>>>::iterator>>
class LruCache {
 public:
  explicit LruCache(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}
  bool Get(const Key& key, Value* value) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return false;
    recent_.splice(recent_.begin(), recent_, found->second);
    *value = found->second->second.first;
    return true;
  }
  void Put(const Key& key, Value value, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) Drop(found->second);
    if (bytes > limit_bytes_) return;
    recent_.push_front({key, {std::move(value), bytes}});
    by_key_[key] = recent_.begin();
    held_bytes_ += bytes;
    while (held_bytes_ > limit_bytes_) Drop(std::prev(recent_.end()));
  }
  void Clear() {
    const std::lock_guard lock(mutex_);
    by_key_.clear();
    recent_.clear();
    held_bytes_ = 0;
  }

 private:
  using List = std::list<std::pair<Key, std::pair<Value, std::uint64_t>>>;
  void Drop(typename List::iterator item) {
    held_bytes_ -= item->second.second;
    by_key_.erase(item->first);
    recent_.erase(item);
  }
  std::uint64_t limit_bytes_;
  std::mutex mutex_;
  List recent_;
  Map by_key_;
  std::uint64_t held_bytes_ = 0;
};

/// A decoded cluster and how much of it.
struct CachedCluster {
  SharedBytes bytes;
  unsigned planes = 0;
};

struct TensorReader::Shared {
  Shared(ObjectLocator& the_locator, ReaderOptions the_options)
      : locator(the_locator),
        options(the_options),
        clusters(the_options.cluster_cache_bytes),
        handles(the_options.handle_cache_bytes),
        decoding(static_cast<std::ptrdiff_t>(io::DefaultThreads())),
        kept(the_options.kept_chunk_bytes) {}
  ObjectLocator& locator;
  ReaderOptions options;
  Pool<std::unique_ptr<codec::ChunkDecoder>> decoders{64};
  Pool<Buffer> buffers{64};
  LruCache<ClusterCacheKey, CachedCluster> clusters;
  /// For the cluster that a tensor stands in, then for the one that its chain ends at: what rests
  /// on one base is made one after the other until that is there.
  ClusterTurns turns, base_turns;
  LruCache<TensorId, std::shared_ptr<const TensorHandle>> handles;
  /// Threads that wait for the disk are more than processors; those that decode are not, so that
  /// what they work on stays in the caches.
  std::counting_semaphore<> decoding;
  KeptChunks kept;  // after `buffers`, which its chunks go back to
  CodedPrefixes prefixes;
  std::atomic<std::uint64_t> fetched_bytes{0};
  std::atomic<std::uint64_t> decoded_units{0};
};

}  // namespace dlv::archive
