#include "engine/progressive/shape_layers.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

using bounds::Above;

template <class Number>
void FlattenLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                             std::vector<Number>& out) const {
  const std::size_t first = samples.first * count();
  std::copy_n(operands[0].values->data() + first, samples.count() * count(), out.data() + first);
}

template <class Number>
void FlattenLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                           const std::vector<Number>&, Spread& spread) const {
  const bool same = operands[0].extent == extent();
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    spread.whole[i] = operands[0].spread->whole[i];
    const std::span<double> entries = spread.Of(i, extent().positions());
    if (same) {
      std::ranges::copy(operands[0].spread->Of(i, extent().positions()), entries.begin());
    } else {
      std::ranges::fill(entries, spread.whole[i]);
    }
  }
}

template class TypedLayer<FlattenLayer>;

void FlattenLayer::Pull(Operands, const Values&, const Spread&, std::span<const double> v,
                        Backward&, std::span<const std::span<double>> pulled) const {
  std::ranges::copy(v, pulled[0].begin());
}

PickLayer::PickLayer(std::string name, std::uint32_t read, Extent in, Picks picks)
    : TypedLayer(std::move(name), {read},
                 {static_cast<std::int64_t>(picks.channels.size()),
                  static_cast<std::int64_t>(picks.rows.size()),
                  static_cast<std::int64_t>(picks.columns.size())}),
      in_(in),
      picks_(std::move(picks)) {
  for (const std::int64_t row : picks_.rows) {
    for (const std::int64_t column : picks_.columns)
      positions_.push_back(row < 0 || column < 0 ? -1 : row * in.width + column);
  }
  for (const std::int64_t channel : picks_.channels) {
    for (const std::int64_t position : positions_)
      from_.push_back(channel < 0 || position < 0 ? -1 : channel * in.positions() + position);
  }
}

template <class Number>
void PickLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                          std::vector<Number>& out) const {
  const auto size = static_cast<std::size_t>(in_.count());
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const auto in = SampleOf(*operands[0].values, i, size);
    const auto to = SampleOf(out, i, count());
    for (std::size_t at = 0; at < to.size(); ++at)
      to[at] = from_[at] < 0 ? 0 : in[static_cast<std::size_t>(from_[at])];
  }
}

/// Each pick is of another place, so that the whole cannot grow.
template <class Number>
void PickLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                        const std::vector<Number>&, Spread& spread) const {
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const std::span<const double> in = operands[0].spread->Of(i, in_.positions());
    const std::span<double> entries = spread.Of(i, extent().positions());
    for (std::size_t p = 0; p < positions(); ++p)
      entries[p] = positions_[p] < 0 ? 0 : in[static_cast<std::size_t>(positions_[p])];
    spread.whole[i] = operands[0].spread->whole[i];
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<PickLayer>;

void PickLayer::Pull(Operands, const Values&, const Spread&, std::span<const double> v, Backward&,
                     std::span<const std::span<double>> pulled) const {
  std::ranges::fill(pulled[0], 0);
  for (std::size_t at = 0; at < v.size(); ++at) {
    if (from_[at] >= 0) pulled[0][static_cast<std::size_t>(from_[at])] = v[at];
  }
}

template <class Number>
void ConcatLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                            std::vector<Number>& out) const {
  Number* to = out.data() + samples.first * count();
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    for (const OperandOf<Number>& operand : operands) {
      const auto part =
          SampleOf(*operand.values, i, static_cast<std::size_t>(operand.extent.count()));
      to = std::ranges::copy(part, to).out;
    }
  }
}

template <class Number>
void ConcatLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                          const std::vector<Number>&, Spread& spread) const {
  const auto parts = static_cast<double>(operands.size());
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const std::span<double> entries = spread.Of(i, extent().positions());
    std::ranges::fill(entries, 0);
    double whole = 0;
    for (const OperandOf<Number>& operand : operands) {
      const std::span<const double> in = operand.spread->Of(i, extent().positions());
      for (std::size_t p = 0; p < positions(); ++p) entries[p] += in[p] * in[p];
      whole += operand.spread->whole[i] * operand.spread->whole[i];
    }
    for (double& entry : entries) entry = bounds::RootAbove(Above(entry, parts + 1));
    spread.whole[i] = bounds::RootAbove(Above(whole, parts + 1));
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<ConcatLayer>;

void ConcatLayer::Pull(Operands, const Values&, const Spread&, std::span<const double> v, Backward&,
                       std::span<const std::span<double>> pulled) const {
  auto from = v.begin();
  for (const std::span<double> part : pulled) {
    std::copy_n(from, part.size(), part.begin());
    from += static_cast<std::ptrdiff_t>(part.size());
  }
}

/// In f64, whatever it is stored in.
template <class Number>
void SumLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                         std::vector<Number>& out) const {
  const std::size_t begin = samples.first * count(), end = samples.last * count();
  const Number* const first = operands[0].values->data();
  const Number* const second = operands.size() > 1 ? operands[1].values->data() : nullptr;
  if (subtracts_) {
    for (std::size_t at = begin; at < end; ++at)
      out[at] = static_cast<Number>(static_cast<double>(first[at]) - second[at]);
    return;
  }
  if (operands.size() == 2) {
    for (std::size_t at = begin; at < end; ++at)
      out[at] = static_cast<Number>(static_cast<double>(first[at]) + second[at]);
    return;
  }
  for (std::size_t at = begin; at < end; ++at) {
    double sum = first[at];
    for (std::size_t k = 1; k < operands.size(); ++k) sum += (*operands[k].values)[at];
    out[at] = static_cast<Number>(sum);
  }
}

template <class Number>
std::vector<double> SumLayer::Rounding(std::span<const OperandOf<Number>> operands,
                                       const std::vector<Number>& out, std::size_t sample) const {
  std::vector<double> sums(positions(), 0), norms(positions());
  for (const OperandOf<Number>& operand : operands) {
    PositionNorms(SampleOf(*operand.values, sample, count()), extent(), norms);
    for (std::size_t p = 0; p < positions(); ++p) sums[p] += norms[p];
  }
  const Precision computed = operands[0].computed;
  std::ranges::fill(norms, 0);
  if (computed == Precision::kF32) PositionNorms(SampleOf(out, sample, count()), extent(), norms);
  const auto parts = static_cast<double>(operands.size());
  const double gamma = bounds::GammaAbove(parts - 1);
  for (std::size_t p = 0; p < positions(); ++p) {
    const double storing = StoringError(norms[p], extent().channels, computed);
    sums[p] = Above(gamma * sums[p] + storing, parts + 2);
  }
  return sums;
}

template <class Number>
void SumLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                       const std::vector<Number>& out, Spread& spread) const {
  const auto parts = static_cast<double>(operands.size());
  if (spread.own.size() < samples.last) spread.own.resize(samples.last);
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const std::vector<double> rounding = Rounding(operands, out, i);
    const std::span<double> entries = spread.Of(i, extent().positions());
    std::ranges::copy(rounding, entries.begin());
    double whole = bounds::NormAbove(rounding);
    spread.own[i] = whole;
    for (const OperandOf<Number>& operand : operands) {
      const std::span<const double> in = operand.spread->Of(i, extent().positions());
      for (std::size_t p = 0; p < positions(); ++p) entries[p] += in[p];
      whole += operand.spread->whole[i];
    }
    for (double& entry : entries) entry = Above(entry, parts);
    spread.whole[i] = Above(whole, parts);
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<SumLayer>;
// A caller that knows the class calls these, past what is instantiated above.
template void SumLayer::ComputeIn(Operands, SampleRange, Values&) const;
template void SumLayer::ComputeIn(SingleOperands, SampleRange, SingleValues&) const;

void SumLayer::Pull(Operands operands, const Values& out, const Spread&, std::span<const double> v,
                    Backward& backward, std::span<const std::span<double>> pulled) const {
  std::vector<double> v_norms(positions());
  PositionNorms(v, extent(), v_norms);
  const std::vector<double> rounding = Rounding(operands, out, backward.sample);
  double loss = 0;
  for (std::size_t p = 0; p < positions(); ++p) loss += v_norms[p] * rounding[p];
  backward.loss = Above(backward.loss + Above(loss, static_cast<double>(positions()) + 2));
  for (const std::span<double> part : pulled) std::ranges::copy(v, part.begin());
  if (subtracts_) std::ranges::transform(v, pulled[1].begin(), std::negate());
}

void FlattenLayer::Widen(Operands, std::span<const std::vector<double>> radii, std::size_t,
                         std::span<const double>, std::span<double> radius) const {
  std::ranges::copy(radii[0], radius.begin());
}

void PickLayer::Widen(Operands, std::span<const std::vector<double>> radii, std::size_t,
                      std::span<const double>, std::span<double> radius) const {
  for (std::size_t at = 0; at < radius.size(); ++at)
    radius[at] = from_[at] < 0 ? 0 : radii[0][AsSize(from_[at])];
}

void ConcatLayer::Widen(Operands, std::span<const std::vector<double>> radii, std::size_t,
                        std::span<const double>, std::span<double> radius) const {
  auto to = radius.begin();
  for (const std::vector<double>& part : radii) to = std::ranges::copy(part, to).out;
}

void SumLayer::Widen(Operands operands, std::span<const std::vector<double>> radii,
                     std::size_t sample, std::span<const double>, std::span<double> radius) const {
  const auto parts = static_cast<double>(operands.size());
  const double gamma = bounds::GammaAbove(parts - 1);
  std::ranges::fill(radius, 0);
  for (std::size_t k = 0; k < operands.size(); ++k) {
    const auto x = SampleOf(*operands[k].values, sample, count());
    for (std::size_t at = 0; at < radius.size(); ++at)
      radius[at] += radii[k][at] + gamma * std::abs(x[at]);
  }
  for (double& one : radius) one = Above(one, 2 * parts + 2);
}

}  // namespace dlv::progressive
