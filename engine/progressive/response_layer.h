#pragma once
/// \file
/// Local response normalisation, across channels or within them.

#include <vector>

#include "engine/progressive/layer.h"
#include "engine/progressive/window.h"

namespace dlv::progressive {

/// y = x / (bias + share * the sum of x^2 over the elements around)^beta. Around: of the same
/// position, channels c - (size - 1) / 2 to c + size / 2; or, within a channel, the square of an
/// odd size.
struct Response {
  std::int64_t size = 5;
  bool within = false;
  double share = 0;  ///< off by a rounding at most
  double beta = 0.75, bias = 1;

  std::int64_t around() const { return within ? size * size : size; }
  /// Whether the rule holds: no number is so great or small that something could overflow early.
  bool IsUsable() const;
};

class ResponseLayer : public TypedLayer<ResponseLayer> {
 public:
  ResponseLayer(std::string name, std::uint32_t read, Extent extent, const Response& response);

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
  /// Between x and x + d, where the elements around move by at most `reach` in norm, row i of the
  /// derivative is a diagonal element of at most `self` and, over the elements around, a row with a
  /// norm of at most `others`; they differ from those at x by at most the changes.
  struct Row {
    double self = 0, others = 0, self_change = 0, others_change = 0;
  };
  Row RowAt(double x, double squares, double reach) const;
  /// Calls `function(element, other)` for every element and each that is around it.
  template <class Function>
  void ForEachPair(Function&& function) const;
  /// The sum of squares around each element.
  template <class Number>
  std::vector<double> SquaresAround(std::span<const Number> x) const;
  /// At least how far the elements around each position's move, in the norm.
  std::vector<double> Reaches(std::span<const double> spreads, double whole) const;
  /// At least the root of what Reaches counts for all channels of a position together.
  double Together(double reach) const { return response_.within ? reach : reach * root_overlap_; }
  template <class Number>
  std::vector<double> Rounding(std::span<const Number> out, Precision computed) const;

  Response response_;
  Window window_;              ///< of `within`
  double root_overlap_ = 0;    ///< at least the root of how many elements one is around of
  double relative_error_ = 0;  ///< of a result, and of s^-beta
};
extern template class TypedLayer<ResponseLayer>;

}  // namespace dlv::progressive
