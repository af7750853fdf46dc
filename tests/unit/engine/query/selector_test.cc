#include "engine/query/selector.h"

#include <gtest/gtest.h>

namespace dlv::query {
namespace {

bool Matches(const char* selector, const char* name) {
  const auto compiled = Selector::Compile(selector);
  EXPECT_TRUE(compiled.ok()) << selector << ": " << compiled.error().message;
  return compiled.ok() && compiled->Matches(name);
}

std::vector<std::string> Captures(const char* selector, const char* name) {
  const auto compiled = Selector::Compile(selector);
  std::vector<std::string> values;
  if (!compiled.ok() || !compiled->Match(name, &values)) return {"no match"};
  return values;
}

using Texts = std::vector<std::string>;

TEST(Selector, IsAnchoredAndKnowsCase) {
  EXPECT_TRUE(Matches("conv1", "conv1"));
  EXPECT_FALSE(Matches("conv1", "conv10"));
  EXPECT_FALSE(Matches("conv1", "Conv1"));
  EXPECT_FALSE(Matches("conv1", "xconv1"));
}

TEST(Selector, StarCrossesDotsAndSlashes) {
  EXPECT_TRUE(Matches("layer*conv?", "layer1.0/conv2"));
  EXPECT_TRUE(Matches("*", ""));
  EXPECT_TRUE(Matches("*", "a\nb\xFF"));
  EXPECT_FALSE(Matches("conv?", "conv"));
  EXPECT_TRUE(Matches("conv?", "conv\xC3\xA4"));
}

TEST(Selector, OneStarBetweenLiterals) {
  const auto matches = [](std::string_view text, std::string_view name) {
    return Selector::Compile(text)->Matches(name);
  };
  EXPECT_TRUE(matches("a*b", "ab"));
  EXPECT_TRUE(matches("a*b", "axb"));
  EXPECT_FALSE(matches("ab*ab", "ab"));  // the ends do not overlap
  EXPECT_TRUE(matches("ab*ab", "abab"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("*.b", "a\n\xff.b"));
  EXPECT_TRUE(matches("\\**", "*x"));
  EXPECT_FALSE(matches("\\**", "x"));
  EXPECT_TRUE(matches("conv*($1)", "conv12"));
  EXPECT_FALSE(matches("conv*($1)", "con"));
}

TEST(Selector, BracketsAreSetsOrAlternatives) {
  EXPECT_TRUE(Matches("conv[1,3,5]", "conv3"));
  EXPECT_FALSE(Matches("conv[1,3,5]", "conv,"));
  EXPECT_TRUE(Matches("[conv,fc10]", "fc10"));
  EXPECT_TRUE(Matches("conv[1-3]", "conv2"));
  EXPECT_FALSE(Matches("conv[1-3]", "conv4"));
  EXPECT_TRUE(Matches("conv[!1-3]", "conv4"));
  EXPECT_TRUE(Matches("a[.^]b", "a^b"));
  EXPECT_TRUE(Matches("a[-x]b", "a-b"));
  EXPECT_FALSE(Matches("a[.]b", "axb"));
  EXPECT_TRUE(Matches("a[a.b,(c]", "aa.b"));
  EXPECT_FALSE(Matches("a[a.b,(c]", "aaxb"));
}

TEST(Selector, BackslashAndOtherSignsStandForThemselves) {
  EXPECT_TRUE(Matches("a\\*b", "a*b"));
  EXPECT_FALSE(Matches("a\\*b", "axb"));
  EXPECT_TRUE(Matches("a\\[0\\]", "a[0]"));
  EXPECT_TRUE(Matches("a.b+c(d)$x^", "a.b+c(d)$x^"));
  EXPECT_FALSE(Matches("a.b", "axb"));
}

TEST(Selector, CapturesWhatTheElementBeforeMatched) {
  EXPECT_EQ(Captures("conv*($1)", "conv12"), (Texts{"12"}));
  EXPECT_EQ(Captures("layer?($2).*($1)", "layer3.conv"), (Texts{"conv", "3"}));
  EXPECT_EQ(Captures("conv[1,12]($1)_*", "conv12_a"), (Texts{"12"}));
  EXPECT_EQ(Captures("relu$1", "relu7"), (Texts{"7"}));
  EXPECT_EQ(Captures("re:conv([0-9]+)_(.*)", "conv12_x"), (Texts{"12", "x"}));
  EXPECT_EQ(Captures("conv1", "conv1"), Texts{});
  EXPECT_EQ(Captures("conv*($1)", "fc1"), (Texts{"no match"}));
}

TEST(Selector, KnowsOperatorsAndFamilies) {
  EXPECT_EQ(Selector::Compile("@Conv")->target(), SelectorTarget::kOperator);
  EXPECT_EQ(Selector::Compile("@CONV")->target(), SelectorTarget::kFamily);
  EXPECT_EQ(Selector::Compile("@LSTM")->target(), SelectorTarget::kOperator);
  EXPECT_EQ(Selector::Compile("conv")->target(), SelectorTarget::kName);
  EXPECT_TRUE(Matches("@Conv", "Conv"));
  EXPECT_FALSE(Matches("@Conv", "conv"));
}

TEST(Selector, TellsExactNames) {
  EXPECT_EQ(Selector::Compile("conv1")->exact(), "conv1");
  EXPECT_EQ(Selector::Compile("a\\*")->exact(), "a*");
  EXPECT_EQ(Selector::Compile("conv*")->exact(), "");
  EXPECT_EQ(Selector::Compile("conv[1]")->exact(), "");
  EXPECT_EQ(Selector::Compile("re:conv1")->exact(), "");
}

TEST(Selector, SearchesAnywhere) {
  EXPECT_TRUE(Selector::CompileSearch("v[0-9]$")->Matches("conv1"));
  EXPECT_FALSE(Selector::CompileSearch("^v[0-9]$")->Matches("conv1"));
  EXPECT_FALSE(Selector::CompileSearch("(").ok());
}

TEST(Selector, TakesLinearTime) {
  const auto compiled = Selector::Compile("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*ab");
  ASSERT_TRUE(compiled.ok());
  EXPECT_FALSE(compiled->Matches(std::string(20000, 'a')));  // hours, where it is not
}

TEST(Selector, RefusesWithThePlace) {
  std::size_t at = 0;
  const auto refused = [&](const std::string& text) {
    const auto compiled = Selector::Compile(text, &at);
    return compiled.ok() ? "ok" : std::to_string(at) + " " + compiled.error().message;
  };
  EXPECT_EQ(refused("conv[1"), "4 a \"[\" that is not closed");
  EXPECT_EQ(refused("conv*($0)"), "5 a capture is written ($1) to ($9)");
  EXPECT_EQ(refused("a*($1)($2)"), "6 two captures of one element");
  EXPECT_EQ(refused(std::string(5000, 'a')), "0 a selector of 5000 bytes, at most 4096 are taken");
  EXPECT_EQ(refused("re:" + std::string(10, '(') + std::string(10, ')')),
            "3 a regular expression with more than 9 groups");
  EXPECT_EQ(refused("re:(a{1000}){1000}").substr(0, 43),
            "3 a regular expression that does not parse:");
}

}  // namespace
}  // namespace dlv::query
