#include "engine/bounds/spectral_norm.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/bounds/gram.h"
#include "engine/bounds/rounding.h"

namespace dlv::bounds {
namespace {

/// Of the numbers that `bound` makes of the scaled matrix.
template <class Bound>
double ScaledNormAbove(std::span<const double> matrix, std::int64_t rows, std::int64_t columns,
                       const Bound& bound) {
  const ScaledNumbers scaled = ScaledCopy(matrix);
  if (!scaled.finite) return kInfinity;
  if (scaled.zero) return 0;
  return UnscaledAbove(bound(ComplexMatrix{rows, columns, scaled.numbers, {}}), scaled.exponent,
                       rows * columns);
}

}  // namespace

double SpectralNormAbove(std::span<const double> matrix, std::int64_t rows, std::int64_t columns,
                         int rounds) {
  return ScaledNormAbove(matrix, rows, columns, [&](const ComplexMatrix& scaled) {
    const double cheap = CheapComplexNormAbove(scaled);
    return std::min(rows, columns) <= 1 ? cheap : std::min(cheap, GramNormAbove(scaled, rounds));
  });
}

double AbsoluteNormAbove(std::span<const double> matrix, std::int64_t rows, std::int64_t columns,
                         int rounds) {
  std::vector<double> magnitudes(matrix.begin(), matrix.end());
  for (double& number : magnitudes) number = std::fabs(number);
  return SpectralNormAbove(magnitudes, rows, columns, rounds);
}

double BlockNormAbove(std::span<const double> matrices, std::int64_t blocks, std::int64_t rows,
                      std::int64_t columns, int rounds) {
  double greatest = 0;
  const auto size = static_cast<std::size_t>(rows * columns);
  for (std::int64_t block = 0; block < blocks; ++block) {
    const auto matrix = matrices.subspan(static_cast<std::size_t>(block) * size, size);
    greatest = std::max(greatest, SpectralNormAbove(matrix, rows, columns, rounds));
  }
  return greatest;
}

double CheapNormAbove(std::span<const double> matrix, std::int64_t rows, std::int64_t columns) {
  return ScaledNormAbove(matrix, rows, columns, CheapComplexNormAbove);
}

}  // namespace dlv::bounds
