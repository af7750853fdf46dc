// Archives of trainings that go on as they went before: deltas from two bases, and all that follows
// them.

#include <algorithm>
#include <set>

#include "storage/store/archive_rewrite.h"
#include "storage/store/form_writer.h"
#include "storage/store/garbage.h"
#include "storage/store/object_graph.h"
#include "storage/store/rebuild.h"
#include "storage/store/remove.h"
#include "storage/store/version_content.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

/// Small tensors, which share clusters, and one with a chunk of its own.
class SteadyNet : public TensorSource {
 public:
  SteadyNet() {
    std::normal_distribution<float> normal(0.0F, 0.02F);
    for (const std::size_t count : {600, 348, 364, 33'000}) {
      for (auto* part : {&values_, &steps_}) {
        part->emplace_back(count);
        const float scale = part == &values_ ? 1.0F : 0.0005F;
        for (float& value : part->back()) value = scale * normal(random_);
      }
    }
  }
  void Train() {
    std::normal_distribution<float> noise(1.0F, 0.02F);
    for (std::size_t i = 0; i < values_.size(); ++i)
      for (std::size_t k = 0; k < values_[i].size(); ++k)
        values_[i][k] += steps_[i][k] * noise(random_);
  }
  std::size_t size() const override { return values_.size(); }
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info;
    info.name = "block" + std::to_string(index) + ".weight";
    info.shape = {static_cast<std::int64_t>(values_[index].size())};
    return info;
  }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), std::as_bytes(std::span(values_[index])).data() + offset, out.size());
    return Ok();
  }

 private:
  std::mt19937 random_{3};
  std::vector<std::vector<float>> values_, steps_;
};

class SecondBases : public ::testing::Test {
 protected:
  static constexpr int kVersions = 6;

  void SetUp() override {
    store_ = testing::InitOn(disk_);
    settings_.rates = testing::SomeRates();
    settings_.cores = 2;
    settings_.budget = plan::Budget::TimesMaterialised(30);
    for (int i = 0; i < kVersions; ++i) {
      CommitRequest request = testing::RequestOf("run", net_);
      request.parent_choice = ParentChoice::kInfer;
      const auto committed = Commit(*store_, request, {.threads = 1});
      ASSERT_TRUE(committed.ok()) << committed.error().message;
      net_.Train();
    }
  }

  /// Gives tensors other bases, and writes what follows.
  void WriteAgain(const WantedBases& wanted) {
    const StoredForms forms = Forms();
    const auto rewrites = MakeRewriteSet(forms, wanted, {}, 32);
    ASSERT_TRUE(rewrites.ok()) << rewrites.error().message;
    FormWriter writer(*store_, forms, *rewrites, {.threads = 1});
    ASSERT_TRUE(writer.Write().ok());
    ASSERT_TRUE(writer.Prove().ok());
    ASSERT_TRUE(writer.Switch("test").ok());
    store_->ForgetPacks();
  }

  ArchiveResult Archive() {
    auto archived = ArchiveRewrite(*store_, "", settings_, {.threads = 1});
    EXPECT_TRUE(archived.ok()) << archived.error().message;
    return archived.ok() ? std::move(archived).value() : ArchiveResult();
  }

  StoredForms Forms() {
    auto forms = StoredForms::Load(*store_);
    EXPECT_TRUE(forms.ok());
    return std::move(forms).value();
  }

  std::size_t CountSecondBases() {
    const StoredForms forms = Forms();
    return static_cast<std::size_t>(std::ranges::count_if(
        forms.forms(), [](const StoredForm& form) { return form.second_base.has_value(); }));
  }

  std::vector<TensorId> TensorsOf(int version) {
    std::vector<TensorId> ids;
    const auto details = Describe(*store_, "run:v" + std::to_string(version));
    EXPECT_TRUE(details.ok());
    if (details.ok())
      for (const TensorInfo& info : details->tensors) ids.push_back(info.id);
    return ids;
  }

  void ExpectClean() { EXPECT_EQ(testing::FindingsOf(*store_), std::vector<std::string>{}); }

  void Reopen() {
    store_.reset();
    store_ = testing::OpenOn(disk_);
    ASSERT_NE(store_, nullptr);
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
  PlannerSettings settings_;
  SteadyNet net_;
};

TEST_F(SecondBases, AnArchiveTakesThemAndIsSettledThen) {
  EXPECT_EQ(CountSecondBases(), 0U) << "a commit has one base";
  const auto plan = PlanArchive(*store_, "", settings_, {.threads = 1});
  ASSERT_TRUE(plan.ok());
  const ArchiveResult archived = Archive();
  EXPECT_GT(archived.rewritten, 0U);
  EXPECT_GE(CountSecondBases(), (kVersions - 3) * net_.size());
  const StoredForms forms = Forms();
  for (const StoredForm& form : forms.forms()) {
    if (!form.second_base) continue;
    const StoredForm* const base = forms.FindForm(*form.base);
    const StoredForm* const second = forms.FindForm(*form.second_base);
    ASSERT_TRUE(base != nullptr && second != nullptr);
    EXPECT_EQ(base->base, form.second_base) << "decoded on the way to the base";
    EXPECT_LT(base->depth, form.depth);
    EXPECT_LT(second->depth, base->depth);
  }
  ExpectClean();
  // The plan knew the sizes; and the second time there is nothing to do.
  const auto after = PlanArchive(*store_, "", settings_, {.threads = 1});
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->now.bytes, plan->planned.bytes);
  for (const bool full : {false, true}) {
    settings_.full = full;
    EXPECT_EQ(Archive().rewritten, 0U);
  }
}

// What an earlier plan has measured of a delta whose base was stored whole says nothing of what it
// takes where that has a base.
TEST_F(SecondBases, PlansOfOtherBudgetsBeforeDoNotCount) {
  const auto planned_bytes = [&](double times) {
    settings_.budget = plan::Budget::TimesMaterialised(times);
    const auto plan = PlanArchive(*store_, "", settings_, {.threads = 1});
    EXPECT_TRUE(plan.ok());
    return plan.ok() ? plan->planned.bytes : 0;
  };
  const auto alone = planned_bytes(30);
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/plan"));
  EXPECT_GT(planned_bytes(1.7), alone);
  EXPECT_LE(planned_bytes(30), alone + alone / 1000);
}

// Where a base gets a base, what stays stored against it may use both: the plan says so at once.
TEST_F(SecondBases, APlanKnowsWhatFollowsFromItsChanges) {
  const std::uint64_t best = Archive().after_bytes;
  const TensorId middle = TensorsOf(3).back();
  WriteAgain({{middle, std::nullopt}});
  const auto plan = PlanArchive(*store_, "", settings_, {.threads = 1});
  ASSERT_TRUE(plan.ok());
  EXPECT_GT(plan->now.bytes, best);
  EXPECT_LE(plan->planned.bytes, best);
  EXPECT_EQ(Archive().after_bytes, plan->planned.bytes);
  ExpectClean();
}

TEST_F(SecondBases, WhatIsStoredAgainstTwoKeepsBoth) {
  Archive();
  for (const char* gone : {"run:v2", "run:v3"})
    ASSERT_TRUE(Remove(*store_, {gone}, true, false).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true, .use_trash = false}, {}).ok());
  ExpectClean();
  // All that decoding needs is in the closure of what is named.
  const auto graph = ObjectGraph::Load(*store_);
  ASSERT_TRUE(graph.ok());
  const StoredForms forms = Forms();
  for (const StoredForm& form : forms.forms()) {
    for (const auto& base : {form.base, form.second_base}) {
      if (!base) continue;
      const StoredForm* const below = forms.FindForm(*base);
      ASSERT_NE(below, nullptr) << "gc took a base";
      std::set<catalog::ObjectNumber> needed;
      for (const std::uint32_t node : graph->Closure({form.places[0].number}))
        needed.insert(graph->nodes()[node].number);
      EXPECT_TRUE(needed.contains(below->places[0].number));
    }
  }
}

TEST_F(SecondBases, ARebuiltCatalogReadsThem) {
  Archive();
  const auto before = testing::StateOf(*store_);
  const std::size_t second_bases = CountSecondBases();
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  StoreOptions options;
  options.file_system = &disk_;
  const auto rebuilt = RebuildCatalog(testing::kRoot, options, {});
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
  Reopen();
  EXPECT_EQ(testing::StateOf(*store_), before);
  EXPECT_EQ(CountSecondBases(), second_bases);
  ExpectClean();
}

// Where a base gets another base, what has the old one as second base is written again.
TEST_F(SecondBases, FollowTheBasesOfTheBase) {
  Archive();
  const StoredForms forms = Forms();
  const auto child = std::ranges::find_if(forms.forms(), [](const StoredForm& form) {
    return form.second_base.has_value() && !form.cluster;
  });
  ASSERT_NE(child, forms.forms().end());
  const auto rewrites = MakeRewriteSet(forms, {{*child->base, std::nullopt}}, {}, 32);
  ASSERT_TRUE(rewrites.ok()) << rewrites.error().message;
  const auto again = std::ranges::find_if(*rewrites, [&](const Rewrite& rewrite) {
    return forms.forms()[rewrite.form].id == child->id;
  });
  ASSERT_NE(again, rewrites->end());
  EXPECT_EQ(again->base, child->base);
  EXPECT_FALSE(again->second_base) << "the base has none any more";
  FormWriter writer(*store_, forms, *rewrites, {.threads = 1});
  ASSERT_TRUE(writer.Write().ok());
  ASSERT_TRUE(writer.Prove().ok());
  ASSERT_TRUE(writer.Switch("test").ok());
  store_->ForgetPacks();
  const StoredForms now = Forms();
  EXPECT_FALSE(now.FindForm(child->id)->second_base);
  EXPECT_FALSE(now.FindForm(*child->base)->base);
  ExpectClean();
}

TEST_F(SecondBases, DamageOfOneNamesAllThatRestOnIt) {
  Archive();
  // A chunk of its own that is a second base, and nobody's first but of what lies between.
  const StoredForms forms = Forms();
  const auto child = std::ranges::find_if(forms.forms(), [](const StoredForm& form) {
    return form.second_base.has_value() && !form.cluster;
  });
  ASSERT_NE(child, forms.forms().end());
  const StoredForm& damaged = *forms.FindForm(*child->second_base);
  std::string pack;
  std::uint64_t at = 0;
  ASSERT_TRUE(store_
                  ->Read([&](const catalog::Catalog& catalog) -> Status {
                    DLV_ASSIGN(const auto row, catalog.GetSection(damaged.places[0].section));
                    DLV_ASSIGN(const auto name, catalog.GetPack(row->pack));
                    pack = "/repo/.dlv/packs/" + name->name;
                    DLV_ASSIGN(const auto section, store_->OpenSection(name->name, row->offset));
                    DLV_ASSIGN(const auto entry,
                               section->directory().Tensor(damaged.places[0].entry));
                    at = row->offset + entry.chunks[0].place.offset + 600;
                    return Ok();
                  })
                  .ok());
  store_.reset();
  ASSERT_TRUE(disk_.Corrupt(pack, at));
  Reopen();
  const auto result = Verify(*store_, {.full = true}, {.threads = 1});
  ASSERT_TRUE(result.ok()) << result.error().message;
  bool named = false;
  std::set<std::string> affected;
  for (const Finding& finding : result->findings) {
    named = named || (finding.where.find("tensor " + damaged.id.Hex(12)) != std::string::npos);
    affected.insert(finding.affected.begin(), finding.affected.end());
  }
  EXPECT_TRUE(named);
  int of_child = 0;
  for (int version = 1; version <= kVersions; ++version) {
    const auto ids = TensorsOf(version);
    if (std::ranges::find(ids, child->id) != ids.end()) of_child = version;
  }
  EXPECT_TRUE(affected.contains("run:v" + std::to_string(of_child)));
}

}  // namespace
}  // namespace dlv::store
