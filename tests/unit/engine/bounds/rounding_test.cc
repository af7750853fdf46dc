#include "engine/bounds/rounding.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::bounds {
namespace {

using oracle::Quad;

/// Magnitudes of all sizes, denormals and zeros among them.
double AnySize(std::mt19937_64& random) {
  const auto kind = random() % 8;
  const double fraction = 1 + static_cast<double>(random() >> 12) * 0x1p-52;
  if (kind == 0) return 0;
  if (kind == 1) return static_cast<double>(random() % 5) * 0x1p-1074;
  if (kind == 2) return fraction * std::ldexp(1.0, -1022 + static_cast<int>(random() % 60));
  return fraction * std::ldexp(1.0, static_cast<int>(random() % 40) - 20);
}

TEST(Rounding, SumsProductsAndRootsAreNeverBelow) {
  std::mt19937_64 random(1);
  int rounded_down = 0;
  for (int i = 0; i < 20000; ++i) {
    const double a = AnySize(random), b = AnySize(random);
    EXPECT_GE(Quad(SumAbove(a, b)), Quad(a) + Quad(b)) << a << " " << b;
    EXPECT_GE(Quad(ProductAbove(a, b)), Quad(a) * Quad(b)) << a << " " << b;
    EXPECT_GE(Quad(RootAbove(a)) * Quad(RootAbove(a)), Quad(a)) << a;
    EXPECT_GE(Above(a, 0), a);
    rounded_down += Quad(a * b) < Quad(a) * Quad(b);
  }
  EXPECT_GT(rounded_down, 1000);  // otherwise nothing was tested
}

TEST(Rounding, SumsOfManyTermsAreNeverBelow) {
  std::mt19937_64 random(2);
  int rounded_down = 0;
  for (int i = 0; i < 200; ++i) {
    std::vector<double> terms(1 + random() % 300);
    Quad squares = 0;
    double plain = 0;
    for (double& term : terms) {
      term = AnySize(random);
      squares += Quad(term) * Quad(term);
      plain += term * term;
    }
    EXPECT_GE(Quad(SquaresAbove(terms)), squares);
    const Quad norm = NormAbove(terms);
    EXPECT_GE(norm * norm, squares);
    EXPECT_LE(norm, oracle::Root(squares) * Quad(1 + 1e-12) + Quad(1e-150));
    rounded_down += Quad(plain) < squares;
  }
  EXPECT_GT(rounded_down, 20);
}

TEST(Rounding, SquaresOfTinyNumbersAreNotLost) {
  const std::vector<double> terms(100, 0x1p-540);  // squares are 2^-1080: all underflow
  EXPECT_GE(Quad(SquaresAbove(terms)), Quad(100) * Quad(0x1p-540) * Quad(0x1p-540));
  const Quad norm = NormAbove(terms);
  EXPECT_GE(norm, Quad(10) * Quad(0x1p-540));
}

TEST(Rounding, GammaIsAboveItsDefinition) {
  for (const double terms : {1.0, 2.0, 3.0, 1000.0, 1e6, 1e9, 1e15}) {
    for (const double unit : {kUnit, kUnitF32}) {
      const Quad share = Quad(terms) * Quad(unit);
      if (share >= 0.5) {
        EXPECT_TRUE(std::isinf(GammaAbove(terms, unit)));
      } else {
        EXPECT_GE(Quad(GammaAbove(terms, unit)), share / (1 - share));
      }
    }
  }
}

TEST(Rounding, StoredFloatsAreRoundedUp) {
  std::mt19937_64 random(3);
  int rounded_up = 0;
  for (int i = 0; i < 5000; ++i) {
    const double value = AnySize(random);
    EXPECT_GE(static_cast<double>(FloatAbove(value)), value);
    rounded_up += static_cast<double>(static_cast<float>(value)) < value;
  }
  EXPECT_GT(rounded_up, 500);  // the nearest float would have been below
  EXPECT_EQ(FloatAbove(0), 0.0F);
  EXPECT_EQ(FloatAbove(1.5), 1.5F);
  EXPECT_TRUE(std::isinf(FloatAbove(1e39)));
  EXPECT_GT(FloatAbove(1e-60), 0.0F);
}

TEST(Rounding, NothingHidesNan) {
  const double nan = std::nan("");
  EXPECT_TRUE(std::isnan(Above(nan)));
  EXPECT_TRUE(std::isnan(SquaresAbove(std::vector<double>{1, nan})));
  EXPECT_TRUE(std::isnan(FloatAbove(nan)));
}

}  // namespace
}  // namespace dlv::bounds
