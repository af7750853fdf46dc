#include "storage/store/store.h"

#include <thread>

#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::FaultKind;
using testing::FaultyFileSystem;
using testing::PutFile;
using Stores = SmallRepositoryTest;

TEST_F(Stores, InitMakesOneRepository) {
  EXPECT_EQ(CodeOf(Store::Init(testing::kRoot, Options())), ErrorCode::kConflict);
  EXPECT_TRUE(Store::Init("/elsewhere/deep", Options()).ok());
  EXPECT_TRUE(Store::Open("/elsewhere/deep", Options()).ok());
}

TEST_F(Stores, InitThatWasInterruptedAnywhereCanBeDoneAgain) {
  for (std::uint64_t n = 1;; ++n) {
    FaultyFileSystem disk;
    StoreOptions options;
    options.file_system = &disk;
    disk.SetPlan({.kind = FaultKind::kPowerCut, .at_operation = n, .count_reads = false});
    const bool done = Store::Init("/repo", options).ok();
    const bool reached = disk.fault_reached();
    disk.DropUnsyncedBytes(40 + n);
    const auto opened = Store::Open("/repo", options);
    EXPECT_TRUE(opened.ok() || !done) << "acknowledged, then gone: operation " << n;
    if (!opened.ok()) {
      const auto again = Store::Init("/repo", options);
      EXPECT_TRUE(again.ok()) << "operation " << n << ": " << again.error().message;
    }
    if (!reached) {
      std::cout << "  power cut at " << n - 1 << " operations of init\n";
      break;
    }
  }
}

TEST_F(Stores, InitOverPacksOfAnotherIsAConflict) {
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/format"));
  EXPECT_EQ(CodeOf(Store::Init(testing::kRoot, Options())), ErrorCode::kConflict);
  EXPECT_FALSE(Packs().empty());
}

TEST_F(Stores, OpenSaysWhatIsWrong) {
  store_.reset();
  EXPECT_EQ(CodeOf(Store::Open("/nowhere", Options())), ErrorCode::kNotFound);
  RepositoryFormat newer;
  newer.version = kRepositoryVersion + 1;
  PutFile(disk_, "/repo/.dlv/format", EncodeFormat(newer));
  EXPECT_EQ(CodeOf(Store::Open(testing::kRoot, Options())), ErrorCode::kUnsupported);
  PutFile(disk_, "/repo/.dlv/format", "dlv repository\nversion 1\nfeatures 0\n");
  EXPECT_EQ(CodeOf(Store::Open(testing::kRoot, Options())), ErrorCode::kCorruption);
  PutFile(disk_, "/repo/.dlv/format", EncodeFormat({}));
  disk_.SetPlan({.kind = FaultKind::kFailFrom, .at_operation = 1});
  EXPECT_EQ(CodeOf(Store::Open(testing::kRoot, Options())), ErrorCode::kIo);
}

TEST_F(Stores, WritesTakeTurnsAndSayForWhomTheyWait) {
  const auto second = testing::OpenOn(disk_);
  const Status outer = store_->Write("dlv commit", [&](Change&) {
    const Status inner = second->Write("dlv alias", [](Change&) { return Ok(); });
    EXPECT_EQ(CodeOf(inner), ErrorCode::kConflict);
    EXPECT_NE(inner.error().message.find("(dlv commit)"), std::string::npos)
        << inner.error().message;
    return Ok();
  });
  EXPECT_TRUE(outer.ok());
  EXPECT_TRUE(second->Write("dlv alias", [](Change&) { return Ok(); }).ok());
}

TEST_F(Stores, AFailedChangeLeavesNothing) {
  const auto before = testing::StateOf(*store_);
  const auto log = disk_.Content("/repo/.dlv/operations.log");
  const Status failed = store_->Write("test", [&](Change& change) -> Status {
    DLV_TRY(change.transaction.SetMeta("test", "1"));
    change.log.emplace_back(archive::AliasRecord{"m", "x", 0, 1});
    return Error{ErrorCode::kInvalidArgument, "on purpose"};
  });
  EXPECT_EQ(CodeOf(failed), ErrorCode::kInvalidArgument);
  EXPECT_EQ(testing::StateOf(*store_), before);
  EXPECT_EQ(disk_.Content("/repo/.dlv/operations.log"), log);
  const auto meta =
      store_->Read([](const catalog::Catalog& catalog) { return catalog.GetMeta("test"); });
  ASSERT_TRUE(meta.ok());
  EXPECT_FALSE(meta->has_value());
}

TEST_F(Stores, ALogBehindTheCatalogStopsWriters) {
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/operations.log"));
  Reopen();
  EXPECT_EQ(CodeOf(SetAlias(*store_, "best", "m:v2")), ErrorCode::kCorruption);
}

TEST_F(Stores, ReadOnlyStoresDoNotWrite) {
  const auto reader = OpenReader();
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(CodeOf(reader->Write("test", [](Change&) { return Ok(); })),
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace dlv::store
