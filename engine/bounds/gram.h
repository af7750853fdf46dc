#pragma once
/// \file
/// Gram iteration: an upper bound of a spectral norm by products of matrices alone, real or
/// complex. Formulas and their proofs: docs/progressive.md, "Bounds". Source of the idea: Delattre
/// and others, Efficient bound of Lipschitz constant for convolutional layers by Gram iteration,
/// ICML 2023.

#include <cstdint>
#include <span>
#include <vector>

namespace dlv::bounds {

/// A matrix, row-major; `imaginary` empty: a real one. Elements are finite, of magnitude 2^100 at
/// most (callers scale; ScaledCopy).
struct ComplexMatrix {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::span<const double> real;
  std::span<const double> imaginary;
};

/// Returns at least the spectral norm of the matrix.
double GramNormAbove(const ComplexMatrix& matrix, int rounds);

/// What is known of a product G of Gram iteration that was computed elsewhere (on a device). Its
/// elements are sums of products in any order, fused or not, it is exactly symmetric, and the
/// numbers below are sums in any order.
struct GramSums {
  double trace = 0;
  double squares = 0;  ///< the sum of the squares of the elements
  int exponent = 0;    ///< what was squared next is 2^-exponent G
};

/// Returns at least the spectral norm of a rows x columns matrix of whose product, and its squares,
/// `rounds` tells. `greatest`: the greatest magnitude of an element, infinite where one is not
/// finite; the first product is that of the matrix times 2^-exponent, scaled as ScaledCopy does.
double NormOfGramAbove(std::int64_t rows, std::int64_t columns, double greatest, int exponent,
                       std::span<const GramSums> rounds);

/// Returns at least the spectral norm: the lesser of Frobenius and of the root of the greatest sum
/// of magnitudes in a row times that in a column.
double CheapComplexNormAbove(const ComplexMatrix& matrix);

/// Numbers times a power of two such that the greatest magnitude is in [1/2, 1).
struct ScaledNumbers {
  std::vector<double> numbers;
  int exponent = 0;   ///< true number = scaled number times 2^exponent, up to 2^-1075 of underflow
  bool zero = false;  ///< all are zero, or there are none
  bool finite = false;  ///< none is NaN or infinite; otherwise nothing else is filled in
};
ScaledNumbers ScaledCopy(std::span<const double> numbers);

/// Returns at least `norm` times 2^exponent, where `norm` is at least that of the `count` scaled
/// numbers: what scaling lost is added.
double UnscaledAbove(double norm, int exponent, std::int64_t count);

}  // namespace dlv::bounds
