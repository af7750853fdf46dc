#include "storage/archive/tensor_hash.h"

#include <string>

#include "storage/archive/directory.h"
#include "storage/codec/chunk_header.h"
#include "storage/io/hash.h"
#include "storage/io/parallel.h"

namespace dlv::archive {

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
  if (threads == 0) threads = io::DefaultThreads();
  std::vector<std::vector<std::byte>> buffers(threads);
  const auto hash_chunk = [&](std::uint64_t index, unsigned worker) -> Status {
    std::vector<std::byte>& buffer = buffers[worker];
    buffer.resize(static_cast<std::size_t>(ChunkLength(element_count, index)) * element_bytes);
    DLV_TRY(raw.ReadAt(index * kChunkElements * element_bytes, buffer));
    hash.chunks[index] = io::HashChunk(dtype, buffer);
    hash.checksums[index] = codec::Checksum(buffer);
    return Ok();
  };
  DLV_TRY(io::ParallelFor(chunks, threads, hash_chunk));
  hash.id = io::HashTensor(dtype, element_count, hash.chunks);
  return hash;
}

}  // namespace dlv::archive
