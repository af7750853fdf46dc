#include "storage/archive/kept_chunks.h"

#include "storage/archive/reader_caches.h"
#include "storage/archive/section_sink.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

constexpr std::uint64_t kCount = 140'000;  // two chunks
constexpr std::uint64_t kChunks = 2;
using Handles = std::vector<std::shared_ptr<const TensorHandle>>;

/// A chain of tensors, each a step from the one before, and readers over it.
class Chain : public ::testing::Test {
 protected:
  void Make(unsigned length) {
    SectionWriter writer = archive_.NewWriter();
    chain_.push_back(MakeTensor(DType::kF32, kCount, 1));
    ASSERT_OK(TestArchive::Add(writer, chain_.front()));
    for (unsigned i = 1; i < length; ++i) {
      chain_.push_back(MakeTensor(DType::kF32, Step(DType::kF32, chain_.back().bytes, i)));
      ASSERT_OK(TestArchive::Add(writer, chain_[i], &chain_[i - 1], i - 1));
    }
    archive_.Finish(writer);
    locator_.emplace(archive_.sections);
  }

  /// Reads the tensors in the given order, each once, and returns how many units were decoded.
  std::uint64_t DecodedBy(const std::vector<std::size_t>& order, ReaderOptions options,
                          bool expected = true) {
    TensorReader reader(*locator_, options);
    Handles handles;
    for (const std::size_t i : order) handles.push_back(Value(reader.Open(chain_[i].id())));
    if (expected) reader.ExpectReads(handles);
    for (const std::size_t i : order) {
      EXPECT_EQ(Value(ReadTensor(reader, chain_[i].id())), chain_[i].bytes) << "tensor " << i;
    }
    return reader.decoded_units();
  }

  TestArchive archive_;
  std::vector<TestTensor> chain_;
  std::optional<SectionSetLocator> locator_;
};

TEST_F(Chain, InOrderTakesOneDecodingOfEachChunk) {
  Make(6);
  EXPECT_EQ(DecodedBy({0, 1, 2, 3, 4, 5}, {}), 6 * kChunks);
  EXPECT_EQ(DecodedBy({0, 1, 2, 3, 4, 5}, {}, false), 21 * kChunks) << "as before";
}

TEST_F(Chain, FromItsEndTooWhereThereIsRoom) {
  Make(6);
  EXPECT_EQ(DecodedBy({5, 4, 3, 2, 1, 0}, {}), 6 * kChunks);
}

TEST_F(Chain, BaseThatIsNotAskedForItselfIsSharedToo) {
  Make(1);
  SectionWriter writer = archive_.NewWriter();
  for (unsigned i = 1; i <= 3; ++i) {  // three children of one base
    chain_.push_back(MakeTensor(DType::kF32, Step(DType::kF32, chain_.front().bytes, i)));
    ASSERT_OK(TestArchive::Add(writer, chain_.back(), &chain_.front(), 0));
  }
  archive_.Finish(writer);
  locator_.emplace(archive_.sections);
  EXPECT_EQ(DecodedBy({1, 2, 3}, {}), 4 * kChunks);
  EXPECT_EQ(DecodedBy({1, 2, 3}, {}, false), 6 * kChunks);
}

TEST_F(Chain, WithoutRoomIsDecodedAgain) {
  Make(6);
  ReaderOptions nothing;
  nothing.kept_chunk_bytes = 1000;
  EXPECT_EQ(DecodedBy({0, 1, 2, 3, 4, 5}, nothing), 21 * kChunks);
  // Room for the first chunk of a tensor and of the next: the second goes down the chain each time.
  ReaderOptions half;
  half.kept_chunk_bytes = 2 * 4 * kChunkElements;
  const std::uint64_t decoded = DecodedBy({0, 1, 2, 3, 4, 5}, half);
  EXPECT_LT(decoded, 21 * kChunks);
  EXPECT_GE(decoded, 6 * kChunks);
}

TEST_F(Chain, TwoReadsOfOneTensorAreOneDecoding) {
  Make(2);
  EXPECT_EQ(DecodedBy({1, 1, 0}, {}), 2 * kChunks);
}

TEST_F(Chain, PlanesAreSharedAsFarAsTheyReach) {
  Make(4);
  TensorReader reader(*locator_);
  Handles handles;
  for (const TestTensor& tensor : chain_) handles.push_back(Value(reader.Open(tensor.id())));
  reader.ExpectReads(handles);
  for (std::size_t i = 0; i < chain_.size(); ++i) {
    Bytes got(chain_[i].bytes.size());
    ASSERT_EQ(Value(reader.Read(*handles[i], 0, got, 16)), 16U);
    for (std::size_t at = 0; at < got.size(); at += 4) {
      ASSERT_EQ(got[at + 3], chain_[i].bytes[at + 3]);
      ASSERT_EQ(got[at + 2], chain_[i].bytes[at + 2]);
      ASSERT_EQ(got[at + 1], std::byte{0});
    }
  }
  EXPECT_EQ(reader.decoded_units(), 4 * kChunks);
}

TEST_F(Chain, CodedBytesCountEachUnitOnce) {
  Make(4);
  TensorReader reader(*locator_);
  Handles all;
  for (const TestTensor& tensor : chain_) all.push_back(Value(reader.Open(tensor.id())));
  const std::uint64_t whole = Value(reader.CodedBytesOf(all));
  EXPECT_EQ(Value(reader.CodedBytesOf(Handles{all.back()})), whole) << "its bases are the others";
  EXPECT_EQ(Value(reader.Cost(*all.back())).chain_coded_bytes, whole);
  reader.ExpectReads(all);
  for (const TestTensor& tensor : chain_) Value(ReadTensor(reader, tensor.id()));
  EXPECT_EQ(reader.fetched_bytes(), whole);
}

KeptChunk ChunkOf(std::size_t bytes) {
  Buffer buffer;
  buffer.Resize(bytes);
  return {std::make_shared<const Buffer>(std::move(buffer)), 32};
}

TEST(KeptChunks, KeepsUntilTheLastUseAndNeverMoreThanItsLimit) {
  KeptChunks kept(1000);
  const TensorId a{{1}}, b{{2}};
  for (int use = 0; use < 3; ++use) kept.Expect(a, 1);
  kept.Expect(b, 1);
  EXPECT_FALSE(kept.Take(a, 0, 32));
  EXPECT_TRUE(kept.HasUseFor(a, 0, 600));
  EXPECT_FALSE(kept.HasUseFor(a, 0, 1001)) << "no room";
  EXPECT_FALSE(kept.HasUseFor(b, 0, 10)) << "it is used once";
  EXPECT_FALSE(kept.HasUseFor(a, 1, 10)) << "there is no such chunk";
  kept.Put(a, 0, ChunkOf(600));
  EXPECT_FALSE(kept.Take(a, 0, 64)) << "not so many planes";
  EXPECT_TRUE(kept.Take(a, 0, 32));
  EXPECT_FALSE(kept.Take(a, 0, 32)) << "that was the last use";
  EXPECT_FALSE(kept.HasUseFor(a, 0, 600));
  kept.Clear();
  EXPECT_FALSE(kept.Take(a, 0, 32));
}

}  // namespace
}  // namespace dlv::archive
