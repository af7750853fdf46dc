#include "storage/plan/tensor_sketch.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "storage/plan/size_estimate.h"
#include "tests/unit/storage/plan/sketch_fixture.h"

namespace dlv::plan {
namespace {

using namespace testing;

TEST(TensorSketch, RunsLieInTheTensorInOrder) {
  for (const std::uint64_t count : {1U, 16U, 512U, 513U, 1000U, 131072U, 100000007U}) {
    std::uint64_t next = 0;
    std::uint64_t taken = 0;
    for (const SketchRun& run : SketchRunsOf(count)) {
      EXPECT_GE(run.first, next) << count;
      next = run.first + run.count;
      taken += run.count;
    }
    EXPECT_LE(next, count);
    EXPECT_EQ(taken, std::min<std::uint64_t>(count, kSketchElements)) << count;
  }
}

TEST(TensorSketch, OrdersValuesAsNumbers) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> values = {-kInfinity, -2, -1.5F, -1e-40F, 0, 1e-40F, 1, 3};
  values.resize(16, kInfinity);
  const TensorSketch sketch = SketchOf(values);
  for (std::size_t i = 1; i < values.size(); ++i)
    EXPECT_LE(sketch.ordered()[i - 1], sketch.ordered()[i]) << i;
  EXPECT_EQ(sketch.ordered()[7] - sketch.ordered()[6], std::uint64_t{3} << 22);
}

TEST(TensorSketch, IsOnlyForWhatCanBeADelta) {
  const std::vector<float> values = RandomWeights(64, 1);
  const auto bytes = SampledBytes(values);
  EXPECT_TRUE(TensorSketch::Of(DType::kF32, 64, bytes));
  EXPECT_TRUE(TensorSketch::Of(DType::kI32, 64, bytes));
  EXPECT_FALSE(TensorSketch::Of(DType::kF8E4M3, 64, bytes));
  EXPECT_FALSE(TensorSketch::Of(DType::kComplex64, 32, bytes));
  EXPECT_FALSE(TensorSketch::Of(DType::kF32, 15, std::span(bytes).first(60)));
  EXPECT_TRUE(SketchOf(std::vector<float>(1000, 0.5F)).is_monotonous());
  EXPECT_FALSE(SketchOf(RandomWeights(1000, 1)).is_monotonous());
}

TEST(TensorSketch, OrdersIntegersAsNumbers) {
  std::vector<std::int8_t> values = {-128, -127, -1, 0, 1, 127};
  values.resize(16, 127);
  const TensorSketch sketch = IntegerSketchOf(DType::kI8, values);
  for (std::size_t i = 1; i < 6; ++i)
    EXPECT_EQ(sketch.ordered()[i] - sketch.ordered()[i - 1],
              static_cast<std::uint64_t>(values[i] - values[i - 1]));
  EXPECT_EQ(IntegerSketchOf(DType::kU8, values).ordered()[0], 128U);
  EXPECT_EQ(IntegerSketchOf(DType::kI64, std::vector<std::int64_t>(16, -1)).ordered()[0],
            ~std::uint64_t{0} >> 1);
  EXPECT_FALSE(IntegerSketchOf(DType::kI8, Quantised(RandomWeights(1000, 1))).is_monotonous());
  EXPECT_TRUE(IntegerSketchOf(DType::kBool, std::vector<std::uint8_t>(1000, 1)).is_monotonous());
}

TEST(TensorSketch, StrangersDifferInHalfAndKinInLittle) {
  const auto base = RandomWeights(100'000, 1);
  const TensorSketch sketch = SketchOf(base);
  EXPECT_NEAR(sketch.OrderDistance(SketchOf(RandomWeights(100'000, 2))), 0.5, 0.1);
  EXPECT_NEAR(sketch.OrderDistance(SketchOf(Tuned(base, 0.45F, 3))), 0.13, 0.06);
  EXPECT_LT(sketch.OrderDistance(SketchOf(Tuned(base, 0.01F, 4))), 0.02);
  std::vector<float> squares = base;  // all positive, as second moments are
  for (float& value : squares) value *= value;
  std::vector<float> decayed = squares;
  for (float& value : decayed) value *= 0.9F;
  EXPECT_LT(SketchOf(squares).OrderDistance(SketchOf(decayed)), 0.02);
}

TEST(SizeEstimate, KnowsWhatABaseIsWorth) {
  const auto base = RandomWeights(200'000, 1);
  const TensorSketch sketch = SketchOf(base);
  const double alone = EstimateBaseBytes(sketch);
  EXPECT_NEAR(alone, 200'000 * 26.6 / 8, 200'000 * 0.5 / 8);
  double before = 0;
  for (const float distance : {1e-5F, 1e-4F, 1e-3F, 1e-2F}) {
    const double bytes = EstimateDeltaBytes(SketchOf(Tuned(base, distance, 2)), sketch);
    // Each tenth of the distance is worth log2(10) bits an element.
    if (before > 0) {
      EXPECT_NEAR(bytes - before, 200'000 * 3.32 / 8, 200'000 * 0.4 / 8) << distance;
    }
    before = bytes;
  }
  EXPECT_LT(before, alone);
  EXPECT_EQ(EstimateDeltaBytes(SketchOf(RandomWeights(200'000, 9)), sketch),
            EstimateBaseBytes(SketchOf(RandomWeights(200'000, 9))))
      << "strangers are stored alone";
  EXPECT_LT(EstimateDeltaBytes(sketch, sketch), 1000);
}

/// bfloat16 or half precision, in a file as f32.
TEST(SizeEstimate, KnowsAboutBitsThatAreZero) {
  const auto rounded = [](std::vector<float> values, unsigned zero_bits) {
    for (float& value : values) {
      value = std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) >> zero_bits << zero_bits);
    }
    return SketchOf(values);
  };
  const auto base = RandomWeights(200'000, 1), child = Tuned(base, 1e-2F, 2);
  const double alone = EstimateBaseBytes(SketchOf(child));
  const double delta = EstimateDeltaBytes(SketchOf(child), SketchOf(base));
  for (const unsigned zero_bits : {13U, 16U}) {
    const double saved = 200'000.0 * zero_bits / 8;
    EXPECT_NEAR(EstimateBaseBytes(rounded(child, zero_bits)), alone - saved, 2000);
    EXPECT_NEAR(EstimateDeltaBytes(rounded(child, zero_bits), rounded(base, zero_bits)),
                delta - saved, 20'000);
    EXPECT_NEAR(EstimateDeltaBytes(rounded(child, zero_bits), SketchOf(base)), delta - saved,
                20'000);
  }
}

TEST(SizeEstimate, KnowsWhatIntegersTake) {
  const auto weights = RandomWeights(200'000, 1);
  const TensorSketch base = IntegerSketchOf(DType::kI8, Quantised(weights));
  const double alone = EstimateBaseBytes(base);
  EXPECT_NEAR(alone, 200'000 * 6.9 / 8, 200'000 * 0.7 / 8);  // 30 steps: log2(30 sqrt(2 pi e))
  double before = alone;
  for (const float distance : {0.3F, 0.1F, 0.03F, 0.01F}) {
    const TensorSketch tuned = IntegerSketchOf(DType::kI8, Quantised(Tuned(weights, distance, 2)));
    const double bytes = EstimateDeltaBytes(tuned, base);
    EXPECT_LT(bytes, before) << distance;
    before = bytes;
  }
  EXPECT_LT(before, 200'000 * 1.5 / 8);
  const TensorSketch stranger = IntegerSketchOf(DType::kI8, Quantised(RandomWeights(200'000, 9)));
  EXPECT_EQ(EstimateDeltaBytes(stranger, base), EstimateBaseBytes(stranger));
  EXPECT_NEAR(stranger.OrderDistance(base), 0.5, 0.1);
}

TEST(SizeEstimate, KnowsPackedNumbersByTheirBytes) {
  std::mt19937 random(1);
  std::vector<std::uint32_t> base(100'000);
  for (std::uint32_t& value : base) value = static_cast<std::uint32_t>(random());
  std::vector<std::uint32_t> child = base;
  for (std::uint32_t& value : child) value ^= static_cast<std::uint32_t>(random() % 2) << 28;
  const double bytes =
      EstimateDeltaBytes(IntegerSketchOf(DType::kI32, child), IntegerSketchOf(DType::kI32, base));
  EXPECT_LT(bytes, 100'000 * 3.0 / 8);
  EXPECT_NEAR(EstimateBaseBytes(IntegerSketchOf(DType::kI32, child)), 400'000, 5'000);
}

TEST(SizeEstimate, KnowsAboutCommonFactors) {
  const auto base = RandomWeights(200'000, 1);
  std::vector<float> decayed = base;
  for (float& value : decayed) value *= 0.999F;
  EXPECT_LT(EstimateDeltaBytes(SketchOf(decayed), SketchOf(base)), 200'000 * 1.0 / 8);
}

TEST(SizeEstimate, TakesValuesThatAreNoNumbers) {
  std::vector<float> base = RandomWeights(1000, 1);
  base[3] = std::numeric_limits<float>::quiet_NaN();
  base[5] = -std::numeric_limits<float>::infinity();
  base[9] = 0;
  std::vector<float> child = Tuned(base, 0.01F, 2);
  child[7] = std::numeric_limits<float>::infinity();
  const double bytes = EstimateDeltaBytes(SketchOf(child), SketchOf(base));
  EXPECT_GT(bytes, 1000);
  EXPECT_LT(bytes, 4000);
}

}  // namespace
}  // namespace dlv::plan
