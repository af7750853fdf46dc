#pragma once
/// \file
/// The SHA-256 of a file and the ids of chunks in it, taken together: one message leaves the
/// processor's instructions for SHA-256 idle half of the time, and a second one costs next to
/// nothing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "dlv/dtype.h"
#include "dlv/ids.h"
#include "storage/io/hash.h"
#include "storage/io/sha256_eightfold.h"
#include "storage/io/sha256_lanes.h"

namespace dlv::io {

/// Whether this processor gains by it. Without, it takes one digest after the other.
bool HasJointSha256();

/// Gives what Sha256 and HashChunk give.
class JointSha256 {
 public:
  /// `expects_chunks`: without, the file alone is hashed as fast as that goes; a chunk is hashed by
  /// itself then.
  explicit JointSha256(bool expects_chunks = true);

  /// The next bytes of the file.
  void Update(std::span<const std::byte> bytes);
  /// The next bytes of the file, which are a chunk as well; returns its id.
  ChunkId UpdateChunk(DType dtype, std::span<const std::byte> bytes);

  /// How many chunks of one length are best given together; 1 where nothing is gained by more.
  static std::size_t ChunksAtOnce();
  /// The next bytes of the file, in which there are chunks of one length: `offsets` in rising
  /// order, apart from each other, one id for each.
  void UpdateChunks(DType dtype, std::span<const std::byte> bytes,
                    std::span<const std::size_t> offsets, std::size_t chunk_bytes,
                    std::span<ChunkId> ids);
  /// Of the file. Nothing may be called afterwards.
  FileDigest Finish();

 private:
  using Block = const std::uint8_t*;
  static constexpr unsigned kFile = 0, kChunk = 1;
  /// Hashes blocks of both messages, or of one where the other is null.
  void Compress(Block file, Block chunk, std::size_t count);
  /// The first block of the file's that `bytes` complete; returns how many it took of them.
  std::size_t FirstBlock(std::span<const std::uint8_t> bytes, Block chunk);
  void Keep(std::span<const std::uint8_t> bytes);
  /// As UpdateChunks, with chunks from kLeastAtOnce to EightfoldSha256::kLanes.
  void UpdateSideBySide(const EightfoldSha256& form, DType dtype, std::span<const std::byte> bytes,
                        std::span<const std::size_t> offsets, std::size_t chunk_bytes,
                        std::span<ChunkId> ids);
  void GetDigest(unsigned lane, std::uint8_t* digest) const;

  const Sha256Lanes* form_;  ///< of two lanes, or null
  std::optional<Sha256> one_by_one_;
  std::array<std::uint32_t, 16> state_{};
  std::array<std::uint8_t, 64> kept_{};  ///< bytes of the file that fill no block yet
  std::size_t kept_bytes_ = 0;
  std::uint64_t total_bytes_ = 0;
};

}  // namespace dlv::io
