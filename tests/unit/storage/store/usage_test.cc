#include "storage/store/usage.h"

#include "storage/store/garbage.h"
#include "storage/store/planner_notes.h"
#include "storage/store/remove.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

class Usages : public SmallRepositoryTest {
 protected:
  UsageReport MustReport(bool by_version = true) {
    auto report =
        Usage(*store_, {.by = by_version ? UsageBy::kVersion : UsageBy::kModel, .references = {}});
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

TEST_F(Usages, NotesOfArchiveCanBeMadeAgain) {
  const UsageReport before = MustReport();
  testing::PutFile(disk_, PlannerNotes::Path(*store_), std::string(1000, 'x'));
  const UsageReport after = MustReport();
  EXPECT_EQ(after.derived_bytes, before.derived_bytes + 1000);
  EXPECT_EQ(after.metadata_bytes, before.metadata_bytes);
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

TEST_F(Usages, BasesAreWhatOnlyDeltasNeed) {
  const UsageReport report = MustReport();
  ASSERT_EQ(report.lines.size(), 3U);
  for (const UsageLine& line : report.lines) {
    ASSERT_TRUE(line.base_bytes.has_value());
    EXPECT_EQ(*line.base_bytes > 0, line.name == "m:v2") << line.name << " " << *line.base_bytes;
    EXPECT_LE(*line.base_bytes, line.stored_bytes);
  }
}

UsageReport MustReportOf(Store& store, UsageBy by, std::vector<std::string> references = {}) {
  auto report = Usage(store, {.by = by, .references = std::move(references)});
  EXPECT_TRUE(report.ok()) << report.error().message;
  return report.ok() ? std::move(report).value() : UsageReport{};
}

TEST_F(Usages, SeveralTogetherFreeWhatRemoveSays) {
  for (const std::vector<std::string>& references :
       {std::vector<std::string>{"m:v1"}, {"m:v2"}, {"m:v1", "m:v2"}, {"m:v2", "files:v1"}}) {
    const UsageReport report = MustReportOf(*store_, UsageBy::kVersion, references);
    const auto removed = Remove(*store_, references, true, true);
    ASSERT_TRUE(removed.ok()) << removed.error().message;
    EXPECT_EQ(report.freed_bytes, removed->freed_bytes) << references.front();
    EXPECT_EQ(report.kept_bytes, removed->kept_bytes) << references.front();
    EXPECT_EQ(report.lines.size(), references.size());
  }
  EXPECT_EQ(MustReportOf(*store_, UsageBy::kVersion, {"m"}).lines.size(), 2U) << "a model";
  EXPECT_EQ(MustReport().freed_bytes, std::nullopt);
}

std::uint64_t StoredBytes(const UsageReport& report) {
  std::uint64_t sum = 0;
  for (const UsageLine& line : report.lines) sum += line.stored_bytes;
  return sum;
}

TEST_F(Usages, CodecsAndPlanesAddUpToTheTensors) {
  for (const UsageBy by : {UsageBy::kCodec, UsageBy::kPlane}) {
    const UsageReport report = MustReportOf(*store_, by);
    EXPECT_EQ(StoredBytes(report), report.tensor_bytes);
    EXPECT_FALSE(report.lines.empty());
    for (const UsageLine& line : report.lines) EXPECT_FALSE(line.unique_bytes) << line.name;
  }
  const UsageReport planes = MustReportOf(*store_, UsageBy::kPlane, {"m:v1"});
  ASSERT_FALSE(planes.lines.empty());
  EXPECT_LT(StoredBytes(planes), planes.tensor_bytes) << "of one version";
}

TEST_F(Usages, TensorsAreListedByNameAndSize) {
  const UsageReport report = MustReportOf(*store_, UsageBy::kTensor);
  ASSERT_FALSE(report.lines.empty());
  EXPECT_EQ(report.lines.front().name, "m/layer1.weight");
  EXPECT_EQ(report.lines.front().unique_bytes, report.lines.front().stored_bytes)
      << "all versions are looked at";
  for (std::size_t i = 1; i < report.lines.size(); ++i) {
    EXPECT_GE(report.lines[i - 1].stored_bytes, report.lines[i].stored_bytes);
  }
  const UsageReport first = MustReportOf(*store_, UsageBy::kTensor, {"m:v1"});
  EXPECT_EQ(first.lines.front().name, "m/layer1.weight");
  EXPECT_EQ(first.lines.front().unique_bytes, 0U) << "m:v2 is built on it";
  EXPECT_EQ(first.lines.front().raw_bytes * 2, report.lines.front().raw_bytes);
}

TEST_F(Usages, SaysWhichReferenceThereIsNot) {
  const auto report = Usage(*store_, {.by = UsageBy::kVersion, .references = {"nobody"}});
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kNotFound);
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
