#include "cli/query/query_output.h"

#include <gtest/gtest.h>

#include <limits>

#include "cli/query/query_text.h"
#include "cli/query/run_statement.h"
#include "cli/text.h"

namespace dlv::cli {
namespace {

QueryResult Sample() {
  QueryResult result;
  result.columns = {{"name", "text"}, {"n", "integer"}, {"acc", "real"}};
  result.rows = {
      {{std::string("lenet")}, {std::int64_t{3}}, {0.912}},
      {{std::string("鳥, \"the\" | bird")}, {}, {std::numeric_limits<double>::quiet_NaN()}},
      {{std::string("evil\x1b[31m")}, {std::int64_t{-1}}, {0.1 + 0.2}}};
  return result;
}

std::vector<std::string> LinesIn(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

QueryView ViewOf(QueryMode mode, std::size_t width = 0, Glyphs glyphs = Glyphs::kAscii) {
  return {mode, width, glyphs, Style(false)};
}

TEST(QueryOutput, BoxHasTypesAndNumbersToTheRight) {
  EXPECT_EQ(RenderResult(Sample(), ViewOf(QueryMode::kBox)),
            "+------------------+---------+-------+\n"
            "| name             |       n |   acc |\n"
            "| text             | integer |  real |\n"
            "+------------------+---------+-------+\n"
            "| lenet            |       3 | 0.912 |\n"
            "| 鳥, \"the\" | bird |    NULL |   NaN |\n"
            "| evil\\x1b[31m     |      -1 |   0.3 |\n"
            "+------------------+---------+-------+\n"
            "3 rows\n");
}

TEST(QueryOutput, BoxFitsEveryWidth) {
  QueryResult wide = Sample();
  for (int i = 0; i < 12; ++i) {
    wide.columns.push_back({"column_" + std::to_string(i), "list(integer)"});
    for (auto& row : wide.rows) row.push_back({std::string("a rather long text, 日本語 too")});
  }
  for (const std::size_t width : {16U, 20U, 40U, 80U, 200U}) {
    const auto lines = LinesIn(RenderBox(wide, ViewOf(QueryMode::kBox, width, Glyphs::kBlocks)));
    const std::size_t first = DisplayWidth(lines.front());
    for (const std::string& line : lines) {
      EXPECT_LE(DisplayWidth(line), width) << line;
      if (line.front() != '(') {
        EXPECT_EQ(DisplayWidth(line), first) << line;
      }
    }
  }
  // The first column is there at all widths, and so is the last where there is room for two.
  const std::string text = RenderBox(wide, ViewOf(QueryMode::kBox, 40, Glyphs::kBlocks));
  EXPECT_NE(text.find("name"), std::string::npos);
  EXPECT_NE(text.find("…"), std::string::npos);
  EXPECT_NE(text.find("columns left out"), std::string::npos);
}

TEST(QueryOutput, CsvQuotesWhatNeedsIt) {
  EXPECT_EQ(RenderCsv(Sample()),
            "name,n,acc\r\nlenet,3,0.912\r\n\"鳥, \"\"the\"\" | bird\",,nan\r\n"
            "evil\x1b[31m,-1,0.30000000000000004\r\n");
  QueryResult one;
  one.columns = {{"x", "text"}};
  one.rows = {{{}}};
  EXPECT_EQ(RenderCsv(one), "x\r\n\"\"\r\n");
}

TEST(QueryOutput, MarkdownEscapesBars) {
  EXPECT_EQ(RenderMarkdown(Sample()),
            "| name | n | acc |\n| --- | ---: | ---: |\n| lenet | 3 | 0.912 |\n"
            "| 鳥, \"the\" \\| bird |  | NaN |\n| evil\\\\x1b[31m | -1 | 0.3 |\n");
}

TEST(QueryOutput, LinesAreBlocksOfNamesAndValues) {
  QueryResult result = Sample();
  result.rows.resize(2);
  EXPECT_EQ(RenderLines(result, ViewOf(QueryMode::kLine)),
            "name = lenet\n   n = 3\n acc = 0.912\n\n"
            "name = 鳥, \"the\" | bird\n   n = NULL\n acc = NaN\n");
}

TEST(QueryOutput, JsonHasEveryTypeAndKeysOnce) {
  QueryResult result = Sample();
  result.columns.push_back({"name", "version"});
  result.columns.push_back({"when", "timestamp"});
  for (auto& row : result.rows) {
    row.push_back({QueryVersion{{}, "lenet:v3"}});
    row.push_back({QueryTime{0}});
  }
  const std::string lines = QueryLines(result);
  EXPECT_NE(lines.find("\"name\":\"lenet\",\"n\":3,\"acc\":0.912,\"name_2\":{\"reference\":"),
            std::string::npos)
      << lines;
  EXPECT_NE(lines.find("\"n\":null,\"acc\":null"), std::string::npos) << lines;
  EXPECT_NE(lines.find("\"when\":\"1970-01-01T00:00:00Z\""), std::string::npos) << lines;
}

TEST(QueryOutput, ValuesOfAllKinds) {
  EXPECT_EQ(ValueForPeople({true}), "true");
  EXPECT_EQ(ValueForPeople({QueryTime{1'700'000'000}}), "2023-11-14 22:13:20");
  EXPECT_EQ(ValueForPeople({QueryNode{"lenet:v1", "conv1", "Conv"}}), "lenet:v1/conv1");
  EXPECT_EQ(ValueForPeople({QueryNode{"", "conv1", "Conv"}}), "conv1");
  EXPECT_EQ(ValueForPeople({QueryList{{std::int64_t{1}}, {}}}), "[1, NULL]");
  EXPECT_EQ(ValueForPeople({QueryList(20, QueryValue{true})}).substr(91), "true, +4]");
  EXPECT_EQ(ValueForPrograms({std::numeric_limits<double>::infinity()}), "inf");
  EXPECT_EQ(ValueForPrograms({1e300}), "1e+300");
  EXPECT_EQ(ValueForPrograms({QueryList{{std::string("a")}, {0.5}}}), "[a, 0.5]");
}

TEST(QueryOutput, ModesHaveNames) {
  for (const std::string_view name : QueryModeNames())
    EXPECT_EQ(NameOf(*QueryModeFromName(name)), name);
  EXPECT_FALSE(QueryModeFromName("boxes").has_value());
}

TEST(PlaceStatements, KeepsTheLinesOfTheFile) {
  const auto placed = PlaceStatements("select 1;\n\n select\n 2; x");
  ASSERT_EQ(placed.size(), 3U);
  EXPECT_EQ(placed[0].text, "select 1");
  EXPECT_EQ(placed[1].text, "\n\nselect\n 2");
  EXPECT_EQ(placed[2].text, "\n\n\nx");
  EXPECT_TRUE(placed[1].complete);
  EXPECT_FALSE(placed[2].complete);
}

}  // namespace
}  // namespace dlv::cli
