#include "engine/bounds/interval.h"

#include <cmath>
#include <vector>

#include "engine/bounds/rounding.h"

namespace dlv::bounds {
namespace {

using Matrix = std::vector<double>;

Matrix Magnitudes(const double* from, std::int64_t count) {
  Matrix to(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = std::fabs(from[i]);
  return to;
}

/// e + gamma |x|: what the first factor's magnitude meets.
Matrix SpreadWithRounding(const Matrix& x, const double* e, double gamma) {
  Matrix to(x.size());
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = SumAbove(e[i], ProductAbove(gamma, x[i]));
  return to;
}

Matrix Reach(const Matrix& x, const double* e) {
  Matrix to(x.size());
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = SumAbove(x[i], e[i]);
  return to;
}

/// result (+)= |W| x, or its transpose when x is.
void Product(const IntervalMatrix& shape, const double* weights, Transpose x_transposed,
             std::int64_t n, const Matrix& x, double beta, double* result) {
  const std::int64_t m = shape.rows, k = shape.columns;
  if (x_transposed == Transpose::kYes) {
    MultiplyAdd(Transpose::kNo, Transpose::kYes, n, m, k, x.data(), k, weights, k, beta, result, m);
  } else {
    MultiplyAdd(Transpose::kNo, Transpose::kNo, m, n, k, weights, k, x.data(), n, beta, result, n);
  }
}

}  // namespace

void IntervalRadiusAbove(const IntervalMatrix& weights, Transpose x_transposed, std::int64_t n,
                         const double* x, const double* e, const double* bias, double* result) {
  const std::int64_t m = weights.rows, k = weights.columns;
  const auto terms = static_cast<double>(k);
  const double gamma = GammaAbove(terms + 1);
  const Matrix magnitudes = Magnitudes(x, k * n);
  const Matrix centre = Magnitudes(weights.centre, m * k);
  Product(weights, centre.data(), x_transposed, n, SpreadWithRounding(magnitudes, e, gamma), 0,
          result);
  if (weights.radius != nullptr) {
    Product(weights, weights.radius, x_transposed, n, Reach(magnitudes, e), 1, result);
  }
  // Above covers the 2 k products added in any order; the underflow of the centre's own k products
  // is as large again.
  const double underflow = (terms + 1) * std::numeric_limits<double>::denorm_min();
  for (std::int64_t i = 0; i < m * n; ++i) {
    const std::int64_t row = x_transposed == Transpose::kYes ? i % m : i / n;
    const double bias_term = bias == nullptr ? 0 : ProductAbove(gamma, std::fabs(bias[row]));
    result[i] = SumAbove(Above(result[i], 2 * terms + 2), SumAbove(bias_term, underflow));
  }
}

}  // namespace dlv::bounds
