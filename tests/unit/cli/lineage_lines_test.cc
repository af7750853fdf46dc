#include "cli/lineage_lines.h"

#include <gtest/gtest.h>

namespace dlv::cli {
namespace {

using Parents = std::vector<std::vector<std::size_t>>;

std::vector<LineagePoint> PointsOf(const Parents& parents) {
  std::vector<LineagePoint> points;
  for (const auto& one : parents) points.push_back({one, false});
  return points;
}

/// The drawing as one text; '\n' between rows.
std::string Drawn(const Parents& parents, Glyphs glyphs = Glyphs::kBlocks) {
  std::string text;
  for (const std::string& row : DrawLineageLines(PointsOf(parents), glyphs))
    text += (text.empty() ? "" : "\n") + row;
  return text;
}

TEST(LineageLines, AChainIsALine) { EXPECT_EQ(Drawn({{1}, {2}, {}}), "●\n●\n●"); }

TEST(LineageLines, ChildrenOfOneParentHangOnItsLane) {
  EXPECT_EQ(Drawn({{3}, {3}, {3}, {}}), "●\n├─●\n├─●\n●");
}

TEST(LineageLines, AMergeOpensALaneThatAChildJoins) {
  // 0 merges 1 and 2, both of which come from 3.
  EXPECT_EQ(Drawn({{1, 2}, {3}, {3}, {}}), "●─╮\n● │\n├─●\n●");
}

TEST(LineageLines, ALineThatLeavesPassesUnderOthers) {
  // 0 and 1 have parents of their own (4, 3); 2 comes from 4 as 0 does.
  EXPECT_EQ(Drawn({{4}, {3}, {4}, {}, {}}), "●\n│ ●\n├─│─●\n│ ●\n●");
}

TEST(LineageLines, MoreParentsOnEitherSide) {
  EXPECT_EQ(Drawn({{3}, {4}, {4, 3}, {}, {}}), "●\n│ ●\n├─┼─●\n● │\n  ●");
  EXPECT_EQ(Drawn({{1, 2, 3}, {}, {}, {}}), "●─┬─╮\n● │ │\n  ● │\n    ●");
}

TEST(LineageLines, AFreeLaneIsTakenAgain) { EXPECT_EQ(Drawn({{1}, {}, {3}, {}}), "●\n●\n●\n●"); }

TEST(LineageLines, HollowAndAscii) {
  std::vector<LineagePoint> points = PointsOf({{1, 2}, {3}, {3}, {}});
  points.back().hollow = true;
  const auto rows = DrawLineageLines(points, Glyphs::kAscii);
  EXPECT_EQ(rows, (std::vector<std::string>{"*-.", "* |", "+-*", "o"}));
  EXPECT_EQ(DrawLineageLines(points, Glyphs::kBlocks).back(), "○");
}

TEST(LineageLines, ParentsThatStandAboveAreLeftOut) {
  EXPECT_EQ(Drawn({{1}, {0}}), "●\n●");
  EXPECT_EQ(Drawn({{0}}), "●");
  EXPECT_EQ(Drawn({}), "");
}

TEST(LineageLines, OrderKeepsLinesTogether) {
  // Two chains that were made by turns: 0 <- 2 <- 4 and 1 <- 3 <- 5.
  const auto order = OrderForLines(PointsOf({{}, {}, {0}, {1}, {2}, {3}}));
  EXPECT_EQ(order, (std::vector<std::size_t>{5, 3, 1, 4, 2, 0}));
}

TEST(LineageLines, OrderHasChildrenFirstWhateverTheClocksSay) {
  EXPECT_EQ(OrderForLines(PointsOf({{2}, {0}, {}})), (std::vector<std::size_t>{1, 0, 2}));
  EXPECT_EQ(OrderForLines(PointsOf({{1}, {0}, {}})),
            (std::vector<std::size_t>{2, 1, 0}));  // a cycle
  EXPECT_EQ(OrderForLines(PointsOf({{}, {0, 0}})), (std::vector<std::size_t>{1, 0}));
}

TEST(LineageLines, AWideStarStaysNarrow) {
  Parents star(1000, {1000});
  star.push_back({});
  for (const std::string& row : DrawLineageLines(PointsOf(star), Glyphs::kAscii))
    EXPECT_LE(row.size(), 3U);
}

}  // namespace
}  // namespace dlv::cli
