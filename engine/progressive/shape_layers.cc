#include "engine/progressive/shape_layers.h"

#include <algorithm>
#include <cmath>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

using bounds::Above;

void FlattenLayer::Compute(std::span<const Operand> operands, std::size_t, Values& out) const {
  out = *operands[0].values;
}

void FlattenLayer::Bound(std::span<const Operand> operands, std::size_t samples, const Values&,
                         Spread& spread) const {
  const bool same = operands[0].extent == extent();
  for (std::size_t i = 0; i < samples; ++i) {
    spread.whole[i] = operands[0].spread->whole[i];
    const std::span<double> entries = spread.Of(i, extent().positions());
    if (same) {
      std::ranges::copy(operands[0].spread->Of(i, extent().positions()), entries.begin());
    } else {
      std::ranges::fill(entries, spread.whole[i]);
    }
  }
}

void FlattenLayer::Pull(std::span<const Operand>, const Values&, const Spread&,
                        std::span<const double> v, Backward&,
                        std::span<const std::span<double>> pulled) const {
  std::ranges::copy(v, pulled[0].begin());
}

PickLayer::PickLayer(std::string name, std::uint32_t read, Extent in, Picks picks)
    : Layer(std::move(name), {read},
            {static_cast<std::int64_t>(picks.channels.size()),
             static_cast<std::int64_t>(picks.rows.size()),
             static_cast<std::int64_t>(picks.columns.size())}),
      in_(in) {
  for (const std::int64_t row : picks.rows) {
    for (const std::int64_t column : picks.columns)
      positions_.push_back(row < 0 || column < 0 ? -1 : row * in.width + column);
  }
  for (const std::int64_t channel : picks.channels) {
    for (const std::int64_t position : positions_)
      from_.push_back(channel < 0 || position < 0 ? -1 : channel * in.positions() + position);
  }
}

void PickLayer::Compute(std::span<const Operand> operands, std::size_t samples, Values& out) const {
  const auto size = static_cast<std::size_t>(in_.count());
  for (std::size_t i = 0; i < samples; ++i) {
    const auto in = SampleOf(*operands[0].values, i, size);
    const auto to = SampleOf(out, i, count());
    for (std::size_t at = 0; at < to.size(); ++at)
      to[at] = from_[at] < 0 ? 0 : in[static_cast<std::size_t>(from_[at])];
  }
}

/// Each pick is of another place, so that the whole cannot grow.
void PickLayer::Bound(std::span<const Operand> operands, std::size_t samples, const Values&,
                      Spread& spread) const {
  for (std::size_t i = 0; i < samples; ++i) {
    const std::span<const double> in = operands[0].spread->Of(i, in_.positions());
    const std::span<double> entries = spread.Of(i, extent().positions());
    for (std::size_t p = 0; p < positions(); ++p)
      entries[p] = positions_[p] < 0 ? 0 : in[static_cast<std::size_t>(positions_[p])];
    spread.whole[i] = operands[0].spread->whole[i];
    Tighten(spread, i, extent().positions());
  }
}

void PickLayer::Pull(std::span<const Operand>, const Values&, const Spread&,
                     std::span<const double> v, Backward&,
                     std::span<const std::span<double>> pulled) const {
  std::ranges::fill(pulled[0], 0);
  for (std::size_t at = 0; at < v.size(); ++at) {
    if (from_[at] >= 0) pulled[0][static_cast<std::size_t>(from_[at])] = v[at];
  }
}

void ConcatLayer::Compute(std::span<const Operand> operands, std::size_t samples,
                          Values& out) const {
  auto to = out.begin();
  for (std::size_t i = 0; i < samples; ++i) {
    for (const Operand& operand : operands) {
      const auto part =
          SampleOf(*operand.values, i, static_cast<std::size_t>(operand.extent.count()));
      to = std::ranges::copy(part, to).out;
    }
  }
}

void ConcatLayer::Bound(std::span<const Operand> operands, std::size_t samples, const Values&,
                        Spread& spread) const {
  const auto parts = static_cast<double>(operands.size());
  for (std::size_t i = 0; i < samples; ++i) {
    const std::span<double> entries = spread.Of(i, extent().positions());
    std::ranges::fill(entries, 0);
    double whole = 0;
    for (const Operand& operand : operands) {
      const std::span<const double> in = operand.spread->Of(i, extent().positions());
      for (std::size_t p = 0; p < positions(); ++p) entries[p] += in[p] * in[p];
      whole += operand.spread->whole[i] * operand.spread->whole[i];
    }
    for (double& entry : entries) entry = bounds::RootAbove(Above(entry, parts + 1));
    spread.whole[i] = bounds::RootAbove(Above(whole, parts + 1));
    Tighten(spread, i, extent().positions());
  }
}

void ConcatLayer::Pull(std::span<const Operand>, const Values&, const Spread&,
                       std::span<const double> v, Backward&,
                       std::span<const std::span<double>> pulled) const {
  auto from = v.begin();
  for (const std::span<double> part : pulled) {
    std::copy_n(from, part.size(), part.begin());
    from += static_cast<std::ptrdiff_t>(part.size());
  }
}

void SumLayer::Compute(std::span<const Operand> operands, std::size_t, Values& out) const {
  out = *operands[0].values;
  for (std::size_t k = 1; k < operands.size(); ++k) {
    const Values& more = *operands[k].values;
    for (std::size_t at = 0; at < out.size(); ++at) out[at] += more[at];
  }
}

std::vector<double> SumLayer::Rounding(std::span<const Operand> operands,
                                       std::size_t sample) const {
  std::vector<double> sums(positions(), 0), norms(positions());
  for (const Operand& operand : operands) {
    PositionNorms(SampleOf(*operand.values, sample, count()), extent(), norms);
    for (std::size_t p = 0; p < positions(); ++p) sums[p] += norms[p];
  }
  const auto parts = static_cast<double>(operands.size());
  const double gamma = bounds::GammaAbove(parts - 1);
  for (double& sum : sums) sum = Above(gamma * sum, parts + 1);
  return sums;
}

void SumLayer::Bound(std::span<const Operand> operands, std::size_t samples, const Values&,
                     Spread& spread) const {
  const auto parts = static_cast<double>(operands.size());
  for (std::size_t i = 0; i < samples; ++i) {
    const std::vector<double> rounding = Rounding(operands, i);
    const std::span<double> entries = spread.Of(i, extent().positions());
    std::ranges::copy(rounding, entries.begin());
    double whole = bounds::NormAbove(rounding);
    for (const Operand& operand : operands) {
      const std::span<const double> in = operand.spread->Of(i, extent().positions());
      for (std::size_t p = 0; p < positions(); ++p) entries[p] += in[p];
      whole += operand.spread->whole[i];
    }
    for (double& entry : entries) entry = Above(entry, parts);
    spread.whole[i] = Above(whole, parts);
    Tighten(spread, i, extent().positions());
  }
}

void SumLayer::Pull(std::span<const Operand> operands, const Values&, const Spread&,
                    std::span<const double> v, Backward& backward,
                    std::span<const std::span<double>> pulled) const {
  std::vector<double> v_norms(positions());
  PositionNorms(v, extent(), v_norms);
  const std::vector<double> rounding = Rounding(operands, backward.sample);
  double loss = 0;
  for (std::size_t p = 0; p < positions(); ++p) loss += v_norms[p] * rounding[p];
  backward.loss = Above(backward.loss + Above(loss, static_cast<double>(positions()) + 2));
  for (const std::span<double> part : pulled) std::ranges::copy(v, part.begin());
}

void FlattenLayer::Widen(std::span<const Operand>, std::span<const std::vector<double>> radii,
                         std::size_t, std::span<const double>, std::span<double> radius) const {
  std::ranges::copy(radii[0], radius.begin());
}

void PickLayer::Widen(std::span<const Operand>, std::span<const std::vector<double>> radii,
                      std::size_t, std::span<const double>, std::span<double> radius) const {
  for (std::size_t at = 0; at < radius.size(); ++at)
    radius[at] = from_[at] < 0 ? 0 : radii[0][AsSize(from_[at])];
}

void ConcatLayer::Widen(std::span<const Operand>, std::span<const std::vector<double>> radii,
                        std::size_t, std::span<const double>, std::span<double> radius) const {
  auto to = radius.begin();
  for (const std::vector<double>& part : radii) to = std::ranges::copy(part, to).out;
}

void SumLayer::Widen(std::span<const Operand> operands, std::span<const std::vector<double>> radii,
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
