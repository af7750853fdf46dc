#include "engine/progressive/pool_layer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/bounds/dual.h"
#include "engine/bounds/rounding.h"

namespace dlv::progressive {

using bounds::Above;

template <class Number>
void MaxPoolLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                             std::vector<Number>& out) const {
  const auto in_positions = static_cast<std::size_t>(in_.positions());
  const auto channels = static_cast<std::size_t>(extent().channels);
  const std::int64_t stride = window_.stride_width;
  for (std::size_t plane = samples.first * channels; plane < samples.last * channels; ++plane) {
    const Number* const in = operands[0].values->data() + plane * in_positions;
    Number* const to = out.data() + plane * positions();
    std::fill_n(to, positions(), -std::numeric_limits<Number>::infinity());
    ForEachRun(window_, in_, extent(), [&](std::int64_t at, std::int64_t from, std::int64_t n) {
      for (std::int64_t k = 0; k < n; ++k) {
        const Number here = to[at + k], one = in[from + k * stride];
        to[at + k] = one <= here || here != here ? here : one;  // NaN gets in and stays
      }
    });
    for (std::size_t p = 0; p < positions(); ++p) {
      if (std::isinf(to[p]))
        to[p] = std::numeric_limits<Number>::quiet_NaN();  // no tap, or too great
    }
  }
}

/// A window's greatest element moves by no more than some element of it did, so that in each
/// channel the square is at most the sum of the window's; and one element is in at most Overlap()
/// windows. Nothing is rounded.
template <class Number>
void MaxPoolLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                           const std::vector<Number>&, Spread& spread) const {
  const double overlap = bounds::RootAbove(static_cast<double>(window_.Overlap()));
  std::vector<double> squares(static_cast<std::size_t>(in_.positions()));
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const std::span<const double> in = operands[0].spread->Of(i, in_.positions());
    const std::span<double> entries = spread.Of(i, extent().positions());
    for (std::size_t q = 0; q < squares.size(); ++q) squares[q] = Above(in[q] * in[q]);
    SumsOverWindows(window_, in_, extent(), squares, entries);
    for (double& entry : entries) entry = bounds::RootAbove(entry);
    spread.whole[i] = bounds::ProductAbove(overlap, operands[0].spread->whole[i]);
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<MaxPoolLayer>;

/// At first order the window's greatest element x*. Another one, behind by a gap g, can overtake it
/// by d_j - d_* - g at most: with d = (d_j - d_*) / sqrt 2, whose norm over all windows is at most
/// sqrt(overlap) that of the spread, sqrt 2 (d - g / sqrt 2)+, where d <= (e_j + e_*) / sqrt 2.
/// Of each window the least gap counts, with the greatest e_j. A greater maximum only helps where
/// v > 0.
void MaxPoolLayer::Pull(Operands operands, const Values&, const Spread&, std::span<const double> v,
                        Backward& backward, std::span<const std::span<double>> pulled) const {
  const auto in_positions = static_cast<std::size_t>(in_.positions());
  const std::span<const double> moved = operands[0].spread->Of(backward.sample, in_.positions());
  const auto sample =
      SampleOf(*operands[0].values, backward.sample, static_cast<std::size_t>(in_.count()));
  std::ranges::fill(pulled[0], 0);
  constexpr double kHalfRoot = 0.70710678118654757;  // above 1 / sqrt 2
  constexpr double kRoot = 1.4142135623730954;       // above sqrt 2
  constexpr double kHalfRootBelow = 0.70710678118654746;
  std::vector<double> u, a, e;
  struct Best {
    double first, second, greatest_moved;
    std::size_t at;
  };
  std::vector<Best> best(positions());
  for (std::int64_t channel = 0; channel < in_.channels; ++channel) {
    const double* in = sample.data() + static_cast<std::size_t>(channel) * in_positions;
    const double* direction = v.data() + static_cast<std::size_t>(channel) * positions();
    double* to = pulled[0].data() + static_cast<std::size_t>(channel) * in_positions;
    constexpr double kNothing = -std::numeric_limits<double>::infinity();
    std::ranges::fill(best, Best{kNothing, kNothing, 0, 0});
    ForEachTap(window_, in_, extent(), [&](std::size_t position, std::size_t, std::size_t from) {
      Best& one = best[position];
      one.greatest_moved = std::max(one.greatest_moved, moved[from]);
      if (in[from] > one.first) {
        one.second = one.first;
        one.first = in[from];
        one.at = from;
      } else if (in[from] > one.second) {
        one.second = in[from];
      }
    });
    for (std::size_t p = 0; p < positions(); ++p) {
      const Best& one = best[p];
      to[one.at] += direction[p];
      if (!(direction[p] < 0) || one.second == kNothing) continue;
      const double gap = (one.first - one.second) * kHalfRootBelow * (1 - 8 * bounds::kUnit);
      const double most = Above(kHalfRoot * (one.greatest_moved + moved[one.at]), 2);
      if (most <= gap) continue;
      u.push_back(Above(-direction[p] * kRoot));
      a.push_back(gap);
      e.push_back(most);
    }
  }
  const double overlap = bounds::RootAbove(static_cast<double>(window_.Overlap()));
  const double whole = operands[0].spread->whole[backward.sample];
  double loss = bounds::OneSidedRemainderAbove(u, a, e, bounds::ProductAbove(overlap, whole));
  // Adding up what several windows pull to one position.
  if (window_.Overlap() > 1) {
    const double gamma = bounds::GammaAbove(static_cast<double>(window_.Overlap()));
    loss = Above(loss + gamma * overlap * bounds::NormAbove(v) * whole, 4);
  }
  backward.loss = bounds::SumAbove(backward.loss, loss);
}

MeanPoolLayer::MeanPoolLayer(std::string name, std::uint32_t read, Extent in, Extent out,
                             Window window, std::vector<double> divisors)
    : TypedLayer(std::move(name), {read}, out),
      in_(in),
      window_(window),
      divisors_(std::move(divisors)),
      least_divisor_(*std::ranges::min_element(divisors_)) {}

/// Sums in f64, whatever they are stored in.
template <class Number>
void MeanPoolLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                              std::vector<Number>& out) const {
  const auto in_positions = static_cast<std::size_t>(in_.positions());
  const auto channels = static_cast<std::size_t>(extent().channels);
  const std::int64_t stride = window_.stride_width;
  std::vector<double> sums(positions());
  for (std::size_t plane = samples.first * channels; plane < samples.last * channels; ++plane) {
    const Number* const in = operands[0].values->data() + plane * in_positions;
    Number* const to = out.data() + plane * positions();
    std::ranges::fill(sums, 0);
    ForEachRun(window_, in_, extent(), [&](std::int64_t at, std::int64_t from, std::int64_t n) {
      double* const sum = sums.data() + at;
      for (std::int64_t k = 0; k < n; ++k) sum[k] += in[from + k * stride];
    });
    for (std::size_t p = 0; p < positions(); ++p)
      to[p] = static_cast<Number>(sums[p] / divisors_[p]);
  }
}

template <class Number>
std::vector<double> MeanPoolLayer::Rounding(const OperandOf<Number>& operand,
                                            const std::vector<Number>& out,
                                            std::size_t sample) const {
  std::vector<double> norms(static_cast<std::size_t>(in_.positions())), sums(positions());
  std::vector<double> stored(positions(), 0);
  PositionNorms(SampleOf(*operand.values, sample, static_cast<std::size_t>(in_.count())), in_,
                norms);
  SumsOverWindows(window_, in_, extent(), norms, sums);
  if (operand.computed == Precision::kF32)
    PositionNorms(SampleOf(out, sample, count()), extent(), stored);
  const double gamma = bounds::GammaAbove(static_cast<double>(window_.size()) + 1);
  const double least =
      static_cast<double>(in_.channels) * std::numeric_limits<double>::denorm_min();
  for (std::size_t p = 0; p < positions(); ++p) {
    const double storing = StoringError(stored[p], in_.channels, operand.computed);
    sums[p] = Above(gamma * sums[p] / divisors_[p] + least + storing, 4);
  }
  return sums;
}

/// The norm of a mean is at most the mean of the norms. Of all positions together: by the
/// inequality of Cauchy and Schwarz the square of a position is at most size / divisor^2 times the
/// sum of the window's squares, and one position is in at most Overlap() windows.
template <class Number>
void MeanPoolLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                            const std::vector<Number>& out, Spread& spread) const {
  const double share =
      bounds::RootAbove(static_cast<double>(window_.Overlap() * window_.size())) / least_divisor_;
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const std::span<const double> in = operands[0].spread->Of(i, in_.positions());
    const std::span<double> entries = spread.Of(i, extent().positions());
    const std::vector<double> rounding = Rounding(operands[0], out, i);
    SumsOverWindows(window_, in_, extent(), in, entries);
    for (std::size_t p = 0; p < positions(); ++p)
      entries[p] = Above(entries[p] / divisors_[p] + rounding[p], 2);
    spread.whole[i] = Above(share * operands[0].spread->whole[i] + bounds::NormAbove(rounding), 4);
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<MeanPoolLayer>;

void MeanPoolLayer::Pull(Operands operands, const Values& out, const Spread&,
                         std::span<const double> v, Backward& backward,
                         std::span<const std::span<double>> pulled) const {
  const auto in_positions = static_cast<std::size_t>(in_.positions());
  const std::vector<double> rounding = Rounding(operands[0], out, backward.sample);
  std::vector<double> v_norms(positions());
  PositionNorms(v, extent(), v_norms);
  std::ranges::fill(pulled[0], 0);
  for (std::int64_t channel = 0; channel < in_.channels; ++channel) {
    const double* direction = v.data() + static_cast<std::size_t>(channel) * positions();
    double* to = pulled[0].data() + static_cast<std::size_t>(channel) * in_positions;
    ForEachTap(window_, in_, extent(), [&](std::size_t position, std::size_t, std::size_t from) {
      to[from] += direction[position] / divisors_[position];
    });
  }
  double loss = 0;
  for (std::size_t p = 0; p < positions(); ++p) loss += v_norms[p] * rounding[p];
  const auto terms = static_cast<double>(positions()) + 2;
  const double share =
      bounds::RootAbove(static_cast<double>(window_.Overlap() * window_.size())) / least_divisor_;
  const double gamma = bounds::GammaAbove(static_cast<double>(window_.Overlap()) + 1);
  const double pulling = Above(
      gamma * share * bounds::NormAbove(v_norms) * operands[0].spread->whole[backward.sample], 6);
  backward.loss = Above(backward.loss + Above(loss, terms) + pulling, 3);
}

/// The true maximum lies between that of the lower and that of the upper ends.
void MaxPoolLayer::Widen(Operands operands, std::span<const std::vector<double>> radii,
                         std::size_t sample, std::span<const double> out,
                         std::span<double> radius) const {
  const auto x = SampleOf(*operands[0].values, sample, AsSize(in_.count()));
  const std::size_t in_positions = AsSize(in_.positions());
  constexpr double kNothing = -std::numeric_limits<double>::infinity();
  std::vector<double> upper(positions()), lower(positions());
  for (std::size_t channel = 0; channel < AsSize(in_.channels); ++channel) {
    std::ranges::fill(upper, kNothing);
    std::ranges::fill(lower, kNothing);
    ForEachTap(window_, in_, extent(), [&](std::size_t position, std::size_t, std::size_t from) {
      const std::size_t at = channel * in_positions + from;
      if (!(x[at] + radii[0][at] <= upper[position])) upper[position] = x[at] + radii[0][at];
      if (!(x[at] - radii[0][at] <= lower[position])) lower[position] = x[at] - radii[0][at];
    });
    for (std::size_t p = 0; p < positions(); ++p) {
      const std::size_t at = channel * positions() + p;
      const double up = upper[p] - out[at], down = out[at] - lower[p];
      const double size = std::abs(upper[p]) + std::abs(lower[p]) + std::abs(out[at]);
      radius[at] = Above((up > down || std::isnan(up) ? up : down) + 4 * bounds::kUnit * size, 4);
    }
  }
}

void MeanPoolLayer::Widen(Operands operands, std::span<const std::vector<double>> radii,
                          std::size_t sample, std::span<const double>,
                          std::span<double> radius) const {
  const auto x = SampleOf(*operands[0].values, sample, AsSize(in_.count()));
  const std::size_t in_positions = AsSize(in_.positions());
  const double gamma = bounds::GammaAbove(static_cast<double>(window_.size()) + 1);
  std::ranges::fill(radius, 0);
  for (std::size_t channel = 0; channel < AsSize(in_.channels); ++channel) {
    ForEachTap(window_, in_, extent(), [&](std::size_t position, std::size_t, std::size_t from) {
      const std::size_t at = channel * in_positions + from;
      radius[channel * positions() + position] += radii[0][at] + gamma * std::abs(x[at]);
    });
  }
  for (std::size_t at = 0; at < radius.size(); ++at)
    radius[at] = Above(radius[at] / divisors_[at % positions()],
                       2 * static_cast<double>(window_.size()) + 3);
}

}  // namespace dlv::progressive
