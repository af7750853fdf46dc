#include "storage/store/usage.h"

#include "storage/store/garbage.h"
#include "storage/store/remove.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

class Usages : public SmallRepositoryTest {
 protected:
  UsageReport MustReport(bool by_version = true) {
    auto report = Usage(*store_, by_version);
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report.ok() ? std::move(report).value() : UsageReport{};
  }
};

TEST_F(Usages, PartsAddUpToTheWhole) {
  const UsageReport report = MustReport();
  EXPECT_EQ(report.total_bytes, report.tensor_bytes + report.blob_bytes + report.metadata_bytes +
                                    report.garbage_bytes + report.trash_bytes);
  std::uint64_t on_disk = 0;
  for (const std::string& path : disk_.Files()) {
    if (path.starts_with("/repo/.dlv/")) on_disk += disk_.Content(path).size();
  }
  EXPECT_EQ(report.total_bytes, on_disk);
  EXPECT_EQ(report.garbage_bytes, 0U);
  std::uint64_t raw = 0;
  for (const UsageLine& line : report.lines) raw += line.raw_bytes;
  EXPECT_EQ(report.raw_bytes, raw);
}

TEST_F(Usages, UniqueIsWhatRemovingAloneWouldFree) {
  for (const UsageLine& line : MustReport().lines) {
    const auto removed = Remove(*store_, {line.name}, true, true);
    ASSERT_TRUE(removed.ok()) << removed.error().message;
    EXPECT_EQ(line.unique_bytes, removed->freed_bytes) << line.name;
    EXPECT_EQ(line.stored_bytes, removed->freed_bytes + removed->kept_bytes) << line.name;
  }
}

TEST_F(Usages, ByModelCountsSharedBytesOnce) {
  const UsageReport report = MustReport(false);
  ASSERT_EQ(report.lines.size(), 2U);
  EXPECT_EQ(report.lines[0].name, "m");
  EXPECT_EQ(report.lines[0].stored_bytes, report.lines[0].unique_bytes);
}

TEST_F(Usages, RemovedVersionsAreGarbageThenTrash) {
  ASSERT_TRUE(Remove(*store_, {"files:v1"}, true, false).ok());
  EXPECT_GT(MustReport().garbage_bytes, 2000U);
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true}, {}).ok());
  const UsageReport report = MustReport();
  EXPECT_EQ(report.garbage_bytes, 0U);
  EXPECT_GT(report.trash_bytes, 2000U);
}

TEST_F(Usages, PacksThatNobodyNamesAreGarbage) {
  testing::PutFile(disk_, "/repo/.dlv/packs/0123456789abcdef-0.pack", std::string(5000, 'x'));
  EXPECT_EQ(MustReport().garbage_bytes, 5000U);
}

}  // namespace
}  // namespace dlv::store
