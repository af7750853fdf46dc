#pragma once
/// \file
/// The product of two values, element by element: gates.

#include <vector>

#include "engine/progressive/layer.h"

namespace dlv::progressive {

/// The second operand has the extent of the first, or one number a channel.
class ProductLayer : public TypedLayer<ProductLayer> {
 public:
  ProductLayer(std::string name, std::uint32_t first, std::uint32_t second, Extent extent,
               bool by_channel)
      : TypedLayer(std::move(name), {first, second}, extent), by_channel_(by_channel) {}

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
  std::size_t GateOf(std::size_t element) const {
    return by_channel_ ? element / positions() : element;
  }
  std::size_t gates() const { return by_channel_ ? count() / positions() : count(); }
  template <class Number>
  std::vector<double> Rounding(std::span<const Number> out, Precision computed) const;

  bool by_channel_;
};
extern template class TypedLayer<ProductLayer>;

}  // namespace dlv::progressive
