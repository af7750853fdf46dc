#include "storage/store/garbage.h"

#include "storage/io/lease.h"
#include "storage/store/archive_rewrite.h"
#include "storage/store/rebuild.h"
#include "storage/store/remove.h"
#include "storage/store/usage.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::CommitNet;
using testing::PutFile;
using testing::SmallNet;

class Garbage : public SmallRepositoryTest {
 protected:
  GcResult MustCollect(const GcOptions& options) {
    auto result = CollectGarbage(*store_, options, {.threads = 1});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(result).value() : GcResult{};
  }
  void MustRemove(const std::string& reference) {
    const auto removed = Remove(*store_, {reference}, true, false);
    ASSERT_TRUE(removed.ok()) << removed.error().message;
  }
  std::uint64_t PackBytes() {
    std::uint64_t bytes = 0;
    for (const std::string& pack : Packs()) {
      bytes += disk_.Content("/repo/.dlv/packs/" + pack).size();
    }
    return bytes;
  }
  std::string ContentOf(const std::string& pack) {
    const auto bytes = disk_.Content("/repo/.dlv/packs/" + pack);
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  std::vector<std::string> Trash() {
    auto names = disk_.List("/repo/.dlv/trash");
    EXPECT_TRUE(names.ok());
    return names.ok() ? std::move(names).value() : std::vector<std::string>();
  }
};

TEST_F(Garbage, DryRunNamesWhatItWouldFreeAndChangesNothing) {
  MustRemove("files:v1");
  const std::uint64_t used = disk_.UsedBytes();
  const GcResult planned = MustCollect({});
  EXPECT_FALSE(planned.executed);
  ASSERT_EQ(planned.items.size(), 1U);
  EXPECT_NE(planned.items[0].reason.find("files:v1"), std::string::npos) << planned.items[0].reason;
  EXPECT_GT(planned.freed_bytes, 2800U);
  EXPECT_EQ(disk_.UsedBytes(), used);
  const GcResult done = MustCollect({.execute = true, .use_trash = false});
  EXPECT_EQ(done.freed_bytes, planned.freed_bytes);
  EXPECT_LT(disk_.UsedBytes() + 2800, used);
  ExpectClean();
}

TEST_F(Garbage, NothingToDoIsNoWork) {
  const GcResult done = MustCollect({.execute = true});
  EXPECT_TRUE(done.items.empty());
  EXPECT_EQ(done.freed_bytes, 0U);
  EXPECT_EQ(Packs().size(), 3U);
}

TEST_F(Garbage, DeadPacksWaitInTheTrashForTheGraceTime) {
  MustRemove("files:v1");
  const GcResult moved = MustCollect({.execute = true, .grace_seconds = 1000});
  EXPECT_GT(moved.trash_bytes, 2800U);
  EXPECT_EQ(Packs().size(), 2U);
  ASSERT_EQ(Trash().size(), 1U);
  EXPECT_TRUE(MustCollect({.execute = true, .grace_seconds = 1000}).items.empty());
  EXPECT_EQ(Trash().size(), 1U);
  // As if it had been moved there 2,000 seconds ago.
  const std::string now = Trash()[0];
  const std::string old = std::to_string(std::stoll(now) - 2000);
  const auto packs = disk_.List("/repo/.dlv/trash/" + now);
  ASSERT_TRUE(packs.ok());
  ASSERT_EQ(packs->size(), 1U);
  ASSERT_TRUE(disk_.MakeDirectory("/repo/.dlv/trash/" + old).ok());
  ASSERT_TRUE(disk_
                  .Rename("/repo/.dlv/trash/" + now + "/" + (*packs)[0],
                          "/repo/.dlv/trash/" + old + "/" + (*packs)[0])
                  .ok());
  ASSERT_TRUE(disk_.Remove("/repo/.dlv/trash/" + now).ok());
  const GcResult emptied = MustCollect({.execute = true, .grace_seconds = 1000});
  EXPECT_GT(emptied.freed_bytes, 2800U);
  EXPECT_EQ(emptied.trash_bytes, 0U);
  EXPECT_TRUE(Trash().empty());
  ExpectClean();
}

TEST_F(Garbage, WithoutTrashTheBytesAreFreedAtOnceAndTheTrashIsEmptied) {
  MustRemove("files:v1");
  MustCollect({.execute = true});
  ASSERT_EQ(Trash().size(), 1U);
  MustRemove("m:v2");
  MustCollect({.execute = true, .use_trash = false});
  EXPECT_TRUE(Trash().empty());
  EXPECT_EQ(Packs().size(), 1U);
  ExpectClean();
}

TEST_F(Garbage, WhoHasLookedBeforeReadsOnFromTheTrash) {
  const auto reader = OpenReader();
  ASSERT_NE(reader, nullptr);
  const auto packs = reader->Read([](const catalog::Catalog& catalog) { return catalog.Packs(); });
  ASSERT_TRUE(packs.ok());
  MustRemove("files:v1");
  MustCollect({.execute = true, .grace_seconds = 1000});
  for (const auto& pack : *packs) {
    EXPECT_TRUE(reader->OpenPack(pack.name).ok()) << pack.name;
  }
}

TEST_F(Garbage, MostlyDeadPacksAreWrittenAnew) {
  // One pack with a small version and then a big one: two snapshots of one commit cannot be parted,
  // so the pack of a version is shared by way of equal tensors.
  SmallNet net(11, 80);
  ASSERT_TRUE(CommitNet(*store_, "big", net).ok());
  /// The same small tensors; the big one is another.
  class Mostly : public SmallNet {
   public:
    Mostly() : SmallNet(11, 80) {}
    Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
      DLV_TRY(SmallNet::Read(index, offset, out));
      if (index == 0) std::fill(out.begin(), out.end(), std::byte{0});
      return Ok();
    }
  } mostly;
  CommitRequest request = testing::RequestOf("heir", mostly);
  request.parent_choice = ParentChoice::kNone;
  ASSERT_TRUE(Commit(*store_, request, {.threads = 1}).ok());
  const auto bias = Bytes("heir/layer1.bias");
  MustRemove("big");
  const std::uint64_t used = disk_.UsedBytes();
  const GcResult done = MustCollect({.execute = true, .use_trash = false});
  ASSERT_EQ(done.items.size(), 1U);
  EXPECT_NE(done.items[0].reason.find("% dead (big:v1), written anew"), std::string::npos)
      << done.items[0].reason;
  EXPECT_LT(disk_.UsedBytes() + 100'000, used);
  Reopen();
  EXPECT_EQ(Bytes("heir/layer1.bias"), bias);
  EXPECT_EQ(Bytes("heir/layer2.weight"), net.bytes(2));
  ExpectClean();
}

TEST_F(Garbage, WithoutRoomMostlyDeadPacksStay) {
  SmallNet net(11, 80);
  ASSERT_TRUE(CommitNet(*store_, "big", net).ok());
  MustRemove("big");
  disk_.SetPlan({.kind = testing::FaultKind::kDiskFull,
                 .at_operation = 0,
                 .disk_bytes = disk_.UsedBytes() + (1U << 20)});
  const GcResult done = MustCollect({.execute = true, .use_trash = false});
  EXPECT_GT(done.freed_bytes, 100'000U) << "a wholly dead pack needs no room";
  disk_.SetPlan({});
  ExpectClean();
}

TEST_F(Garbage, WhatArchiveReplacedIsFreed) {
  testing::Echo echo;
  ASSERT_TRUE(CommitNet(*store_, "echo", echo).ok());
  const auto values = Bytes("echo/echo");
  const std::uint64_t before = PackBytes();
  const auto archived =
      ArchiveRewrite(*store_, "echo", testing::SettingsWithRates(), {.threads = 1});
  ASSERT_TRUE(archived.ok());
  ASSERT_GT(archived->rewritten, 0U);
  EXPECT_GE(Usage(*store_, {.by = UsageBy::kVersion, .references = {}})->garbage_bytes,
            archived->before_bytes)
      << "the form of before";
  ExpectClean();
  const GcResult done = MustCollect({.execute = true, .use_trash = false});
  ASSERT_EQ(done.items.size(), 1U);
  EXPECT_GE(done.freed_bytes, archived->before_bytes);
  EXPECT_LT(PackBytes() + 2000, before);
  EXPECT_TRUE(MustCollect({.execute = true, .use_trash = false}).items.empty());
  Reopen();
  EXPECT_EQ(Bytes("echo/echo"), values);
  ExpectClean();
}

TEST_F(Garbage, FormsThatNobodyNamesAreNoDamage) {
  // Written into one pack with others, then into one of archive, where it dies with its version:
  // what is left of it in the first pack belongs to nothing.
  testing::Echo echo;
  ASSERT_TRUE(CommitNet(*store_, "echo", echo).ok());
  for (unsigned i = 0; i < 14; ++i) {
    SmallNet net(i, 2);
    ASSERT_TRUE(CommitNet(*store_, "small", net).ok());
  }
  ASSERT_LT(Packs().size(), 8U) << "merged";
  const auto archived =
      ArchiveRewrite(*store_, "echo", testing::SettingsWithRates(), {.threads = 1});
  ASSERT_TRUE(archived.ok());
  ASSERT_GT(archived->rewritten, 0U);
  MustRemove("echo");
  EXPECT_EQ(MustCollect({.execute = true, .use_trash = false}).items.size(), 1U);
  Reopen();
  ExpectClean();
}

TEST_F(Garbage, LeftoversGoAndWorkInProgressStays) {
  PutFile(disk_, "/repo/.dlv/packs/0123456789abcdef-0.pack", ContentOf(Packs().front()));
  PutFile(disk_, "/repo/.dlv/tmp/0123456789abcdef-1.pack", "half a pack");
  PutFile(disk_, "/repo/.dlv/tmp/something", "else");
  auto lease = io::Lease::Create(disk_, "/repo/.dlv/tmp/fedcba9876543210.lease", "dlv commit");
  ASSERT_TRUE(lease.ok());
  PutFile(disk_, "/repo/.dlv/tmp/fedcba9876543210-0.pack", "being written");
  PutFile(disk_, "/repo/.dlv/packs/fedcba9876543210-1.pack", ContentOf(Packs().front()));
  EXPECT_EQ(MustCollect({.execute = true, .use_trash = false}).items.size(), 3U);
  EXPECT_EQ(disk_.List("/repo/.dlv/tmp")->size(), 2U);
  EXPECT_EQ(Packs().size(), 4U);
  lease->reset();  // the writer is gone
  EXPECT_EQ(MustCollect({.execute = true, .use_trash = false}).items.size(), 2U);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
  EXPECT_EQ(Packs().size(), 3U);
  ExpectClean();
}

TEST_F(Garbage, WhatNoRecordNamesPassesThroughTheTrashEvenWithoutGrace) {
  PutFile(disk_, "/repo/.dlv/packs/0123456789abcdef-0.pack", ContentOf(Packs().front()));
  MustCollect({.execute = true, .grace_seconds = 0});
  EXPECT_EQ(Packs().size(), 3U);
  const auto folders = disk_.List("/repo/.dlv/trash");
  ASSERT_EQ(folders->size(), 1U);
  EXPECT_EQ(disk_.List("/repo/.dlv/trash/" + folders->front())->size(), 1U);
}

TEST_F(Garbage, NamesAndKeepsPacksThatCannotBeRead) {
  const std::string sound = ContentOf(Packs().front());
  std::string damaged = sound;
  damaged[4096 + 8] ^= 1;  // the section header
  PutFile(disk_, "/repo/.dlv/packs/0123456789abcdef-0.pack", "no pack at all");
  PutFile(disk_, "/repo/.dlv/packs/1123456789abcdef-0.pack", damaged);
  PutFile(disk_, "/repo/.dlv/packs/2123456789abcdef-0.pack", sound.substr(0, sound.size() - 1));
  PutFile(disk_, "/repo/.dlv/packs/3123456789abcdef-0.pack", sound);
  const auto count = Packs().size();
  for (const bool execute : {false, true}) {
    const GcResult result = MustCollect({.execute = execute, .use_trash = false});
    ASSERT_EQ(result.items.size(), 1U);
    EXPECT_EQ(result.items[0].path, "packs/3123456789abcdef-0.pack");
    ASSERT_EQ(result.unreadable.size(), 3U);
    for (const GcItem& item : result.unreadable) EXPECT_FALSE(item.reason.empty()) << item.path;
  }
  EXPECT_EQ(Packs().size(), count - 1);
  ExpectClean();
}

TEST_F(Garbage, KeepsWhatARebuildCouldNotRead) {
  // The directory of m:v2's section is damaged: a rebuilt catalog has neither version nor pack.
  const auto version =
      store_->Read([](const catalog::Catalog& catalog) { return catalog.FindVersion("m", 2); });
  ASSERT_TRUE(version.ok() && version->has_value());
  const auto section = store_->OpenSection((*version)->manifest_section);
  ASSERT_TRUE(section.ok());
  const std::string path = (*section)->path();
  const std::uint64_t directory = (*section)->place().offset + (*section)->place().length -
                                  archive::SectionFooter::kEncodedSize - 1;
  store_.reset();
  ASSERT_TRUE(disk_.Corrupt(path, directory, 0x10));
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  const auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {});
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
  EXPECT_FALSE(rebuilt->findings.empty());
  Reopen();
  const auto packs = Packs();
  const GcResult result = MustCollect({.execute = true, .grace_seconds = 0});
  EXPECT_TRUE(result.items.empty());
  ASSERT_EQ(result.unreadable.size(), 1U);
  EXPECT_EQ("/repo/.dlv/" + result.unreadable[0].path, path);
  EXPECT_EQ(Packs(), packs);
  // Healed (a copy was found, say), it is whole again after the next rebuild.
  store_.reset();
  ASSERT_TRUE(disk_.Corrupt(path, directory, 0x10));
  ASSERT_TRUE(RebuildCatalog(testing::kRoot, Options(), {}).ok());
  Reopen();
  EXPECT_EQ(References(), (std::vector<std::string>{"files:v1", "m:v2", "m:v1"}));
  ExpectClean();
}

TEST_F(Garbage, RefusesANegativeGraceTimeAndReadOnly) {
  EXPECT_EQ(CodeOf(CollectGarbage(*store_, {.execute = true, .grace_seconds = -1}, {})),
            ErrorCode::kInvalidArgument);
  const auto reader = OpenReader();
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(CodeOf(CollectGarbage(*reader, {.execute = true}, {})), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(CollectGarbage(*reader, {}, {}).ok()) << "a dry run only reads";
}

}  // namespace
}  // namespace dlv::store
