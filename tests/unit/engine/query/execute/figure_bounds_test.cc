#include "engine/query/execute/figure_bounds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace dlv::query {
namespace {

struct Vectors {
  double norm_a = 0, norm_b = 0, distance = 0, cosine = 0;
};

Vectors Measured(std::mt19937& random) {
  std::normal_distribution<double> normal;
  const double scale = std::exp(normal(random)), mixed = normal(random);
  double aa = 0, bb = 0, ab = 0, dd = 0;
  for (int i = 0; i < 20; ++i) {
    const double a = normal(random), b = scale * (mixed * a + normal(random));
    aa += a * a;
    bb += b * b;
    ab += a * b;
    dd += (a - b) * (a - b);
  }
  return {std::sqrt(aa), std::sqrt(bb), std::sqrt(dd), ab / std::sqrt(aa * bb)};
}

TEST(CosineWithin, HoldsTheCosine) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::size_t known = 0;
  for (int i = 0; i < 4000; ++i) {
    const Vectors v = Measured(random);
    const double width = std::ldexp(1, -static_cast<int>(random() % 30));
    const auto around = [&](double value) {
      return Interval{value * (1 - width * uniform(random)), value * (1 + width * uniform(random))};
    };
    const auto cosine = CosineWithin(around(v.norm_a), around(v.norm_b), around(v.distance));
    if (!cosine) continue;
    ++known;
    EXPECT_LE(cosine->low, v.cosine);
    EXPECT_GE(cosine->high, v.cosine);
    EXPECT_LE(cosine->high - cosine->low,
              40 * width * (1 + v.norm_a / v.norm_b + v.norm_b / v.norm_a) + 1e-9);
  }
  EXPECT_GT(known, 2000u);
}

TEST(CosineWithin, SaysNothingWhereItCannot) {
  const Interval one{1, 1};
  EXPECT_TRUE(CosineWithin(one, one, one));
  EXPECT_FALSE(CosineWithin({0, 1}, one, one));            // may be no vector at all
  EXPECT_FALSE(CosineWithin({1e-200, 1e-200}, one, one));  // its square vanishes
  EXPECT_FALSE(CosineWithin({1e200, 1e200}, one, one));
  EXPECT_FALSE(CosineWithin({20, 20}, one, one));  // too far apart to be worth it
  EXPECT_FALSE(CosineWithin(one, one, {0, INFINITY}));
  EXPECT_FALSE(CosineWithin({NAN, NAN}, one, one));
}

}  // namespace
}  // namespace dlv::query
