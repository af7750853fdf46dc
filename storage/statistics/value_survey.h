#pragma once
/// \file
/// What has to be known of a tensor's values before they can be rounded to few: their range, what
/// cannot be rounded, and how they lie.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace dlv::statistics {

/// Values of like size: those whose binary32 forms have the same upper 16 bits.
struct ValueBin {
  std::uint64_t count = 0;
  double sum = 0;
  double mean() const { return sum / static_cast<double>(count); }
};

/// Parts of a tensor are surveyed apart and merged in order: the figures do not depend on how many
/// threads do it.
class ValueSurvey {
 public:
  /// `limit`: finite values of that magnitude and more are too large. `with_bins`: count in bins.
  explicit ValueSurvey(double limit = std::numeric_limits<double>::infinity(),
                       bool with_bins = false);

  /// Adds values, the first of which is element `first` of the tensor.
  void Add(std::span<const double> values, std::uint64_t first);
  /// Adds what a survey of later elements has.
  void Merge(const ValueSurvey& later);

  std::uint64_t finite_count() const { return finite_count_; }
  /// Of the finite values; 0 where there is none.
  double min() const { return finite_count_ == 0 ? 0 : min_; }
  double max() const { return finite_count_ == 0 ? 0 : max_; }
  double max_magnitude() const;
  /// The first element that is NaN or infinite; that is too large.
  std::optional<std::uint64_t> first_non_finite() const { return first_non_finite_; }
  std::optional<std::uint64_t> first_too_large() const { return first_too_large_; }
  /// Bins with values, ascending.
  std::vector<ValueBin> Bins() const;

 private:
  double limit_;
  std::uint64_t finite_count_ = 0;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  std::optional<std::uint64_t> first_non_finite_, first_too_large_;
  std::vector<ValueBin> bins_;  ///< empty, or one for each of 65,536
};

}  // namespace dlv::statistics
