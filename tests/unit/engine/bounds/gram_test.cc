#include "engine/bounds/gram.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::bounds {
namespace {

using oracle::Quad;
using Numbers = std::vector<double>;

/// [X -Y; Y X], which has the singular values of X + iY twice.
Numbers AsReal(const Numbers& real, const Numbers& imaginary, std::size_t rows,
               std::size_t columns) {
  Numbers all(4 * rows * columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      all[i * 2 * columns + j] = real[i * columns + j];
      all[(i + rows) * 2 * columns + j + columns] = real[i * columns + j];
      all[(i + rows) * 2 * columns + j] = imaginary[i * columns + j];
      all[i * 2 * columns + j + columns] = -imaginary[i * columns + j];
    }
  }
  return all;
}

TEST(Gram, OfComplexMatricesIsNeverBelow) {
  std::mt19937_64 random(61);
  std::normal_distribution<double> normal;
  for (const auto& [rows, columns] :
       std::vector<std::pair<std::size_t, std::size_t>>{{1, 1}, {2, 5}, {5, 2}, {4, 4}}) {
    Numbers real(rows * columns), imaginary(rows * columns);
    for (double& element : real) element = 0.1 * normal(random);
    for (double& element : imaginary) element = 0.1 * normal(random);
    const ComplexMatrix matrix{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns),
                               real, imaginary};
    const Numbers written_out = AsReal(real, imaginary, rows, columns);
    const Quad norm = oracle::SpectralNorm(written_out, 2 * static_cast<std::int64_t>(rows),
                                           2 * static_cast<std::int64_t>(columns));
    for (const int rounds : {0, 1, 6}) {
      EXPECT_GE(Quad(GramNormAbove(matrix, rounds)), norm) << rows << "x" << columns;
    }
    EXPECT_LE(Quad(GramNormAbove(matrix, 6)), norm * Quad(1.006)) << rows << "x" << columns;
    EXPECT_GE(Quad(CheapComplexNormAbove(matrix)), norm);
  }
}

/// All elements alike: of rank one, so the bound has no surplus of its own; and in a long sum of
/// equal terms roundings go one way, beyond what a few operations allow. Only gamma covers them.
TEST(Gram, GammaDropped_WouldBeBelowForLongSumsOfEqualTerms) {
  std::mt19937_64 random(62);
  const std::size_t columns = 30000;
  int plain_below = 0;
  for (int i = 0; i < 8; ++i) {
    const double element = 0.5 + static_cast<double>(random() >> 12) * 0x1p-54;
    const Numbers real(2 * columns, element), imaginary(2 * columns, -element);
    const Quad norm = oracle::Root(Quad(static_cast<double>(2 * columns))) * Quad(element);
    const double bound = GramNormAbove({2, static_cast<std::int64_t>(columns), real, {}}, 6);
    EXPECT_GE(Quad(bound), norm);
    EXPECT_LE(Quad(bound), norm * Quad(1 + 1e-11));
    const double complex =
        GramNormAbove({2, static_cast<std::int64_t>(columns), real, imaginary}, 6);
    EXPECT_GE(Quad(complex), norm * oracle::Root(2));
    EXPECT_LE(Quad(complex), norm * oracle::Root(2) * Quad(1 + 3e-11));
    double sum = 0;
    for (const double x : real) sum += x * x;
    plain_below += Quad(sum * (1 + 0x1p-50)) < norm * norm;
  }
  EXPECT_GT(plain_below, 0);
}

TEST(Gram, ScalingIsUndoneOutwards) {
  for (const double scale : {1.0, 0x1p-1074, 0x1p-1030, 0x1p1000, 3.0}) {
    const Numbers numbers{scale, 0, -scale};
    const ScaledNumbers scaled = ScaledCopy(numbers);
    ASSERT_TRUE(scaled.finite);
    EXPECT_GE(std::fabs(scaled.numbers[2]), 0.5);
    EXPECT_LT(std::fabs(scaled.numbers[2]), 1);
    EXPECT_GE(UnscaledAbove(scaled.numbers[0], scaled.exponent, 3), scale);
  }
  EXPECT_FALSE(ScaledCopy(Numbers{1, HUGE_VAL}).finite);
  EXPECT_FALSE(ScaledCopy(Numbers{std::nan("")}).finite);
  EXPECT_TRUE(ScaledCopy(Numbers{0, -0.0}).zero);
}

}  // namespace
}  // namespace dlv::bounds
