// Every operation on the disk fails once, and the power is cut at every one: afterwards the old
// state or the new one, and fsck is clean.

#include <functional>
#include <iostream>

#include "storage/store/archive_rewrite.h"
#include "storage/store/garbage.h"
#include "storage/store/remove.h"
#include "tests/fault/small_repository.h"

namespace dlv::testing {
namespace {

using Command = std::function<Status(store::Store&)>;

Status CommitNext(store::Store& store) {
  SmallNet net(1, 80);
  net.Train(2);
  net.Train(3);
  const auto result = CommitNet(store, "m", net);
  return result.ok() ? Ok() : Status(result.error());
}

Status Archive(store::Store& store) {
  const auto result = store::ArchiveRewrite(store, "", {.threads = 1});
  return result.ok() ? Ok() : Status(result.error());
}

Status Alias(store::Store& store) {
  const auto result = store::SetAlias(store, "best", "m:v2");
  return result.ok() ? Ok() : Status(result.error());
}

Status RemoveFiles(store::Store& store) {
  const auto result = store::Remove(store, {"files:v1"}, true, false);
  return result.ok() ? Ok() : Status(result.error());
}

Status Gc(store::Store& store) {
  const auto result = store::CollectGarbage(store, {.execute = true, .grace_seconds = 0}, {});
  return result.ok() ? Ok() : Status(result.error());
}

class PowerCut : public ::testing::Test {
 protected:
  void SetUp() override {
    MakeSmallRepository(disk_);
    if (HasFatalFailure()) return;
    before_ = disk_.Snapshot();
  }

  std::vector<std::string> State() {
    const auto store = OpenOn(disk_);
    return store ? StateOf(*store) : std::vector<std::string>{"cannot be opened"};
  }

  /// Opens the repository on the disk as it is and looks at it. Returns its state.
  std::vector<std::string> Look(const std::string& when) {
    const auto store = OpenOn(disk_);
    if (store == nullptr) {
      ADD_FAILURE() << when << ": cannot be opened";
      return {};
    }
    for (const std::string& finding : FindingsOf(*store)) ADD_FAILURE() << when << ": " << finding;
    return StateOf(*store);
  }

  void Search(const Command& command, FaultKind kind, std::uint64_t seed) {
    disk_.Restore(before_);
    const std::vector<std::string> old_state = State();
    disk_.Restore(before_);
    {
      const auto store = OpenOn(disk_);
      const Status done = command(*store);
      ASSERT_TRUE(done.ok()) << done.error().message;
    }
    const std::vector<std::string> new_state = State();
    std::uint64_t n = 1;
    for (;; ++n) {
      disk_.Restore(before_);
      bool acknowledged = false;
      bool reached = false;
      {
        const auto store = OpenOn(disk_);
        ASSERT_NE(store, nullptr);
        disk_.SetPlan({.kind = kind, .at_operation = n, .disk_bytes = 0, .count_reads = false});
        acknowledged = command(*store).ok();
        reached = disk_.fault_reached();
        if (kind == FaultKind::kPowerCut) disk_.DropUnsyncedBytes(seed + n);
        disk_.SetPlan({});
      }
      const std::string when = "operation " + std::to_string(n);
      const auto state = Look(when);
      ASSERT_TRUE(state == new_state || (!acknowledged && state == old_state))
          << when << (acknowledged ? ", acknowledged" : "") << ":\n"
          << ::testing::PrintToString(state);
      // The repository can still be written to.
      if (n % 5 == 0) {
        const auto store = OpenOn(disk_);
        const auto moved = store::SetAlias(*store, "other", "m:v1");
        ASSERT_TRUE(moved.ok()) << when << ": " << moved.error().message;
      }
      if (HasFailure() || !reached) break;
    }
    std::cout << "  " << n << " operations\n";
  }

  void SearchAll(const Command& command) {
    Search(command, FaultKind::kFail, 0);
    if (HasFailure()) return;
    Search(command, FaultKind::kPowerCut, 100);
    if (HasFailure()) return;
    Search(command, FaultKind::kPowerCut, 7000);
  }

  FaultyFileSystem disk_;
  std::shared_ptr<const FaultyFileSystem::State> before_;
};

TEST_F(PowerCut, Commit) { SearchAll(CommitNext); }
TEST_F(PowerCut, Alias) { SearchAll(Alias); }
TEST_F(PowerCut, Remove) { SearchAll(RemoveFiles); }
TEST_F(PowerCut, Archive) { SearchAll(Archive); }

TEST_F(PowerCut, GarbageCollection) {
  {
    const auto store = OpenOn(disk_);
    ASSERT_TRUE(RemoveFiles(*store).ok());
  }
  disk_.SyncAll();
  before_ = disk_.Snapshot();
  SearchAll(Gc);
}

TEST_F(PowerCut, DiskFull) {
  disk_.Restore(before_);
  const std::vector<std::string> old_state = State();
  disk_.Restore(before_);
  const std::uint64_t used = disk_.UsedBytes();
  for (std::uint64_t room = 0;; room += 8 * 1024) {
    disk_.Restore(before_);
    Status done;
    {
      const auto store = OpenOn(disk_);
      disk_.SetPlan({.kind = FaultKind::kDiskFull, .at_operation = 0, .disk_bytes = used + room});
      done = CommitNext(*store);
      disk_.SetPlan({});
    }
    const std::string when = std::to_string(room) + " bytes of room";
    const auto state = Look(when);
    if (done.ok()) break;
    EXPECT_EQ(done.error().code, ErrorCode::kIo) << when << ": " << done.error().message;
    EXPECT_NE(done.error().message.find("no space left"), std::string::npos)
        << done.error().message;
    ASSERT_EQ(state, old_state) << when;
    const auto left = disk_.List("/work/.dlv/tmp");
    ASSERT_TRUE(left.ok());
    EXPECT_TRUE(left->empty()) << when;
  }
}

}  // namespace
}  // namespace dlv::testing
