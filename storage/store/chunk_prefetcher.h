#pragma once
/// \file
/// Decodes the chunks of tensors ahead of a reader that goes through them in order.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/tensor_reader.h"
#include "storage/store/checked_chunks.h"
#include "storage/store/chunk_number.h"
#include "storage/store/tensor_proof.h"

namespace dlv::store {

/// `planes` as in TensorReader. Read may be called from one thread only. Memory: (threads + 6)
/// chunks.
class ChunkPrefetcher {
 public:
  /// `order`: the chunks in the order in which they will be read. `checked`: chunks that need not
  /// be decoded, or null. `proof`: is given every decoded chunk, or null. All that is given must
  /// outlive this object.
  ChunkPrefetcher(archive::TensorReader& reader,
                  std::span<const std::shared_ptr<const archive::TensorHandle>> tensors,
                  std::vector<ChunkNumber> order, unsigned threads, unsigned planes = 0,
                  const CheckedChunks* checked = nullptr, TensorProof* proof = nullptr);
  ~ChunkPrefetcher();
  ChunkPrefetcher(const ChunkPrefetcher&) = delete;
  ChunkPrefetcher& operator=(const ChunkPrefetcher&) = delete;

  /// Fills `out` from byte `offset` of tensor `tensor`; may cross chunks. Reading out of order is
  /// right, but slow.
  Status Read(std::uint32_t tensor, std::uint64_t offset, std::span<std::byte> out);

  /// Returns the fewest planes given among the chunks that were not exact; 0: all were exact.
  unsigned planes_given() const { return planes_given_; }

 private:
  struct Slot {
    ChunkNumber number;
    bool ready = false;
    Status status;
    std::vector<std::byte> bytes;
  };
  void Work();
  Status Decode(const ChunkNumber& number, std::vector<std::byte>& bytes);
  void Prove(const std::shared_ptr<Slot>& slot);
  /// Returns the chunk, from the window where it is there. Valid until the next call.
  Result<std::span<const std::byte>> Chunk(const ChunkNumber& number);

  archive::TensorReader& reader_;
  std::span<const std::shared_ptr<const archive::TensorHandle>> tensors_;
  std::vector<ChunkNumber> order_;
  unsigned planes_ = 0;
  const CheckedChunks* checked_;
  TensorProof* proof_;
  std::atomic<unsigned> planes_given_{0};
  std::size_t window_ = 0;
  std::mutex mutex_;
  std::condition_variable work_ready_, chunk_ready_;
  std::deque<std::shared_ptr<Slot>> slots_;  ///< of order_[first_] on
  std::size_t first_ = 0;                    ///< place in order_ of the first slot
  std::size_t next_ = 0;                     ///< place in order_ that a worker takes next
  bool stop_ = false;
  std::shared_ptr<Slot> last_;  ///< what Chunk gave out
  std::vector<std::thread> workers_;
};

}  // namespace dlv::store
