#include "engine/bounds/blas.h"

#include <gtest/gtest.h>

#include <iostream>
#include <limits>
#include <random>
#include <type_traits>

#include "engine/bounds/plain_product.h"
#include "engine/bounds/rounding.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::bounds {
namespace {

using oracle::Quad;

template <class Number>
class Product : public ::testing::Test {
 public:
  static constexpr double kUnitOf = std::is_same_v<Number, double> ? kUnit : kUnitF32;

  std::vector<Number> Random(std::int64_t count, double scale = 1) {
    std::normal_distribution<double> normal;
    std::vector<Number> numbers(static_cast<std::size_t>(count));
    for (Number& number : numbers) number = static_cast<Number>(scale * normal(random_));
    return numbers;
  }

  /// Compares each element with the sum in quadruple precision, within gamma_(k+2) of the sum of
  /// magnitudes and the least denormal a term.
  void Check(Transpose ta, Transpose tb, std::int64_t m, std::int64_t n, std::int64_t k,
             Number beta, double scale = 1) {
    const std::int64_t gap = 3;  // rows are farther apart than they are long
    const std::int64_t lda = (ta == Transpose::kYes ? m : k) + gap;
    const std::int64_t ldb = (tb == Transpose::kYes ? k : n) + gap, ldc = n + gap;
    const auto a = Random(lda * std::max(m, k), scale), b = Random(ldb * std::max(n, k), scale);
    const auto before = Random(ldc * m, scale);
    auto c = before;
    MultiplyAdd(ta, tb, m, n, k, a.data(), lda, b.data(), ldb, beta, c.data(), ldc);
    const double gamma = GammaAbove(static_cast<double>(k) + 2, kUnitOf);
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < ldc; ++j) {
        const auto at = static_cast<std::size_t>(i * ldc + j);
        if (j >= n) {
          ASSERT_EQ(c[at], before[at]) << "beyond the row";
          continue;
        }
        Quad sum = Quad(beta) * Quad(before[at]), magnitudes = oracle::Magnitude(sum);
        for (std::int64_t l = 0; l < k; ++l) {
          const Quad term =
              Quad(a[static_cast<std::size_t>(ta == Transpose::kYes ? l * lda + i : i * lda + l)]) *
              Quad(b[static_cast<std::size_t>(tb == Transpose::kYes ? j * ldb + l : l * ldb + j)]);
          sum += term;
          magnitudes += oracle::Magnitude(term);
        }
        const Quad underflow =
            Quad(std::numeric_limits<Number>::denorm_min()) * Quad(double(k + 1));
        ASSERT_LE(oracle::Magnitude(sum - Quad(c[at])), Quad(gamma) * magnitudes + underflow)
            << m << "x" << n << "x" << k << " at " << i << ", " << j;
      }
    }
  }

 private:
  std::mt19937_64 random_{51};
};

using Types = ::testing::Types<double, float>;
TYPED_TEST_SUITE(Product, Types);

TYPED_TEST(Product, IsWithinGammaOfTheTrueOne) {
  for (const auto ta : {Transpose::kNo, Transpose::kYes}) {
    for (const auto tb : {Transpose::kNo, Transpose::kYes}) {
      for (const auto& [m, n, k] : std::vector<std::tuple<int, int, int>>{{1, 1, 1},
                                                                          {1, 1, 70},
                                                                          {3, 5, 7},
                                                                          {17, 33, 9},
                                                                          {1, 40, 31},
                                                                          {40, 1, 33},
                                                                          {5, 5, 300}}) {
        this->Check(ta, tb, m, n, k, 0);
        this->Check(ta, tb, m, n, k, 1);
      }
      this->Check(ta, tb, 4, 6, 10, TypeParam(0.7));
    }
  }
}

TYPED_TEST(Product, KeepsDenormals) {
  const double least = std::numeric_limits<TypeParam>::min();
  this->Check(Transpose::kNo, Transpose::kYes, 20, 24, 40, 0, std::sqrt(least));
  // Products that are denormal, sums that are.
  const std::vector<TypeParam> a(64, TypeParam(0.5)), b(64, TypeParam(least));
  std::vector<TypeParam> c(64, 1);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, 8, 8, 1, a.data(), 1, b.data(), 8, 0, c.data(), 8);
  for (const TypeParam element : c) EXPECT_EQ(element, TypeParam(least / 2));
}

TYPED_TEST(Product, OfNothing) {
  std::vector<TypeParam> c(4, 3);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, 0, 2, 2, c.data(), 2, c.data(), 2, 0, c.data(), 2);
  EXPECT_EQ(c[0], 3);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, 2, 2, 0, c.data(), 1, c.data(), 2, 0, c.data(), 2);
  EXPECT_EQ(c, std::vector<TypeParam>(4, 0));
}

TYPED_TEST(Product, DoesNotReadWhatBetaZeroReplaces) {
  std::vector<TypeParam> c(4, std::numeric_limits<TypeParam>::quiet_NaN());
  const std::vector<TypeParam> one(4, 1);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, 2, 2, 2, one.data(), 2, one.data(), 2, 0, c.data(),
              2);
  EXPECT_EQ(c, std::vector<TypeParam>(4, 2));
}

TYPED_TEST(Product, KeepsNan) {
  std::vector<TypeParam> a(36, 1), c(36);
  a[7] = std::numeric_limits<TypeParam>::quiet_NaN();
  const std::vector<TypeParam> zero(36, 0);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, 6, 6, 6, a.data(), 6, zero.data(), 6, 0, c.data(), 6);
  for (std::size_t j = 0; j < 6; ++j) EXPECT_TRUE(std::isnan(c[6 + j]));
}

TEST(PlainProduct, IsExactOnWholeNumbers) {
  std::mt19937 random(52);
  const std::int64_t m = 5, n = 1030, k = 71;
  std::vector<double> a(static_cast<std::size_t>(m * k)), b(static_cast<std::size_t>(k * n));
  for (double& element : a) element = static_cast<double>(random() % 100) - 50;
  for (double& element : b) element = static_cast<double>(random() % 100) - 50;
  std::vector<double> own(static_cast<std::size_t>(m * n)), library(own.size());
  AddProduct(m, n, k, a.data(), k, b.data(), n, own.data(), n);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, m, n, k, a.data(), k, b.data(), n, 0, library.data(),
              n);
  EXPECT_EQ(own, library);
  std::cout << (HasBlas() ? "OpenBLAS\n" : "plain loops: OpenBLAS is not installed, or kept out\n");
}

}  // namespace
}  // namespace dlv::bounds
