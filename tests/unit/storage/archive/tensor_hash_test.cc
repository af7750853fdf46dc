#include "storage/archive/tensor_hash.h"

#include "storage/archive/directory.h"
#include "storage/codec/chunk_header.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

/// Chunks hashed together have the ids and checksums that each has alone, whatever their number.
TEST(TensorHash, ManyChunksAsEachAlone) {
  for (const DType dtype : {DType::kU8, DType::kF32, DType::kComplex128}) {
    for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{1}, kChunkElements,
                                      2 * kChunkElements + 7, 5 * kChunkElements - 1}) {
      const Bytes bytes(static_cast<std::size_t>(count) * SizeOf(dtype), std::byte{3});
      Bytes varied = bytes;
      for (std::size_t i = 0; i < varied.size(); i += 4093)
        varied[i] = static_cast<std::byte>(i / 7);
      const TensorHash hash = Value(HashTensorSource(*io::MakeViewSource(varied), dtype, count, 2));
      ASSERT_EQ(hash.chunks.size(), ChunkCount(count));
      for (std::uint64_t k = 0; k < hash.chunks.size(); ++k) {
        const auto chunk = std::span<const std::byte>(varied).subspan(
            static_cast<std::size_t>(k * kChunkElements) * SizeOf(dtype),
            static_cast<std::size_t>(ChunkLength(count, k)) * SizeOf(dtype));
        EXPECT_EQ(hash.chunks[k], io::HashChunk(dtype, chunk)) << k;
        EXPECT_EQ(hash.checksums[k], codec::Checksum(chunk)) << k;
      }
      EXPECT_EQ(hash.id, io::HashTensor(dtype, count, hash.chunks));
    }
  }
}

}  // namespace
}  // namespace dlv::archive
