#include "storage/store/names.h"

#include <gtest/gtest.h>

#include "storage/store/glob.h"
#include "storage/store/reference.h"

namespace dlv::store {
namespace {

TEST(Glob, MatchesAsAShellDoes) {
  EXPECT_TRUE(GlobMatches("*", ""));
  EXPECT_TRUE(GlobMatches("layer?.*", "layer1.conv.weight"));
  EXPECT_FALSE(GlobMatches("layer?.*", "layer12.conv"));
  EXPECT_TRUE(GlobMatches("[a-c]x", "bx"));
  EXPECT_FALSE(GlobMatches("[!a-c]x", "bx"));
  EXPECT_TRUE(GlobMatches("a[", "a["));
  EXPECT_TRUE(GlobMatches("\\*", "*"));
  EXPECT_FALSE(GlobMatches("\\*", "x"));
  EXPECT_TRUE(GlobMatches("*a*b*c", "xxaxxbxxbxc"));
}

TEST(Glob, IsNotExponential) {
  EXPECT_FALSE(GlobMatches("*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(2000, 'a')));
}

TEST(Names, ModelNamesAndAliases) {
  EXPECT_TRUE(CheckModelName("resnet-50_v1.5").ok());
  EXPECT_TRUE(CheckModelName("modèle").ok());
  for (const char* bad : {"", "a b", "a:b", "a@b", "a#1", "-x", ".x", "a/b", "\xff"}) {
    EXPECT_FALSE(CheckModelName(bad).ok()) << bad;
  }
  EXPECT_TRUE(CheckAliasName("best").ok());
  EXPECT_FALSE(CheckAliasName("latest").ok());
  EXPECT_FALSE(CheckAliasName("v3").ok());
  EXPECT_TRUE(CheckAliasName("v3b").ok());
}

TEST(Names, ReservedPathsInAnySpelling) {
  for (const char* bad : {".dlv/x", "a/.Git", ".git. ", "GIT~1/x", "a/.\xe2\x80\x8cgit", "a\\b",
                          "a/./b", "..", "a/"}) {
    EXPECT_FALSE(CheckFilePath(bad).ok()) << bad;
  }
  EXPECT_TRUE(CheckFilePath("run/.gitignore").ok());
}

TEST(Names, PathsThatWouldOverwriteEachOther) {
  EXPECT_FALSE(CheckPathsTogether({"a/B", "a/b"}).ok());
  EXPECT_FALSE(CheckPathsTogether({"a", "a/b"}).ok());
  EXPECT_TRUE(CheckPathsTogether({"a.b", "a/b"}).ok());
}

TEST(Names, SuggestsTheNearest) {
  const std::vector<std::string> names = {"resnet", "lenet", "vgg"};
  EXPECT_EQ(DidYouMean("lenett", names), "did you mean lenet?");
  EXPECT_EQ(DidYouMean("Lneet", names), "did you mean lenet?") << "two letters swapped";
  EXPECT_EQ(DidYouMean("transformer", names), "");
}

TEST(Reference, ParsesEverySuffix) {
  const auto reference = ParseReference("net:v12~2^3#-5/a.*/b");
  ASSERT_TRUE(reference.ok()) << reference.error().message;
  EXPECT_EQ(reference->model, "net");
  EXPECT_EQ(reference->number, 12U);
  ASSERT_EQ(reference->steps.size(), 2U);
  EXPECT_FALSE(reference->steps[0].is_parent);
  EXPECT_EQ(reference->steps[0].count, 2U);
  EXPECT_TRUE(reference->steps[1].is_parent);
  EXPECT_EQ(reference->steps[1].count, 3U);
  EXPECT_EQ(reference->snapshot_step, -5);
  EXPECT_EQ(reference->tensor_pattern, "a.*/b");
  EXPECT_EQ(ParseReference("net@9F31C2")->id_prefix, "9f31c2");
  EXPECT_EQ(ParseReference("net:best")->alias, "best");
}

TEST(Reference, SaysWhereItIsWrong) {
  for (const char* bad : {"", ":v1", "net:", "net:v0", "net@12", "net@xyzw", "net#x", "net:v1x~z",
                          "net^0", "a b", "net:v99999999999999999999"}) {
    const auto reference = ParseReference(bad);
    ASSERT_FALSE(reference.ok()) << bad;
    EXPECT_EQ(reference.error().code, ErrorCode::kSyntax) << bad;
  }
}

TEST(Reference, TensorPatterns) {
  const auto matches = [](const char* pattern, TensorRole role, const char* file,
                          const char* name) {
    const auto parsed = TensorPattern::Parse(pattern);
    return parsed.ok() && parsed->Matches(role, file, name);
  };
  EXPECT_TRUE(matches("conv*", TensorRole::kParameter, "m.pt", "conv1.weight"));
  EXPECT_FALSE(matches("conv*", TensorRole::kOptimizer, "m.pt", "conv1.weight"));
  EXPECT_TRUE(matches("@optimizer/conv*", TensorRole::kOptimizer, "m.pt", "conv1.weight"));
  EXPECT_TRUE(matches("b.pt//w", TensorRole::kParameter, "b.pt", "w"));
  EXPECT_FALSE(matches("b.pt//w", TensorRole::kParameter, "a.pt", "w"));
  EXPECT_TRUE(matches("\"a*b\"", TensorRole::kParameter, "", "a*b"));
  EXPECT_FALSE(matches("\"a*b\"", TensorRole::kParameter, "", "axb"));
  EXPECT_FALSE(TensorPattern::Parse("@weights/x").ok());
  EXPECT_FALSE(TensorPattern::Parse("\"open").ok());
}

}  // namespace
}  // namespace dlv::store
