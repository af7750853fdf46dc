#include "storage/store/resolve.h"

#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using Resolve = SmallRepositoryTest;

TEST_F(Resolve, EveryFormOfAReference) {
  const auto number = [&](const std::string& reference) {
    const auto target = ResolveTarget(*store_, reference);
    return target.ok() ? target->version.summary.number : 0;
  };
  EXPECT_EQ(number("m"), 2U);
  EXPECT_EQ(number("m:latest"), 2U);
  EXPECT_EQ(number("m:v1"), 1U);
  EXPECT_EQ(number("m:best"), 1U);
  EXPECT_EQ(number("m~"), 1U);
  EXPECT_EQ(number("m~0"), 2U);
  EXPECT_EQ(number("m~1"), 1U);
  EXPECT_EQ(number("m^"), 1U);
  EXPECT_EQ(number("m^1"), 1U);
  const auto latest = ResolveTarget(*store_, "m");
  ASSERT_TRUE(latest.ok());
  EXPECT_EQ(number("m@" + latest->version.summary.id.Hex(8)), 2U);
  EXPECT_EQ(number("@" + latest->version.summary.id.Hex(64)), 2U);
}

TEST_F(Resolve, WhereANameWasBefore) {
  ASSERT_TRUE(SetAlias(*store_, "best", "m:v2").ok());
  const auto number = [&](const std::string& reference) {
    const auto target = ResolveTarget(*store_, reference);
    return target.ok() ? target->version.summary.number : 0;
  };
  EXPECT_EQ(number("m:best@{0}"), 2U);
  EXPECT_EQ(number("m:best@{1}"), 1U);
  EXPECT_EQ(number("m:best@{2100-01-01}"), 2U);
  EXPECT_EQ(number("m@{1}"), 1U);
  EXPECT_EQ(number("m:latest@{0}"), 2U);
  EXPECT_EQ(number("m@{2100-01-01T10:30}"), 2U);
  for (const char* reference :
       {"m:best@{2}", "m:best@{9}", "m:best@{2001-01-01}", "m@{2}", "m@{2001-01-01}", "m:no@{1}"}) {
    EXPECT_EQ(CodeOf(ResolveTarget(*store_, reference)), ErrorCode::kNotFound) << reference;
  }
  for (const char* reference : {"m:v1@{1}", "m@{}", "m@{1", "m@{yesterday}", "m@{2001-13-01}"}) {
    EXPECT_EQ(CodeOf(ResolveTarget(*store_, reference)), ErrorCode::kSyntax) << reference;
  }
}

TEST_F(Resolve, WhatIsNotThereIsNotFound) {
  for (const char* reference :
       {"nobody", "m:v9", "m:other", "m~2", "m^2", "m@0000000000", "m#10", "files~1"}) {
    EXPECT_EQ(CodeOf(ResolveTarget(*store_, reference)), ErrorCode::kNotFound) << reference;
  }
  EXPECT_EQ(CodeOf(ResolveTarget(*store_, "m:")), ErrorCode::kSyntax);
}

TEST_F(Resolve, HelpsWithTheNearestName) {
  const auto model = ResolveTarget(*store_, "fiels");
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.error().hint, "did you mean files?");
  const auto alias = ResolveTarget(*store_, "m:bset");
  ASSERT_FALSE(alias.ok());
  EXPECT_EQ(alias.error().hint, "did you mean best?");
  const auto number = ResolveTarget(*store_, "m:v9");
  ASSERT_FALSE(number.ok());
  EXPECT_EQ(number.error().hint, "the latest is m:v2");
}

TEST_F(Resolve, AnIdThatFitsSeveralVersionsListsThem) {
  const Status written = store_->Write("test", [](Change& change) -> Status {
    for (std::uint8_t i = 0; i < 2; ++i) {
      catalog::NewVersion version;
      version.model = "twins";
      version.id.bytes = {0xab, 0xcd, 0xef, i};
      DLV_ASSIGN([[maybe_unused]] const auto inserted, change.transaction.InsertVersion(version));
    }
    return Ok();
  });
  ASSERT_TRUE(written.ok()) << written.error().message;
  const auto target = ResolveTarget(*store_, "twins@abcdef");
  ASSERT_FALSE(target.ok());
  EXPECT_EQ(target.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(target.error().message.find("twins:v1 abcdef00"), std::string::npos)
      << target.error().message;
  EXPECT_NE(target.error().message.find("twins:v2 abcdef01"), std::string::npos)
      << target.error().message;
  EXPECT_EQ(ResolveTarget(*store_, "twins@abcdef01")->version.summary.number, 2U);
}

TEST_F(Resolve, AWholeVersionIsWantedWhereOneIsChanged) {
  const auto in = [&](const char* reference) {
    return store_->Read(
        [&](const catalog::Catalog& catalog) { return ResolveIn(catalog, reference); });
  };
  EXPECT_TRUE(in("m:v1").ok());
  EXPECT_EQ(CodeOf(in("m:v1/layer1.weight")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(in("m#4")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(in("m m")), ErrorCode::kSyntax);
}

TEST_F(Resolve, SecondParentAndMissingParent) {
  testing::SmallNet net(9, 80);
  CommitRequest request = testing::RequestOf("merged", net);
  request.parent_choice = ParentChoice::kGiven;
  request.parents = {"m:v2", "files:v1"};
  request.relation = Relation::kMerge;
  ASSERT_TRUE(Commit(*store_, request, {.threads = 1}).ok());
  const auto second = ResolveTarget(*store_, "merged^2");
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(second->version.summary.reference(), "files:v1");
  EXPECT_EQ(ResolveTarget(*store_, "merged^1~1")->version.summary.reference(), "m:v1");
  const Status removed = store_->Write("test", [&](Change& change) {
    return change.transaction.DeleteVersion(second->version.row);
  });
  ASSERT_TRUE(removed.ok());
  const auto gone = ResolveTarget(*store_, "merged^2");
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_NE(gone.error().message.find("is not in this repository"), std::string::npos);
}

}  // namespace
}  // namespace dlv::store
