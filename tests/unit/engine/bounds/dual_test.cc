#include "engine/bounds/dual.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "engine/bounds/rounding.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::bounds {
namespace {

using oracle::Quad;
using Numbers = std::vector<double>;

/// max { sum u d : d <= e, ||d|| <= rho } over the chosen: d = min(e, t u), t by bisection.
Quad LinearOptimum(const Numbers& u, const Numbers& a, const Numbers& e, Quad rho,
                   unsigned chosen) {
  const auto squares = [&](Quad t) {
    Quad sum = 0;
    for (std::size_t i = 0; i < u.size(); ++i) {
      if ((chosen >> i & 1) == 0) continue;
      const Quad d = t * Quad(u[i]) < Quad(e[i]) ? t * Quad(u[i]) : Quad(e[i]);
      sum += d * d;
    }
    return sum;
  };
  Quad low = 0, high = 1e30;
  if (squares(high) > rho * rho) {
    for (int i = 0; i < 200; ++i) {
      const Quad middle = low > 0 && high / low > 2 ? oracle::Root(low * high) : (low + high) / 2;
      (squares(middle) <= rho * rho ? low : high) = middle;
    }
  } else {
    low = high;
  }
  Quad value = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    if ((chosen >> i & 1) == 0) continue;
    const Quad d = low * Quad(u[i]) < Quad(e[i]) ? low * Quad(u[i]) : Quad(e[i]);
    value += Quad(u[i]) * (d - Quad(a[i]));
  }
  return value;
}

/// The maximum itself: over all sets of those that exceed their thresholds.
Quad Optimum(const Numbers& u, const Numbers& a, const Numbers& e, double rho) {
  Quad best = 0;
  for (unsigned chosen = 1; chosen < 1U << u.size(); ++chosen) {
    const Quad value = LinearOptimum(u, a, e, rho, chosen);
    if (value > best) best = value;
  }
  return best;
}

Numbers Random(std::mt19937_64& random, std::size_t count, double zeros) {
  std::exponential_distribution<double> draw;
  std::bernoulli_distribution zero(zeros);
  Numbers numbers(count);
  for (double& number : numbers) number = zero(random) ? 0 : draw(random);
  return numbers;
}

TEST(OneSidedRemainder, IsNeverBelowTheMaximum) {
  std::mt19937_64 random(31);
  double gap = 1;
  for (int i = 0; i < 60; ++i) {
    const std::size_t count = 1 + static_cast<std::size_t>(i) % 4;
    const Numbers u = Random(random, count, 0.1), a = Random(random, count, 0.3),
                  e = Random(random, count, 0.1);
    const double rho = Random(random, 1, 0)[0] * 2;
    const Quad best = Optimum(u, a, e, rho);
    const double bound = OneSidedRemainderAbove(u, a, e, rho);
    ASSERT_GE(Quad(bound), best) << i;
    if (best > Quad(1e-3)) gap = std::max(gap, bound / static_cast<double>(best));
  }
  EXPECT_LT(gap, 2.5);
}

/// One number: no duality gap where the cap or no threshold decides.
TEST(OneSidedRemainder, IsTightWhereTheAnswerIsKnown) {
  const Numbers three{3}, zero{0}, two{2}, one{1}, infinite{HUGE_VAL};
  EXPECT_NEAR(OneSidedRemainderAbove(three, zero, infinite, 5), 15, 1e-9);
  EXPECT_NEAR(OneSidedRemainderAbove(three, one, two, 100), 3, 1e-9);
  EXPECT_NEAR(OneSidedRemainderAbove(three, zero, two, 2), 6, 1e-9);
  EXPECT_GE(OneSidedRemainderAbove(three, zero, infinite, 5), 15);
  EXPECT_GE(OneSidedRemainderAbove(three, one, two, 100), 3);
  const Numbers u{3, 4}, a{0, 0}, e{HUGE_VAL, HUGE_VAL};
  EXPECT_NEAR(OneSidedRemainderAbove(u, a, e, 2), 10, 1e-9);
}

TEST(OneSidedRemainder, GainsFromThresholds) {
  // 1000 of them, each with a threshold of 1: a small ball gets past few of them.
  const Numbers u(1000, 1.0), a(1000, 1.0), e(1000, HUGE_VAL);
  const double bound = OneSidedRemainderAbove(u, a, e, 3);
  EXPECT_GE(bound, 3 - 1);                       // all on one
  EXPECT_LE(bound, 2.3);                         // rho^2 / 4 = 2.25: its dual
  EXPECT_GT(3 * std::sqrt(1000.0), 40 * bound);  // against norms alone
}

TEST(OneSidedRemainder, IsZeroWhereNothingCanMove) {
  EXPECT_EQ(OneSidedRemainderAbove({}, {}, {}, 1), 0);
  EXPECT_EQ(OneSidedRemainderAbove(Numbers{1}, Numbers{0}, Numbers{1}, 0), 0);
  EXPECT_EQ(OneSidedRemainderAbove(Numbers{1}, Numbers{2}, Numbers{1}, 5), 0);
  EXPECT_EQ(OneSidedRemainderAbove(Numbers{0}, Numbers{0}, Numbers{1}, 5), 0);
}

TEST(OneSidedRemainder, IsInfiniteForNan) {
  const double nan = std::nan("");
  EXPECT_EQ(OneSidedRemainderAbove(Numbers{nan}, Numbers{0}, Numbers{1}, 1), HUGE_VAL);
  EXPECT_EQ(OneSidedRemainderAbove(Numbers{1}, Numbers{nan}, Numbers{1}, 1), HUGE_VAL);
  EXPECT_EQ(OneSidedRemainderAbove(Numbers{1}, Numbers{0}, Numbers{nan}, 1), HUGE_VAL);
  EXPECT_EQ(OneSidedRemainderAbove(Numbers{1}, Numbers{0}, Numbers{1}, nan), HUGE_VAL);
  EXPECT_EQ(OneSidedRemainderAbove(Numbers{-1}, Numbers{0}, Numbers{1}, 1), HUGE_VAL);
}

TEST(OneSidedRemainder, HoldsForHugeAndTinyNumbers) {
  for (const double scale : {1e-200, 1e-160, 1e150, 1e200}) {
    const Numbers u{scale, 2 * scale}, a{scale / 2, scale / 3}, e{scale, 3 * scale};
    for (const double rho : {scale, 2 * scale, 10 * scale}) {
      Quad best = 0;
      for (unsigned chosen = 1; chosen < 4; ++chosen) {  // scaled: bisection has a range
        const Numbers v{1, 2}, b{0.5, scale / 3 / scale}, f{1, 3};
        const Quad value = LinearOptimum(v, b, f, rho / scale, chosen) * Quad(scale) * Quad(scale);
        if (value > best) best = value;
      }
      const Quad bound = OneSidedRemainderAbove(u, a, e, rho);
      EXPECT_GE(bound * Quad(1 + 1e-14), best) << scale << " " << rho;
    }
  }
}

Quad LossOf(const BentLoss& one, Quad d) {
  const Quad beyond = d > Quad(one.away) ? d - Quad(one.away) : Quad(0);
  const Quad bent = Quad(one.slope) * d + Quad(one.bend) * d * d + Quad(one.jump) * beyond;
  const Quad steep = Quad(one.steep) * d;
  const Quad least = steep < bent ? steep : bent;
  return Quad(one.most) < least ? Quad(one.most) : least;
}

BentLoss RandomLoss(std::mt19937_64& random) {
  const Numbers draws = Random(random, 7, 0.2);
  BentLoss one{draws[0], draws[1], draws[2], draws[3], draws[4], draws[5], draws[6]};
  if (random() % 2 == 0) one.steep = one.slope + 2 * one.bend;
  if (random() % 4 != 0) one.most = kInfinity;
  return one;
}

/// The greatest of two numbers' losses on a grid along the circle, or inside where both are less.
TEST(BentLosses, AreNeverBelowTheMaximum) {
  std::mt19937_64 random(33);
  double gap = 1;
  for (int i = 0; i < 400; ++i) {
    const std::vector<BentLoss> losses = {RandomLoss(random), RandomLoss(random)};
    const double rho = Random(random, 1, 0)[0] * 2;
    const double bound = BentLossesAbove(losses, rho);
    Quad best = 0;
    for (int k = 0; k <= 200; ++k) {
      const Quad first = std::min(Quad(losses[0].room), Quad(rho) * Quad(k) / Quad(200));
      const Quad rest = oracle::Root(Quad(rho) * Quad(rho) - first * first) * Quad(1 - 1e-15);
      const Quad second = std::min(Quad(losses[1].room), rest);
      best = std::max(best, LossOf(losses[0], first) + LossOf(losses[1], second));
    }
    ASSERT_GE(Quad(bound), best) << i;
    if (best > Quad(1e-3)) gap = std::max(gap, bound / static_cast<double>(best));
  }
  EXPECT_LT(gap, 4);
}

/// Alike bends share the budget: together they lose no more than one of them with all of it.
TEST(BentLosses, AlikeBendsLoseOnce) {
  const std::vector<BentLoss> losses(50, {0, 2, 0, 0, 100, kInfinity, 1});
  const double bound = BentLossesAbove(losses, 0.5);
  EXPECT_GE(bound, 0.5);
  EXPECT_LT(bound, 0.5 * (1 + 1e-9));
}

TEST(BentLosses, NoNumberMeansNoBound) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t field = 0; field < 7; ++field) {
    Numbers numbers(7, 1.0);
    numbers[field] = none;
    const BentLoss one{numbers[0], numbers[1], numbers[2], numbers[3],
                       numbers[4], numbers[5], numbers[6]};
    EXPECT_EQ(BentLossesAbove(std::vector{one}, 1), kInfinity);
  }
  const BentLoss all{1, kInfinity, 0, 0, kInfinity, kInfinity, kInfinity};
  EXPECT_EQ(BentLossesAbove(std::vector{all}, 1), kInfinity);
  EXPECT_EQ(BentLossesAbove(std::vector<BentLoss>{{}}, none), kInfinity);
  EXPECT_EQ(BentLossesAbove({}, 1), 0);
}

}  // namespace
}  // namespace dlv::bounds
