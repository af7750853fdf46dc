#include "engine/bounds/gram.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/bounds/blas.h"
#include "engine/bounds/rounding.h"

namespace dlv::bounds {
namespace {

constexpr double kLeast = std::numeric_limits<double>::denorm_min();

/// A Hermitian matrix n x n, and by how much its Frobenius norm may be off for having been
/// computed.
struct Gram {
  std::int64_t n = 0;
  std::vector<double> real, imaginary;  // symmetric; antisymmetric or empty
  double error = 0;
};

double SquaredFrobeniusAbove(std::span<const double> real, std::span<const double> imaginary) {
  return SumAbove(SquaresAbove(real), SquaresAbove(imaginary));
}

/// Takes the upper triangle for the lower one. Both are within the bound of the same number.
void MakeSymmetric(std::vector<double>& matrix, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < i; ++j) {
      matrix[static_cast<std::size_t>(i * n + j)] = matrix[static_cast<std::size_t>(j * n + i)];
    }
  }
}

/// matrix - its transpose.
void MakeAntisymmetric(std::vector<double>& matrix, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j <= i; ++j) {
      double& below = matrix[static_cast<std::size_t>(i * n + j)];
      double& above = matrix[static_cast<std::size_t>(j * n + i)];
      below = below - above;
      above = -below;
    }
  }
}

/// M M^H where M has no more rows than columns, M^H M where it has.
Gram GramOf(const ComplexMatrix& m) {
  const bool wide = m.rows <= m.columns;
  const std::int64_t n = std::min(m.rows, m.columns), k = std::max(m.rows, m.columns);
  const Transpose first = wide ? Transpose::kNo : Transpose::kYes;
  const Transpose second = wide ? Transpose::kYes : Transpose::kNo;
  const auto product = [&](std::span<const double> a, std::span<const double> b, double beta,
                           std::vector<double>& to) {
    MultiplyAdd(first, second, n, n, k, a.data(), m.columns, b.data(), m.columns, beta, to.data(),
                n);
  };
  const auto terms = static_cast<double>(k), side = static_cast<double>(n);
  const double squares = SquaredFrobeniusAbove(m.real, m.imaginary);
  Gram gram{n, std::vector<double>(static_cast<std::size_t>(n * n)), {}, 0};
  product(m.real, m.real, 0, gram.real);
  double relative = GammaAbove(terms);
  if (!m.imaginary.empty()) {
    product(m.imaginary, m.imaginary, 1, gram.real);
    gram.imaginary.resize(gram.real.size());
    wide ? product(m.imaginary, m.real, 0, gram.imaginary)
         : product(m.real, m.imaginary, 0, gram.imaginary);
    MakeAntisymmetric(gram.imaginary, n);
    relative = ProductAbove(1.5, GammaAbove(2 * terms + 2));
  }
  MakeSymmetric(gram.real, n);
  gram.error = SumAbove(ProductAbove(relative, squares), 4 * side * terms * kLeast);
  return gram;
}

double FrobeniusAbove(const Gram& gram) {
  return RootAbove(SquaredFrobeniusAbove(gram.real, gram.imaginary));
}

/// Divides by the power of two next to the Frobenius norm, and returns its exponent.
int Normalise(Gram& gram, double frobenius) {
  const int exponent = std::ilogb(frobenius);
  const double factor = std::ldexp(1.0, -exponent);
  for (double& element : gram.real) element *= factor;
  for (double& element : gram.imaginary) element *= factor;
  return exponent;
}

/// G_r was divided by 2^exponent and squared; by how much the Frobenius norm of that may be off.
struct GramStep {
  int exponent;
  double error;
};

/// From a bound of ||G_R|| on: ||G|| = 2^s ||H||, and ||H||^2 = ||H H^H|| <= ||computed|| + error.
double NormOfStepsAbove(double bound, std::span<const GramStep> steps, double first_error,
                        std::int64_t n) {
  const double scaling_error = 4 * static_cast<double>(n) * kLeast;
  for (std::size_t i = steps.size(); i-- > 0;) {
    bound = SumAbove(RootAbove(SumAbove(bound, steps[i].error)), scaling_error);
    bound = std::ldexp(bound, steps[i].exponent);
  }
  const double norm = RootAbove(SumAbove(bound, first_error));
  return std::isnan(norm) ? kInfinity : norm;
}

}  // namespace

double GramNormAbove(const ComplexMatrix& matrix, int rounds) {
  if (matrix.real.empty()) return 0;
  std::vector<GramStep> steps;
  Gram gram = GramOf(matrix);
  const double first_error = gram.error;
  double bound = FrobeniusAbove(gram);
  for (int round = 0; round < rounds; ++round) {
    if (!(bound > 0x1p-400 && bound < 0x1p400)) break;  // zero, or nothing to be gained
    const int exponent = Normalise(gram, bound);
    gram = GramOf({gram.n, gram.n, gram.real, gram.imaginary});
    steps.push_back({exponent, gram.error});
    bound = FrobeniusAbove(gram);
  }
  return NormOfStepsAbove(bound, steps, first_error, gram.n);
}

double NormOfGramAbove(std::int64_t rows, std::int64_t columns, double greatest, int exponent,
                       std::span<const GramSums> rounds) {
  if (rows == 0 || columns == 0 || greatest == 0) return 0;
  if (!std::isfinite(greatest) || rounds.empty()) return kInfinity;
  const std::int64_t n = std::min(rows, columns);
  const auto side = static_cast<double>(n);
  // The trace of a product with its transpose is the sum of the squares of what was multiplied.
  const auto squares_of = [&](const GramSums& sums, double terms) {
    return Above(sums.trace, side + terms);
  };
  const auto error_of = [&](const GramSums& sums, double terms) {
    return SumAbove(ProductAbove(GammaAbove(terms), squares_of(sums, terms)),
                    4 * side * terms * kLeast);
  };
  const auto terms = static_cast<double>(std::max(rows, columns));
  std::vector<GramStep> steps;
  for (std::size_t i = 1; i < rounds.size(); ++i)
    steps.push_back({rounds[i - 1].exponent, error_of(rounds[i], side)});
  const double last = RootAbove(Above(rounds.back().squares, side * side + 1));
  const double gram = NormOfStepsAbove(last, steps, error_of(rounds[0], terms), n);
  const double frobenius = RootAbove(squares_of(rounds[0], terms));
  return UnscaledAbove(std::min(gram, frobenius), exponent, rows * columns);
}

double CheapComplexNormAbove(const ComplexMatrix& matrix) {
  std::vector<double> columns(static_cast<std::size_t>(matrix.columns));
  double greatest_row = 0;
  for (std::int64_t i = 0; i < matrix.rows; ++i) {
    double row = 0;
    for (std::int64_t j = 0; j < matrix.columns; ++j) {
      const auto at = static_cast<std::size_t>(i * matrix.columns + j);
      const double real = matrix.real[at];
      const double imaginary = matrix.imaginary.empty() ? 0 : matrix.imaginary[at];
      const double magnitude = imaginary == 0
                                   ? std::fabs(real)
                                   : RootAbove(Above(real * real + imaginary * imaginary, 3));
      row += magnitude;
      columns[static_cast<std::size_t>(j)] += magnitude;
    }
    greatest_row = std::max(greatest_row, row);
  }
  const double greatest_column = columns.empty() ? 0 : *std::ranges::max_element(columns);
  const double sums = ProductAbove(Above(greatest_row, static_cast<double>(matrix.columns)),
                                   Above(greatest_column, static_cast<double>(matrix.rows)));
  return RootAbove(std::min(sums, SquaredFrobeniusAbove(matrix.real, matrix.imaginary)));
}

ScaledNumbers ScaledCopy(std::span<const double> numbers) {
  ScaledNumbers scaled;
  double greatest = 0;
  for (const double number : numbers) {
    if (!std::isfinite(number)) return scaled;
    greatest = std::max(greatest, std::fabs(number));
  }
  scaled.finite = true;
  scaled.zero = greatest == 0;
  scaled.numbers.assign(numbers.begin(), numbers.end());
  if (scaled.zero) return scaled;
  std::frexp(greatest, &scaled.exponent);
  // In two steps: 2^1074 is not a double. Upwards both are exact; downwards only the first one of
  // them can meet denormals, the second is 1.
  const int half = scaled.exponent < -1000 ? -1000 : scaled.exponent;
  const double first = std::ldexp(1.0, -half), second = std::ldexp(1.0, half - scaled.exponent);
  for (double& number : scaled.numbers) number = number * first * second;
  return scaled;
}

double UnscaledAbove(double norm, int exponent, std::int64_t count) {
  const double lost = RootAbove(static_cast<double>(count)) * 0x1p-1000;  // of the scaled norm
  // ldexp rounds where the result is denormal, by half of the least one; there the sum is exact.
  return std::ldexp(SumAbove(norm, lost), exponent) + std::numeric_limits<double>::denorm_min();
}

}  // namespace dlv::bounds
