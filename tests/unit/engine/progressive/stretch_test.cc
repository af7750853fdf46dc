#include "engine/progressive/stretch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "engine/bounds/rounding.h"
#include "engine/bounds/spectral_norm.h"
#include "engine/progressive/layer.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::progressive {
namespace {

using bounds::oracle::Quad;

constexpr std::int64_t kColumns = 24, kRows = 7;

std::vector<double> RandomMatrix(std::mt19937_64& random, std::int64_t count, double size = 1) {
  std::normal_distribution<double> normal;
  std::vector<double> matrix(AsSize(count));
  for (double& one : matrix) one = static_cast<float>(size * normal(random));
  return matrix;
}

StretchForm RandomForm(std::mt19937_64& random, std::int64_t rank, unsigned bits) {
  StretchForm form;
  for (std::int64_t k = 0; k < kColumns; ++k)
    form.shifts.push_back(static_cast<std::uint8_t>(random() % 4));
  form.directions =
      CoarseMatrix::Round(RandomMatrix(random, kColumns * rank, 0.2), kColumns, rank, bits);
  for (std::int64_t k = 0; k < rank; ++k)
    form.gains.push_back(static_cast<float>(random() % 100) / 16);
  return form;
}

Quad SquaresOfProduct(const std::vector<double>& matrix, const std::vector<double>& x) {
  Quad squares = 0;
  for (std::int64_t row = 0; row < kRows; ++row) {
    Quad sum = 0;
    for (std::int64_t k = 0; k < kColumns; ++k)
      sum += Quad(matrix[AsSize(row * kColumns + k)]) * Quad(x[AsSize(k)]);
    squares += sum * sum;
  }
  return squares;
}

/// The row r with r B = y and r x = ||y||^2 for y = B^-1 x, but for rounding: a matrix of it alone
/// leaves no slack in ||D x|| <= ||D B|| ||y||.
std::vector<double> TightRow(const StretchForm& form, const std::vector<double>& x) {
  const std::vector<double> p = form.directions.Values();
  const std::size_t rank = form.gains.size(), columns = x.size();
  std::vector<double> s = SolverOf(p, kColumns, static_cast<std::int64_t>(rank));
  for (double& one : s) one = static_cast<float>(one);
  const auto along = [&](const std::vector<double>& directions, const std::vector<Quad>& of) {
    std::vector<Quad> sums(rank, 0);
    for (std::size_t at = 0; at < directions.size(); ++at)
      sums[at % rank] += Quad(directions[at]) * of[at / rank];
    for (std::size_t j = 0; j < rank; ++j)
      sums[j] *= Quad(static_cast<float>(1 / (1 + static_cast<double>(form.gains[j])) - 1));
    return sums;
  };
  std::vector<Quad> y(columns);
  for (std::size_t k = 0; k < columns; ++k) y[k] = Quad(x[k]) * Quad(1 << form.shifts[k]);
  const std::vector<Quad> first = along(s, y);
  for (std::size_t at = 0; at < p.size(); ++at) y[at / rank] += Quad(p[at]) * first[at % rank];
  const std::vector<Quad> second = along(p, y);
  for (std::size_t at = 0; at < s.size(); ++at) y[at / rank] += Quad(s[at]) * second[at % rank];
  std::vector<double> row(columns);
  for (std::size_t k = 0; k < columns; ++k)
    row[k] = static_cast<double>(y[k] * Quad(1 << form.shifts[k]));
  return row;
}

/// ||D x||^2 <= (||D B|| y + ||D|| off)^2 for any D and x, in both precisions, also where there is
/// no slack but for rounding, and where there is none, nearly as much (remainder_test.cc tells what
/// rounding does).
TEST(Stretch, BoundsProductsOfAllInputs) {
  std::size_t tight = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto form = RandomForm(random, 1 + static_cast<std::int64_t>(random() % 4),
                                 2 + static_cast<unsigned>(random() % 7));
    const auto stretch = Stretch::Of(form);
    if (!stretch) continue;  // directions that are rounded to nothing
    const std::vector<double> x = RandomMatrix(random, kColumns, 3);
    std::vector<double> matrix = RandomMatrix(random, kRows * kColumns, 0.1);
    if (seed % 2 == 0) {
      const std::vector<double> row = TightRow(form, x);
      std::ranges::fill(matrix, 0);
      std::ranges::copy(row, matrix.begin());
    }
    const double product = stretch->ProductAbove(matrix, kRows);
    const double whole = bounds::SpectralNormAbove(matrix, kRows, kColumns);
    const std::vector<float> single(x.begin(), x.end());
    const Quad squares = SquaresOfProduct(matrix, x);
    for (const Stretch::Reach& reach :
         {stretch->Reaches(x.data(), 1)[0], stretch->Reaches(single.data(), 1)[0]}) {
      const Quad most = Quad(product) * Quad(reach.y) + Quad(whole) * Quad(reach.off);
      EXPECT_TRUE(squares <= most * most);
      const Quad near = most * Quad(1 - 1e-3);
      tight += squares > near * near ? 1 : 0;
    }
  }
  EXPECT_GT(tight, 200U) << "bounds are far above what they bound";
}

/// Inputs along one direction are cheaper with it; a matrix of random elements tells.
TEST(Stretch, ChosenForInputsMakesTheirBoundsLess) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  constexpr std::int64_t kInputs = 80;
  const std::vector<double> along = RandomMatrix(random, kColumns);
  std::vector<double> inputs;
  for (std::int64_t i = 0; i < kInputs; ++i) {
    const double size = 4 + normal(random);
    for (std::int64_t k = 0; k < kColumns; ++k)
      inputs.push_back(k < 4 ? 0.01 * normal(random)
                             : size * along[AsSize(k)] + 0.3 * normal(random));
  }
  const auto stretch = Stretch::Of(ChooseStretch(inputs, kColumns, kRows, 1, 4));
  ASSERT_TRUE(stretch.has_value());
  const std::vector<double> matrix = RandomMatrix(random, kRows * kColumns, 0.1);
  const double product = stretch->ProductAbove(matrix, kRows);
  const double whole = bounds::SpectralNormAbove(matrix, kRows, kColumns);
  double with = 0, without = 0;
  for (const Stretch::Reach& reach : stretch->Reaches(inputs.data(), AsSize(kInputs)))
    with += product * reach.y + whole * reach.off;
  for (std::int64_t i = 0; i < kInputs; ++i)
    without += whole * std::sqrt(bounds::SquaresAbove(
                           std::span(inputs).subspan(AsSize(i * kColumns), AsSize(kColumns))));
  EXPECT_LT(with, 0.8 * without);
}

TEST(Stretch, PacksAndUnpacks) {
  std::mt19937_64 random(3);
  for (unsigned bits = 2; bits <= 8; ++bits) {
    const StretchForm form = RandomForm(random, 3, bits);
    const auto again = StretchForm::Unpacked(form.Packed());
    ASSERT_TRUE(again.has_value()) << bits;
    EXPECT_EQ(again->shifts, form.shifts);
    EXPECT_EQ(again->gains, form.gains);
    EXPECT_EQ(again->directions.elements, form.directions.elements) << bits;
    EXPECT_EQ(again->directions.factors, form.directions.factors);
  }
}

TEST(Stretch, NumbersOfNoStretchAreRefused) {
  std::mt19937_64 random(4);
  const StretchForm form = RandomForm(random, 2, 4);
  ASSERT_TRUE(Stretch::Of(form).has_value());
  const std::vector<double> packed = form.Packed();
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const auto cut =
        StretchForm::Unpacked({packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size)});
    EXPECT_FALSE(cut.has_value()) << size;
  }
  StretchForm wrong = form;
  wrong.gains[1] = -0.5F;
  EXPECT_FALSE(Stretch::Of(wrong).has_value());
  wrong.gains[1] = std::nanf("");
  EXPECT_FALSE(Stretch::Of(wrong).has_value());
  wrong = form;
  wrong.shifts[0] = 4;
  EXPECT_FALSE(Stretch::Of(wrong).has_value());
  wrong = form;
  wrong.shifts.pop_back();
  EXPECT_FALSE(Stretch::Of(wrong).has_value());
}

}  // namespace
}  // namespace dlv::progressive
