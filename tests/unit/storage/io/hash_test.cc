#include "storage/io/hash.h"

#include "storage/io/byte_io.h"
#include "tests/unit/storage/io/io_test_support.h"

namespace dlv::io {
namespace {

/// Hashes the concatenation with the plain incremental digest: what the ids are defined by.
template <class D>
D Plain(std::string_view domain, std::optional<std::pair<DType, std::uint64_t>> fields,
        std::span<const std::byte> rest) {
  ByteWriter writer;
  writer.PutBytes(std::as_bytes(std::span(domain)));
  if (fields.has_value()) {
    writer.Put(static_cast<std::uint16_t>(fields->first));
    writer.Put(fields->second);
  }
  writer.PutBytes(rest);
  Sha256 hash;
  hash.Update(writer.bytes());
  return hash.Finish<D>();
}

using std::literals::operator""sv;

TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(Sha256().Finish<FileDigest>().Hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 hash;
  hash.Update(Bytes("a"));
  hash.Update({});
  Sha256 moved = std::move(hash);
  moved.Update(Bytes("bc"));
  EXPECT_EQ(moved.Finish<FileDigest>().Hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Ids, AreDomainSeparatedAndCountElements) {
  const std::vector<std::byte> bytes = Bytes("0123456789abcdef");
  const ChunkId chunk = HashChunk(DType::kF32, bytes);
  EXPECT_EQ(chunk, Plain<ChunkId>("dlv-chunk\0"sv, std::pair(DType::kF32, 4u), bytes));
  EXPECT_NE(chunk, HashChunk(DType::kI32, bytes));
  EXPECT_EQ(HashChunk(DType::kF64, bytes),
            Plain<ChunkId>("dlv-chunk\0"sv, std::pair(DType::kF64, 2u), bytes));
  const std::vector<ChunkId> chunks = {chunk, HashChunk(DType::kF32, {})};
  std::vector<std::byte> joined;
  for (const ChunkId& id : chunks) {
    const auto part = std::as_bytes(std::span(id.bytes));
    joined.insert(joined.end(), part.begin(), part.end());
  }
  EXPECT_EQ(HashTensor(DType::kF32, 5, chunks),
            Plain<TensorId>("dlv-tensor\0"sv, std::pair(DType::kF32, 5u), joined));
  EXPECT_EQ(HashBlob(bytes), Plain<BlobId>("dlv-blob\0"sv, std::nullopt, bytes));
}

TEST(HmacSha256, KnownAnswer) {
  // RFC 4231, test case 2.
  const std::string_view key = "Jefe", text = "what do ya want for nothing?";
  const auto bytes = [](std::string_view from) {
    return std::as_bytes(std::span(from.data(), from.size()));
  };
  EXPECT_EQ(HmacSha256(bytes(key), bytes(text)).Hex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Xxh3, KnownAnswer) {
  // XXH3_64bits of the empty input, seed 0 (xxHash specification).
  EXPECT_EQ(Xxh3({}), 0x2d06800538d394c2u);
}

}  // namespace
}  // namespace dlv::io
