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
  /// `input`: [samples][elements], finite numbers of f32. The layers' weights have the precision
  /// while the pass computes.
  Pass(const LayerGraph& graph, Values input, Precision precision = Precision::kF64);

  std::size_t samples() const { return samples_; }
  Precision precision() const { return precision_; }
  /// Computes all values, and bounds unless told not to, from layer `first` on; values before it
  /// stay as they are.
  void Forward(std::size_t first, bool with_bounds = true);
  /// Forgets all samples but these, ascending.
  void Keep(std::span<const std::size_t> kept);
  /// Forgets everything but the input and the scores.
  void Shrink();
  bool is_complete() const { return complete_; }

  std::span<const double> ScoresOf(std::size_t sample) const;
  /// One sample of a complete pass with all its values as doubles, whatever they were computed in:
  /// what LowerBound of an f32 pass needs.
  Pass Single(std::size_t sample) const;
  /// Empty where they are kept in f32.
  const Values& ValuesOf(std::uint32_t value) const { return values_[value]; }
  const Spread& SpreadOf(std::uint32_t value) const { return spreads_[value]; }
  std::uint64_t bytes() const;  ///< that are held

  /// Returns a number that the true difference of two scores of a sample is not below: the greatest
  /// that is found on the way back through at most `layers` layers, as soon as one is above
  /// `enough`. NaN or minus infinity where something on the way is not finite. Not of values that
  /// are kept in f32 (Single).
  double LowerBound(std::size_t sample, std::int64_t over, std::int64_t under, std::size_t layers,
                    double enough = 0) const;

  /// What contrasts of the scores can lose by the last layer alone; empty `rounding` where that is
  /// no layer that can tell (LinearLayer::BoundContrasts).
  ContrastLosses BoundContrasts() const;
  /// Returns a number that the true difference of two scores is not below, by `losses`.
  double LowerBound(const ContrastLosses& losses, std::size_t sample, std::int64_t over,
                    std::int64_t under) const;

  /// Returns how far each true score of a sample may be from the computed one, by intervals alone
  /// (Layer::Widen). Of f64 only: else all infinite.
  std::vector<double> ScoreRadii(std::size_t sample) const;

 private:
  std::vector<Operand> OperandsOf(const Layer& layer, bool with_spread) const;
  /// Layers that some samples go through before the next ones do, so that what one layer makes is
  /// near when another reads it.
  struct Stage {
    std::size_t end = 0;      ///< the first layer behind it
    std::size_t samples = 0;  ///< at once
  };
  Stage StageFrom(std::size_t layer) const;
  /// Tells the graph's meter how much is held now.
  void Count() { held_.Set(bytes()); }
  template <class Number>
  void Run(std::size_t first, bool with_bounds, std::vector<std::vector<Number>>& values);
  /// Layer `i` for some samples; the values have room for all.
  template <class Number>
  void RunLayer(std::size_t i, SampleRange samples, bool computes, bool with_bounds,
                std::vector<std::vector<Number>>& values);
  const LinearLayer* Head() const;  ///< the layer that makes the scores, if linear
  const LayerGraph& graph_;
  std::size_t samples_;
  bool complete_ = false, bounded_ = false;  ///< all values are there, and all bounds of them
  Precision precision_;
  bool widened_ = false;               ///< values of f32 as doubles
  std::vector<Values> values_;         ///< in f32 of the scores alone
  std::vector<SingleValues> singles_;  ///< in f32
  std::vector<Spread> spreads_;
  HeldBytes held_;
};

/// Bytes of the values and bounds of one sample in f64.
std::uint64_t BytesOfSample(const LayerGraph& graph);

}  // namespace dlv::progressive
