// Archiving models of many small tensors: what shares clusters, what comes of a second time, and
// that nothing gets bigger.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "storage/store/archive_rewrite.h"
#include "storage/store/form_writer.h"
#include "storage/store/plan_report.h"
#include "storage/store/remove.h"
#include "storage/store/rewrite_parts.h"
#include "storage/store/version_content.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

/// As networks for small devices have them: tensors that share clusters. Few, for without
/// optimisation comparing samples is slow.
class ManyTensors : public TensorSource {
 public:
  /// One tensor that shares nothing.
  static ManyTensors Large(std::size_t elements) {
    ManyTensors large(99, 0);
    std::mt19937 random(99);
    large.values_.emplace_back(elements);
    for (float& value : large.values_.back()) value = static_cast<float>(random()) * 1e-9F;
    return large;
  }
  explicit ManyTensors(unsigned seed, std::size_t count = 5) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 0.02F);
    for (std::size_t i = 0; i < count; ++i) {
      values_.emplace_back(i % 3 == 0 ? 600 : 300 + 16 * i);
      for (float& value : values_.back()) value = normal(random);
    }
  }
  void Train(unsigned seed, float step = 0.0001F) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, step);
    for (auto& tensor : values_)
      for (float& value : tensor) value += normal(random);
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
  std::vector<std::vector<float>> values_;
};

class ArchivingSeries : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = testing::InitOn(disk_);
    settings_.rates = testing::SomeRates();
    settings_.cores = 2;
    settings_.budget = plan::Budget::TimesMaterialised(30);
  }

  void CommitTo(const std::string& model, TensorSource& net,
                ParentChoice parents = ParentChoice::kInfer) {
    CommitRequest request = testing::RequestOf(model, net);
    request.parent_choice = parents;
    const auto committed = Commit(*store_, request, {.threads = 1});
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }

  /// A series, two models that are no kin, and fine-tunes of the series that nobody recorded.
  void MakeModels() {
    ManyTensors net(1);
    for (unsigned i = 0; i < 3; ++i) {
      CommitTo("series", net);
      net.Train(10 + i);
    }
    ManyTensors other(2), third(3, 3);
    CommitTo("other", other);
    CommitTo("third", third);
    for (unsigned i = 0; i < 2; ++i) {
      ManyTensors tuned = net;
      tuned.Train(20 + i, 0.0003F);
      CommitTo("tuned" + std::to_string(i), tuned, ParentChoice::kNone);
    }
  }

  /// Whether a cluster has tensors of both versions.
  bool HasMixedClusters(const std::array<std::string, 2>& references) {
    const auto forms = StoredForms::Load(*store_);
    EXPECT_TRUE(forms.ok());
    std::array<std::set<std::uint32_t>, 2> clusters;
    for (std::size_t i = 0; i < 2; ++i) {
      for (const TensorId& id : TensorsOf(references[i]))
        clusters[i].insert(forms->FindForm(id)->cluster.value());
    }
    return std::ranges::any_of(clusters[0],
                               [&](std::uint32_t number) { return clusters[1].contains(number); });
  }

  /// Writes tensors against other bases, those of a group into shared clusters.
  void RewriteWith(const WantedBases& wanted, bool in_one_group) {
    const auto forms = StoredForms::Load(*store_);
    ASSERT_TRUE(forms.ok());
    std::vector<std::uint32_t> groups;
    if (in_one_group) groups.assign(forms->forms().size(), 0);
    const auto rewrites = MakeRewriteSet(*forms, wanted, {}, 32, {}, groups);
    ASSERT_TRUE(rewrites.ok()) << rewrites.error().message;
    FormWriter writer(*store_, *forms, *rewrites, {.threads = 1});
    ASSERT_TRUE(writer.Write().ok());
    ASSERT_TRUE(writer.Prove().ok());
    ASSERT_TRUE(writer.Switch("test").ok());
    store_->ForgetPacks();
  }

  void ExpectSettled() {
    const auto packs = disk_.List("/repo/.dlv/packs").value();
    for (int i = 0; i < 2; ++i) {
      const ArchiveResult again = Archive();
      EXPECT_EQ(again.rewritten, 0U);
      EXPECT_EQ(again.kept, 0U);
    }
    EXPECT_EQ(disk_.List("/repo/.dlv/packs").value(), packs);
  }

  ArchiveResult Archive() {
    auto archived = ArchiveRewrite(*store_, "", settings_, {.threads = 1});
    EXPECT_TRUE(archived.ok()) << archived.error().message;
    return archived.ok() ? std::move(archived).value() : ArchiveResult();
  }

  ArchivePlan Planned() {
    auto plan = PlanArchive(*store_, "", settings_, {.threads = 1});
    EXPECT_TRUE(plan.ok()) << plan.error().message;
    return plan.ok() ? std::move(plan).value() : ArchivePlan();
  }

  std::vector<std::string> References() {
    std::vector<std::string> references;
    const auto versions = ListVersions(*store_, {});
    EXPECT_TRUE(versions.ok());
    for (const VersionSummary& version : *versions) references.push_back(version.reference());
    return references;
  }

  std::vector<TensorId> TensorsOf(const std::string& reference) {
    std::vector<TensorId> ids;
    const auto details = Describe(*store_, reference);
    EXPECT_TRUE(details.ok());
    for (const TensorInfo& info : details->tensors) ids.push_back(info.id);
    return ids;
  }

  /// Clusters that have tensors of the version.
  std::size_t ClustersOf(const std::string& reference) {
    const auto forms = StoredForms::Load(*store_);
    EXPECT_TRUE(forms.ok());
    std::set<std::uint32_t> clusters;
    for (const TensorId& id : TensorsOf(reference)) {
      const StoredForm* const form = forms->FindForm(id);
      if (form != nullptr && form->cluster) clusters.insert(*form->cluster);
    }
    return clusters.size();
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
  PlannerSettings settings_;
};

TEST_F(ArchivingSeries, SmallTensorsStayWithThoseOfTheirSnapshot) {
  MakeModels();
  std::map<std::string, std::size_t> before;
  for (const std::string& reference : References()) before[reference] = ClustersOf(reference);
  const ArchiveResult archived = Archive();
  EXPECT_GT(archived.rebased, 0U);
  for (const std::string& reference : References())
    EXPECT_EQ(ClustersOf(reference), before[reference]) << reference;
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  const std::vector<TensorId> of_series = TensorsOf("series:v1");
  const std::set<TensorId> series(of_series.begin(), of_series.end());
  for (const StoredCluster& cluster : forms->clusters()) {
    const auto inside = std::ranges::count_if(cluster.members, [&](std::uint32_t member) {
      return series.contains(forms->forms()[member].id);
    });
    EXPECT_TRUE(inside == 0 || static_cast<std::size_t>(inside) == cluster.members.size());
  }
}

TEST_F(ArchivingSeries, WhatIsPredictedIsWhatThereIs) {
  MakeModels();
  const auto plan = PlanArchive(*store_, "", settings_, {.threads = 1});
  ASSERT_TRUE(plan.ok());
  EXPECT_LT(plan->planned.bytes, plan->now.bytes);
  Archive();
  const auto after = PlanArchive(*store_, "", settings_, {.threads = 1});
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->now.bytes, plan->planned.bytes);
  EXPECT_DOUBLE_EQ(after->now.load_worst, plan->planned.load_worst);
  std::uint64_t of_models = 0;
  for (const PlannedModel& model : plan->models) of_models += model.bytes_planned;
  EXPECT_EQ(of_models, plan->planned.bytes);
}

TEST_F(ArchivingSeries, TheSecondTimeIsNoWork) {
  MakeModels();
  for (const double times : {30.0, 2.0}) {
    settings_.budget = plan::Budget::TimesMaterialised(times);
    EXPECT_GT(Archive().rewritten, 0U) << times;
    const auto packs = disk_.List("/repo/.dlv/packs").value();
    for (const bool full : {false, true}) {
      settings_.full = full;
      const ArchiveResult again = Archive();
      EXPECT_EQ(again.rewritten, 0U) << times << (full ? " anew" : "");
      EXPECT_TRUE(again.plan.changes.empty());
    }
    settings_.full = false;
    EXPECT_EQ(disk_.List("/repo/.dlv/packs").value(), packs);
  }
}

TEST_F(ArchivingSeries, AfterACommitOnlyWhatIsNewMoves) {
  ManyTensors net(1, 4);
  for (unsigned i = 0; i < 6; ++i) {
    CommitTo("series", net);
    net.Train(10 + i);
  }
  settings_.budget = plan::Budget::TimesMaterialised(3);
  EXPECT_GT(Archive().rewritten, 0U);
  CommitTo("series", net);
  const ArchiveResult next = Archive();
  EXPECT_LE(next.rewritten, 2 * net.size()) << "a new version, and perhaps a neighbour";
  EXPECT_EQ(Archive().rewritten, 0U);
}

TEST_F(ArchivingSeries, WhatIsSettledIsNotWeighedAgain) {
  ManyTensors net(1, 4);
  for (unsigned i = 0; i < 8; ++i) {
    CommitTo("series", net);
    net.Train(10 + i);
  }
  settings_.budget = plan::Budget::TimesMaterialised(3);
  const ArchivePlan before = Planned();
  EXPECT_EQ(before.settled, 0U) << "nothing was archived yet";
  EXPECT_GT(before.now.over_budget, 0U);
  EXPECT_EQ(before.planned.over_budget, 0U);
  Archive();
  const ArchivePlan unchanged = Planned();
  EXPECT_EQ(unchanged.settled, unchanged.tensors);
  EXPECT_EQ(unchanged.candidates, 0U);
  EXPECT_EQ(unchanged.coded, 0U);
  EXPECT_EQ(unchanged.now.bytes, unchanged.planned.bytes);
  EXPECT_EQ(unchanged.snapshots.size(), 8U);
  EXPECT_TRUE(unchanged.within_budget);
  CommitTo("series", net);
  const ArchivePlan next = Planned();
  EXPECT_EQ(next.tensors, unchanged.tensors + net.size());
  EXPECT_GE(next.settled, 4 * net.size()) << "all but what is new and what it rests on";
  EXPECT_LE(next.settled, unchanged.tensors);
  EXPECT_GT(next.candidates, 0U);
  settings_.full = true;
  EXPECT_LT(next.candidates, Planned().candidates);
  EXPECT_EQ(Planned().settled, 0U);
  settings_.full = false;
  EXPECT_EQ(Planned().settled, next.settled) << "looking at everything has settled nothing";
  Archive();
  EXPECT_EQ(Planned().settled, next.tensors);
}

TEST_F(ArchivingSeries, OtherWishesAreWeighedAgain) {
  MakeModels();
  Archive();
  const std::uint64_t all = Planned().tensors;
  EXPECT_EQ(Planned().settled, all);
  settings_.frequencies = {{"other", 1}};
  EXPECT_EQ(Planned().settled, all - 5) << "the tensors of that model";
  settings_.frequencies.clear();
  settings_.budgets = {{"third:v1", 20, std::nullopt}};
  EXPECT_EQ(Planned().settled, all - 3);
  settings_.budgets.clear();
  settings_.budget = plan::Budget::TimesMaterialised(2);
  EXPECT_EQ(Planned().settled, 0U);
  settings_.budget = plan::Budget::TimesMaterialised(30);
  settings_.rates->seconds_per_chunk *= 2;  // another machine
  EXPECT_EQ(Planned().settled, 0U);
}

// A version that was removed is no reason to keep what was stored for its sake.
TEST_F(ArchivingSeries, WhatRestsOnSomethingRemovedIsWeighedAgain) {
  MakeModels();
  Archive();
  ASSERT_TRUE(Remove(*store_, {"series:v1"}, true, false).ok());
  const ArchivePlan plan = Planned();
  EXPECT_LT(plan.settled, plan.tensors);
  Archive();
  EXPECT_EQ(Planned().settled, Planned().tensors);
  EXPECT_EQ(testing::FindingsOf(*store_), std::vector<std::string>{});
}

// Half a per cent of everything is more than a small model can save.
TEST_F(ArchivingSeries, SmallNewThingsPayForThemselves) {
  ManyTensors large = ManyTensors::Large(150'000);
  CommitTo("large", large);
  ManyTensors net(7, 1);
  CommitTo("small", net);
  Archive();
  net.Train(8);
  CommitTo("copy", net, ParentChoice::kNone);
  const ArchiveResult archived = Archive();
  EXPECT_EQ(archived.rebased, 1U);
  EXPECT_LT(archived.before_bytes - archived.after_bytes, archived.before_bytes / 200);
  ExpectSettled();
}

TEST_F(ArchivingSeries, WhatComesOutNoSmallerKeepsItsOldForm) {
  ManyTensors net(1, 8), other(2, 8);
  CommitTo("a", net);
  CommitTo("b", other);
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  PlannerNotes notes;  // an earlier plan has noted wrong sizes
  for (const std::size_t first : {0U, 8U}) {
    std::vector<TensorId> members;
    for (std::size_t i = first; i < first + 8; ++i) members.push_back(forms->forms()[i].id);
    notes.KeepSize(KeyOfForm(members, {}), {10});
  }
  notes.Save(*store_);
  const ArchiveResult archived = Archive();
  EXPECT_EQ(archived.plan.recoded, 16U) << "the plan believes them";
  EXPECT_EQ(archived.rewritten, 0U);
  EXPECT_EQ(archived.kept, 16U);
  const auto after = StoredForms::Load(*store_);
  ASSERT_TRUE(after.ok());
  for (const StoredForm& form : forms->forms())
    EXPECT_EQ(after->FindForm(form.id)->places, form.places);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
  EXPECT_EQ(Archive().plan.recoded, 0U) << "and knows better the next time";
}

// As archives wrote that moved tensors one by one: clusters with tensors of several snapshots, and
// tensors of one snapshot against several others, at several depths.
TEST_F(ArchivingSeries, MixedClustersSettle) {
  MakeModels();
  const std::array<const char*, 5> names = {"series:v1", "series:v2", "series:v3", "tuned0",
                                            "tuned1"};
  std::mt19937 random(1);
  for (const bool in_one_group : {false, true}) {
    WantedBases wanted;
    for (std::size_t version = 1; version < names.size(); ++version) {
      const auto ids = TensorsOf(names[version]);
      for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto other = random() % (version + 1);
        auto& base = wanted[ids[i]];
        if (other != version) base = TensorsOf(names[other])[i];
      }
    }
    RewriteWith(wanted, in_one_group);
  }
  ASSERT_TRUE(HasMixedClusters({"series:v3", "tuned0"}));
  for (const double times : {3.0, 1.6}) {
    settings_.budget = plan::Budget::TimesMaterialised(times);
    const ArchiveResult archived = Archive();
    EXPECT_LE(archived.rewritten, archived.tensors) << "each counts once";
    ExpectSettled();
  }
  EXPECT_EQ(testing::FindingsOf(*store_), std::vector<std::string>{});
}

TEST_F(ArchivingSeries, UnitsThatRestOnOneAnotherInACircle) {
  ManyTensors net(1, 4);
  CommitTo("a", net);
  net.Train(2);
  CommitTo("b", net, ParentChoice::kNone);
  net.Train(3);
  CommitTo("c", net, ParentChoice::kNone);
  const auto a = TensorsOf("a"), b = TensorsOf("b"), c = TensorsOf("c");
  RewriteWith({{a[0], b[0]}, {b[1], c[1]}, {c[2], a[2]}, {c[3], a[3]}}, false);
  for (const double times : {30.0, 1.5}) {
    settings_.budget = plan::Budget::TimesMaterialised(times);
    const auto plan = PlanArchive(*store_, "", settings_, {.threads = 1});
    ASSERT_TRUE(plan.ok()) << plan.error().message;
    EXPECT_TRUE(plan->within_budget);
    EXPECT_TRUE(std::isfinite(plan->now.load_worst));
    Archive();
    ExpectSettled();
  }
  EXPECT_EQ(testing::FindingsOf(*store_), std::vector<std::string>{});
}

TEST_F(ArchivingSeries, PartsThatWereMeantToGrowAreWritten) {
  MakeModels();
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  const TensorId meant = TensorsOf("other").front(), surprising = TensorsOf("third").front();
  const auto rewrites =
      MakeRewriteSet(*forms, {{meant, std::nullopt}, {surprising, std::nullopt}}, {}, 32);
  ASSERT_TRUE(rewrites.ok());
  std::vector<archive::WrittenObject> written;
  for (const Rewrite& rewrite : *rewrites) {
    archive::WrittenObject object;
    object.tensor = forms->forms()[rewrite.form].id;
    object.coded_bytes = forms->forms()[rewrite.form].coded_bytes + 100;
    written.push_back(object);
  }
  const PlannedGrowth growth = {{*forms->Find(meant), 50}, {*forms->Find(surprising), -50}};
  const auto parts = PartsOf(*forms, *rewrites, written, growth);
  ASSERT_EQ(parts.size(), 2U);
  std::set<TensorId> worth;
  for (const auto& rewrite : WorthRewriting(*forms, *rewrites, parts, {}))
    worth.insert(forms->forms()[rewrite.form].id);
  EXPECT_TRUE(worth.contains(meant));
  EXPECT_FALSE(worth.contains(surprising));
}

// A snapshot whose tensors stand in two clusters would else rest on two others.
TEST_F(ArchivingSeries, AGroupIsOnePart) {
  MakeModels();
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  const WantedBases wanted = {{TensorsOf("other").front(), std::nullopt},
                              {TensorsOf("third").front(), std::nullopt}};
  const auto apart = MakeRewriteSet(*forms, wanted, {}, 32);
  const auto together = MakeRewriteSet(*forms, wanted, {}, 32, {},
                                       std::vector<std::uint32_t>(forms->forms().size(), 7));
  ASSERT_TRUE(apart.ok() && together.ok());
  EXPECT_EQ(PartsOf(*forms, *apart, {}).size(), 2U);
  EXPECT_EQ(PartsOf(*forms, *together, {}).size(), 1U);
}

TEST_F(ArchivingSeries, PartsAreSwitchedForThemselves) {
  MakeModels();
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  WantedBases wanted;
  for (const char* const reference : {"series:v1", "other", "third"})
    wanted[TensorsOf(reference).front()] = std::nullopt;
  const auto rewrites = MakeRewriteSet(*forms, wanted, {}, 32);
  ASSERT_TRUE(rewrites.ok());
  std::vector<archive::WrittenObject> written;
  const TensorId bigger = TensorsOf("other").front(), demanded = TensorsOf("third").front();
  for (const Rewrite& rewrite : *rewrites) {
    const StoredForm& form = forms->forms()[rewrite.form];
    archive::WrittenObject object;
    object.tensor = form.id;
    const bool grows = form.id == bigger || form.id == demanded;
    object.coded_bytes = grows ? 1'000'000 : form.coded_bytes - 1;
    written.push_back(object);
  }
  const auto parts = PartsOf(*forms, *rewrites, written);
  EXPECT_EQ(parts.size(), 3U);
  const auto worth = WorthRewriting(*forms, *rewrites, parts, {demanded});
  const auto refused = std::ranges::find_if(parts, [&](const RewritePart& part) {
    return part.bytes_after > part.bytes_before &&
           std::ranges::any_of(part.rewrites, [&](std::uint32_t number) {
             return forms->forms()[(*rewrites)[number].form].id == bigger;
           });
  });
  ASSERT_NE(refused, parts.end());
  EXPECT_EQ(worth.size(), rewrites->size() - refused->rewrites.size());
  for (const Rewrite& rewrite : worth) EXPECT_NE(forms->forms()[rewrite.form].id, bigger);
}

}  // namespace
}  // namespace dlv::store
