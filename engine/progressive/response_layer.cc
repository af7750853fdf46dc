#include "engine/progressive/response_layer.h"

#include <algorithm>
#include <cmath>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

using bounds::Above;
using bounds::kInfinity;
using bounds::kUnit;

namespace {

/// At most a positive number that so many roundings in a row gave.
double Below(double computed, double operations) {
  return computed * (1 - (operations + 2) * (2 * kUnit));
}

}  // namespace

bool Response::IsUsable() const {
  return size >= 1 && around() <= (std::int64_t{1} << 20) && share >= 0 && share < 1e100 &&
         beta >= 0 && beta < 64 && bias > 1e-100 && bias < 1e100;
}

/// The sum of around() squares, its share and the bias make around() + 4 roundings, each of which
/// the power takes beta times; 4 units of the last place are counted for the power itself.
ResponseLayer::ResponseLayer(std::string name, std::uint32_t read, Extent extent,
                             const Response& response)
    : TypedLayer(std::move(name), {read}, extent), response_(response) {
  const auto around = static_cast<double>(response_.around());
  window_.height = window_.width = response_.size;
  window_.pad_top = window_.pad_left = (response_.size - 1) / 2;
  const std::int64_t others = response_.within ? extent.positions() : extent.channels;
  root_overlap_ = bounds::RootAbove(static_cast<double>(std::min(response_.around(), others)));
  relative_error_ = Above((response_.beta * (around + 6) + 12) * kUnit, 4);
}

template <class Function>
void ResponseLayer::ForEachPair(Function&& function) const {
  const std::int64_t channels = extent().channels, plane = extent().positions();
  if (response_.within) {
    for (std::size_t first = 0; first < count(); first += positions()) {
      ForEachTap(window_, extent(), extent(), [&](std::size_t at, std::size_t, std::size_t from) {
        function(first + at, first + from);
      });
    }
    return;
  }
  for (std::int64_t c = 0; c < channels; ++c) {
    const std::int64_t first = std::max<std::int64_t>(c - (response_.size - 1) / 2, 0);
    const std::int64_t last = std::min(c + std::min(response_.size / 2, channels), channels - 1);
    for (std::int64_t other = first; other <= last; ++other) {
      for (std::int64_t p = 0; p < plane; ++p)
        function(AsSize(c * plane + p), AsSize(other * plane + p));
    }
  }
}

template <class Number>
std::vector<double> ResponseLayer::SquaresAround(std::span<const Number> x) const {
  std::vector<double> sums(x.size(), 0);
  ForEachPair([&](std::size_t element, std::size_t other) {
    const double one = x[other];
    sums[element] += one * one;
  });
  return sums;
}

/// In f64, whatever it is stored in.
template <class Number>
void ResponseLayer::ComputeIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                              std::vector<Number>& out) const {
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const auto x = SampleOf(*operands[0].values, i, count());
    const auto to = SampleOf(out, i, count());
    const std::vector<double> squares = SquaresAround(x);
    for (std::size_t at = 0; at < to.size(); ++at) {
      const double scale = response_.bias + response_.share * squares[at];
      to[at] = static_cast<Number>(x[at] / std::pow(scale, response_.beta));
    }
  }
}

/// s is from bias + share least^2 to bias + share greatest^2. Element j around i has the derivative
/// -2 beta share z_i z_j s^(-beta - 1) besides; the row of it has at most the norm 2 beta s^-beta
/// times share |z_i| ||z|| / s, where share |z_i| ||z|| <= share ||z||^2 = s - bias, too.
ResponseLayer::Row ResponseLayer::RowAt(double x, double squares, double reach) const {
  const Response& own = response_;
  const double all = static_cast<double>(own.around()) + 4, size = std::abs(x);
  const double norm = Above(std::sqrt(squares), all), greatest = Above(norm + reach);
  const double least = std::max(0.0, Below(std::sqrt(squares), all) - greatest * 4 * kUnit - reach);
  const double high = Above(own.bias + own.share * greatest * greatest, 6);
  const double low = Below(own.bias + own.share * least * least, 6);
  if (!(high < 1e300) || !(size + reach < kInfinity))
    return {kInfinity, kInfinity, kInfinity, kInfinity};
  const double most = Above(std::pow(low, -own.beta), 8),
               fewest = Below(std::pow(high, -own.beta), 8);
  const double twice = Above(2 * own.beta * own.share, 3), moved = Above(size + reach);
  const double by_ends = Above(own.share * moved * greatest / low, 6);
  const double by_all = Above(own.share * greatest * greatest / high, 16);
  Row row;
  row.self = most;
  row.others = Above(2 * own.beta * most * std::min(by_ends, by_all), 4);
  row.self_change = Above(std::max(0.0, most - fewest));
  // Of b = twice x s^(-beta - 1), and of z in b z.
  const double upper = Above(most / low), lower = Below(fewest / high, 2);
  const double of_b = Above(reach * upper + size * (upper - lower), 4);
  const double change = Above(twice * (of_b * norm + moved * upper * reach), 8);
  row.others_change = std::min(change, Above(2 * row.others));
  return row;
}

std::vector<double> ResponseLayer::Reaches(std::span<const double> spreads, double whole) const {
  std::vector<double> reaches(spreads.begin(), spreads.end());
  if (!response_.within) return reaches;
  std::vector<double> squares(spreads.size());
  for (std::size_t p = 0; p < squares.size(); ++p) squares[p] = Above(spreads[p] * spreads[p]);
  SumsOverWindows(window_, extent(), extent(), squares, reaches);
  for (double& reach : reaches) {
    reach = bounds::RootAbove(reach);
    if (whole < reach) reach = whole;
  }
  return reaches;
}

template <class Number>
std::vector<double> ResponseLayer::Rounding(std::span<const Number> out, Precision computed) const {
  std::vector<double> errors(positions());
  PositionNorms(out, extent(), errors);
  for (double& error : errors) {
    const double storing = StoringError(error, extent().channels, computed);
    error = Above(2 * relative_error_ * error + storing + 0x1p-1000, 4);
  }
  return errors;
}

/// |y_i(x + d) - y_i(x)| <= self |d_i| + others ||d around i||, by the mean of the derivative
/// between them; an element is around at most so many others, so that of all together the root
/// comes in.
template <class Number>
void ResponseLayer::BoundIn(std::span<const OperandOf<Number>> operands, SampleRange samples,
                            const std::vector<Number>& out, Spread& spread) const {
  std::vector<double> self(positions()), others(positions());
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const auto x = SampleOf(*operands[0].values, i, count());
    const std::span<const double> in = operands[0].spread->Of(i, extent().positions());
    const std::span<double> entries = spread.Of(i, extent().positions());
    const double whole = operands[0].spread->whole[i];
    const std::vector<double> squares = SquaresAround(x), reaches = Reaches(in, whole);
    const auto rounding = Rounding(SampleOf(out, i, count()), operands[0].computed);
    std::ranges::fill(self, 0);
    std::ranges::fill(others, 0);
    for (std::size_t at = 0; at < x.size(); ++at) {
      const std::size_t p = at % positions();
      const Row row = RowAt(x[at], squares[at], reaches[p]);
      if (!(row.self <= self[p])) self[p] = row.self;
      if (!(row.others <= others[p])) others[p] = row.others;
    }
    double steepest = 0;
    for (std::size_t p = 0; p < positions(); ++p) {
      entries[p] = Above(self[p] * in[p] + others[p] * Together(reaches[p]) + rounding[p], 6);
      const double all = self[p] + others[p] * root_overlap_;
      if (!(all <= steepest)) steepest = all;
    }
    spread.whole[i] = Above(steepest * whole + bounds::NormAbove(rounding), 6);
    Tighten(spread, i, extent().positions());
  }
}

template class TypedLayer<ResponseLayer>;

/// Along the derivative at x; what the derivative can change on the way is lost, element by
/// element, and so is the rounding of it: `relative_error_` and a few more of each term.
void ResponseLayer::Pull(Operands operands, const Values& out, const Spread&,
                         std::span<const double> v, Backward& backward,
                         std::span<const std::span<double>> pulled) const {
  const auto x = SampleOf(*operands[0].values, backward.sample, count());
  const std::span<const double> in = operands[0].spread->Of(backward.sample, extent().positions());
  const double whole = operands[0].spread->whole[backward.sample];
  const std::vector<double> squares = SquaresAround(x), reaches = Reaches(in, whole);
  std::vector<double> along(x.size()), self(x.size()), others(x.size());
  double steepest = 0;
  for (std::size_t at = 0; at < x.size(); ++at) {
    const Row row = RowAt(x[at], squares[at], reaches[at % positions()]);
    const double scale = response_.bias + response_.share * squares[at];
    const double factor = std::pow(scale, -response_.beta) * v[at];
    pulled[0][at] = factor;
    along[at] = 2 * response_.beta * response_.share * x[at] * factor / scale;
    self[at] = Above(std::abs(v[at]) * row.self_change);
    others[at] = Above(std::abs(v[at]) * row.others_change);
    const double all = row.self + row.others * root_overlap_;
    if (!(all <= steepest)) steepest = all;
  }
  ForEachPair([&](std::size_t element, std::size_t other) {
    pulled[0][other] -= x[other] * along[element];
  });
  std::vector<double> self_norms(positions()), others_norms(positions()), v_norms(positions());
  PositionNorms(self, extent(), self_norms);
  PositionNorms(others, extent(), others_norms);
  PositionNorms(v, extent(), v_norms);
  const auto rounding = Rounding(SampleOf(out, backward.sample, count()), operands[0].computed);
  double changed = 0, rounded = 0;
  for (std::size_t p = 0; p < positions(); ++p) {
    changed += self_norms[p] * in[p] + others_norms[p] * Together(reaches[p]);
    rounded += v_norms[p] * rounding[p];
  }
  const auto terms = static_cast<double>(positions()) + 8;
  changed = Above(changed, terms);
  const double by_whole =
      Above((bounds::NormAbove(self) + bounds::NormAbove(others) * root_overlap_) * whole, 6);
  if (by_whole < changed) changed = by_whole;
  const double pulling =
      (2 * relative_error_ + (static_cast<double>(response_.around()) + 16) * kUnit) * steepest *
      bounds::NormAbove(v) * whole;
  backward.loss = Above(backward.loss + changed + Above(rounded, terms) + Above(pulling, 16), 4);
}

void ResponseLayer::Widen(Operands operands, std::span<const std::vector<double>> radii,
                          std::size_t sample, std::span<const double> out,
                          std::span<double> radius) const {
  const auto x = SampleOf(*operands[0].values, sample, count());
  const std::vector<double> squares = SquaresAround(x);
  const std::vector<double> moved = SquaresAround(std::span<const double>(radii[0]));
  const auto around = static_cast<double>(response_.around());
  for (std::size_t at = 0; at < radius.size(); ++at) {
    const double reach = bounds::RootAbove(Above(moved[at], around + 1));
    const Row row = RowAt(x[at], squares[at], reach);
    radius[at] = Above(row.self * radii[0][at] + row.others * reach +
                           2 * relative_error_ * std::abs(out[at]) + 0x1p-1000,
                       8);
  }
}

}  // namespace dlv::progressive
