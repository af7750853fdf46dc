#include "engine/progressive/product_layer.h"

#include <algorithm>
#include <cmath>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

using bounds::Above;
using bounds::kUnit;

namespace {

/// Raises `most` to a magnitude; what is no number stays.
void Raise(double& most, double one) {
  if (!(std::abs(one) <= most)) most = std::abs(one);
}

}  // namespace

/// In f64, whatever it is stored in.
template <class Number>
void ProductLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                             std::vector<Number>& out) const {
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const auto first = SampleOf(*operands[0].values, i, count());
    const auto second = SampleOf(*operands[1].values, i, gates());
    const auto to = SampleOf(out, i, count());
    for (std::size_t at = 0; at < to.size(); ++at)
      to[at] = static_cast<Number>(static_cast<double>(first[at]) * second[GateOf(at)]);
  }
}

template <class Number>
std::vector<double> ProductLayer::Rounding(std::span<const Number> out, Precision computed) const {
  std::vector<double> errors(positions());
  PositionNorms(out, extent(), errors);
  for (double& error : errors) {
    const double storing = StoringError(error, extent().channels, computed);
    error = Above(2 * kUnit * error + storing + 0x1p-1000, 4);
  }
  return errors;
}

/// (a + da)(b + db) - a b = b da + a db + da db, each in the norm. A number a channel meets all
/// positions of its channel: |db_c| times the norm of the channel.
template <class Number>
void ProductLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                           const std::vector<Number>& out, Spread& spread) const {
  std::vector<double> greatest_a(positions()), greatest_b(positions());
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const auto a = SampleOf(*operands[0].values, i, count());
    const auto b = SampleOf(*operands[1].values, i, gates());
    const std::span<const double> by_a = operands[0].spread->Of(i, extent().positions());
    const std::span<const double> by_b = operands[1].spread->Of(i, operands[1].extent.positions());
    const double whole_a = operands[0].spread->whole[i], whole_b = operands[1].spread->whole[i];
    const std::span<double> entries = spread.Of(i, extent().positions());
    const auto rounding = Rounding(SampleOf(out, i, count()), operands[0].computed);
    std::ranges::fill(greatest_a, 0);
    std::ranges::fill(greatest_b, 0);
    double of_a = 0, of_b = 0, channel = 0;
    for (std::size_t at = 0; at < a.size(); ++at) {
      const std::size_t p = at % positions();
      Raise(greatest_a[p], a[at]);
      Raise(greatest_b[p], b[GateOf(at)]);
      channel = (p == 0 ? 0 : channel) + static_cast<double>(a[at]) * a[at];
      Raise(of_a, by_channel_ ? channel : static_cast<double>(a[at]));
      Raise(of_b, b[GateOf(at)]);
    }
    if (by_channel_) of_a = bounds::RootAbove(Above(of_a, static_cast<double>(positions()) + 1));
    for (std::size_t p = 0; p < positions(); ++p) {
      const double moved = by_channel_ ? whole_b : by_b[p];
      entries[p] =
          Above(greatest_b[p] * by_a[p] + (greatest_a[p] + by_a[p]) * moved + rounding[p], 6);
    }
    spread.whole[i] =
        Above(of_b * whole_a + (of_a + whole_a) * whole_b + bounds::NormAbove(rounding), 6);
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<ProductLayer>;

/// First order goes both ways; |v| |da| |db| is lost.
void ProductLayer::Pull(Operands operands, const Values& out, const Spread&,
                        std::span<const double> v, Backward& backward,
                        std::span<const std::span<double>> pulled) const {
  const auto a = SampleOf(*operands[0].values, backward.sample, count());
  const auto b = SampleOf(*operands[1].values, backward.sample, gates());
  const std::span<const double> by_a =
      operands[0].spread->Of(backward.sample, extent().positions());
  const std::span<const double> by_b =
      operands[1].spread->Of(backward.sample, operands[1].extent.positions());
  const double whole_a = operands[0].spread->whole[backward.sample];
  const double whole_b = operands[1].spread->whole[backward.sample];
  std::vector<double> greatest(positions(), 0), v_norms(positions()), sizes(gates(), 0);
  std::ranges::fill(pulled[1], 0);
  double most = 0, channel = 0;
  for (std::size_t at = 0; at < v.size(); ++at) {
    const std::size_t p = at % positions(), gate = GateOf(at);
    pulled[0][at] = v[at] * b[gate];
    pulled[1][gate] += v[at] * a[at];
    sizes[gate] += std::abs(v[at] * a[at]);
    Raise(greatest[p], v[at]);
    channel = (p == 0 ? 0 : channel) + v[at] * v[at];
    Raise(most, by_channel_ ? channel : v[at]);
  }
  const auto terms = static_cast<double>(positions()) + 8;
  if (by_channel_) most = bounds::RootAbove(Above(most, terms));
  PositionNorms(v, extent(), v_norms);
  const auto rounding = Rounding(SampleOf(out, backward.sample, count()), operands[0].computed);
  double both = 0, rounded = 0;
  for (std::size_t p = 0; p < positions(); ++p) {
    both += greatest[p] * by_a[p] * (by_channel_ ? whole_b : by_b[p]);
    rounded += v_norms[p] * rounding[p];
  }
  both = Above(both, terms);
  const double by_whole = Above(most * whole_a * whole_b, 3);
  if (by_whole < both) both = by_whole;
  const double pulling = 2 * kUnit * bounds::NormAbove(pulled[0]) * whole_a +
                         bounds::GammaAbove(terms) * bounds::NormAbove(sizes) * whole_b +
                         0x1p-900 * (whole_a + whole_b);
  backward.loss = Above(backward.loss + both + Above(rounded, terms) + Above(pulling, 16), 4);
}

void ProductLayer::Widen(Operands operands, std::span<const std::vector<double>> radii,
                         std::size_t sample, std::span<const double> out,
                         std::span<double> radius) const {
  const auto a = SampleOf(*operands[0].values, sample, count());
  const auto b = SampleOf(*operands[1].values, sample, gates());
  for (std::size_t at = 0; at < radius.size(); ++at) {
    const double da = radii[0][at], db = radii[1][GateOf(at)];
    const double most = std::abs(b[GateOf(at)]) * da + (std::abs(a[at]) + da) * db;
    radius[at] = Above(most + 2 * kUnit * std::abs(out[at]) + 0x1p-1000, 8);
  }
}

}  // namespace dlv::progressive
