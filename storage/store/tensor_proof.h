#pragma once
/// \file
/// Proving by their ids that tensors were read back exactly, while they are read.

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/archive/tensor_reader.h"
#include "storage/store/chunk_number.h"

namespace dlv::store {

/// Hashes decoded chunks, several side by side (io/chunk_hashes.h), and compares each tensor's id
/// in the end. A tensor's id is a SHA-256 of its chunks' ids, so this proves as much of its values
/// as a SHA-256 of the file would, which has to go through the bytes one after the other.
///
/// Thread-safe, but for Finish. Memory: kMostWaitingBytes and 32 bytes a chunk.
class TensorProof {
 public:
  static constexpr std::size_t kMostWaitingBytes = 16u << 20;

  /// `tensors` must outlive this object.
  explicit TensorProof(std::span<const std::shared_ptr<const archive::TensorHandle>> tensors);

  /// Takes a whole decoded chunk, which nobody may change any more. Hashes those that wait, on this
  /// thread, when there are enough of them.
  void Add(const ChunkNumber& number, std::shared_ptr<const std::vector<std::byte>> bytes);

  /// Returns whether every tensor of which a chunk was added is the one that its id says. Chunks of
  /// such tensors that were not added are read for it.
  /// Errors: kCorruption naming the tensor; those of TensorReader.
  Status Finish(archive::TensorReader& reader);

 private:
  struct Waiting {
    ChunkNumber number;
    std::shared_ptr<const std::vector<std::byte>> bytes;
  };
  void Hash(std::vector<Waiting> chunks);
  void Keep(std::span<const Waiting> chunks, std::span<const ChunkId> ids);
  /// Of one tensor; it has all of its ids afterwards.
  Status ReadMissing(archive::TensorReader& reader, std::uint32_t tensor);

  std::span<const std::shared_ptr<const archive::TensorHandle>> tensors_;
  std::mutex mutex_;
  std::vector<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::vector<std::vector<ChunkId>> ids_;  ///< by tensor; empty until one is known, zeros: unknown
  std::vector<bool> differs_;              ///< by tensor: decoded twice, to other bytes
};

}  // namespace dlv::store
