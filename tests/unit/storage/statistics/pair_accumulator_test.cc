#include "storage/statistics/pair_accumulator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace dlv::statistics {
namespace {

template <class T>
std::span<const std::byte> BytesOf(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

template <class T>
PairStatistics Compare(DType dtype, const std::vector<T>& a, const std::vector<T>& b,
                       bool histogram = false) {
  PairAccumulator pairs(dtype, dtype, 0, 0, histogram);
  pairs.Add(BytesOf(a), BytesOf(b));
  return pairs.Finish();
}

std::vector<float> Normal(std::size_t count, float scale, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, scale);
  std::vector<float> values(count);
  for (float& x : values) x = normal(random);
  return values;
}

TEST(PairAccumulator, OfAFewNumbers) {
  const std::vector<float> a = {3, 0, -4, 1, 0};
  const std::vector<float> b = {3, 2, 4, -1, -0.0F};
  const PairStatistics figures = Compare(DType::kF32, a, b);
  EXPECT_EQ(figures.count, 5U);
  EXPECT_EQ(figures.differing, 3U);
  EXPECT_EQ(figures.sign_flips, 2U);
  EXPECT_EQ(figures.zero_before, 2U);
  EXPECT_EQ(figures.zero_after, 1U);
  EXPECT_DOUBLE_EQ(figures.norm_before, std::sqrt(26.0));
  EXPECT_DOUBLE_EQ(figures.norm_after, std::sqrt(30.0));
  EXPECT_DOUBLE_EQ(figures.norm_difference, std::sqrt(4.0 + 64 + 4));
  EXPECT_EQ(figures.max_difference, 8);
  EXPECT_DOUBLE_EQ(figures.cosine, (9.0 - 16 - 1) / std::sqrt(26.0 * 30));
  EXPECT_DOUBLE_EQ(figures.relative(), std::sqrt(72.0 / 26));
  EXPECT_EQ(figures.relative_bound(), figures.relative());
  EXPECT_EQ(figures.planes, 0U);
}

TEST(PairAccumulator, AgreesWithPlainSumsAtEveryOddSize) {
  for (const std::size_t size : {0, 1, 7, 8, 9, 1023, 1024, 1025, 5001}) {
    const std::vector<float> a = Normal(size, 1, 1), b = Normal(size, 1, 2);
    long double difference = 0, products = 0, squares_a = 0, squares_b = 0;
    std::uint64_t flips = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const long double x = a[i], y = b[i];
      difference += (y - x) * (y - x);
      products += x * y;
      squares_a += x * x;
      squares_b += y * y;
      flips += (x < 0) != (y < 0) ? 1 : 0;
    }
    const PairStatistics figures = Compare(DType::kF32, a, b);
    EXPECT_EQ(figures.count, size);
    EXPECT_EQ(figures.sign_flips, flips);
    const auto root = static_cast<double>(std::sqrt(difference));
    EXPECT_NEAR(figures.norm_difference, root, 1e-13 * root) << size;
    if (size == 0) continue;
    EXPECT_NEAR(figures.cosine, static_cast<double>(products / std::sqrt(squares_a * squares_b)),
                1e-13);
  }
}

TEST(PairAccumulator, CountsWhatIsNotFiniteAndLeavesItOut) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  const PairStatistics figures =
      Compare<float>(DType::kF32, {1, nan, nan, inf, inf, -inf, 1}, {2, nan, 1, inf, -inf, 0, inf});
  EXPECT_EQ(figures.nonfinite, 6U);
  EXPECT_EQ(figures.nan_before, 2U);
  EXPECT_EQ(figures.nan_after, 1U);
  EXPECT_EQ(figures.inf_before, 3U);
  EXPECT_EQ(figures.inf_after, 3U);
  EXPECT_EQ(figures.differing, 5U);  // NaN and NaN, inf and inf do not
  EXPECT_EQ(figures.norm_difference, 1);
  EXPECT_EQ(figures.cosine, 1);
  const PairStatistics nothing = Compare<float>(DType::kF32, {nan}, {1});
  EXPECT_EQ(nothing.finite(), 0U);
  EXPECT_EQ(nothing.relative(), 0);
  EXPECT_TRUE(std::isnan(nothing.cosine));
}

TEST(PairAccumulator, NeitherOverflowsNorVanishes) {
  const PairStatistics large = Compare<double>(DType::kF64, {3e300, 0}, {3e300, 4e300});
  EXPECT_DOUBLE_EQ(large.norm_difference, 4e300);
  EXPECT_DOUBLE_EQ(large.norm_after, 5e300);
  EXPECT_DOUBLE_EQ(large.cosine, 0.6);
  const PairStatistics small = Compare<double>(DType::kF64, {3e-300, 0}, {3e-300, 4e-300});
  EXPECT_DOUBLE_EQ(small.norm_difference, 4e-300);
  EXPECT_DOUBLE_EQ(small.cosine, 0.6);
  EXPECT_EQ(small.zero_before, 1U);
}

TEST(PairAccumulator, ComparesOtherTypesByValue) {
  const std::vector<float> a = {1, -2.5F, 0};
  const std::vector<std::uint16_t> same = {0x3f80, 0xc020, 0x8000};  // bf16, the zero negative
  PairAccumulator pairs(DType::kF32, DType::kBF16, 0, 0, false);
  pairs.Add(BytesOf(a), BytesOf(same));
  EXPECT_EQ(pairs.Finish().differing, 0U);
  EXPECT_EQ(Compare<std::int64_t>(DType::kI64, {5, -7}, {5, 8}).norm_difference, 15);
  EXPECT_EQ(Compare<std::uint8_t>(DType::kBool, {0, 1, 1}, {1, 1, 0}).differing, 2U);
  EXPECT_EQ(Compare<float>(DType::kComplex64, {1, 2}, {1, 4}).count, 2U);          // one element
  EXPECT_EQ(Compare<std::uint8_t>(DType::kOpaque, {0, 1}, {1, 1}).differing, 0U);  // not numbers
}

TEST(PairAccumulator, MergedPiecesAreTheWhole) {
  const std::vector<float> a = Normal(6000, 1, 3), b = Normal(6000, 1e-3F, 4);
  PairAccumulator whole(DType::kF32, DType::kF32, 0, 0, true);
  for (const auto& [first, count] : {std::pair<std::size_t, std::size_t>{0, 5000}, {5000, 1000}}) {
    PairAccumulator part(DType::kF32, DType::kF32, 0, 0, true);
    part.Add(BytesOf(a).subspan(first * 4, count * 4), BytesOf(b).subspan(first * 4, count * 4));
    whole.Merge(part);
  }
  const PairStatistics merged = whole.Finish();
  const PairStatistics once = Compare(DType::kF32, a, b, true);
  EXPECT_EQ(merged.count, 6000U);
  EXPECT_NEAR(merged.norm_difference, once.norm_difference, 1e-13);
  EXPECT_EQ(merged.difference.counts, once.difference.counts);
  EXPECT_EQ(merged.difference.edges, once.difference.edges);
}

TEST(PairAccumulator, HistogramHasEveryFinitePairOnce) {
  const std::vector<float> a = Normal(5000, 1e-3F, 5);
  std::vector<float> b = Normal(5000, 2e-3F, 6);
  b[4999] = 100;  // an outlier at the end makes all bins wide
  const Histogram histogram = Compare(DType::kF32, a, b, true).difference;
  ASSERT_EQ(histogram.edges.size(), histogram.counts.size() + 1);
  std::vector<std::uint64_t> expected(histogram.counts.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(b[i]) - static_cast<double>(a[i]);
    std::size_t bin = 0;
    while (difference >= histogram.edges[bin + 1]) ++bin;
    ++expected[bin];
  }
  EXPECT_EQ(histogram.counts, expected);
  EXPECT_TRUE(Compare(DType::kF32, a, a, true).difference.edges.empty());
}

TEST(PairAccumulator, ZerosThatWereReadMayHaveOppositeSigns) {
  // Read to 16 planes these are -0 and 0; each is nearly 2^-133, the last bit that was read.
  const std::vector<float> before(64, -1.9F * 0x1p-134F), after(64, 1.9F * 0x1p-134F);
  const std::vector<float> read_before(64, -0.0F), read_after(64, 0.0F);
  PairAccumulator pairs(DType::kF32, DType::kF32, 16, 16, false);
  pairs.Add(BytesOf(read_before), BytesOf(read_after));
  EXPECT_GE(pairs.Finish().norm_error, Compare(DType::kF32, before, after).norm_difference);
}

TEST(PairAccumulator, EstimatesFromTheHighHalfAndSaysHowWrongItMayBe) {
  for (const float step : {1e-5F, 1e-4F, 1e-3F, 1e-2F, 1.0F}) {
    const std::vector<float> a = Normal(40'000, 0.05F, 7);
    std::vector<float> b = Normal(40'000, 0.05F * step, 8);
    for (std::size_t i = 0; i < a.size(); ++i) b[i] += a[i];
    const PairStatistics exact = Compare(DType::kF32, a, b);
    const auto cut = [](const std::vector<float>& values) {
      std::vector<float> high = values;
      for (float& x : high) {
        std::uint32_t bits;
        std::memcpy(&bits, &x, 4);
        bits &= 0xffff0000;
        std::memcpy(&x, &bits, 4);
      }
      return high;
    };
    PairAccumulator pairs(DType::kF32, DType::kF32, 16, 16, false);
    pairs.Add(BytesOf(cut(a)), BytesOf(cut(b)));
    const PairStatistics guess = pairs.Finish();
    EXPECT_EQ(guess.planes, 16U);
    EXPECT_NEAR(guess.relative() / exact.relative(), 1, 0.15) << step;
    EXPECT_LE(std::fabs(guess.norm_read - exact.norm_difference), guess.norm_error) << step;
    EXPECT_GE(guess.relative_bound(), exact.relative()) << step;
    EXPECT_NEAR(guess.norm_before / exact.norm_before, 1, 1e-3);
    EXPECT_NEAR(1 - guess.cosine, 1 - exact.cosine, 0.3 * (1 - exact.cosine) + 1e-9) << step;
  }
}

}  // namespace
}  // namespace dlv::statistics
