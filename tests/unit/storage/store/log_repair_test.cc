#include "storage/store/log_repair.h"

#include <algorithm>

#include "storage/store/garbage.h"
#include "storage/store/note.h"
#include "storage/store/operations.h"
#include "storage/store/rebuild.h"
#include "storage/store/remove.h"
#include "storage/store/undo.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

constexpr const char* kLog = "/repo/.dlv/operations.log";

class LogRepair : public SmallRepositoryTest {
 protected:
  void SetUp() override {
    SmallRepositoryTest::SetUp();
    ASSERT_TRUE(SetAlias(*store_, "old", "m:v1").ok());
    ASSERT_TRUE(SetAlias(*store_, "best", "m:v2").ok());
    ASSERT_TRUE(DeleteAlias(*store_, "m", "old").ok());
    ASSERT_TRUE(SetTags(*store_, "files:v1", {{"data", "mnist"}}).ok());
    ASSERT_TRUE(SetNote(*store_, "m:v1", "a note").ok());
    want_ = testing::StateOf(*store_);
    store_.reset();
    disk_.SyncAll();
    whole_ = disk_.Content(kLog);
    sound_ = disk_.Snapshot();
  }

  void MustRepair(const std::string& when) {
    store_.reset();
    const auto repaired = RepairLog(testing::kRoot, Options());
    ASSERT_TRUE(repaired.ok()) << when << ": " << repaired.error().message;
    EXPECT_EQ(repaired->versions, 3U);
    Reopen();
    EXPECT_EQ(testing::StateOf(*store_), want_) << when;
  }

  /// After the repair the log alone tells everything, and the repository can be written to.
  void ExpectGood(const std::string& when) {
    ASSERT_TRUE(SetAlias(*store_, "next", "m:v1").ok()) << when;
    const auto want = testing::StateOf(*store_);
    store_.reset();
    ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
    const auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {});
    ASSERT_TRUE(rebuilt.ok()) << when << ": " << rebuilt.error().message;
    EXPECT_TRUE(rebuilt->findings.empty()) << when << ": " << rebuilt->findings[0].what;
    Reopen();
    EXPECT_EQ(testing::StateOf(*store_), want) << when;
  }

  /// A catalog that somebody has prepared.
  void SetLogSequence(const std::string& number) {
    const auto catalog =
        catalog::Catalog::Open(disk_, "/repo/.dlv/catalog.db", catalog::OpenMode::kReadWrite, 1000);
    ASSERT_TRUE(catalog.ok()) << catalog.error().message;
    const auto transaction = (*catalog)->Begin();
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE((*transaction)->SetMeta(kLogSequenceKey, number).ok());
    ASSERT_TRUE((*transaction)->Commit().ok());
  }

  std::vector<std::string> want_;
  std::vector<std::byte> whole_;
  std::shared_ptr<const testing::FaultyFileSystem::State> sound_;
};

TEST_F(LogRepair, AFlippedByteAnywhere) {
  for (std::uint64_t at = 0; at < whole_.size() && !HasFailure(); at += 7) {
    const std::string when = "byte " + std::to_string(at);
    disk_.Restore(sound_);
    ASSERT_TRUE(disk_.Corrupt(kLog, at));
    const auto damaged = disk_.Content(kLog);
    Reopen();
    EXPECT_FALSE(testing::FindingsOf(*store_).empty()) << when;
    const auto refused = SetAlias(*store_, "x", "m:v1");
    ASSERT_EQ(CodeOf(refused), ErrorCode::kCorruption) << when;
    EXPECT_NE(refused.error().hint.find("fsck --repair"), std::string::npos) << when;
    EXPECT_EQ(disk_.Content(kLog), damaged) << when << ": evidence stays";
    MustRepair(when);
    EXPECT_EQ(disk_.Content("/repo/.dlv/operations.log.damaged"), damaged) << when;
    ExpectGood(when);
  }
}

TEST_F(LogRepair, CutAtAnyLength) {
  for (std::size_t size = 0; size < whole_.size() && !HasFailure(); size += 11) {
    const std::string when = "length " + std::to_string(size);
    disk_.Restore(sound_);
    ASSERT_TRUE(
        disk_.Replace(kLog, {whole_.begin(), whole_.begin() + static_cast<std::ptrdiff_t>(size)}));
    Reopen();
    EXPECT_EQ(CodeOf(SetAlias(*store_, "x", "m:v1")), ErrorCode::kCorruption) << when;
    MustRepair(when);
    ExpectGood(when);
  }
}

TEST_F(LogRepair, Deleted) {
  ASSERT_TRUE(disk_.Delete(kLog));
  Reopen();
  EXPECT_EQ(CodeOf(SetAlias(*store_, "x", "m:v1")), ErrorCode::kCorruption);
  MustRepair("deleted");
  ExpectClean();
  ExpectGood("deleted");
}

TEST_F(LogRepair, ANumberThatNoLogCanHaveMakesNoLogOfThatSize) {
  for (const char* number : {"2000000", "22000000", "18446744073709551615"}) {
    disk_.Restore(sound_);
    SetLogSequence(number);
    Reopen();
    EXPECT_EQ(CodeOf(SetAlias(*store_, "x", "m:v1")), ErrorCode::kCorruption);
    MustRepair(number);
    EXPECT_LT(disk_.Content(kLog).size(), 2 * whole_.size()) << number;
    ExpectClean();
    ExpectGood(number);
  }
}

TEST_F(LogRepair, RebuildingNeitherTakesSuchANumber) {
  SetLogSequence("22000000");
  store_.reset();
  const auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {});
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
  EXPECT_LT(disk_.Content(kLog).size(), 2 * whole_.size());
  Reopen();
  EXPECT_EQ(testing::StateOf(*store_), want_);
  ExpectClean();
  ExpectGood("rebuilt");
}

TEST_F(LogRepair, AWholeLogIsLeftAlone) {
  const auto result = RepairLog(testing::kRoot, Options());
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->notes.size(), 1U);
  EXPECT_EQ(disk_.Content(kLog), whole_);
}

TEST_F(LogRepair, NeedsASoundCatalog) {
  ASSERT_TRUE(disk_.Delete(kLog));
  ASSERT_TRUE(disk_.Corrupt("/repo/.dlv/catalog.db", 8192 + 100));
  EXPECT_EQ(CodeOf(RepairLog(testing::kRoot, Options())), ErrorCode::kCorruption);
  EXPECT_EQ(CodeOf(RepairLog("/nowhere", Options())), ErrorCode::kNotFound);
}

/// The repair is no operation of the user's: it must not be undone, least of all by removing
/// everything that its log says was committed.
TEST_F(LogRepair, IsNotUndone) {
  ASSERT_TRUE(disk_.Delete(kLog));
  MustRepair("deleted");
  EXPECT_EQ(CodeOf(Undo(*store_, 0, false)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Undo(*store_, 1, false)), ErrorCode::kInvalidArgument);
  ASSERT_TRUE(SetAlias(*store_, "x", "m:v1").ok());
  EXPECT_TRUE(Undo(*store_, 0, false).ok());
  EXPECT_EQ(testing::StateOf(*store_), want_);
}

TEST_F(LogRepair, NumbersAreNotUsedAgain) {
  Reopen();
  ASSERT_TRUE(Remove(*store_, {"m:v2"}, true, false).ok());
  store_.reset();
  ASSERT_TRUE(disk_.Delete(kLog));
  ASSERT_TRUE(RepairLog(testing::kRoot, Options()).ok());
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  const auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {});
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
  Reopen();
  testing::SmallNet net(9, 80);
  const auto next = testing::CommitNet(*store_, "m", net);
  ASSERT_TRUE(next.ok()) << next.error().message;
  EXPECT_EQ(next->version.number, 3U);
}

/// Nothing tells any more whether m:v2 was removed or its commit lost: gc keeps all that it needs.
TEST_F(LogRepair, GcKeepsVersionsOfWhoseRemovalNothingIsKnown) {
  Reopen();
  const auto weight = Bytes("m:v2/layer1.weight");
  ASSERT_TRUE(Remove(*store_, {"m:v2"}, true, false).ok());
  store_.reset();
  const auto removed = disk_.Snapshot();
  for (const bool lost : {true, false}) {
    disk_.Restore(removed);
    if (lost) {
      ASSERT_TRUE(disk_.Delete(kLog));
      ASSERT_TRUE(RepairLog(testing::kRoot, Options()).ok());
    }
    Reopen();
    const auto packs = Packs();
    const auto result =
        CollectGarbage(*store_, {.execute = true, .grace_seconds = 0}, {.threads = 1});
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ(Packs() == packs, lost);
    EXPECT_EQ(result->unreadable.empty(), !lost);
    if (!lost) continue;
    EXPECT_NE(result->unreadable[0].reason.find("m:v2"), std::string::npos);
    store_.reset();
    const auto adopted = RebuildCatalog(testing::kRoot, Options(), {}, {.adopt = true});
    ASSERT_TRUE(adopted.ok()) << adopted.error().message;
    Reopen();
    EXPECT_EQ(Bytes("recovered-m:v2/layer1.weight"), weight);
    ASSERT_TRUE(Remove(*store_, {"recovered-m:v2"}, true, false).ok());
    ASSERT_TRUE(CollectGarbage(*store_, {.execute = true}, {.threads = 1}).ok());
    EXPECT_NE(Packs(), packs) << "now its removal is known";
  }
}

/// Cut power after every operation of the repair: then there is the damaged log or the new one.
TEST_F(LogRepair, SurvivesAPowerCut) {
  ASSERT_TRUE(disk_.Corrupt(kLog, whole_.size() / 2));
  disk_.SyncAll();
  const auto damaged = disk_.Snapshot();
  const auto bytes = disk_.Content(kLog);
  bool reached = true;
  for (std::uint64_t n = 1; reached && !HasFailure(); ++n) {
    const std::string when = "cut at operation " + std::to_string(n);
    disk_.Restore(damaged);
    disk_.SetPlan({testing::FaultKind::kPowerCut, n, 0, false});
    const bool acknowledged = RepairLog(testing::kRoot, Options()).ok();
    reached = disk_.fault_reached();
    disk_.DropUnsyncedBytes(n);
    disk_.SetPlan({});
    EXPECT_TRUE(!acknowledged || disk_.Content(kLog) != bytes) << when;
    EXPECT_FALSE(disk_.Content(kLog).empty()) << when << ": there is a log at any time";
    MustRepair(when);
    ExpectGood(when);
  }
}

}  // namespace
}  // namespace dlv::store
