#include "engine/bounds/residual_block.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "engine/bounds/block_scales.h"
#include "engine/bounds/block_spectrum.h"
#include "engine/bounds/positive_form.h"
#include "engine/bounds/rounding.h"

namespace dlv::bounds {
namespace {

/// The first norm that is tried, over the one that was computed; the factor to the next; how many.
constexpr double kFirst = 1.0005, kFactor = 1.003;
constexpr int kTries = 64;
/// Numbers beyond it, or below its inverse, are not looked at: nothing here over- or underflows.
constexpr double kScaleLimit = 0x1p100;

/// The form of a frequency, scaled such that its diagonal is about 1: [x / norm, D z].
class Form {
 public:
  Form(const ResidualBlock& block, std::span<const double> scales, const BlockSpectrum& spectrum)
      : block_(block), scales_(scales), spectrum_(spectrum) {
    const BlockSpectrum::Errors errors = spectrum.ErrorsWith(scales);
    first_error_ = errors.first;
    second_error_ = errors.second;
  }

  bool IsPositiveAt(std::size_t frequency, double norm) const {
    const auto middle = scales_.size(), read = spectrum_.first_columns();
    const auto out = static_cast<std::size_t>(block_.second.out_channels);
    spectrum_.At(frequency, first_, second_);
    // B / D and D A / (2 norm).
    for (std::size_t c = 0; c < middle; ++c) {
      for (std::size_t o = 0; o < out; ++o) second_[o * middle + c] *= 1 / scales_[c];
      for (std::size_t r = 0; r < read; ++r) first_[c * read + r] *= scales_[c] / 2 / norm;
    }
    Hermitian form(read + middle);
    const std::size_t n = form.size;
    for (std::size_t i = 0; i < n; ++i) form.real[i * n + i] = 1;
    for (std::size_t o = 0; o < out; ++o) {
      if (block_.skip[o] < 0) continue;
      const auto from = static_cast<std::size_t>(block_.skip[o]);
      form.real[from * n + from] -= 1 / (norm * norm);
    }
    // The part below the diagonal: -(B* S + A), rows of z, columns of x.
    for (std::size_t c = 0; c < middle; ++c) {
      double* const real = form.real.data() + (read + c) * n;
      double* const imaginary = form.imaginary.data() + (read + c) * n;
      for (std::size_t r = 0; r < read; ++r) {
        real[r] = -first_[c * read + r].real();
        imaginary[r] = -first_[c * read + r].imag();
      }
      for (std::size_t o = 0; o < out; ++o) {
        if (block_.skip[o] < 0) continue;
        const auto from = static_cast<std::size_t>(block_.skip[o]);
        real[from] -= second_[o * middle + c].real() / norm;
        imaginary[from] += second_[o * middle + c].imag() / norm;
      }
      for (std::size_t k = 0; k <= c; ++k) {
        double sum = 0, cross = 0;  // of conj(B_oc) B_ok
        for (std::size_t o = 0; o < out; ++o) {
          const std::complex<double>& a = second_[o * middle + c];
          const std::complex<double>& b = second_[o * middle + k];
          sum += a.real() * b.real() + a.imag() * b.imag();
          cross += a.real() * b.imag() - a.imag() * b.real();
        }
        real[read + k] -= sum;
        imaginary[read + k] -= cross;
      }
    }
    return IsPositive(form, ErrorAt(norm, out));
  }

 private:
  static double NormOf(const std::vector<std::complex<double>>& matrix) {
    double squares = 0;
    for (const std::complex<double>& one : matrix)
      squares += one.real() * one.real() + one.imag() * one.imag();
    return RootAbove(Above(squares, 2 * static_cast<double>(matrix.size()) + 2));
  }

  /// What the form's parts may be off by, in the Frobenius norm: the diagonal of x; what couples x
  /// and z; the part of z.
  double ErrorAt(double norm, std::size_t out) const {
    const double first = NormOf(first_), second = NormOf(second_);
    const auto read = static_cast<double>(spectrum_.first_columns());
    const double of_x = 4 * kUnit * std::sqrt(read);
    const double coupling =
        first_error_ / norm + second_error_ / norm + 8 * kUnit * (first + second / norm);
    const double of_z =
        second_error_ * (2 * second + second_error_) +
        1.5 * GammaAbove(2 * static_cast<double>(out) + 6) * second * second +
        4 * kUnit * (std::sqrt(static_cast<double>(scales_.size())) + second * second);
    return Above(of_x + coupling + of_z + 0x1p-800, 16);
  }

  const ResidualBlock& block_;
  std::span<const double> scales_;
  const BlockSpectrum& spectrum_;
  double first_error_ = 0, second_error_ = 0;
  mutable std::vector<std::complex<double>> first_, second_;
};

double ProvedNorm(const ResidualBlock& block, std::span<const double> scales,
                  const BlockSpectrum& spectrum, double computed) {
  for (const double scale : scales) {
    if (!(scale <= kScaleLimit && scale >= 1 / kScaleLimit)) return kInfinity;
  }
  const bool adds = std::ranges::any_of(block.skip, [](std::int64_t one) { return one >= 0; });
  double norm = std::max(computed * kFirst, adds ? 1.0 : 1 / kScaleLimit);
  if (!(norm <= kScaleLimit)) return kInfinity;
  const Form form(block, scales, spectrum);
  std::size_t proved = 0, at = 0;  // frequencies in a row that passed
  for (int tries = 0; proved < spectrum.size();) {
    if (form.IsPositiveAt(at, norm)) {
      ++proved;
      at = (at + 1) % spectrum.size();
      continue;
    }
    // The form grows with the norm: what passed passes still.
    norm *= kFactor;
    if (++tries == kTries) return kInfinity;
  }
  return norm;
}

}  // namespace

double ResidualBlockNormAbove(const ResidualBlock& block, std::span<const double> scales) {
  if (!BlockSpectrum::CanBe(block)) return kInfinity;
  if (scales.size() != static_cast<std::size_t>(block.first.out_channels)) return kInfinity;
  const BlockSpectrum spectrum(block);
  return ProvedNorm(block, scales, spectrum, NormWith(block, spectrum, scales));
}

BlockNorm ResidualBlockNormAbove(const ResidualBlock& block) {
  if (!BlockSpectrum::CanBe(block)) return {kInfinity, {}};
  const BlockSpectrum spectrum(block);
  BlockNorm found;
  found.scales = FindScales(block, spectrum);
  found.norm = ProvedNorm(block, found.scales, spectrum, NormWith(block, spectrum, found.scales));
  return found;
}

}  // namespace dlv::bounds
