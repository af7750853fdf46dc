#include "engine/progressive/kink_layer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/bounds/dual.h"
#include "engine/bounds/rounding.h"
#include "engine/progressive/square_sums.h"

namespace dlv::progressive {

using bounds::Above;
using bounds::kUnit;

KinkLayer::KinkLayer(std::string name, std::uint32_t read, Extent extent, Kinks kinks)
    : TypedLayer(std::move(name), {read}, extent), kinks_(std::move(kinks)) {
  const auto look = [&](double slope) {
    greatest_slope_ = std::max(greatest_slope_, std::abs(slope));
    rounds_ = rounds_ || (slope != 0 && slope != 1);
  };
  look(kinks_.first_slope);
  for (const Kinks::Kink& kink : kinks_.kinks) {
    look(kink.slope);
    rounds_ = rounds_ || static_cast<double>(static_cast<float>(kink.at)) != kink.at;
  }
  rounds_ =
      rounds_ || static_cast<double>(static_cast<float>(kinks_.first_value)) != kinks_.first_value;
}

/// What underflow can do to all elements together.
double KinkLayer::Least() const {
  return 4 * static_cast<double>(count()) * std::numeric_limits<double>::denorm_min();
}

// Comparisons are written so that NaN comes out as NaN.
double KinkLayer::At(double x) const {
  const auto& kinks = kinks_.kinks;
  if (std::isnan(x)) return x;
  if (x <= kinks[0].at)
    return kinks_.first_slope == 0 ? kinks_.first_value
                                   : kinks_.first_value + kinks_.first_slope * (x - kinks[0].at);
  double value = kinks_.first_value;
  for (std::size_t k = 0; k < kinks.size(); ++k) {
    const bool is_last = k + 1 == kinks.size() || x <= kinks[k + 1].at;
    if (is_last && kinks[k].slope == 1 && value == kinks[k].at) return x;
    const double to = is_last ? x : kinks[k + 1].at;
    if (kinks[k].slope == 1 && value == kinks[k].at) {
      value = to;
    } else if (kinks[k].slope != 0) {
      value += kinks[k].slope * (to - kinks[k].at);
    }
    if (is_last) break;
  }
  return value;
}

double KinkLayer::SlopeAt(double x) const {
  double slope = kinks_.first_slope;
  for (const Kinks::Kink& kink : kinks_.kinks) {
    if (x > kink.at) slope = kink.slope;
  }
  return slope;
}

bool KinkLayer::IsRelu() const {
  return kinks_.kinks.size() == 1 && !rounds_ && kinks_.first_slope == 0 &&
         kinks_.first_value == 0 && kinks_.kinks[0].at == 0;
}

template <class Number>
void KinkLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                          std::vector<Number>& out) const {
  const Number* const in = operands[0].values->data() + samples.first * count();
  Number* const to = out.data() + samples.first * count();
  const std::size_t elements = samples.count() * count();
  if (IsRelu()) {
    for (std::size_t at = 0; at < elements; ++at) to[at] = in[at] < 0 ? 0 : in[at];
  } else {
    for (std::size_t at = 0; at < elements; ++at) to[at] = static_cast<Number>(At(in[at]));
  }
}

template <class Number>
void KinkLayer::ElementsBounds(std::span<const Number> in, std::span<const double> spreads,
                               std::span<double> norms) const {
  constexpr double kNever = std::numeric_limits<double>::max() / 4;
  const double below = kinks_.first_slope == 0 ? kinks_.kinks.front().at : -kNever;
  const double above = kinks_.kinks.back().slope == 0 ? kinks_.kinks.back().at : kNever;
  const std::size_t width = positions();
  if (width == 1) {
    norms[0] = SumOfMovedSquares(in, {spreads[0], below, above});
  } else {
    std::ranges::fill(norms, 0);
    AddMovedSquares(in, spreads, below, above, norms.first(width));
  }
  // Each difference may have been rounded by a unit of the spread.
  const auto channels = static_cast<double>(extent().channels);
  const double rounding = 4 * kUnit * std::sqrt(channels);
  for (std::size_t p = 0; p < width; ++p) {
    norms[p] =
        Above(greatest_slope_ * (std::sqrt(norms[p]) + rounding * spreads[p]), channels + 16);
  }
}

double KinkLayer::Rounding(double before, double after, std::int64_t channels,
                           Precision computed) const {
  if (!rounds_) return 0;
  const double slopes = 4 * kUnit * (1 + greatest_slope_);
  return Above(slopes * (after + before) + Least() + StoringError(after, channels, computed), 4);
}

template <class Number>
void KinkLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                        const std::vector<Number>& out, Spread& spread) const {
  std::vector<double> rounding(positions(), 0), before(positions()), by_elements(positions());
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const auto sample = SampleOf(*operands[0].values, i, count());
    const std::span<const double> in = operands[0].spread->Of(i, extent().positions());
    const std::span<double> entries = spread.Of(i, extent().positions());
    if (rounds_) {
      PositionNorms(SampleOf(out, i, count()), extent(), rounding);
      PositionNorms(sample, extent(), before);
      for (std::size_t p = 0; p < positions(); ++p)
        rounding[p] = Rounding(before[p], rounding[p], extent().channels, operands[0].computed);
    }
    ElementsBounds(sample, in, by_elements);
    for (std::size_t p = 0; p < positions(); ++p) {
      const double by_slope = Above(greatest_slope_ * in[p]);
      entries[p] =
          bounds::SumAbove(by_elements[p] < by_slope ? by_elements[p] : by_slope, rounding[p]);
    }
    spread.whole[i] = Above(greatest_slope_ * operands[0].spread->whole[i] +
                                (rounds_ ? bounds::NormAbove(rounding) : 0),
                            2);
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<KinkLayer>;

void KinkLayer::Pull(Operands operands, const Values& out, const Spread&, std::span<const double> v,
                     Backward& backward, std::span<const std::span<double>> pulled) const {
  const auto sample = SampleOf(*operands[0].values, backward.sample, count());
  const std::span<const double> in = operands[0].spread->Of(backward.sample, extent().positions());
  // Towards a kink whose change of slope is against v, the true value can fall behind the line.
  std::vector<double> u, a, e;
  for (std::size_t at = 0; at < v.size(); ++at) {
    double slope = kinks_.first_slope;
    for (const Kinks::Kink& kink : kinks_.kinks) {
      const double change = kink.slope - slope;
      const double away = std::abs(sample[at] - kink.at) * (1 - 8 * kUnit);  // not more than true
      const double moved = in[at % positions()];
      slope = kink.slope;
      if (v[at] * change >= 0 || moved <= away) continue;
      u.push_back(Above(std::abs(v[at] * change)));
      a.push_back(away);
      e.push_back(moved);
    }
    pulled[0][at] = SlopeAt(sample[at]) * v[at];
  }
  double loss = bounds::OneSidedRemainderAbove(u, a, e, operands[0].spread->whole[backward.sample]);
  if (rounds_) {
    const double v_norm = bounds::NormAbove(v);
    const double before = bounds::NormAbove(sample);
    const double after = bounds::NormAbove(SampleOf(out, backward.sample, count()));
    const double rounding = Rounding(before, after, extent().count(), operands[0].computed);
    const double pulling = 4 * kUnit * (1 + greatest_slope_);  // of the slopes times v
    const double whole = operands[0].spread->whole[backward.sample];
    loss = Above(loss + v_norm * (rounding + pulling * whole + Least()), 8);
  }
  backward.loss = bounds::SumAbove(backward.loss, loss);
}

/// On each linear piece it is a concave quadratic, whose greatest place is the stationary one,
/// moved into the piece. The computed place is off by rounding; what that and the evaluation can
/// cost is added, generously: the slope of the quadratic times the rounding of all numbers in it.
double KinkLayer::Supremum(double x, double v, double moved, double lambda) const {
  const auto& kinks = kinks_.kinks;
  const double value = At(x);
  double best = 0;  // d = 0
  double slope = kinks_.first_slope, from = -moved;
  for (std::size_t k = 0; k <= kinks.size() && from <= moved; ++k) {
    const double to = k == kinks.size() ? moved : std::min(kinks[k].at - x, moved);
    if (to >= from) {
      const double d = std::clamp(-v * slope / (2 * lambda), from, to);
      const double at = v * (value - At(x + d)) - lambda * d * d;
      if (!(at <= best)) best = at;
    }
    from = std::max(from, to);
    if (k < kinks.size()) slope = kinks[k].slope;
  }
  double reach = std::abs(x) + moved;
  for (const Kinks::Kink& kink : kinks) reach += std::abs(kink.at);
  const double steepest = std::abs(v) * greatest_slope_ + 2 * lambda * moved;
  return best + 32 * kUnit * steepest * (reach + std::abs(kinks_.first_value));
}

namespace {

/// What KinkLayer::Supremum says of Relu, without branches: d = -min(x, 0) or 0 where the result
/// stays 0, the stationary place where it is x + d.
double ReluSupremum(double x, double v, double moved, double lambda) {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  const double value = x < 0 ? 0 : x;
  const double flat = x < 0 ? 0 : -x;  // the place nearest to 0 at which the result is 0
  const double low = -x < -moved ? -moved : -x;
  const double stationary = -v / (2 * lambda);
  double d = stationary < low ? low : stationary;
  d = d > moved ? moved : d;
  const double on_flat = -moved <= flat ? v * value - lambda * flat * flat : kNever;
  const double on_slope = low <= moved ? v * (value - (x + d)) - lambda * d * d : kNever;
  double best = on_flat < on_slope ? on_slope : on_flat;
  best = best < 0 ? 0 : best;
  const double steepest = std::abs(v) + 2 * lambda * moved;
  return best + 32 * kUnit * steepest * (std::abs(x) + moved);
}

}  // namespace

double KinkLayer::SumOfSuprema(std::span<const double> x, std::span<const double> v,
                               std::span<const double> moved, double lambda) const {
  double sum = 0;
  if (!IsRelu()) {
    for (std::size_t at = 0; at < v.size(); ++at)
      sum += Supremum(x[at], v[at], moved[at % positions()], lambda);
    return sum;
  }
  for (std::size_t first = 0; first < v.size(); first += positions()) {
    for (std::size_t p = 0; p < positions(); ++p)
      sum += ReluSupremum(x[first + p], v[first + p], moved[p], lambda);
  }
  return sum;
}

/// Lagrange's dual of: maximise the sum of v_i (f(x_i) - f(x_i + d_i)) over |d_i| <= the spread of
/// the position and ||d|| <= the whole spread. For every lambda > 0 it is at most
/// lambda whole^2 + sum_i Supremum_i. That is convex in lambda, whose best is looked for by
/// halving. The slopes at x along v alone lose about ||v f'|| times the spread: where half of that
/// is beyond the room there is nothing to find.
double KinkLayer::Cut(Operands operands, std::span<const double> v, std::size_t sample,
                      double room) const {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  const auto values = SampleOf(*operands[0].values, sample, count());
  const std::span<const double> in = operands[0].spread->Of(sample, extent().positions());
  const double whole = operands[0].spread->whole[sample];
  double steep = 0, all = 0;
  for (std::size_t at = 0; at < v.size(); ++at) {
    const double along = SlopeAt(values[at]) * v[at];
    steep += along * along;
    all += v[at] * v[at];
  }
  if (!(whole > 0) || !(all > 0) || rounds_ || !(0.5 * std::sqrt(steep) * whole < room))
    return kNone;
  const auto dual = [&](double lambda) {
    return Above(lambda * whole * whole + SumOfSuprema(values, v, in, lambda),
                 static_cast<double>(v.size()) + 4);
  };
  constexpr double kStep = 2, kFine = 1.189207115002721;
  double lambda = std::sqrt(all) / (2 * whole);
  double best = dual(lambda);
  for (const double step : {1 / kStep, kStep, 1 / kFine, kFine}) {
    double next = dual(lambda * step);
    for (int tries = 0; next < best && tries < 40; ++tries) {
      lambda *= step;
      best = next;
      next = dual(lambda * step);
    }
  }
  return best;
}

void KinkLayer::Widen(Operands operands, std::span<const std::vector<double>> radii,
                      std::size_t sample, std::span<const double> out,
                      std::span<double> radius) const {
  const auto x = SampleOf(*operands[0].values, sample, count());
  for (std::size_t at = 0; at < radius.size(); ++at) {
    const double r = radii[0][at];
    const double up = std::abs(At(x[at] + r) - out[at]), down = std::abs(out[at] - At(x[at] - r));
    // The ends are rounded, and so is the function where it has slopes of its own.
    const double rounding = 8 * kUnit * (1 + greatest_slope_) * (std::abs(x[at]) + r);
    const double most = std::max(up, down);
    radius[at] = std::isnan(r) ? r : Above(most + rounding + (rounds_ ? Least() : 0), 4);
  }
}

}  // namespace dlv::progressive
