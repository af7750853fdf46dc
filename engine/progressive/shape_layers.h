#pragma once
/// \file
/// Layers that move elements without changing them, and sums of values.

#include "engine/progressive/layer.h"

namespace dlv::progressive {

/// The same elements in the same order, with other channels and positions (Flatten).
class FlattenLayer : public Layer {
 public:
  FlattenLayer(std::string name, std::uint32_t read, Extent out)
      : Layer(std::move(name), {read}, out) {}
  void Compute(Operands operands, std::size_t samples, Values& out) const override;
  void Compute(SingleOperands operands, std::size_t samples, SingleValues& out) const override;
  void Bound(Operands operands, std::size_t samples, const Values& out,
             Spread& spread) const override;
  void Bound(SingleOperands operands, std::size_t samples, const SingleValues& out,
             Spread& spread) const override;
  void Pull(Operands operands, const Values& out, const Spread& spread, std::span<const double> v,
            Backward& backward, std::span<const std::span<double>> pulled) const override;
  void Widen(Operands operands, std::span<const std::vector<double>> radii, std::size_t sample,
             std::span<const double> out, std::span<double> radius) const override;

 private:
  template <class Number>
  void ComputeIn(std::span<const OperandOf<Number>> operands, std::size_t samples,
                 std::vector<Number>& out) const;
  template <class Number>
  void BoundIn(std::span<const OperandOf<Number>> operands, std::size_t samples,
               const std::vector<Number>& out, Spread& spread) const;
};

/// Of each axis some of what is read, or zeros beside it: Slice and Pad.
class PickLayer : public Layer {
 public:
  /// Where each channel, row and column of the result comes from; -1: zeros.
  struct Picks {
    std::vector<std::int64_t> channels, rows, columns;
  };
  PickLayer(std::string name, std::uint32_t read, Extent in, Picks picks);
  void Compute(Operands operands, std::size_t samples, Values& out) const override;
  void Compute(SingleOperands operands, std::size_t samples, SingleValues& out) const override;
  void Bound(Operands operands, std::size_t samples, const Values& out,
             Spread& spread) const override;
  void Bound(SingleOperands operands, std::size_t samples, const SingleValues& out,
             Spread& spread) const override;
  void Pull(Operands operands, const Values& out, const Spread& spread, std::span<const double> v,
            Backward& backward, std::span<const std::span<double>> pulled) const override;
  void Widen(Operands operands, std::span<const std::vector<double>> radii, std::size_t sample,
             std::span<const double> out, std::span<double> radius) const override;

 private:
  template <class Number>
  void ComputeIn(std::span<const OperandOf<Number>> operands, std::size_t samples,
                 std::vector<Number>& out) const;
  template <class Number>
  void BoundIn(std::span<const OperandOf<Number>> operands, std::size_t samples,
               const std::vector<Number>& out, Spread& spread) const;
  Extent in_;
  std::vector<std::int64_t> from_;       ///< [elements of out]
  std::vector<std::int64_t> positions_;  ///< [positions of out]
};

/// Values behind one another along the channels.
class ConcatLayer : public Layer {
 public:
  ConcatLayer(std::string name, std::vector<std::uint32_t> reads, Extent out)
      : Layer(std::move(name), std::move(reads), out) {}
  void Compute(Operands operands, std::size_t samples, Values& out) const override;
  void Compute(SingleOperands operands, std::size_t samples, SingleValues& out) const override;
  void Bound(Operands operands, std::size_t samples, const Values& out,
             Spread& spread) const override;
  void Bound(SingleOperands operands, std::size_t samples, const SingleValues& out,
             Spread& spread) const override;
  void Pull(Operands operands, const Values& out, const Spread& spread, std::span<const double> v,
            Backward& backward, std::span<const std::span<double>> pulled) const override;
  void Widen(Operands operands, std::span<const std::vector<double>> radii, std::size_t sample,
             std::span<const double> out, std::span<double> radius) const override;

 private:
  template <class Number>
  void ComputeIn(std::span<const OperandOf<Number>> operands, std::size_t samples,
                 std::vector<Number>& out) const;
  template <class Number>
  void BoundIn(std::span<const OperandOf<Number>> operands, std::size_t samples,
               const std::vector<Number>& out, Spread& spread) const;
};

/// The sum of values of one extent.
class SumLayer : public Layer {
 public:
  SumLayer(std::string name, std::vector<std::uint32_t> reads, Extent extent)
      : Layer(std::move(name), std::move(reads), extent) {}
  void Compute(Operands operands, std::size_t samples, Values& out) const override;
  void Compute(SingleOperands operands, std::size_t samples, SingleValues& out) const override;
  void Bound(Operands operands, std::size_t samples, const Values& out,
             Spread& spread) const override;
  void Bound(SingleOperands operands, std::size_t samples, const SingleValues& out,
             Spread& spread) const override;
  void Pull(Operands operands, const Values& out, const Spread& spread, std::span<const double> v,
            Backward& backward, std::span<const std::span<double>> pulled) const override;
  void Widen(Operands operands, std::span<const std::vector<double>> radii, std::size_t sample,
             std::span<const double> out, std::span<double> radius) const override;

 private:
  template <class Number>
  void ComputeIn(std::span<const OperandOf<Number>> operands, std::size_t samples,
                 std::vector<Number>& out) const;
  template <class Number>
  void BoundIn(std::span<const OperandOf<Number>> operands, std::size_t samples,
               const std::vector<Number>& out, Spread& spread) const;
  /// At least what rounding did at each position.
  template <class Number>
  std::vector<double> Rounding(std::span<const OperandOf<Number>> operands,
                               const std::vector<Number>& out, std::size_t sample) const;
};

}  // namespace dlv::progressive
