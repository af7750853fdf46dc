#include "engine/progressive/affine_layer.h"

#include <algorithm>
#include <cmath>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

using bounds::Above;
using bounds::kUnit;

Affine Affine::Identity(std::int64_t channels) {
  const auto size = static_cast<std::size_t>(channels);
  return {std::vector<double>(size, 1), std::vector<double>(size, 0), std::vector<double>(size, 0),
          std::vector<double>(size, 0)};
}

void Affine::Append(const Affine& second) {
  constexpr double kLeast = std::numeric_limits<double>::denorm_min();
  for (std::size_t c = 0; c < factor.size(); ++c) {
    const double f = std::abs(second.factor[c]), e = second.factor_error[c];
    // (f' + e')(f + e) and (f' + e')(s + d) + s' + d', with the roundings of product and sum.
    const bool dead = (f == 0 && e == 0) || (factor[c] == 0 && factor_error[c] == 0);  // exactly
    const double product = second.factor[c] * factor[c];
    factor_error[c] = Above(f * factor_error[c] + e * std::abs(factor[c]) + e * factor_error[c] +
                                2 * kUnit * std::abs(product) + kLeast,
                            6);
    const double shifted = second.factor[c] * summand[c];
    const double sum = shifted + second.summand[c];
    summand_error[c] = Above(f * summand_error[c] + e * std::abs(summand[c]) +
                                 e * summand_error[c] + second.summand_error[c] +
                                 2 * kUnit * (std::abs(shifted) + std::abs(sum)) + 2 * kLeast,
                             8);
    if (dead) factor_error[c] = 0;
    factor[c] = product;
    summand[c] = sum;
  }
}

AffineLayer::AffineLayer(std::string name, std::uint32_t read, Extent extent, Affine affine)
    : TypedLayer(std::move(name), {read}, extent), affine_(std::move(affine)) {
  for (std::size_t c = 0; c < affine_.factor.size(); ++c) {
    const double factor = std::abs(affine_.factor[c]);
    // NaN and infinity stay: `greatest` is not taken back by a comparison that fails.
    const double whole = Above(factor + affine_.factor_error[c]);
    if (!(whole <= greatest_factor_)) greatest_factor_ = whole;
    if (!(affine_.factor_error[c] <= greatest_error_)) greatest_error_ = affine_.factor_error[c];
  }
  summand_norm_ = bounds::NormAbove(affine_.summand);
  summand_error_norm_ = bounds::NormAbove(affine_.summand_error);
}

/// In f64, whatever it is stored in.
template <class Number>
void AffineLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                            std::vector<Number>& out) const {
  const Number* in = operands[0].values->data() + samples.first * count();
  Number* to = out.data() + samples.first * count();
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    for (std::size_t c = 0; c < affine_.factor.size(); ++c) {
      for (std::size_t p = 0; p < positions(); ++p)
        *to++ = static_cast<Number>(affine_.factor[c] * *in++ + affine_.summand[c]);
    }
  }
}

double AffineLayer::Error(double norm, Precision computed) const {
  const double result = greatest_factor_ * norm + summand_norm_;
  const double rounding = 2.5 * kUnit * result;
  const double least =
      static_cast<double>(affine_.factor.size()) * std::numeric_limits<double>::denorm_min();
  // What is stored is off by a unit of the number before; twice that covers all roundings here.
  const double storing = 2 * StoringError(result, extent().channels, computed);
  return Above(rounding + greatest_error_ * norm + summand_error_norm_ + least + storing, 8);
}

template <class Number>
void AffineLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                          const std::vector<Number>&, Spread& spread) const {
  std::vector<double> norms(positions());
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    PositionNorms(SampleOf(*operands[0].values, i, count()), extent(), norms);
    const std::span<const double> in = operands[0].spread->Of(i, extent().positions());
    const std::span<double> entries = spread.Of(i, extent().positions());
    for (double& norm : norms) norm = Error(norm, operands[0].computed);
    for (std::size_t p = 0; p < positions(); ++p)
      entries[p] = Above(greatest_factor_ * in[p] + norms[p], 2);
    spread.whole[i] =
        Above(greatest_factor_ * operands[0].spread->whole[i] + bounds::NormAbove(norms), 2);
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<AffineLayer>;

void AffineLayer::Pull(Operands operands, const Values&, const Spread&, std::span<const double> v,
                       Backward& backward, std::span<const std::span<double>> pulled) const {
  std::vector<double> norms(positions()), v_norms(positions());
  PositionNorms(SampleOf(*operands[0].values, backward.sample, count()), extent(), norms);
  PositionNorms(v, extent(), v_norms);
  const std::span<const double> in = operands[0].spread->Of(backward.sample, extent().positions());
  double loss = 0;
  for (std::size_t p = 0; p < positions(); ++p) {
    // The factor's error and the rounding of what is pulled act on the spread.
    const double on_spread = (greatest_error_ + 2 * kUnit * greatest_factor_) * in[p];
    loss += v_norms[p] * Above(Error(norms[p], operands[0].computed) + on_spread, 4);
  }
  backward.loss = Above(backward.loss + Above(loss, static_cast<double>(positions()) + 2));
  for (std::size_t at = 0; at < v.size(); ++at)
    pulled[0][at] = affine_.factor[at / positions()] * v[at];
}

void AffineLayer::Widen(Operands operands, std::span<const std::vector<double>> radii,
                        std::size_t sample, std::span<const double>,
                        std::span<double> radius) const {
  const auto x = SampleOf(*operands[0].values, sample, count());
  for (std::size_t at = 0; at < radius.size(); ++at) {
    const std::size_t c = at / positions();
    const double factor = Above(std::abs(affine_.factor[c]) + affine_.factor_error[c]);
    const double rounding = 2.5 * kUnit * (factor * std::abs(x[at]) + std::abs(affine_.summand[c]));
    radius[at] = Above(factor * radii[0][at] + affine_.factor_error[c] * std::abs(x[at]) +
                           affine_.summand_error[c] + rounding,
                       8);
  }
}

}  // namespace dlv::progressive
