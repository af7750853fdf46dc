#include "storage/statistics/codebook.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace dlv::statistics {
namespace {

ValueSurvey SurveyOf(std::span<const double> values) {
  ValueSurvey survey(std::numeric_limits<double>::infinity(), true);
  survey.Add(values, 0);
  return survey;
}

double SquaredError(std::span<const double> values, const std::vector<double>& book) {
  const NearestValue nearest(book);
  double sum = 0;
  for (const double value : values) sum += std::pow(nearest(value) - value, 2);
  return sum;
}

std::vector<double> BellShaped(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0F, 0.05F);
  std::vector<double> values(count);
  for (double& value : values) value = normal(random);
  return values;
}

TEST(ValueSurvey, FindsRangeAndWhatCannotBeRounded) {
  constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> first = {1, -3, 2}, second = {0.5, kNoNumber, 70000, kNoNumber};
  ValueSurvey whole(65520), later(65520);
  whole.Add(first, 0);
  later.Add(second, 3);
  whole.Merge(later);
  EXPECT_EQ(whole.finite_count(), 5U);
  EXPECT_EQ(whole.min(), -3);
  EXPECT_EQ(whole.max(), 70000);
  EXPECT_EQ(whole.max_magnitude(), 70000);
  EXPECT_EQ(whole.first_non_finite(), 4U);
  EXPECT_EQ(whole.first_too_large(), 5U);
  EXPECT_TRUE(whole.Bins().empty());
  EXPECT_EQ(ValueSurvey().max_magnitude(), 0);
}

TEST(ValueSurvey, BinsAscendThroughZeroAndKeepSums) {
  const std::vector<double> values = {2, -1, 0, -2, 1, 2, -0.0, 1e300};
  const std::vector<ValueBin> bins = SurveyOf(values).Bins();
  for (std::size_t i = 1; i < bins.size(); ++i) EXPECT_LE(bins[i - 1].mean(), bins[i].mean());
  EXPECT_EQ(bins.front().mean(), -2);
  EXPECT_EQ(bins[bins.size() - 2].count, 2U);
  EXPECT_EQ(bins.back().mean(), 1e300) << "beyond binary32";
}

TEST(Codebook, IsExactWhereThereAreFewValues) {
  const std::vector<double> values = {0.25, -1, 0.25, 3, 0.25, -1};
  EXPECT_EQ(MakeCodebook(SurveyOf(values).Bins(), 4), (std::vector<double>{-1, 0.25, 3}));
  EXPECT_TRUE(MakeCodebook({}, 4).empty());
}

TEST(Codebook, SettlesWhereNoValueWantsToMove) {
  const std::vector<double> values = BellShaped(20'000, 1);
  for (const std::size_t size : {2U, 16U, 64U}) {
    const std::vector<double> book = MakeCodebook(SurveyOf(values).Bins(), size);
    ASSERT_EQ(book.size(), size);
    // Lloyd's condition, up to the width of a bin: each value is the mean of what it stands for.
    const NearestValue nearest(book);
    std::vector<double> sums(size), counts(size);
    for (const double value : values) {
      const auto place = static_cast<std::size_t>(
          std::find(book.begin(), book.end(), nearest(value)) - book.begin());
      sums[place] += value;
      counts[place] += 1;
    }
    for (std::size_t k = 0; k < size; ++k) {
      ASSERT_GT(counts[k], 0) << size << " " << k;
      EXPECT_NEAR(sums[k] / counts[k], book[k], 0.01 * std::abs(book[k]) + 1e-4) << size;
    }
  }
}

TEST(Codebook, BeatsEqualDistancesAndQuantiles) {
  std::vector<double> values = BellShaped(20'000, 2);
  const ValueSurvey survey = SurveyOf(values);
  const double error = SquaredError(values, MakeCodebook(survey.Bins(), 16));
  EXPECT_LT(error, 0.7 * SquaredError(values, MakeUniformBook(survey.min(), survey.max(), 16)));
  std::sort(values.begin(), values.end());
  std::vector<double> quantiles;
  for (std::size_t k = 0; k < 16; ++k)
    quantiles.push_back(values[(2 * k + 1) * values.size() / 32]);
  EXPECT_LT(error, 0.8 * SquaredError(values, quantiles));
}

TEST(Codebook, DoesNotDependOnHowTheTensorWasCut) {
  const std::vector<double> values = BellShaped(5'000, 3);
  const std::span<const double> all(values);
  ValueSurvey cut(std::numeric_limits<double>::infinity(), true);
  for (std::size_t at = 0; at < values.size(); at += 1000) {
    ValueSurvey part(std::numeric_limits<double>::infinity(), true);
    part.Add(all.subspan(at, 1000), at);
    cut.Merge(part);
  }
  const auto whole = MakeCodebook(SurveyOf(values).Bins(), 32),
             parts = MakeCodebook(cut.Bins(), 32);
  ASSERT_EQ(whole.size(), parts.size());
  for (std::size_t k = 0; k < whole.size(); ++k) EXPECT_NEAR(whole[k], parts[k], 1e-12);
}

TEST(UniformBook, HasBothEndsExactly) {
  const std::vector<double> book = MakeUniformBook(-1, 2, 4);
  ASSERT_EQ(book.size(), 4U);
  EXPECT_EQ(book.front(), -1);
  EXPECT_EQ(book.back(), 2);
  EXPECT_NEAR(book[1], 0, 1e-15);
  EXPECT_EQ(MakeUniformBook(3, 3, 16), std::vector<double>{3});
}

TEST(NearestValue, TakesTheLowerOfTwoAsNear) {
  const NearestValue nearest({-1, 1, 5});
  EXPECT_EQ(nearest(-100), -1);
  EXPECT_EQ(nearest(0), -1);
  EXPECT_EQ(nearest(0.001), 1);
  EXPECT_EQ(nearest(3), 1);
  EXPECT_EQ(nearest(100), 5);
}

}  // namespace
}  // namespace dlv::statistics
