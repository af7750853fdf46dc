#include "storage/store/archive_plan.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "storage/store/version_content.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

using dlv::testing::FaultyFileSystem;
using dlv::testing::SmallNet;

class PlanningArchive : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = dlv::testing::InitOn(disk_);
    options_.rates = testing::SomeRates();
    options_.cores = 2;
  }

  void CommitTo(const std::string& model, SmallNet& net) {
    CommitRequest request = dlv::testing::RequestOf(model, net);
    request.parent_choice = parents_;
    const auto committed = Commit(*store_, request, {.threads = 1});
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }

  ArchivePlan Plan(std::string_view reference = "") {
    auto plan = PlanArchive(*store_, reference, options_, {.threads = 1});
    EXPECT_TRUE(plan.ok()) << plan.error().message;
    return plan.ok() ? std::move(plan).value() : ArchivePlan{};
  }

  FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
  PlannerSettings options_;
  ParentChoice parents_ = ParentChoice::kNone;
};

TEST_F(PlanningArchive, FindsKinThatNobodyRecorded) {
  SmallNet net(1);
  CommitTo("m", net);
  net.Train(2);
  CommitTo("stray", net);  // without a parent: stored alone
  SmallNet other(9);
  CommitTo("other", other);
  const ArchivePlan plan = Plan();
  EXPECT_LT(static_cast<double>(plan.planned.bytes), 0.95 * static_cast<double>(plan.now.bytes));
  ASSERT_FALSE(plan.changes.empty());
  EXPECT_GT(plan.candidates, 0U);
  EXPECT_GT(plan.coded, 0U);
  EXPECT_TRUE(plan.within_budget);
  EXPECT_EQ(plan.now.depth, 0U);
  EXPECT_EQ(plan.planned.depth, 1U);
  std::uint64_t to_write = 0;
  for (const PlannedChange& change : plan.changes) {
    ASSERT_TRUE(change.base.has_value());
    const auto tensor = store_->tensors().Open(change.tensor);
    const auto base = store_->tensors().Open(*change.base);
    ASSERT_TRUE(tensor.ok() && base.ok());
    EXPECT_EQ((*tensor)->element_count(), (*base)->element_count());
    EXPECT_LT(change.bytes_planned, change.bytes_now);
    to_write += change.bytes_planned;
  }
  EXPECT_GE(plan.bytes_to_write, to_write) << "with what depends on them";
  ASSERT_EQ(plan.snapshots.size(), 3U);
  std::set<std::string> references;
  for (const PlannedSnapshot& snapshot : plan.snapshots) {
    references.insert(snapshot.reference);
    EXPECT_LE(snapshot.seconds_planned, snapshot.budget_seconds);
    EXPECT_FALSE(snapshot.least_seconds);
  }
  EXPECT_EQ(references, (std::set<std::string>{"m:v1", "other:v1", "stray:v1"}));
}

TEST_F(PlanningArchive, ATightBudgetTakesDeltasApart) {
  parents_ = ParentChoice::kInfer;
  SmallNet net(1);
  for (unsigned i = 0; i < 5; ++i) {
    CommitTo("m", net);
    net.Train(10 + i);
  }
  options_.budget = plan::Budget::TimesMaterialised(30);
  const ArchivePlan loose = Plan();
  EXPECT_TRUE(loose.within_budget);
  EXPECT_EQ(loose.now.depth, 4U);
  options_.budget = plan::Budget::TimesMaterialised(1.05);
  const ArchivePlan tight = Plan();
  EXPECT_TRUE(tight.within_budget);
  EXPECT_LT(tight.planned.load_worst, tight.now.load_worst);
  EXPECT_GT(tight.planned.bytes, tight.now.bytes);
  EXPECT_TRUE(std::ranges::any_of(
      tight.changes, [](const PlannedChange& change) { return !change.base.has_value(); }));
  for (const PlannedSnapshot& snapshot : tight.snapshots)
    EXPECT_LE(snapshot.seconds_planned, snapshot.budget_seconds * (1 + 1e-8));
  const ArchivePlan of_last = Plan("m:v5");
  EXPECT_EQ(of_last.snapshots.size(), 1U);
}

TEST_F(PlanningArchive, ABudgetThatCannotBeMetIsNamed) {
  SmallNet net(1);
  CommitTo("m", net);
  options_.budget = plan::Budget::Seconds(1e-12);
  const ArchivePlan plan = Plan();
  EXPECT_FALSE(plan.within_budget);
  ASSERT_EQ(plan.snapshots.size(), 1U);
  ASSERT_TRUE(plan.snapshots[0].least_seconds.has_value());
  EXPECT_NEAR(*plan.snapshots[0].least_seconds, plan.snapshots[0].seconds_planned, 1e-12);
}

TEST_F(PlanningArchive, WhereNothingIsGainedNothingChanges) {
  SmallNet net(1);
  CommitTo("m", net);
  SmallNet other(2);
  CommitTo("other", other);
  const ArchivePlan plan = Plan();
  EXPECT_TRUE(plan.changes.empty());
  EXPECT_EQ(plan.planned.bytes, plan.now.bytes);
  EXPECT_EQ(plan.bytes_to_write, 0U);
  EXPECT_EQ(plan.planned.load_worst, plan.now.load_worst);
}

TEST_F(PlanningArchive, AnEmptyRepositoryHasAnEmptyPlan) {
  const ArchivePlan plan = Plan();
  EXPECT_EQ(plan.tensors, 0U);
  EXPECT_TRUE(plan.snapshots.empty());
  EXPECT_TRUE(plan.within_budget);
}

TEST_F(PlanningArchive, SaysWhyItDoesNot) {
  SmallNet net(1);
  CommitTo("m", net);
  const auto missing = PlanArchive(*store_, "nobody", options_, {});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  CancellationToken token;
  token.Cancel();
  const auto cancelled = PlanArchive(*store_, "", options_, {.cancel = &token});
  ASSERT_FALSE(cancelled.ok());
  EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);
  options_.budget = plan::Budget::Seconds(std::nan(""));
  const auto senseless = PlanArchive(*store_, "", options_, {});
  ASSERT_FALSE(senseless.ok());
  EXPECT_EQ(senseless.error().code, ErrorCode::kInvalidArgument);
}

TEST(PlannerSettings, AreCheckedNumbers) {
  ArchivePlanOptions options;
  EXPECT_EQ(SettingsOf(options).value().budget.unit, plan::Budget::Unit::kTimesMaterialised);
  options.max_load_times = 0;
  EXPECT_FALSE(SettingsOf(options).ok());
  options.max_load_seconds = 0.5;
  EXPECT_EQ(SettingsOf(options).value().budget.unit, plan::Budget::Unit::kSeconds);
  options.read_bytes_per_second = -1;
  EXPECT_FALSE(SettingsOf(options).ok());
  options.read_bytes_per_second = 1e9;
  options.max_load_seconds = std::nan("");
  EXPECT_FALSE(SettingsOf(options).ok());
}

}  // namespace
}  // namespace dlv::store
