#include "storage/archive/kept_chunks.h"

#include "storage/archive/reader_caches.h"

namespace dlv::archive {

void KeptChunks::Clear() {
  const std::lock_guard lock(mutex_);
  expected_.clear();
  kept_.clear();
  held_bytes_ = 0;
}

void KeptChunks::Expect(const TensorId& tensor, std::uint64_t chunk_count) {
  const std::lock_guard lock(mutex_);
  Expected& expected = expected_[tensor];
  expected.uses += 1;
  expected.chunk_count = chunk_count;
}

/// The count of a chunk that is used twice or more; null for any other.
std::uint32_t* KeptChunks::Left(const TensorId& tensor, std::uint64_t chunk) {
  const auto found = expected_.find(tensor);
  if (found == expected_.end() || found->second.uses < 2) return nullptr;
  Expected& expected = found->second;
  if (chunk >= expected.chunk_count) return nullptr;
  if (expected.left.empty()) {
    expected.left.assign(static_cast<std::size_t>(expected.chunk_count), expected.uses);
  }
  return &expected.left[static_cast<std::size_t>(chunk)];
}

std::optional<KeptChunk> KeptChunks::Take(const TensorId& tensor, std::uint64_t chunk,
                                          unsigned planes) {
  const std::lock_guard lock(mutex_);
  std::uint32_t* left = Left(tensor, chunk);
  if (left == nullptr) return std::nullopt;
  if (*left > 0) *left -= 1;
  const auto found = kept_.find({tensor, chunk});
  if (found == kept_.end()) return std::nullopt;
  std::optional<KeptChunk> kept;
  if (found->second.planes >= planes) kept = found->second;
  if (*left == 0) Drop(found);
  return kept;
}

bool KeptChunks::HasUseFor(const TensorId& tensor, std::uint64_t chunk, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  const std::uint32_t* left = Left(tensor, chunk);
  return left != nullptr && *left > 0 && bytes <= limit_bytes_ - held_bytes_;
}

void KeptChunks::Put(const TensorId& tensor, std::uint64_t chunk, KeptChunk kept) {
  const std::lock_guard lock(mutex_);
  const std::uint32_t* left = Left(tensor, chunk);
  if (left == nullptr || *left == 0) return;
  const Key key{tensor, chunk};
  if (const auto found = kept_.find(key); found != kept_.end()) {
    if (found->second.planes >= kept.planes) return;
    Drop(found);
  }
  const std::uint64_t bytes = kept.bytes->capacity();
  if (bytes > limit_bytes_ - held_bytes_) return;
  held_bytes_ += bytes;
  kept_.emplace(key, std::move(kept));
}

void KeptChunks::Drop(std::map<Key, KeptChunk>::iterator kept) {
  held_bytes_ -= kept->second.bytes->capacity();
  kept_.erase(kept);
}

}  // namespace dlv::archive
