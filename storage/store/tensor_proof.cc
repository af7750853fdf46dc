#include "storage/store/tensor_proof.h"

#include <algorithm>

#include "storage/archive/directory.h"
#include "storage/io/chunk_hashes.h"
#include "storage/io/hash.h"

namespace dlv::store {
namespace {

constexpr std::size_t kMostWaiting = 1024;

/// Chunks are hashed when they fill the vectors of this processor.
std::size_t EnoughBytes(DType dtype) {
  return std::min(TensorProof::kMostWaitingBytes,
                  io::HashChunksAtOnce() * archive::kChunkElements * SizeOf(dtype));
}

}  // namespace

TensorProof::TensorProof(std::span<const std::shared_ptr<const archive::TensorHandle>> tensors)
    : tensors_(tensors), ids_(tensors.size()), differs_(tensors.size(), false) {}

void TensorProof::Add(const ChunkNumber& number,
                      std::shared_ptr<const std::vector<std::byte>> bytes) {
  std::vector<Waiting> full;
  {
    const std::lock_guard guard(mutex_);
    waiting_bytes_ += bytes->size();
    waiting_.push_back({number, std::move(bytes)});
    if (waiting_bytes_ < EnoughBytes(tensors_[number.tensor]->dtype()) &&
        waiting_.size() < kMostWaiting)
      return;
    full.swap(waiting_);
    waiting_bytes_ = 0;
  }
  Hash(std::move(full));
}

void TensorProof::Hash(std::vector<Waiting> chunks) {
  const auto kind = [this](const Waiting& chunk) {
    return std::pair(tensors_[chunk.number.tensor]->dtype(), chunk.bytes->size());
  };
  std::ranges::sort(chunks, {}, kind);  // equal ones side by side
  for (auto first = chunks.begin(); first != chunks.end();) {
    const DType dtype = kind(*first).first;
    const auto last =
        std::find_if(first, chunks.end(), [&](const Waiting& c) { return kind(c).first != dtype; });
    const std::span run(first, last);
    std::vector<std::span<const std::byte>> bytes;
    for (const Waiting& chunk : run) bytes.emplace_back(*chunk.bytes);
    std::vector<ChunkId> ids(bytes.size());
    io::HashChunks(dtype, bytes, ids);
    Keep(run, ids);
    first = last;
  }
}

void TensorProof::Keep(std::span<const Waiting> chunks, std::span<const ChunkId> ids) {
  const std::lock_guard guard(mutex_);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const ChunkNumber& number = chunks[i].number;
    std::vector<ChunkId>& known = ids_[number.tensor];
    if (known.empty()) known.resize(archive::ChunkCount(tensors_[number.tensor]->element_count()));
    ChunkId& id = known[number.chunk];
    if (id != ChunkId() && id != ids[i]) differs_[number.tensor] = true;
    id = ids[i];
  }
}

Status TensorProof::ReadMissing(archive::TensorReader& reader, std::uint32_t tensor) {
  const archive::TensorHandle& handle = *tensors_[tensor];
  std::vector<ChunkId>& ids = ids_[tensor];
  std::vector<std::byte> bytes;
  for (std::size_t chunk = 0; chunk < ids.size(); ++chunk) {
    if (ids[chunk] != ChunkId()) continue;
    bytes.resize(static_cast<std::size_t>(archive::ChunkLength(handle.element_count(), chunk) *
                                          SizeOf(handle.dtype())));
    DLV_TRY(reader.Read(handle, chunk * archive::kChunkElements, bytes));
    ids[chunk] = io::HashChunk(handle.dtype(), bytes);
  }
  return Ok();
}

Status TensorProof::Finish(archive::TensorReader& reader) {
  Hash(std::move(waiting_));
  waiting_.clear();
  waiting_bytes_ = 0;
  for (std::uint32_t tensor = 0; tensor < ids_.size(); ++tensor) {
    if (ids_[tensor].empty()) continue;
    DLV_TRY(ReadMissing(reader, tensor));
    const archive::TensorHandle& handle = *tensors_[tensor];
    const TensorId id = io::HashTensor(handle.dtype(), handle.element_count(), ids_[tensor]);
    if (id == handle.id() && !differs_[tensor]) continue;
    return Error{ErrorCode::kCorruption,
                 "tensor " + handle.id().Hex(16) + ": decodes to another one, " + id.Hex(16),
                 "see what is damaged with: dlv fsck --full"};
  }
  return Ok();
}

}  // namespace dlv::store
