#include "cli/table.h"

#include <gtest/gtest.h>

#include <sstream>

namespace dlv::cli {
namespace {

Table SampleTable() {
  Table table({{"NAME", Align::kLeft, 0, 6, Cut::kMiddle},
               {"SIZE", Align::kRight},
               {"METRICS", Align::kLeft, 1, 9, Cut::kParts},
               {"MESSAGE", Align::kLeft, 2, 5}});
  table.AddRow({"lenet:v1", "7 B", "acc 0.912  loss 0.1", "the baseline"});
  table.AddRow({"鳥の分類器", "1.2 KiB", "acc 0.1", ""});
  return table;
}

std::size_t WidestLine(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, DisplayWidth(line));
  return widest;
}

TEST(Table, AlignsColumnsByCells) {
  EXPECT_EQ(SampleTable().Render(0, Style()),
            "NAME           SIZE  METRICS              MESSAGE\n"
            "lenet:v1        7 B  acc 0.912  loss 0.1  the baseline\n"
            "鳥の分類器  1.2 KiB  acc 0.1\n");
}

TEST(Table, FitsEveryWidthFromItsMinimumOn) {
  for (std::size_t width = 15; width <= 80; ++width) {
    EXPECT_LE(WidestLine(SampleTable().Render(width, Style())), width) << "width " << width;
  }
}

TEST(Table, CutsBeforeItDropsAndDropsByRank) {
  Table table = SampleTable();
  table.Render(40, Style());
  EXPECT_EQ(table.hidden_columns(), 0U);
  const std::string narrow = table.Render(30, Style());
  EXPECT_EQ(table.hidden_columns(), 1U);
  EXPECT_EQ(narrow.find("MESSAGE"), std::string::npos);
  EXPECT_NE(narrow.find("METRICS"), std::string::npos);
  table.Render(16, Style());
  EXPECT_EQ(table.hidden_columns(), 2U);
}

TEST(Table, LeavesEmptyColumnsOutWithoutAWord) {
  Table table({{"A"}, {"EMPTY"}, {"B"}});
  table.AddRow({"1", "", "2"});
  EXPECT_EQ(table.Render(0, Style()), "A  B\n1  2\n");
  EXPECT_EQ(table.hidden_columns(), 0U);
}

TEST(Table, EscapesCells) {
  Table table({{"A"}});
  table.AddRow({"x\x1b[2J\ny"});
  EXPECT_EQ(table.Render(0, Style()), "A\nx\\x1b[2J\\x0ay\n");
}

TEST(Table, PaintsWithoutMovingColumns) {
  Table table({{"A"}, {"B"}});
  table.AddRow({"x", "y"}, {Paint::kRed});
  table.AddRow({"long", "z"});
  EXPECT_EQ(table.Render(0, Style(true)),
            "\x1b[2mA\x1b[0m     \x1b[2mB\x1b[0m\n\x1b[31mx\x1b[0m     y\nlong  z\n");
}

}  // namespace
}  // namespace dlv::cli
