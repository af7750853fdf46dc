#pragma once
/// \file
/// Norms of matrices, never below the true ones. Formulas and proofs: docs/progressive.md,
/// "Bounds".
///
/// Matrices are row-major. All functions give 0 for matrices without elements or with zeros alone,
/// and infinity where an element is NaN or infinite, or the norm is beyond double.

#include <array>
#include <cstdint>
#include <span>

namespace dlv::bounds {

/// Returns an upper bound of the spectral norm: Gram iteration, `rounds` squarings of the Gram
/// matrix of the smaller side n. At most n^(1 / 2^(rounds + 2)) times the norm (3 % for n = 1000
/// and 6 rounds) plus rounding (of the order n k 2^-53 of it). Time: n^2 k + rounds n^3.
double SpectralNormAbove(std::span<const double> matrix, std::int64_t rows, std::int64_t columns,
                         int rounds = 6);

/// The same of the matrix of magnitudes.
double AbsoluteNormAbove(std::span<const double> matrix, std::int64_t rows, std::int64_t columns,
                         int rounds = 6);

/// The same of a block-diagonal matrix: `blocks` matrices of rows x columns, one after another; the
/// greatest of their norms.
double BlockNormAbove(std::span<const double> matrices, std::int64_t blocks, std::int64_t rows,
                      std::int64_t columns, int rounds = 6);

/// Returns the lesser of the Frobenius norm and the root of the 1-norm times the infinity-norm:
/// one pass over the matrix.
double CheapNormAbove(std::span<const double> matrix, std::int64_t rows, std::int64_t columns);

/// A convolution in two dimensions; one dimension has 1 in the first place of each pair.
struct ConvolutionView {
  std::int64_t out_channels = 0;  ///< of all groups
  std::int64_t in_channels = 0;   ///< of one group
  std::array<std::int64_t, 2> kernel{1, 1};
  std::int64_t groups = 1;
  std::array<std::int64_t, 2> strides{1, 1};
  std::array<std::int64_t, 2> dilations{1, 1};
  /// Height and width of the input with its padding on both sides.
  std::array<std::int64_t, 2> padded{1, 1};
};

/// Returns how many windows of the convolution read one element of the input at most: over the axes
/// the product of ceil(k g / s), g the common divisor of stride and dilation, and no more than
/// there are windows.
double WindowOverlap(const ConvolutionView& view);

/// Returns an upper bound of the norm of the convolution as a linear map of whole inputs, padding
/// with zeros included: the lesser of
/// - the greatest ||K(w)||_2 over the frequencies of a torus of the padded size;
/// - the root of WindowOverlap times the norm of the kernel as a matrix out x (in kh kw).
/// `kernel`: [out_channels][in_channels][kh][kw], groups one after another; infinite where its size
/// is another. Work is limited: where frequencies are too many
/// or too large, cheaper bounds take their place.
double ConvolutionNormAbove(std::span<const double> kernel, const ConvolutionView& view);

}  // namespace dlv::bounds
