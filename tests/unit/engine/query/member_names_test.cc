#include "engine/query/member_names.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dlv::query {
namespace {

bool Offers(std::string_view text, const std::string& name) {
  const std::vector<std::string> names = MemberNames(text);
  return std::find(names.begin(), names.end(), name) != names.end();
}

TEST(MemberNames, OfAVersion) {
  for (const char* text :
       {"select m", "select m.name from versions m where m", "",
        "select x from parent(m) x where x", "select x from \"len*\" as x where x",
        "select e from lineage e where e.parent"}) {
    EXPECT_TRUE(Offers(text, "metrics")) << text;
    EXPECT_TRUE(Offers(text, "creation_time")) << text;
    EXPECT_FALSE(Offers(text, "next")) << text;
    EXPECT_FALSE(Offers(text, "dtype")) << text;
  }
}

TEST(MemberNames, OfANode) {
  for (const char* text :
       {"select m where m[\"conv*\"]", "select n.op from nodes n where n", "select m[\"a]\"].next",
        "select n from unnest(m[\"*\"]) n where n", "select m[\"a\"].next*"}) {
    EXPECT_TRUE(Offers(text, "weight")) << text;
    EXPECT_TRUE(Offers(text, "op")) << text;
    EXPECT_FALSE(Offers(text, "metrics")) << text;
  }
}

TEST(MemberNames, OfARowOfARelation) {
  EXPECT_TRUE(Offers("select s.step from versions m join metrics s on s", "value"));
  EXPECT_FALSE(Offers("select s.step from versions m join metrics s on s", "metrics"));
  EXPECT_TRUE(Offers("select m.tensors[\"fc.weight\"]", "dtype"));
  EXPECT_FALSE(Offers("select m.tensors[\"fc.weight\"]", "metrics"));
  EXPECT_EQ(MemberNames("select m.metrics[\"a\"]").size(), 5U);
  EXPECT_TRUE(MemberNames("select m.hparams[\"lr\"]").empty());
}

TEST(MemberNames, OfTextThatIsNoStatement) {
  for (const char* text : {"]", ")", "[", "(", "\"", "m[", "a)", "from ) x", "* .", ". ."})
    MemberNames(text);
}

}  // namespace
}  // namespace dlv::query
