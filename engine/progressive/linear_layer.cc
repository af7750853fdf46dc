#include "engine/progressive/linear_layer.h"

#include <algorithm>
#include <cmath>

#include "engine/bounds/blas.h"
#include "engine/bounds/interval.h"
#include "engine/bounds/rounding.h"
#include "engine/progressive/direct_windows.h"
#include "engine/progressive/square_sums.h"

namespace dlv::progressive {
namespace {

using bounds::Above;
using bounds::MultiplyAdd;
using bounds::NormAbove;
using bounds::Transpose;

/// Room that a thread keeps between calls.
template <class Number>
std::vector<Number>& Scratch(std::size_t size) {
  thread_local std::vector<Number> room;
  if (room.size() < size) room.resize(size);
  return room;
}

/// Roots of the sums of squares over windows, rounded up.
void NormsOverWindows(const LinearForm& form, std::span<const double> entries,
                      std::vector<double>& squares, std::vector<double>& norms) {
  squares.resize(entries.size());
  for (std::size_t q = 0; q < entries.size(); ++q) squares[q] = Above(entries[q] * entries[q]);
  norms.resize(AsSize(form.out.positions()));
  SumsOverWindows(form.window, form.in, form.out, squares, norms);
  for (double& norm : norms) norm = bounds::RootAbove(norm);
}

constexpr double kRootOfTwo = 1.4142135623730954;  // above sqrt 2

}  // namespace

template <class Number>
void LinearLayer::ComputeWindows(const Number* centre, const Number* sample, Number* out) const {
  const std::int64_t channels = form_.group_channels(), positions = form_.out.positions();
  std::vector<Number>& matrix = Scratch<Number>(AsSize(form_.columns * positions));
  for (std::int64_t group = 0; group < form_.groups; ++group) {
    const Number* read = sample + group * channels * form_.in.positions();
    if (!form_.window.is_point()) {
      LayOut(form_.window, form_.in, form_.out, channels, read, matrix.data());
      read = matrix.data();
    }
    MultiplyAdd(Transpose::kNo, Transpose::kNo, form_.rows, positions, form_.columns,
                centre + group * form_.rows * form_.columns, form_.columns, read, positions, 0,
                out + group * form_.rows * positions, positions);
  }
}

/// In place where the machine has loops for that. Returns whether it has.
template <class Number>
bool LinearLayer::ComputeDirectly(const std::vector<Number>& in, const std::vector<Number>& centre,
                                  const std::vector<Number>& bias, SampleRange samples,
                                  std::vector<Number>& out) const {
  const std::int64_t channels = form_.group_channels();
  const auto direct =
      DirectWindows::Make(form_.window, form_.in, form_.out, channels, sizeof(Number));
  if (!direct) return false;
  std::vector<Number>& room = Scratch<Number>(AsSize(direct->room()));
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    for (std::int64_t group = 0; group < form_.groups; ++group) {
      const std::int64_t row = group * form_.rows;
      direct->Sum(
          form_.rows, centre.data() + row * form_.columns, bias.data() + row,
          in.data() + i * AsSize(form_.in.count()) + group * channels * form_.in.positions(),
          room.data(), out.data() + i * count() + row * form_.out.positions());
    }
  }
  return true;
}

template <class Number>
void LinearLayer::ComputeIn(const std::vector<Number>& in, const std::vector<Number>& centre,
                            const std::vector<Number>& bias, SampleRange samples,
                            std::vector<Number>& out) const {
  if (form_.is_full()) {
    MultiplyAdd(Transpose::kNo, Transpose::kYes, static_cast<std::int64_t>(samples.count()),
                form_.rows, form_.columns, in.data() + samples.first * AsSize(form_.columns),
                form_.columns, centre.data(), form_.columns, 0,
                out.data() + samples.first * count(), form_.rows);
  } else {
    if (ComputeDirectly(in, centre, bias, samples, out)) return;
    for (std::size_t i = samples.first; i < samples.last; ++i) {
      ComputeWindows(centre.data(), in.data() + i * AsSize(form_.in.count()),
                     out.data() + i * count());
    }
  }
  Number* at = out.data() + samples.first * count();
  const std::size_t rows = bias.size(), width = positions();
  for (std::size_t i = 0; i < samples.count() && width == 1; ++i, at += rows) {
    for (std::size_t r = 0; r < rows; ++r) at[r] += bias[r];
  }
  for (std::size_t line = 0; line < samples.count() * rows && width > 1; ++line, at += width) {
    const Number one = bias[line % rows];
    for (std::size_t p = 0; p < width; ++p) at[p] += one;
  }
}

void LinearLayer::Compute(Operands operands, SampleRange samples, Values& out) const {
  ComputeIn(*operands[0].values, weights_->centre, weights_->bias, samples, out);
}
void LinearLayer::Compute(SingleOperands operands, SampleRange samples, SingleValues& out) const {
  ComputeIn(*operands[0].values, weights_->single_centre, weights_->single_bias, samples, out);
}

/// Of a fully connected layer, or more weights than a core's second-level cache holds.
bool LinearLayer::WantsAllSamples() const {
  constexpr std::int64_t kMostWeights = 1 << 17;
  return form_.is_full() || form_.groups * form_.rows * form_.columns > kMostWeights;
}

/// `seen`: of the sample with a sketch or a stretch, or empty.
template <class Number>
void LinearLayer::FillPatches(const OperandOf<Number>& operand, std::size_t sample,
                              std::span<const double> seen, Patches& patches) const {
  const auto in_positions = form_.in.positions();
  patches.norms.resize(AsSize(in_positions));
  PositionNorms(SampleOf(*operand.values, sample, AsSize(form_.in.count())), form_.in,
                patches.norms);
  patches.whole_values = NormAbove(patches.norms);
  patches.whole_spread = operand.spread->whole[sample];
  NormsOverWindows(form_, patches.norms, patches.squares, patches.values);
  if (patches.whole_spread == 0) {
    patches.spreads.assign(positions(), 0);
  } else {
    NormsOverWindows(form_, operand.spread->Of(sample, in_positions), patches.squares,
                     patches.spreads);
    for (double& spread : patches.spreads) spread = std::min(spread, patches.whole_spread);
  }
  patches.seen = patches.values;
  patches.whole_seen = patches.whole_values;
  if (seen.empty()) return;
  patches.whole_seen = seen[0] < patches.whole_values ? seen[0] : patches.whole_values;
  patches.seen[0] = patches.whole_seen;
}

/// x = P c + r holds for the computed c, which is S^T x but for gamma_n ||S||_F ||x||.
template <class Number>
std::vector<double> LinearLayer::SeenWithSketch(const std::vector<Number>& in, std::size_t first,
                                                std::size_t samples) const {
  if (weights_->sketch == nullptr) return {};
  const Sketch& sketch = *weights_->sketch;
  const std::size_t columns = AsSize(form_.columns), rank = AsSize(sketch.rank);
  const Number* solver = nullptr;
  if constexpr (std::is_same_v<Number, float>) {
    solver = sketch.single_solver.data();
  } else {
    solver = sketch.solver.data();
  }
  const Number* const x = in.data() + first * columns;
  std::vector<Number> along(samples * rank);
  MultiplyAdd(Transpose::kNo, Transpose::kNo, static_cast<std::int64_t>(samples), sketch.rank,
              form_.columns, x, form_.columns, solver, sketch.rank, 0, along.data(), sketch.rank);
  constexpr Precision kComputed = std::is_same_v<Number, float> ? Precision::kF32 : Precision::kF64;
  const auto terms = static_cast<double>(columns) + 2;
  const double gamma = bounds::GammaAbove(terms, UnitOf(kComputed));
  const double least = 2 * terms * std::sqrt(static_cast<double>(rank)) * LeastOf(kComputed);
  const double share = Above(weights_->norm_along / weights_->norm_residual);
  std::vector<double> seen(samples), found(rank), taken(rank);
  for (std::size_t i = 0; i < samples; ++i) {
    for (std::size_t k = 0; k < rank; ++k) {
      found[k] = along[i * rank + k];
      taken[k] = -found[k];
    }
    const double length = LengthAbove(std::span<const Number>(x + i * columns, columns));
    const double off = Above(gamma * sketch.solver_norm * length + least, 3);
    seen[i] = Above(
        sketch.remainder.LengthAbove(length, found, taken, off) + share * NormAbove(found), 3);
  }
  return seen;
}

template <class Number>
std::vector<double> LinearLayer::SeenStretched(const std::vector<Number>& in, std::size_t first,
                                               std::size_t samples) const {
  const LinearWeights& w = *weights_;
  if (w.stretch == nullptr || !(w.norm_residual > 0)) return {};
  const double share = Above(w.norm_stretched / w.norm_residual);
  std::vector<double> seen;
  for (const Stretch::Reach& reach :
       w.stretch->Reaches(in.data() + first * AsSize(form_.columns), samples))
    seen.push_back(Above(share * reach.y + reach.off, 2));
  return seen;
}

template <class Number>
std::vector<double> LinearLayer::Seen(const std::vector<Number>& in, std::size_t first,
                                      std::size_t samples) const {
  return weights_->stretch != nullptr ? SeenStretched(in, first, samples)
                                      : SeenWithSketch(in, first, samples);
}

/// k products and the bias: gamma_(k+1) (sum |c x| + |b|), and what underflow takes from each. All
/// partial sums are at most (1 + gamma) (norm_absolute norm + bias_norm).
LinearLayer::RoundingTerms LinearLayer::Rounding() const {
  const auto terms = static_cast<double>(form_.columns) + 2;
  const double gamma = bounds::GammaAbove(terms, UnitOf(weights_->precision));
  const double least =
      2 * terms * std::sqrt(static_cast<double>(form_.outputs())) * LeastOf(weights_->precision);
  return {Above(gamma * weights_->norm_absolute),
          Above(gamma * weights_->bias_norm + weights_->bias_error + 2 * least, 6),
          gamma * LimitOf(weights_->precision)};
}

double LinearLayer::RoundingTerms::At(double norm) const {
  const double error = Above(share * norm + base, 2);
  return error < limit ? error : bounds::kInfinity;
}

/// W (x + d) - C x = W d + D x, with the computed x.
template <class Number>
void LinearLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                          Spread& spread) const {
  const LinearWeights& w = *weights_;
  const RoundingTerms terms = Rounding();
  const std::vector<double> seen = Seen(*operands[0].values, samples.first, samples.count());
  std::vector<double> residual(positions()), rounding(positions());
  Patches patches;
  if (spread.own.size() < samples.last) spread.own.resize(samples.last);
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const std::span<const double> all(seen);
    FillPatches(operands[0], i, all.empty() ? all : all.subspan(i - samples.first, 1), patches);
    const std::span<double> entries = spread.Of(i, extent().positions());
    for (std::size_t p = 0; p < positions(); ++p) {
      residual[p] = Above(w.norm_residual * patches.seen[p]);
      rounding[p] = terms.At(patches.values[p]);
      entries[p] = Above(w.norm_whole * patches.spreads[p] + residual[p] + rounding[p], 4);
    }
    const double by_operator = Above(w.operator_residual * patches.whole_seen);
    const double by_rows = NormAbove(residual);
    spread.own[i] =
        bounds::SumAbove(by_operator < by_rows ? by_operator : by_rows, NormAbove(rounding));
    spread.whole[i] = Above(w.operator_whole * patches.whole_spread + spread.own[i], 2);
    Tighten(spread, i, extent().positions());
  }
}

void LinearLayer::Bound(Operands operands, SampleRange samples, const Values&,
                        Spread& spread) const {
  BoundIn(operands, samples, spread);
}
void LinearLayer::Bound(SingleOperands operands, SampleRange samples, const SingleValues&,
                        Spread& spread) const {
  BoundIn(operands, samples, spread);
}

template <class Number>
ContrastLosses LinearLayer::BoundContrastsIn(const OperandOf<Number>& operand,
                                             std::size_t samples) const {
  const LinearWeights& w = *weights_;
  const RoundingTerms terms = Rounding();
  const std::size_t rows = AsSize(form_.rows), columns = AsSize(form_.columns);
  ContrastLosses losses{std::vector<double>(samples * rows, 0), std::vector<double>(samples, 0),
                        operand.spread->whole, std::vector<double>(samples)};
  const bool by_elements = w.norm_residual != 0 && !w.radius.empty();
  if (by_elements) {
    std::vector<double> magnitudes(samples * columns);
    for (std::size_t at = 0; at < magnitudes.size(); ++at)
      magnitudes[at] = std::abs(static_cast<double>((*operand.values)[at]));
    MultiplyAdd(Transpose::kNo, Transpose::kYes, static_cast<std::int64_t>(samples), form_.rows,
                form_.columns, magnitudes.data(), form_.columns, w.radius.data(), form_.columns, 0,
                losses.of_row.data(), form_.rows);
    for (double& one : losses.of_row) one = Above(one, static_cast<double>(columns) + 2);
  }
  for (std::size_t i = 0; i < samples; ++i) {
    const double norm = LengthAbove(SampleOf(*operand.values, i, columns));
    losses.of_all[i] = Above(kRootOfTwo * w.norm_residual * norm, 3);
    losses.rounding[i] = Above(kRootOfTwo * terms.At(norm));
    for (std::size_t r = 0; r < rows; ++r) {
      double& of_row = losses.of_row[i * rows + r];
      const double by_norm =
          Above((w.row_residual.empty() ? w.norm_residual : w.row_residual[r]) * norm);
      if (!by_elements || by_norm < of_row) of_row = by_norm;
    }
  }
  return losses;
}

ContrastLosses LinearLayer::BoundContrasts(const Operand& operand, std::size_t samples) const {
  return BoundContrastsIn(operand, samples);
}
ContrastLosses LinearLayer::BoundContrasts(const SingleOperand& operand,
                                           std::size_t samples) const {
  return BoundContrastsIn(operand, samples);
}

/// (W_i - W_j) x - (C_i - C_j) x' with x = x' + d: by D on x', by D on d, by C on d, by rounding.
double LinearLayer::ContrastLoss(const ContrastLosses& losses, std::size_t sample, std::size_t over,
                                 std::size_t under) const {
  const LinearWeights& w = *weights_;
  const std::size_t rows = AsSize(form_.rows);
  const double by_rows =
      bounds::SumAbove(losses.of_row[sample * rows + over], losses.of_row[sample * rows + under]);
  const double first = by_rows < losses.of_all[sample] ? by_rows : losses.of_all[sample];
  double residual = Above(kRootOfTwo * w.norm_residual);
  if (!w.row_residual.empty()) {
    const double both = bounds::SumAbove(w.row_residual[over], w.row_residual[under]);
    residual = both < residual ? both : residual;
  }
  const double moved = w.contrast_norms[over * rows + under] + residual;
  return Above(first + Above(moved * losses.spread[sample], 2) + losses.rounding[sample], 3);
}

double LinearLayer::ElementwiseLoss(std::span<const double> sample,
                                    std::span<const double> v) const {
  const std::int64_t channels = form_.group_channels(), positions = form_.out.positions();
  std::vector<double> gradient(AsSize(form_.rows * form_.columns));
  std::vector<double>& matrix = Scratch<double>(AsSize(form_.columns * positions));
  double loss = 0;
  for (std::int64_t group = 0; group < form_.groups; ++group) {
    const double* read = sample.data() + group * channels * form_.in.positions();
    if (!form_.window.is_point()) {
      LayOut(form_.window, form_.in, form_.out, channels, read, matrix.data());
      read = matrix.data();
    }
    MultiplyAdd(Transpose::kNo, Transpose::kYes, form_.rows, form_.columns, positions,
                v.data() + group * form_.rows * positions, positions, read, positions, 0,
                gradient.data(), form_.columns);
    const double* radius = weights_->radius.data() + group * form_.rows * form_.columns;
    for (std::size_t k = 0; k < gradient.size(); ++k) loss += radius[k] * std::abs(gradient[k]);
  }
  return Above(loss, static_cast<double>(gradient.size() * AsSize(form_.groups)) + 2);
}

double LinearLayer::FirstOrderLoss(std::span<const double> sample, std::span<const double> v,
                                   std::span<const double> v_norms, double v_norm,
                                   const Patches& patches) const {
  const LinearWeights& w = *weights_;
  if (w.norm_residual == 0) return 0;
  double by_positions = 0;
  for (std::size_t p = 0; p < positions(); ++p) by_positions += v_norms[p] * patches.seen[p];
  by_positions = Above(w.norm_residual * by_positions, static_cast<double>(positions()) + 3);
  const double by_operator = Above(w.operator_residual * v_norm * patches.whole_seen, 3);
  const double by_norm = by_operator < by_positions ? by_operator : by_positions;
  if (w.radius.empty()) return by_norm;
  // The gradient's own rounding: gamma of |v| |x|, weighed by the radius, whose norm is at most
  // that of its elements.
  const double rounding = Above(bounds::GammaAbove(static_cast<double>(positions()) + 1) *
                                    w.radius_norm * v_norm * NormAbove(patches.values),
                                6);
  const double by_elements = bounds::SumAbove(ElementwiseLoss(sample, v), rounding);
  return by_elements < by_norm ? by_elements : by_norm;
}

void LinearLayer::PullWindows(std::span<const double> v, std::span<double> pulled) const {
  const std::int64_t channels = form_.group_channels(), positions = form_.out.positions();
  std::vector<double>& matrix = Scratch<double>(AsSize(form_.columns * positions));
  std::ranges::fill(pulled, 0);
  for (std::int64_t group = 0; group < form_.groups; ++group) {
    double* to = pulled.data() + group * channels * form_.in.positions();
    const bool direct = form_.window.is_point();
    MultiplyAdd(Transpose::kYes, Transpose::kNo, form_.columns, positions, form_.rows,
                weights_->centre.data() + group * form_.rows * form_.columns, form_.columns,
                v.data() + group * form_.rows * positions, positions, 0,
                direct ? to : matrix.data(), positions);
    if (!direct) AddBack(form_.window, form_.in, form_.out, channels, matrix.data(), to);
  }
}

void LinearLayer::Pull(Operands operands, const Values&, const Spread&, std::span<const double> v,
                       Backward& backward, std::span<const std::span<double>> pulled) const {
  const LinearWeights& w = *weights_;
  const std::size_t sample = backward.sample;
  Patches patches;
  FillPatches(operands[0], sample, Seen(*operands[0].values, sample, 1), patches);
  const RoundingTerms terms_of_rounding = Rounding();
  std::vector<double> v_norms(positions());
  PositionNorms(v, extent(), v_norms);
  const double v_norm = NormAbove(v_norms);
  double by_positions = 0, rounding = 0;
  for (std::size_t p = 0; p < positions(); ++p) {
    by_positions += v_norms[p] * patches.spreads[p];
    rounding +=
        v_norms[p] * Above(terms_of_rounding.share * patches.values[p] + terms_of_rounding.base, 2);
  }
  const auto terms = static_cast<double>(positions()) + 3;
  by_positions = Above(w.norm_residual * by_positions, terms);
  const double by_operator = Above(w.operator_residual * v_norm * patches.whole_spread, 3);
  const double second = by_operator < by_positions ? by_operator : by_positions;
  // Of what is pulled: sums of rows * overlap products, against the spread of what is read.
  const auto overlap = static_cast<double>(form_.window.Overlap());
  const double gamma = bounds::GammaAbove(static_cast<double>(form_.rows) * overlap + 1);
  const double least = std::sqrt(static_cast<double>(form_.in.count())) *
                       static_cast<double>(form_.rows) * overlap *
                       std::numeric_limits<double>::denorm_min();
  const double pulling = Above(
      (gamma * std::sqrt(overlap) * w.norm_absolute * v_norm + 2 * least) * patches.whole_spread,
      8);
  const auto read = SampleOf(*operands[0].values, sample, AsSize(form_.in.count()));
  backward.loss = Above(backward.loss + FirstOrderLoss(read, v, v_norms, v_norm, patches) + second +
                            Above(rounding, terms) + pulling,
                        6);
  PullWindows(v, pulled[0]);
}

void LinearLayer::Widen(Operands operands, std::span<const std::vector<double>> radii,
                        std::size_t sample, std::span<const double>,
                        std::span<double> radius) const {
  const auto x = SampleOf(*operands[0].values, sample, AsSize(form_.in.count()));
  const std::int64_t channels = form_.group_channels(), positions = form_.out.positions();
  const std::size_t laid = AsSize(form_.columns * positions);
  std::vector<double> values(laid), spreads(laid);
  for (std::int64_t group = 0; group < form_.groups; ++group) {
    const std::int64_t first = group * channels * form_.in.positions();
    LayOut(form_.window, form_.in, form_.out, channels, x.data() + first, values.data());
    LayOut(form_.window, form_.in, form_.out, channels, radii[0].data() + first, spreads.data());
    const std::int64_t row = group * form_.rows;
    const double* unread =
        weights_->radius.empty() ? nullptr : weights_->radius.data() + row * form_.columns;
    bounds::IntervalRadiusAbove(
        {form_.rows, form_.columns, weights_->centre.data() + row * form_.columns, unread},
        Transpose::kNo, positions, values.data(), spreads.data(), weights_->bias.data() + row,
        radius.data() + row * positions);
  }
  for (double& one : radius) one = bounds::SumAbove(one, weights_->bias_error);
}

}  // namespace dlv::progressive
