#include "storage/io/joint_sha256.h"

#include <algorithm>
#include <cstring>

#include "storage/io/sha256_messages.h"

namespace dlv::io {
namespace {

constexpr std::size_t kBlock = kSha256BlockBytes;
/// Smaller chunks are hashed by themselves.
constexpr std::size_t kLeastChunkBytes = 1024;

std::span<const std::uint8_t> Octets(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

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
