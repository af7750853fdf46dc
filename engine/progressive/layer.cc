#include "engine/progressive/layer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

double Layer::Cut(std::span<const Operand>, std::span<const double>, std::size_t, double) const {
  return std::numeric_limits<double>::infinity();
}

void PositionNorms(std::span<const double> sample, const Extent& extent, std::span<double> norms) {
  const auto positions = static_cast<std::size_t>(extent.positions());
  std::ranges::fill(norms, 0);
  for (std::int64_t channel = 0; channel < extent.channels; ++channel) {
    const double* row = sample.data() + static_cast<std::size_t>(channel) * positions;
    for (std::size_t p = 0; p < positions; ++p) norms[p] += row[p] * row[p];
  }
  const auto terms = static_cast<double>(extent.channels) + 1;
  for (double& norm : norms) norm = bounds::RootAbove(bounds::Above(norm, terms));
}

void Tighten(Spread& spread, std::size_t sample, std::int64_t positions) {
  const std::span<double> entries = spread.Of(sample, positions);
  double& whole = spread.whole[sample];
  whole = std::min(whole, bounds::NormAbove(entries));
  for (double& entry : entries) entry = std::min(entry, whole);
}

}  // namespace dlv::progressive
