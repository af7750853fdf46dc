#include "storage/catalog/bulk_reader.h"

#include <cmath>
#include <limits>

#include "tests/unit/storage/catalog/catalog_fixture.h"

namespace dlv::catalog {
namespace {

using BulkReader_ = CatalogTest;

TEST_F(BulkReader_, ReadsWholeTables) {
  auto transaction = Must(catalog_->Begin());
  for (const std::uint64_t number : {1u, 2u}) {
    NewVersion version = MakeVersion(number == 1 ? "b" : "a", number);
    version.hparams = {{"lr", "0.1"}, {"opt", "sgd"}};
    version.metrics = {{"acc", {{1, 0.5}, {2, 0.75}}},
                       {"loss", {{-1, std::numeric_limits<double>::quiet_NaN()}}}};
    version.tags = {{"stage", "dev"}};
    if (number == 2) {
      version.parents = {{MakeVersion("b", 1).id, "b", Relation::kFinetune, {}, true}};
    }
    const Row row = Must(transaction->InsertVersion(version)).version;
    if (number == 1) continue;
    ASSERT_OK(transaction->SetAlias("best", row));
    ASSERT_OK(transaction->SetNote(row, "good", 5));
  }
  ASSERT_OK(transaction->Commit());

  BulkReader reader(*catalog_);
  const auto versions = Must(reader.Versions());
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[1].id, MakeVersion("a", 2).id);
  EXPECT_EQ(Must(reader.Models())[0].second, "a");
  const auto metrics = Must(reader.Metrics({false, {"loss"}}));
  ASSERT_EQ(metrics.size(), 2u);
  EXPECT_TRUE(std::isnan(metrics[0].last));
  EXPECT_EQ(Must(reader.Metrics({})).size(), 4u);
  const auto series = Must(reader.Series({false, {"acc"}}));
  ASSERT_EQ(series.size(), 2u);
  ASSERT_EQ(series[0].points.size(), 2u);
  EXPECT_EQ(series[0].points[1].value, 0.75);
  EXPECT_EQ(Must(reader.HyperParameters({false, {"lr"}})).size(), 2u);
  EXPECT_EQ(Must(reader.Tags()).size(), 2u);
  EXPECT_EQ(Must(reader.Notes())[0].value, "good");
  EXPECT_EQ(Must(reader.Aliases())[0].version, versions[1].row);
  const auto parents = Must(reader.Parents());
  ASSERT_EQ(parents.size(), 1u);
  EXPECT_EQ(parents[0].id, versions[0].id);
  EXPECT_TRUE(parents[0].inferred);
  using Names = std::vector<std::string>;
  EXPECT_EQ(Must(reader.Names(NameKind::kModel)), (Names{"a", "b"}));
  EXPECT_EQ(Must(reader.Names(NameKind::kMetric)), (Names{"acc", "loss"}));
  EXPECT_EQ(Must(reader.Names(NameKind::kHyperParameter)), (Names{"lr", "opt"}));
  EXPECT_EQ(Must(reader.Names(NameKind::kTag)), Names{"stage"});
  EXPECT_EQ(Must(reader.Names(NameKind::kAlias)), Names{"best"});
  EXPECT_EQ(Must(reader.Names(NameKind::kQuery)), Names());
}

TEST_F(BulkReader_, KnowsWhichNamesThereAre) {
  auto transaction = Must(catalog_->Begin());
  NewVersion version = MakeVersion("a", 1);
  version.hparams = {{"lr", "0.1"}};
  version.metrics = {{"acc", {{1, 0.5}}}};
  version.tags = {{"stage", "dev"}};
  const Row row = Must(transaction->InsertVersion(version)).version;
  ASSERT_OK(transaction->SetAlias("best", row));
  ASSERT_OK(transaction->Commit());
  BulkReader reader(*catalog_);
  const std::pair<NameKind, const char*> names[] = {
      {NameKind::kModel, "a"},           {NameKind::kAlias, "best"}, {NameKind::kMetric, "acc"},
      {NameKind::kHyperParameter, "lr"}, {NameKind::kTag, "stage"},
  };
  for (const auto& [kind, name] : names) {
    EXPECT_TRUE(Must(reader.HasName(kind, name))) << name;
    EXPECT_FALSE(Must(reader.HasName(kind, "none"))) << name;
  }
  EXPECT_FALSE(Must(reader.HasName(NameKind::kQuery, "a")));

  transaction = Must(catalog_->Begin());
  ASSERT_OK(transaction->DeleteVersion(row));
  ASSERT_OK(transaction->Commit());
  EXPECT_FALSE(Must(reader.HasName(NameKind::kModel, "a")));  // no version is left
}

}  // namespace
}  // namespace dlv::catalog
