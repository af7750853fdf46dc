#include "cli/suggest.h"

#include <gtest/gtest.h>

#include "cli/output.h"

namespace dlv::cli {
namespace {

using Names = std::vector<std::string>;

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(EditDistance("", ""), 0U);
  EXPECT_EQ(EditDistance("", "abc"), 3U);
  EXPECT_EQ(EditDistance("commit", "comit"), 1U);
  EXPECT_EQ(EditDistance("list", "lsit"), 1U);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3U);
}

TEST(Nearest, OffersTheNearestFirst) {
  const Names commands = {"checkout", "commit", "list", "log", "rm", "gc"};
  EXPECT_EQ(Nearest("comit", commands), (Names{"commit"}));
  EXPECT_EQ(Nearest("lst", commands), (Names{"list"}));
  EXPECT_EQ(Nearest("check", commands), (Names{"checkout"}));
  EXPECT_EQ(Nearest("zebra", commands), Names{});
  EXPECT_EQ(Nearest("xx", commands), Names{});
  EXPECT_EQ(Nearest("", commands), Names{});
}

TEST(DidYouMean, IsASentence) {
  EXPECT_EQ(DidYouMean(Names{}), "");
  EXPECT_EQ(DidYouMean(Names{"a"}), "did you mean \"a\"?");
  EXPECT_EQ(DidYouMean(Names{"a", "b", "c"}), "did you mean \"a\", \"b\" or \"c\"?");
}

TEST(SuggestionsIn, FindsTheNamesOfAHint) {
  EXPECT_EQ(SuggestionsIn("Did you mean \"resnet18\" (3 versions)?"), (Names{"resnet18"}));
  EXPECT_EQ(SuggestionsIn(DidYouMean(Names{"a", "b"})), (Names{"a", "b"}));
  EXPECT_EQ(SuggestionsIn("did you mean resnet18?"), (Names{"resnet18"}));
  EXPECT_EQ(SuggestionsIn("did you mean a, b or c? or not"), (Names{"a", "b", "c"}));
  EXPECT_EQ(SuggestionsIn("see \"dlv help\""), Names{});
  EXPECT_EQ(SuggestionsIn("did you mean \"half"), Names{});
}

}  // namespace
}  // namespace dlv::cli
