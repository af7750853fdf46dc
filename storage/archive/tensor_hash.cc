#include "storage/archive/tensor_hash.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "storage/archive/directory.h"
#include "storage/codec/chunk_header.h"
#include "storage/io/chunk_hashes.h"
#include "storage/io/hash.h"
#include "storage/io/parallel.h"

namespace dlv::archive {
namespace {

constexpr std::uint64_t kMostBytesAtOnce = 8u << 20;  // 16 chunks of f32
constexpr unsigned kMostThreadsAtOnce = 8;            // that hold so much; faster than memory

}  // namespace

Result<TensorHash> HashTensorSource(const io::ByteSource& raw, DType dtype,
                                    std::uint64_t element_count, unsigned threads) {
  const std::size_t element_bytes = SizeOf(dtype);
  if (element_count > kMaxElementCount || raw.size() != element_count * element_bytes) {
    return Error{ErrorCode::kInvalidArgument, "tensor: source has " + std::to_string(raw.size()) +
                                                  " bytes, want " + std::to_string(element_count) +
                                                  " elements of " + std::to_string(element_bytes)};
  }
  const std::uint64_t chunks = ChunkCount(element_count);
  TensorHash hash;
  hash.chunks.resize(static_cast<std::size_t>(chunks));
  hash.checksums.resize(static_cast<std::size_t>(chunks));
  // Several chunks are read and hashed at a time: bounded, as each thread holds them.
  const std::uint64_t chunk_bytes = kChunkElements * element_bytes;
  const std::uint64_t at_once = std::clamp<std::uint64_t>(
      kMostBytesAtOnce / chunk_bytes, 1, std::max<std::uint64_t>(io::HashChunksAtOnce(), 1));
  const std::uint64_t groups = (chunks + at_once - 1) / at_once;
  if (threads == 0) threads = io::DefaultThreads();
  if (at_once > 1) threads = std::min(threads, kMostThreadsAtOnce);
  std::vector<std::vector<std::byte>> buffers(threads);
  const auto hash_group = [&](std::uint64_t group, unsigned worker) -> Status {
    const std::uint64_t first = group * at_once;
    const auto count = static_cast<std::size_t>(std::min(at_once, chunks - first));
    const std::uint64_t offset = first * chunk_bytes;
    std::vector<std::byte>& buffer = buffers[worker];
    buffer.resize(static_cast<std::size_t>(std::min(raw.size() - offset, count * chunk_bytes)));
    DLV_TRY(raw.ReadAt(offset, buffer));
    std::vector<std::span<const std::byte>> parts;
    for (std::size_t i = 0; i < count; ++i) {
      const auto begin = static_cast<std::size_t>(i * chunk_bytes);
      parts.push_back(std::span<const std::byte>(buffer).subspan(
          begin, std::min(static_cast<std::size_t>(chunk_bytes), buffer.size() - begin)));
      hash.checksums[first + i] = codec::Checksum(parts.back());
    }
    io::HashChunks(dtype, parts, std::span(hash.chunks).subspan(first, count));
    return Ok();
  };
  DLV_TRY(io::ParallelFor(groups, threads, hash_group));
  hash.id = io::HashTensor(dtype, element_count, hash.chunks);
  return hash;
}

}  // namespace dlv::archive
