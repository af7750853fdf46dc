// Power cuts and failing operations at every place of a catalog transaction, and flipped bytes in
// every page.

#include <set>

#include "storage/catalog/page_checksum.h"
#include "storage/catalog/vfs.h"
#include "tests/unit/storage/catalog/catalog_fixture.h"

namespace dlv::catalog {
namespace {

using testing::FaultKind;

class CatalogFault : public CatalogTest {
 protected:
  /// One transaction as a commit makes it: new version, moved alias, a deleted version.
  static Status Change(io::FileSystem& disk) {
    DLV_ASSIGN(const auto catalog, Catalog::Open(disk, kPath, OpenMode::kReadWrite));
    DLV_ASSIGN(const auto transaction, catalog->Begin());
    PackRow pack;
    pack.name = "new";
    SectionRow section;
    DLV_ASSIGN(section.pack, transaction->InsertPack(pack));
    DLV_ASSIGN(const Row section_row, transaction->InsertSection(section));
    for (std::uint32_t i = 0; i < 40; ++i) {
      const auto id = DigestOf<TensorId>(5000 + i);
      DLV_ASSIGN(const ObjectNumber number,
                 transaction->InsertObject(IdPrefix(id), ObjectKind::kTensor, section_row, i));
      (void)number;
    }
    NewVersion version = MakeVersion("m", 4);
    DLV_ASSIGN(const auto inserted, transaction->InsertVersion(version));
    DLV_TRY(transaction->SetAlias("best", inserted.version));
    DLV_TRY(transaction->DeleteVersion(1));
    return transaction->Commit();
  }

  /// "before", "after" or what else is wrong.
  static std::string StateOf(io::FileSystem& disk) {
    const auto catalog = Catalog::Open(disk, kPath, OpenMode::kReadWrite);
    if (!catalog.ok()) return catalog.error().message;
    const auto findings = (*catalog)->CheckIntegrity();
    if (!findings.ok()) return findings.error().message;
    if (!findings->empty()) return findings->front();
    std::set<std::string> versions;
    const auto listed = (*catalog)->ListVersions();
    if (!listed.ok()) return listed.error().message;
    for (const VersionRow& row : *listed) versions.insert(row.summary.reference());
    const std::uint64_t ids = Must((*catalog)->DumpCounts())["object_id"];
    const std::size_t aliases = Must((*catalog)->Aliases("m")).size();
    if (versions == std::set<std::string>{"m:v1", "m:v2"} && ids == 24 && aliases == 0)
      return "before";
    if (versions == std::set<std::string>{"m:v2", "m:v3"} && ids == 64 && aliases == 1)
      return "after";
    return "a third state";
  }

  void FillAndSave() {
    CommitVersion("m", 1, 10);
    CommitVersion("m", 2, 10);
    catalog_ = nullptr;
    disk_.SyncAll();
    before_ = disk_.Snapshot();
    ASSERT_EQ(StateOf(disk_), "before");
    ASSERT_TRUE(Change(disk_).ok());
    ASSERT_EQ(StateOf(disk_), "after");
  }

  std::shared_ptr<const testing::FaultyFileSystem::State> before_;
};

TEST_F(CatalogFault, PowerCutAnywhereLeavesOldOrNewState) {
  FillAndSave();
  std::uint64_t cuts = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    for (std::uint64_t n = 1;; ++n) {
      disk_.Restore(before_);
      disk_.SetPlan({.kind = FaultKind::kPowerCut, .at_operation = n, .count_reads = false});
      const bool acknowledged = Change(disk_).ok();
      const bool reached = disk_.fault_reached();
      disk_.DropUnsyncedBytes(seed < 2 ? seed : seed * 1'000'003 + n);
      const std::string state = StateOf(disk_);
      ASSERT_TRUE(state == "after" || (!acknowledged && state == "before"))
          << "cut at operation " << n << ", seed " << seed << ": " << state
          << (acknowledged ? ", acknowledged" : "");
      if (!reached) break;
      ++cuts;
    }
  }
  RecordProperty("cuts", static_cast<int>(cuts));
  EXPECT_GT(cuts, 100u);
}

TEST_F(CatalogFault, PowerCutWhileRollingBackIsHarmless) {
  FillAndSave();
  // Find a cut that leaves a hot journal, then cut the power again at each operation of the
  // recovery.
  std::uint64_t recoveries = 0;
  for (std::uint64_t n = 1;; n += 3) {
    disk_.Restore(before_);
    disk_.SetPlan({.kind = FaultKind::kPowerCut, .at_operation = n, .count_reads = false});
    (void)Change(disk_).ok();
    if (!disk_.fault_reached()) break;
    disk_.DropUnsyncedBytes(1);
    const auto interrupted = disk_.Snapshot();
    for (std::uint64_t m = 1;; ++m) {
      disk_.Restore(interrupted);
      disk_.SetPlan({.kind = FaultKind::kPowerCut, .at_operation = m, .count_reads = false});
      (void)StateOf(disk_);
      const bool reached = disk_.fault_reached();
      disk_.DropUnsyncedBytes(n * 31 + m);
      const std::string state = StateOf(disk_);
      ASSERT_TRUE(state == "before" || state == "after") << n << ", " << m << ": " << state;
      if (!reached) break;
      ++recoveries;
    }
  }
  EXPECT_GT(recoveries, 5u);
}

TEST_F(CatalogFault, FailingOperationLeavesOldOrNewState) {
  FillAndSave();
  for (const FaultKind kind : {FaultKind::kFail, FaultKind::kFailFrom}) {
    for (std::uint64_t n = 1;; ++n) {
      disk_.Restore(before_);
      disk_.SetPlan({.kind = kind, .at_operation = n});
      const Status status = Change(disk_);
      const bool reached = disk_.fault_reached();
      disk_.SetPlan({});
      const std::string state = StateOf(disk_);
      ASSERT_TRUE(state == "after" || (!status.ok() && state == "before"))
          << "operation " << n << ": " << state
          << (status.ok() ? "" : ", " + status.error().message);
      if (!status.ok()) {
        EXPECT_EQ(status.error().code, ErrorCode::kIo) << n << ": " << status.error().message;
        EXPECT_NE(status.error().message.find("injected fault"), std::string::npos)
            << status.error().message;
      }
      if (!reached) break;
    }
  }
}

TEST_F(CatalogFault, CreationCutShortCanBeDoneAgain) {
  for (std::uint64_t n = 1;; ++n) {
    testing::FaultyFileSystem disk;
    Must(disk.MakeDirectory("/repo"));
    disk.SyncAll();
    disk.SetPlan({.kind = FaultKind::kPowerCut, .at_operation = n, .count_reads = false});
    const bool acknowledged = Catalog::Create(disk, kPath).ok();
    const bool reached = disk.fault_reached();
    disk.DropUnsyncedBytes(n);
    if (!Catalog::Open(disk, kPath, OpenMode::kReadWrite).ok()) {
      ASSERT_FALSE(acknowledged) << n;
      ASSERT_OK(Catalog::Create(disk, kPath));
    }
    auto catalog = Must(Catalog::Open(disk, kPath, OpenMode::kReadWrite));
    auto transaction = Must(catalog->Begin());
    for (std::uint64_t i = 0; i < 2000; ++i)
      Must(transaction->InsertObject(i * i * i, ObjectKind::kBlob, 0, 0));
    ASSERT_OK(transaction->Commit());
    EXPECT_EQ(Must(catalog->DumpCounts())["object_id"], 2000u);
    EXPECT_EQ(Must(catalog->GetObject(2000))->number, 2000u);
    if (!reached) break;
  }
}

TEST_F(CatalogFault, EveryFlippedByteIsFoundOrHarmless) {
  FillAndSave();
  disk_.Restore(before_);
  const std::vector<std::byte> content = disk_.Content(kPath);
  ASSERT_EQ(content.size() % kPageSize, 0u);
  const std::string expected = "before";
  std::uint64_t named = 0;
  for (std::uint64_t offset = 0; offset < content.size(); offset += offset < 120 ? 1 : 509) {
    disk_.Restore(before_);
    ASSERT_TRUE(disk_.Corrupt(kPath, offset, static_cast<std::uint8_t>(1u << (offset % 8))));
    const auto catalog = Catalog::Open(disk_, kPath, OpenMode::kRead);
    if (!catalog.ok()) {
      EXPECT_EQ(catalog.error().code, ErrorCode::kCorruption)
          << offset << ": " << catalog.error().message;
      continue;
    }
    const auto findings = (*catalog)->CheckIntegrity();
    ASSERT_TRUE(findings.ok()) << offset << ": " << findings.error().message;
    ASSERT_FALSE(findings->empty()) << "flipped byte " << offset << " was not found";
    const std::string page = "page " + std::to_string(offset / kPageSize + 1) + " ";
    EXPECT_NE(findings->front().find(page), std::string::npos) << findings->front();
    ++named;
    const auto listed = (*catalog)->ListVersions();
    if (!listed.ok()) {
      EXPECT_EQ(listed.error().code, ErrorCode::kCorruption) << listed.error().message;
    } else {
      EXPECT_EQ(listed->size(), 2u);
    }
  }
  EXPECT_GT(named, 100u);
}

TEST_F(CatalogFault, MisplacedAndZeroedPagesAreFound) {
  FillAndSave();
  disk_.Restore(before_);
  const std::vector<std::byte> content = disk_.Content(kPath);
  const auto page = [&](std::size_t i) {
    return content.begin() + static_cast<std::ptrdiff_t>(i * kPageSize);
  };
  std::vector<std::byte> swapped = content;
  std::copy(page(2), page(3), swapped.begin() + 3 * kPageSize);
  disk_.Replace(kPath, swapped);
  EXPECT_EQ(Must(Reopen()->CheckIntegrity()).size(), 1u);
  std::vector<std::byte> zeroed = content;
  std::fill_n(zeroed.begin() + 4 * kPageSize, kPageSize, std::byte{0});
  disk_.Replace(kPath, zeroed);
  EXPECT_EQ(Must(Reopen()->CheckIntegrity()).size(), 1u);
}

TEST_F(CatalogFault, ReplacingIsOldOrNew) {
  FillAndSave();
  const std::string fresh = "/repo/catalog.new";
  disk_.Restore(before_);
  {
    auto catalog = Must(Catalog::Create(disk_, fresh));
    auto transaction = Must(catalog->Begin());
    ASSERT_OK(transaction->InsertVersion(MakeVersion("other", 1)));
    ASSERT_OK(transaction->Commit());
  }
  const auto prepared = disk_.Snapshot();
  for (std::uint64_t n = 1;; ++n) {
    disk_.Restore(prepared);
    disk_.SetPlan({.kind = FaultKind::kPowerCut, .at_operation = n, .count_reads = false});
    const bool acknowledged = Catalog::Replace(disk_, fresh, kPath).ok();
    const bool reached = disk_.fault_reached();
    disk_.DropUnsyncedBytes(n + 2);
    const auto names = Must(Reopen()->ModelNames());
    EXPECT_TRUE(names == std::vector<std::string>{"other"} ||
                (!acknowledged && names == std::vector<std::string>{"m"}));
    if (!reached) break;
  }
}

TEST_F(CatalogFault, WhoHasAReplacedCatalogOpenIsTold) {
  CommitVersion("m", 1, 10);
  auto reader = Reopen(OpenMode::kRead);
  EXPECT_EQ(Must(reader->VersionCount()), 1u);
  ASSERT_OK(Catalog::Create(disk_, "/repo/catalog.new"));
  ASSERT_OK(Catalog::Replace(disk_, "/repo/catalog.new", kPath));
  EXPECT_EQ(reader->VersionCount().error().code, ErrorCode::kConflict);
  EXPECT_EQ(catalog_->Begin().error().code, ErrorCode::kConflict);
  EXPECT_EQ(Must(Reopen()->VersionCount()), 0u);
}

TEST_F(CatalogFault, EveryTruncationIsFound) {
  FillAndSave();
  disk_.Restore(before_);
  const std::uint64_t size = disk_.Content(kPath).size();
  for (std::uint64_t length = 0; length < size; length += length < 64 ? 1 : 331) {
    disk_.Restore(before_);
    ASSERT_TRUE(disk_.Truncate(kPath, length));
    const auto catalog = Catalog::Open(disk_, kPath, OpenMode::kRead);
    if (!catalog.ok()) {
      EXPECT_EQ(catalog.error().code, ErrorCode::kCorruption)
          << length << ": " << catalog.error().message;
      continue;
    }
    const auto findings = (*catalog)->CheckIntegrity();
    if (findings.ok()) {
      EXPECT_FALSE(findings->empty()) << length;
    } else {
      EXPECT_EQ(findings.error().code, ErrorCode::kCorruption);
    }
  }
}

TEST(PageChecksum, DependsOnEveryByteAndOnThePlace) {
  std::vector<std::byte> page(kPageSize, std::byte{3});
  SealPage(5, page);
  EXPECT_TRUE(IsPageSound(5, page));
  EXPECT_FALSE(IsPageSound(6, page));
  for (std::size_t i = 0; i < page.size(); ++i) {
    page[i] ^= std::byte{0x10};
    EXPECT_FALSE(IsPageSound(5, page)) << i;
    page[i] ^= std::byte{0x10};
  }
  std::fill(page.begin(), page.end(), std::byte{0});
  EXPECT_FALSE(IsPageSound(1, page)) << "a page of zeros is no sound page";
}

}  // namespace
}  // namespace dlv::catalog
