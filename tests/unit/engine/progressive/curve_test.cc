// Curves against numbers of 113 bits: values within their errors, slopes and bends within what is
// said of an interval.

#include "engine/progressive/curve.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/engine/progressive/functions.h"

namespace dlv::progressive {
namespace {

using truth::Function;
using truth::Magnitude;
using truth::Quad;

std::vector<Function> AllFunctions() {
  std::vector<Function> all = truth::Functions();
  for (Function& one : truth::FunctionsOfOtherNodes()) all.push_back(std::move(one));
  return all;
}

/// Of all sizes, many about 1, some next to a kink.
double Draw(std::mt19937_64& random, const Curve& curve) {
  std::normal_distribution<double> normal;
  switch (random() % 8) {
    case 0:
      return std::ldexp(normal(random), static_cast<int>(random() % 80) - 60);
    case 1:
      return 100 * normal(random);
    case 2: {
      if (curve.kinks().empty()) return 0;
      const double at = curve.kinks()[random() % curve.kinks().size()].at;
      return at + std::ldexp(normal(random), -static_cast<int>(random() % 55));
    }
    default:
      return 3 * normal(random);
  }
}

TEST(Curves, ValuesAreWithinTheirErrors) {
  for (const Function& one : AllFunctions()) {
    SCOPED_TRACE(one.op);
    std::mt19937_64 random(3);
    double worst = 0;
    for (int i = 0; i < 4000 && !::testing::Test::HasFailure(); ++i) {
      const double x = Draw(random, one.curve), y = one.curve.At(x).value;
      const double bound = one.curve.ErrorAbove(x, y);
      const Quad off = Magnitude(one.truth(Quad(x)) - Quad(y));
      ASSERT_GE(Quad(bound), off) << x;
      worst = std::max(worst, static_cast<double>(off / Quad(bound)));
    }
    RecordProperty(one.op, std::to_string(worst));
  }
}

/// Differences in 113 bits over 2^-26 are off by less than 2^-48 of slopes and bends, away from
/// kinks.
TEST(Curves, SlopesAndBendsAreWithinTheSlack) {
  const Quad step = Quad(0x1p-26);
  for (const Function& one : AllFunctions()) {
    SCOPED_TRACE(one.op);
    std::mt19937_64 random(4);
    for (int i = 0; i < 2000 && !::testing::Test::HasFailure(); ++i) {
      const double x = Draw(random, one.curve);
      const bool bends_at_0 = one.op == "Softsign" || one.op.ends_with("lu");
      bool is_near = bends_at_0 && std::abs(x) < 0x1p-24;
      for (const Curve::Kink& kink : one.curve.kinks()) {
        is_near = is_near || std::abs(x - kink.at) < 0x1p-24;
      }
      if (is_near) continue;
      const Curve::Jet jet = one.curve.At(x);
      const Quad before = one.truth(Quad(x) - step), after = one.truth(Quad(x) + step);
      const Quad slope = (after - before) / (2 * step);
      const Quad bend = (after - 2 * one.truth(Quad(x)) + before) / (step * step);
      const Quad allowed = Quad(one.curve.slack() + 0x1p-48);
      ASSERT_LE(Magnitude(slope - Quad(jet.slope)), allowed) << x;
      ASSERT_LE(Magnitude(bend - Quad(jet.bend)), allowed) << x;
    }
  }
}

/// A kink or turn that is not looked at is missed by intervals around it.
TEST(Curves, IntervalsHoldAllSlopesAndBends_TurnDropped) {
  for (const Function& one : AllFunctions()) {
    SCOPED_TRACE(one.op);
    std::mt19937_64 random(5);
    std::exponential_distribution<double> width;
    for (int i = 0; i < 400 && !::testing::Test::HasFailure(); ++i) {
      const double low = Draw(random, one.curve);
      const double high = low + std::ldexp(width(random), static_cast<int>(random() % 8) - 4);
      const Curve::Stretch all = one.curve.Between(low, high);
      const double slack = one.curve.slack();
      double before = low;
      for (int k = 1; k <= 24; ++k) {
        const double at = k == 24 ? high : low + (high - low) * k / 24;
        const Curve::Jet jet = one.curve.At(at);
        ASSERT_TRUE(jet.slope >= all.least_slope && jet.slope <= all.greatest_slope) << at;
        ASSERT_TRUE(jet.bend >= all.least_bend && jet.bend <= all.greatest_bend) << at;
        if (at - before > 1e-9) {
          const Quad chord = (one.truth(Quad(at)) - one.truth(Quad(before))) / Quad(at - before);
          ASSERT_TRUE(chord >= Quad(all.least_slope - slack) &&
                      chord <= Quad(all.greatest_slope + slack))
              << before << " to " << at;
        }
        before = at;
      }
    }
  }
}

TEST(Curves, ParametersOutOfRangeMakeNone) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {kNan, HUGE_VAL, -HUGE_VAL, 1e7}) {
    EXPECT_FALSE(Curve::PRelu(bad));
    EXPECT_FALSE(Curve::Elu(bad));
    EXPECT_FALSE(Curve::Selu(bad, 1));
    EXPECT_FALSE(Curve::Selu(1, bad));
    EXPECT_FALSE(Curve::Celu(bad));
    EXPECT_FALSE(Curve::HardSigmoid(bad, 0.5));
    EXPECT_FALSE(Curve::HardSwish(0.2, bad));
  }
  for (const double alpha : {0.0, -1.0}) {
    EXPECT_FALSE(Curve::Celu(alpha));
    EXPECT_FALSE(Curve::HardSigmoid(alpha, 0.5));
    EXPECT_FALSE(Curve::HardSwish(alpha, 0.5));
  }
}

}  // namespace
}  // namespace dlv::progressive
