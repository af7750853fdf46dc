#include "engine/bounds/positive_form.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace dlv::bounds {
namespace {

/// U diag(values) U* with U a product of random reflections; its lower triangle. Off by about
/// 1e-15.
Hermitian WithEigenvalues(const std::vector<double>& values, std::mt19937_64& random) {
  const std::size_t n = values.size();
  std::normal_distribution<double> normal;
  std::vector<double> real(n * n, 0), imaginary(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) real[i * n + i] = values[i];
  for (int times = 0; times < 3; ++times) {
    std::vector<double> vr(n), vi(n);
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
      vr[i] = normal(random);
      vi[i] = normal(random);
      squares += vr[i] * vr[i] + vi[i] * vi[i];
    }
    // (1 - 2 v v* / v* v) M, then the same from the right.
    for (const bool left : {true, false}) {
      for (std::size_t line = 0; line < n; ++line) {
        const auto at = [&](std::size_t k) { return left ? k * n + line : line * n + k; };
        const double sign = left ? -1 : 1;
        double r = 0, i = 0;  // v* m, or m v
        for (std::size_t k = 0; k < n; ++k) {
          r += real[at(k)] * vr[k] - sign * imaginary[at(k)] * vi[k];
          i += imaginary[at(k)] * vr[k] + sign * real[at(k)] * vi[k];
        }
        for (std::size_t k = 0; k < n; ++k) {
          real[at(k)] -= 2 * (r * vr[k] + sign * i * vi[k]) / squares;
          imaginary[at(k)] -= 2 * (i * vr[k] - sign * r * vi[k]) / squares;
        }
      }
    }
  }
  Hermitian matrix(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      matrix.real[i * n + j] = real[i * n + j];
      matrix.imaginary[i * n + j] = i == j ? 0 : imaginary[i * n + j];
    }
  }
  return matrix;
}

std::vector<double> WithLeast(std::size_t n, double least) {
  std::vector<double> values(n, 1);
  for (std::size_t i = 0; i < n; ++i) values[i] = 0.1 + 0.02 * static_cast<double>(i);
  values[n / 2] = least;
  return values;
}

TEST(PositiveForms, TheLeastEigenvalueTells) {
  std::mt19937_64 random(3);
  for (const std::size_t n : {std::size_t{2}, std::size_t{9}, std::size_t{40}}) {
    for (const double least : {0.5, 1e-3, 1e-8})
      EXPECT_TRUE(IsPositive(WithEigenvalues(WithLeast(n, least), random), 0)) << n << " " << least;
    for (const double least : {-0.5, -1e-6, -1e-8, 0.0})
      EXPECT_FALSE(IsPositive(WithEigenvalues(WithLeast(n, least), random), 0))
          << n << " " << least;
  }
}

TEST(PositiveForms, ErrorsCount) {
  std::mt19937_64 random(4);
  const Hermitian matrix = WithEigenvalues(WithLeast(12, 0.01), random);
  EXPECT_TRUE(IsPositive(matrix, 1e-10));
  // What is taken off before the factor is all that may be wrong.
  EXPECT_FALSE(IsPositive(matrix, 1e-8));
  EXPECT_FALSE(IsPositive(matrix, std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(IsPositive(matrix, std::numeric_limits<double>::quiet_NaN()));
}

/// Where numbers are so great that rounding alone could hide a negative eigenvalue.
TEST(PositiveForms, RoundingOfGreatNumbersCounts) {
  Hermitian matrix(2);
  matrix.real[0] = 0x1p40;
  matrix.real[3] = 1;
  EXPECT_FALSE(IsPositive(matrix, 0));
  matrix.real[0] = 4;
  EXPECT_TRUE(IsPositive(matrix, 0));
  matrix.imaginary[2] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(IsPositive(matrix, 0));
}

}  // namespace
}  // namespace dlv::bounds
