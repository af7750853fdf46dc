#include "cli/progress_bar.h"

#include <algorithm>
#include <cstdio>

#include "cli/human.h"
#include "cli/text.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kBarWidth = 20;
constexpr std::chrono::milliseconds kQuietTime{500};
constexpr std::chrono::milliseconds kRedrawTime{100};

std::string Percent(double part) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%3d %%", static_cast<int>(part * 100));
  return buffer;
}

std::string Bar(double part) {
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(kBarWidth));
  return "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]";
}

/// "412.0 MiB of 980.1 MiB", "420 of 1.0 k examples".
std::string Amounts(const ProgressState& state) {
  const auto amount = [&](std::uint64_t number) {
    return state.things.empty() ? HumanBytes(number) : HumanCount(number);
  };
  std::string text = amount(state.done);
  if (state.total > 0) text += " of " + amount(state.total);
  if (!state.things.empty()) text += " " + Sanitize(state.things);
  return text;
}

std::string Rate(const ProgressState& state) {
  if (state.things.empty()) return HumanBytes(static_cast<std::uint64_t>(state.per_second)) + "/s";
  return HumanRate(state.per_second) + "/s";
}

}  // namespace

std::string RenderProgress(const ProgressState& state, std::size_t width) {
  const bool known = state.total > 0;
  const double part =
      known ? std::min(1.0, static_cast<double>(state.done) / static_cast<double>(state.total)) : 0;
  const std::string stage = Sanitize(state.stage);
  const std::string percent = known ? "  " + Percent(part) : "";
  const std::string bar = known ? " " + Bar(part) : "";
  const bool counts = known || state.done > 0;
  const std::string sizes = counts ? "  " + Amounts(state) : "";
  std::string rate, left;
  if (state.per_second > 0) {
    rate = "  " + Rate(state);
    if (known && state.done <= state.total) {
      const auto rest = static_cast<double>(state.total - state.done);
      left = "  " + HumanDuration(rest / state.per_second) + " left";
    }
  }
  for (const std::string& line :
       {stage + percent + bar + sizes + rate + left, stage + percent + sizes + rate + left,
        stage + percent + sizes + left, stage + percent + left}) {
    if (DisplayWidth(line) <= width) return line;
  }
  return Elide(stage + percent, width);
}

void ProgressBar::Report(std::string_view stage, std::uint64_t done, std::uint64_t total) {
  ReportCount(stage, done, total, "");
}

void ProgressBar::ReportCount(std::string_view stage, std::uint64_t done, std::uint64_t total,
                              std::string_view things) {
  if (!enabled_) return;
  const Clock::time_point now = Clock::now();
  if (stage != stage_) {
    stage_ = stage;
    stage_start_ = now;
    stage_begin_ = done;
  } else if (now - drawn_ < kRedrawTime) {
    return;
  }
  if (now - start_ < kQuietTime) return;
  drawn_ = now;
  ProgressState state{stage, done, total, 0, things};
  const std::chrono::duration<double> elapsed = now - stage_start_;
  if (elapsed.count() > 0.2 && done > stage_begin_) {
    state.per_second = static_cast<double>(done - stage_begin_) / elapsed.count();
  }
  // One cell is kept free: a full line would wrap on some terminals. "\x1b[K" wipes what the last
  // line left.
  const std::string line = "\r" + RenderProgress(state, width_ > 1 ? width_ - 1 : 1) + "\x1b[K";
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
  visible_ = true;
}

void ProgressBar::Clear() {
  if (!visible_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  visible_ = false;
}

}  // namespace dlv::cli
