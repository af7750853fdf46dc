// The file system that the fault tests rely on must itself lose what it says it loses.

#include "tests/support/faulty_file_system.h"

#include <set>

#include "tests/unit/storage/io/io_test_support.h"

namespace dlv::testing {
namespace {

using io::Bytes;
using io::Must;
using io::WriteMode;

class Faulty : public ::testing::Test {
 protected:
  void SetUp() override {
    Must(disk_.MakeDirectory("/d"));
    disk_.SyncAll();
  }
  std::unique_ptr<io::WritableFile> Open(const std::string& path) {
    return Must(disk_.OpenForWriting(path, WriteMode::kUpdate));
  }
  std::string Content(const std::string& path) { return io::Text(disk_.Content(path)); }
  void WriteDurably(const std::string& path, std::string_view text) {
    const auto file = Open(path);
    Must(file->Append(Bytes(text)));
    disk_.SyncAll();
  }

  FaultyFileSystem disk_;
};

TEST_F(Faulty, UnsyncedBytesAreLostSyncedOnesStay) {
  WriteDurably("/d/a", "old ");
  const auto file = Open("/d/a");
  Must(file->Append(Bytes("synced ")));
  Must(file->Sync());
  Must(file->Append(Bytes("lost")));
  disk_.DropUnsyncedBytes(0);
  EXPECT_EQ(Content("/d/a"), "old synced ");
  EXPECT_EQ(file->Append(Bytes("x")).error().code, ErrorCode::kIo) << "handles do not survive";
}

TEST_F(Faulty, NamesNeedASyncOfTheirFolder) {
  const auto file = Open("/d/a");
  Must(file->Append(Bytes("x")));
  Must(file->Sync());
  const auto state = disk_.Snapshot();
  disk_.DropUnsyncedBytes(0);
  EXPECT_TRUE(disk_.Files().empty());
  disk_.Restore(state);
  disk_.DropUnsyncedBytes(1);
  EXPECT_EQ(Content("/d/a"), "x");
  disk_.Restore(state);
  Must(disk_.SyncDirectory("/d"));
  disk_.DropUnsyncedBytes(0);
  EXPECT_EQ(Content("/d/a"), "x");
}

TEST_F(Faulty, RenameIsOldOrNewAndDurableAfterSync) {
  WriteDurably("/d/a", "A");
  WriteDurably("/d/b", "B");
  Must(disk_.Rename("/d/a", "/d/b"));
  const auto state = disk_.Snapshot();
  disk_.DropUnsyncedBytes(0);
  EXPECT_EQ(Content("/d/a") + Content("/d/b"), "AB");
  disk_.Restore(state);
  Must(disk_.SyncDirectory("/d"));
  disk_.DropUnsyncedBytes(0);
  EXPECT_EQ(Content("/d/b"), "A");
  EXPECT_EQ(disk_.Files().size(), 1u);
}

TEST_F(Faulty, RenameAcrossFoldersLeavesNoGhost) {
  Must(disk_.MakeDirectory("/e"));
  disk_.SyncAll();
  const auto file = Open("/d/a");
  Must(file->Append(Bytes("A")));
  Must(file->Sync());
  Must(disk_.Rename("/d/a", "/e/a"));
  Must(disk_.SyncDirectory("/e"));
  Must(disk_.SyncDirectory("/d"));
  disk_.DropUnsyncedBytes(0);
  EXPECT_EQ(disk_.Files(), std::vector<std::string>{"/e/a"});
}

TEST_F(Faulty, WritesAreLostKeptOrTornBySeed) {
  WriteDurably("/d/a", std::string(2048, 'o'));
  Must(Open("/d/a")->WriteAt(0, Bytes(std::string(2048, 'n'))));
  const auto state = disk_.Snapshot();
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    disk_.Restore(state);
    disk_.DropUnsyncedBytes(seed);
    const std::string content = Content("/d/a");
    ASSERT_EQ(content.size(), 2048u);
    seen.insert(content);
    disk_.Restore(state);
    disk_.DropUnsyncedBytes(seed);
    EXPECT_EQ(Content("/d/a"), content) << "the same seed gives the same loss";
  }
  EXPECT_TRUE(seen.contains(std::string(2048, 'o')));
  EXPECT_TRUE(seen.contains(std::string(2048, 'n')));
  EXPECT_GT(seen.size(), 6u) << "torn in sectors";
}

TEST_F(Faulty, FailsTheNumberedOperationOnceOrFromThereOn) {
  const auto file = Open("/d/a");
  disk_.SetPlan({.kind = FaultKind::kFail, .at_operation = 2});
  EXPECT_TRUE(file->Append(Bytes("1")).ok());
  EXPECT_EQ(file->Append(Bytes("2")).error().code, ErrorCode::kIo);
  EXPECT_TRUE(file->Append(Bytes("3")).ok());
  EXPECT_EQ(Content("/d/a"), "13");
  EXPECT_EQ(disk_.operations(), 3u);
  disk_.SetPlan({.kind = FaultKind::kFailFrom, .at_operation = 2, .count_reads = false});
  EXPECT_TRUE(disk_.Stat("/d/a").ok());
  EXPECT_TRUE(file->Sync().ok());
  EXPECT_FALSE(disk_.fault_reached());
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_FALSE(disk_.Stat("/d/a").ok()) << "afterwards reads fail too";
  EXPECT_TRUE(disk_.fault_reached());
}

TEST_F(Faulty, PowerCutMayHaveDoneTheOperationItself) {
  WriteDurably("/d/a", "A");
  const auto state = disk_.Snapshot();
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    disk_.Restore(state);
    disk_.SetPlan({.kind = FaultKind::kPowerCut, .at_operation = 1});
    EXPECT_FALSE(disk_.Rename("/d/a", "/d/b").ok());
    EXPECT_FALSE(disk_.SyncDirectory("/d").ok());
    disk_.DropUnsyncedBytes(seed);
    seen.insert(Content("/d/a") + "|" + Content("/d/b"));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"A|", "|A"}));
}

TEST_F(Faulty, DiskFullRefusesWhatDoesNotFit) {
  WriteDurably("/d/a", "12345");
  disk_.SetPlan({.kind = FaultKind::kDiskFull, .disk_bytes = 8});
  const auto file = Open("/d/b");
  EXPECT_EQ(Must(disk_.FreeBytes("/d")), 3u);
  EXPECT_TRUE(file->Append(Bytes("678")).ok());
  const Status status = file->Append(Bytes("9"));
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("no space left on device"), std::string::npos);
  EXPECT_TRUE(file->WriteAt(0, Bytes("xyz")).ok()) << "overwriting needs no space";
  Must(disk_.Remove("/d/a"));
  EXPECT_TRUE(file->Append(Bytes("9")).ok());
}

TEST_F(Faulty, ChangesBehindTheBackAreDurable) {
  WriteDurably("/d/a", "abc");
  EXPECT_TRUE(disk_.Corrupt("/d/a", 1, 0x20));
  EXPECT_FALSE(disk_.Corrupt("/d/a", 3));
  EXPECT_TRUE(disk_.Truncate("/d/a", 2));
  EXPECT_FALSE(disk_.Truncate("/d/a", 3));
  disk_.DropUnsyncedBytes(0);
  EXPECT_EQ(Content("/d/a"), "aB");
  EXPECT_TRUE(disk_.Delete("/d/a"));
  disk_.DropUnsyncedBytes(0);
  EXPECT_TRUE(disk_.Files().empty());
}

}  // namespace
}  // namespace dlv::testing
