#pragma once
/// \file
/// Histograms of a tensor, taken piece by piece in a second pass: the edges come from the
/// statistics of the first.

#include <cstddef>
#include <span>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/statistics.h"

namespace dlv::statistics {

inline constexpr std::size_t kMaxBins = 4096;

/// Edges of `bins` (1 to kMaxBins) bins around what `figures` saw; empty where no element is
/// finite, or, for a logarithmic one, none is above 0 in magnitude.
std::vector<double> HistogramEdges(const TensorStatistics& figures, HistogramScale scale,
                                   std::size_t bins);

/// Counts elements by bin. Elements that are not finite or outside the edges are not counted, nor,
/// on a logarithmic scale, are zeros.  A value belongs to the bin that its edges say, also where
/// the arithmetic that finds the bin was rounded.
class HistogramCounter {
 public:
  HistogramCounter(DType dtype, HistogramScale scale, std::vector<double> edges);
  void Add(std::span<const std::byte> bytes);
  /// Adds values that are doubles already.
  void AddValues(std::span<const double> values);
  /// Adds the counts of `other`, made with the same edges.
  void Merge(const HistogramCounter& other);
  const Histogram& histogram() const { return histogram_; }

 private:
  std::size_t BinOf(double value) const;
  DType dtype_;
  Histogram histogram_;
  double shrink_ = 1;  ///< keeps the width of the range finite
  double first_ = 0;   ///< of the first edge: where bins begin, in units of `per_bin_`
  double bins_per_unit_ = 0;
};

}  // namespace dlv::statistics
