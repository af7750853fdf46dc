#pragma once
/// \file
/// The norm of a residual block, whatever its units between the two convolutions do. Formulas and
/// proofs: docs/progressive.md, "Norm of a residual block".

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace dlv::bounds {

/// A convolution in two dimensions, without groups, padded with zeros.
struct BlockConvolution {
  std::span<const double> kernel;  ///< [out_channels][in_channels][kh][kw]
  std::int64_t out_channels = 0, in_channels = 0;
  std::array<std::int64_t, 2> size{1, 1}, strides{1, 1}, dilations{1, 1};
  std::array<std::int64_t, 2> pads{0, 0};           ///< before the first row and column
  std::array<std::int64_t, 2> in{1, 1}, out{1, 1};  ///< rows and columns
};

/// x -> S x + B M A x. A and B are convolutions, B without strides, and the output of A is the
/// input of B; M is diagonal with elements in [0, 1]. S takes the elements at positions that are
/// multiples of A's strides.
struct ResidualBlock {
  BlockConvolution first, second;  ///< A and B
  /// Which channel of x each one of the result has added; -1: none. No channel comes twice.
  std::vector<std::int64_t> skip;
};

/// What of a block was bounded, and by which weights of its units.
struct BlockNorm {
  double norm = 0;             ///< infinite: no bound was found
  std::vector<double> scales;  ///< [middle channels], above 0; any give a bound
};

/// Returns an upper bound of the block's norm as a map of whole values, the greatest over all M.
/// Work is limited: infinite for blocks that are too large.
BlockNorm ResidualBlockNormAbove(const ResidualBlock& block);

/// The same with scales that are given.
double ResidualBlockNormAbove(const ResidualBlock& block, std::span<const double> scales);

}  // namespace dlv::bounds
