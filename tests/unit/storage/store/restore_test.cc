#include "storage/store/restore.h"

#include "storage/store/archive_rewrite.h"
#include "storage/store/copy.h"
#include "storage/store/garbage.h"
#include "storage/store/note.h"
#include "storage/store/rebuild.h"
#include "storage/store/remove.h"
#include "storage/store/rename.h"
#include "storage/store/resolve.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using RemovedState = RemovedVersion::State;

class RestoreTest : public SmallRepositoryTest {
 protected:
  void MustRemove(const std::vector<std::string>& references) {
    const auto removed = Remove(*store_, references, true, false);
    ASSERT_TRUE(removed.ok()) << removed.error().message;
  }
  void MustRestore(const std::vector<std::string>& references) {
    const auto restored = Restore(*store_, references);
    ASSERT_TRUE(restored.ok()) << restored.error().message;
  }
  void Gc(bool use_trash) {
    ASSERT_TRUE(
        CollectGarbage(*store_, {.execute = true, .use_trash = use_trash}, {.threads = 1}).ok());
  }
  RemovedState StateOf(const std::string& reference) {
    const auto removed = ListRemoved(*store_);
    EXPECT_TRUE(removed.ok());
    for (const RemovedVersion& version : *removed) {
      if (version.reference() == reference) return version.state;
    }
    ADD_FAILURE() << reference << " is not listed";
    return RemovedState::kGone;
  }
  void Rebuild() {
    store_.reset();
    ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
    const auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {});
    ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
    Reopen();
  }
};

TEST_F(RestoreTest, ComesBackInItsPlaceWithTagsAndNote) {
  ASSERT_TRUE(SetNote(*store_, "m:v2", "a note").ok());
  const auto before = testing::StateOf(*store_);
  const auto weight = Bytes("m:v2/layer1.weight");
  MustRemove({"m:v2"});
  EXPECT_EQ(StateOf("m:v2"), RemovedState::kHere);
  MustRestore({"m:v2"});
  EXPECT_EQ(testing::StateOf(*store_), before);
  EXPECT_EQ(Bytes("m:v2/layer1.weight"), weight);
  ExpectClean();
  EXPECT_TRUE(ListRemoved(*store_)->empty());
}

TEST_F(RestoreTest, FromTheTrashWithWhatItIsCodedAgainst) {
  const auto weight = Bytes("m:v2/layer1.weight");
  MustRemove({"m:v1"});
  Gc(true);
  MustRemove({"m:v2"});  // its base was kept for its sake until now
  Gc(true);
  EXPECT_EQ(StateOf("m:v1"), RemovedState::kTrash);
  EXPECT_EQ(StateOf("m:v2"), RemovedState::kTrash);
  MustRestore({"m:v2"});
  EXPECT_EQ(Bytes("m:v2/layer1.weight"), weight);
  ExpectClean();
  Gc(true);
  EXPECT_EQ(Bytes("m:v2/layer1.weight"), weight) << "it is live again";
  Rebuild();
  EXPECT_EQ(Bytes("m:v2/layer1.weight"), weight);
  EXPECT_EQ(References(), (std::vector<std::string>{"files:v1", "m:v2"}));
  ExpectClean();
}

TEST_F(RestoreTest, OfWhatArchiveAndGcHaveRewritten) {
  ASSERT_TRUE(ArchiveRewrite(*store_, "", testing::SettingsWithRates(), {.threads = 1}).ok());
  const auto weight = Bytes("m:v2/layer1.weight");
  const auto before = testing::StateOf(*store_);
  MustRemove({"m:v2", "files:v1"});
  Gc(true);
  MustRestore({"files:v1", "m:v2"});
  EXPECT_EQ(testing::StateOf(*store_), before);
  EXPECT_EQ(Bytes("m:v2/layer1.weight"), weight);
  ExpectClean();
  Rebuild();
  EXPECT_EQ(testing::StateOf(*store_), before);
  ExpectClean();
}

TEST_F(RestoreTest, ModelMeansWhatItsLastRemovalTook) {
  MustRemove({"m:v1", "m:v2"});
  EXPECT_EQ(CodeOf(ResolveTarget(*store_, "m")), ErrorCode::kNotFound);
  MustRestore({"m"});
  EXPECT_EQ(References(), (std::vector<std::string>{"files:v1", "m:v2", "m:v1"}));
}

TEST_F(RestoreTest, ByHashAndAfterARename) {
  const auto target = ResolveTarget(*store_, "m:v2");
  ASSERT_TRUE(target.ok());
  const std::string hash = target->version.summary.id.Hex(12);
  MustRemove({"m:v2"});
  ASSERT_TRUE(RenameModel(*store_, "m", "net").ok());
  EXPECT_EQ(StateOf("net:v2"), RemovedState::kHere);
  MustRestore({"@" + hash});
  EXPECT_EQ(References(), (std::vector<std::string>{"files:v1", "net:v2", "net:v1"}));
  const auto before = testing::StateOf(*store_);
  Rebuild();
  EXPECT_EQ(testing::StateOf(*store_), before);
}

TEST_F(RestoreTest, WhatIsGoneIsSaid) {
  MustRemove({"m:v2"});
  Gc(false);
  EXPECT_EQ(StateOf("m:v2"), RemovedState::kGone);
  EXPECT_EQ(CodeOf(Restore(*store_, {"m:v2"})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Restore(*store_, {"m:v1"})), ErrorCode::kConflict) << "is there";
  EXPECT_EQ(CodeOf(Restore(*store_, {"m:v9"})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Restore(*store_, {"m:best"})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(References(), (std::vector<std::string>{"files:v1", "m:v1"}));
}

TEST_F(RestoreTest, NotBesideItself) {
  MustRemove({"m:v2"});
  testing::SmallNet net(1, 80);
  net.Train(2);
  ASSERT_TRUE(testing::CommitNet(*store_, "m", net).ok());  // the same version, as v3
  EXPECT_EQ(CodeOf(Restore(*store_, {"m:v2"})), ErrorCode::kConflict);
  ExpectClean();
}

TEST(RenameModelTest, IdsNumbersAliasesAndLineageStay) {
  testing::FaultyFileSystem disk;
  testing::MakeSmallRepository(disk);
  auto store = testing::OpenOn(disk);
  const auto id = ResolveTarget(*store, "m:v2")->version.summary.id;
  ASSERT_TRUE(RenameModel(*store, "m", "net").ok());
  const auto by_hash = ResolveTarget(*store, "@" + id.Hex(10));
  ASSERT_TRUE(by_hash.ok());
  EXPECT_EQ(by_hash->version.summary.reference(), "net:v2");
  EXPECT_EQ(by_hash->version.summary.parents.front().reference, "net:v1");
  EXPECT_EQ(ResolveTarget(*store, "net:best")->version.summary.number, 1U);
  EXPECT_EQ(ListAliasMoves(*store, "net")->size(), 1U);
  const auto old_name = ResolveTarget(*store, "m:v2");
  ASSERT_FALSE(old_name.ok());
  EXPECT_NE(old_name.error().hint.find("did you mean \"net\""), std::string::npos)
      << old_name.error().hint;
  testing::SmallNet net(1, 80);
  EXPECT_EQ(testing::CommitNet(*store, "net", net)->version.number, 3U);
  EXPECT_EQ(testing::CommitNet(*store, "m", net)->version.number, 1U) << "another model";
  EXPECT_EQ(CodeOf(RenameModel(*store, "m", "net")), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(RenameModel(*store, "nothing", "x")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(RenameModel(*store, "m", "m")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(RenameModel(*store, "m", "a/b")), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(testing::FindingsOf(*store).empty());
}

}  // namespace
}  // namespace dlv::store
