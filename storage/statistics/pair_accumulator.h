#pragma once
/// \file
/// Figures about pairs of elements of two tensors, taken piece by piece. Use as Accumulator.
///
/// Pairs go through in blocks of 1,024, in eight lanes of binary64; the sums of blocks are added up
/// in extended precision. Squares of f64 are scaled by a power of two where they could overflow or
/// vanish. The same pieces merged in the same order give the same bits, on every machine and
/// however many threads made them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dlv/diff.h"
#include "dlv/dtype.h"
#include "storage/statistics/pair_estimates.h"
#include "storage/statistics/pair_sums.h"

namespace dlv::statistics {

/// Counts of differences in bins whose width is a power of two that grows with the greatest
/// difference: each count is that of a histogram made with the last width from the start.
class DifferenceHistogram {
 public:
  static constexpr int kHalf = 32;  ///< bins on either side of 0

  /// Makes room for differences of magnitude up to `greatest`, which is finite and above 0.
  void Widen(double greatest);
  /// Counts a difference of no greater magnitude than Widen has made room for.
  void Add(double difference) {
    const double place = difference * per_width_;
    const int bin = static_cast<int>(place) - (place < 0 && place != static_cast<int>(place));
    ++counts_[static_cast<std::size_t>(bin + kHalf)];
  }
  void AddZeros(std::uint64_t count) { zeros_ += count; }
  void Merge(const DifferenceHistogram& other);
  /// Bins from the lowest to the highest that counted something; zeros are in the bin from 0 on.
  Histogram Finish() const;

 private:
  void Coarsen();
  bool any_ = false;
  int exponent_ = 0;  ///< a bin is 2^exponent_ wide
  double per_width_ = 1;
  std::uint64_t zeros_ = 0;
  std::array<std::uint64_t, 2 * kHalf> counts_{};
};

class PairAccumulator {
 public:
  /// `planes`: leading bits that were read of each side's elements; 0: all.
  PairAccumulator(DType before, DType after, unsigned planes_before, unsigned planes_after,
                  bool histogram);

  /// Adds as many whole elements of both, little-endian; unread bits are zero. Neither needs to be
  /// aligned.
  void Add(std::span<const std::byte> before, std::span<const std::byte> after);
  /// Adds what `other`, of the same types, has seen.
  void Merge(const PairAccumulator& other);
  PairStatistics Finish() const;

 private:
  void AddDoubles(std::span<double> before, std::span<double> after);
  void AddCounts(const PairSums& sums);
  void AddSums(const PairSums& sums, int exponent);
  template <class T>
  void AddEstimates(const T* before, const T* after, std::size_t count, const PairSums& sums);
  void AddToHistogram(std::span<const double> before, std::span<const double> after,
                      double greatest);
  std::size_t TakeOut(std::span<double> before, std::span<double> after);

  DType before_, after_;
  ReadUnit unit_before_, unit_after_;
  unsigned planes_ = 0;
  bool with_histogram_ = false;
  PairStatistics seen_;  ///< counts, extremes
  long double squares_before_ = 0, squares_after_ = 0, squares_difference_ = 0, products_ = 0;
  long double squares_error_ = 0, squares_read_ = 0;
  DifferenceHistogram histogram_;
};

}  // namespace dlv::statistics
