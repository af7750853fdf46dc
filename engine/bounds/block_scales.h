#pragma once
/// \file
/// Scales of a residual block's units that make its bound small. Nothing here has to be exact: any
/// scales give a bound.

#include <span>
#include <vector>

#include "engine/bounds/block_spectrum.h"

namespace dlv::bounds {

/// Looks for the scales with the least bound. The same numbers for the same block.
std::vector<double> FindScales(const ResidualBlock& block, const BlockSpectrum& spectrum);

/// The block's bound with these scales, as far as it can be told by some multiplications: a little
/// less than the true one.
double NormWith(const ResidualBlock& block, const BlockSpectrum& spectrum,
                std::span<const double> scales);

}  // namespace dlv::bounds
