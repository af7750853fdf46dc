#pragma once
/// \file
/// Layers that are linear in what they read, with weights that are known to some bits only:
/// convolutions and fully connected layers, with what is folded into them.

#include <memory>
#include <vector>

#include "engine/progressive/layer.h"
#include "engine/progressive/stretch.h"
#include "engine/progressive/window.h"

namespace dlv::progressive {

/// How a weight acts: `groups` matrices of `rows` outputs by `columns` = input channels of the
/// group times taps of the window. A fully connected layer has one position and a window of 1.
struct LinearForm {
  std::int64_t groups = 1, rows = 0, columns = 0;
  Window window;
  Extent in, out;

  std::int64_t outputs() const { return groups * rows; }
  std::int64_t group_channels() const { return in.channels / groups; }
  bool is_full() const { return in.positions() == 1 && window.is_point() && groups == 1; }
};

/// Directions P, [columns][rank], along which a fully connected layer's inputs mostly lie.
struct Sketch {
  std::int64_t rank = 0;
  std::vector<double> directions;  ///< P, floats
  /// About P (P^T P)^-1, in the size of P: with c = solver^T x, P c is near x. Any is sound.
  std::vector<double> solver;
  std::vector<float> single_solver;  ///< the same numbers
  double norm = 0, solver_norm = 0;  ///< of P and of the solver, in the Frobenius norm
  Remainder remainder;               ///< of P
};

/// The weights as far as they are known: true weights W = C + D with D not read. All norms are
/// rounded up; with groups they are the greatest over the groups, which are blocks of one matrix.
struct LinearWeights {
  Precision precision = Precision::kF64;  ///< in which outputs are computed
  std::vector<double> centre;             ///< C: [groups * rows][columns]
  /// Centre and bias once more, the same numbers; empty in f64.
  std::vector<float> single_centre, single_bias;
  std::vector<double> radius;    ///< at least |D|, each element; empty: the norms alone
  double radius_norm = 0;        ///< Frobenius norm of `radius`
  std::vector<double> bias;      ///< [groups * rows], as computed
  double bias_norm = 0;          ///< of `bias`
  double bias_error = 0;         ///< norm of what the true bias differs by
  double norm_whole = 0;         ///< ||W||_2
  double norm_absolute = 0;      ///< || |C| ||_2
  double norm_residual = 0;      ///< ||D||_2
  double operator_whole = 0;     ///< of the map by W, all positions together
  double operator_residual = 0;  ///< of the map by D
  /// Where C has part of D added along P (docs/progressive.md, "Sketches"); else null.
  std::shared_ptr<const Sketch> sketch;
  double norm_along = 0;  ///< ||D P||_2, of what is left of D
  /// Other coordinates of the input, x = B y; null: none.
  std::shared_ptr<const Stretch> stretch;
  double norm_stretched = 0;         ///< ||D B||_2
  std::vector<double> row_residual;  ///< norms of the rows of D; empty where they are not known
  /// ||C_i - C_j|| of each two rows, [rows][rows]: of the layer that makes the scores.
  std::vector<double> contrast_norms;
};

/// What contrasts of the outputs of some samples can lose, at most (LinearLayer::BoundContrasts).
struct ContrastLosses {
  std::vector<double>
      of_row;  ///< [samples][rows] by D on the computed input, as far as elements tell
  std::vector<double> of_all;    ///< [samples] the same of any two rows, by ||D||
  std::vector<double> spread;    ///< [samples] of the input
  std::vector<double> rounding;  ///< [samples] of any two rows
};

class LinearLayer : public Layer {
 public:
  LinearLayer(std::string name, std::uint32_t read, LinearForm form)
      : Layer(std::move(name), {read}, form.out), form_(std::move(form)) {}

  const LinearForm& form() const { return form_; }
  const LinearWeights& weights() const { return *weights_; }
  /// Takes the weights for the passes that follow; none may be running.
  void SetWeights(std::shared_ptr<const LinearWeights> weights) { weights_ = std::move(weights); }

  void Compute(Operands operands, SampleRange samples, Values& out) const override;
  void Compute(SingleOperands operands, SampleRange samples, SingleValues& out) const override;
  bool WantsAllSamples() const override;
  void Bound(Operands operands, SampleRange samples, const Values& out,
             Spread& spread) const override;
  void Bound(SingleOperands operands, SampleRange samples, const SingleValues& out,
             Spread& spread) const override;
  void Pull(Operands operands, const Values& out, const Spread& spread, std::span<const double> v,
            Backward& backward, std::span<const std::span<double>> pulled) const override;
  void Widen(Operands operands, std::span<const std::vector<double>> radii, std::size_t sample,
             std::span<const double> out, std::span<double> radius) const override;

  /// Whether contrasts of the outputs can be bounded all at once.
  bool HasContrasts() const { return !weights_->contrast_norms.empty(); }
  ContrastLosses BoundContrasts(const Operand& operand, std::size_t samples) const;
  ContrastLosses BoundContrasts(const SingleOperand& operand, std::size_t samples) const;
  /// Returns at least how far the true difference of two outputs may be below the computed one.
  double ContrastLoss(const ContrastLosses& losses, std::size_t sample, std::size_t over,
                      std::size_t under) const;

 private:
  /// Norms over what each output position reads, of one sample.
  struct Patches {
    std::vector<double> values, spreads;  ///< [positions] of the computed input, of its spread
    double whole_values = 0, whole_spread = 0;
    /// [positions] and of all: ||D x|| <= ||D|| times this. The norm of x, or less with a sketch.
    std::vector<double> seen;
    double whole_seen = 0;
    std::vector<double> norms, squares;  ///< room
  };
  template <class Number>
  void FillPatches(const OperandOf<Number>& operand, std::size_t sample,
                   std::span<const double> seen, Patches& patches) const;
  /// With x = P c + r for c = solver^T x: ||D x|| <= ||D|| ||r|| + ||D P|| ||c||, for samples from
  /// `first` on. Empty where there is no sketch.
  template <class Number>
  std::vector<double> SeenWithSketch(const std::vector<Number>& in, std::size_t first,
                                     std::size_t samples) const;
  /// The same with a stretch: ||D x|| <= ||D B|| ||y||.
  template <class Number>
  std::vector<double> SeenStretched(const std::vector<Number>& in, std::size_t first,
                                    std::size_t samples) const;
  /// Either, or nothing.
  template <class Number>
  std::vector<double> Seen(const std::vector<Number>& in, std::size_t first,
                           std::size_t samples) const;
  /// At least what rounding did to the outputs at a position that read `norm`: `share` norm +
  /// `base`.
  struct RoundingTerms {
    double share = 0, base = 0;
    double limit = 0;  ///< beyond it a sum may have overflowed
    double At(double norm) const;
  };
  RoundingTerms Rounding() const;
  /// At least |<D, sum over positions of v_p x_p^T>|.
  double FirstOrderLoss(std::span<const double> sample, std::span<const double> v,
                        std::span<const double> v_norms, double v_norm,
                        const Patches& patches) const;
  double ElementwiseLoss(std::span<const double> sample, std::span<const double> v) const;
  template <class Number>
  void ComputeIn(const std::vector<Number>& in, const std::vector<Number>& centre,
                 const std::vector<Number>& bias, SampleRange samples,
                 std::vector<Number>& out) const;
  template <class Number>
  bool ComputeDirectly(const std::vector<Number>& in, const std::vector<Number>& centre,
                       const std::vector<Number>& bias, SampleRange samples,
                       std::vector<Number>& out) const;
  template <class Number>
  void ComputeWindows(const Number* centre, const Number* sample, Number* out) const;
  template <class Number>
  void BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
               Spread& spread) const;
  template <class Number>
  ContrastLosses BoundContrastsIn(const OperandOf<Number>& operand, std::size_t samples) const;
  void PullWindows(std::span<const double> v, std::span<double> pulled) const;

  LinearForm form_;
  std::shared_ptr<const LinearWeights> weights_;
};

}  // namespace dlv::progressive
