#pragma once
/// \file
/// A layer of the network that a proof is made over: what it computes at the centre, how far the
/// true values can be from that, and what a contrast of scores makes of it backwards.
///
/// Values are doubles or floats, `[samples][channels][positions]`, positions a height times a
/// width. Every layer has one output. All that is bounded is rounded up (engine/bounds/rounding.h);
/// the rules are those of docs/progressive.md, "Rules".

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/progressive/precision.h"

namespace dlv::progressive {

/// Sizes of one sample's value.
struct Extent {
  std::int64_t channels = 0, height = 1, width = 1;
  std::int64_t positions() const { return height * width; }
  std::int64_t count() const { return channels * positions(); }
  bool operator==(const Extent&) const = default;
};

/// A count that is not negative as a size.
inline std::size_t AsSize(std::int64_t count) { return static_cast<std::size_t>(count); }

/// Values of a layer for some samples, as they were computed: in f64 and in f32.
using Values = std::vector<double>;
using SingleValues = std::vector<float>;

/// Some of the samples that values hold: from `first` to before `last`.
struct SampleRange {
  std::size_t first = 0, last = 0;
  SampleRange(std::size_t count) : last(count) {}  // NOLINT(google-explicit-constructor): the first
  SampleRange(std::size_t from, std::size_t to) : first(from), last(to) {}
  std::size_t count() const { return last - first; }
};

/// How far the true values may be from the computed ones, for every sample.
struct Spread {
  std::vector<double> whole;        ///< [samples] at least the Euclidean norm of the difference
  std::vector<double> by_position;  ///< [samples][positions] the same of all channels there
  /// [samples] at least the norm of what the layer itself adds to the difference that comes of what
  /// it reads: by weights that are not read, by rounding. Of linear layers and sums alone.
  std::vector<double> own = {};

  std::span<const double> Of(std::size_t sample, std::int64_t positions) const {
    return std::span(by_position)
        .subspan(sample * static_cast<std::size_t>(positions), static_cast<std::size_t>(positions));
  }
  std::span<double> Of(std::size_t sample, std::int64_t positions) {
    return std::span(by_position)
        .subspan(sample * static_cast<std::size_t>(positions), static_cast<std::size_t>(positions));
  }
};

/// What a layer reads for one operand.
template <class Number>
struct OperandOf {
  const std::vector<Number>* values = nullptr;
  const Spread* spread = nullptr;  ///< null in a pass without bounds
  Extent extent;
  /// What was computed in: f32 values may stand here as doubles, which they are exactly.
  Precision computed = std::is_same_v<Number, float> ? Precision::kF32 : Precision::kF64;
};
using Operand = OperandOf<double>;
using SingleOperand = OperandOf<float>;
using Operands = std::span<const Operand>;
using SingleOperands = std::span<const SingleOperand>;

/// One contrast of one sample on its way back: a direction v at a layer's output with the claim
/// <v, true - computed> >= -loss, to be turned into directions at what the layer reads.
struct Backward {
  std::size_t sample = 0;
  double loss = 0;  ///< what remainders may take off the contrast so far, rounded up
};

class Layer {
 public:
  Layer(std::string name, std::vector<std::uint32_t> reads, Extent extent)
      : name_(std::move(name)), reads_(std::move(reads)), extent_(extent) {}
  virtual ~Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  const std::string& name() const { return name_; }  ///< "conv1 (Conv)"
  const std::vector<std::uint32_t>& reads() const { return reads_; }
  const Extent& extent() const { return extent_; }
  std::size_t positions() const { return static_cast<std::size_t>(extent_.positions()); }
  std::size_t count() const { return static_cast<std::size_t>(extent_.count()); }

  /// Computes the values of some samples into `out`, which has the size of all.
  virtual void Compute(Operands operands, SampleRange samples, Values& out) const = 0;
  virtual void Compute(SingleOperands operands, SampleRange samples, SingleValues& out) const = 0;
  /// Whether computing is fastest for all samples at once: it reads more weights than values.
  virtual bool WantsAllSamples() const { return false; }

  /// Bounds how far the true values of some samples may be from `out`. `spread` has its sizes, but
  /// for `own`, which the layers grow that have it.
  virtual void Bound(Operands operands, SampleRange samples, const Values& out,
                     Spread& spread) const = 0;
  virtual void Bound(SingleOperands operands, SampleRange samples, const SingleValues& out,
                     Spread& spread) const = 0;

  /// Fills `pulled[i]` (of operand i, in its size) with the direction that v is there at first
  /// order, and adds to `backward.loss` the most that all else may take off.
  virtual void Pull(std::span<const Operand> operands, const Values& out, const Spread& spread,
                    std::span<const double> v, Backward& backward,
                    std::span<const std::span<double>> pulled) const = 0;

  /// Bounds every element of a sample by itself, from `radii` of the operands' elements: how far
  /// the true one may be from `out`, which was computed in f64. The method of ModelHub (Miao et
  /// al., ICDE 2017, section V), as a baseline and a cross-check.
  virtual void Widen(std::span<const Operand> operands, std::span<const std::vector<double>> radii,
                     std::size_t sample, std::span<const double> out,
                     std::span<double> radius) const = 0;

  /// Returns at least the most that <v, computed - true> can be, from the spreads of what is read
  /// alone and all at once; infinity where the layer has no better way than the spread of its
  /// output, or where it can surely not come near `room`.
  virtual double Cut(std::span<const Operand> operands, std::span<const double> v,
                     std::size_t sample, double room) const;

 private:
  std::string name_;
  std::vector<std::uint32_t> reads_;
  Extent extent_;
};

/// A layer that computes in both types alike: `Derived` has the templates ComputeIn and BoundIn
/// over the type of numbers. Instantiated beside their definitions.
template <class Derived>
class TypedLayer : public Layer {
 public:
  using Layer::Layer;

  void Compute(Operands operands, SampleRange samples, Values& out) const override {
    Self().ComputeIn(operands, samples, out);
  }
  void Compute(SingleOperands operands, SampleRange samples, SingleValues& out) const override {
    Self().ComputeIn(operands, samples, out);
  }
  void Bound(Operands operands, SampleRange samples, const Values& out,
             Spread& spread) const override {
    Self().BoundIn(operands, samples, out, spread);
  }
  void Bound(SingleOperands operands, SampleRange samples, const SingleValues& out,
             Spread& spread) const override {
    Self().BoundIn(operands, samples, out, spread);
  }

 private:
  const Derived& Self() const { return static_cast<const Derived&>(*this); }
};

/// The part of `values` that is sample `sample`'s.
template <class Number>
std::span<const Number> SampleOf(const std::vector<Number>& values, std::size_t sample,
                                 std::size_t count) {
  return std::span(values).subspan(sample * count, count);
}
template <class Number>
std::span<Number> SampleOf(std::vector<Number>& values, std::size_t sample, std::size_t count) {
  return std::span(values).subspan(sample * count, count);
}

/// Writes to `norms` at least the Euclidean norm over the channels at each position.
void PositionNorms(std::span<const double> sample, const Extent& extent, std::span<double> norms);
void PositionNorms(std::span<const float> sample, const Extent& extent, std::span<double> norms);

/// At least what rounding does to a number of this magnitude, or to the channels of a position with
/// this norm, when they are stored in f32; nothing in f64, in which they were computed. Infinite
/// where one may be too great for f32.
double StoringError(double norm, std::int64_t channels, Precision computed);

/// Lowers each entry of a sample to the whole, and the whole to the norm of the entries.
void Tighten(Spread& spread, std::size_t sample, std::int64_t positions);

}  // namespace dlv::progressive
