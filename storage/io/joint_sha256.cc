#include "storage/io/joint_sha256.h"

#include <algorithm>
#include <cstring>

#include "dlv/result.h"
#include "storage/io/sha256_messages.h"

namespace dlv::io {
namespace {

constexpr std::size_t kBlock = kSha256BlockBytes;
/// Smaller chunks are hashed by themselves.
constexpr std::size_t kLeastChunkBytes = 1024;
/// Fewer chunks leave so many of the eight lanes idle that pairs are as fast.
constexpr std::size_t kLeastAtOnce = 6;

std::span<const std::uint8_t> Octets(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

/// The ids of chunks in the lanes of a form, where lanes that are left over repeat the first chunk.
class ChunkLanes {
 public:
  using Block = const std::uint8_t*;
  static constexpr unsigned kChunkLanes = EightfoldSha256::kLanes;

  /// `chunks`: the first byte of each.
  ChunkLanes(const EightfoldSha256& form, DType dtype, std::size_t chunk_bytes,
             std::span<const Block> chunks)
      : form_(form),
        chunk_bytes_(chunk_bytes),
        prefix_(ChunkPrefix(dtype, chunk_bytes / SizeOf(dtype))) {
    for (unsigned i = 0; i < state_.size(); ++i) state_[i] = kSha256Start[i / kChunkLanes];
    for (unsigned lane = 0; lane < kChunkLanes; ++lane) {
      next_[lane] = chunks[lane < chunks.size() ? lane : 0];
    }
    const std::size_t head = kBlock - prefix_.size();
    Edge([&](std::uint8_t* out, Block chunk) {
      std::copy(prefix_.begin(), prefix_.end(), out);
      std::memcpy(out + prefix_.size(), chunk, head);
      return std::size_t{1};
    });
    Advance(head);
  }

  std::size_t blocks_left() const { return left_ / kBlock; }

  /// Takes `count` blocks of each chunk, and of the file eight times as many.
  void Take(std::size_t count, Block file, std::uint32_t* file_state) {
    form_.compress(next_.data(), count, state_.data(), file, file_state);
    Advance(count * kBlock);
  }

  /// Takes what is left of the chunks. Nothing may be called afterwards but Id.
  void Finish() {
    static constexpr std::array<std::uint8_t, kChunkLanes * kBlock> kNoFile{};
    std::array<std::uint32_t, 8> unused{};
    while (blocks_left() != 0) Take(1, kNoFile.data(), unused.data());
    Edge([&](std::uint8_t* out, Block rest) {
      std::memcpy(out, rest, left_);
      return PadSha256(out, left_, prefix_.size() + chunk_bytes_);
    });
  }

  ChunkId Id(unsigned lane) const {
    ChunkId id;
    for (unsigned i = 0; i < 32; ++i) {
      id.bytes[i] =
          static_cast<std::uint8_t>(state_[(i / 4) * kChunkLanes + lane] >> (24 - 8 * (i % 4)));
    }
    return id;
  }

 private:
  void Advance(std::size_t bytes) {
    for (Block& next : next_) next += bytes;
    left_ -= bytes;
  }

  /// Takes the one or two blocks that `fill` makes for each lane.
  template <class Fill>
  void Edge(const Fill& fill) {
    static constexpr std::array<std::uint8_t, 2 * kChunkLanes * kBlock> kNoFile{};
    std::array<std::array<std::uint8_t, 2 * kBlock>, kChunkLanes> edges;
    std::array<Block, kChunkLanes> blocks{};
    std::array<std::uint32_t, 8> unused{};
    std::size_t count = 0;
    for (unsigned lane = 0; lane < kChunkLanes; ++lane) {
      count = fill(edges[lane].data(), next_[lane]);
      blocks[lane] = edges[lane].data();
    }
    form_.compress(blocks.data(), count, state_.data(), kNoFile.data(), unused.data());
  }

  const EightfoldSha256& form_;
  const std::size_t chunk_bytes_;
  std::size_t left_ = chunk_bytes_;  ///< of each chunk
  const std::array<std::uint8_t, kChunkPrefixBytes> prefix_;
  std::array<std::uint32_t, 8 * kChunkLanes> state_{};
  std::array<Block, kChunkLanes> next_{};
};

}  // namespace

bool HasJointSha256() { return PairedSha256Lanes() != nullptr; }

JointSha256::JointSha256(bool expects_chunks)
    : form_(expects_chunks ? PairedSha256Lanes() : nullptr) {
  if (form_ == nullptr) one_by_one_.emplace();
  for (unsigned i = 0; i < state_.size(); ++i) state_[i] = kSha256Start[i / 2];
}

void JointSha256::Compress(Block file, Block chunk, std::size_t count) {
  if (count == 0) return;
  const std::array<std::uint32_t, 16> before = state_;
  const Block blocks[] = {file != nullptr ? file : chunk, chunk != nullptr ? chunk : file};
  form_->compress(blocks, count, state_.data());
  for (unsigned word = 0; word < 8; ++word) {
    if (file == nullptr) state_[2 * word + kFile] = before[2 * word + kFile];
    if (chunk == nullptr) state_[2 * word + kChunk] = before[2 * word + kChunk];
  }
}

void JointSha256::Keep(std::span<const std::uint8_t> bytes) {
  std::copy(bytes.begin(), bytes.end(), kept_.begin() + static_cast<std::ptrdiff_t>(kept_bytes_));
  kept_bytes_ += bytes.size();
}

std::size_t JointSha256::FirstBlock(std::span<const std::uint8_t> bytes, Block chunk) {
  const std::size_t taken = kBlock - kept_bytes_;
  Keep(bytes.first(taken));
  Compress(kept_.data(), chunk, 1);
  kept_bytes_ = 0;
  return taken;
}

void JointSha256::Update(std::span<const std::byte> bytes) {
  if (one_by_one_) return one_by_one_->Update(bytes);
  total_bytes_ += bytes.size();
  auto rest = Octets(bytes);
  if (kept_bytes_ + rest.size() < kBlock) return Keep(rest);
  if (kept_bytes_ != 0) rest = rest.subspan(FirstBlock(rest, nullptr));
  Compress(rest.data(), nullptr, rest.size() / kBlock);
  Keep(rest.last(rest.size() % kBlock));
}

ChunkId JointSha256::UpdateChunk(DType dtype, std::span<const std::byte> bytes) {
  if (one_by_one_ || bytes.size() < kLeastChunkBytes) {
    Update(bytes);
    return HashChunk(dtype, bytes);
  }
  for (unsigned word = 0; word < 8; ++word) state_[2 * word + kChunk] = kSha256Start[word];
  total_bytes_ += bytes.size();
  const auto prefix = ChunkPrefix(dtype, bytes.size() / SizeOf(dtype));
  std::array<std::uint8_t, 2 * kBlock> edge;  // the chunk's first block, then its last ones
  const std::size_t head = kBlock - prefix.size();
  auto chunk = Octets(bytes);
  std::copy(prefix.begin(), prefix.end(), edge.begin());
  std::memcpy(edge.data() + prefix.size(), chunk.data(), head);
  auto file = chunk.subspan(FirstBlock(chunk, edge.data()));
  chunk = chunk.subspan(head);
  const std::size_t both = std::min(file.size(), chunk.size()) / kBlock;
  Compress(file.data(), chunk.data(), both);
  file = file.subspan(both * kBlock);
  chunk = chunk.subspan(both * kBlock);
  Compress(file.data(), nullptr, file.size() / kBlock);
  Compress(nullptr, chunk.data(), chunk.size() / kBlock);
  Keep(file.last(file.size() % kBlock));
  chunk = chunk.last(chunk.size() % kBlock);
  std::memcpy(edge.data(), chunk.data(), chunk.size());
  Compress(nullptr, edge.data(),
           PadSha256(edge.data(), chunk.size(), prefix.size() + bytes.size()));
  ChunkId id;
  GetDigest(kChunk, id.bytes.data());
  return id;
}

std::size_t JointSha256::ChunksAtOnce() {
  return FastEightfoldSha256() == nullptr ? 1 : EightfoldSha256::kLanes;
}

void JointSha256::UpdateChunks(DType dtype, std::span<const std::byte> bytes,
                               std::span<const std::size_t> offsets, std::size_t chunk_bytes,
                               std::span<ChunkId> ids) {
  DLV_CHECK(ids.size() == offsets.size(), "one id for each chunk");
  const EightfoldSha256* const form =
      form_ == nullptr || chunk_bytes < kLeastChunkBytes ? nullptr : FastEightfoldSha256();
  std::size_t taken = 0;  // bytes
  while (!offsets.empty()) {
    const std::size_t count = std::min<std::size_t>(offsets.size(), EightfoldSha256::kLanes);
    if (form != nullptr && count >= kLeastAtOnce) {
      const std::size_t end = offsets[count - 1] + chunk_bytes;
      std::array<std::size_t, EightfoldSha256::kLanes> places{};
      for (std::size_t i = 0; i < count; ++i) places[i] = offsets[i] - taken;
      UpdateSideBySide(*form, dtype, bytes.subspan(taken, end - taken),
                       std::span(places).first(count), chunk_bytes, ids.first(count));
      taken = end;
      offsets = offsets.subspan(count);
      ids = ids.subspan(count);
      continue;
    }
    Update(bytes.subspan(taken, offsets[0] - taken));
    ids[0] = UpdateChunk(dtype, bytes.subspan(offsets[0], chunk_bytes));
    taken = offsets[0] + chunk_bytes;
    offsets = offsets.subspan(1);
    ids = ids.subspan(1);
  }
  Update(bytes.subspan(taken));
}

void JointSha256::UpdateSideBySide(const EightfoldSha256& form, DType dtype,
                                   std::span<const std::byte> bytes,
                                   std::span<const std::size_t> offsets, std::size_t chunk_bytes,
                                   std::span<ChunkId> ids) {
  auto file = Octets(bytes);
  total_bytes_ += file.size();
  std::array<Block, EightfoldSha256::kLanes> chunks{};
  for (std::size_t i = 0; i < offsets.size(); ++i) chunks[i] = file.data() + offsets[i];
  ChunkLanes lanes(form, dtype, chunk_bytes, std::span(chunks).first(offsets.size()));
  if (kept_bytes_ != 0) file = file.subspan(FirstBlock(file, nullptr));
  std::array<std::uint32_t, 8> state{};
  for (unsigned word = 0; word < 8; ++word) state[word] = state_[2 * word + kFile];
  const std::size_t both =
      std::min(lanes.blocks_left(), file.size() / (EightfoldSha256::kLanes * kBlock));
  lanes.Take(both, file.data(), state.data());
  for (unsigned word = 0; word < 8; ++word) state_[2 * word + kFile] = state[word];
  file = file.subspan(both * EightfoldSha256::kLanes * kBlock);
  Compress(file.data(), nullptr, file.size() / kBlock);
  Keep(file.last(file.size() % kBlock));
  lanes.Finish();
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = lanes.Id(static_cast<unsigned>(i));
}

FileDigest JointSha256::Finish() {
  if (one_by_one_) return one_by_one_->Finish<FileDigest>();
  std::array<std::uint8_t, 2 * kBlock> edge;
  std::memcpy(edge.data(), kept_.data(), kept_bytes_);
  Compress(edge.data(), nullptr, PadSha256(edge.data(), kept_bytes_, total_bytes_));
  FileDigest digest;
  GetDigest(kFile, digest.bytes.data());
  return digest;
}

void JointSha256::GetDigest(unsigned lane, std::uint8_t* digest) const {
  for (unsigned i = 0; i < 32; ++i) {
    digest[i] = static_cast<std::uint8_t>(state_[2 * (i / 4) + lane] >> (24 - 8 * (i % 4)));
  }
}

}  // namespace dlv::io
