#include "storage/store/remove.h"

#include "storage/store/garbage.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::CommitNet;
using testing::SmallNet;

using Removing = SmallRepositoryTest;

TEST_F(Removing, AVersionWithAnAliasNeedsForce) {
  const auto refused = Remove(*store_, {"m:v1"}, false, false);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_NE(refused.error().message.find("best"), std::string::npos) << refused.error().message;
  EXPECT_EQ(References().size(), 3U);
  ASSERT_TRUE(Remove(*store_, {"m:v1"}, true, false).ok());
  const auto moves = ListAliasMoves(*store_, "m");
  ASSERT_TRUE(moves.ok());
  EXPECT_EQ(moves->back().to, 0U) << "the alias went with its version, and the log says so";
  ExpectClean();
}

TEST_F(Removing, TheLatestNeedsNone) {
  ASSERT_TRUE(Remove(*store_, {"m"}, false, false).ok());
  EXPECT_EQ(References(), (std::vector<std::string>{"files:v1", "m:v1"}));
}

TEST_F(Removing, OnlyWholeVersionsThatExist) {
  EXPECT_EQ(CodeOf(Remove(*store_, {"m:v5"}, true, false)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Remove(*store_, {"m/layer1.weight"}, true, false)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Remove(*store_, {"m:"}, true, false)), ErrorCode::kSyntax);
  // One of several is missing: none goes.
  EXPECT_EQ(CodeOf(Remove(*store_, {"files:v1", "m:v5"}, true, false)), ErrorCode::kNotFound);
  EXPECT_EQ(References().size(), 3U);
}

TEST_F(Removing, ParentStaysAsLongAsADeltaNeedsIt) {
  const auto before = Bytes("m:v2/layer1.weight");
  const auto removed = Remove(*store_, {"m:v1"}, true, false);
  ASSERT_TRUE(removed.ok()) << removed.error().message;
  EXPECT_EQ(removed->removed, std::vector<std::string>{"m:v1"});
  EXPECT_GT(removed->kept_bytes, removed->freed_bytes);
  const auto freed = CollectGarbage(*store_, {.execute = true, .use_trash = false}, {});
  ASSERT_TRUE(freed.ok()) << freed.error().message;
  Reopen();
  EXPECT_EQ(Bytes("m:v2/layer1.weight"), before);
  ExpectClean();
}

TEST_F(Removing, NumbersAreNotUsedAgain) {
  ASSERT_TRUE(Remove(*store_, {"m:v1", "m:v2"}, true, false).ok());
  SmallNet net(5, 80);
  const auto next = CommitNet(*store_, "m", net);
  ASSERT_TRUE(next.ok()) << next.error().message;
  EXPECT_EQ(next->version.number, 3U);
}

TEST_F(Removing, DryRunSaysTheSameAndChangesNothing) {
  const auto planned = Remove(*store_, {"files:v1"}, true, true);
  ASSERT_TRUE(planned.ok());
  EXPECT_EQ(References().size(), 3U);
  const auto done = Remove(*store_, {"files:v1", "files"}, true, false);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->removed, planned->removed) << "named twice, removed once";
  EXPECT_EQ(done->freed_bytes, planned->freed_bytes);
  EXPECT_GT(done->freed_bytes, 2000U);
  EXPECT_EQ(References().size(), 2U);
}

TEST_F(Removing, WhatWasRemovedCanBeCommittedAgain) {
  ASSERT_TRUE(Remove(*store_, {"files:v1"}, true, false).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true, .use_trash = false}, {}).ok());
  CommitRequest request;
  request.model = "files";
  request.files = {{"/src/a.safetensors", "", {}}, {"/src/notes.txt", "", {}}};
  const auto again = Commit(*store_, request, {.threads = 1});
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->version.number, 2U);
  EXPECT_EQ(again->tensors_new, 1U);
  ExpectClean();
}

}  // namespace
}  // namespace dlv::store
