#include "engine/bounds/positive_form.h"

#include <cmath>

#include "engine/bounds/complex_rows.h"
#include "engine/bounds/rounding.h"

namespace dlv::bounds {
namespace {

/// What is taken off the diagonal before it is decomposed: far more than rounding does, far less
/// than norms are wanted to.
constexpr double kShift = 0x1p-30;

/// The sum over k < `terms` of l_ik conj(l_jk).
Complex RowProduct(const Hermitian& lower, std::size_t i, std::size_t j, std::size_t terms) {
  const std::size_t row = i * lower.size, other = j * lower.size;
  return Dot<true>(lower.real.data() + other, lower.imaginary.data() + other,
                   lower.real.data() + row, lower.imaginary.data() + row, terms);
}

/// Cholesky's factor of the matrix less `kShift`, as computed; false where there is none.
bool Decompose(const Hermitian& matrix, Hermitian& lower) {
  const std::size_t n = matrix.size;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const Complex sum = RowProduct(lower, i, j, j);
      const double real = matrix.real[i * n + j] - sum.real;
      const double imaginary = matrix.imaginary[i * n + j] - sum.imaginary;
      if (i == j) {
        const double left = real - kShift;
        if (!(left > 0)) return false;
        lower.real[i * n + i] = std::sqrt(left);
      } else {
        lower.real[i * n + j] = real / lower.real[j * n + j];
        lower.imaginary[i * n + j] = imaginary / lower.real[j * n + j];
      }
    }
  }
  return true;
}

}  // namespace

/// Proved by a factor, however it was computed: the matrix is kShift + L L* + E, and where the norm
/// of E and the error are at most kShift together nothing is below 0.
bool IsPositive(const Hermitian& matrix, double error) {
  const std::size_t n = matrix.size;
  Hermitian lower(n);
  if (!Decompose(matrix, lower)) return false;
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const Complex sum = RowProduct(lower, i, j, j + 1);
      const double real = matrix.real[i * n + j] - (i == j ? kShift : 0) - sum.real;
      const double imaginary = matrix.imaginary[i * n + j] - sum.imaginary;
      squares += (i == j ? 1 : 2) * (real * real + imaginary * imaginary);
    }
  }
  const auto terms = static_cast<double>(n);
  const double left = RootAbove(Above(squares, 2 * terms * terms + 4));
  // Each element is off by gamma of (|p| + kShift + |L| |L|*), twice for the parts of a complex
  // one.
  const double matrix_norm =
      RootAbove(SumAbove(SquaresAbove(matrix.real), SquaresAbove(matrix.imaginary)));
  const double factor = SumAbove(SquaresAbove(lower.real), SquaresAbove(lower.imaginary));
  const double rounding =
      Above(1.5 * GammaAbove(2 * terms + 8) * (2 * matrix_norm + kShift * terms + factor), 6);
  return SumAbove(SumAbove(left, rounding), error) <= kShift;
}

}  // namespace dlv::bounds
