#pragma once
/// \file
/// Greatest and mean of windows.

#include "engine/progressive/layer.h"
#include "engine/progressive/window.h"

namespace dlv::progressive {

/// Taps outside the input do not take part.
class MaxPoolLayer : public TypedLayer<MaxPoolLayer> {
 public:
  MaxPoolLayer(std::string name, std::uint32_t read, Extent in, Extent out, Window window)
      : TypedLayer(std::move(name), {read}, out), in_(in), window_(window) {}

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

 private:
  Extent in_;
  Window window_;
};
extern template class TypedLayer<MaxPoolLayer>;

/// `divisors`: by what each position's sum is divided (the window's size, or the taps inside).
class MeanPoolLayer : public TypedLayer<MeanPoolLayer> {
 public:
  MeanPoolLayer(std::string name, std::uint32_t read, Extent in, Extent out, Window window,
                std::vector<double> divisors);

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

 private:
  /// At least what rounding did to each position.
  template <class Number>
  std::vector<double> Rounding(const OperandOf<Number>& operand, const std::vector<Number>& out,
                               std::size_t sample) const;
  Extent in_;
  Window window_;
  std::vector<double> divisors_;
  double least_divisor_;
};
extern template class TypedLayer<MeanPoolLayer>;

}  // namespace dlv::progressive
