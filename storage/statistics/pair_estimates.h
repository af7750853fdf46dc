#pragma once
/// \file
/// Sums over pairs of elements of which only the leading bits were read.

#include <cstddef>

namespace dlv::statistics {

/// Elements of a run: their differences are taken for a sample of one distribution.
inline constexpr std::size_t kPairRun = 64;

/// The last bit that was read of a side's elements, relative to the power of two at or below their
/// magnitude (0: all were read), and the least such power.
struct ReadUnit {
  double relative = 0, least = 0;
};

/// Of the values as read, and their likely squares: those of a magnitude half a last bit larger.
/// The error of an element's difference is at most its unit, whose squares `errors` adds up.
struct RunSums {
  double magnitudes = 0, squares = 0;  ///< of differences
  double errors = 0;
  double squares_a = 0, squares_b = 0;
};

/// Sums over the runs of `count` pairs of finite elements, in order, into `runs`, which has room
/// for count / kPairRun of them, rounded up. Neither pointer needs to be aligned.
void SumRuns(const float* a, const float* b, std::size_t count, ReadUnit of_a, ReadUnit of_b,
             RunSums* runs);
void SumRuns(const double* a, const double* b, std::size_t count, ReadUnit of_a, ReadUnit of_b,
             RunSums* runs);

}  // namespace dlv::statistics
