#include "storage/store/archive_rewrite.h"

#include <algorithm>
#include <map>

#include "storage/store/form_writer.h"
#include "storage/store/garbage.h"
#include "storage/store/rebuild.h"
#include "storage/store/remove.h"
#include "storage/store/restore.h"
#include "storage/store/snapshot_wishes.h"
#include "storage/store/version_content.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using dlv::testing::FaultKind;
using dlv::testing::SettingsWithRates;
using dlv::testing::SmallNet;

class Archiving : public SmallRepositoryTest {
 protected:
  using Values = std::map<std::string, std::vector<std::byte>>;

  Values AllValues(Store& store) {
    Values values;
    const auto versions = ListVersions(store, {});
    EXPECT_TRUE(versions.ok());
    for (const VersionSummary& version : *versions) {
      const auto details = Describe(store, version.reference());
      EXPECT_TRUE(details.ok()) << details.error().message;
      if (!details.ok()) continue;
      for (const TensorInfo& info : details->tensors) {
        const std::string reference = version.reference() + "/\"" + info.name + "\"";
        auto tensor = ReadTensor(store, reference, 0);
        EXPECT_TRUE(tensor.ok()) << reference << ": " << tensor.error().message;
        if (tensor.ok()) values[reference] = std::move(tensor->bytes);
      }
    }
    return values;
  }

  /// Id, depth, base and size of every form.
  static std::map<TensorId, std::string> FormsOf(Store& store) {
    std::map<TensorId, std::string> lines;
    const auto forms = StoredForms::Load(store);
    EXPECT_TRUE(forms.ok());
    for (const StoredForm& form : forms->forms()) {
      lines[form.id] = std::to_string(form.depth) + " " +
                       (form.base ? form.base->Hex(12) : std::string("-")) + " " +
                       std::to_string(form.coded_bytes);
    }
    return lines;
  }

  void CommitStray(const std::string& model, SmallNet& net) {
    CommitRequest request = testing::RequestOf(model, net);
    request.parent_choice = ParentChoice::kNone;
    const auto committed = Commit(*store_, request, {.threads = 1});
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }

  /// m:v3 to m:v5, and a copy of each that nobody says is kin.
  void MakeKin() {
    SmallNet net(1, 80);
    net.Train(2);
    for (unsigned i = 3; i < 6; ++i) {
      net.Train(i);
      ASSERT_TRUE(testing::CommitNet(*store_, "m", net).ok());
      SmallNet stray = net;
      stray.Train(100 + i);
      CommitStray("stray" + std::to_string(i), stray);
    }
  }

  /// The stored tensor that is first in the layout of a version.
  TensorId FirstTensor(const std::string& reference) {
    const auto details = Describe(*store_, reference);
    EXPECT_TRUE(details.ok());
    return details.ok() ? details->tensors.front().id : TensorId();
  }

  /// Stores tensors against other bases, as a plan would.
  Status Rebase(const WantedBases& wanted, const std::function<void()>& meanwhile = {}) {
    DLV_ASSIGN(const StoredForms forms, StoredForms::Load(*store_));
    DLV_ASSIGN(const auto rewrites, MakeRewriteSet(forms, wanted, {}, 32));
    FormWriter writer(*store_, forms, rewrites, operation_);
    DLV_TRY(writer.Write());
    DLV_TRY(writer.Prove());
    if (meanwhile) meanwhile();
    const Status switched = writer.Switch("test");
    moved_on_ = writer.moved_on();
    return switched;
  }

  unsigned DepthOf(const TensorId& id) {
    const auto forms = StoredForms::Load(*store_);
    return forms.ok() ? forms->FindForm(id)->depth : 99;
  }

  void ExpectAllWell(const Values& values) {
    ExpectClean();
    EXPECT_TRUE(AllValues(*store_) == values);
    Reopen();
    ExpectClean();
    EXPECT_TRUE(AllValues(*store_) == values);
  }

  Result<ArchiveResult> Archive(const PlannerSettings& settings = SettingsWithRates(),
                                const std::string& reference = "") {
    return ArchiveRewrite(*store_, reference, settings, {.threads = 1});
  }

  Operation operation_{.threads = 1};
  bool moved_on_ = false;
};

TEST_F(Archiving, KeepsEveryValue) {
  const Values before = AllValues(*store_);
  EXPECT_GT(before.size(), 10U);
  const auto archived = Archive();
  ASSERT_TRUE(archived.ok()) << archived.error().message;
  EXPECT_LE(archived->after_bytes, archived->before_bytes);
  ExpectAllWell(before);
}

TEST_F(Archiving, CarriesAPlanOut) {
  MakeKin();
  const Values before = AllValues(*store_);
  const auto plan = PlanArchive(*store_, "", SettingsWithRates(), {.threads = 1});
  ASSERT_TRUE(plan.ok());
  ASSERT_FALSE(plan->changes.empty());
  EXPECT_GE(plan->free_bytes, plan->bytes_to_write);
  EXPECT_GT(plan->seconds_to_write, 0);
  const auto archived = Archive();
  ASSERT_TRUE(archived.ok()) << archived.error().message;
  EXPECT_EQ(archived->rebased, plan->changes.size());
  EXPECT_GE(archived->rewritten, archived->rebased + plan->dependants);
  EXPECT_LT(archived->after_bytes, archived->before_bytes);
  EXPECT_GT(archived->gc_frees_bytes, 0U);
  // What was predicted is what there is, but for what more effort gains.
  EXPECT_NEAR(static_cast<double>(archived->after_bytes), static_cast<double>(plan->planned.bytes),
              0.03 * static_cast<double>(plan->planned.bytes));
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  std::size_t as_planned = 0;
  for (const PlannedChange& change : plan->changes)
    as_planned += forms->FindForm(change.tensor)->base == change.base;
  EXPECT_EQ(as_planned, plan->changes.size());
  ExpectAllWell(before);
}

TEST_F(Archiving, TheSecondTimeIsNoWork) {
  MakeKin();
  ASSERT_TRUE(Archive().ok());
  const auto packs = Packs();
  const auto forms = FormsOf(*store_);
  const auto again = Archive();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->rewritten, 0U);
  EXPECT_EQ(again->after_bytes, again->before_bytes);
  EXPECT_EQ(Packs(), packs);
  EXPECT_EQ(FormsOf(*store_), forms);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
}

TEST_F(Archiving, ARebuiltCatalogHasTheSameForms) {
  MakeKin();
  ASSERT_TRUE(Archive().ok());
  const Values values = AllValues(*store_);
  const auto forms = FormsOf(*store_);
  for (const bool collect : {false, true}) {
    if (collect) {
      ASSERT_TRUE(CollectGarbage(*store_, {.execute = true, .use_trash = false}, {}).ok());
    }
    store_.reset();
    ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
    const auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {});
    ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
    EXPECT_TRUE(rebuilt->findings.empty());
    Reopen();
    EXPECT_EQ(FormsOf(*store_), forms) << (collect ? "after gc" : "with the old packs");
    ExpectAllWell(values);
  }
}

TEST_F(Archiving, ATightBudgetStoresWholeWhatALooseOneStoredAsDeltas) {
  MakeKin();
  const Values before = AllValues(*store_);
  PlannerSettings settings = SettingsWithRates();
  settings.budget = plan::Budget::TimesMaterialised(30);
  ASSERT_TRUE(Archive(settings).ok());
  settings.budget = plan::Budget::TimesMaterialised(1.0001);
  const auto tight = Archive(settings);
  ASSERT_TRUE(tight.ok()) << tight.error().message;
  EXPECT_GT(tight->rewritten, 0U);
  EXPECT_GT(tight->after_bytes, tight->before_bytes) << "loads count, not bytes";
  const auto again = Archive(settings);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->rewritten, 0U);
  ExpectAllWell(before);
}

TEST_F(Archiving, WhatIsLoadedOftenIsStoredForSpeedThoughItSavesNothing) {
  MakeKin();
  const Values before = AllValues(*store_);
  PlannerSettings settings = SettingsWithRates();
  settings.budget = plan::Budget::TimesMaterialised(30);
  ASSERT_TRUE(Archive(settings).ok());
  settings.frequencies = {{"m:v5", 1e9}};
  const auto often = Archive(settings);
  ASSERT_TRUE(often.ok()) << often.error().message;
  EXPECT_GT(often->rewritten, 0U);
  EXPECT_EQ(DepthOf(FirstTensor("m:v5")), 0U);
  const auto again = Archive(settings);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->rewritten, 0U);
  ExpectAllWell(before);
}

TEST_F(Archiving, WhereABaseGetsDeeperWhatIsStoredAgainstItFollows) {
  MakeKin();
  const Values before = AllValues(*store_);
  const TensorId v1 = FirstTensor("m:v1"), v2 = FirstTensor("m:v2"), v5 = FirstTensor("m:v5");
  const TensorId stray = FirstTensor("stray3");
  ASSERT_EQ(DepthOf(v1), 0U);
  ASSERT_EQ(DepthOf(v2), 1U);
  ASSERT_EQ(DepthOf(v5), 4U);
  ASSERT_TRUE(Rebase({{v1, stray}}).ok());
  EXPECT_EQ(DepthOf(v1), 1U);
  EXPECT_EQ(DepthOf(v2), 2U);
  EXPECT_EQ(DepthOf(v5), 5U);
  ExpectAllWell(before);
  // Turned around: the first of the chain against the last, the next ones against nothing.
  ASSERT_TRUE(Rebase({{v1, v5}, {v2, std::nullopt}}).ok());
  EXPECT_EQ(DepthOf(v2), 0U);
  EXPECT_GT(DepthOf(v1), DepthOf(v5));
  ExpectAllWell(before);
}

TEST_F(Archiving, MembersOfAClusterGoTogether) {
  MakeKin();
  const Values before = AllValues(*store_);
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  const auto small = std::ranges::find_if(forms->forms(), [&](const StoredForm& form) {
    return form.cluster && forms->clusters()[*form.cluster].members.size() > 1;
  });
  ASSERT_NE(small, forms->forms().end());
  const auto rewrites = MakeRewriteSet(*forms, {}, {small->id}, 32);
  ASSERT_TRUE(rewrites.ok());
  EXPECT_GE(rewrites->size(), forms->clusters()[*small->cluster].members.size());
  ASSERT_TRUE(Rebase({{small->id, std::nullopt}}).ok());
  const auto after = StoredForms::Load(*store_);
  ASSERT_TRUE(after.ok());
  for (const std::uint32_t mate : forms->clusters()[*small->cluster].members) {
    const StoredForm& old_form = forms->forms()[mate];
    EXPECT_FALSE(after->FindForm(old_form.id)->places == old_form.places);
  }
  ExpectAllWell(before);
}

TEST_F(Archiving, ChainsThatWouldGetTooLongAreCut) {
  MakeKin();
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  const auto rewrites =
      MakeRewriteSet(*forms, {{FirstTensor("m:v1"), FirstTensor("stray3")}}, {}, 2);
  ASSERT_TRUE(rewrites.ok());
  for (const Rewrite& rewrite : *rewrites) EXPECT_LE(rewrite.depth, 2U);
}

TEST_F(Archiving, BasesInACircleAreRefused) {
  MakeKin();
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  const TensorId v1 = FirstTensor("m:v1"), v2 = FirstTensor("m:v2");
  EXPECT_EQ(CodeOf(MakeRewriteSet(*forms, {{v1, v2}, {v2, v1}}, {}, 32)), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(MakeRewriteSet(*forms, {{v1, v2}}, {}, 32)), ErrorCode::kConflict)
      << "v2 is stored against v1";
  EXPECT_EQ(CodeOf(MakeRewriteSet(*forms, {{TensorId(), v2}}, {}, 32)), ErrorCode::kConflict);
}

TEST_F(Archiving, ACommitMeanwhileDoesNoHarm) {
  MakeKin();
  const TensorId v1 = FirstTensor("m:v1");
  ASSERT_TRUE(Rebase({{v1, FirstTensor("stray3")}}, [&] {
                SmallNet other(77, 20);
                ASSERT_TRUE(testing::CommitNet(*store_, "other", other).ok());
              }).ok());
  EXPECT_EQ(DepthOf(v1), 1U);
  ExpectAllWell(AllValues(*store_));
}

TEST_F(Archiving, ACommitAgainstWhatGetsDeeperSendsItBack) {
  MakeKin();
  const auto forms = FormsOf(*store_);
  const Status switched = Rebase({{FirstTensor("m:v1"), FirstTensor("stray3")}}, [&] {
    SmallNet net(1, 80);  // m:v6, stored against m:v5
    for (const unsigned i : {2, 3, 4, 5, 6}) net.Train(i);
    ASSERT_TRUE(testing::CommitNet(*store_, "m", net).ok());
  });
  EXPECT_EQ(CodeOf(switched), ErrorCode::kConflict);
  EXPECT_TRUE(moved_on_);
  const auto now = FormsOf(*store_);
  for (const auto& [id, form] : forms) EXPECT_EQ(now.at(id), form);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
  ExpectAllWell(AllValues(*store_));
}

/// A network that does something when it is first read.
class Interrupting : public SmallNet {
 public:
  Interrupting(const SmallNet& net, std::function<void()> then)
      : SmallNet(net), then_(std::move(then)) {}
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    if (auto then = std::exchange(then_, {})) then();
    return SmallNet::Read(index, offset, out);
  }

 private:
  std::function<void()> then_;
};

TEST_F(Archiving, ACommitWhoseBaseGetsDeeperMeanwhileLooksAgain) {
  MakeKin();
  const TensorId v1 = FirstTensor("m:v1"), stray = FirstTensor("stray3");
  ASSERT_TRUE(store_->tensors().Open(FirstTensor("m:v5")).ok());
  SmallNet next(1, 80);
  for (const unsigned i : {2, 3, 4, 5, 6}) next.Train(i);
  const auto other = testing::OpenOn(disk_);
  Interrupting net(next, [&] {
    const auto forms = StoredForms::Load(*other);
    ASSERT_TRUE(forms.ok());
    const auto rewrites = MakeRewriteSet(*forms, {{v1, stray}}, {}, 32);
    FormWriter writer(*other, *forms, *rewrites, operation_);
    ASSERT_TRUE(writer.Write().ok() && writer.Prove().ok() && writer.Switch("test").ok());
  });
  const auto committed = testing::CommitNet(*store_, "m", net);
  ASSERT_TRUE(committed.ok()) << committed.error().message;
  EXPECT_EQ(DepthOf(FirstTensor("m:v6")), 6U);
  ExpectAllWell(AllValues(*store_));
}

TEST_F(Archiving, ReadersGoOnReading) {
  MakeKin();
  const Values before = AllValues(*store_);
  const auto reader = OpenReader();
  EXPECT_TRUE(AllValues(*reader) == before);  // knows where everything is
  const TensorId v1 = FirstTensor("m:v1"), v2 = FirstTensor("m:v2"), v5 = FirstTensor("m:v5");
  ASSERT_TRUE(Rebase({{v1, v5}, {v2, std::nullopt}}).ok());
  EXPECT_TRUE(AllValues(*reader) == before);
  ASSERT_TRUE(Rebase({{v1, std::nullopt}, {v5, v1}}).ok());
  EXPECT_TRUE(AllValues(*reader) == before);
}

TEST_F(Archiving, TensorsInSeveralPartsKeepTheirValues) {
  SmallNet big(9, 900);  // four chunks
  CommitStray("big", big);
  SmallNet twin = big;
  twin.Train(3);
  CommitStray("twin", twin);
  const Values before = AllValues(*store_);
  PlannerSettings settings = SettingsWithRates();
  settings.pack_target_bytes = 300'000;
  const auto archived = Archive(settings);
  ASSERT_TRUE(archived.ok()) << archived.error().message;
  EXPECT_GT(archived->rebased, 0U);
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  EXPECT_TRUE(std::ranges::any_of(forms->forms(),
                                  [](const StoredForm& form) { return form.places.size() > 1; }));
  ExpectAllWell(before);
  const auto split = std::ranges::find_if(
      forms->forms(), [](const StoredForm& form) { return form.places.size() > 1; });
  ASSERT_TRUE(Rebase({{split->id, std::nullopt}}).ok());  // in one piece again
  const auto after = StoredForms::Load(*store_);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->FindForm(split->id)->places.size(), 1U);
  ExpectAllWell(before);
}

TEST_F(Archiving, WhatIsInTheTrashCanStillBeRestored) {
  MakeKin();
  const Values before = AllValues(*store_);
  const TensorId v1 = FirstTensor("m:v1"), stray = FirstTensor("stray3");
  ASSERT_TRUE(Remove(*store_, {"m:v5", "stray5"}, true, false).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true}, {}).ok());
  const auto forms = StoredForms::Load(*store_);
  ASSERT_TRUE(forms.ok());
  const auto trash = LoadTrash(*store_, *forms);
  ASSERT_FALSE(trash.empty());
  const auto rewrites = MakeRewriteSet(*forms, {{v1, stray}}, {}, 32, trash);
  ASSERT_TRUE(rewrites.ok());
  for (const Rewrite& rewrite : *rewrites) {
    const StoredForm& form = forms->forms()[rewrite.form];
    EXPECT_EQ(rewrite.base, form.base) << "m:v5 in the trash is stored against m:v4";
    EXPECT_LE(rewrite.depth, form.depth);
  }
  ASSERT_TRUE(Archive().ok());
  ASSERT_TRUE(Restore(*store_, {"m:v5", "stray5"}).ok());
  ExpectAllWell(before);
}

TEST_F(Archiving, APackFromTheTrashDoesNotMakeARebuiltCatalogACircle) {
  SmallNet net(1, 80);
  for (const unsigned i : {2, 3}) net.Train(i);
  ASSERT_TRUE(testing::CommitNet(*store_, "m", net).ok());  // m:v3, against m:v2
  CommitStray("twin", net);                                 // has the same tensors
  const TensorId v2 = FirstTensor("m:v2"), v3 = FirstTensor("m:v3");
  ASSERT_EQ(DepthOf(v3), DepthOf(v2) + 1);
  ASSERT_TRUE(Remove(*store_, {"m:v3"}, true, false).ok());
  ASSERT_TRUE(Rebase({{v3, std::nullopt}, {v2, v3}}).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true}, {}).ok());
  ASSERT_TRUE(Restore(*store_, {"m:v3"}).ok());
  const Values values = AllValues(*store_);
  ExpectAllWell(values);
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  const auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {});
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
  Reopen();
  ExpectAllWell(values);
}

TEST_F(Archiving, AsksBeforeItWrites) {
  MakeKin();
  const auto packs = Packs();
  int asked = 0;
  PlannerSettings settings = SettingsWithRates();
  settings.confirm = [&](const ArchivePlan& plan) {
    EXPECT_FALSE(plan.changes.empty());
    return ++asked > 1;
  };
  const auto declined = Archive(settings);
  ASSERT_TRUE(declined.ok());
  EXPECT_TRUE(declined->declined);
  EXPECT_EQ(declined->rewritten, 0U);
  EXPECT_EQ(Packs(), packs);
  const auto done = Archive(settings);
  ASSERT_TRUE(done.ok());
  EXPECT_FALSE(done->declined);
  EXPECT_GT(done->rewritten, 0U);
}

TEST_F(Archiving, ABudgetThatCannotBeMetChangesNothing) {
  MakeKin();
  const auto packs = Packs();
  PlannerSettings settings = SettingsWithRates();
  settings.budgets = {{"stray4", 2, 1e-9}};
  const auto refused = Archive(settings);
  ASSERT_TRUE(refused.ok());
  EXPECT_EQ(refused->rewritten, 0U);
  for (const PlannedSnapshot& snapshot : refused->plan.snapshots)
    EXPECT_EQ(snapshot.least_seconds.has_value(), snapshot.reference == "stray4:v1");
  EXPECT_EQ(Packs(), packs);
}

TEST_F(Archiving, SaysHowMuchRoomItNeeds) {
  MakeKin();
  const auto forms = FormsOf(*store_);
  disk_.SetPlan({.kind = FaultKind::kDiskFull, .disk_bytes = disk_.UsedBytes() + 1000});
  const auto refused = Archive();
  disk_.SetPlan({});
  ASSERT_EQ(CodeOf(refused), ErrorCode::kIo);
  EXPECT_NE(refused.error().message.find("no space left to archive: it needs "), std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().message.find("are free"), std::string::npos);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
  EXPECT_EQ(FormsOf(*store_), forms);
}

TEST_F(Archiving, SaysWhyItDoesNot) {
  EXPECT_EQ(CodeOf(Archive(SettingsWithRates(), "nobody")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Archive(SettingsWithRates(), "m:")), ErrorCode::kSyntax);
  CancellationToken token;
  token.Cancel();
  EXPECT_EQ(CodeOf(ArchiveRewrite(*store_, "m", SettingsWithRates(), {.cancel = &token})),
            ErrorCode::kCancelled);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
}

TEST_F(Archiving, ADamagedTensorIsNamedAndNothingChanges) {
  const auto packs = Packs();
  store_.reset();
  for (const std::string& pack : packs) {
    const std::string path = "/repo/.dlv/packs/" + pack;
    const std::uint64_t size = disk_.Content(path).size();
    for (std::uint64_t at = 4096 + 48 + 64; at + 4000 < size; at += 2000) disk_.Corrupt(path, at);
  }
  Reopen();
  const auto refused = Archive();
  ASSERT_EQ(CodeOf(refused), ErrorCode::kCorruption);
  EXPECT_NE(refused.error().message.find(" is damaged: "), std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().message.find(":v"), std::string::npos) << refused.error().message;
  EXPECT_EQ(Packs(), packs);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
}

TEST_F(Archiving, WishesAreForWhatTheyName) {
  MakeKin();
  std::vector<PlanSnapshot> snapshots;
  const auto versions =
      store_->Read([](const catalog::Catalog& catalog) { return catalog.ListVersions(); });
  ASSERT_TRUE(versions.ok());
  for (const auto& version : *versions) {
    PlanSnapshot snapshot;
    snapshot.reference = version.summary.reference();
    snapshot.version = version.row;
    snapshot.model = version.summary.model;
    snapshots.push_back(snapshot);
  }
  const auto wishes = WishesFor(*store_, snapshots, {plan::Budget::TimesMaterialised(4)},
                                {{"m", 3, std::nullopt}, {"m:best", 2, 0.5}}, {{"stray3", 10}});
  ASSERT_TRUE(wishes.ok()) << wishes.error().message;
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    const SnapshotWish& wish = (*wishes)[i];
    const bool of_model = snapshots[i].model == "m", is_best = snapshots[i].reference == "m:v1";
    EXPECT_EQ(wish.budget.value, is_best ? 0.5 : of_model ? 3 : 4) << snapshots[i].reference;
    EXPECT_EQ(wish.weight, snapshots[i].model == "stray3" ? 1e7 : 0);
  }
  EXPECT_EQ(CodeOf(WishesFor(*store_, snapshots, {}, {{"nobody", 2, std::nullopt}}, {})),
            ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(WishesFor(*store_, snapshots, {}, {}, {{"m:v1/scale", 2}})),
            ErrorCode::kInvalidArgument);
  // The most particular counts, in whatever order they come; the same twice is no contradiction.
  const auto nested = WishesFor(*store_, snapshots, {},
                                {{"m:best", 2, 0.5}, {"m", 3, std::nullopt}, {"m:v1", 2, 0.5}},
                                {{"m:v1", 5}, {"m", 7}});
  ASSERT_TRUE(nested.ok()) << nested.error().message;
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    if (snapshots[i].reference != "m:v1") continue;
    EXPECT_EQ((*nested)[i].budget.value, 0.5);
    EXPECT_EQ((*nested)[i].weight, 5e6);
  }
  const auto twice = WishesFor(*store_, snapshots, {},
                               {{"m:best", 4, std::nullopt}, {"m:v1", 1.2, std::nullopt}}, {});
  ASSERT_EQ(CodeOf(twice), ErrorCode::kInvalidArgument);
  EXPECT_NE(twice.error().message.find("m:best=4x and m:v1=1.2x"), std::string::npos)
      << twice.error().message;
  EXPECT_EQ(CodeOf(WishesFor(*store_, snapshots, {}, {{"m", 2, 0.5}, {"m", 2, std::nullopt}}, {})),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(WishesFor(*store_, snapshots, {}, {}, {{"m", 2}, {"m", 3}})),
            ErrorCode::kInvalidArgument);
  EXPECT_FALSE(CheckWishes({{"m", -1, std::nullopt}}, {}).ok());
  EXPECT_FALSE(CheckWishes({}, {{"m", 0}}).ok());
}

}  // namespace
}  // namespace dlv::store
