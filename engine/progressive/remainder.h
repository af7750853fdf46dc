#pragma once
/// \file
/// Lengths of vectors without the parts of them that lie along a few directions.

#include <cstdint>
#include <span>
#include <vector>

namespace dlv::progressive {

/// Bounds ||x + P c|| by ||x|| and few numbers, without the vector itself:
/// ||x||^2 + 2 c^T P^T x + c^T P^T P c, where P^T x is about M S^T x with M near P^T P. What M and
/// S are off counts.
class Remainder {
 public:
  Remainder() = default;
  /// Directions P and a solver S for them, [columns][rank].
  Remainder(std::span<const double> directions, std::span<const double> solver, std::int64_t rank);

  /// Returns at least ||x + P c||, for ||x|| <= `length` and c, f [rank], S^T x no farther from f
  /// than `off`.
  double LengthAbove(double length, std::span<const double> f, std::span<const double> c,
                     double off) const;

 private:
  std::vector<double> gram_;                   ///< M, symmetric
  double gram_norm_ = 0, gram_frobenius_ = 0;  ///< at least ||M||, in the Frobenius norm too
  double beside_ = 0;                          ///< at least ||P - S M||
  double inexact_ = 0;                         ///< at least ||P^T P - M||
};

}  // namespace dlv::progressive
