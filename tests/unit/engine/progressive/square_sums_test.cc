// Every form of the sums of squares gives the same, which is the sum within its rounding.

#include "engine/progressive/square_sums.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {
namespace {

template <class Number>
std::vector<Number> NoiseOf(std::size_t count) {
  std::mt19937 random(static_cast<unsigned>(count) + 5);
  std::normal_distribution<double> normal;
  std::vector<Number> noise(count);
  for (Number& one : noise) one = static_cast<Number>(normal(random));
  return noise;
}

template <class Number>
const SquareLoops<Number>& LoopsOf(const SquareForm& form) {
  if constexpr (std::is_same_v<Number, double>) {
    return form.doubles;
  } else {
    return form.floats;
  }
}

constexpr MovingRange kRanges[] = {
    {0.5, 0, 1}, {0, -1, 1}, {2, 0, 0x1p1000}, {0.25, -0x1p1000, 0.5}};

/// What square_sums.h says, by comparisons.
double MovedLikeSpread(double x, const MovingRange& range) {
  const double outside = std::max({range.below - x, x - range.above, 0.0});
  return std::max(range.spread - outside, 0.0);
}

template <class Number>
void ExpectSums(std::size_t count) {
  SCOPED_TRACE(std::to_string(count));
  const std::vector<Number> noise = NoiseOf<Number>(count);
  long double squares = 0;
  for (const Number one : noise) squares += static_cast<long double>(one) * one;
  const double near = 1e-14 * static_cast<double>(squares);
  for (const SquareForm* const form : SquareForms()) {
    const double sum = LoopsOf<Number>(*form).sum(noise.data(), count);
    EXPECT_NEAR(sum, static_cast<double>(squares), near) << form->name;
    EXPECT_EQ(sum, SumOfSquares(noise)) << form->name;
  }
  EXPECT_GE(static_cast<long double>(LengthAbove(noise)), std::sqrt(squares));
  const std::vector<double> doubles(noise.begin(), noise.end());
  EXPECT_EQ(LengthAbove(noise), bounds::NormAbove(doubles));
  for (const MovingRange& range : kRanges) {
    long double moved = 0;
    for (const Number one : noise) {
      const long double by = MovedLikeSpread(one, range);
      moved += by * by;
    }
    for (const SquareForm* const form : SquareForms()) {
      const double sum = LoopsOf<Number>(*form).sum_moved(noise.data(), count, range);
      EXPECT_NEAR(sum, static_cast<double>(moved), 1e-13 * static_cast<double>(moved));
      EXPECT_EQ(sum, SumOfMovedSquares(noise, range)) << form->name;
    }
  }
}

TEST(SquareSums, AreTheSameInEveryForm) {
  for (const SquareForm* const form : SquareForms()) std::printf("form: %s\n", form->name);
  for (const std::size_t count : {0, 1, 7, 15, 16, 17, 31, 32, 100, 784, 1001}) {
    ExpectSums<double>(count);
    ExpectSums<float>(count);
  }
}

/// Column by column, against sums over columns that are taken out.
template <class Number>
void ExpectColumns(std::size_t rows, std::size_t columns) {
  SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(columns));
  const std::vector<Number> noise = NoiseOf<Number>(rows * columns);
  std::vector<double> spreads = NoiseOf<double>(columns);
  for (double& one : spreads) one = std::abs(one);
  const double below = -0.25, above = 0x1p1000;
  for (const SquareForm* const form : SquareForms()) {
    std::vector<double> sums(columns + 1, 7), moved(columns + 1, 7);
    for (std::size_t row = 0; row < rows; ++row) {
      const Number* const from = noise.data() + row * columns;
      LoopsOf<Number>(*form).add(from, columns, sums.data());
      LoopsOf<Number>(*form).add_moved(from, spreads.data(), columns, below, above, moved.data());
    }
    EXPECT_EQ(sums.back(), 7);
    EXPECT_EQ(moved.back(), 7);
    for (std::size_t column = 0; column < columns; ++column) {
      double want = 7, want_moved = 7;
      for (std::size_t row = 0; row < rows; ++row) {
        const double x = noise[row * columns + column];
        const double by = MovedLikeSpread(x, {spreads[column], below, above});
        want += x * x;
        want_moved += by * by;
      }
      ASSERT_EQ(sums[column], want) << form->name << column;
      ASSERT_NEAR(moved[column], want_moved, 1e-14 * want_moved) << form->name << column;
    }
  }
}

TEST(SquareSums, OfColumnsAreTheSameInEveryForm) {
  for (const std::size_t columns : {1, 3, 8, 15, 16, 31, 100}) {
    ExpectColumns<double>(9, columns);
    ExpectColumns<float>(9, columns);
  }
}

TEST(SquareSums, OfNoNumbersAreNone) {
  for (const std::size_t at : {0, 3, 16, 20}) {
    std::vector<float> elements(21, 1);
    elements[at] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(SumOfSquares(elements)));
    EXPECT_TRUE(std::isnan(SumOfMovedSquares(elements, {1, 0, 2})));
    EXPECT_TRUE(std::isnan(LengthAbove(elements)));
  }
  const std::vector<float> elements(21, 1);
  EXPECT_TRUE(
      std::isnan(SumOfMovedSquares(elements, {std::numeric_limits<double>::quiet_NaN(), 0, 2})));
}

}  // namespace
}  // namespace dlv::progressive
