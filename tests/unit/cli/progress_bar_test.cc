#include "cli/progress_bar.h"

#include <gtest/gtest.h>

#include "cli/text.h"

namespace dlv::cli {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

TEST(RenderProgress, ShowsBytesRateAndTimeLeft) {
  const ProgressState state{"encoding", 400 * kMiB, 800 * kMiB, 100.0 * kMiB};
  EXPECT_EQ(
      RenderProgress(state, 120),
      "encoding   50 % [##########..........]  400.0 MiB of 800.0 MiB  100.0 MiB/s  4.0 s left");
}

TEST(RenderProgress, FitsEveryWidth) {
  const ProgressState state{"encoding", 400 * kMiB, 800 * kMiB, 100.0 * kMiB};
  for (std::size_t width = 1; width < 120; ++width) {
    EXPECT_LE(DisplayWidth(RenderProgress(state, width)), width);
  }
  EXPECT_EQ(RenderProgress(state, 30), "encoding   50 %  4.0 s left");
}

TEST(RenderProgress, DoesWithoutATotal) {
  EXPECT_EQ(RenderProgress({"reading", 3 * kMiB, 0, 0}, 80), "reading  3.0 MiB");
}

TEST(RenderProgress, CountsThingsThatAreNoBytes) {
  EXPECT_EQ(RenderProgress({"evaluating", 400, 1000, 300, "examples"}, 120),
            "evaluating   40 % [########............]  400 of 1.0 k examples  300/s  2.0 s left");
  EXPECT_EQ(RenderProgress({"sampling", 3, 12, 1.5, "versions"}, 120),
            "sampling   25 % [#####...............]  3 of 12 versions  1.5/s  6.0 s left");
  EXPECT_EQ(RenderProgress({"predicting", 7, 0, 0, "examples"}, 120), "predicting  7 examples");
}

TEST(RenderProgress, ShowsAStageWithoutNumbers) {
  EXPECT_EQ(RenderProgress({"syncing", 0, 0, 0}, 80), "syncing");
}

TEST(RenderProgress, StaysSaneBeyondTheTotal) {
  EXPECT_EQ(RenderProgress({"x", 9, 3, 1}, 80),
            "x  100 % [####################]  9 B of 3 B  1 B/s");
}

TEST(RenderProgress, EscapesTheStage) {
  EXPECT_EQ(RenderProgress({"\x1b[2J", 1, 0, 0}, 80), "\\x1b[2J  1 B");
}

}  // namespace
}  // namespace dlv::cli
