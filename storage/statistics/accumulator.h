#pragma once
/// \file
/// Statistics of a tensor, taken piece by piece.
///
///     Accumulator whole(dtype);
///     for (each chunk, in any thread) { Accumulator part(dtype); part.Add(bytes); parts[k] = part;
///     } for (each part, in order) whole.Merge(part); TensorStatistics figures = whole.Finish();
///
/// Sums run over blocks of 4,096 elements in eight lanes each, scaled by a power of two so that no
/// square overflows or vanishes, and over the blocks in extended precision: the relative error of a
/// sum is below 2^-42 of the sum of magnitudes, whatever the size of the tensor.  The deviation is
/// summed around each block's own mean and merged by the formula of Chan, Golub and LeVeque,
/// Algorithms for computing the sample variance, 1983 (equation 2.1).
/// The same parts merged in the same order give the same bits, however many threads made them.

#include <cstddef>
#include <span>

#include "dlv/dtype.h"
#include "dlv/statistics.h"

namespace dlv::statistics {

class Accumulator {
 public:
  explicit Accumulator(DType dtype) : dtype_(dtype) {}

  /// Adds whole elements, little-endian; `bytes` need not be aligned.
  void Add(std::span<const std::byte> bytes);
  /// Adds what `other`, of the same dtype, has seen.
  void Merge(const Accumulator& other);
  /// Returns the figures, without a histogram.
  TensorStatistics Finish() const;

 private:
  struct Moments;
  void AddFinite(std::span<const double> values);
  void MergeMoments(std::uint64_t count, long double mean, long double deviation);

  DType dtype_;
  TensorStatistics seen_;  ///< counts, extremes
  std::uint64_t finite_ = 0;
  long double mean_ = 0;       ///< of the finite elements
  long double deviation_ = 0;  ///< sum of squared distances from it
  long double sum_ = 0, magnitudes_ = 0, squares_ = 0;
};

}  // namespace dlv::statistics
