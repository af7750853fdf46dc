#include "storage/store/piecewise_proof.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <variant>

#include "storage/interchange/recipe.h"
#include "storage/io/hash.h"
#include "storage/io/parallel.h"

namespace dlv::store {
namespace {

Result<bool> FileHas(const io::ByteSource& file, std::uint64_t offset,
                     std::span<const std::byte> bytes, std::vector<std::byte>& buffer) {
  buffer.resize(bytes.size());
  DLV_TRY(file.ReadAt(offset, buffer));
  return bytes.empty() || std::memcmp(buffer.data(), bytes.data(), bytes.size()) == 0;
}

}  // namespace

std::optional<PiecewiseProof> PiecewiseProof::Plan(const StoredFile& stored) {
  if (stored.is_blob()) return std::nullopt;
  PiecewiseProof proof(stored);
  for (const interchange::Instruction& item : stored.recipe().instructions) {
    if (const auto* literal = std::get_if<interchange::LiteralPart>(&item.body)) {
      proof.Add(*literal);
    } else if (const auto* part = std::get_if<interchange::TensorPart>(&item.body)) {
      if (!proof.Add(*part)) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return proof;
}

void PiecewiseProof::Add(const interchange::LiteralPart& part) {
  literals_.push_back({part.literal, part.offset, part.size, size_});
  size_ += part.size;
}

bool PiecewiseProof::Add(const interchange::TensorPart& part) {
  const archive::TensorHandle& tensor = *stored_.tensors()[part.tensor];
  const std::uint64_t width = SizeOf(tensor.dtype());
  const bool as_it_is = part.shape.empty() && part.swap_size == 0 && part.element_size == width;
  if (!as_it_is || part.first > tensor.element_count() ||
      part.count > tensor.element_count() - part.first) {
    return false;
  }
  const std::uint64_t end = part.first + part.count;
  for (std::uint64_t at = part.first; at < end;) {
    const std::uint64_t next =
        std::min(end, (at / archive::kChunkElements + 1) * archive::kChunkElements);
    chunks_.push_back({part.tensor, at * width, (next - at) * width, size_});
    size_ += (next - at) * width;
    at = next;
  }
  return true;
}

Result<bool> PiecewiseProof::LiteralsHold(const io::ByteSource& file, Buffers& buffers) const {
  std::optional<std::uint32_t> held;
  for (const Piece& piece : literals_) {
    if (held != piece.number) {
      DLV_ASSIGN(buffers.stored, stored_.ReadLiteral(piece.number));
      held = piece.number;
    }
    if (piece.offset > buffers.stored.size() || piece.size > buffers.stored.size() - piece.offset) {
      return Error{ErrorCode::kCorruption,
                   "recipe: leaves literal " + std::to_string(piece.number)};
    }
    const auto bytes =
        std::span<const std::byte>(buffers.stored)
            .subspan(static_cast<std::size_t>(piece.offset), static_cast<std::size_t>(piece.size));
    DLV_ASSIGN(const bool same, FileHas(file, piece.in_file, bytes, buffers.given));
    if (!same) return false;
  }
  return true;
}

Result<bool> PiecewiseProof::PieceHolds(const Piece& piece, const io::ByteSource& file,
                                        const Evidence& evidence, Buffers& buffers) const {
  const archive::TensorHandle& tensor = *stored_.tensors()[piece.number];
  const std::uint64_t width = SizeOf(tensor.dtype());
  const std::uint64_t first = piece.offset / width;
  const std::uint64_t index = first / archive::kChunkElements;
  buffers.stored.resize(static_cast<std::size_t>(piece.size));
  if (first % archive::kChunkElements == 0 &&
      piece.size == archive::ChunkLength(tensor.element_count(), index) * width) {
    const CheckedChunks checked(evidence.written);
    DLV_ASSIGN(const auto want, checked.ReadBack(tensor, index, buffers.stored));
    const auto passed = evidence.passed.find(piece.number);
    if (want && passed != evidence.passed.end() &&
        passed->second.offset + piece.offset == piece.in_file &&
        index < passed->second.checksums.size() &&
        passed->second.checksums[static_cast<std::size_t>(index)] == *want) {
      return true;
    }
    if (want) {
      buffers.given.resize(buffers.stored.size());
      DLV_TRY(file.ReadAt(piece.in_file, buffers.given));
      if (io::Xxh3(buffers.given) == *want) return true;
    }
  }
  DLV_TRY(stored_.ReadTensor(piece.number, first, buffers.stored));
  return FileHas(file, piece.in_file, buffers.stored, buffers.given);
}

Result<bool> PiecewiseProof::Holds(const io::ByteSource& file, const Evidence& evidence,
                                   const Operation& operation) const {
  if (size_ != file.size()) return false;
  const unsigned threads = operation.threads == 0 ? io::DefaultThreads() : operation.threads;
  std::vector<Buffers> buffers(threads);
  DLV_ASSIGN(const bool literals, LiteralsHold(file, buffers[0]));
  if (!literals) return false;
  std::atomic<bool> differs{false};
  const auto look = [&](std::uint64_t number, unsigned worker) -> Status {
    if (differs.load(std::memory_order_relaxed)) return Ok();
    if (operation.cancel != nullptr && operation.cancel->cancelled()) {
      return Error{ErrorCode::kCancelled, "stopped"};
    }
    DLV_ASSIGN(const bool same, PieceHolds(chunks_[static_cast<std::size_t>(number)], file,
                                           evidence, buffers[worker]));
    if (!same) differs.store(true, std::memory_order_relaxed);
    return Ok();
  };
  DLV_TRY(io::ParallelFor(chunks_.size(), threads, look));
  return !differs.load();
}

}  // namespace dlv::store
