#pragma once
/// \file
/// Functions of each element that are bent, or have slopes of their own a channel: Tanh, Sigmoid,
/// Elu, PRelu, ...

#include <vector>

#include "engine/bounds/dual.h"
#include "engine/progressive/curve.h"
#include "engine/progressive/layer.h"

namespace dlv::progressive {

class CurveLayer : public TypedLayer<CurveLayer> {
 public:
  /// One curve, or one a channel.
  CurveLayer(std::string name, std::uint32_t read, Extent extent, std::vector<Curve> curves);

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
  double Cut(Operands operands, std::span<const double> v, std::size_t sample,
             double room) const override;

  /// The curve of all elements, or null where each channel has its own.
  const Curve* only() const { return curves_.size() == 1 ? &curves_[0] : nullptr; }

 private:
  const Curve& CurveOf(std::size_t element) const {
    return curves_[curves_.size() == 1 ? 0 : element / positions()];
  }
  /// At least what rounding did at each position of a sample.
  template <class Number>
  std::vector<double> Rounding(std::span<const Number> in, std::span<const Number> out,
                               Precision computed) const;
  /// What each element can lose along v where it moves, at first order or without it.
  std::vector<bounds::BentLoss> Losses(const Operand& operand, std::span<const double> v,
                                       std::size_t sample, bool with_first_order) const;

  std::vector<Curve> curves_;
};
extern template class TypedLayer<CurveLayer>;

}  // namespace dlv::progressive
