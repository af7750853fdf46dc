#include "engine/progressive/remainder.h"

#include <cmath>

#include "engine/bounds/blas.h"
#include "engine/bounds/rounding.h"
#include "engine/bounds/spectral_norm.h"
#include "engine/progressive/layer.h"

namespace dlv::progressive {

using bounds::Above;
using bounds::MultiplyAdd;
using bounds::NormAbove;
using bounds::Transpose;

/// Each computed product of matrices is off by gamma of its sums times the Frobenius norms of its
/// factors; M is symmetric, each element of it one of the two that were computed.
Remainder::Remainder(std::span<const double> directions, std::span<const double> solver,
                     std::int64_t rank)
    : gram_(AsSize(rank * rank)) {
  const auto columns = static_cast<std::int64_t>(directions.size()) / rank;
  MultiplyAdd(Transpose::kYes, Transpose::kNo, rank, rank, columns, directions.data(), rank,
              directions.data(), rank, 0, gram_.data(), rank);
  for (std::int64_t i = 0; i < rank; ++i) {
    for (std::int64_t k = 0; k < i; ++k) gram_[AsSize(i * rank + k)] = gram_[AsSize(k * rank + i)];
  }
  std::vector<double> rest(directions.begin(), directions.end()), negative(gram_);
  for (double& one : negative) one = -one;
  MultiplyAdd(Transpose::kNo, Transpose::kNo, columns, rank, rank, solver.data(), rank,
              negative.data(), rank, 1, rest.data(), rank);
  const double size = NormAbove(directions);
  gram_frobenius_ = NormAbove(gram_);
  gram_norm_ = bounds::SpectralNormAbove(gram_, rank, rank);
  const double gamma = bounds::GammaAbove(static_cast<double>(columns) + 2);
  inexact_ = Above(gamma * size * size, 4);
  const double rest_gamma = bounds::GammaAbove(static_cast<double>(rank) + 3);
  beside_ = Above(NormAbove(rest) + rest_gamma * (NormAbove(solver) * gram_frobenius_ + size), 6);
}

namespace {

/// Four sums that are added up in the end: a compiler may not make them of one.
double ProductOf(const double* a, const double* b, std::size_t size) {
  double sums[4] = {};
  std::size_t at = 0;
  for (; at + 4 <= size; at += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += a[at + k] * b[at + k];
  }
  for (; at < size; ++at) sums[0] += a[at] * b[at];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

double Remainder::LengthAbove(double length, std::span<const double> f, std::span<const double> c,
                              double off) const {
  const std::size_t rank = c.size();
  std::vector<double> both(rank);  // 2 f + c
  for (std::size_t k = 0; k < rank; ++k) both[k] = 2 * f[k] + c[k];
  double form = 0;  // c^T M (2 f + c)
  for (std::size_t i = 0; i < rank; ++i)
    form += c[i] * ProductOf(gram_.data() + i * rank, both.data(), rank);
  const double c_norm = NormAbove(c), f_norm = NormAbove(f);
  const double gamma = bounds::GammaAbove(2 * static_cast<double>(rank) + 6);
  const double rounding = gamma * gram_frobenius_ * c_norm * (2 * f_norm + c_norm);
  const double errors =
      2 * c_norm * (gram_norm_ * off + beside_ * length) + inexact_ * c_norm * c_norm + rounding;
  const double all = length * length;
  // The sum may be nearly nothing; its rounding is of its parts.
  const double unit = bounds::GammaAbove(4) * (all + std::abs(form));
  const double sum = all + form + unit + Above(errors, 16);
  return bounds::RootAbove(sum <= 0 ? 0 : Above(sum, 4));  // what is no number stays that
}

}  // namespace dlv::progressive
