#include "engine/progressive/layer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/bounds/rounding.h"
#include "engine/progressive/square_sums.h"

namespace dlv::progressive {

double Layer::Cut(std::span<const Operand>, std::span<const double>, std::size_t, double) const {
  return std::numeric_limits<double>::infinity();
}

namespace {

template <class Number>
void NormsOf(std::span<const Number> sample, const Extent& extent, std::span<double> norms) {
  const auto positions = static_cast<std::size_t>(extent.positions());
  const auto terms = static_cast<double>(extent.channels) + 1;
  if (positions == 1) {
    norms[0] = LengthAbove(sample);
    return;
  }
  std::ranges::fill(norms, 0);
  AddSquares(sample.first(static_cast<std::size_t>(extent.channels) * positions),
             norms.first(positions));
  for (double& norm : norms) norm = bounds::RootAbove(bounds::Above(norm, terms));
}

}  // namespace

void PositionNorms(std::span<const double> sample, const Extent& extent, std::span<double> norms) {
  NormsOf(sample, extent, norms);
}
void PositionNorms(std::span<const float> sample, const Extent& extent, std::span<double> norms) {
  NormsOf(sample, extent, norms);
}

double StoringError(double norm, std::int64_t channels, Precision computed) {
  if (computed == Precision::kF64) return 0;
  if (!(norm < LimitOf(computed))) return bounds::kInfinity;
  const double least = LeastOf(computed) * std::sqrt(static_cast<double>(channels));
  return bounds::Above(bounds::kUnitF32 * norm + 2 * least, 2);
}

void Tighten(Spread& spread, std::size_t sample, std::int64_t positions) {
  const std::span<double> entries = spread.Of(sample, positions);
  double& whole = spread.whole[sample];
  whole = std::min(whole, bounds::NormAbove(entries));
  for (double& entry : entries) entry = std::min(entry, whole);
}

}  // namespace dlv::progressive
