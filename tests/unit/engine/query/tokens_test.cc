#include "engine/query/tokens.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "tests/support/source_root.h"

namespace dlv::query {
namespace {

/// Kinds of the tokens, or the error's message.
std::string KindsIn(std::string_view text, const ParseLimits& limits = {}) {
  Place place;
  const auto tokens = Tokenize(text, limits, &place);
  if (!tokens.ok()) return std::to_string(place.begin) + " " + tokens.error().message;
  std::string names;
  for (const Token& token : *tokens) {
    names += std::string(NameOf(token.kind)) + (token.kind == TokenKind::kEnd ? "" : " | ");
  }
  return names;
}

TEST(Tokens, HaveTheNumbersOfTheGrammar) {
  std::ifstream file(testing::SourceRoot() / "grammar/generated/DQL.tokens");
  std::map<int, std::string> names;
  for (std::string line; std::getline(file, line);) {
    const auto equals = line.find('=');
    names[std::stoi(line.substr(equals + 1))] = line.substr(0, equals);
  }
  ASSERT_EQ(names.size(), static_cast<std::size_t>(TokenKind::kEnd) - 1);
  for (auto& [number, name] : names) {
    const auto kind = static_cast<TokenKind>(number);
    if (!IsKeyword(kind)) continue;
    if (name.back() == '_') name.pop_back();
    EXPECT_EQ(KeywordOf(name), kind) << name;
  }
  EXPECT_EQ(names[static_cast<int>(TokenKind::kIdentifier)], "IDENTIFIER");
  EXPECT_EQ(names[static_cast<int>(TokenKind::kParameter)], "PARAMETER");
  EXPECT_EQ(names[static_cast<int>(TokenKind::kSemicolon)], "SEMICOLON");
  EXPECT_EQ(names[static_cast<int>(TokenKind::kConcat)], "CONCAT");
  EXPECT_EQ(names[static_cast<int>(TokenKind::kAt)], "AT");
}

TEST(Tokens, KnowsEveryKind) {
  EXPECT_EQ(KindsIn("SELECT a1 `b c` \"t\" 't' 1 1.5 2e3 :p (.5"),
            "select | a name | a name in backticks | a text in quotes | a text in quotes | a whole "
            "number | a number | a number | a parameter | ( | a number | the end");
  EXPECT_EQ(KindsIn("a<>b<=c||d"), "a name | != | a name | <= | a name | || | a name | the end");
  EXPECT_EQ(KindsIn("-- c\n/* d */ x"), "a name | the end");
  EXPECT_EQ(KindsIn("m[0].5"), "a name | [ | a whole number | ] | . | a whole number | the end");
}

TEST(Tokens, GiveTextsWithoutQuotes) {
  Place place;
  const std::string text = "\"a\"\"b\" 'c''d' `e``f` :limit 'x\\'";
  const auto tokens = Tokenize(text, {}, &place);
  ASSERT_TRUE(tokens.ok());
  EXPECT_EQ(ValueOf(text, (*tokens)[0]), "a\"b");
  EXPECT_EQ(ValueOf(text, (*tokens)[1]), "c'd");
  EXPECT_EQ(ValueOf(text, (*tokens)[2]), "e`f");
  EXPECT_EQ(ValueOf(text, (*tokens)[3]), "limit");
  EXPECT_EQ(ValueOf(text, (*tokens)[4]), "x\\");
}

TEST(Tokens, RefuseWhatHasNoMeaning) {
  EXPECT_EQ(KindsIn("a /* b"), "2 a comment that is not closed");
  EXPECT_EQ(KindsIn("a \"b"), "2 a \" without a partner in its line");
  EXPECT_EQ(KindsIn("a \"b\nc\""), "2 a \" without a partner in its line");
  EXPECT_EQ(KindsIn("1x"), "0 a number that runs into letters: \"1x\"");
  EXPECT_EQ(KindsIn("9223372036854775808"), "0 a whole number beyond 64 bits");
  EXPECT_EQ(KindsIn("1e999"), "0 a number beyond the range of reals");
  EXPECT_EQ(KindsIn("\x01"), "0 a character that has no meaning here");
  EXPECT_EQ(KindsIn("``"), "0 a name in backticks is empty");
  EXPECT_EQ(KindsIn("a = :1"), "4 a \":\" without a name");
}

TEST(Tokens, CountDepthOfBracketsAndSigns) {
  const ParseLimits limits{.max_depth = 3, .max_statement_bytes = 100};
  EXPECT_EQ(KindsIn("((()))", limits), "( | ( | ( | ) | ) | ) | the end");
  EXPECT_EQ(KindsIn("(((()", limits), "3 nested deeper than 3 levels");
  EXPECT_EQ(KindsIn("not not not not", limits), "12 nested deeper than 3 levels");
  EXPECT_EQ(KindsIn("not (not (not", limits), "9 nested deeper than 3 levels");
  EXPECT_EQ(KindsIn("not a not b not c not d", limits),
            "not | a name | not | a name | not | a name | not | a name | the end");
  EXPECT_EQ(KindsIn("[](][)()[]", limits).substr(0, 5), "[ | ]");
  EXPECT_EQ(KindsIn(std::string(101, ' '), limits),
            "0 the statement has 101 bytes, at most 100 are taken");
}

}  // namespace
}  // namespace dlv::query
