#include "cli/watch_rules.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dlv::cli {
namespace {

std::string Gone(const char* rules, const std::vector<KeepCandidate>& candidates) {
  std::string text;
  for (const std::string& name : NotKept(ParseKeepRules(rules, "--keep").value(), candidates))
    text += (text.empty() ? "" : " ") + name;
  return text;
}

const std::vector<KeepCandidate> kRun = {{"m:v1", 1000, {{"acc", 0.7}, {"loss", 0.9}}},
                                         {"m:v2", 1500, {{"acc", 0.9}, {"loss", 0.5}}},
                                         {"m:v3", 2000, {{"acc", 0.8}, {"loss", 0.4}}},
                                         {"m:v4", std::nullopt, {{"acc", std::nan("")}}},
                                         {"m:v5", 3000, {}}};

TEST(WatchRules, KeepTheLastAndTheBest) {
  EXPECT_EQ(Gone("last:2", kRun), "m:v1 m:v2 m:v3");
  EXPECT_EQ(Gone("last:9", kRun), "");
  EXPECT_EQ(Gone("best:acc", kRun), "m:v1 m:v3 m:v4 m:v5");
  EXPECT_EQ(Gone("best:acc:min", kRun), "m:v2 m:v3 m:v4 m:v5");
  EXPECT_EQ(Gone("best:loss", kRun), "m:v1 m:v2 m:v4 m:v5");  // a loss is best when small
  EXPECT_EQ(Gone("best:loss:max", kRun), "m:v2 m:v3 m:v4 m:v5");
  EXPECT_EQ(Gone("every:1000", kRun), "m:v2 m:v4");
  EXPECT_EQ(Gone("last:1,best:acc,every:1000", kRun), "m:v4");
  EXPECT_EQ(Gone("best:unheard-of", kRun), "m:v1 m:v2 m:v3 m:v4 m:v5");
}

TEST(WatchRules, OfEqualsTheNewestIsBest) {
  EXPECT_EQ(Gone("best:acc", {{"a", 1, {{"acc", 1}}}, {"b", 2, {{"acc", 1}}}}), "a");
}

TEST(WatchRules, NoRulesKeepAll) { EXPECT_TRUE(NotKept({}, kRun).empty()); }

TEST(WatchRules, RefuseWhatTheyAreNot) {
  for (const char* text : {"", "last", "last:", "last:0", "last:-1", "last:x", "best:", "best::min",
                           "first:3", "last:3,", ",last:3", "last:99999999999999999999"}) {
    const auto rules = ParseKeepRules(text, "--keep");
    ASSERT_FALSE(rules.ok()) << text;
    EXPECT_EQ(rules.error().code, ErrorCode::kInvalidArgument);
    EXPECT_TRUE(rules.error().message.starts_with("--keep: got \"")) << rules.error().message;
  }
}

TEST(WatchRules, NamesOfLosses) {
  for (const char* name : {"loss", "val_loss", "Loss/train", "eval-perplexity", "WER"})
    EXPECT_TRUE(IsBetterSmall(name)) << name;
  for (const char* name : {"acc", "val_acc", "glossary", "f1", "terror"})
    EXPECT_FALSE(IsBetterSmall(name)) << name;
}

}  // namespace
}  // namespace dlv::cli
