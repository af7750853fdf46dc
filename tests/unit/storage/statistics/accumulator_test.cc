#include "storage/statistics/accumulator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace dlv::statistics {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <class T>
TensorStatistics Of(DType dtype, const std::vector<T>& values) {
  Accumulator accumulator(dtype);
  accumulator.Add(std::as_bytes(std::span(values)));
  return accumulator.Finish();
}

TEST(Accumulator, NoElementsHaveNoFigures) {
  const TensorStatistics figures = Accumulator(DType::kF32).Finish();
  EXPECT_EQ(figures.count, 0u);
  EXPECT_TRUE(std::isnan(figures.min));
  EXPECT_TRUE(std::isnan(figures.mean));
  EXPECT_TRUE(std::isnan(figures.std));
  EXPECT_EQ(figures.norm2, 0);
  EXPECT_EQ(figures.sparsity(), 0);
}

TEST(Accumulator, FewValues) {
  const TensorStatistics figures = Of<float>(DType::kF32, {3, -4, 0, -0.0f});
  EXPECT_EQ(figures.count, 4u);
  EXPECT_EQ(figures.zero_count, 2u);
  EXPECT_EQ(figures.negative_count, 1u);
  EXPECT_EQ(figures.min, -4);
  EXPECT_EQ(figures.max, 3);
  EXPECT_EQ(figures.least_magnitude, 3);
  EXPECT_EQ(figures.mean, -0.25);
  EXPECT_DOUBLE_EQ(figures.std, std::sqrt(25.0 / 4 - 0.0625));
  EXPECT_EQ(figures.norm1, 7);
  EXPECT_EQ(figures.norm2, 5);
  EXPECT_EQ(figures.norm_inf, 4);
  EXPECT_EQ(figures.sparsity(), 0.5);
}

TEST(Accumulator, WhatIsNotFiniteIsCountedAndLeftOut) {
  const double infinity = std::numeric_limits<double>::infinity();
  const TensorStatistics figures =
      Of<double>(DType::kF64, {kNan, 1, infinity, 2, -infinity, kNan, 3});
  EXPECT_EQ(figures.nan_count, 2u);
  EXPECT_EQ(figures.inf_count, 2u);
  EXPECT_EQ(figures.finite_count(), 3u);
  EXPECT_EQ(figures.mean, 2);
  EXPECT_EQ(figures.max, 3);
  const TensorStatistics none = Of<double>(DType::kF64, {kNan, infinity});
  EXPECT_EQ(none.finite_count(), 0u);
  EXPECT_TRUE(std::isnan(none.max));
  EXPECT_EQ(none.norm_inf, 0);
}

TEST(Accumulator, NormsOfHugeAndTinyValuesNeitherOverflowNorVanish) {
  const TensorStatistics huge = Of<double>(DType::kF64, {1e308, -1e308, 1e308, -1e308});
  EXPECT_EQ(huge.norm2, std::numeric_limits<double>::infinity());  // 2e308 is no double
  EXPECT_EQ(huge.mean, 0);
  EXPECT_DOUBLE_EQ(huge.std, 1e308);
  const TensorStatistics three = Of<double>(DType::kF64, {3e200, 4e200});
  EXPECT_DOUBLE_EQ(three.norm2, 5e200);
  EXPECT_DOUBLE_EQ(three.std, 0.5e200);
  const TensorStatistics tiny = Of<double>(DType::kF64, {3e-200, 4e-200});
  EXPECT_DOUBLE_EQ(tiny.norm2, 5e-200);
  const TensorStatistics least = Of<double>(DType::kF64, {5e-324, 0});
  EXPECT_EQ(least.norm2, 5e-324);
  EXPECT_EQ(least.least_magnitude, 5e-324);
}

TEST(Accumulator, DeviationBesideALargeMeanIsExact) {
  std::vector<double> values;
  for (int i = 0; i < 100000; ++i) values.push_back(1e9 + (i % 2 == 0 ? 1 : -1));
  const TensorStatistics figures = Of(DType::kF64, values);
  EXPECT_EQ(figures.mean, 1e9);
  EXPECT_EQ(figures.std, 1);
}

TEST(Accumulator, PiecesInOrderGiveTheSameBits) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<float> values(300001);
  for (float& value : values) value = normal(random);
  const auto bytes = std::as_bytes(std::span(values));
  const auto run = [&] {
    Accumulator whole(DType::kF32);
    for (std::size_t at = 0; at < bytes.size(); at += 1 << 19) {
      Accumulator part(DType::kF32);
      part.Add(bytes.subspan(at, std::min<std::size_t>(1 << 19, bytes.size() - at)));
      whole.Merge(part);
    }
    return whole.Finish();
  };
  const TensorStatistics once = run(), again = run(), plain = Of(DType::kF32, values);
  EXPECT_EQ(once.mean, again.mean);
  EXPECT_EQ(once.std, again.std);
  EXPECT_NEAR(once.mean, plain.mean, 1e-15);
  EXPECT_NEAR(once.std, plain.std, 1e-14);
  long double sum = 0, squares = 0;
  for (const float value : values) {
    sum += value;
    squares += static_cast<long double>(value) * value;
  }
  EXPECT_NEAR(once.mean, static_cast<double>(sum / values.size()), 1e-16);
  EXPECT_DOUBLE_EQ(once.norm2, static_cast<double>(std::sqrt(squares)));
}

TEST(Accumulator, SizesAroundALane) {
  for (const std::size_t count : {1u, 7u, 8u, 9u, 4095u, 4096u, 4097u}) {
    std::vector<std::int32_t> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<std::int32_t>(i) + 1;
    const TensorStatistics figures = Of(DType::kI32, values);
    EXPECT_EQ(figures.count, count);
    EXPECT_EQ(figures.min, 1);
    EXPECT_EQ(figures.max, static_cast<double>(count));
    EXPECT_DOUBLE_EQ(figures.mean, (static_cast<double>(count) + 1) / 2);
  }
}

TEST(Accumulator, ComplexNumbersByPartsBoolsAndOpaqueBytes) {
  const TensorStatistics complex = Of<float>(DType::kComplex64, {3, 4, 0, -1});
  EXPECT_EQ(complex.count, 4u);
  EXPECT_EQ(complex.zero_count, 1u);
  EXPECT_DOUBLE_EQ(complex.norm2, std::sqrt(26.0));
  const TensorStatistics flags = Of<std::uint8_t>(DType::kBool, {0, 1, 1, 1});
  EXPECT_EQ(flags.mean, 0.75);
  const TensorStatistics opaque = Of<std::uint8_t>(DType::kOpaque, {9, 9, 9});
  EXPECT_EQ(opaque.count, 3u);
  EXPECT_TRUE(std::isnan(opaque.mean));
}

}  // namespace
}  // namespace dlv::statistics
