#pragma once
/// \file
/// One pass of some samples through the layers at the weights they have now, with bounds, and the
/// way back of a contrast.

#include <cstdint>
#include <span>
#include <vector>

#include "engine/progressive/layer_graph.h"

namespace dlv::progressive {

class Pass {
 public:
  /// `input`: [samples][elements], finite numbers that are exact.
  Pass(const LayerGraph& graph, Values input);

  std::size_t samples() const { return samples_; }
  /// Computes all values, and bounds unless told not to, from layer `first` on; values before it
  /// stay as they are.
  void Forward(std::size_t first, bool with_bounds = true);
  /// Forgets all samples but these, ascending.
  void Keep(std::span<const std::size_t> kept);
  /// Forgets everything but the input and the scores.
  void Shrink();
  bool is_complete() const { return complete_; }

  std::span<const double> ScoresOf(std::size_t sample) const;
  const Values& ValuesOf(std::uint32_t value) const { return values_[value]; }
  const Spread& SpreadOf(std::uint32_t value) const { return spreads_[value]; }
  std::uint64_t bytes() const;

  /// Returns a number that the true difference of two scores of a sample is not below: the greatest
  /// that is found on the way back through at most `layers` layers, as soon as one is above
  /// `enough`. NaN or minus infinity where something on the way is not finite.
  double LowerBound(std::size_t sample, std::int64_t over, std::int64_t under, std::size_t layers,
                    double enough = 0) const;

  /// Returns how far each true score of a sample may be from the computed one, by intervals alone
  /// (Layer::Widen).
  std::vector<double> ScoreRadii(std::size_t sample) const;

 private:
  std::vector<Operand> OperandsOf(const Layer& layer, bool with_spread) const;
  const LayerGraph& graph_;
  std::size_t samples_;
  bool complete_ = false, bounded_ = false;  ///< all values are there, and all bounds of them
  std::vector<Values> values_;
  std::vector<Spread> spreads_;
};

/// Bytes of the values and bounds of one sample.
std::uint64_t BytesOfSample(const LayerGraph& graph);

}  // namespace dlv::progressive
