#include "engine/bounds/block_scales.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/bounds/frequency_form.h"

namespace dlv::bounds {
namespace {

/// Steps of the search; frequencies that are looked at between two looks at all of them; the first
/// step's length, in natural logarithms of weights.
constexpr int kSteps = 120, kStepsBetweenScans = 10;
constexpr std::size_t kActive = 24;
constexpr double kFirstStep = 0.12, kLastStep = 1e-3;
/// Multiplications by the form in a step, in a look at all frequencies, and for a result.
constexpr int kTimesInStep = 1, kTimesInScan = 4, kTimesInResult = 24;

/// Looks for the weights with the least bound: steps against the gradient, in logarithms, with
/// Adam's lengths (Kingma and Ba, ICLR 2015). The bound is convex in the weights.
class ScaleSearch {
 public:
  ScaleSearch(const ResidualBlock& block, const BlockSpectrum& spectrum)
      : block_(block), spectrum_(spectrum) {}

  std::vector<double> Run() {
    Begin();
    std::vector<double> best = weights_;
    double least = std::numeric_limits<double>::infinity();
    std::vector<double> mean(weights_.size(), 0), square(weights_.size(), 0), last = weights_;
    double mean_share = 1, square_share = 1;
    for (int step = 0; step <= kSteps; ++step) {
      if (step % kStepsBetweenScans == 0) {
        const double bound = Scan();
        if (bound < least) {
          least = bound;
          best = weights_;
        } else if (std::isinf(bound)) {
          // A frequency that was not looked at has none: from the best on, with that one.
          weights_ = last = best;
          std::ranges::fill(mean, 0);
        }
        if (step == kSteps) break;
      }
      std::vector<double> gradient(weights_.size(), 0);
      if (!Gradient(gradient)) {
        // Too far: half of the way back.
        for (std::size_t c = 0; c < weights_.size(); ++c) {
          weights_[c] = std::sqrt(weights_[c] * last[c]);
          mean[c] /= 2;
        }
        continue;
      }
      last = weights_;
      mean_share *= 0.9;
      square_share *= 0.98;
      const double length = kFirstStep * (1 - static_cast<double>(step) / kSteps) + kLastStep;
      for (std::size_t c = 0; c < weights_.size(); ++c) {
        mean[c] = 0.9 * mean[c] + 0.1 * gradient[c];
        square[c] = 0.98 * square[c] + 0.02 * gradient[c] * gradient[c];
        const double size = std::sqrt(square[c] / (1 - square_share)) + 1e-9;
        weights_[c] *= std::exp(-length * mean[c] / (1 - mean_share) / size);
      }
    }
    return best;
  }

 private:
  /// All alike, half as much again as B's norm needs.
  void Begin() {
    double most = 0;
    for (std::size_t f = 0; f < spectrum_.size(); ++f)
      most = std::max(most, FrequencyForm(block_, spectrum_, f).SecondSquared());
    weights_.assign(spectrum_.middle(), most > 0 ? 1.5 * most : 1);
  }

  /// Returns the greatest bound of all frequencies; the ones with the greatest are the active ones.
  double Scan() {
    std::vector<double> bounds(spectrum_.size());
    for (std::size_t f = 0; f < bounds.size(); ++f) {
      FrequencyForm form(block_, spectrum_, f);
      bounds[f] = std::numeric_limits<double>::infinity();
      if (!form.SetWeights(weights_)) continue;
      form.Follow(kTimesInScan);
      bounds[f] = form.Greatest();
    }
    std::vector<std::size_t> order(bounds.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order,
                             [&](std::size_t a, std::size_t b) { return bounds[a] > bounds[b]; });
    active_.clear();
    for (std::size_t k = 0; k < std::min(kActive, order.size()); ++k)
      active_.emplace_back(block_, spectrum_, order[k]);
    return bounds[order[0]];
  }

  bool Gradient(std::vector<double>& gradient) {
    double most = 0;
    for (FrequencyForm& form : active_) {
      if (!form.SetWeights(weights_)) return false;
      form.Follow(kTimesInStep);
      most = std::max(most, form.Greatest());
    }
    if (!(most > 0)) return true;
    double sum = 0;
    for (FrequencyForm& form : active_) {
      sum += form.AddGradient(most, gradient);
      form.Advance();
    }
    for (std::size_t c = 0; c < gradient.size(); ++c) gradient[c] *= weights_[c] / (most * sum);
    return true;
  }

  const ResidualBlock& block_;
  const BlockSpectrum& spectrum_;
  std::vector<double> weights_;
  std::vector<FrequencyForm> active_;
};

}  // namespace

std::vector<double> FindScales(const ResidualBlock& block, const BlockSpectrum& spectrum) {
  std::vector<double> scales = ScaleSearch(block, spectrum).Run();
  for (double& scale : scales) scale = std::sqrt(2 * scale);
  return scales;
}

double NormWith(const ResidualBlock& block, const BlockSpectrum& spectrum,
                std::span<const double> scales) {
  std::vector<double> weights(scales.begin(), scales.end());
  for (double& one : weights) one *= one / 2;
  double most = 0;
  for (std::size_t f = 0; f < spectrum.size(); ++f) {
    FrequencyForm form(block, spectrum, f);
    if (!form.SetWeights(weights)) return std::numeric_limits<double>::infinity();
    form.Follow(kTimesInResult);
    most = std::max(most, form.Greatest());
  }
  return std::sqrt(most);
}

}  // namespace dlv::bounds
