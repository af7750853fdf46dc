#include "engine/query/parse.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/query/diagnostics.h"
#include "engine/query/print.h"
#include "tests/support/language_file.h"
#include "tests/support/slow_build.h"
#include "tests/support/source_root.h"

namespace dlv::query {
namespace {

/// What printing the parsed statement gives; or "error LINE:COLUMN message" and "hint ...".
std::vector<std::string> ParseOutcome(const std::string& text) {
  Place place;
  const auto statement = Parse(text, {}, &place);
  if (statement.ok()) return {Print(*statement)};
  const auto shown = Diagnose(text, statement.error(), place);
  std::vector<std::string> lines = {"error " + std::to_string(shown.place->line) + ":" +
                                    std::to_string(shown.place->column) + " " +
                                    statement.error().message};
  if (!statement.error().hint.empty()) lines.push_back("hint " + statement.error().hint);
  return lines;
}

class ParseFile : public ::testing::TestWithParam<const char*> {};

TEST_P(ParseFile, GivesWhatItSays) {
  const auto cases = testing::ReadLanguageFile(testing::SourceRoot() / "tests/dql" / GetParam());
  ASSERT_FALSE(cases.empty());
  for (const auto& one : cases) {
    EXPECT_EQ(ParseOutcome(one.statement), one.expected) << GetParam() << ":" << one.line;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, ParseFile, ::testing::Values("parse.test", "syntax_errors.test"));

TEST(Parse, PrintingGivesTheSameTree) {
  Place place;
  for (const auto& one :
       testing::ReadLanguageFile(testing::SourceRoot() / "tests/dql/parse.test")) {
    const auto first = Parse(one.statement, {}, &place);
    ASSERT_TRUE(first.ok()) << one.line << ": " << first.error().message;
    const std::string printed = Print(*first);
    const auto second = Parse(printed, {}, &place);
    ASSERT_TRUE(second.ok()) << printed << ": " << second.error().message;
    EXPECT_EQ(*first, *second) << printed;
    EXPECT_EQ(Print(*second), printed);
  }
}

// A nested query takes fifteen frames of the parser, which AddressSanitizer makes ten times as
// large: 500 would not fit its stack.
constexpr int kNestedQueries = testing::kSlowBuild ? 100 : 500;

TEST(Parse, RefusesDepthAndLengthBeforeParsing) {
  Place place;
  const auto refused = [&](const std::string& text, const ParseLimits& limits = {}) {
    const auto result = Parse(text, limits, &place);
    return result.ok() ? "ok" : result.error().message;
  };
  const auto nested = [](std::size_t depth) {
    return "select " + std::string(depth, '(') + "1" + std::string(depth, ')');
  };
  EXPECT_EQ(refused(nested(500)), "ok");
  EXPECT_EQ(refused(nested(501)), "nested deeper than 500 levels");
  EXPECT_EQ(refused(nested(200000)), "nested deeper than 500 levels");
  std::string queries = "select 1", brackets = "select ";
  for (int i = 0; i < 501; ++i) brackets += "m[";
  for (int i = 0; i < kNestedQueries; ++i) queries = "select (" + queries + ")";
  EXPECT_EQ(refused(queries), "ok");
  EXPECT_EQ(refused(brackets), "nested deeper than 500 levels");
  std::string negations = "select ", sums = "select 1", paths = "select m";
  for (int i = 0; i < 501; ++i) negations += "not ", sums += " + 1", paths += ".a";
  EXPECT_EQ(refused(negations + "true"), "nested deeper than 500 levels");
  EXPECT_EQ(refused(sums), "more than 500 operators in a row");
  EXPECT_EQ(refused(paths), "more than 500 operators in a row");
  EXPECT_EQ(refused("select 1", {.max_depth = 500, .max_statement_bytes = 7}),
            "the statement has 8 bytes, at most 7 are taken");
  EXPECT_EQ(refused(std::string((1 << 20) + 1, ' ')),
            "the statement has 1048577 bytes, at most 1048576 are taken");
}

TEST(Parse, ShortensLongListsAndKeepsThem) {
  Place place;
  std::string numbers = "0", texts = "\"t\"";
  for (int i = 1; i < 20; ++i) numbers += ", " + std::to_string(i), texts += ", \"t\"";
  for (const std::string& text :
       {"select m where m.number in [" + numbers + "]",
        "select [" + texts + "], [[" + numbers + "]]",
        "select m where m.name not in [" + texts + "] and m.number in [1, 2]"}) {
    const auto tree = Parse(text, {}, &place);
    ASSERT_TRUE(tree.ok()) << tree.error().message;
    EXPECT_EQ(Print(*tree), text);
  }
  const auto refused = [&](const std::string& text) {
    const auto tree = Parse(text, {}, &place);
    return tree.ok() ? "ok" : tree.error().message;
  };
  EXPECT_EQ(refused("select m[" + numbers + "]").substr(0, 7), "got \",\"");
  EXPECT_EQ(refused("select (" + numbers + ")").substr(0, 7), "got \",\"");
  std::string many = "select m where m.number in (1";
  while (many.size() < 10000) many += ",1";
  const ParseLimits few{.max_depth = 500, .max_statement_bytes = 1 << 20, .max_words = 20};
  EXPECT_TRUE(Parse(many + ")", few, &place).ok());
  const auto words = Parse("select 1,1,1,1,1,1,1,1,1,1", few, &place);
  ASSERT_FALSE(words.ok());
  EXPECT_EQ(words.error().message, "the statement has 21 words, at most 20 are taken");
}

TEST(Parse, TakesLongStatements) {
  std::string text = "select m where m.number in (0";
  for (int i = 1; i < 500; ++i) text += ", " + std::to_string(i);
  text += ")";
  for (int i = 0; i < 200; ++i) text += " or m.name = \"x\"";
  Place place;
  EXPECT_TRUE(Parse(text, {}, &place).ok());
  const auto broken = Parse(text + " or or", {}, &place);
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().message, "got \"or\"");
}

}  // namespace
}  // namespace dlv::query
