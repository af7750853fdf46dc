#pragma once
/// \file
/// The Fourier transforms of the two convolutions of a residual block, on one torus.

#include <array>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/bounds/residual_block.h"

namespace dlv::bounds {

/// Refers to the block's kernels, which must outlive it.
class BlockSpectrum {
 public:
  using Matrix = std::vector<std::complex<double>>;

  /// Whether sizes fit each other and are not too large, and kernels are of numbers that are
  /// neither.
  static bool CanBe(const ResidualBlock& block);
  /// The same of all but the kernels, which may be left out.
  static bool CanBeBySizes(const ResidualBlock& block);
  explicit BlockSpectrum(const ResidualBlock& block);

  /// Frequencies: one at least of each pair with conjugate transforms.
  std::size_t size() const { return frequencies_.size(); }
  std::size_t middle() const { return middle_; }
  std::size_t out() const { return out_; }
  /// Columns of A's transform: channels of x at each place within a stride, (0, 0) first.
  std::size_t first_columns() const { return first_.columns; }

  /// Fills the transforms at a frequency: [middle][first_columns] and [out][middle].
  void At(std::size_t frequency, Matrix& first, Matrix& second) const;

  /// At least the Frobenius norms of what the transforms of D A / 2 and B / D are off by, D the
  /// diagonal of scales, four more roundings of each element included.
  struct Errors {
    double first = 0, second = 0;
  };
  Errors ErrorsWith(std::span<const double> scales) const;

 private:
  /// A tap of a kernel on the torus: y(p) has K x(p + shift) added.
  struct Tap {
    std::array<std::int64_t, 2> shift{0, 0};
    std::vector<double> matrix;  ///< [rows][columns]
  };
  struct Taps {
    std::size_t rows = 0, columns = 0;
    std::vector<Tap> taps;
  };
  static Taps TapsOf(const BlockConvolution& convolution);
  static std::vector<double> Magnitudes(const Taps& taps);
  void Transform(const Taps& taps, std::size_t frequency, Matrix& out) const;

  std::array<std::int64_t, 2> sizes_{1, 1};
  std::array<std::vector<double>, 2> cosines_, sines_;
  std::vector<std::array<std::int64_t, 2>> frequencies_;
  std::size_t middle_ = 0, out_ = 0;
  Taps first_, second_;
};

}  // namespace dlv::bounds
