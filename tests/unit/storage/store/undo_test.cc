#include "storage/store/undo.h"

#include <map>

#include "storage/store/copy.h"
#include "storage/store/garbage.h"
#include "storage/store/note.h"
#include "storage/store/operations.h"
#include "storage/store/rebuild.h"
#include "storage/store/remove.h"
#include "storage/store/rename.h"
#include "storage/store/restore.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using ChangedKind = OperationChange::Kind;

class UndoTest : public SmallRepositoryTest {
 protected:
  std::vector<OperationInfo> Log() {
    auto operations = ListOperations(*store_, {});
    EXPECT_TRUE(operations.ok()) << operations.error().message;
    return operations.ok() ? std::move(operations).value() : std::vector<OperationInfo>();
  }

  std::vector<std::string> State() { return testing::StateOf(*store_); }

  void MustUndo(std::uint64_t operation = 0) {
    const auto undone = Undo(*store_, operation, false);
    ASSERT_TRUE(undone.ok()) << undone.error().message << "; " << undone.error().hint;
  }

  /// Runs `change`; undoing it gives the state before, undoing that the state after, and a rebuilt
  /// catalog says the same each time.
  void ExpectReversible(const std::function<Status()>& change) {
    const auto before = State();
    const Status done = change();
    ASSERT_TRUE(done.ok()) << done.error().message;
    const auto after = State();
    ASSERT_NE(before, after);
    const auto dry = Undo(*store_, 0, true);
    ASSERT_TRUE(dry.ok()) << dry.error().message;
    EXPECT_EQ(dry->operation, 0U);
    EXPECT_FALSE(dry->changes.empty());
    EXPECT_EQ(State(), after) << "a dry run changes nothing";
    MustUndo();
    EXPECT_EQ(State(), before);
    ExpectRebuilds();
    MustUndo();
    EXPECT_EQ(State(), after) << "undoing the undo does it again";
    ExpectRebuilds();
    ExpectClean();
  }

  void ExpectRebuilds() {
    const auto want = State();
    store_.reset();
    ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
    const auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {});
    ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
    EXPECT_TRUE(rebuilt->findings.empty());
    Reopen();
    EXPECT_EQ(State(), want) << "rebuilt";
  }

  void ExpectConflict(std::uint64_t operation, const std::string& word) {
    const auto before = State();
    const auto undone = Undo(*store_, operation, false);
    ASSERT_FALSE(undone.ok());
    EXPECT_EQ(undone.error().code, ErrorCode::kConflict) << undone.error().message;
    EXPECT_NE(undone.error().message.find(word), std::string::npos) << undone.error().message;
    EXPECT_FALSE(undone.error().hint.empty());
    EXPECT_EQ(State(), before);
  }
};

template <class T>
Status StatusOf(const Result<T>& result) {
  return result.ok() ? Ok() : Status(result.error());
}

TEST_F(UndoTest, EveryOperationHasNumberAuthorCommandAndWhatItChanged) {
  ASSERT_TRUE(SetAlias(*store_, "best", "m:v2").ok());
  const auto log = Log();
  ASSERT_EQ(log.size(), 6U);  // three commits, alias, tag, alias
  EXPECT_EQ(log[0].command, "dlv alias");
  EXPECT_EQ(log[0].number, 6U);
  ASSERT_EQ(log[0].changes.size(), 1U);
  EXPECT_EQ(log[0].changes[0].kind, ChangedKind::kAlias);
  EXPECT_EQ(log[0].changes[0].before, "m:v1");
  EXPECT_EQ(log[0].changes[0].after, "m:v2");
  EXPECT_TRUE(log[0].changes_names);
  EXPECT_EQ(log[5].changes[0].kind, ChangedKind::kCommit);
  EXPECT_EQ(log[5].number, 1U);
  EXPECT_EQ(ListOperations(*store_, {.limit = 2})->size(), 2U);
}

TEST_F(UndoTest, Alias) {
  ExpectReversible([&] { return StatusOf(SetAlias(*store_, "best", "m:v2")); });
  ExpectReversible([&] { return StatusOf(SetAlias(*store_, "new", "m:v2")); });
  ExpectReversible([&] { return StatusOf(DeleteAlias(*store_, "m", "best")); });
}

TEST_F(UndoTest, Tag) {
  ExpectReversible([&] { return SetTags(*store_, "m:v2", {{"stage", "old"}, {"more", ""}}); });
  ExpectReversible([&] { return DeleteTags(*store_, "m:v2", {"stage"}); });
}

TEST_F(UndoTest, TagThatCameWithTheCommit) {
  testing::SmallNet net(9, 80);
  CommitRequest request = testing::RequestOf("tagged", net);
  request.tags = {{"stage", "first"}};
  ASSERT_TRUE(Commit(*store_, request, {.threads = 1}).ok());
  ExpectReversible([&] { return SetTags(*store_, "tagged", {{"stage", "second"}}); });
}

TEST_F(UndoTest, Note) {
  ExpectReversible([&] { return SetNote(*store_, "m:v1", "one"); });
  ExpectReversible([&] { return SetNote(*store_, "m:v1", "two\nlines"); });
  ExpectReversible([&] { return SetNote(*store_, "m:v1", ""); });
}

TEST_F(UndoTest, Rename) {
  ExpectReversible([&] { return RenameModel(*store_, "m", "net"); });
}

TEST_F(UndoTest, Remove) {
  ASSERT_TRUE(SetNote(*store_, "m:v2", "kept").ok());
  ExpectReversible([&] { return StatusOf(Remove(*store_, {"m:v2"}, false, false)); });
  MustUndo();
  ExpectReversible([&] { return StatusOf(Remove(*store_, {"m:v1", "m:v2"}, true, false)); });
}

TEST_F(UndoTest, RemoveAfterGcComesBackFromTheTrash) {
  const auto before = State();
  const auto weight = Bytes("m:v2/layer1.weight");
  ASSERT_TRUE(Remove(*store_, {"m:v1", "m:v2"}, true, false).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true}, {.threads = 1}).ok());
  MustUndo();
  EXPECT_EQ(State(), before);
  EXPECT_EQ(Bytes("m:v2/layer1.weight"), weight);
  ExpectClean();
  ExpectRebuilds();
}

TEST_F(UndoTest, Restore) {
  ASSERT_TRUE(Remove(*store_, {"m:v2"}, false, false).ok());
  ExpectReversible([&] { return StatusOf(Restore(*store_, {"m:v2"})); });
}

TEST_F(UndoTest, Commit) {
  ExpectReversible([&] {
    testing::SmallNet net(7, 80);
    CommitRequest request = testing::RequestOf("m", net);
    request.aliases = {"best", "other"};
    request.tags = {{"a", "b"}};
    return StatusOf(store::Commit(*store_, request, {.threads = 1}));
  });
}

TEST_F(UndoTest, Copy) {
  ExpectReversible([&] {
    CopyRequest request;
    request.source = "files:v1";
    request.model = "twin";
    request.aliases = {"first"};
    return StatusOf(store::Copy(*store_, request, {.threads = 1}));
  });
}

TEST_F(UndoTest, AnEarlierOperationByNumber) {
  ASSERT_TRUE(SetAlias(*store_, "best", "m:v2").ok());  // 6
  ASSERT_TRUE(SetTags(*store_, "m:v1", {{"later", ""}}).ok());
  MustUndo(6);
  EXPECT_EQ(store_->Read([](const catalog::Catalog& c) { return c.FindByAlias("m", "best"); })
                ->value()
                .summary.number,
            1U);
  const auto log = Log();
  EXPECT_EQ(log[0].undoes, 6U);
  EXPECT_EQ(log[2].undone_by, 8U);
  ExpectConflict(6, "has been undone by operation 8");
  MustUndo(8);
  EXPECT_EQ(Log()[3].undone_by, 0U) << "it stands again";
}

TEST_F(UndoTest, WhatDependsOnItIsNamed) {
  ExpectConflict(1, "m:v2 was made from m:v1");
  ASSERT_TRUE(SetAlias(*store_, "best", "m:v2").ok());
  ExpectConflict(4, "points to v2");
  ASSERT_TRUE(SetTags(*store_, "m:v2", {{"stage", "other"}}).ok());
  ExpectConflict(5, "has changed since");
  ExpectConflict(2, "best has been put on m:v2");
  ASSERT_TRUE(Remove(*store_, {"files:v1"}, false, false).ok());  // 8
  ASSERT_TRUE(Restore(*store_, {"files:v1"}).ok());
  ExpectConflict(8, "restored");
  ASSERT_TRUE(RenameModel(*store_, "files", "papers").ok());  // 10
  testing::SmallNet net(3, 80);
  ASSERT_TRUE(testing::CommitNet(*store_, "files", net).ok());
  ExpectConflict(10, "another model files");
}

TEST_F(UndoTest, WhatCannotBeUndone) {
  EXPECT_EQ(CodeOf(Undo(*store_, 99, false)), ErrorCode::kNotFound);
  ASSERT_TRUE(Remove(*store_, {"m:v2"}, false, false).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true, .use_trash = false}, {.threads = 1}).ok());
  EXPECT_EQ(CodeOf(Undo(*store_, 7, false)), ErrorCode::kInvalidArgument) << "gc";
  const auto gone = Undo(*store_, 6, false);
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_NE(gone.error().message.find("m:v2 cannot be had back"), std::string::npos);
  testing::FaultyFileSystem empty;
  const auto store = testing::InitOn(empty);
  EXPECT_EQ(CodeOf(Undo(*store, 0, false)), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace dlv::store
