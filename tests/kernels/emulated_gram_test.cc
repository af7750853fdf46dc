// Gram iteration as the CUDA kernels do it, run on the processor: bounds of spectral norms against
// arithmetic of 113 bits and engine/bounds.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "engine/bounds/gram.h"
#include "engine/bounds/rounding.h"
#include "engine/bounds/spectral_norm.h"
#include "tests/kernels/emulated_gram.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::kernels::test {
namespace {

using Order = cuda::EmulatedWarp::Order;
using bounds::oracle::Quad;

/// A matrix on the "device", and in doubles.
template <class T>
struct Material {
  std::int64_t rows, columns;
  std::vector<T> values, centres;
  std::vector<double> residual;

  void Finish() {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double centre = centres.empty() ? 0 : static_cast<double>(centres[i]);
      residual.push_back(static_cast<double>(values[i]) - centre);
    }
  }
  cuda::GramMatrix Matrix() const {
    return {values.data(), centres.empty() ? nullptr : centres.data(),
            static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns)};
  }
};

template <class T>
Material<T> Plain(std::int64_t rows, std::int64_t columns, std::vector<T> values) {
  Material<T> material{rows, columns, std::move(values), {}, {}};
  material.Finish();
  return material;
}

template <class T>
Material<T> Noise(std::mt19937_64& random, std::int64_t rows, std::int64_t columns,
                  double scale = 1) {
  std::normal_distribution<double> normal;
  std::vector<T> values(static_cast<std::size_t>(rows * columns));
  for (T& value : values) value = static_cast<T>(scale * normal(random));
  return Plain(rows, columns, std::move(values));
}

/// Weights less their centres at 12 planes.
Material<float> Residuals(std::mt19937_64& random, std::int64_t rows, std::int64_t columns) {
  Material<float> material = Noise<float>(random, rows, columns, 0.05);
  material.residual.clear();
  for (const float value : material.values) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, 4);
    bits = (bits >> 20 << 20) | 1u << 19;
    material.centres.emplace_back();
    std::memcpy(&material.centres.back(), &bits, 4);
  }
  material.Finish();
  return material;
}

double BoundOf(const cuda::GramRecord& record, std::int64_t rows, std::int64_t columns,
               unsigned rounds) {
  std::vector<bounds::GramSums> sums;
  for (unsigned i = 0; i <= rounds; ++i) {
    const cuda::GramRound& round = record.rounds[i];
    sums.push_back({round.trace, round.squares, round.exponent});
  }
  return bounds::NormOfGramAbove(rows, columns, record.greatest, record.exponent, sums);
}

/// The bound; the record is the same in both orders of threads.
template <class T>
double NormAbove(const Material<T>& material, unsigned rounds = 6) {
  EmulatedGram forward(Order::kForward), backward(Order::kBackward);
  const cuda::GramRecord record = forward.Run<T>(material.Matrix(), rounds);
  const cuda::GramRecord again = backward.Run<T>(material.Matrix(), rounds);
  EXPECT_EQ(forward.faults() + backward.faults(), 0u);
  EXPECT_EQ(std::memcmp(&record.greatest, &again.greatest, sizeof record.greatest), 0);
  EXPECT_EQ(record.exponent, again.exponent);
  for (unsigned i = 0; i <= rounds; ++i) {
    EXPECT_EQ(std::memcmp(&record.rounds[i].trace, &again.rounds[i].trace, 8), 0);
    EXPECT_EQ(std::memcmp(&record.rounds[i].squares, &again.rounds[i].squares, 8), 0);
    EXPECT_EQ(record.rounds[i].exponent, again.rounds[i].exponent);
  }
  return BoundOf(record, material.rows, material.columns, rounds);
}

template <class T>
void ExpectTight(const Material<T>& material, double factor, const std::string& what) {
  const Quad norm =
      bounds::oracle::SpectralNorm(material.residual, material.rows, material.columns);
  for (const unsigned rounds : {0u, 2u, 6u}) {
    const double bound = NormAbove(material, rounds);
    EXPECT_GE(Quad(bound), norm) << what << ", rounds " << rounds;
    if (rounds < 6) continue;
    EXPECT_LE(Quad(bound), norm * Quad(factor))
        << what << ": " << bound / static_cast<double>(norm);
  }
}

TEST(EmulatedGram, IsNeverBelowTheNormAndNear) {
  std::mt19937_64 random(71);
  for (const auto& [rows, columns] : std::vector<std::pair<int, int>>{
           {1, 1}, {1, 9}, {9, 1}, {2, 2}, {3, 7}, {7, 3}, {8, 8}, {10, 12}}) {
    const std::string shape = std::to_string(rows) + "x" + std::to_string(columns) + " ";
    for (const double scale : {1.0, 1e-3, 1e150, 1e-150, 1e300, 0x1p-1060}) {
      ExpectTight(Noise<double>(random, rows, columns, scale), scale < 1e-300 ? 1.04 : 1.0151,
                  shape + std::to_string(scale));  // 12^(1/256) = 1.0098
    }
    for (const double scale : {1.0, 1e-3, 1e37, 1e-37, 0x1p-140}) {
      ExpectTight(Noise<float>(random, rows, columns, scale), 1.0151,
                  shape + "f32 " + std::to_string(scale));
    }
    ExpectTight(Residuals(random, rows, columns), 1.0151, shape + "residuals");
  }
}

/// Several tiles, odd ends, terms in several parts: about what engine/bounds gives.
TEST(EmulatedGram, OfLargerMatrices_IsThatOfBounds) {
  std::mt19937_64 random(72);
  for (const auto& [rows, columns] : std::vector<std::pair<int, int>>{
           {32, 33}, {33, 70}, {65, 64}, {35, 1030}, {520, 33}, {97, 100}}) {
    const std::string shape = std::to_string(rows) + "x" + std::to_string(columns);
    const Material<float> material = Residuals(random, rows, columns);
    const double bound = NormAbove(material);
    EXPECT_GE(Quad(bound), bounds::oracle::SpectralNormBelow(material.residual, rows, columns))
        << shape;
    const double cpu = bounds::SpectralNormAbove(material.residual, rows, columns);
    EXPECT_NEAR(bound, cpu, 1e-9 * cpu) << shape;
  }
}

TEST(EmulatedGram, PartsAreThereToBeTested) {
  EXPECT_EQ(cuda::GramShapeOf(35, 1030).parts, 4u);
  EXPECT_EQ(cuda::GramShapeOf(33, 520).parts, 2u);
  EXPECT_EQ(cuda::GramShapeOf(512, 512).parts, 2u);
  EXPECT_EQ(cuda::GramShapeOf(4096, 4096).parts, 1u);
  EXPECT_EQ(cuda::GramShapeOf(16, 1 << 20).parts, 64u);
  for (const std::uint64_t k : {1u, 7u, 8u, 9u, 255u, 256u, 263u, 511u, 513u, 5000u, 100001u}) {
    for (const std::uint64_t n : {1u, 32u, 33u, 300u}) {
      const cuda::GramShape shape = cuda::GramShapeOf(n, k);
      EXPECT_GE(shape.parts * shape.part_terms, k);
      EXPECT_EQ(shape.part_terms % cuda::kGramSlab, 0u);
    }
  }
}

/// The product itself, element by element, within gamma; and symmetric to the bit.
TEST(EmulatedGram, ProductsAreWithinGamma) {
  std::mt19937_64 random(73);
  for (const auto& shape : std::vector<std::pair<int, int>>{{33, 520}, {520, 33}, {5, 9}}) {
    const int rows = shape.first, columns = shape.second;
    const Material<double> material = Noise<double>(random, rows, columns);
    EmulatedGram gram(Order::kForward);
    const cuda::GramRecord record = gram.Run<double>(material.Matrix(), 0);
    const int n = std::min(rows, columns), k = std::max(rows, columns);
    const auto at = [&](int i, int j) {
      const int index = rows <= columns ? i * columns + j : j * columns + i;
      return std::ldexp(material.residual[static_cast<std::size_t>(index)], -record.exponent);
    };
    Quad squares = 0, trace = 0;
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        Quad exact = 0, magnitudes = 0;
        for (int t = 0; t < k; ++t) {
          exact += Quad(at(i, t)) * Quad(at(j, t));
          magnitudes += bounds::oracle::Magnitude(Quad(at(i, t)) * Quad(at(j, t)));
        }
        const double got = gram.product()[static_cast<std::size_t>(i * n + j)];
        ASSERT_EQ(got, gram.product()[static_cast<std::size_t>(j * n + i)]);
        ASSERT_LE(bounds::oracle::Magnitude(Quad(got) - exact),
                  Quad(bounds::GammaAbove(k)) * magnitudes);
        squares += Quad(got) * Quad(got);
        if (i == j) trace += Quad(got);
      }
    }
    EXPECT_GE(Quad(bounds::Above(record.rounds[0].squares, double(n) * n + 1)), squares);
    EXPECT_NEAR(record.rounds[0].squares, double(squares), 1e-13 * double(squares));
    EXPECT_NEAR(record.rounds[0].trace, double(trace), 1e-13 * double(trace));
  }
}

/// Rank one: nothing but rounding stands between bound and truth.
TEST(EmulatedGram, GammaDropped_WouldBeBelowForLongSumsOfEqualTerms) {
  std::mt19937_64 random(74);
  const std::int64_t columns = 3000;
  int plain_below = 0;
  for (int i = 0; i < 6; ++i) {
    const double element = 0.5 + static_cast<double>(random() >> 12) * 0x1p-54;
    const auto material = Plain<double>(
        2, columns, std::vector<double>(static_cast<std::size_t>(2 * columns), element));
    const Quad norm = bounds::oracle::Root(Quad(double(2 * columns))) * Quad(element);
    const cuda::GramRecord record = EmulatedGram(Order::kForward).Run<double>(material.Matrix(), 1);
    const double bound = BoundOf(record, 2, columns, 1);
    EXPECT_GE(Quad(bound), norm);
    EXPECT_LE(Quad(bound), norm * Quad(1 + 1e-11));
    plain_below += Quad(record.rounds[0].trace * (1 + 0x1p-51)) < norm * norm ? 1 : 0;
  }
  EXPECT_GT(plain_below, 0);
}

TEST(EmulatedGram, HoldsForIllConditionedMatrices) {
  std::mt19937_64 random(75);
  for (int i = 0; i < 6; ++i) {
    std::vector<double> matrix = Noise<double>(random, 6, 8).values;
    for (int row = 0; row < 6; ++row) {  // rows from 1 to 2^-250, nearly parallel ones among them
      for (int column = 0; column < 8; ++column) {
        double& element = matrix[static_cast<std::size_t>(8 * row + column)];
        if (row % 2 == 1) element = matrix[static_cast<std::size_t>(8 * row - 8 + column)];
        if (row % 2 == 1) element *= 1 + 1e-12 * column;
        element *= std::ldexp(1.0, -25 * row * (i % 3));
      }
    }
    ExpectTight(Plain<double>(6, 8, std::move(matrix)), 1.0075, std::to_string(i));
  }
}

TEST(EmulatedGram, SpecialNumbersZerosAndDenormals) {
  for (const double special : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    std::vector<double> matrix(40 * 41, 1.0);
    matrix[777] = special;
    EXPECT_EQ(NormAbove(Plain<double>(40, 41, matrix)), HUGE_VAL);
    std::vector<float> narrow(matrix.begin(), matrix.end());
    EXPECT_EQ(NormAbove(Plain<float>(40, 41, narrow)), HUGE_VAL);
  }
  EXPECT_EQ(NormAbove(Plain<double>(3, 4, std::vector<double>(12, 1.7e308))), HUGE_VAL);
  EXPECT_EQ(NormAbove(Plain<double>(3, 4, std::vector<double>(12))), 0);
  EXPECT_EQ(NormAbove(Plain<double>(0, 4, {})), 0);
  const double least = std::numeric_limits<double>::denorm_min();
  const double of_least = NormAbove(Plain<double>(2, 2, std::vector<double>(4, least)));
  EXPECT_GE(of_least, 2 * least);
  EXPECT_LE(of_least, 6 * least);
  EXPECT_GE(NormAbove(Plain<double>(2, 2, {1e300, least, least, least})), 1e300);
}

TEST(EmulatedGram, WithoutARoundThereIsNoBound) {
  EXPECT_EQ(bounds::NormOfGramAbove(2, 2, 1.0, 1, {}), HUGE_VAL);
}

}  // namespace
}  // namespace dlv::kernels::test
