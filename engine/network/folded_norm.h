#pragma once
/// \file
/// Which BatchNormalization was folded into a convolution, by its numbers.

#include <optional>
#include <vector>

namespace dlv::network {

/// A BatchNormalization behind a convolution, one number a channel each.
struct NormVectors {
  std::vector<double> scale, shift, mean, variance;
  std::vector<double> conv_bias;  ///< empty: the convolution had none
};

/// Returns, for each bias of a convolution, the place of the normalisation that was folded into it;
/// nothing where none or several give that bias, or where two biases claim one normalisation.
/// The bias is (conv_bias - mean) * scale / sqrt(variance + epsilon) + shift (Ioffe, Szegedy, Batch
/// Normalization, 2015, algorithm 2), within 1e-3 of its norm for one of the usual epsilons:
/// exporters do not keep it. Vectors of no or different lengths match nothing.
std::vector<std::optional<std::size_t>> MatchFoldedBiases(
    const std::vector<std::vector<double>>& biases, const std::vector<NormVectors>& norms);

}  // namespace dlv::network
