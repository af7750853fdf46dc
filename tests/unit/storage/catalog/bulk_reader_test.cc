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
  EXPECT_EQ(Must(reader.MetricNames()), (std::vector<std::string>{"acc", "loss"}));
  EXPECT_EQ(Must(reader.HyperParameterNames()), (std::vector<std::string>{"lr", "opt"}));
  EXPECT_EQ(Must(reader.TagNames()), std::vector<std::string>{"stage"});
  EXPECT_EQ(Must(reader.AliasNames()), std::vector<std::string>{"best"});
}

}  // namespace
}  // namespace dlv::catalog
