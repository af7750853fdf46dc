#include "storage/store/space_reserve.h"

#include "storage/store/garbage.h"
#include "storage/store/remove.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::FaultKind;

constexpr const char* kReserve = "/repo/.dlv/reserve";

class SpaceReserve : public SmallRepositoryTest {
 protected:
  /// A version large enough for a reserve.
  void CommitLarge() {
    testing::SmallNet net(3, 3000);  // 5.7 MiB of random values
    const auto committed = testing::CommitNet(*store_, "large", net);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }
  void Fill(std::uint64_t room) {
    disk_.SetPlan({.kind = FaultKind::kDiskFull, .disk_bytes = disk_.UsedBytes() + room});
  }
};

TEST_F(SpaceReserve, IsMadeOnceThePacksAreLarge) {
  EXPECT_TRUE(disk_.Content(kReserve).empty()) << "beside a small repository it would count";
  CommitLarge();
  EXPECT_EQ(disk_.Content(kReserve).size(), kReserveBytes);
  ExpectClean();
  EXPECT_TRUE(disk_.Delete(kReserve));
  KeepReserve(*store_);
  EXPECT_EQ(disk_.Content(kReserve).size(), kReserveBytes) << "made anew";
}

TEST_F(SpaceReserve, RoomIsMadeOnADiskThatIsFull) {
  CommitLarge();
  const auto weight = Bytes("m:v2/layer1.weight");
  Fill(0);
  EXPECT_EQ(CodeOf(SetAlias(*store_, "x", "m:v1")), ErrorCode::kIo) << "nothing fits";
  const auto removed = Remove(*store_, {"large:v1"}, true, false);
  ASSERT_TRUE(removed.ok()) << removed.error().message;
  EXPECT_TRUE(disk_.Content(kReserve).empty());
  const auto freed = CollectGarbage(*store_, {.execute = true, .use_trash = false}, {.threads = 1});
  ASSERT_TRUE(freed.ok()) << freed.error().message;
  EXPECT_GT(freed->freed_bytes, 4U << 20);
  EXPECT_TRUE(SetAlias(*store_, "x", "m:v1").ok()) << "there is room again";
  disk_.SetPlan({});
  EXPECT_EQ(Bytes("m:v2/layer1.weight"), weight);
  ExpectClean();
}

TEST_F(SpaceReserve, GcAloneNeedsNoRoomEither) {
  CommitLarge();
  ASSERT_TRUE(Remove(*store_, {"large:v1"}, true, false).ok());
  for (const bool trash : {true, false}) {
    Fill(disk_.Content(kReserve).empty() ? kReserveBytes : 0);
    const auto freed =
        CollectGarbage(*store_, {.execute = true, .use_trash = trash}, {.threads = 1});
    ASSERT_TRUE(freed.ok()) << trash << ": " << freed.error().message;
  }
  disk_.SetPlan({});
  ExpectClean();
}

TEST_F(SpaceReserve, LeavesOthersTheirRoom) {
  CommitLarge();
  ASSERT_TRUE(disk_.Delete(kReserve));
  Fill(2 * kReserveBytes);
  KeepReserve(*store_);
  EXPECT_TRUE(disk_.Content(kReserve).empty()) << "not the last room of a disk";
  disk_.SetPlan({});
  KeepReserve(*store_);
  SpendReserve(*store_);
  EXPECT_EQ(disk_.Content(kReserve).size(), kReserveBytes) << "nobody needs it";
}

TEST_F(SpaceReserve, ThatCannotBeWrittenIsNoError) {
  CommitLarge();
  ASSERT_TRUE(disk_.Delete(kReserve));
  for (std::uint64_t at = 1; at < 4; ++at) {
    disk_.SetPlan({.kind = FaultKind::kFail, .at_operation = at, .count_reads = false});
    KeepReserve(*store_);
    EXPECT_TRUE(disk_.fault_reached());
    EXPECT_TRUE(disk_.Content(kReserve).empty()) << at;
  }
}

}  // namespace
}  // namespace dlv::store
