#include "storage/statistics/histogram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "storage/statistics/accumulator.h"

namespace dlv::statistics {
namespace {

Histogram Of(const std::vector<double>& values, HistogramScale scale, std::size_t bins) {
  Accumulator accumulator(DType::kF64);
  accumulator.Add(std::as_bytes(std::span(values)));
  HistogramCounter counter(DType::kF64, scale, HistogramEdges(accumulator.Finish(), scale, bins));
  counter.Add(std::as_bytes(std::span(values)));
  return counter.histogram();
}

TEST(Histogram, LinearBinsAreHalfOpenAndTheLastIsClosed) {
  const Histogram histogram = Of({0, 1, 2, 3, 4}, HistogramScale::kLinear, 4);
  EXPECT_EQ(histogram.edges, (std::vector<double>{0, 1, 2, 3, 4}));
  EXPECT_EQ(histogram.counts, (std::vector<std::uint64_t>{1, 1, 1, 2}));
}

TEST(Histogram, EveryFiniteValueIsInOneBin) {
  const double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> values = {std::nan(""), infinity, -infinity};
  for (int i = 0; i < 9999; ++i) values.push_back(std::sin(i) * 1e-3 + 7);
  for (const std::size_t bins : {1u, 3u, 20u, 333u}) {
    const Histogram histogram = Of(values, HistogramScale::kLinear, bins);
    EXPECT_EQ(histogram.counts.size(), bins);
    EXPECT_EQ(std::accumulate(histogram.counts.begin(), histogram.counts.end(), 0ull), 9999u);
  }
}

TEST(Histogram, LogarithmicBinsCountMagnitudesWithoutZeros) {
  const Histogram histogram = Of({0, 1, -2, 4, -8, 16, 0}, HistogramScale::kLogarithmic, 4);
  ASSERT_EQ(histogram.edges.size(), 5u);
  EXPECT_EQ(histogram.edges.front(), 1);
  EXPECT_EQ(histogram.edges.back(), 16);
  EXPECT_EQ(histogram.counts, (std::vector<std::uint64_t>{1, 1, 1, 2}));
}

TEST(Histogram, OneValueStandsInTheMiddle) {
  const Histogram linear = Of({3, 3}, HistogramScale::kLinear, 3);
  EXPECT_EQ(linear.edges.front(), 2.5);
  EXPECT_EQ(linear.edges.back(), 3.5);
  EXPECT_EQ(linear.counts, (std::vector<std::uint64_t>{0, 2, 0}));
  const Histogram logarithmic = Of({-3, 3}, HistogramScale::kLogarithmic, 3);
  EXPECT_EQ(std::accumulate(logarithmic.counts.begin(), logarithmic.counts.end(), 0ull), 2u);
}

TEST(Histogram, ExtremeRanges) {
  const double most = std::numeric_limits<double>::max();
  const Histogram wide = Of({-most, 0, most}, HistogramScale::kLinear, 3);
  EXPECT_EQ(wide.counts, (std::vector<std::uint64_t>{1, 1, 1}));
  const Histogram narrow = Of({1, 1 + 0x1p-52}, HistogramScale::kLinear, 2);
  EXPECT_EQ(std::accumulate(narrow.counts.begin(), narrow.counts.end(), 0ull), 2u);
  const Histogram tiny = Of({5e-324, 1e-323}, HistogramScale::kLinear, 8);
  EXPECT_EQ(std::accumulate(tiny.counts.begin(), tiny.counts.end(), 0ull), 2u);
  const Histogram span = Of({5e-324, most}, HistogramScale::kLogarithmic, 10);
  EXPECT_EQ(std::accumulate(span.counts.begin(), span.counts.end(), 0ull), 2u);
}

TEST(Histogram, NothingToCountHasNoEdges) {
  EXPECT_TRUE(Of({}, HistogramScale::kLinear, 5).edges.empty());
  EXPECT_TRUE(Of({std::nan("")}, HistogramScale::kLinear, 5).edges.empty());
  EXPECT_TRUE(Of({0, 0}, HistogramScale::kLogarithmic, 5).edges.empty());
  EXPECT_EQ(Of({0, 0}, HistogramScale::kLinear, 1).counts, (std::vector<std::uint64_t>{2}));
}

}  // namespace
}  // namespace dlv::statistics
