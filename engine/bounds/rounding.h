#pragma once
/// \file
/// Arithmetic that never falls below the true result: what bounds are computed with.
///
/// Doubles, round to nearest, no fused operations that the source does not write. A sum or product
/// of numbers that are not negative is off by at most `kUnit` of itself an operation, and by the
/// least denormal a product. Functions named ...Above add that.

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

namespace dlv::bounds {

/// Half the distance from 1 to the next double, and float: the relative error of one operation.
inline constexpr double kUnit = 0x1p-53;
inline constexpr double kUnitF32 = 0x1p-24;
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// More than underflow takes from an operation (the least denormal), and so much that neither roots
/// nor squares of what is added become denormals, which processors are slow with.
inline constexpr double kSmall = 0x1p-960;

/// Returns a number that is not less than the true result of which `computed` (not negative) is
/// the result of at most `operations` roundings in a row or in a tree; NaN stays NaN.
inline double Above(double computed, double operations = 1) {
  return computed * (1 + (operations + 2) * (2 * kUnit)) + (operations + 1) * kSmall;
}

/// Of a sum of two numbers that are not negative.
inline double SumAbove(double a, double b) { return Above(a + b); }
inline double ProductAbove(double a, double b) { return Above(a * b); }
/// Square root: correctly rounded by IEEE 754.
inline double RootAbove(double a) { return Above(std::sqrt(a)); }

/// Returns gamma_n = n u / (1 - n u), rounded up: the relative error of a sum of products of n
/// terms in any order, with or without fused operations (Higham, Accuracy and Stability of
/// Numerical Algorithms, section 3.1). Infinite where n u is not far below 1.
inline double GammaAbove(double terms, double unit = kUnit) {
  const double share = terms * unit;
  if (!(share < 0.5)) return std::numeric_limits<double>::infinity();
  return Above(share / (1 - share), 4);
}

/// Returns the least float that is not less than the number; NaN stays NaN.
inline float FloatAbove(double value) {
  const auto nearest = static_cast<float>(value);
  return static_cast<double>(nearest) < value
             ? std::nextafter(nearest, std::numeric_limits<float>::infinity())
             : nearest;
}

/// Returns at least the sum of squares, and the Euclidean norm. Eight sums that are added up in the
/// end: a compiler may not make them of one.
inline double SquaresAbove(std::span<const double> values) {
  double sums[8] = {};
  std::size_t at = 0;
  for (; at + 8 <= values.size(); at += 8) {
    for (std::size_t k = 0; k < 8; ++k) sums[k] += values[at + k] * values[at + k];
  }
  for (; at < values.size(); ++at) sums[0] += values[at] * values[at];
  const double sum =
      ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  return Above(sum, static_cast<double>(values.size()) + 1);
}
inline double NormAbove(std::span<const double> values) { return RootAbove(SquaresAbove(values)); }

}  // namespace dlv::bounds
