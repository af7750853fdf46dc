#include "engine/progressive/curve_layer.h"

#include <algorithm>
#include <cmath>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

using bounds::Above;
using bounds::kInfinity;
using bounds::kUnit;

namespace {

/// What an element does that moves by at most so much.
struct Reach {
  double steep = kInfinity;  ///< |f(x + d) - f(x)| <= steep |d|
  double most = kInfinity;   ///< and at most this
  Curve::Stretch stretch;
};

/// Nothing is known where something is not finite: a bounded function must not hide it.
Reach ReachOf(const Curve& curve, double x, double moved) {
  Reach reach;
  reach.stretch = {-kInfinity, kInfinity, -kInfinity, kInfinity, -kInfinity, kInfinity};
  if (!(std::abs(x) + moved < kInfinity)) return reach;
  const double off = 4 * kUnit * (std::abs(x) + moved);
  const double low = (x - moved) - off, high = (x + moved) + off;
  reach.stretch = curve.Between(low, high);
  const Curve::Stretch& stretch = reach.stretch;
  reach.steep = std::max(std::abs(stretch.least_slope), std::abs(stretch.greatest_slope));
  reach.most = Above(reach.steep * moved);
  if (!curve.rises()) return reach;
  const double value = curve.At(x).value;
  const double up = stretch.high_value - value, down = value - stretch.low_value;
  const double greatest = std::max(std::abs(stretch.high_value), std::abs(stretch.low_value));
  const double errors = curve.ErrorAbove(low, stretch.low_value) + curve.ErrorAbove(x, value) +
                        curve.ErrorAbove(high, stretch.high_value) + 4 * kUnit * greatest;
  const double by_ends = Above(std::max({up, down, 0.0}) + errors, 6);
  if (by_ends < reach.most) reach.most = by_ends;
  return reach;
}

}  // namespace

CurveLayer::CurveLayer(std::string name, std::uint32_t read, Extent extent,
                       std::vector<Curve> curves)
    : TypedLayer(std::move(name), {read}, extent), curves_(std::move(curves)) {}

/// In f64, whatever it is stored in.
template <class Number>
void CurveLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                           std::vector<Number>& out) const {
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const auto in = SampleOf(*operands[0].values, i, count());
    const auto to = SampleOf(out, i, count());
    for (std::size_t at = 0; at < to.size(); ++at)
      to[at] = static_cast<Number>(CurveOf(at).At(in[at]).value);
  }
}

template <class Number>
std::vector<double> CurveLayer::Rounding(std::span<const Number> in, std::span<const Number> out,
                                         Precision computed) const {
  std::vector<double> errors(positions(), 0), norms(positions(), 0);
  for (std::size_t at = 0; at < in.size(); ++at) {
    const double error = CurveOf(at).ErrorAbove(in[at], out[at]);
    errors[at % positions()] += error * error;
  }
  if (computed == Precision::kF32) PositionNorms(out, extent(), norms);
  const auto channels = static_cast<double>(extent().channels);
  for (std::size_t p = 0; p < positions(); ++p) {
    const double storing = StoringError(norms[p], extent().channels, computed);
    errors[p] = bounds::SumAbove(bounds::RootAbove(Above(errors[p], channels + 1)), storing);
  }
  return errors;
}

template <class Number>
void CurveLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                         const std::vector<Number>& out, Spread& spread) const {
  const auto channels = static_cast<double>(extent().channels);
  std::vector<double> squares(positions()), steep(positions());
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const auto x = SampleOf(*operands[0].values, i, count());
    const std::span<const double> in = operands[0].spread->Of(i, extent().positions());
    const std::span<double> entries = spread.Of(i, extent().positions());
    const auto rounding = Rounding(x, SampleOf(out, i, count()), operands[0].computed);
    std::ranges::fill(squares, 0);
    std::ranges::fill(steep, 0);
    double steepest = 0;
    for (std::size_t at = 0; at < x.size(); ++at) {
      const std::size_t p = at % positions();
      const Reach reach = ReachOf(CurveOf(at), x[at], in[p]);
      squares[p] += reach.most * reach.most;
      steep[p] = std::max(steep[p], reach.steep);
    }
    for (std::size_t p = 0; p < positions(); ++p) {
      const double by_elements = bounds::RootAbove(Above(squares[p], channels + 1));
      const double by_slope = Above(steep[p] * in[p]);
      entries[p] = bounds::SumAbove(by_elements < by_slope ? by_elements : by_slope, rounding[p]);
      steepest = std::max(steepest, steep[p]);
    }
    spread.whole[i] =
        Above(steepest * operands[0].spread->whole[i] + bounds::NormAbove(rounding), 2);
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<CurveLayer>;

/// With g near f'(x), f(x + d) - f(x) - g d is at least -bend d^2 / 2 along v, where bend is how
/// far f'' may be against v, less what kinks of that kind take, and at least -|d| times how far f'
/// may be from g. Computed slopes are off by the curve's slack.
std::vector<bounds::BentLoss> CurveLayer::Losses(const Operand& operand, std::span<const double> v,
                                                 std::size_t sample, bool with_first_order) const {
  const auto x = SampleOf(*operand.values, sample, count());
  const std::span<const double> in = operand.spread->Of(sample, extent().positions());
  std::vector<bounds::BentLoss> losses;
  for (std::size_t at = 0; at < v.size(); ++at) {
    if (v[at] == 0 || in[at % positions()] == 0) continue;
    const Curve& curve = CurveOf(at);
    const Reach reach = ReachOf(curve, x[at], in[at % positions()]);
    const Curve::Stretch& stretch = reach.stretch;
    const double size = std::abs(v[at]), slope = curve.At(x[at]).slope;
    const double against = v[at] > 0 ? -stretch.least_bend : stretch.greatest_bend;
    bounds::BentLoss& one = losses.emplace_back();
    one.room = in[at % positions()];
    one.bend = Above(0.5 * size * std::max(0.0, against), 2);
    one.away = kInfinity;
    for (const Curve::Kink& kink : curve.kinks()) {
      const double away = Curve::AwayBelow(kink, x[at]);
      if (v[at] * kink.jump >= 0 || away >= one.room) continue;
      one.jump = Above(one.jump + std::abs(v[at] * kink.jump), 2);
      one.away = std::min(one.away, away);
    }
    if (one.jump == 0) one.away = 0;
    const double apart = std::max(stretch.greatest_slope - slope, slope - stretch.least_slope);
    const double first = Above(size * (std::abs(slope) + curve.slack()), 3);
    one.slope = with_first_order ? first : Above(size * curve.slack());
    one.steep = Above(size * (with_first_order ? reach.steep : apart + curve.slack()), 3);
    one.most = with_first_order ? Above(size * reach.most) : kInfinity;
  }
  return losses;
}

void CurveLayer::Pull(Operands operands, const Values& out, const Spread&,
                      std::span<const double> v, Backward& backward,
                      std::span<const std::span<double>> pulled) const {
  const auto x = SampleOf(*operands[0].values, backward.sample, count());
  const double whole = operands[0].spread->whole[backward.sample];
  double loss = bounds::BentLossesAbove(Losses(operands[0], v, backward.sample, false), whole);
  for (std::size_t at = 0; at < v.size(); ++at) pulled[0][at] = CurveOf(at).At(x[at]).slope * v[at];
  // The rounding of what is pulled acts on the spread.
  const double pulling = kUnit * bounds::NormAbove(pulled[0]) + 0x1p-1000;
  std::vector<double> v_norms(positions());
  PositionNorms(v, extent(), v_norms);
  const auto rounding = Rounding(x, SampleOf(out, backward.sample, count()), operands[0].computed);
  for (std::size_t p = 0; p < positions(); ++p) loss += v_norms[p] * rounding[p];
  loss = Above(loss + pulling * whole, static_cast<double>(positions()) + 4);
  backward.loss = bounds::SumAbove(backward.loss, loss);
}

/// First order and remainder share one budget. The slopes at x along v alone lose about ||v f'||
/// times the spread: where half of that is beyond the room there is nothing to find.
double CurveLayer::Cut(Operands operands, std::span<const double> v, std::size_t sample,
                       double room) const {
  const auto x = SampleOf(*operands[0].values, sample, count());
  const double whole = operands[0].spread->whole[sample];
  double steep = 0;
  for (std::size_t at = 0; at < v.size(); ++at) {
    const double along = CurveOf(at).At(x[at]).slope * v[at];
    steep += along * along;
  }
  if (!(0.5 * std::sqrt(steep) * whole < room)) return kInfinity;
  Values out(count());
  for (std::size_t at = 0; at < out.size(); ++at) out[at] = CurveOf(at).At(x[at]).value;
  const auto rounding = Rounding(x, std::span<const double>(out), operands[0].computed);
  std::vector<double> v_norms(positions());
  PositionNorms(v, extent(), v_norms);
  double loss = bounds::BentLossesAbove(Losses(operands[0], v, sample, true), whole);
  for (std::size_t p = 0; p < positions(); ++p) loss += v_norms[p] * rounding[p];
  return Above(loss, static_cast<double>(positions()) + 4);
}

void CurveLayer::Widen(Operands operands, std::span<const std::vector<double>> radii,
                       std::size_t sample, std::span<const double> out,
                       std::span<double> radius) const {
  const auto x = SampleOf(*operands[0].values, sample, count());
  for (std::size_t at = 0; at < radius.size(); ++at) {
    const Reach reach = ReachOf(CurveOf(at), x[at], radii[0][at]);
    radius[at] = bounds::SumAbove(reach.most, CurveOf(at).ErrorAbove(x[at], out[at]));
  }
}

}  // namespace dlv::progressive
