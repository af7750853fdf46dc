#pragma once
/// \file
/// Progress on a terminal.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "dlv/progress.h"

namespace dlv::cli {

/// What one line of progress shows.
struct ProgressState {
  std::string_view stage;
  std::uint64_t done = 0;
  std::uint64_t total = 0;       ///< 0: unknown
  double per_second = 0;         ///< 0: not known yet
  std::string_view things = {};  ///< what is counted; empty: bytes
};

/// Returns the line: "encoding  42 % [####      ] 412.0 MiB of 980.1 MiB  310.2 MiB/s  2 s left",
/// or "evaluating  42 % [####      ]  420 of 1.0 k examples  310/s  2 s left", cut to `width` cells
/// by leaving out the bar, then the rate, then the sizes.
std::string RenderProgress(const ProgressState& state, std::size_t width);

/// Draws the line on stderr at most ten times a second, and only once the work has taken half a
/// second; the line is wiped away at the end. Does nothing when not enabled.
class ProgressBar : public ProgressSink {
 public:
  ProgressBar(bool enabled, std::size_t width)
      : enabled_(enabled), width_(width), start_(Clock::now()) {}
  ~ProgressBar() override { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Report(std::string_view stage, std::uint64_t done, std::uint64_t total) override;
  void ReportCount(std::string_view stage, std::uint64_t done, std::uint64_t total,
                   std::string_view things) override;
  /// Wipes the line away.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool enabled_;
  std::size_t width_;
  Clock::time_point start_;
  Clock::time_point drawn_{};
  Clock::time_point stage_start_{};
  std::string stage_;
  std::uint64_t stage_begin_ = 0;  // bytes done when the stage began: the rate counts from there
  bool visible_ = false;
};

}  // namespace dlv::cli
