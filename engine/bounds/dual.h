#pragma once
/// \file
/// What rectifiers and maxima can lose of a contrast when their inputs move: the one-sided dual.

#include <span>

namespace dlv::bounds {

/// Returns an upper bound of
///     max { sum_i u_i max(0, d_i - a_i) : 0 <= d_i <= e_i, ||d||_2 <= rho }
/// as the least value of its Lagrangian over a dozen multipliers, each of which is a bound
/// (docs/progressive.md, "Bounds").
/// Shapes: n numbers each, not negative (infinity is fine in e). Infinite when a number is NaN.
double OneSidedRemainderAbove(std::span<const double> u, std::span<const double> a,
                              std::span<const double> e, double rho);

}  // namespace dlv::bounds
