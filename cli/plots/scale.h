#pragma once
/// \file
/// From values to places on an axis, and the round numbers that stand beside it.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace dlv::cli::plots {

struct Tick {
  double value = 0;
  std::string label;
};

/// A linear scale from `low` to `high`, widened to round numbers. What is not finite is not seen;
/// with one value only there is some room around it.
class Scale {
 public:
  /// `first` and `last`: places in pixels of the low and the high end. `ticks`: about how many.
  Scale(double low, double high, double first, double last, std::size_t ticks);

  double operator()(double value) const;
  const std::vector<Tick>& ticks() const { return ticks_; }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  double low_, high_, first_, last_;
  std::vector<Tick> ticks_;
};

/// Returns 1, 2 or 5 times a power of ten: a step that cuts `range` into at most `parts` parts.
double NiceStep(double range, std::size_t parts);
/// A number on an axis whose ticks are `step` apart: "0.02", "1.5e-6", "20 k".
std::string TickLabel(double value, double step);

struct Range {
  double low = 0, high = 1;
  bool any = false;  ///< a finite value was seen
  void Include(double value);
};

}  // namespace dlv::cli::plots
