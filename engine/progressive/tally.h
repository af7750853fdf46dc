#pragma once
/// \file
/// What progressive runs add up for their report.

#include <mutex>
#include <vector>

#include "engine/progressive/run.h"

namespace dlv::progressive {

class Tally {
 public:
  /// Replaces the steps, before anything is added.
  void SetSteps(std::vector<StepReport> steps, double full_plane_bits, double full_all_bits);
  RunReport& report() { return report_; }
  const RunReport& report() const { return report_; }
  StepReport& StepAt(std::size_t step) { return report_.steps[step]; }

  /// Counts an answer; of one that is not certified, the full read.
  void Add(const Answer& answer);
  /// Returns the report with the means and percentiles of what was added.
  RunReport Finish() const;

 private:
  RunReport report_;
  double full_plane_bits_ = 0, full_all_bits_ = 0;
  std::vector<double> plane_bits_, all_bits_;  ///< one an input
};

}  // namespace dlv::progressive
