#pragma once
/// \file
/// Rows of complex numbers, real and imaginary parts apart: their sums of products, without the
/// special cases of std::complex.

#include <cstddef>
#include <vector>

namespace dlv::bounds {

/// Rows one after the other.
struct ComplexRows {
  std::vector<double> real, imaginary;
  void Resize(std::size_t size) {
    real.assign(size, 0);
    imaginary.assign(size, 0);
  }
};

struct Complex {
  double real = 0, imaginary = 0;
};

/// Sum of a_k b_k, or of conj(a_k) b_k.
template <bool kConjugate>
Complex Dot(const double* ar, const double* ai, const double* br, const double* bi, std::size_t n) {
  constexpr std::size_t kLanes = 4;
  double rr[kLanes] = {}, ii[kLanes] = {}, ri[kLanes] = {}, ir[kLanes] = {};
  std::size_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      rr[l] += ar[k + l] * br[k + l];
      ii[l] += ai[k + l] * bi[k + l];
      ri[l] += ar[k + l] * bi[k + l];
      ir[l] += ai[k + l] * br[k + l];
    }
  }
  for (; k < n; ++k) {
    rr[0] += ar[k] * br[k];
    ii[0] += ai[k] * bi[k];
    ri[0] += ar[k] * bi[k];
    ir[0] += ai[k] * br[k];
  }
  const auto sum = [](const double* part) { return (part[0] + part[1]) + (part[2] + part[3]); };
  return kConjugate ? Complex{sum(rr) + sum(ii), sum(ri) - sum(ir)}
                    : Complex{sum(rr) - sum(ii), sum(ri) + sum(ir)};
}

/// to += f conj(row), or f row.
template <bool kConjugate>
void AddTimes(Complex f, const double* rr, const double* ri, double* tr, double* ti,
              std::size_t n) {
  const double sign = kConjugate ? -1 : 1;
  for (std::size_t k = 0; k < n; ++k) {
    tr[k] += f.real * rr[k] - sign * (f.imaginary * ri[k]);
    ti[k] += f.imaginary * rr[k] + sign * (f.real * ri[k]);
  }
}

}  // namespace dlv::bounds
