// Tensors by significance: what a step is said to fetch is what reading it fetches, and what comes
// back has the bits of that step.

#include <cstring>

#include "storage/codec/significance_layout.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

/// Of a float the bits that have steps up to `last` (docs/format/codec.md §6.5).
std::uint32_t KnownMask(std::uint32_t bits, unsigned last) {
  const codec::FloatFormat format = codec::FormatOf(DType::kF32);
  const unsigned of = bits >> 23 & 255;
  std::uint32_t mask = 0xffU << 23;
  for (unsigned bit = 0; bit <= 23; ++bit) {
    if (codec::StepOf(format, of, bit) <= last) mask |= 1U << (bit == 0 ? 31 : 23 - bit);
  }
  return mask;
}

bool AgreeTo(unsigned last, const Bytes& got, const Bytes& want) {
  for (std::size_t at = 0; at < got.size(); at += 4) {
    std::uint32_t a = 0, b = 0;
    std::memcpy(&a, got.data() + at, 4);
    std::memcpy(&b, want.data() + at, 4);
    if (((a ^ b) & KnownMask(b, last)) != 0) return false;
  }
  return true;
}

class BySignificance : public ::testing::Test {
 protected:
  /// Each alone, as `dlv archive --layout` has it.
  void Make(const std::vector<std::uint64_t>& counts, bool by_significance = true) {
    SectionWriter writer = archive_.NewWriter();
    for (const std::uint64_t count : counts) {
      tensors_.push_back(MakeTensor(DType::kF32, count, static_cast<unsigned>(count)));
      const TestTensor& tensor = tensors_.back();
      TensorPlan plan;
      plan.hash = tensor.hash;
      plan.dtype = tensor.dtype;
      plan.element_count = tensor.count();
      plan.by_significance = by_significance;
      ASSERT_OK(writer.AddTensor(plan, *io::MakeViewSource(tensor.bytes)));
      if (by_significance) ASSERT_OK(writer.EndClusters());
    }
    archive_.Finish(writer);
    locator_.emplace(archive_.sections);
  }

  TestArchive archive_;
  std::vector<TestTensor> tensors_;
  std::optional<SectionSetLocator> locator_;
};

TEST_F(BySignificance, StepsAreWhatIsFetched) {
  Make({1500, 30'000, 131'072 + 500});  // the last chunk of the last has one level
  for (const TestTensor& tensor : tensors_) {
    SCOPED_TRACE(tensor.count());
    TensorReader reader(*locator_);
    const auto handle = Value(reader.Open(tensor.id()));
    const auto steps = Value(reader.StepsOf(*handle));
    ASSERT_GT(steps.size(), 10U);
    EXPECT_EQ(steps.back().planes, codec::kWholeStep);
    EXPECT_EQ(steps.back().all_bytes, Value(reader.CodedBytesOf(std::span(&handle, 1))));
    for (const TensorLevel& step : steps) {
      TensorReader cold(*locator_);
      cold.KeepCoded(1U << 30);
      const auto again = Value(cold.Open(tensor.id()));
      Bytes bytes(tensor.bytes.size());
      ASSERT_OK(cold.ReadToStep(*again, step.planes, bytes));
      EXPECT_EQ(cold.fetched_bytes(), step.all_bytes);
      EXPECT_TRUE(AgreeTo(step.planes, bytes, tensor.bytes)) << step.planes;
    }
    EXPECT_TRUE(reader.Verify(*handle, 1).ok());
  }
}

TEST_F(BySignificance, PlanesOfAllElementsAreAllOfThem) {
  Make({40'000});
  TensorReader reader(*locator_);
  const auto handle = Value(reader.Open(tensors_[0].id()));
  Bytes bytes(tensors_[0].bytes.size());
  EXPECT_EQ(Value(reader.Read(*handle, 0, bytes, 9)), 32U);
  EXPECT_EQ(bytes, tensors_[0].bytes);
  EXPECT_EQ(Value(reader.LevelsOf(*handle)).size(), 1U);
}

TEST_F(BySignificance, OtherTensorsHaveNoSteps) {
  Make({1500, 40'000}, false);
  TensorReader reader(*locator_);
  for (const TestTensor& tensor : tensors_) {
    const auto handle = Value(reader.Open(tensor.id()));
    EXPECT_TRUE(Value(reader.StepsOf(*handle)).empty());
    Bytes bytes(tensor.bytes.size());
    EXPECT_FALSE(reader.ReadToStep(*handle, 300, bytes).ok());
  }
}

}  // namespace
}  // namespace dlv::archive
