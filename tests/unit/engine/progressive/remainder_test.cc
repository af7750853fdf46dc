#include "engine/progressive/remainder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "engine/bounds/rounding.h"
#include "engine/progressive/layer.h"
#include "engine/progressive/sketch.h"
#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::progressive {
namespace {

using bounds::oracle::Quad;

/// Directions, a solver for them, a vector x that lies near them, and what f32 makes of S^T x.
struct Lengths {
  static constexpr std::int64_t kLength = 24;
  std::int64_t rank = 1;
  std::vector<double> directions, solver, x, found;

  explicit Lengths(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    rank = 1 + static_cast<std::int64_t>(random() % 4);
    std::vector<double> any(AsSize(kLength * rank));
    for (double& one : any) one = normal(random);
    directions =
        CoarseMatrix::Round(any, kLength, rank, 3 + static_cast<unsigned>(random() % 6)).Values();
    solver = SolverOf(directions, kLength, rank);
    for (double& one : solver) one = static_cast<float>(one);
    std::vector<double> along(AsSize(rank));
    for (double& one : along) one = normal(random);
    const double rest = std::ldexp(1, -static_cast<int>(random() % 24));
    for (std::size_t k = 0; k < AsSize(kLength); ++k) {
      double sum = rest * normal(random);
      for (std::size_t j = 0; j < AsSize(rank); ++j)
        sum += directions[k * AsSize(rank) + j] * along[j];
      x.push_back(static_cast<float>(sum));
    }
    std::vector<float> sums(AsSize(rank), 0);
    for (std::size_t at = 0; at < solver.size(); ++at)
      sums[at % AsSize(rank)] +=
          static_cast<float>(solver[at]) * static_cast<float>(x[at / AsSize(rank)]);
    found.assign(sums.begin(), sums.end());
  }

  std::vector<double> Taken(double share) const {
    std::vector<double> c = found;
    for (double& one : c) one *= -share;
    return c;
  }
  Quad Squares(const std::vector<double>& c) const {
    Quad squares = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      Quad sum = Quad(x[k]);
      for (std::size_t j = 0; j < c.size(); ++j)
        sum += Quad(directions[k * c.size() + j]) * Quad(c[j]);
      squares += sum * sum;
    }
    return squares;
  }
  double Off() const {
    const double gamma = bounds::GammaAbove(kLength + 1, std::ldexp(1, -24));
    return bounds::Above(gamma * bounds::NormAbove(solver) * bounds::NormAbove(x), 3);
  }
};

/// Also where nearly all of x is taken away, so that nothing but rounding is left of the sums.
TEST(Remainder, IsAtLeastTheLength) {
  std::size_t by_rounding = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(seed);
    const Lengths one(seed);
    const Remainder remainder(one.directions, one.solver, one.rank);
    const double length = bounds::NormAbove(one.x);
    for (const double share : {1.0, 0.75, 0.0}) {
      const auto c = one.Taken(share);
      const Quad most = Quad(remainder.LengthAbove(length, one.found, c, one.Off()));
      EXPECT_TRUE(one.Squares(c) <= most * most) << share;
      const Quad without = Quad(remainder.LengthAbove(length, one.found, c, 0));
      by_rounding += one.Squares(c) > without * without ? 1 : 0;
    }
  }
  EXPECT_GT(by_rounding, 20U) << "no case would tell that rounding is left out";
}

/// A thousandth of the whole at most is added, which a sketch does not notice.
TEST(Remainder, IsNotMuchMore) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Lengths one(seed);
    const Remainder remainder(one.directions, one.solver, one.rank);
    const double length = bounds::NormAbove(one.x);
    const auto c = one.Taken(0.75);
    const double found = remainder.LengthAbove(length, one.found, c, one.Off());
    const double right = std::sqrt(static_cast<double>(one.Squares(c)));
    EXPECT_LE(found, right + 1e-3 * length) << seed;
  }
}

TEST(Remainder, OfWhatIsNoNumberIsNone) {
  const Lengths one(1);
  const Remainder remainder(one.directions, one.solver, one.rank);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(remainder.LengthAbove(nan, one.found, one.Taken(1), 0) < 1e300);
  EXPECT_FALSE(remainder.LengthAbove(infinity, one.found, one.Taken(1), 0) < 1e300);
  const std::vector<double> lost(one.found.size(), nan);
  EXPECT_FALSE(remainder.LengthAbove(1, lost, lost, 0) < 1e300);
}

}  // namespace
}  // namespace dlv::progressive
