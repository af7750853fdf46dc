#pragma once
/// \file
/// The functions of each element that have a rule, in numbers of 113 bits.

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "engine/progressive/curve.h"
#include "tests/unit/engine/bounds/oracle.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::progressive::truth {

using bounds::oracle::Magnitude;
using bounds::oracle::Quad;
using bounds::oracle::Root;

/// exp(x) - 1 for |x| < 1/2: Taylor.
inline Quad SmallExpMinusOne(Quad x) {
  Quad sum = 0, term = 1;
  for (int n = 1; n < 40; ++n) {
    term *= x / Quad(n);
    sum += term;
  }
  return sum;
}

/// exp(k ln 2 + r) = 2^k exp(r); 0 where it is below 2^-3000.
inline Quad Exp(Quad x) {
  if (x < Quad(-2000)) return 0;
  const Quad ln2 =
      Quad(0x1.62e42fefa39efp-1) + Quad(0x1.abc9e3b39803fp-56) + Quad(0x1.7b57a079a1934p-111);
  const double k = std::nearbyint(static_cast<double>(x / ln2));
  Quad value = 1 + SmallExpMinusOne(x - Quad(k) * ln2);
  for (int i = 0; i < std::abs(static_cast<int>(k)); ++i) value *= k > 0 ? Quad(2) : Quad(0.5);
  return value;
}
inline Quad ExpMinusOne(Quad x) {
  return Magnitude(x) < Quad(0.5) ? SmallExpMinusOne(x) : Exp(x) - 1;
}
/// ln(1 + y) of 0 <= y <= 1: Newton's method.
inline Quad LogOnePlus(Quad y) {
  Quad value = std::log1p(static_cast<double>(y));
  for (int i = 0; i < 3; ++i) value += (y - ExpMinusOne(value)) * Exp(-value);
  return value;
}
inline Quad Tanh(Quad x) {
  if (Magnitude(x) > Quad(100)) return x < 0 ? -1 : 1;
  const Quad e = ExpMinusOne(2 * x);
  return e / (e + 2);
}
inline Quad Sigmoid(Quad x) {
  const Quad e = Exp(-Magnitude(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}
inline Quad Pi() {
  return Quad(3.141592653589793116e+00) + Quad(1.224646799147353207e-16) -
         Quad(2.994769809718339666e-33);
}
/// 2 / sqrt(pi) exp(-x^2) times the sum of 2^n x^(2n + 1) / (1 3 5 ... (2n + 1)), all of one sign.
inline Quad Erf(Quad x) {
  if (Magnitude(x) > Quad(9)) return x < 0 ? -1 : 1;
  Quad sum = 0, term = x;
  for (int n = 0; n < 400 && Magnitude(term) > Magnitude(sum) * Quad(1e-36); ++n) {
    sum += term;
    term *= 2 * x * x / Quad(2 * n + 3);
  }
  return 2 / Root(Pi()) * Exp(-x * x) * sum;
}
inline Quad Share(Quad y) { return y < 0 ? Quad(0) : y > 1 ? Quad(1) : y; }

/// An operator, its attributes, its curve and the truth.
struct Function {
  std::string op;
  network::Builder::Attributes attributes;
  Curve curve;
  std::function<Quad(Quad)> truth;
};

inline std::vector<Function> Functions() {
  const double alpha = static_cast<double>(0.7F), steep = static_cast<double>(0.2F);
  const double selu_alpha = 1.67326319217681884765625, selu_gamma = 1.05070102214813232421875;
  const auto elu = [](Quad scale, Quad x) { return x < 0 ? scale * ExpMinusOne(x) : x; };
  return {
      {"Tanh", {}, Curve::Tanh(), Tanh},
      {"Sigmoid", {}, Curve::Sigmoid(), Sigmoid},
      {"Softplus",
       {},
       Curve::Softplus(),
       [](Quad x) { return (x < 0 ? Quad(0) : x) + LogOnePlus(Exp(-Magnitude(x))); }},
      {"Softsign", {}, Curve::Softsign(), [](Quad x) { return x / (1 + Magnitude(x)); }},
      {"Erf", {}, Curve::Erf(), Erf},
      {"Gelu", {}, Curve::Gelu(), [](Quad x) { return x * (1 + Erf(x / Root(Quad(2)))) / 2; }},
      {"Elu", {}, *Curve::Elu(1), [elu](Quad x) { return elu(1, x); }},
      {"Elu", {{"alpha", alpha}}, *Curve::Elu(alpha), [=](Quad x) { return elu(Quad(alpha), x); }},
      {"Celu",
       {{"alpha", alpha}},
       *Curve::Celu(alpha),
       [=](Quad x) { return x < 0 ? Quad(alpha) * ExpMinusOne(x / Quad(alpha)) : x; }},
      {"Selu",
       {},
       *Curve::Selu(selu_alpha, selu_gamma),
       [=](Quad x) { return Quad(selu_gamma) * elu(Quad(selu_alpha), x); }},
      {"HardSigmoid",
       {},
       *Curve::HardSigmoid(steep, 0.5),
       [=](Quad x) { return Share(Quad(steep) * x + Quad(0.5)); }},
      {"HardSwish",
       {},
       *Curve::HardSwish(1.0 / 6, 0.5),
       [](Quad x) { return x * Share(x / 6 + Quad(0.5)); }},
  };
}

/// Curves that no operator has alone.
inline std::vector<Function> FunctionsOfOtherNodes() {
  const double steep = static_cast<double>(0.3F), off = static_cast<double>(0.9F);
  return {
      {"Silu", {}, Curve::Silu(), [](Quad x) { return x * Sigmoid(x); }},
      {"ErfGate",
       {},
       *Curve::ErfGate(off, 1),
       [=](Quad x) { return x * (1 + Erf(Quad(off) * x)); }},
      {"HardSwish",
       {},
       *Curve::HardSwish(steep, off),
       [=](Quad x) { return x * Share(Quad(steep) * x + Quad(off)); }},
      {"PRelu", {}, *Curve::PRelu(-0.25), [](Quad x) { return x < 0 ? Quad(-0.25) * x : x; }},
      {"PRelu", {}, *Curve::PRelu(1.5), [](Quad x) { return x < 0 ? Quad(1.5) * x : x; }},
  };
}

}  // namespace dlv::progressive::truth
