#include "engine/bounds/spectral_norm.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "engine/bounds/rounding.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::bounds {
namespace {

using oracle::Quad;
using Matrix = std::vector<double>;

Matrix RandomMatrix(std::mt19937_64& random, std::int64_t count, double scale = 1) {
  std::normal_distribution<double> normal;
  Matrix matrix(static_cast<std::size_t>(count));
  for (double& element : matrix) element = scale * normal(random);
  return matrix;
}

void ExpectBetween(double bound, Quad norm, double factor, const std::string& what) {
  EXPECT_GE(Quad(bound), norm) << what;
  EXPECT_LE(Quad(bound), norm * Quad(factor)) << what << ": " << bound / double(norm);
}

TEST(SpectralNorm, IsNeverBelowAndAtMostThreePercentAbove) {
  std::mt19937_64 random(11);
  for (const auto& [rows, columns] : std::vector<std::pair<int, int>>{
           {1, 1}, {1, 9}, {9, 1}, {2, 2}, {3, 7}, {7, 3}, {8, 8}, {10, 12}}) {
    for (const double scale : {1.0, 1e-3, 1e150, 1e-150, 1e300, 0x1p-1060}) {
      const Matrix matrix = RandomMatrix(random, rows * columns, scale);
      const Quad norm = oracle::SpectralNorm(matrix, rows, columns);
      const std::string what =
          std::to_string(rows) + "x" + std::to_string(columns) + " " + std::to_string(scale);
      ExpectBetween(SpectralNormAbove(matrix, rows, columns), norm, scale < 1e-300 ? 1.04 : 1.0151,
                    what);  // 12^(1/256) = 1.0098
      EXPECT_GE(Quad(CheapNormAbove(matrix, rows, columns)), norm) << what;
      EXPECT_GE(Quad(SpectralNormAbove(matrix, rows, columns, 0)), norm) << what;
      EXPECT_GE(Quad(SpectralNormAbove(matrix, rows, columns, 2)), norm) << what;
    }
  }
}

TEST(SpectralNorm, HoldsForIllConditionedMatrices) {
  std::mt19937_64 random(12);
  for (int i = 0; i < 12; ++i) {
    Matrix matrix = RandomMatrix(random, 6 * 8);
    for (int row = 0; row < 6; ++row) {  // rows from 1 to 2^-250, nearly parallel ones among them
      for (int column = 0; column < 8; ++column) {
        double& element = matrix[static_cast<std::size_t>(8 * row + column)];
        if (row % 2 == 1) element = matrix[static_cast<std::size_t>(8 * row - 8 + column)];
        if (row % 2 == 1) element *= 1 + 1e-12 * column;
        element *= std::ldexp(1.0, -25 * row * (i % 3));
      }
    }
    ExpectBetween(SpectralNormAbove(matrix, 6, 8), oracle::SpectralNorm(matrix, 6, 8), 1.0075,
                  std::to_string(i));
  }
}

/// Rank one: the Frobenius norm is the norm, so nothing but rounding stands between bound and
/// truth. The same without the error terms falls below it: a bound that drops gamma is found out
/// here.
TEST(SpectralNorm, GammaDropped_WouldBeBelowTheNormOfRankOne) {
  std::mt19937_64 random(13);
  int plain_below = 0;
  for (int i = 0; i < 40; ++i) {
    const std::int64_t rows = 2 + i % 3, columns = 50 + 13 * i;
    std::vector<double> left(static_cast<std::size_t>(rows)),
        right(static_cast<std::size_t>(columns));
    for (double& element : left) element = static_cast<double>(random() % 1000 + 1);
    for (double& element : right) element = static_cast<double>(random() >> 38);
    Matrix matrix;
    double plain = 0;
    for (const double a : left) {
      for (const double b : right) {
        matrix.push_back(a * b);  // exact: 10 and 26 bits
        plain += a * b * (a * b);
      }
    }
    const Quad norm = oracle::Norm(left) * oracle::Norm(right);
    ExpectBetween(SpectralNormAbove(matrix, rows, columns), norm, 1 + 1e-12, std::to_string(i));
    plain_below += Quad(std::sqrt(plain)) < norm;
  }
  EXPECT_GT(plain_below, 4);
}

/// One that is a tenth too small is found out by any matrix.
TEST(SpectralNorm, NineTenthsOfIt_WouldBeBelow) {
  std::mt19937_64 random(14);
  for (int i = 0; i < 10; ++i) {
    const Matrix matrix = RandomMatrix(random, 5 * 9);
    EXPECT_LT(Quad(0.9 * SpectralNormAbove(matrix, 5, 9)), oracle::SpectralNorm(matrix, 5, 9));
  }
}

TEST(SpectralNorm, OfNothingAndZerosIsZero) {
  EXPECT_EQ(SpectralNormAbove({}, 0, 0), 0);
  EXPECT_EQ(SpectralNormAbove({}, 0, 5), 0);
  EXPECT_EQ(SpectralNormAbove(Matrix(12), 3, 4), 0);
  EXPECT_EQ(CheapNormAbove(Matrix(12), 3, 4), 0);
  EXPECT_EQ(AbsoluteNormAbove(Matrix(12), 3, 4), 0);
}

TEST(SpectralNorm, OfSpecialNumbersIsInfinite) {
  for (const double special : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    Matrix matrix(12, 1.0);
    matrix[7] = special;
    EXPECT_EQ(SpectralNormAbove(matrix, 3, 4), HUGE_VAL);
    EXPECT_EQ(CheapNormAbove(matrix, 3, 4), HUGE_VAL);
    EXPECT_EQ(AbsoluteNormAbove(matrix, 3, 4), HUGE_VAL);
    EXPECT_EQ(ConvolutionNormAbove(matrix, {3, 4}), HUGE_VAL);
  }
  EXPECT_EQ(SpectralNormAbove(Matrix(12, 1.7e308), 3, 4), HUGE_VAL);  // beyond double
}

TEST(SpectralNorm, OfDenormalsIsNotLost) {
  const double least = std::numeric_limits<double>::denorm_min();
  EXPECT_GE(SpectralNormAbove(Matrix(4, least), 2, 2), 2 * least);
  EXPECT_LE(SpectralNormAbove(Matrix(4, least), 2, 2), 6 * least);
  Matrix mixed(4, least);
  mixed[0] = 1e300;
  EXPECT_GE(SpectralNormAbove(mixed, 2, 2), 1e300);
}

TEST(SpectralNorm, OfMagnitudesAndBlocks) {
  std::mt19937_64 random(15);
  const Matrix matrix = RandomMatrix(random, 3 * 4 * 5);
  Matrix magnitudes = matrix;
  for (double& element : magnitudes) element = std::fabs(element);
  ExpectBetween(AbsoluteNormAbove(matrix, 12, 5), oracle::SpectralNorm(magnitudes, 12, 5), 1.01,
                "magnitudes");
  Quad greatest = 0;
  for (std::size_t block = 0; block < 3; ++block) {
    const Quad norm = oracle::SpectralNorm(std::span(matrix).subspan(20 * block, 20), 4, 5);
    if (norm > greatest) greatest = norm;
  }
  ExpectBetween(BlockNormAbove(matrix, 3, 4, 5), greatest, 1.01, "blocks");
}

}  // namespace
}  // namespace dlv::bounds
