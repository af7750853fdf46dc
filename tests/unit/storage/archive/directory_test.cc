#include "storage/archive/directory.h"

#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

constexpr std::uint64_t kUnitsEnd = 100u << 20;

template <class D>
D RandomId(std::mt19937& random) {
  D id;
  for (std::uint8_t& byte : id.bytes) byte = static_cast<std::uint8_t>(random());
  return id;
}

DirectoryBuilder Sample(std::mt19937& random) {
  DirectoryBuilder builder;
  TensorEntry big;
  big.id = RandomId<TensorId>(random);
  big.dtype = DType::kF32;
  big.element_count = kChunkElements * 2 + 5;
  big.depth = 3;
  big.base = RandomId<TensorId>(random);
  for (std::uint64_t i = 0; i < 3; ++i) {
    big.chunks.push_back({{64 + i * 4096, static_cast<std::uint32_t>(900 + i), random()},
                          i == 1,
                          RandomId<ChunkId>(random)});
  }
  builder.AddTensor(big);
  ClusterEntry cluster;
  cluster.place = {20480, 555, 77};
  cluster.dtype = DType::kF16;
  cluster.element_count = 30;
  cluster.first_entry = builder.entry_count();
  cluster.member_count = 2;
  const std::uint32_t number = builder.AddCluster(cluster);
  for (std::uint32_t i = 0; i < 2; ++i) {
    TensorEntry member;
    member.id = RandomId<TensorId>(random);
    member.dtype = DType::kF16;
    member.element_count = 15;
    member.clustered = true;
    member.cluster = number;
    member.first_element = i * 15;
    builder.AddTensor(member);
  }
  TensorEntry part = big;
  part.id = RandomId<TensorId>(random);
  part.is_part = true;
  part.part = 1;
  part.first_chunk = 1;
  part.chunks.erase(part.chunks.begin());
  builder.AddTensor(part);
  BlobEntry blob;
  blob.id = RandomId<BlobId>(random);
  blob.raw_bytes = kBlobFrameBytes + 100;
  blob.codec = BlobCodec::kZstdPrefix;
  blob.prefix = RandomId<BlobId>(random);
  blob.frames = {{64 * 1000, 5000, 1}, {64 * 2000, 100, 2}};
  builder.AddBlob(blob);
  return builder;
}

TEST(Directory, ComesBack) {
  std::mt19937 random(1);
  const DirectoryBuilder builder = Sample(random);
  const Bytes bytes = builder.Encode();
  EXPECT_EQ(bytes.size(), builder.EncodedSize());
  const DirectoryReader reader = Value(DirectoryReader::Open(bytes, kUnitsEnd));
  ASSERT_EQ(reader.entry_count(), 5u);
  const TensorEntry big = Value(reader.Tensor(0));
  EXPECT_EQ(big.chunks.size(), 3u);
  EXPECT_EQ(big.chunks[2].place.offset, 64u + 2 * 4096);
  EXPECT_EQ(big.chunks[2].place.coded_bytes, 902u);
  EXPECT_TRUE(big.chunks[1].uses_base);
  EXPECT_FALSE(big.chunks[0].uses_base);
  EXPECT_EQ(big.depth, 3);
  EXPECT_EQ(*reader.Find(big.id), 0u);
  EXPECT_FALSE(reader.Find(*big.base));
  EXPECT_EQ(Value(reader.Members(0)).size(), 2u);
  EXPECT_EQ(Value(reader.Cluster(0)).place.offset, 20480u);
  const TensorEntry part = Value(reader.Tensor(3));
  EXPECT_TRUE(part.is_part);
  EXPECT_EQ(part.first_chunk, 1u);
  EXPECT_EQ(part.chunks.size(), 2u);
  const BlobEntry blob = Value(reader.Blob(4));
  EXPECT_EQ(blob.frames[1].offset, 64u * 2000);
  EXPECT_EQ(*reader.Find(blob.id), 4u);
  EXPECT_EQ(reader.Tensor(4).error().code, ErrorCode::kCorruption);
  EXPECT_EQ(reader.Blob(0).error().code, ErrorCode::kCorruption);
  EXPECT_EQ(reader.Tensor(5).error().code, ErrorCode::kCorruption);
  EXPECT_EQ(reader.Cluster(1).error().code, ErrorCode::kCorruption);
}

/// Looks at everything; must never crash, hang or take much memory.
void LookAtAll(const DirectoryReader& reader) {
  for (std::uint32_t i = 0; i < reader.entry_count(); ++i) {
    const auto kind = reader.Kind(i);
    if (!kind.ok()) continue;
    if (*kind == EntryKind::kTensor)
      (void)reader.Tensor(i).ok();
    else
      (void)reader.Blob(i).ok();
  }
  for (std::uint32_t i = 0; i < reader.cluster_count(); ++i) (void)reader.Members(i).ok();
}

TEST(Directory, HostileBytesAreSafe) {
  std::mt19937 random(2);
  const Bytes bytes = Sample(random).Encode();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(
        DirectoryReader::Open(
            Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)), kUnitsEnd)
            .ok());
  }
  for (int round = 0; round < 20000; ++round) {
    Bytes spoiled = bytes;
    const std::size_t changes = 1 + random() % 3;
    for (std::size_t i = 0; i < changes; ++i)
      spoiled[random() % spoiled.size()] = static_cast<std::byte>(random());
    const auto reader = DirectoryReader::Open(std::move(spoiled), kUnitsEnd);
    if (reader.ok()) LookAtAll(*reader);
  }
}

TEST(Directory, UnitsOutsideTheSectionAreRefused) {
  std::mt19937 random(3);
  const Bytes bytes = Sample(random).Encode();
  const DirectoryReader reader = Value(DirectoryReader::Open(bytes, 20480 + 100));
  EXPECT_FALSE(reader.Cluster(0).ok());
  EXPECT_FALSE(reader.Blob(4).ok());
  EXPECT_TRUE(reader.Tensor(0).ok());
}

TEST(Directory, ManyEntriesOpenQuickly) {
  DirectoryBuilder builder;
  std::mt19937 random(4);
  std::vector<TensorId> ids;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    TensorEntry entry;
    entry.id = RandomId<TensorId>(random);
    entry.element_count = 100'000;
    entry.chunks = {{{64 + std::uint64_t{i} * 64, 50, random()}, false, RandomId<ChunkId>(random)}};
    ids.push_back(entry.id);
    builder.AddTensor(entry);
  }
  Bytes bytes = builder.Encode();
  EXPECT_LT(bytes.size(), 100'000u * 100);
  const DirectoryReader reader = Value(DirectoryReader::Open(std::move(bytes), kUnitsEnd));
  for (std::uint32_t i = 0; i < ids.size(); i += 997) {
    EXPECT_EQ(*reader.Find(ids[i]), i);
    EXPECT_EQ(Value(reader.Tensor(i)).id, ids[i]);
  }
}

}  // namespace
}  // namespace dlv::archive
