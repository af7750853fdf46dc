#pragma once
/// \file
/// What the leading bit planes of a tensor say of its figures: intervals that surely hold them.
///
/// The head of an element encloses its magnitude between the unread bits as zeros and as ones. Sums
/// of bounds are rounded outward by `slack`, which is more than the error of any order of
/// summation here and of the exact figure (storage/statistics: 2^-42 of the sum of magnitudes).
/// The deviation is a seminorm: |std(x) - std(c)| <= |x - c|_2 / sqrt(n), with c the middles.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "dlv/dtype.h"

namespace dlv::query {

struct Interval {
  double low = 0, high = 0;
};

struct PrefixFigures {
  /// False: an element may not be finite, or nothing is known; the intervals mean nothing.
  bool known = false;
  Interval norm1, norm2, norm_inf, mean, std, min, max, sparsity;
};

/// Planes that tell finite elements from others; nothing for types without levels of use.
std::optional<unsigned> LeastPlanes(DType dtype);

class PrefixAccumulator {
 public:
  /// `threshold` is that of sparsity.
  PrefixAccumulator(DType dtype, double threshold) : dtype_(dtype), threshold_(threshold) {}

  /// Adds whole elements, little-endian, of which `planes` leading bits were read; the others are
  /// zero.
  void Add(std::span<const std::byte> bytes, unsigned planes);
  PrefixFigures Finish() const;

 private:
  template <class Bits>
  void AddAll(std::span<const std::byte> bytes, unsigned planes);
  void AddBlock(std::span<const double> low, std::span<const double> high);

  DType dtype_;
  double threshold_;
  bool special_ = false;
  double count_ = 0;
  Interval sum_, magnitudes_, squares_, norm_inf_;
  double min_low_ = 0, min_high_ = 0, max_low_ = 0, max_high_ = 0;
  double below_surely_ = 0, below_perhaps_ = 0;
  double mean_ = 0, deviation_ = 0, radius_squares_ = 0, middle_squares_ = 0;
};

/// Counts elements whose magnitude is at most a threshold; NaN is not.
class ExactShare {
 public:
  ExactShare(DType dtype, double threshold) : dtype_(dtype), threshold_(threshold) {}
  void Add(std::span<const std::byte> bytes);
  double below() const { return below_; }
  double count() const { return count_; }

 private:
  DType dtype_;
  double threshold_, below_ = 0, count_ = 0;
};
/// Whether ExactShare knows the type.
bool HasMagnitudes(DType dtype);

}  // namespace dlv::query
