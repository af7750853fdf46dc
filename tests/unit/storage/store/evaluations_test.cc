#include "storage/store/evaluations.h"

#include "storage/store/alias_tag.h"
#include "storage/store/listing.h"
#include "storage/store/rebuild.h"
#include "storage/store/resolve.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

class Evaluations : public SmallRepositoryTest {
 protected:
  VersionId IdOf(const std::string& reference) {
    return ResolveTarget(*store_, reference)->version.summary.id;
  }
  std::vector<std::string> SavedOf(const std::string& reference) {
    std::vector<std::string> lines;
    const auto details = Describe(*store_, reference);
    EXPECT_TRUE(details.ok());
    for (const SavedEvaluation& one : details->evaluations) {
      EXPECT_GT(one.created, 0);
      lines.push_back(one.data + " " + one.metric + " " + std::to_string(one.value) + " " +
                      one.attributes.at("examples"));
    }
    return lines;
  }
  std::string Remembered(const std::string& reference) {
    const auto target = ResolveTarget(*store_, reference);
    const auto text = store_->Read([&](const catalog::Catalog& catalog) {
      return RememberedPreprocess(catalog, target->version);
    });
    EXPECT_TRUE(text.ok());
    return text.ok() ? *text : "";
  }
};

TEST_F(Evaluations, AreKeptAndSurviveARebuild) {
  const std::vector<VersionResults> results = {
      {IdOf("m:v1"), {{"digits", "top1", 0.5, {{"examples", "10"}}, 0}}},
      {IdOf("m:v2"),
       {{"digits", "top1", 0.75, {{"examples", "10"}}, 0},
        {"digits", "loss", 0.25, {{"examples", "10"}}, 0}}}};
  ASSERT_TRUE(SaveEvaluations(*store_, results).ok());
  const std::vector<std::string> want = {"digits top1 0.750000 10", "digits loss 0.250000 10"};
  EXPECT_EQ(SavedOf("m:v2"), want);
  EXPECT_EQ(SavedOf("m:v1").size(), 1U);
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  ASSERT_TRUE(RebuildCatalog(testing::kRoot, Options(), {}).ok());
  Reopen();
  EXPECT_EQ(SavedOf("m:v2"), want);
  ExpectClean();
}

TEST_F(Evaluations, NothingIsKeptWhereAVersionIsGone) {
  std::vector<VersionResults> results = {
      {IdOf("m:v1"), {{"digits", "top1", 0.5, {{"examples", "1"}}, 0}}}};
  results.push_back(results.front());
  results.back().id.bytes[0] ^= 1;
  EXPECT_EQ(CodeOf(SaveEvaluations(*store_, results)), ErrorCode::kNotFound);
  EXPECT_TRUE(SavedOf("m:v1").empty());
}

TEST_F(Evaluations, PreprocessingIsRememberedForDescendants) {
  EXPECT_EQ(Remembered("m:v2"), "");
  ASSERT_TRUE(SetTags(*store_, "m:v1", {{"preprocess", "scale=1/255"}}).ok());
  EXPECT_EQ(Remembered("m:v1"), "scale=1/255");
  EXPECT_EQ(Remembered("m:v2"), "scale=1/255");
  EXPECT_EQ(Remembered("files:v1"), "");
  ASSERT_TRUE(SetTags(*store_, "m:v2", {{"preprocess", ""}}).ok());
  EXPECT_EQ(Remembered("m:v2"), "");
}

}  // namespace
}  // namespace dlv::store
