#include "storage/archive/coded_size.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "storage/codec/chunk_codec.h"
#include "storage/io/parallel.h"

namespace dlv::archive {
namespace {

struct Scratch {
  codec::ChunkEncoder encoder;
  codec::EncodedChunk chunk;
  std::vector<std::byte> raw;
  std::vector<std::byte> base;
};

}  // namespace

Result<std::uint64_t> CodedSize(DType dtype, std::uint64_t element_count,
                                const io::ByteSource& tensor, const io::ByteSource* base,
                                unsigned threads) {
  if (threads == 0) threads = io::DefaultThreads();
  const std::uint64_t chunks =
      (element_count + codec::kMaxChunkElements - 1) / codec::kMaxChunkElements;
  std::vector<Scratch> scratch(threads);
  std::atomic<std::uint64_t> total = 0;
  const auto code = [&](std::uint64_t index, unsigned worker) -> Status {
    Scratch& mine = scratch[worker];
    const std::uint64_t first = index * codec::kMaxChunkElements;
    const auto count = std::min<std::uint64_t>(codec::kMaxChunkElements, element_count - first);
    mine.raw.resize(static_cast<std::size_t>(count) * SizeOf(dtype));
    DLV_TRY(tensor.ReadAt(first * SizeOf(dtype), mine.raw));
    mine.base.resize(base == nullptr ? 0 : mine.raw.size());
    if (base != nullptr) DLV_TRY(base->ReadAt(first * SizeOf(dtype), mine.base));
    DLV_TRY(mine.encoder.Encode(dtype, mine.raw, mine.base, {}, mine.chunk));
    total += mine.chunk.bytes.size();
    return Ok();
  };
  DLV_TRY(io::ParallelFor(chunks, threads, code));
  return total.load();
}

}  // namespace dlv::archive
