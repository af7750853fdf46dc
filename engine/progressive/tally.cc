#include "engine/progressive/tally.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dlv::progressive {
namespace {

struct Summary {
  double mean = 0, p50 = 0, p99 = 0;
};

/// Percentiles are the least values that at least so many percent of all do not exceed.
Summary Summarise(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto at = [&](double share) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    return values[std::max<std::size_t>(rank, 1) - 1];
  };
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {sum / static_cast<double>(values.size()), at(0.5), at(0.99)};
}

}  // namespace

void Tally::SetSteps(std::vector<StepReport> steps, double full_plane_bits, double full_all_bits) {
  report_.steps = std::move(steps);
  full_plane_bits_ = full_plane_bits;
  full_all_bits_ = full_all_bits;
}

void Tally::Add(const Answer& answer) {
  ++report_.inputs;
  double plane_bits = full_plane_bits_, all_bits = full_all_bits_;
  switch (answer.status) {
    case AnswerStatus::kCertified:
      ++report_.certified;
      break;
    case AnswerStatus::kCertifiedFull:
      ++report_.certified_full;
      break;
    case AnswerStatus::kHeuristic:
      ++report_.heuristic;
      break;
    case AnswerStatus::kComputed:
      ++report_.computed;
      ++report_.reasons[answer.reason];
      break;
  }
  if (answer.status != AnswerStatus::kComputed && answer.step < report_.steps.size()) {
    plane_bits = report_.steps[answer.step].plane_bits;
    all_bits = report_.steps[answer.step].all_bits;
  }
  plane_bits_.push_back(plane_bits);
  all_bits_.push_back(all_bits);
}

RunReport Tally::Finish() const {
  RunReport report = report_;
  const Summary planes = Summarise(plane_bits_), all = Summarise(all_bits_);
  report.mean_plane_bits = planes.mean;
  report.p50_plane_bits = planes.p50;
  report.p99_plane_bits = planes.p99;
  report.mean_all_bits = all.mean;
  report.p50_all_bits = all.p50;
  report.p99_all_bits = all.p99;
  return report;
}

}  // namespace dlv::progressive
