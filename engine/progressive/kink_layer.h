#pragma once
/// \file
/// Piecewise linear functions of each element: Relu, LeakyRelu, Clip.

#include <vector>

#include "engine/progressive/layer.h"

namespace dlv::progressive {

/// f with slope `first_slope` up to the first kink; f(kinks[0].at) = `first_value`. At each kink
/// the slope becomes another. Kinks ascend; at most one raises the slope and at most one lowers it.
struct Kinks {
  struct Kink {
    double at = 0, slope = 0;  ///< the slope behind it
  };
  double first_slope = 0, first_value = 0;
  std::vector<Kink> kinks;

  static Kinks Relu() { return {0, 0, {{0, 1}}}; }
  static Kinks LeakyRelu(double alpha) { return {alpha, 0, {{0, 1}}}; }
  static Kinks Clip(double least, double greatest) {
    return {0, least, {{least, 1}, {greatest, 0}}};
  }
};

class KinkLayer : public TypedLayer<KinkLayer> {
 public:
  KinkLayer(std::string name, std::uint32_t read, Extent extent, Kinks kinks);

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
  /// Whether results are not rounded; then all slopes are 0 or 1.
  bool IsExact() const { return !rounds_; }
  double Cut(Operands operands, std::span<const double> v, std::size_t sample,
             double room) const override;

 private:
  double At(double x) const;
  double SlopeAt(double x) const;
  bool IsRelu() const;
  /// The sum of Supremum over all elements. `moved`: [positions].
  double SumOfSuprema(std::span<const double> x, std::span<const double> v,
                      std::span<const double> moved, double lambda) const;
  /// At least sup over |d| <= moved of v (f(x) - f(x + d)) - lambda d^2.
  double Supremum(double x, double v, double moved, double lambda) const;
  double Least() const;
  /// Bounds each position's spread by that of its elements: those that stay where the slope is 0 do
  /// not move.
  template <class Number>
  void ElementsBounds(std::span<const Number> in, std::span<const double> spreads,
                      std::span<double> norms) const;
  /// At least what rounding did, to channels with norms `before` and `after` this layer.
  double Rounding(double before, double after, std::int64_t channels, Precision computed) const;

  Kinks kinks_;
  double greatest_slope_ = 0;
  bool rounds_ = false;  ///< some slope is neither 0 nor 1, or a kink is no f32
};
extern template class TypedLayer<KinkLayer>;

}  // namespace dlv::progressive
