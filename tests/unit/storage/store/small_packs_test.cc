#include "storage/store/small_packs.h"

#include "storage/store/rebuild.h"
#include "tests/support/slow_build.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::SmallNet;

class SmallPacks : public SmallRepositoryTest {
 protected:
  /// Commits until the packs have been merged once; returns the nets.
  std::vector<SmallNet> CommitMany(int count) {
    std::vector<SmallNet> nets;
    SmallNet net(1, 20);
    for (int i = 0; i < count; ++i) {
      net.Train(static_cast<unsigned>(i));
      const auto result = testing::CommitNet(*store_, "series", net);
      EXPECT_TRUE(result.ok()) << result.error().message;
      nets.push_back(net);
    }
    return nets;
  }
};

TEST_F(SmallPacks, ManyCommitsLeaveFewPacksAndEveryValue) {
  const auto nets = CommitMany(40);
  EXPECT_LT(Packs().size(), 20U) << "43 commits";
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
  Reopen();
  for (std::size_t i = 0; i < nets.size(); ++i) {
    EXPECT_EQ(Bytes("series:v" + std::to_string(i + 1) + "/layer1.weight"), nets[i].bytes(0));
  }
  ExpectClean();
}

TEST_F(SmallPacks, ACatalogRebuiltFromMergedPacksSaysTheSame) {
  const auto nets = CommitMany(20);
  const auto before = testing::StateOf(*store_);
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  const auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {});
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
  EXPECT_TRUE(rebuilt->findings.empty());
  Reopen();
  EXPECT_EQ(testing::StateOf(*store_), before);
  EXPECT_EQ(Bytes("series:v7/layer1.weight"), nets[6].bytes(0));
  ExpectClean();
}

TEST_F(SmallPacks, WhoHasLookedBeforeReadsOn) {
  const auto reader = OpenReader();
  ASSERT_NE(reader, nullptr);
  ASSERT_TRUE(ReadTensor(*reader, "m:v2/layer1.bias", 0).ok());
  const auto want = Bytes("m:v2/layer1.weight");
  CommitMany(20);
  const auto tensor = ReadTensor(*reader, "m:v2/layer1.weight", 0);
  ASSERT_TRUE(tensor.ok()) << tensor.error().message;
  EXPECT_EQ(tensor->bytes, want);
}

TEST_F(SmallPacks, WhereMergingFailsTheCommitStands) {
  CommitMany(12);
  SmallNet net(5, 20);
  const std::size_t packs = Packs().size();
  const auto snapshot = disk_.Snapshot();
  std::uint64_t merges_failed = 0;
  for (std::uint64_t n = 1;; n += testing::kSlowBuild ? 3 : 1) {
    store_.reset();
    disk_.Restore(snapshot);
    Reopen();
    disk_.SetPlan({.kind = testing::FaultKind::kFailFrom, .at_operation = n, .count_reads = false});
    const auto result = testing::CommitNet(*store_, "last", net);
    const bool reached = disk_.fault_reached();
    disk_.SetPlan({});
    if (result.ok() && reached) {
      ++merges_failed;
      EXPECT_EQ(Bytes("last/layer1.weight"), net.bytes(0));
      ExpectClean();
    }
    if (HasFailure() || !reached) break;
  }
  std::cout << "  " << packs << " packs before, " << merges_failed
            << " ways to fail after the commit\n";
  EXPECT_GT(merges_failed, testing::kSlowBuild ? 1U : 5U);
}

}  // namespace
}  // namespace dlv::store
