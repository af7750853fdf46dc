#pragma once
/// \file
/// What rectifiers, maxima and curves can lose of a contrast when their inputs move: duals.

#include <span>

namespace dlv::bounds {

/// Returns an upper bound of
///     max { sum_i u_i max(0, d_i - a_i) : 0 <= d_i <= e_i, ||d||_2 <= rho }
/// as the least value of its Lagrangian over a dozen multipliers, each of which is a bound
/// (docs/progressive.md, "Bounds").
/// Shapes: n numbers each, not negative (infinity is fine in e). Infinite when a number is NaN.
double OneSidedRemainderAbove(std::span<const double> u, std::span<const double> a,
                              std::span<const double> e, double rho);

/// What moving one number by d, 0 <= d <= room, can lose at most: the least of steep d, of
/// slope d + bend d^2 + jump max(0, d - away), and of `most`.
struct BentLoss {
  double slope = 0, bend = 0, jump = 0, away = 0;
  double steep = 0, most = 0, room = 0;
};

/// Returns an upper bound of the sum of all losses for moves with a norm of at most rho, by
/// Lagrange's dual as above. All numbers not negative (infinity is fine); infinite when one is NaN.
double BentLossesAbove(std::span<const BentLoss> losses, double rho);

}  // namespace dlv::bounds
