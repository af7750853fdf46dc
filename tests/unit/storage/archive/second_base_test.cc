// Tensors that are coded against two bases (docs/format/archive.md, "Tensor record").

#include <optional>

#include "tests/support/slow_build.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

/// A training whose weights go on as they went before.
std::vector<TestTensor> SteadyRun(std::uint64_t count, std::size_t versions) {
  std::mt19937 random(17);
  std::normal_distribution<float> noise(0.0f, 1.0f);
  Bytes bytes = MakeValues(DType::kF32, count, 1);
  std::vector<float> steps(static_cast<std::size_t>(count));
  for (float& step : steps) step = 1e-5f * noise(random);
  std::vector<TestTensor> run{MakeTensor(DType::kF32, bytes)};
  while (run.size() < versions) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      float value = 0;
      std::memcpy(&value, bytes.data() + 4 * i, 4);
      value += steps[i] * (1 + 0.02f * noise(random));
      std::memcpy(bytes.data() + 4 * i, &value, 4);
    }
    run.push_back(MakeTensor(DType::kF32, bytes));
  }
  return run;
}

/// What a tensor is written against: tensors and their stored depths.
struct Against {
  const TestTensor* tensor = nullptr;
  unsigned depth = 0;
};

Status AddAgainst(SectionWriter& writer, const TestTensor& tensor, Against base, Against second) {
  TensorPlan plan;
  plan.hash = tensor.hash;
  plan.dtype = tensor.dtype;
  plan.element_count = tensor.count();
  std::unique_ptr<io::ByteSource> sources[2];
  if (base.tensor != nullptr) {
    sources[0] = io::MakeViewSource(base.tensor->bytes);
    plan.base = base.tensor->id();
    plan.base_depth = base.depth;
    plan.base_bytes = sources[0].get();
  }
  if (second.tensor != nullptr) {
    sources[1] = io::MakeViewSource(second.tensor->bytes);
    plan.second_base = second.tensor->id();
    plan.second_base_depth = second.depth;
    plan.second_base_bytes = sources[1].get();
  }
  return writer.AddTensor(plan, *io::MakeViewSource(tensor.bytes));
}

/// Each version in a pack of its own, against the two before it.
struct SteadyArchive {
  TestArchive archive;
  std::vector<TestTensor> run;
  std::vector<WrittenObject> objects;

  SteadyArchive(std::uint64_t count, std::size_t versions) : run(SteadyRun(count, versions)) {
    for (unsigned i = 0; i < run.size(); ++i) {
      SectionWriter writer = archive.NewWriter();
      EXPECT_TRUE(AddAgainst(writer, run[i], i > 0 ? Against{&run[i - 1], i - 1} : Against{},
                             i > 1 ? Against{&run[i - 2], i - 2} : Against{})
                      .ok());
      objects.push_back(archive.Finish(writer).objects.at(0));
    }
  }
};

constexpr std::size_t kVersions = 31;

std::vector<std::uint64_t> CountsOfChains() {
  return {1000, testing::kSlowBuild ? 33'000u : 140'000u};
}

TEST(SecondBase, AChainOfThirtyComesBackWithEachUnitDecodedOnce) {
  for (const std::uint64_t count : CountsOfChains()) {
    const SteadyArchive steady(count, kVersions);
    std::size_t with_two = 0;
    for (std::size_t i = 0; i < kVersions; ++i) {
      EXPECT_EQ(steady.objects[i].depth, i);
      with_two += steady.objects[i].second_base.has_value() ? 1 : 0;
    }
    EXPECT_GE(with_two, kVersions - 3);
    SectionSetLocator locator(steady.archive.sections);
    TensorReader reader(locator);
    EXPECT_EQ(Value(ReadTensor(reader, steady.run.back().id())), steady.run.back().bytes);
    EXPECT_EQ(reader.decoded_units(), kVersions * ChunkCount(count));
    const auto handle = Value(reader.Open(steady.run.back().id()));
    EXPECT_TRUE(reader.Verify(*handle, 2).ok());
    // Costs count each unit once, too.
    std::uint64_t all = 0;
    for (const WrittenObject& object : steady.objects) all += object.coded_bytes;
    EXPECT_EQ(Value(reader.Cost(*handle)).chain_coded_bytes, all);
    EXPECT_EQ(Value(reader.CodedBytesOf(std::span(&handle, 1))), all);
  }
}

TEST(SecondBase, ARunReadInOrderDecodesEachUnitOnce) {
  const std::uint64_t count = 40'000;
  const SteadyArchive steady(count, kVersions);
  SectionSetLocator locator(steady.archive.sections);
  TensorReader reader(locator);
  std::vector<std::shared_ptr<const TensorHandle>> handles;
  for (const TestTensor& tensor : steady.run) handles.push_back(Value(reader.Open(tensor.id())));
  reader.ExpectReads(handles);
  for (const TestTensor& tensor : steady.run)
    EXPECT_EQ(Value(ReadTensor(reader, tensor.id())), tensor.bytes);
  EXPECT_EQ(reader.decoded_units(), kVersions);
}

TEST(SecondBase, PrefixesAreExactThroughTheChain) {
  for (const std::uint64_t count : CountsOfChains()) {
    const SteadyArchive steady(count, 12);
    SectionSetLocator locator(steady.archive.sections);
    for (const unsigned wanted : {16u, 24u}) {
      for (const TestTensor& tensor : steady.run) {
        TensorReader reader(locator);
        Bytes got(tensor.bytes.size());
        const unsigned planes =
            Value(reader.Read(*Value(reader.Open(tensor.id())), 0, got, wanted));
        ASSERT_GE(planes, wanted);
        ASSERT_TRUE(planes == wanted || tensor.id() == steady.run[0].id()) << planes;
        const std::uint32_t kept = ~((std::uint32_t{1} << (32 - planes)) - 1);
        for (std::size_t i = 0; i < got.size(); i += 4) {
          std::uint32_t want = 0, have = 0;
          std::memcpy(&want, tensor.bytes.data() + i, 4);
          std::memcpy(&have, got.data() + i, 4);
          ASSERT_EQ(have & kept, want & kept) << "element " << i / 4;
        }
      }
    }
  }
}

TEST(SecondBase, IsTakenOnlyBelowABaseThatHasOne) {
  const std::vector<TestTensor> run = SteadyRun(40'000, 3);
  TestArchive archive;
  SectionWriter writer = archive.NewWriter();
  ASSERT_OK(AddAgainst(writer, run[0], {}, {}));
  ASSERT_OK(AddAgainst(writer, run[1], {}, {}));  // whole
  ASSERT_OK(AddAgainst(writer, run[2], {&run[1]}, {&run[0]}));
  const WriteResult result = archive.Finish(writer);
  EXPECT_EQ(result.objects.at(2).depth, 1);
  EXPECT_FALSE(result.objects.at(2).second_base);
}

TEST(SecondBase, APlanThatDoesNotFitIsRefused) {
  const std::vector<TestTensor> run = SteadyRun(1000, 3);
  const TestTensor other = MakeTensor(DType::kF32, 999, 1);
  const auto add = [&](Against base, Against second) {
    TestArchive archive;
    SectionWriter writer = archive.NewWriter();
    return AddAgainst(writer, run[2], base, second).error().code;
  };
  EXPECT_EQ(add({}, {&run[0]}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(add({&run[1]}, {&run[1]}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(add({&run[1]}, {&run[2]}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(add({&run[1]}, {&other}), ErrorCode::kInvalidArgument);
}

TEST(SecondBase, AMissingOneIsNamed) {
  for (const std::uint64_t count : {std::uint64_t{1000}, std::uint64_t{40'000}}) {
    SteadyArchive steady(count, 3);
    ASSERT_TRUE(steady.objects[2].second_base);
    // The base has a form without bases elsewhere, so that nothing else misses the second one.
    SectionWriter writer = steady.archive.NewWriter();
    ASSERT_OK(TestArchive::Add(writer, steady.run[1]));
    steady.archive.Finish(writer);
    const auto& all = steady.archive.sections;
    SectionSetLocator locator({all[3], all[2]});
    TensorReader reader(locator);
    EXPECT_EQ(Value(ReadTensor(reader, steady.run[1].id())), steady.run[1].bytes);
    const auto read = ReadTensor(reader, steady.run[2].id());
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kNotFound);
    EXPECT_NE(read.error().message.find("base " + steady.run[0].id().Hex(12)), std::string::npos)
        << read.error().message;
    SectionSetLocator complete({all[3], all[2], all[0]});
    TensorReader again(complete);
    EXPECT_EQ(Value(ReadTensor(again, steady.run[2].id())), steady.run[2].bytes);
    // Levels count it, though it is no base of the base.
    TensorReader planner(complete);
    const auto handle = Value(planner.Open(steady.run[2].id()));
    for (const TensorLevel& level : Value(planner.LevelsOf(*handle))) {
      TensorReader cold(complete);
      Bytes bytes(steady.run[2].bytes.size());
      const auto opened = Value(cold.Open(steady.run[2].id()));
      EXPECT_EQ(Value(cold.Read(*opened, 0, bytes, level.planes)), level.planes);
      EXPECT_EQ(cold.fetched_bytes(), level.all_bytes) << level.planes << " planes";
    }
  }
}

TEST(SecondBase, ASectionThatHasOneIsMarked) {
  SteadyArchive steady(1000, 3);
  const auto features = [&](std::size_t pack) {
    const auto file =
        Value(steady.archive.disk.OpenForReading("/p" + std::to_string(pack) + ".pack"));
    std::uint32_t bits = 0;
    EXPECT_TRUE(
        file->ReadAt(kSectionAlignment + 12, std::as_writable_bytes(std::span(&bits, 1))).ok());
    return bits;
  };
  EXPECT_EQ(features(0), 0u);
  EXPECT_EQ(features(1), 0u);
  EXPECT_EQ(features(2), SectionHeader::kSecondBases);
}

TEST(SecondBase, ADirectoryKeepsIt) {
  TensorEntry entry;
  entry.id.bytes[0] = 1;
  entry.dtype = DType::kF32;
  entry.depth = 2;
  entry.base.emplace().bytes[0] = 2;
  entry.second_base.emplace().bytes[0] = 3;
  const auto encoded = [](const TensorEntry& one) {
    DirectoryBuilder builder;
    builder.AddTensor(one);
    return builder.Encode();
  };
  const auto read = [](std::vector<std::byte> bytes) {
    return Value(DirectoryReader::Open(std::move(bytes), 4096)).Tensor(0);
  };
  const TensorEntry back = Value(read(encoded(entry)));
  EXPECT_EQ(back.second_base, entry.second_base);
  EXPECT_EQ(back.Bases(), (std::vector<TensorId>{*entry.base, *entry.second_base}));
  TensorEntry shallow = entry;
  shallow.depth = 1;
  EXPECT_EQ(read(encoded(shallow)).error().code, ErrorCode::kCorruption);
  TensorEntry same = entry;
  same.second_base = entry.base;
  EXPECT_EQ(read(encoded(same)).error().code, ErrorCode::kCorruption);
  TensorEntry itself = entry;
  itself.second_base = entry.id;
  EXPECT_EQ(read(encoded(itself)).error().code, ErrorCode::kCorruption);
  // The flag without that of a first base.
  entry.base.reset();
  entry.second_base.reset();
  entry.depth = 0;
  std::vector<std::byte> bytes = encoded(entry);
  bytes[bytes.size() - 4] = static_cast<std::byte>(kTensorHasSecondBase);
  EXPECT_EQ(read(bytes).error().code, ErrorCode::kCorruption);
}

}  // namespace
}  // namespace dlv::archive
