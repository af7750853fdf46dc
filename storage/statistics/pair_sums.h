#pragma once
/// \file
/// Sums over a block of pairs of finite elements: the inner loops of PairAccumulator.

#include <cstddef>
#include <cstdint>

namespace dlv::statistics {

inline constexpr std::size_t kPairBlock = 1024;

/// Differences are b - a.
struct PairSums {
  double squares_a = 0, squares_b = 0, squares_difference = 0, products = 0;
  double greatest_difference = 0;  ///< magnitude
  std::uint64_t differing = 0, sign_flips = 0, zeros_a = 0, zeros_b = 0;
};

/// Sums over `count` (at most kPairBlock) pairs. With a NaN, an infinity or an overflow, a sum of
/// squares is not finite, and nothing else means anything. In eight lanes of binary64: the result
/// has the same bits on every machine. Neither pointer needs to be aligned.
PairSums SumPairs(const float* a, const float* b, std::size_t count);
PairSums SumPairs(const double* a, const double* b, std::size_t count);

}  // namespace dlv::statistics
