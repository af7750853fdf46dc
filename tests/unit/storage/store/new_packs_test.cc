#include "storage/store/new_packs.h"

#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

TEST(NewPacks, APackThatCouldNotBeSyncedIsNotMovedIntoPlace) {
  testing::FaultyFileSystem disk;
  const auto store = testing::InitOn(disk);
  ASSERT_NE(store, nullptr);
  auto packs = NewPacks::Begin(*store, "test");
  ASSERT_TRUE(packs.ok());
  auto pack = (*packs)->MakePack();
  ASSERT_TRUE(pack.ok());
  ASSERT_TRUE(pack->file->Append(std::vector<std::byte>(100)).ok());
  disk.SetPlan({.kind = testing::FaultKind::kFail, .at_operation = 1});
  // As large as what is synced beside other work.
  ASSERT_TRUE(pack->syncs->Finish(std::move(pack->file), io::BackgroundSync::kLeastBytes).ok());
  EXPECT_FALSE((*packs)->MoveIntoPlace().ok());
  EXPECT_EQ((*packs)->Path(0), store->paths().Temporary((*packs)->Name(0)));
}

}  // namespace
}  // namespace dlv::store
