// Cold forms: which tensors get them, and what that leaves of everything else.

#include <algorithm>
#include <map>

#include "storage/store/archive_rewrite.h"
#include "storage/store/tensor_storage.h"
#include "storage/store/version_content.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using dlv::testing::SmallNet;

class ArchivingCold : public SmallRepositoryTest {
 protected:
  void SetUp() override {
    SmallRepositoryTest::SetUp();
    SmallNet net(50, 80);  // no kin of the others
    for (unsigned i = 0; i < 4; ++i) {
      net.Train(i);
      ASSERT_TRUE(testing::CommitNet(*store_, "run", net).ok());
    }
    settings_.rates = testing::SomeRates();
    settings_.cores = 2;
  }

  static LoadBudget Cold(const std::string& reference) {
    LoadBudget budget;
    budget.reference = reference;
    budget.cold = true;
    return budget;
  }

  ArchiveResult Archive() {
    auto archived = ArchiveRewrite(*store_, "", settings_, {.threads = 1});
    EXPECT_TRUE(archived.ok()) << archived.error().message;
    return archived.ok() ? std::move(archived).value() : ArchiveResult();
  }

  ArchivePlan Plan() {
    auto plan = PlanArchive(*store_, "", settings_, {.threads = 1});
    EXPECT_TRUE(plan.ok()) << plan.error().message;
    return plan.ok() ? std::move(plan).value() : ArchivePlan();
  }

  /// Coded bytes of all that a version loads, in cold forms and in others.
  std::map<bool, std::uint64_t> BytesByKind(const std::string& reference) {
    std::map<bool, std::uint64_t> bytes;
    const auto details = Describe(*store_, reference);
    EXPECT_TRUE(details.ok());
    for (const TensorInfo& info : details->tensors) {
      auto handle = store_->tensors().Open(info.id);
      EXPECT_TRUE(handle.ok());
      const auto chain = TraceChain(*store_, **handle);
      EXPECT_TRUE(chain.ok());
      for (const ChainLink& link : *chain) {
        handle = store_->tensors().Open(link.id);
        PlaneGroupCounter counter;
        EXPECT_TRUE(counter.Add(**handle).ok());
        for (const PlaneGroup& group : counter.Groups())
          bytes[group.codec.ends_with("-wide")] += group.coded_bytes;
      }
    }
    return bytes;
  }

  std::map<std::string, std::vector<std::byte>> AllWeights() {
    std::map<std::string, std::vector<std::byte>> values;
    for (const std::string& reference : References()) {
      const auto details = Describe(*store_, reference);
      EXPECT_TRUE(details.ok());
      for (const TensorInfo& info : details->tensors) {
        const std::string name = reference + "/\"" + info.name + "\"";
        values[name] = Bytes(name);
      }
    }
    return values;
  }

  PlannerSettings settings_;
};

TEST_F(ArchivingCold, ColdModelsGetSmallerForms) {
  Archive();
  const auto usual = Plan().now.bytes;
  const auto values = AllWeights();
  settings_.budgets = {Cold("run")};
  const ArchivePlan plan = Plan();
  EXPECT_GT(plan.cold, 0U);
  EXPECT_GT(plan.cold_saves_bytes, 0U);
  EXPECT_LT(plan.planned.bytes, usual);
  for (const PlannedSnapshot& snapshot : plan.snapshots)
    EXPECT_EQ(snapshot.cold, snapshot.reference.starts_with("run:")) << snapshot.reference;
  const ArchiveResult archived = Archive();
  EXPECT_GE(archived.rewritten, plan.cold);
  EXPECT_LT(archived.after_bytes, usual);
  EXPECT_GT(BytesByKind("run:v4")[true], 0U);
  EXPECT_EQ(BytesByKind("m:v2")[true], 0U);
  EXPECT_TRUE(AllWeights() == values);
  ExpectClean();
}

TEST_F(ArchivingCold, TheSecondTimeIsNoWork) {
  settings_.budgets = {Cold("run")};
  EXPECT_GT(Archive().rewritten, 0U);
  const auto packs = Packs();
  EXPECT_EQ(Archive().rewritten, 0U);
  EXPECT_EQ(Packs(), packs);
  // Nor does what is cold get bigger again where nobody says so any more.
  settings_.budgets.clear();
  settings_.budget = plan::Budget::TimesMaterialised(30);
  EXPECT_EQ(Archive().rewritten, 0U);
  EXPECT_GT(BytesByKind("run:v1")[true], 0U);
}

TEST_F(ArchivingCold, WhatAHotSnapshotLoadsIsHot) {
  LoadBudget hot;
  hot.reference = "run:v4";
  hot.times = 1.2;
  settings_.budgets = {Cold("run"), hot};
  EXPECT_GT(Archive().rewritten, 0U);
  EXPECT_EQ(BytesByKind("run:v4")[true], 0U) << "neither its tensors nor their bases";
  EXPECT_GT(BytesByKind("run:v1")[true], 0U);
  std::swap(settings_.budgets[0], settings_.budgets[1]);
  Archive();
  EXPECT_EQ(BytesByKind("run:v4")[true], 0U) << "the more particular one counts in any order";
}

TEST_F(ArchivingCold, LoadsArePredictedAsLongAsTheyTake) {
  settings_.budgets = {Cold("run")};
  settings_.cores = 1;
  settings_.read_bytes_per_second = 1e12;
  const auto seconds = [&](double times) {
    settings_.rates->times_as_long = {1, 1, times, times, 1, 1};
    std::pair<double, double> now_and_planned;
    for (const PlannedSnapshot& snapshot : Plan().snapshots) {
      now_and_planned.first += snapshot.cold ? snapshot.seconds_now : 0;
      now_and_planned.second += snapshot.cold ? snapshot.seconds_planned : 0;
    }
    return now_and_planned;
  };
  const auto usual = seconds(1), slow = seconds(4);
  EXPECT_DOUBLE_EQ(slow.first, usual.first) << "nothing is cold yet";
  EXPECT_GT(slow.second, 1.5 * usual.second);
  Archive();
  EXPECT_GT(seconds(4).first, 1.5 * seconds(1).first) << "of what is there";
}

TEST_F(ArchivingCold, WhatIsToBeLoadedInTimeAgainIsNotColdAnyMore) {
  settings_.budgets = {Cold("run")};
  Archive();
  const auto values = AllWeights();
  settings_.budgets.clear();
  settings_.rates->times_as_long = {1, 1, 50, 50, 1, 1};
  EXPECT_GT(Plan().now.over_budget, 0U);
  EXPECT_GT(Archive().rewritten, 0U);
  EXPECT_EQ(Plan().now.over_budget, 0U);
  EXPECT_TRUE(AllWeights() == values);
  ExpectClean();
}

// What the hot snapshot rests on before, and not afterwards, is cold in the same plan.
TEST_F(ArchivingCold, APlanSaysAllThatIsCold) {
  LoadBudget hot;
  hot.reference = "run:v4";
  hot.times = 1.01;
  settings_.budgets = {Cold("run"), hot};
  const ArchivePlan plan = Plan();
  const ArchiveResult archived = Archive();
  EXPECT_NEAR(static_cast<double>(archived.after_bytes), static_cast<double>(plan.planned.bytes),
              100)
      << "members of clusters count by rounded shares";
  EXPECT_EQ(archived.plan.cold, plan.cold);
  EXPECT_GT(BytesByKind("run:v1")[true], 0U);
  EXPECT_EQ(BytesByKind("run:v4")[true], 0U);
  ExpectClean();
}

TEST_F(ArchivingCold, EverythingCanBeCold) {
  settings_.budget = {};
  settings_.cold = true;
  const auto values = AllWeights();
  EXPECT_GT(Archive().rewritten, 0U);
  EXPECT_GT(BytesByKind("m:v1")[true], 0U);
  EXPECT_TRUE(AllWeights() == values);
}

TEST_F(ArchivingCold, PartsOfOneVersionAreNot) {
  settings_.budgets = {Cold("run:v1")};
  const auto planned = PlanArchive(*store_, "run:v1", settings_, {.threads = 1});
  ASSERT_EQ(CodeOf(planned), ErrorCode::kInvalidArgument);
  EXPECT_NE(planned.error().message.find("all versions"), std::string::npos);
}

TEST_F(ArchivingCold, UpperPlanesAreReadAtTheNextLevel) {
  settings_.budgets = {Cold("run")};
  const std::string name = "run:v1/\"layer1.weight\"";
  const std::vector<std::byte> whole = Bytes(name);
  Archive();
  for (const unsigned planes : {1U, 9U, 10U, 11U, 12U, 16U, 24U}) {
    auto read = ReadTensor(*store_, name, planes);
    ASSERT_TRUE(read.ok()) << read.error().message;
    ASSERT_EQ(read->bytes.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); i += 4) {
      std::uint32_t got = 0, want = 0;
      std::memcpy(&got, read->bytes.data() + i, 4);
      std::memcpy(&want, whole.data() + i, 4);
      const std::uint32_t mask = ~std::uint32_t{0} << (32 - planes);
      ASSERT_EQ(got & mask, want & mask) << planes << " planes, element " << i / 4;
    }
  }
}

}  // namespace
}  // namespace dlv::store
