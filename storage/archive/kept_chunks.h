#pragma once
/// \file
/// Decoded chunks that one retrieval needs more than once: a base that several of its tensors are
/// built on, or that is asked for itself as well (the reusable scheme of the planner).

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "dlv/ids.h"

namespace dlv::archive {

class Buffer;

/// A decoded chunk and how much of it.
struct KeptChunk {
  std::shared_ptr<const Buffer> bytes;  ///< shared with the reads that use it just now
  unsigned planes = 0;
};

/// Counts the uses that are still to come, keeps a chunk while there are any, and never holds more
/// than its limit: what finds no room is decoded again when it is wanted. Keeping what came first
/// (rather than what came last) is what serves a series that is read in order and is larger than
/// the limit: the same part of every snapshot stays. Thread-safe.
class KeptChunks {
 public:
  explicit KeptChunks(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  /// Forgets all chunks and all that was expected.
  void Clear();
  /// Says that each chunk of the tensor will be used once more.
  void Expect(const TensorId& tensor, std::uint64_t chunk_count);
  /// Takes one use of a chunk; returns it where it is kept with `planes` planes or more.
  std::optional<KeptChunk> Take(const TensorId& tensor, std::uint64_t chunk, unsigned planes);
  /// Whether Put would keep a chunk of that size.
  bool HasUseFor(const TensorId& tensor, std::uint64_t chunk, std::uint64_t bytes);
  /// Keeps the chunk until its last use, if there is one to come and room.
  void Put(const TensorId& tensor, std::uint64_t chunk, KeptChunk kept);

 private:
  struct Expected {
    std::uint32_t uses = 0;
    std::uint64_t chunk_count = 0;
    std::vector<std::uint32_t> left;  ///< by chunk; empty before the first use
  };
  using Key = std::pair<TensorId, std::uint64_t>;
  std::uint32_t* Left(const TensorId& tensor, std::uint64_t chunk);
  void Drop(std::map<Key, KeptChunk>::iterator kept);

  std::uint64_t limit_bytes_;
  std::mutex mutex_;
  std::map<TensorId, Expected> expected_;
  std::map<Key, KeptChunk> kept_;
  std::uint64_t held_bytes_ = 0;
};

}  // namespace dlv::archive
