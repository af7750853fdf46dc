// What a level is said to fetch is what reading it fetches, and what comes back are the leading
// bits.

#include "storage/archive/section_sink.h"
#include "storage/codec/chunk_codec.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

using Handle = std::shared_ptr<const TensorHandle>;

/// `bytes` with all but the leading `planes` bits of every element zero.
Bytes Truncated(DType dtype, Bytes bytes, unsigned planes) {
  const std::size_t size = SizeOf(dtype);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto from_top = static_cast<unsigned>(size - 1 - at % size) * 8;
    const unsigned known = planes <= from_top ? 0 : std::min(planes - from_top, 8U);
    bytes[at] &= static_cast<std::byte>(0xff00U >> known);
  }
  return bytes;
}

struct Kind {
  DType dtype;
  std::uint64_t count;
};

class Levels : public ::testing::Test {
 protected:
  /// Tensors of a kind: alone, and a chain of two steps on it.
  void Make(const std::vector<Kind>& kinds, unsigned chain) {
    for (unsigned step = 0; step < chain; ++step) {
      SectionWriter writer = archive_.NewWriter();
      for (std::size_t k = 0; k < kinds.size(); ++k) {
        const std::size_t at = step * kinds.size() + k;
        if (step == 0) {
          tensors_.push_back(
              MakeTensor(kinds[k].dtype, kinds[k].count, static_cast<unsigned>(k) + 1));
          ASSERT_OK(TestArchive::Add(writer, tensors_[at]));
        } else {
          const TestTensor& base = tensors_[at - kinds.size()];
          tensors_.push_back(MakeTensor(base.dtype, Step(base.dtype, base.bytes, step)));
          ASSERT_OK(TestArchive::Add(writer, tensors_[at], &tensors_[at - kinds.size()], step - 1));
        }
      }
      archive_.Finish(writer);
    }
    locator_.emplace(archive_.sections);
  }

  /// Reads the tensors `from` to `to` at every level of each from cold; returns the number of
  /// levels.
  void CheckAlone(std::size_t at) {
    SCOPED_TRACE(std::string(NameOf(tensors_[at].dtype)) + " " + std::to_string(at));
    TensorReader planner(*locator_);
    const Handle handle = Value(planner.Open(tensors_[at].id()));
    const auto levels = Value(planner.LevelsOf(*handle));
    ASSERT_FALSE(levels.empty());
    EXPECT_EQ(levels.back().planes, codec::FullPlanes(tensors_[at].dtype));
    EXPECT_EQ(levels.back().all_bytes, Value(planner.CodedBytesOf(std::span(&handle, 1))));
    for (const TensorLevel& level : levels) {
      TensorReader cold(*locator_);
      Bytes bytes(tensors_[at].bytes.size());
      const Handle again = Value(cold.Open(tensors_[at].id()));
      EXPECT_EQ(Value(cold.Read(*again, 0, bytes, level.planes)), level.planes);
      EXPECT_EQ(cold.fetched_bytes(), level.all_bytes) << level.planes << " planes";
      EXPECT_LE(level.plane_bytes, level.all_bytes);
      EXPECT_EQ(Truncated(handle->dtype(), bytes, level.planes),
                Truncated(handle->dtype(), tensors_[at].bytes, level.planes));
    }
  }

  TestArchive archive_;
  std::vector<TestTensor> tensors_;
  std::optional<SectionSetLocator> locator_;
};

TEST_F(Levels, OfTensorsAloneAreWhatIsFetched) {
  Make({{DType::kF32, 140'000},
        {DType::kBF16, 33'000},
        {DType::kF16, 33'000},
        {DType::kF64, 33'000},
        {DType::kI32, 3'000},
        {DType::kComplex64, 3'000}},
       1);
  for (std::size_t at = 0; at < tensors_.size(); ++at) CheckAlone(at);
  TensorReader reader(*locator_);
  EXPECT_EQ(Value(reader.LevelsOf(*Value(reader.Open(tensors_[0].id())))).size(), 19U)
      << "m = 0 to 15 and 23 of the first chunk, whose lowest byte is uneven (numbers times a "
         "constant are), 16 and 19 of the short one";
}

TEST_F(Levels, OfDeltasCountTheWholeChain) {
  Make({{DType::kF32, 140'000},
        {DType::kBF16, 33'000},
        {DType::kF16, 33'000},
        {DType::kF64, 33'000}},
       4);
  for (std::size_t at = 0; at < tensors_.size(); ++at) CheckAlone(at);
  TensorReader reader(*locator_);
  const auto deep = Value(reader.LevelsOf(*Value(reader.Open(tensors_[12].id()))));
  ASSERT_EQ(deep.size(), 3U);
  EXPECT_EQ(deep[0].planes, 16U);
}

// Members of one cluster: each by share, all together what is there.
TEST_F(Levels, OfClustersAddUpToTheCluster) {
  Make({{DType::kF32, 3'000}, {DType::kF32, 777}, {DType::kF32, 5'001}}, 2);
  for (const std::size_t first : {0U, 3U}) {
    std::vector<Handle> handles;
    TensorReader planner(*locator_);
    std::map<unsigned, std::uint64_t> sums;
    for (std::size_t at = first; at < first + 3; ++at) {
      handles.push_back(Value(planner.Open(tensors_[at].id())));
      for (const TensorLevel& level : Value(planner.LevelsOf(*handles.back())))
        sums[level.planes] += level.all_bytes;
    }
    EXPECT_EQ(sums.rbegin()->second, Value(planner.CodedBytesOf(handles)));
    EXPECT_GE(sums.size(), 3U);
    for (const auto& [planes, bytes] : sums) {
      TensorReader cold(*locator_);
      for (std::size_t at = first; at < first + 3; ++at) {
        Bytes out(tensors_[at].bytes.size());
        const Handle handle = Value(cold.Open(tensors_[at].id()));
        EXPECT_EQ(Value(cold.Read(*handle, 0, out, planes)), planes);
        EXPECT_EQ(Truncated(DType::kF32, out, planes),
                  Truncated(DType::kF32, tensors_[at].bytes, planes));
      }
      EXPECT_EQ(cold.fetched_bytes(), bytes) << planes << " planes";
    }
  }
}

TEST_F(Levels, WhatIsKeptIsNotFetchedAgain) {
  Make({{DType::kF32, 140'000}, {DType::kF32, 2'000}}, 3);
  for (const std::size_t at : {0U, 1U, 4U, 5U}) {
    TensorReader reader(*locator_);
    reader.KeepCoded(64u << 20);
    const Handle handle = Value(reader.Open(tensors_[at].id()));
    const auto levels = Value(reader.LevelsOf(*handle));
    Bytes bytes(tensors_[at].bytes.size());
    for (const TensorLevel& level : levels)
      EXPECT_EQ(Value(reader.Read(*handle, 0, bytes, level.planes)), level.planes);
    EXPECT_EQ(bytes, tensors_[at].bytes);
    EXPECT_EQ(reader.fetched_bytes(), Value(reader.CodedBytesOf(std::span(&handle, 1))));
    reader.KeepCoded(0);
    const std::uint64_t before = reader.fetched_bytes();
    TensorReader fresh(*locator_);
    ASSERT_OK(fresh.Read(*Value(fresh.Open(tensors_[at].id())), 0, bytes, 0));
    EXPECT_EQ(fresh.fetched_bytes(), before) << "nothing twice";
  }
}

TEST_F(Levels, TooLittleRoomOnlyCostsFetches) {
  Make({{DType::kF32, 140'000}}, 1);
  TensorReader reader(*locator_);
  reader.KeepCoded(3'000);
  const Handle handle = Value(reader.Open(tensors_[0].id()));
  Bytes bytes(tensors_[0].bytes.size());
  for (const TensorLevel& level : Value(reader.LevelsOf(*handle)))
    EXPECT_EQ(Value(reader.Read(*handle, 0, bytes, level.planes)), level.planes);
  EXPECT_EQ(bytes, tensors_[0].bytes);
  EXPECT_GT(reader.fetched_bytes(), 2 * Value(reader.CodedBytesOf(std::span(&handle, 1))));
}

}  // namespace
}  // namespace dlv::archive
