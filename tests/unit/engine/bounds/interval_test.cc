#include "engine/bounds/interval.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/engine/bounds/oracle.h"

namespace dlv::bounds {
namespace {

using oracle::Quad;
using Numbers = std::vector<double>;

Numbers Random(std::mt19937_64& random, std::int64_t count, double scale, bool positive) {
  std::normal_distribution<double> normal;
  Numbers numbers(static_cast<std::size_t>(count));
  for (double& number : numbers) {
    number = scale * normal(random);
    if (positive) number = std::fabs(number);
  }
  return numbers;
}

struct Map {
  std::int64_t m, n, k;
  Numbers centre, radius, x, e, bias;  // x and e n x k

  Quad Sum(const Numbers& weights, const std::vector<Quad>& inputs, std::int64_t row,
           std::int64_t column) const {
    Quad sum = 0;
    for (std::int64_t i = 0; i < k; ++i) {
      sum += Quad(weights[static_cast<std::size_t>(row * k + i)]) *
             inputs[static_cast<std::size_t>(column * k + i)];
    }
    return sum;
  }
};

Map RandomMap(std::mt19937_64& random, std::int64_t m, std::int64_t n, std::int64_t k,
              double unknown) {
  return {m,
          n,
          k,
          Random(random, m * k, 1, false),
          Random(random, m * k, unknown, true),
          Random(random, n * k, 1, false),
          Random(random, n * k, unknown, true),
          Random(random, m, 1, false)};
}

Numbers RadiusOf(const Map& map, bool transposed) {
  Numbers result(static_cast<std::size_t>(map.m * map.n));
  Numbers x = map.x, e = map.e;
  if (!transposed) {
    for (std::int64_t i = 0; i < map.n; ++i) {
      for (std::int64_t j = 0; j < map.k; ++j) {
        x[static_cast<std::size_t>(j * map.n + i)] = map.x[static_cast<std::size_t>(i * map.k + j)];
        e[static_cast<std::size_t>(j * map.n + i)] = map.e[static_cast<std::size_t>(i * map.k + j)];
      }
    }
  }
  IntervalRadiusAbove({map.m, map.k, map.centre.data(), map.radius.data()},
                      transposed ? Transpose::kYes : Transpose::kNo, map.n, x.data(), e.data(),
                      map.bias.data(), result.data());
  return result;
}

/// The farthest that W x may be from the centre's product as it was computed.
Quad Farthest(const Map& map, std::int64_t row, std::int64_t column) {
  std::vector<Quad> spread, reach, exact;
  for (std::size_t i = 0; i < map.x.size(); ++i) {
    exact.push_back(map.x[i]);
    spread.push_back(map.e[i]);
    reach.push_back(Quad(map.e[i]) + Quad(std::fabs(map.x[i])));
  }
  Numbers magnitudes = map.centre;
  for (double& element : magnitudes) element = std::fabs(element);
  double computed = 0;
  const auto k = static_cast<std::size_t>(map.k);
  for (std::size_t i = 0; i < k; ++i) {
    computed += map.centre[static_cast<std::size_t>(row) * k + i] *
                map.x[static_cast<std::size_t>(column) * k + i];
  }
  computed += map.bias[static_cast<std::size_t>(row)];
  const Quad truth =
      map.Sum(map.centre, exact, row, column) + Quad(map.bias[static_cast<std::size_t>(row)]);
  return map.Sum(magnitudes, spread, row, column) + map.Sum(map.radius, reach, row, column) +
         oracle::Magnitude(truth - Quad(computed));
}

TEST(IntervalRadius, CoversTheFarthestAndTheRoundingOfTheCentre) {
  std::mt19937_64 random(41);
  for (const double unknown : {0.0, 1e-16, 1e-3, 1.0}) {
    for (const bool transposed : {false, true}) {
      const Map map = RandomMap(random, 4, 3, 37, unknown);
      const Numbers radius = RadiusOf(map, transposed);
      for (std::int64_t row = 0; row < map.m; ++row) {
        for (std::int64_t column = 0; column < map.n; ++column) {
          const std::int64_t at = transposed ? column * map.m + row : row * map.n + column;
          const Quad farthest = Farthest(map, row, column);
          EXPECT_GE(Quad(radius[static_cast<std::size_t>(at)]), farthest) << unknown;
          if (unknown >= 1e-3) {
            EXPECT_LE(Quad(radius[static_cast<std::size_t>(at)]), farthest * Quad(1 + 1e-9));
          }
        }
      }
    }
  }
}

/// All is known: what is left is the rounding of the product, which a bound without gamma forgets.
TEST(IntervalRadius, GammaDropped_WouldBeBelow) {
  std::mt19937_64 random(42);
  const Map map = RandomMap(random, 5, 5, 100, 0);
  const Numbers radius = RadiusOf(map, true);
  int rounded = 0;
  for (std::int64_t row = 0; row < 5; ++row) rounded += Farthest(map, row, 0) > 0;
  EXPECT_GT(rounded, 2);
  for (const double element : radius) {
    EXPECT_GT(element, 0);
    EXPECT_LT(element, 1e-11);
  }
}

TEST(IntervalRadius, WithoutBiasAndRadius) {
  const Numbers centre{1, -2}, x{3, 4}, e{0.5, 0.25};
  Numbers result(1);
  IntervalRadiusAbove({1, 2, centre.data(), nullptr}, Transpose::kYes, 1, x.data(), e.data(),
                      nullptr, result.data());
  EXPECT_GE(result[0], 1);
  EXPECT_LE(result[0], 1 + 1e-13);
}

TEST(IntervalRadius, DoesNotHideNan) {
  const Numbers centre{1, -2}, x{3, std::nan("")}, e{0.5, 0.25};
  Numbers result(1);
  IntervalRadiusAbove({1, 2, centre.data(), nullptr}, Transpose::kYes, 1, x.data(), e.data(),
                      nullptr, result.data());
  EXPECT_TRUE(std::isnan(result[0]));
}

}  // namespace
}  // namespace dlv::bounds
