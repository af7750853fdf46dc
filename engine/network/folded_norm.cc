#include "engine/network/folded_norm.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dlv::network {
namespace {

/// PyTorch and Caffe; Keras; TensorFlow's slim; without.
constexpr std::array<double, 4> kEpsilons = {1e-5, 1e-3, 1e-4, 0};
constexpr double kTolerance = 1e-3;

bool HasLength(const NormVectors& norm, std::size_t length) {
  return norm.scale.size() == length && norm.shift.size() == length && norm.mean.size() == length &&
         norm.variance.size() == length &&
         (norm.conv_bias.empty() || norm.conv_bias.size() == length);
}

bool Gives(const NormVectors& norm, double epsilon, const std::vector<double>& bias) {
  double difference = 0, size = 0;
  for (std::size_t i = 0; i < bias.size(); ++i) {
    const double conv_bias = norm.conv_bias.empty() ? 0 : norm.conv_bias[i];
    const double scale = norm.scale[i] / std::sqrt(norm.variance[i] + epsilon);
    const double folded = (conv_bias - norm.mean[i]) * scale + norm.shift[i];
    difference += (folded - bias[i]) * (folded - bias[i]);
    size += bias[i] * bias[i];
  }
  return size > 0 && difference <= kTolerance * kTolerance * size;  // false with a NaN
}

bool IsFolded(const NormVectors& norm, const std::vector<double>& bias) {
  return !bias.empty() && HasLength(norm, bias.size()) &&
         std::any_of(kEpsilons.begin(), kEpsilons.end(),
                     [&](double epsilon) { return Gives(norm, epsilon, bias); });
}

}  // namespace

std::vector<std::optional<std::size_t>> MatchFoldedBiases(
    const std::vector<std::vector<double>>& biases, const std::vector<NormVectors>& norms) {
  std::vector<std::optional<std::size_t>> found(biases.size());
  std::vector<std::size_t> claims(norms.size());
  for (std::size_t i = 0; i < biases.size(); ++i) {
    std::size_t matches = 0;
    for (std::size_t j = 0; j < norms.size(); ++j) {
      if (!IsFolded(norms[j], biases[i])) continue;
      ++matches;
      ++claims[j];
      found[i] = j;
    }
    if (matches > 1) found[i].reset();
  }
  for (auto& place : found) {
    if (place && claims[*place] > 1) place.reset();
  }
  return found;
}

}  // namespace dlv::network
