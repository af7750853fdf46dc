#include "storage/archive/section_sink.h"
#include "storage/codec/chunk_codec.h"
#include "tests/support/slow_build.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

constexpr std::uint64_t kCounts[] = {0,    1,    2,     3,     31,     33,     1000,
                                     4095, 4097, 32767, 32768, 131071, 131072, 131073};

std::vector<TestTensor> OneOfEachSize(DType dtype) {
  std::vector<TestTensor> tensors;
  unsigned seed = static_cast<unsigned>(dtype) * 100;
  for (const std::uint64_t count : kCounts) {
    // The lengths around a chunk's are the same to all types.
    if (testing::kSlowBuild && count > 40'000 && dtype != DType::kF32) continue;
    tensors.push_back(MakeTensor(dtype, count, ++seed));
  }
  return tensors;
}

class EveryDType : public ::testing::TestWithParam<int> {};

TEST_P(EveryDType, ComesBackWithAndWithoutABase) {
  const auto dtype = static_cast<DType>(GetParam());
  const std::vector<TestTensor> first = OneOfEachSize(dtype);
  std::vector<TestTensor> second;
  for (const TestTensor& tensor : first)
    second.push_back(MakeTensor(dtype, Step(dtype, tensor.bytes, 7)));
  TestArchive archive;
  SectionWriter writer = archive.NewWriter();
  for (const TestTensor& tensor : first) ASSERT_OK(TestArchive::Add(writer, tensor));
  archive.Finish(writer);
  SectionWriter next = archive.NewWriter();
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (second[i].id() != first[i].id()) ASSERT_OK(TestArchive::Add(next, second[i], &first[i]));
  }
  archive.Finish(next);
  SectionSetLocator locator(archive.sections);
  TensorReader reader(locator);
  const std::vector<TestTensor>* const both[] = {&first, &second};
  for (const auto* tensors : both) {
    for (const TestTensor& tensor : *tensors) {
      EXPECT_EQ(Value(ReadTensor(reader, tensor.id())), tensor.bytes)
          << NameOf(dtype) << " of " << tensor.count();
      EXPECT_TRUE(reader.Verify(*Value(reader.Open(tensor.id())), 2).ok());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(DTypes, EveryDType, ::testing::Range(0, int{kDTypeCount}),
                         [](const auto& dtype_info) {
                           return std::string(NameOf(static_cast<DType>(dtype_info.param)));
                         });

TEST(TensorRoundTrip, ChainOf32ComesBackAndStopsThere) {
  TestArchive archive;
  for (const std::uint64_t count : {1000u, testing::kSlowBuild ? 33000u : 140000u}) {
    std::vector<TestTensor> chain{MakeTensor(DType::kF32, count, 1)};
    for (unsigned i = 1; i <= 34; ++i)
      chain.push_back(MakeTensor(DType::kF32, Step(DType::kF32, chain.back().bytes, i)));
    unsigned depth = 0;
    for (std::size_t i = 0; i < chain.size(); ++i) {
      SectionWriter writer = archive.NewWriter();
      ASSERT_OK(TestArchive::Add(writer, chain[i], i == 0 ? nullptr : &chain[i - 1], depth));
      const WriteResult result = archive.Finish(writer);
      depth = result.objects.at(0).depth;
      EXPECT_EQ(depth, i % (kCommitDepth + 1)) << "tensor " << i;
      EXPECT_EQ(result.objects.at(0).base.has_value(), depth != 0);
    }
    SectionSetLocator locator(archive.sections);
    TensorReader reader(locator);
    for (const TestTensor& tensor : chain)
      EXPECT_EQ(Value(ReadTensor(reader, tensor.id())), tensor.bytes);
    const ReadCost cost = Value(reader.Cost(*Value(reader.Open(chain[32].id()))));
    EXPECT_EQ(cost.depth, 32u);
    EXPECT_GT(cost.chain_coded_bytes, cost.coded_bytes * 10);
  }
}

TEST(TensorRoundTrip, ChainWithinOneWriterIsReadable) {
  TestArchive archive;
  SectionWriter writer = archive.NewWriter();
  std::vector<std::vector<TestTensor>> snapshots(5);
  for (unsigned t = 0; t < 20; ++t) snapshots[0].push_back(MakeTensor(DType::kF32, 100 + t, t));
  for (std::size_t s = 1; s < snapshots.size(); ++s) {
    for (const TestTensor& before : snapshots[s - 1]) {
      snapshots[s].push_back(
          MakeTensor(DType::kF32, Step(DType::kF32, before.bytes, static_cast<unsigned>(s))));
    }
  }
  for (std::size_t s = 0; s < snapshots.size(); ++s) {
    for (std::size_t t = 0; t < snapshots[s].size(); ++t) {
      ASSERT_OK(TestArchive::Add(writer, snapshots[s][t], s == 0 ? nullptr : &snapshots[s - 1][t]));
    }
  }
  const WriteResult result = archive.Finish(writer);
  EXPECT_EQ(archive.sections[0]->directory().cluster_count(), 5u);
  EXPECT_EQ(result.objects.back().depth, 4u);
  SectionSetLocator locator(archive.sections);
  TensorReader reader(locator);
  for (const auto& snapshot : snapshots) {
    for (const TestTensor& tensor : snapshot)
      EXPECT_EQ(Value(ReadTensor(reader, tensor.id())), tensor.bytes);
  }
}

TEST(TensorRoundTrip, ManyPacksHoldTheParts) {
  TestArchive archive;
  WriterOptions options;
  options.pack_target_bytes = 1u << 20;
  const TestTensor base = MakeTensor(DType::kF32, 1'000'000, 3);
  const TestTensor next = MakeTensor(DType::kF32, Step(DType::kF32, base.bytes, 4));
  SectionWriter writer = archive.NewWriter(options);
  ASSERT_OK(TestArchive::Add(writer, MakeTensor(DType::kF32, 100, 5)));
  ASSERT_OK(TestArchive::Add(writer, base));
  ASSERT_OK(TestArchive::Add(writer, next, &base));
  const WriteResult result = archive.Finish(writer);
  EXPECT_GT(result.packs.size(), 4u);
  std::set<std::uint32_t> parts;
  for (const WrittenObject& object : result.objects) {
    if (object.tensor == base.id()) {
      EXPECT_TRUE(object.is_part);
      parts.insert(object.part);
    }
  }
  EXPECT_GT(parts.size(), 2u);
  EXPECT_EQ(*parts.rbegin(), parts.size() - 1);
  SectionSetLocator locator(archive.sections);
  TensorReader reader(locator);
  EXPECT_EQ(Value(ReadTensor(reader, base.id())), base.bytes);
  EXPECT_EQ(Value(ReadTensor(reader, next.id())), next.bytes);
  Bytes streamed;
  ASSERT_OK(
      reader.Stream(*Value(reader.Open(next.id())), 0, 3, [&](std::span<const std::byte> piece) {
        streamed.insert(streamed.end(), piece.begin(), piece.end());
        return Ok();
      }));
  EXPECT_EQ(streamed, next.bytes);

  archive.sections.erase(archive.sections.begin() + 1);  // a pack is lost
  SectionSetLocator holes(archive.sections);
  TensorReader holed(holes);
  const auto lost = ReadTensor(holed, base.id());
  ASSERT_FALSE(lost.ok());
  EXPECT_NE(lost.error().message.find("part is missing"), std::string::npos)
      << lost.error().message;
}

TEST(TensorRoundTrip, RangesAndSourcesAgreeWithTheWhole) {
  TestArchive archive;
  const TestTensor base = MakeTensor(DType::kF32, 300'000, 3);
  const TestTensor tensor = MakeTensor(DType::kF32, Step(DType::kF32, base.bytes, 4));
  SectionWriter writer = archive.NewWriter();
  ASSERT_OK(TestArchive::Add(writer, base));
  ASSERT_OK(TestArchive::Add(writer, tensor, &base));
  archive.Finish(writer);
  SectionSetLocator locator(archive.sections);
  TensorReader reader(locator);
  const auto handle = Value(reader.Open(tensor.id()));
  const auto source = Value(reader.OpenSource(tensor.id()));
  for (const auto& [first, count] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 1}, {131071, 2}, {131072, 131072}, {5, 299'000}, {299'999, 1}, {300'000, 0}}) {
    Bytes part(count * 4);
    ASSERT_OK(reader.Read(*handle, first, part));
    EXPECT_TRUE(std::equal(part.begin(), part.end(),
                           tensor.bytes.begin() + static_cast<std::ptrdiff_t>(first * 4)));
  }
  Bytes odd(1001);
  ASSERT_OK(source->ReadAt(524287, odd));
  EXPECT_TRUE(std::equal(odd.begin(), odd.end(), tensor.bytes.begin() + 524287));
  EXPECT_FALSE(source->ReadAt(tensor.bytes.size() - 1, odd).ok());
  EXPECT_EQ(reader.Read(*handle, 299'999, std::span(odd).first(8)).error().code,
            ErrorCode::kInvalidArgument);
}

TEST(TensorRoundTrip, PlanesOfAChainAreExactAndReadLess) {
  TestArchive archive;
  for (const std::uint64_t count : {std::uint64_t{200'000}, std::uint64_t{5000}}) {
    std::vector<TestTensor> chain{MakeTensor(DType::kF32, count, 1)};
    for (unsigned i = 1; i < 4; ++i)
      chain.push_back(MakeTensor(DType::kF32, Step(DType::kF32, chain.back().bytes, i)));
    SectionWriter writer = archive.NewWriter();
    for (std::size_t i = 0; i < chain.size(); ++i) {
      ASSERT_OK(TestArchive::Add(writer, chain[i], i == 0 ? nullptr : &chain[i - 1]));
    }
    archive.Finish(writer);
    SectionSetLocator locator(archive.sections);
    for (const TestTensor& tensor : chain) {
      TensorReader whole(locator), part(locator);
      EXPECT_EQ(Value(ReadTensor(whole, tensor.id())), tensor.bytes);
      Bytes got(tensor.bytes.size());
      const unsigned planes = Value(part.Read(*Value(part.Open(tensor.id())), 0, got, 16));
      ASSERT_GE(planes, 16u);
      ASSERT_LT(planes, 32u);
      for (std::size_t i = 0; i < got.size(); i += 4) {
        std::uint32_t want = 0, have = 0;
        std::memcpy(&want, tensor.bytes.data() + i, 4);
        std::memcpy(&have, got.data() + i, 4);
        ASSERT_EQ(have, want & ~((std::uint32_t{1} << (32 - planes)) - 1)) << "element " << i / 4;
      }
      EXPECT_LT(part.fetched_bytes(), whole.fetched_bytes() * 6 / 10);
    }
  }
}

TEST(TensorRoundTrip, NothingIsWrittenTwice) {
  TestArchive archive;
  const TestTensor tensor = MakeTensor(DType::kF32, 500, 3);
  SectionWriter writer = archive.NewWriter();
  ASSERT_OK(TestArchive::Add(writer, tensor));
  EXPECT_TRUE(writer.Has(tensor.id()));
  ASSERT_OK(TestArchive::Add(writer, tensor));
  EXPECT_EQ(archive.Finish(writer).objects.size(), 1u);
  SectionWriter nothing = archive.NewWriter();
  EXPECT_TRUE(Value(nothing.Finish()).packs.empty());
}

TEST(TensorRoundTrip, UnrelatedBaseIsDropped) {
  TestArchive archive;
  const TestTensor base = MakeTensor(DType::kF32, 200'000, 3);
  const TestTensor other = MakeTensor(DType::kF32, 200'000, 99);
  SectionWriter writer = archive.NewWriter();
  ASSERT_OK(TestArchive::Add(writer, base));
  ASSERT_OK(TestArchive::Add(writer, other, &base));
  const WriteResult result = archive.Finish(writer);
  EXPECT_EQ(result.objects.at(1).depth, 0);
  EXPECT_FALSE(result.objects.at(1).base);
}

TEST(SectionWriter, RefusesWhatDoesNotFit) {
  TestArchive archive;
  const TestTensor tensor = MakeTensor(DType::kF32, 200'000, 3);
  TestTensor changed = tensor;
  changed.bytes[700'000] ^= std::byte{1};
  SectionWriter writer = archive.NewWriter();
  EXPECT_EQ(TestArchive::Add(writer, changed).error().code, ErrorCode::kConflict);
  EXPECT_EQ(TestArchive::Add(writer, tensor).error().code, ErrorCode::kInternal)
      << "spent after an error";

  TestTensor lying = tensor;
  lying.hash.id.bytes[0] ^= 1;
  SectionWriter second = archive.NewWriter();
  EXPECT_EQ(TestArchive::Add(second, lying).error().code, ErrorCode::kInvalidArgument);

  CancellationToken token;
  token.Cancel();
  WriterOptions options;
  options.cancel = &token;
  SectionWriter third = archive.NewWriter(options);
  EXPECT_EQ(TestArchive::Add(third, tensor).error().code, ErrorCode::kCancelled);
}

TEST(SectionWriter, PassesOnWhatTheDiskSays) {
  for (std::uint64_t n = 1;; ++n) {
    TestArchive archive;
    archive.disk.SetPlan({.kind = testing::FaultKind::kFail,
                          .at_operation = n,
                          .disk_bytes = 0,
                          .count_reads = false});
    SectionWriter writer = archive.NewWriter();
    const TestTensor tensor = MakeTensor(DType::kF32, 500, 3);
    const Status added = TestArchive::Add(writer, tensor);
    const bool ok = added.ok() && writer.Finish().ok();
    EXPECT_EQ(ok, !archive.disk.fault_reached()) << "operation " << n;
    if (!archive.disk.fault_reached()) break;
  }
}

/// Says that every tensor lies where another one does.
class LyingLocator : public SectionSetLocator {
 public:
  LyingLocator(std::vector<std::shared_ptr<const SectionReader>> sections, TensorId asked,
               TensorId given)
      : SectionSetLocator(std::move(sections)), asked_(asked), given_(given) {}
  Result<std::vector<ObjectPlace>> FindTensor(const TensorId& id) override {
    return SectionSetLocator::FindTensor(id == asked_ ? given_ : id);
  }

 private:
  TensorId asked_, given_;
};

TEST(TensorReader, WrongObjectIsDetected) {
  TestArchive archive;
  const TestTensor a = MakeTensor(DType::kF32, 200'000, 3), b = MakeTensor(DType::kF32, 200'000, 4);
  SectionWriter writer = archive.NewWriter();
  ASSERT_OK(TestArchive::Add(writer, a));
  ASSERT_OK(TestArchive::Add(writer, b));
  archive.Finish(writer);
  LyingLocator locator(archive.sections, a.id(), b.id());
  TensorReader reader(locator);
  EXPECT_EQ(ReadTensor(reader, a.id()).error().code, ErrorCode::kCorruption);
}

/// Writes `content` into a section of its own whose entry says that it is `id`.
void WriteImpostor(TestArchive& archive, const TensorId& id, const TestTensor& content) {
  SectionSink sink(
      [&archive]() -> Result<NewPack> {
        DLV_ASSIGN(auto file, archive.disk.OpenForWriting("/impostor", io::WriteMode::kReplace));
        return NewPack{"/impostor", std::move(file)};
      },
      kPackTargetBytes, 3);
  TensorEntry entry;
  entry.id = id;
  entry.dtype = content.dtype;
  entry.element_count = content.count();
  ASSERT_OK(sink.BeginTensor(entry));
  codec::ChunkEncoder encoder;
  codec::EncodedChunk coded;
  ASSERT_OK(encoder.Encode(content.dtype, content.bytes, {}, {}, coded));
  ASSERT_OK(
      sink.WriteChunk(coded.bytes, io::Xxh3(coded.bytes), coded.header, content.hash.chunks[0]));
  ASSERT_OK(sink.EndTensor());
  ASSERT_OK(sink.Finish({}, {}));
  archive.Adopt("/impostor");
}

TEST(TensorReader, WrongBaseIsDetected) {
  for (const std::uint64_t count : {std::uint64_t{1000}, std::uint64_t{40'000}}) {
    TestArchive archive;
    const TestTensor base = MakeTensor(DType::kF32, count, 3);
    const TestTensor next = MakeTensor(DType::kF32, Step(DType::kF32, base.bytes, 4));
    TestTensor wrong = base;
    // Not the last bits of a few: an element that has moved far does not depend on them.
    for (std::size_t i = 2; i < wrong.bytes.size(); i += 4) wrong.bytes[i] ^= std::byte{1};
    wrong = MakeTensor(DType::kF32, wrong.bytes);
    SectionWriter writer = archive.NewWriter();
    ASSERT_OK(TestArchive::Add(writer, next, &base));
    ASSERT_EQ(archive.Finish(writer).objects.at(0).depth, 1);
    WriteImpostor(archive, base.id(), wrong);
    SectionSetLocator locator(archive.sections);
    TensorReader reader(locator);
    const auto impostor = Value(reader.Open(base.id()));
    EXPECT_EQ(reader.Verify(*impostor, 1).error().code, ErrorCode::kCorruption);
    const auto result = ReadTensor(reader, next.id());
    ASSERT_FALSE(result.ok()) << count;
    EXPECT_EQ(result.error().code, ErrorCode::kCorruption);
    // A base of another size, or one that is not shallower, is refused before decoding.
    archive.sections.pop_back();
    WriteImpostor(archive, base.id(), MakeTensor(DType::kF32, count + 1, 3));
    SectionSetLocator longer(archive.sections);
    TensorReader second(longer);
    EXPECT_EQ(ReadTensor(second, next.id()).error().code, ErrorCode::kCorruption);
  }
}

TEST(TensorReader, MissingBaseIsNamed) {
  TestArchive archive;
  const TestTensor base = MakeTensor(DType::kF32, 1000, 3);
  const TestTensor next = MakeTensor(DType::kF32, Step(DType::kF32, base.bytes, 4));
  SectionWriter writer = archive.NewWriter();
  ASSERT_OK(TestArchive::Add(writer, next, &base));
  archive.Finish(writer);
  SectionSetLocator locator(archive.sections);
  TensorReader reader(locator);
  const auto result = ReadTensor(reader, next.id());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
  EXPECT_NE(result.error().message.find(base.id().Hex(12)), std::string::npos)
      << result.error().message;
}

TEST(TensorReader, WorkIsBounded) {
  TestArchive archive;
  std::vector<TestTensor> chain{MakeTensor(DType::kF32, 40'000, 1)};
  SectionWriter writer = archive.NewWriter();
  ASSERT_OK(TestArchive::Add(writer, chain[0]));
  for (unsigned i = 1; i < 10; ++i) {
    chain.push_back(MakeTensor(DType::kF32, Step(DType::kF32, chain.back().bytes, i)));
    ASSERT_OK(TestArchive::Add(writer, chain[i], &chain[i - 1]));
  }
  archive.Finish(writer);
  SectionSetLocator locator(archive.sections);
  ReaderOptions few;
  few.max_units = 5;
  TensorReader units(locator, few);
  EXPECT_EQ(ReadTensor(units, chain[9].id()).error().code, ErrorCode::kUnsafe);
  EXPECT_TRUE(ReadTensor(units, chain[4].id()).ok());
  ReaderOptions small;
  small.max_working_bytes = 300'000;
  TensorReader memory(locator, small);
  EXPECT_EQ(ReadTensor(memory, chain[9].id()).error().code, ErrorCode::kUnsafe);
}

}  // namespace
}  // namespace dlv::archive
