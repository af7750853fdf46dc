#include "storage/store/listing.h"

#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using Listing = SmallRepositoryTest;

TEST_F(Listing, ModelsByNameWithTheirLatest) {
  const auto models = ListModels(*store_, {});
  ASSERT_TRUE(models.ok()) << models.error().message;
  ASSERT_EQ(models->size(), 2U);
  EXPECT_EQ((*models)[0].name, "files");
  EXPECT_EQ((*models)[1].name, "m");
  EXPECT_EQ((*models)[1].version_count, 2U);
  EXPECT_EQ((*models)[1].latest.reference(), "m:v2");
  EXPECT_EQ(ListModels(*store_, {.model_glob = "f*"})->size(), 1U);
  EXPECT_EQ(ListModels(*store_, {.limit = 1})->size(), 1U);
  EXPECT_TRUE(ListModels(*store_, {.model_glob = "x*"})->empty());
}

TEST_F(Listing, VersionsNewestFirst) {
  EXPECT_EQ(References(), (std::vector<std::string>{"files:v1", "m:v2", "m:v1"}));
  const auto some = ListVersions(*store_, {.model_glob = "m", .limit = 1});
  ASSERT_TRUE(some.ok());
  ASSERT_EQ(some->size(), 1U);
  EXPECT_EQ((*some)[0].reference(), "m:v2");
}

TEST_F(Listing, LogFollowsParents) {
  const auto log = Log(*store_, "m", {});
  ASSERT_TRUE(log.ok());
  ASSERT_EQ(log->size(), 2U);
  EXPECT_EQ((*log)[1].version.reference(), "m:v1");
  EXPECT_EQ((*log)[0].graph, "");
  EXPECT_EQ(Log(*store_, "m:v1", {})->size(), 1U);
  EXPECT_EQ(Log(*store_, "", {.limit = 2})->size(), 2U);
  EXPECT_EQ(CodeOf(Log(*store_, "nobody", {})), ErrorCode::kNotFound);
}

TEST_F(Listing, DescribesAVersion) {
  const auto details = Describe(*store_, "files");
  ASSERT_TRUE(details.ok()) << details.error().message;
  EXPECT_EQ(details->files.size(), 2U);
  EXPECT_EQ(details->hparams.at("lr"), "0.1");
  ASSERT_EQ(details->metrics.size(), 1U);
  EXPECT_EQ(details->metrics[0].points.size(), 2U);
  ASSERT_EQ(details->tensors.size(), 1U);
  EXPECT_EQ(details->tensors[0].element_count(), 700U);
}

TEST_F(Listing, DescribesSomeTensorsAndWhatReadingCosts) {
  const auto details = Describe(*store_, "m/layer1.*");
  ASSERT_TRUE(details.ok());
  EXPECT_EQ(details->tensors.size(), 2U);
  EXPECT_EQ(details->chain_depth_max, 1U);
  EXPECT_GT(details->snapshot_read_bytes, details->snapshot_stored_bytes);
  EXPECT_EQ(CodeOf(Describe(*store_, "m/nothing-like-this")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Describe(*store_, "m/\"open")), ErrorCode::kSyntax);
}

}  // namespace
}  // namespace dlv::store
