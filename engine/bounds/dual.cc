#include "engine/bounds/dual.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/bounds/rounding.h"

namespace dlv::bounds {
namespace {

/// Between these, four times a multiplier is a normal number.
constexpr double kLeastMultiplier = 1e-300;
constexpr double kGreatestMultiplier = 1e300;

/// A product that is not above the true one (which is not negative).
double ProductBelow(double a, double b) {
  return std::max(0.0, a * b * (1 - 4 * kUnit) - std::numeric_limits<double>::denorm_min());
}

/// At least max { u (d - a) - lambda d^2 : 0 <= d <= e } and 0. At the vertex d = u / (2 lambda) it
/// is u^2 / (4 lambda) - u a, which holds for all d, so it may be taken in doubt; at d = e only
/// where the vertex surely lies beyond.
double TermAbove(double u, double a, double e, double lambda) {
  const bool capped = ProductAbove(2 * lambda, e) <= u;
  const double gain = capped ? ProductAbove(u, e) : Above(Above(u * u) / (4 * lambda));
  if (!std::isfinite(gain)) return kInfinity;
  double loss = ProductBelow(u, a);
  if (capped) loss = (loss + ProductBelow(lambda, ProductBelow(e, e))) * (1 - 4 * kUnit);
  return gain > loss ? Above(gain - loss) : 0;
}

double LagrangianAbove(std::span<const double> u, std::span<const double> a,
                       std::span<const double> e, double squared_rho, double lambda) {
  double sum = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    if (e[i] > a[i] && u[i] > 0) sum += TermAbove(u[i], a[i], e[i], lambda);
  }
  const double all = Above(sum, static_cast<double>(u.size()));
  return SumAbove(ProductAbove(lambda, squared_rho), all);
}

/// Whether all numbers are what is promised; NaN is not.
bool AllPositive(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return value >= 0; });
}

/// Sum of u (e - a): what remains without a bound of the norm.
double BoxAbove(std::span<const double> u, std::span<const double> a, std::span<const double> e) {
  double sum = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    if (e[i] > a[i] && u[i] > 0) sum += ProductAbove(u[i], Above(e[i] - a[i]));
  }
  return Above(sum, static_cast<double>(u.size()));
}

/// Norm of those u that count; 0 where none does.
double OpenNormAbove(std::span<const double> u, std::span<const double> a,
                     std::span<const double> e) {
  double sum = 0;
  bool open = false;
  for (std::size_t i = 0; i < u.size(); ++i) {
    if (!(e[i] > a[i] && u[i] > 0)) continue;
    open = true;
    sum += u[i] * u[i];
  }
  return open ? RootAbove(Above(sum, static_cast<double>(u.size()) + 1)) : 0;
}

/// The Lagrangian's least value, nearly: it is convex in lambda. Every value met is a bound.
class Search {
 public:
  Search(std::span<const double> u, std::span<const double> a, std::span<const double> e,
         double rho)
      : u_(u), a_(a), e_(e), squared_rho_(ProductAbove(rho, rho)) {}

  double Run(double start) {
    double best = kInfinity, at = start, lambda = start;
    for (int q = 0; q < kHalvings; ++q, lambda /= 2) {
      const double value = Value(lambda);
      if (!(value < best)) break;
      best = value;
      at = lambda;
    }
    return std::min(best, Refine(at / 2, 2 * at));
  }

 private:
  static constexpr int kHalvings = 40;
  static constexpr int kRefinements = 8;

  double Value(double lambda) const {
    if (!(lambda > kLeastMultiplier && lambda < kGreatestMultiplier)) return kInfinity;
    const double value = LagrangianAbove(u_, a_, e_, squared_rho_, lambda);
    return std::isnan(value) ? kInfinity : value;
  }

  /// Golden section.
  double Refine(double low, double high) const {
    constexpr double kRatio = 0.6180339887498949;
    double left = high - kRatio * (high - low), right = low + kRatio * (high - low);
    double at_left = Value(left), at_right = Value(right);
    double best = std::min(at_left, at_right);
    for (int i = 0; i < kRefinements; ++i) {
      if (at_left < at_right) {
        high = right, right = left, at_right = at_left;
        left = high - kRatio * (high - low);
        at_left = Value(left);
      } else {
        low = left, left = right, at_left = at_right;
        right = low + kRatio * (high - low);
        at_right = Value(right);
      }
      best = std::min({best, at_left, at_right});
    }
    return best;
  }

  std::span<const double> u_, a_, e_;
  double squared_rho_;
};

}  // namespace

double OneSidedRemainderAbove(std::span<const double> u, std::span<const double> a,
                              std::span<const double> e, double rho) {
  if (!AllPositive(u) || !AllPositive(a) || !AllPositive(e) || !(rho >= 0)) return kInfinity;
  const double norm = OpenNormAbove(u, a, e);
  if (rho == 0 || norm == 0) return 0;
  const double simple = std::min(BoxAbove(u, a, e), ProductAbove(norm, rho));
  // With a = 0 and e infinite the best is norm / (2 rho); thresholds and caps make it less.
  return std::min(simple, Search(u, a, e, rho).Run(norm / (2 * rho)));
}

namespace {

/// At least max { slope d - cost d^2 : 0 <= d <= e }; the cost may be negative. At the vertex it is
/// slope^2 / (4 cost), which holds for all d; at d = e it is taken where the cost is hardly above 0
/// or the vertex surely lies beyond.
double PeakAbove(double slope, double cost, double e) {
  const double gain = ProductAbove(slope, e);
  if (!(cost > kLeastMultiplier))
    return SumAbove(gain, ProductAbove(std::max(0.0, -cost), ProductAbove(e, e)));
  if (!(ProductAbove(2 * cost, e) <= slope)) return Above(Above(slope * slope) / (4 * cost));
  const double loss = ProductBelow(cost, ProductBelow(e, e));
  return gain > loss ? Above(gain - loss) : 0;
}

/// At least the greatest loss of one number less lambda d^2.
double BentTermAbove(const BentLoss& one, double lambda) {
  const double cost = (lambda - one.bend) - 4 * kUnit * (lambda + one.bend);
  double bent = PeakAbove(one.slope, cost, one.room);
  if (one.jump > 0 && one.room > one.away) {
    const double gain = PeakAbove(SumAbove(one.slope, one.jump), cost, one.room);
    const double loss = ProductBelow(one.jump, one.away);
    if (!(gain - loss <= bent)) bent = Above(gain - loss);
  }
  const double steep = PeakAbove(one.steep, lambda, one.room);
  const double least = steep < bent ? steep : bent;
  return one.most < least ? one.most : least;
}

double BentLagrangianAbove(std::span<const BentLoss> losses, double squared_rho, double lambda) {
  double sum = 0;
  for (const BentLoss& one : losses) sum += BentTermAbove(one, lambda);
  const double all = Above(sum, static_cast<double>(losses.size()));
  return SumAbove(ProductAbove(lambda, squared_rho), all);
}

/// Each by itself, without a bound of the norm.
double BentBoxAbove(std::span<const BentLoss> losses) {
  double sum = 0;
  for (const BentLoss& one : losses) {
    const double steep = ProductAbove(one.steep, one.room);
    sum += one.most < steep ? one.most : steep;
  }
  return Above(sum, static_cast<double>(losses.size()));
}

bool AreLosses(std::span<const BentLoss> losses) {
  return std::ranges::all_of(losses, [](const BentLoss& one) {
    return one.slope >= 0 && one.bend >= 0 && one.jump >= 0 && one.away >= 0 && one.steep >= 0 &&
           one.most >= 0 && one.room >= 0;
  });
}

}  // namespace

/// Every multiplier gives a bound; that of the steepest slopes alone is best at their norm over
/// 2 rho, and bends are held from their greatest on. Looked through downwards from there.
double BentLossesAbove(std::span<const BentLoss> losses, double rho) {
  if (!AreLosses(losses) || !(rho >= 0)) return kInfinity;
  double squares = 0, greatest = 0;
  for (const BentLoss& one : losses) {
    squares += one.steep * one.steep;
    greatest = std::max(greatest, one.bend);
  }
  const double norm = RootAbove(Above(squares, static_cast<double>(losses.size()) + 1));
  if (rho == 0 || losses.empty()) return 0;
  double best = std::min(BentBoxAbove(losses), ProductAbove(norm, rho));
  const double squared_rho = ProductAbove(rho, rho);
  const auto value = [&](double lambda) {
    if (!(lambda > kLeastMultiplier && lambda < kGreatestMultiplier)) return kInfinity;
    const double found = BentLagrangianAbove(losses, squared_rho, lambda);
    return std::isnan(found) ? kInfinity : found;
  };
  constexpr int kHalvings = 24;
  const double beyond = greatest * (1 + 16 * kUnit);  // no term is bent upwards any more
  double lambda = std::max(norm / (2 * rho), beyond), at = beyond;
  best = std::min(best, value(beyond));
  for (int q = 0; q < kHalvings; ++q, lambda /= 2) {
    const double found = value(lambda);
    if (found < best) best = found, at = lambda;
  }
  for (double step = std::sqrt(2.0); step > 1.02; step = std::sqrt(step)) {
    const double above = value(at * step), below = value(at / step);
    const double centre = at;
    if (above < best) best = above, at = centre * step;
    if (below < best) best = below, at = centre / step;
  }
  return best;
}

}  // namespace dlv::bounds
