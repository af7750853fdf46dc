#include "engine/progressive/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

using bounds::Above;
using bounds::kUnit;

namespace {

using Jet = Curve::Jet;

Jet TanhJet(double x, double, double) {
  const double y = std::tanh(x), slope = (1 - y) * (1 + y);
  return {y, slope, -2 * y * slope};
}

/// s, 1 - s of s = 1 / (1 + exp(-x)), both to a few units of themselves.
struct Shares {
  double s = 0, rest = 0;
};
Shares SharesAt(double x) {
  const double e = std::exp(-std::abs(x)), greater = 1 / (1 + e), less = e / (1 + e);
  return x >= 0 ? Shares{greater, less} : Shares{less, greater};
}

Jet SigmoidJet(double x, double, double) {
  const auto [s, rest] = SharesAt(x);
  return {s, s * rest, s * rest * (rest - s)};
}

Jet SoftplusJet(double x, double, double) {
  const auto [s, rest] = SharesAt(x);
  return {std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))), s, s * rest};
}

Jet SoftsignJet(double x, double, double) {
  const double share = 1 / (1 + std::abs(x));
  return {x / (1 + std::abs(x)), share * share, (x > 0 ? -2 : 2) * share * share * share};
}

/// x^2 of a greater x is of no use: exp(-x^2) is 0 there.
double Square(double x) { return std::min(std::abs(x), 1e3) * std::min(std::abs(x), 1e3); }

Jet ErfJet(double x, double, double) {
  const double slope = 2 * std::numbers::inv_sqrtpi * std::exp(-Square(x));
  return {std::erf(x), slope, -2 * std::clamp(x, -1e3, 1e3) * slope};
}

/// scale x (1 + erf(rate x)).
Jet ErfGateJet(double x, double rate, double scale) {
  const double t = std::clamp(rate * x, -1e3, 1e3), share = scale * (1 + std::erf(rate * x));
  const double density = 2 * scale * std::numbers::inv_sqrtpi * std::exp(-Square(t));
  return {x * share, share + t * density, rate * density * (2 - 2 * Square(t))};
}

Jet SiluJet(double x, double, double) {
  const auto [s, rest] = SharesAt(x);
  const double bounded = std::clamp(x, -1e3, 1e3);  // beyond s or its rest is 0
  return {x * s, s + bounded * (s * rest), s * rest * (2 + bounded * (rest - s))};
}

Jet PReluJet(double x, double slope, double) {
  return x > 0 ? Jet{x, 1, 0} : Jet{slope * x, slope, 0};
}

Jet EluJet(double x, double alpha, double) {
  if (x > 0) return {x, 1, 0};
  const double bend = alpha * std::exp(x);
  return {alpha * std::expm1(x), bend, bend};
}

Jet SeluJet(double x, double alpha, double gamma) {
  if (x > 0) return {gamma * x, gamma, 0};
  const double bend = gamma * (alpha * std::exp(x));
  return {gamma * (alpha * std::expm1(x)), bend, bend};
}

Jet CeluJet(double x, double alpha, double) {
  if (x > 0) return {x, 1, 0};
  const double slope = std::exp(x / alpha);
  return {alpha * std::expm1(x / alpha), slope, slope / alpha};
}

Jet HardSigmoidJet(double x, double alpha, double beta) {
  const double y = alpha * x + beta;
  if (y <= 0) return {0, 0, 0};
  return y >= 1 ? Jet{1, 0, 0} : Jet{y, alpha, 0};
}

Jet HardSwishJet(double x, double alpha, double beta) {
  const double share = alpha * x + beta;
  if (share <= 0) return {0, 0, 0};
  return share >= 1 ? Jet{x, 1, 0} : Jet{x * share, share + alpha * x, 2 * alpha};
}

bool IsUsable(double number) { return std::isfinite(number) && std::abs(number) < 1e6; }

}  // namespace

void Curve::TurnsAt(double at) {
  for (const double place : {-at, at}) {
    const Jet there = At(place);
    turns_.push_back({place, there.slope, there.bend, 0x1p-48 * at});
  }
}

void Curve::Breaks(double at, double off, const Jet& left, const Jet& right) {
  for (const Jet& one : {left, right}) {
    turns_.push_back({at, one.slope, one.bend, off});
    slack_ = std::max({slack_, 0x1p-45 * std::abs(one.slope), 0x1p-45 * std::abs(one.bend)});
  }
  if (left.slope != right.slope) kinks_.push_back({at, right.slope - left.slope, off});
  // Where a place is taken for one of the other side the slope is wrong for so long.
  errors_.least += 2 * off * std::abs(right.slope - left.slope);
}

// Of exp, expm1, log1p, tanh and erf 4 units of the last place are counted, 8 u; with the roundings
// around them that makes what values are off (docs/progressive.md, "Curves").

Curve Curve::Tanh() {
  Curve curve(TanhJet, {10, 0, 0}, true);
  curve.TurnsAt(0);
  curve.TurnsAt(std::atanh(1 / std::numbers::sqrt3));
  return curve;
}

Curve Curve::Sigmoid() {
  Curve curve(SigmoidJet, {16, 0, 0}, true);
  curve.TurnsAt(0);
  curve.TurnsAt(2 * std::atanh(1 / std::numbers::sqrt3));
  return curve;
}

Curve Curve::Softplus() {
  Curve curve(SoftplusJet, {20, 0, 0}, true);
  curve.TurnsAt(0);
  return curve;
}

Curve Curve::Softsign() {
  Curve curve(SoftsignJet, {3, 0, 0}, true);
  curve.Breaks(0, 0, {0, 1, 2}, {0, 1, -2});
  return curve;
}

Curve Curve::Erf() {
  Curve curve(ErfJet, {10, 0, 0}, true);
  curve.TurnsAt(0);
  curve.TurnsAt(1 / std::numbers::sqrt2);
  return curve;
}

/// The argument of erf may be off by 6 u of itself, which moves erf by 3 u; 8 u and 2 more are its
/// own and the sum's.
std::optional<Curve> Curve::ErfGate(double rate, double scale) {
  if (!(rate > 1e-3 && rate < 1e3 && scale > 1e-3 && scale < 1e3)) return std::nullopt;
  Curve curve(ErfGateJet, {3, 14 * scale, 0}, false, rate, scale);
  curve.slack_ *= std::max({1.0, 2 * scale, 4 * scale * rate});
  curve.TurnsAt(0);
  curve.TurnsAt(1 / rate);
  curve.TurnsAt(std::numbers::sqrt2 / rate);
  return curve;
}

Curve Curve::Gelu() { return *ErfGate(1 / std::numbers::sqrt2, 0.5); }

bool Curve::is_error_function() const { return function_ == ErfJet; }

Curve Curve::Silu() {
  Curve curve(SiluJet, {20, 0, 0}, false);
  curve.TurnsAt(0);
  curve.TurnsAt(2.399357280515468);  // x t = 2, t = tanh(x / 2)
  curve.TurnsAt(3.435840993535111);  // x (3 t^2 - 1) = 6 t
  return curve;
}

std::optional<Curve> Curve::PRelu(double slope) {
  if (!IsUsable(slope)) return std::nullopt;
  Curve curve(PReluJet, {2, 0, 0}, slope >= 0, slope);
  curve.Breaks(0, 0, {0, slope, 0}, {0, 1, 0});
  return curve;
}

std::optional<Curve> Curve::Elu(double alpha) {
  if (!IsUsable(alpha)) return std::nullopt;
  Curve curve(EluJet, {12, 0, 0}, alpha >= 0, alpha);
  curve.Breaks(0, 0, {0, alpha, alpha}, {0, 1, 0});
  return curve;
}

std::optional<Curve> Curve::Selu(double alpha, double gamma) {
  if (!IsUsable(alpha) || !IsUsable(gamma)) return std::nullopt;
  Curve curve(SeluJet, {14, 0, 0}, alpha >= 0 && gamma >= 0, alpha, gamma);
  const double left = gamma * alpha;
  curve.Breaks(0, 0, {0, left, left}, {0, gamma, 0});
  return curve;
}

std::optional<Curve> Curve::Celu(double alpha) {
  if (!IsUsable(alpha) || !(alpha > 1e-6)) return std::nullopt;
  Curve curve(CeluJet, {14, 0, 0}, true, alpha);
  curve.Breaks(0, 0, {0, 1, 1 / alpha}, {0, 1, 0});
  return curve;
}

namespace {

/// How far the ends of alpha x + beta between 0 and 1 may be from the computed ones.
double EndsOff(double alpha, double beta) { return 0x1p-48 * (1 + std::abs(beta)) / alpha; }

}  // namespace

std::optional<Curve> Curve::HardSigmoid(double alpha, double beta) {
  if (!IsUsable(alpha) || !IsUsable(beta) || !(alpha > 1e-6)) return std::nullopt;
  const double low = -beta / alpha, high = (1 - beta) / alpha, off = EndsOff(alpha, beta);
  Curve curve(HardSigmoidJet, {0, 3 * alpha, 2 * kUnit * std::abs(beta)}, true, alpha, beta);
  curve.Breaks(low, off, {0, 0, 0}, {0, alpha, 0});
  curve.Breaks(high, off, {0, alpha, 0}, {0, 0, 0});
  return curve;
}

std::optional<Curve> Curve::HardSwish(double alpha, double beta) {
  if (!IsUsable(alpha) || !IsUsable(beta) || !(alpha > 1e-6)) return std::nullopt;
  const double low = -beta / alpha, high = (1 - beta) / alpha, off = EndsOff(alpha, beta);
  Curve curve(HardSwishJet, {2, 8 + 6 * std::abs(beta), 0}, false, alpha, beta);
  curve.Breaks(low, off, {0, 0, 0}, {0, -beta, 2 * alpha});
  curve.Breaks(high, off, {0, 2 - beta, 2 * alpha}, {0, 1, 0});
  return curve;
}

std::optional<Curve> Curve::TimesX() const {
  if (function_ == SigmoidJet) return Silu();
  if (function_ == HardSigmoidJet) return HardSwish(alpha_, beta_);
  return std::nullopt;
}

double Curve::ErrorAbove(double x, double y) const {
  const double rounding = kUnit * (errors_.relative * std::abs(y) + errors_.of_x * std::abs(x));
  return Above(rounding + errors_.least, 8);
}

double Curve::AwayBelow(const Kink& kink, double x) {
  return std::max(0.0, (std::abs(x - kink.at) - kink.off) * (1 - 8 * kUnit));
}

/// Between turns both only rise or only fall, so that ends and turns have the least and greatest.
Curve::Stretch Curve::Between(double low, double high) const {
  const Jet first = At(low), last = At(high);
  Stretch found{std::min(first.slope, last.slope),
                std::max(first.slope, last.slope),
                std::min(first.bend, last.bend),
                std::max(first.bend, last.bend),
                first.value,
                last.value};
  for (const Turn& turn : turns_) {
    if (turn.at + turn.off < low || turn.at - turn.off > high) continue;
    found.least_slope = std::min(found.least_slope, turn.slope);
    found.greatest_slope = std::max(found.greatest_slope, turn.slope);
    found.least_bend = std::min(found.least_bend, turn.bend);
    found.greatest_bend = std::max(found.greatest_bend, turn.bend);
  }
  found.least_slope -= slack_;
  found.least_bend -= slack_;
  found.greatest_slope += slack_;
  found.greatest_bend += slack_;
  return found;
}

}  // namespace dlv::progressive
