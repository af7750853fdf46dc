#include "storage/store/log_graph.h"

#include <gtest/gtest.h>

namespace dlv::store {
namespace {

std::string Join(const std::vector<std::string>& drawings) {
  std::string all;
  for (const std::string& drawing : drawings) all += drawing + "\n";
  std::string trimmed;  // trailing blanks are padding
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = all.find('\n', at);
    std::string line = all.substr(at, end - at);
    while (line.ends_with(' ')) line.pop_back();
    trimmed += line + "\n";
    at = end + 1;
  }
  return trimmed;
}

TEST(LogGraph, DrawsALineAsOneColumn) {
  EXPECT_EQ(Join(DrawLogGraph({{1}, {2}, {}})), "*\n*\n*\n");
}

TEST(LogGraph, ForkJoinsAtTheCommonParent) {
  // 0 and 1 are both children of 2.
  EXPECT_EQ(Join(DrawLogGraph({{2}, {2}, {}})),
            "*\n"
            "| *\n"
            "|/\n"
            "*\n");
}

TEST(LogGraph, MergeOpensASecondColumn) {
  // 0 has the parents 1 and 2, both children of 3.
  EXPECT_EQ(Join(DrawLogGraph({{1, 2}, {3}, {3}, {}})),
            "*\n"
            "|\\\n"
            "* |\n"
            "| *\n"
            "|/\n"
            "*\n");
}

TEST(LogGraph, TwoRootsStandApart) { EXPECT_EQ(Join(DrawLogGraph({{}, {}})), "*\n*\n"); }

TEST(LogGraph, PadsEveryLineToOneWidth) {
  for (const std::string& drawing : DrawLogGraph({{2}, {2}, {}})) {
    for (std::size_t at = 0; at <= drawing.size();) {
      const std::size_t end = std::min(drawing.find('\n', at), drawing.size());
      EXPECT_EQ(end - at, 4U) << drawing;
      at = end + 1;
    }
  }
}

}  // namespace
}  // namespace dlv::store
