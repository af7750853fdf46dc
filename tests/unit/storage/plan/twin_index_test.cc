#include "storage/plan/twin_index.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace dlv::plan {
namespace {

std::vector<float> Weights(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0F, 0.05F);
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

std::vector<float> Moved(std::vector<float> values, float by) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += i % 3 == 0 ? by : -by;
  return values;
}

std::optional<TwinSample> SampleOf(const std::vector<float>& values) {
  std::vector<std::byte> bytes;
  for (const SampleRun& run : SampleRunsOf(values.size())) {
    const auto part = std::as_bytes(std::span(values).subspan(run.first, run.count));
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return TwinSample::Of(DType::kF32, values.size(), bytes);
}

TEST(TwinIndex, RunsLieInTheTensorInOrder) {
  for (const std::uint64_t count : {1U, 16U, 64U, 65U, 100U, 131072U, 1000003U}) {
    std::uint64_t next = 0;
    std::uint64_t taken = 0;
    for (const SampleRun& run : SampleRunsOf(count)) {
      if (run.count == 0) continue;
      EXPECT_GE(run.first, next) << count;
      next = run.first + run.count;
      taken += run.count;
    }
    EXPECT_LE(next, count);
    EXPECT_EQ(taken, std::min<std::uint64_t>(count, kSampleElements));
  }
}

TEST(TwinIndex, FindsTheNearestCopyAndNoStranger) {
  const auto weights = Weights(5000, 1);
  TwinIndex index;
  index.Add(*SampleOf(Weights(5000, 2)), 10);
  index.Add(*SampleOf(Moved(weights, 1e-3F)), 11);
  index.Add(*SampleOf(Moved(weights, 1e-5F)), 12);
  index.Add(*SampleOf(Weights(5000, 3)), 13);
  const auto twin = index.Find(*SampleOf(weights));
  ASSERT_TRUE(twin.has_value());
  EXPECT_EQ(twin->tag, 12U);
  EXPECT_LT(twin->distance, 15);
  EXPECT_FALSE(index.Find(*SampleOf(Weights(5000, 4))).has_value());
  EXPECT_FALSE(index.Find(*SampleOf(Weights(5001, 1))).has_value()) << "another size";
}

TEST(TwinIndex, AnEqualTensorHasDistanceZero) {
  const auto sample = *SampleOf(Weights(300, 7));
  EXPECT_EQ(sample.Distance(sample), 0);
}

TEST(TwinIndex, WhatIsNotWorthADeltaHasNoSample) {
  EXPECT_FALSE(SampleOf(std::vector<float>(1000, 1.0F)).has_value()) << "a constant";
  EXPECT_FALSE(SampleOf(Weights(8, 1)).has_value()) << "too few";
  const std::vector<std::byte> bytes(64 * 8, std::byte{3});
  EXPECT_FALSE(TwinSample::Of(DType::kI64, 64, bytes).has_value()) << "no floating point";
}

}  // namespace
}  // namespace dlv::plan
