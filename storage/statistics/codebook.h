#pragma once
/// \file
/// The few values that stand for many.

#include <cstddef>
#include <span>
#include <vector>

#include "storage/statistics/value_survey.h"

namespace dlv::statistics {

/// Returns at most `size` values, ascending, with a small squared error: Lloyd's algorithm (Lloyd,
/// Least squares quantization in PCM, 1982) over the bins' means, begun at equal shares of the
/// square root of the density. `bins` ascending. Exact where there are no more bins than values.
std::vector<double> MakeCodebook(std::span<const ValueBin> bins, std::size_t size);

/// Returns `size` (at least 2) values at equal distances from `min` to `max`; one where these are
/// equal.
std::vector<double> MakeUniformBook(double min, double max, std::size_t size);

/// Returns the nearest value of a book (ascending, not empty); of two as near, the lower.
class NearestValue {
 public:
  explicit NearestValue(std::vector<double> book);
  double operator()(double value) const;
  const std::vector<double>& book() const { return book_; }

 private:
  std::vector<double> book_;
  std::vector<double> borders_;  ///< between neighbours
};

}  // namespace dlv::statistics
