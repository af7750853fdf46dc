#include "storage/store/alias_tag.h"

#include "storage/store/resolve.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using AliasTag = SmallRepositoryTest;

TEST_F(AliasTag, AliasesMoveAndRememberIt) {
  const auto moved = SetAlias(*store_, "best", "m");
  ASSERT_TRUE(moved.ok()) << moved.error().message;
  EXPECT_EQ(moved->from, 1U);
  EXPECT_EQ(moved->to, 2U);
  ASSERT_TRUE(DeleteAlias(*store_, "m", "best").ok());
  const auto moves = ListAliasMoves(*store_, "m");
  ASSERT_TRUE(moves.ok());
  ASSERT_EQ(moves->size(), 3U);
  EXPECT_EQ((*moves)[0].to, 1U);
  EXPECT_EQ((*moves)[1].to, 2U);
  EXPECT_EQ((*moves)[2].to, 0U);
}

TEST_F(AliasTag, AnAliasBelongsToOneModel) {
  ASSERT_TRUE(SetAlias(*store_, "best", "files").ok());
  EXPECT_EQ(ResolveTarget(*store_, "m:best")->version.summary.reference(), "m:v1");
  EXPECT_EQ(ResolveTarget(*store_, "files:best")->version.summary.reference(), "files:v1");
}

TEST_F(AliasTag, MovingItToWhereItIsIsNoMove) {
  const auto same = SetAlias(*store_, "best", "m:v1");
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->from, same->to);
  EXPECT_EQ(ListAliasMoves(*store_, "m")->size(), 1U);
}

TEST_F(AliasTag, RefusesReservedNamesAndWhatIsNotThere) {
  for (const char* name : {"latest", "v3", "a b", "", "a/b"}) {
    EXPECT_EQ(CodeOf(SetAlias(*store_, name, "m:v1")), ErrorCode::kInvalidArgument) << name;
  }
  EXPECT_EQ(CodeOf(SetAlias(*store_, "good", "m:v7")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(DeleteAlias(*store_, "m", "good")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(ListAliasMoves(*store_, "nobody")), ErrorCode::kNotFound);
  const auto near = DeleteAlias(*store_, "m", "bst");
  ASSERT_FALSE(near.ok());
  EXPECT_EQ(near.error().hint, "did you mean best?");
}

TEST_F(AliasTag, TagsAreSetReplacedAndTakenAway) {
  ASSERT_TRUE(SetTags(*store_, "m:v1", {{"a", "1"}, {"b", ""}}).ok());
  ASSERT_TRUE(SetTags(*store_, "m:v1", {{"a", "2"}}).ok());
  const KeyValues want = {{"a", "2"}, {"b", ""}};
  EXPECT_EQ(ResolveTarget(*store_, "m:v1")->version.summary.tags, want);
  ASSERT_TRUE(DeleteTags(*store_, "m:v1", {"a"}).ok());
  EXPECT_EQ(ResolveTarget(*store_, "m:v1")->version.summary.tags.size(), 1U);
}

TEST_F(AliasTag, TagsThatAreNotThereOrImpossible) {
  EXPECT_EQ(CodeOf(DeleteTags(*store_, "m:v1", {"a"})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(SetTags(*store_, "m:v1", {{"a=b", "1"}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(SetTags(*store_, "m:v9", {{"a", "1"}})), ErrorCode::kNotFound);
  // All or nothing: the first key is there, the second is not.
  EXPECT_EQ(CodeOf(DeleteTags(*store_, "m:v2", {"stage", "other"})), ErrorCode::kNotFound);
  EXPECT_EQ(ResolveTarget(*store_, "m:v2")->version.summary.tags.count("stage"), 1U);
}

TEST_F(AliasTag, ReadOnlyRepositoriesKeepTheirNames) {
  const auto reader = OpenReader();
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(CodeOf(SetAlias(*reader, "good", "m")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(SetTags(*reader, "m", {{"a", "1"}})), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace dlv::store
