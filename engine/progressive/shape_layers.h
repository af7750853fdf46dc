#pragma once
/// \file
/// Layers that move elements without changing them, and sums of values.

#include "engine/progressive/layer.h"

namespace dlv::progressive {

/// The same elements in the same order, with other channels and positions (Flatten).
class FlattenLayer : public TypedLayer<FlattenLayer> {
 public:
  FlattenLayer(std::string name, std::uint32_t read, Extent out)
      : TypedLayer(std::move(name), {read}, out) {}
  template <class Number>
  void ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                 std::vector<Number>& out) const;
  template <class Number>
  void BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
               const std::vector<Number>& out, Spread& spread) const;
  void Pull(Operands operands, const Values& out, const Spread& spread, std::span<const double> v,
            Backward& backward, std::span<const std::span<double>> pulled) const override;
  void Widen(Operands operands, std::span<const std::vector<double>> radii, std::size_t sample,
             std::span<const double> out, std::span<double> radius) const override;
};
extern template class TypedLayer<FlattenLayer>;

/// Of each axis some of what is read, or zeros beside it: Slice and Pad.
class PickLayer : public TypedLayer<PickLayer> {
 public:
  /// Where each channel, row and column of the result comes from; -1: zeros.
  struct Picks {
    std::vector<std::int64_t> channels, rows, columns;
  };
  PickLayer(std::string name, std::uint32_t read, Extent in, Picks picks);
  template <class Number>
  void ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                 std::vector<Number>& out) const;
  template <class Number>
  void BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
               const std::vector<Number>& out, Spread& spread) const;
  void Pull(Operands operands, const Values& out, const Spread& spread, std::span<const double> v,
            Backward& backward, std::span<const std::span<double>> pulled) const override;
  void Widen(Operands operands, std::span<const std::vector<double>> radii, std::size_t sample,
             std::span<const double> out, std::span<double> radius) const override;
  const Picks& picks() const { return picks_; }

 private:
  Extent in_;
  Picks picks_;
  std::vector<std::int64_t> from_;       ///< [elements of out]
  std::vector<std::int64_t> positions_;  ///< [positions of out]
};
extern template class TypedLayer<PickLayer>;

/// Values behind one another along the channels.
class ConcatLayer : public TypedLayer<ConcatLayer> {
 public:
  ConcatLayer(std::string name, std::vector<std::uint32_t> reads, Extent out)
      : TypedLayer(std::move(name), std::move(reads), out) {}
  template <class Number>
  void ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                 std::vector<Number>& out) const;
  template <class Number>
  void BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
               const std::vector<Number>& out, Spread& spread) const;
  void Pull(Operands operands, const Values& out, const Spread& spread, std::span<const double> v,
            Backward& backward, std::span<const std::span<double>> pulled) const override;
  void Widen(Operands operands, std::span<const std::vector<double>> radii, std::size_t sample,
             std::span<const double> out, std::span<double> radius) const override;
};
extern template class TypedLayer<ConcatLayer>;

/// The sum of values of one extent, or the difference of two.
class SumLayer : public TypedLayer<SumLayer> {
 public:
  SumLayer(std::string name, std::vector<std::uint32_t> reads, Extent extent,
           bool subtracts = false)
      : TypedLayer(std::move(name), std::move(reads), extent), subtracts_(subtracts) {}
  template <class Number>
  void ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                 std::vector<Number>& out) const;
  template <class Number>
  void BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
               const std::vector<Number>& out, Spread& spread) const;
  void Pull(Operands operands, const Values& out, const Spread& spread, std::span<const double> v,
            Backward& backward, std::span<const std::span<double>> pulled) const override;
  void Widen(Operands operands, std::span<const std::vector<double>> radii, std::size_t sample,
             std::span<const double> out, std::span<double> radius) const override;
  bool subtracts() const { return subtracts_; }

 private:
  /// At least what rounding did at each position.
  template <class Number>
  std::vector<double> Rounding(std::span<const OperandOf<Number>> operands,
                               const std::vector<Number>& out, std::size_t sample) const;

  bool subtracts_;
};
extern template class TypedLayer<SumLayer>;

}  // namespace dlv::progressive
