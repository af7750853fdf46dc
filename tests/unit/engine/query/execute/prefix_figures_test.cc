#include "engine/query/execute/prefix_figures.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

namespace dlv::query {
namespace {

struct Exact {
  double norm1 = 0, norm2 = 0, norm_inf = 0, mean = 0, std = 0, min = 0, max = 0, sparsity = 0;
};

Exact FiguresOf(const std::vector<float>& numbers, double threshold) {
  Exact exact;
  long double sum = 0, squares = 0, magnitudes = 0, deviation = 0, below = 0;
  exact.min = exact.max = numbers[0];
  for (const float number : numbers) {
    sum += number;
    squares += static_cast<long double>(number) * number;
    magnitudes += std::fabs(number);
    below += std::fabs(number) <= threshold ? 1 : 0;
    exact.norm_inf = std::max<double>(exact.norm_inf, std::fabs(number));
    exact.min = std::min<double>(exact.min, number);
    exact.max = std::max<double>(exact.max, number);
  }
  const auto count = static_cast<long double>(numbers.size());
  for (const float number : numbers) deviation += (number - sum / count) * (number - sum / count);
  exact.norm1 = static_cast<double>(magnitudes);
  exact.norm2 = static_cast<double>(std::sqrt(squares));
  exact.mean = static_cast<double>(sum / count);
  exact.std = static_cast<double>(std::sqrt(deviation / count));
  exact.sparsity = static_cast<double>(below / count);
  return exact;
}

PrefixFigures Prefix(const std::vector<float>& numbers, unsigned planes, double threshold) {
  std::vector<std::uint32_t> bits;
  for (const float number : numbers) {
    const std::uint32_t unread = planes >= 32 ? 0 : (1u << (32 - planes)) - 1;
    bits.push_back(std::bit_cast<std::uint32_t>(number) & ~unread);
  }
  PrefixAccumulator accumulator(DType::kF32, threshold);
  const auto bytes = std::as_bytes(std::span(bits));
  const std::size_t half = bytes.size() / 8 * 4;
  accumulator.Add(bytes.first(half), planes);
  accumulator.Add(bytes.subspan(half), planes);
  return accumulator.Finish();
}

void ExpectHolds(const Interval& interval, double exact, const char* what, unsigned planes) {
  EXPECT_LE(interval.low, exact) << what << " from " << planes << " planes";
  EXPECT_GE(interval.high, exact) << what << " from " << planes << " planes";
}

TEST(PrefixFigures, EncloseTheFiguresAtEveryDepth) {
  std::mt19937 random(7);
  for (const double shift : {0.0, 5.0, -1e-3}) {
    std::normal_distribution<double> normal(shift, 1);
    std::vector<float> numbers(3001);
    for (float& number : numbers) number = static_cast<float>(normal(random));
    numbers[5] = 0;
    numbers[6] = -0.0f;
    numbers[7] = 1e-42f;  // not normal
    const Exact exact = FiguresOf(numbers, 0.25);
    double width = 1e300;
    for (unsigned planes = 9; planes <= 32; ++planes) {
      const PrefixFigures figures = Prefix(numbers, planes, 0.25);
      ASSERT_TRUE(figures.known);
      ExpectHolds(figures.norm1, exact.norm1, "norm1", planes);
      ExpectHolds(figures.norm2, exact.norm2, "norm2", planes);
      ExpectHolds(figures.norm_inf, exact.norm_inf, "norm_inf", planes);
      ExpectHolds(figures.mean, exact.mean, "mean", planes);
      ExpectHolds(figures.std, exact.std, "std", planes);
      ExpectHolds(figures.min, exact.min, "min", planes);
      ExpectHolds(figures.max, exact.max, "max", planes);
      ExpectHolds(figures.sparsity, exact.sparsity, "sparsity", planes);
      EXPECT_LE(figures.norm2.high - figures.norm2.low, width);
      width = figures.norm2.high - figures.norm2.low;
    }
    EXPECT_LT(width, 1e-6);
  }
}

TEST(PrefixFigures, KnowNothingOfWhatMayNotBeFinite) {
  EXPECT_FALSE(Prefix({1, INFINITY}, 9, 0).known);
  EXPECT_FALSE(Prefix({1, NAN}, 12, 0).known);
  EXPECT_FALSE(Prefix({1, 2}, 8, 0).known);  // the exponent is not whole
  EXPECT_FALSE(PrefixAccumulator(DType::kF32, 0).Finish().known);
  EXPECT_FALSE(LeastPlanes(DType::kI32));
}

TEST(PrefixFigures, KnowNothingOfSquaresThatVanish) {
  const std::vector<double> tiny = {1e-200, -3e-200}, zeros = {0, -0.0};
  for (const auto* numbers : {&tiny, &zeros}) {
    PrefixAccumulator accumulator(DType::kF64, 0);
    accumulator.Add(std::as_bytes(std::span(*numbers)), 64);
    // The norm of the first is 3.2e-200: an interval [0, 0] would prove it to be none.
    EXPECT_EQ(accumulator.Finish().known, numbers == &zeros);
  }
}

TEST(PrefixFigures, KnowHalfNumbers) {
  // 1.5, -2, 65504, 2^-24 as binary16.
  const std::vector<std::uint16_t> bits = {0x3e00, 0xc000, 0x7bff, 0x0001};
  PrefixAccumulator accumulator(DType::kF16, 0);
  accumulator.Add(std::as_bytes(std::span(bits)), 16);
  const PrefixFigures figures = accumulator.Finish();
  ASSERT_TRUE(figures.known);
  EXPECT_EQ(figures.max.low, 65504);
  EXPECT_EQ(figures.min.high, -2);
  EXPECT_NEAR(figures.norm1.low, 65504 + 3.5, 1e-3);
  ExactShare share(DType::kF16, 1.75);
  share.Add(std::as_bytes(std::span(bits)));
  EXPECT_EQ(share.below(), 2);
}

}  // namespace
}  // namespace dlv::query
