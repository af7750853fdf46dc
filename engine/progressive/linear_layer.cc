#include "engine/progressive/linear_layer.h"

#include <algorithm>
#include <cmath>

#include "engine/bounds/blas.h"
#include "engine/bounds/interval.h"
#include "engine/bounds/rounding.h"

namespace dlv::progressive {
namespace {

using bounds::Above;
using bounds::MultiplyAdd;
using bounds::NormAbove;
using bounds::Transpose;

/// Room that a thread keeps between calls.
std::vector<double>& Scratch(std::size_t size) {
  thread_local std::vector<double> room;
  if (room.size() < size) room.resize(size);
  return room;
}

}  // namespace

void LinearLayer::ComputeFull(const Values& in, std::size_t samples, Values& out) const {
  MultiplyAdd(Transpose::kNo, Transpose::kYes, static_cast<std::int64_t>(samples), form_.rows,
              form_.columns, in.data(), form_.columns, weights_->centre.data(), form_.columns, 0,
              out.data(), form_.rows);
}

void LinearLayer::ComputeWindows(const double* sample, double* out) const {
  const std::int64_t channels = form_.group_channels(), positions = form_.out.positions();
  std::vector<double>& matrix = Scratch(AsSize(form_.columns * positions));
  for (std::int64_t group = 0; group < form_.groups; ++group) {
    const double* read = sample + group * channels * form_.in.positions();
    if (!form_.window.is_point()) {
      LayOut(form_.window, form_.in, form_.out, channels, read, matrix.data());
      read = matrix.data();
    }
    MultiplyAdd(Transpose::kNo, Transpose::kNo, form_.rows, positions, form_.columns,
                weights_->centre.data() + group * form_.rows * form_.columns, form_.columns, read,
                positions, 0, out + group * form_.rows * positions, positions);
  }
}

void LinearLayer::Compute(std::span<const Operand> operands, std::size_t samples,
                          Values& out) const {
  const Values& in = *operands[0].values;
  if (form_.is_full()) {
    ComputeFull(in, samples, out);
  } else {
    for (std::size_t i = 0; i < samples; ++i)
      ComputeWindows(in.data() + i * AsSize(form_.in.count()), out.data() + i * count());
  }
  double* at = out.data();
  for (std::size_t i = 0; i < samples; ++i) {
    for (const double bias : weights_->bias) {
      for (std::size_t p = 0; p < positions(); ++p) *at++ += bias;
    }
  }
}

LinearLayer::Patches LinearLayer::PatchesOf(const Operand& operand, std::size_t sample) const {
  const auto in_positions = form_.in.positions();
  Patches patches;
  std::vector<double> norms(AsSize(in_positions));
  PositionNorms(SampleOf(*operand.values, sample, AsSize(form_.in.count())), form_.in, norms);
  const std::span<const double> spreads = operand.spread->Of(sample, in_positions);
  patches.whole_values = NormAbove(norms);
  patches.whole_spread = operand.spread->whole[sample];
  const auto over_windows = [&](std::span<const double> entries) {
    std::vector<double> squares(entries.begin(), entries.end()), sums(positions());
    for (double& square : squares) square = Above(square * square);
    SumsOverWindows(form_.window, form_.in, form_.out, squares, sums);
    for (double& sum : sums) sum = bounds::RootAbove(sum);
    return sums;
  };
  patches.values = over_windows(norms);
  patches.spreads = over_windows(spreads);
  for (double& spread : patches.spreads) spread = std::min(spread, patches.whole_spread);
  patches.seen = patches.values;
  patches.whole_seen = patches.whole_values;
  if (weights_->sketch != nullptr) {
    const auto x = SampleOf(*operand.values, sample, AsSize(form_.in.count()));
    patches.whole_seen = SeenWithSketch(x, patches.whole_values);
    patches.seen[0] = patches.whole_seen;
  }
  return patches;
}

double LinearLayer::SeenWithSketch(std::span<const double> x, double norm) const {
  const Sketch& sketch = *weights_->sketch;
  std::vector<double> along(AsSize(sketch.rank)), rest(x.begin(), x.end());
  MultiplyAdd(Transpose::kYes, Transpose::kNo, sketch.rank, 1, form_.columns,
              sketch.directions.data(), sketch.rank, x.data(), 1, 0, along.data(), 1);
  std::vector<double> negative(along);
  for (double& one : negative) one = -one;
  MultiplyAdd(Transpose::kNo, Transpose::kNo, form_.columns, 1, sketch.rank,
              sketch.directions.data(), sketch.rank, negative.data(), 1, 1, rest.data(), 1);
  // x = P c + r holds for the computed c; r is off by the rounding of its sums.
  const double along_norm = NormAbove(along);
  const double gamma = bounds::GammaAbove(static_cast<double>(sketch.rank) + 2);
  const double rest_norm = Above(NormAbove(rest) + gamma * (norm + sketch.norm * along_norm), 5);
  const double seen =
      Above(rest_norm + weights_->norm_along / weights_->norm_residual * along_norm, 4);
  return seen < norm ? seen : norm;
}

double LinearLayer::Rounding(double norm) const {
  const auto terms = static_cast<double>(form_.columns) + 2;
  const double gamma = bounds::GammaAbove(terms);
  const double least = terms * std::sqrt(static_cast<double>(form_.outputs())) *
                       std::numeric_limits<double>::denorm_min();
  return Above(gamma * (weights_->norm_absolute * norm + weights_->bias_norm) +
                   weights_->bias_error + 2 * least,
               6);
}

void LinearLayer::Bound(std::span<const Operand> operands, std::size_t samples, const Values&,
                        Spread& spread) const {
  const LinearWeights& w = *weights_;
  std::vector<double> residual(positions()), rounding(positions());
  for (std::size_t i = 0; i < samples; ++i) {
    const Patches patches = PatchesOf(operands[0], i);
    const std::span<double> entries = spread.Of(i, extent().positions());
    for (std::size_t p = 0; p < positions(); ++p) {
      residual[p] = Above(w.norm_residual * (patches.seen[p] + patches.spreads[p]), 2);
      rounding[p] = Rounding(patches.values[p]);
      entries[p] = Above(w.norm_centre * patches.spreads[p] + residual[p] + rounding[p], 4);
    }
    const double by_operator =
        Above(w.operator_residual * (patches.whole_seen + patches.whole_spread), 2);
    const double by_rows = NormAbove(residual);
    spread.whole[i] =
        Above(w.operator_centre * patches.whole_spread +
                  (by_operator < by_rows ? by_operator : by_rows) + NormAbove(rounding),
              4);
    Tighten(spread, i, extent().positions());
  }
}

double LinearLayer::ElementwiseLoss(std::span<const double> sample,
                                    std::span<const double> v) const {
  const std::int64_t channels = form_.group_channels(), positions = form_.out.positions();
  std::vector<double> gradient(AsSize(form_.rows * form_.columns));
  std::vector<double>& matrix = Scratch(AsSize(form_.columns * positions));
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
  std::vector<double>& matrix = Scratch(AsSize(form_.columns * positions));
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

void LinearLayer::Pull(std::span<const Operand> operands, const Values&, const Spread&,
                       std::span<const double> v, Backward& backward,
                       std::span<const std::span<double>> pulled) const {
  const LinearWeights& w = *weights_;
  const std::size_t sample = backward.sample;
  const Patches patches = PatchesOf(operands[0], sample);
  std::vector<double> v_norms(positions());
  PositionNorms(v, extent(), v_norms);
  const double v_norm = NormAbove(v_norms);
  double by_positions = 0, rounding = 0;
  for (std::size_t p = 0; p < positions(); ++p) {
    by_positions += v_norms[p] * patches.spreads[p];
    rounding += v_norms[p] * Rounding(patches.values[p]);
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

void LinearLayer::Widen(std::span<const Operand> operands,
                        std::span<const std::vector<double>> radii, std::size_t sample,
                        std::span<const double>, std::span<double> radius) const {
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
