#pragma once
/// \file
/// A factor and a summand for each channel, known exactly but for rounding: normalisations that
/// stand behind no linear layer, and what is folded into one.

#include <vector>

#include "engine/progressive/layer.h"

namespace dlv::progressive {

/// x -> factor x + summand, per channel; the true numbers differ by at most the errors.
struct Affine {
  std::vector<double> factor, factor_error, summand, summand_error;

  static Affine Identity(std::int64_t channels);
  /// Makes it `second` behind itself.
  void Append(const Affine& second);
};

class AffineLayer : public TypedLayer<AffineLayer> {
 public:
  AffineLayer(std::string name, std::uint32_t read, Extent extent, Affine affine);

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
  const Affine& affine() const { return affine_; }

 private:
  /// At least what rounding and the errors do to a position with channels of this norm.
  double Error(double norm, Precision computed) const;
  Affine affine_;
  double greatest_factor_ = 0;  ///< error included
  double greatest_error_ = 0, summand_norm_ = 0, summand_error_norm_ = 0;
};
extern template class TypedLayer<AffineLayer>;

}  // namespace dlv::progressive
