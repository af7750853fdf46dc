#include <cmath>

#include "storage/catalog/lineage_rows.h"
#include "tests/unit/storage/catalog/catalog_fixture.h"

namespace dlv::catalog {
namespace {

using CatalogBulk = CatalogTest;

TEST_F(CatalogBulk, ReadsTheLineageAtOnce) {
  auto transaction = Must(catalog_->Begin());
  const NewVersion base = MakeVersion("lenet", 1);
  const Row first = Must(transaction->InsertVersion(base)).version;
  NewVersion child = MakeVersion("birds", 2);
  child.parents = {{base.id, "lenet", Relation::kFinetune, {}, true},
                   {DigestOf<VersionId>(99), "teacher", Relation::kDistil, {}, false}};
  const Row second = Must(transaction->InsertVersion(child)).version;
  ASSERT_OK(transaction->Commit());

  const LineageRows rows = Must(catalog_->ReadLineage());
  ASSERT_EQ(rows.versions.size(), 2u);
  EXPECT_EQ(rows.versions[0].row, first);
  EXPECT_EQ(rows.versions[1].row, second);
  EXPECT_EQ(rows.versions[1].id, child.id);
  EXPECT_EQ(rows.models[rows.versions[1].model], "birds");
  EXPECT_EQ(rows.versions[1].number, 1u);
  EXPECT_EQ(rows.versions[1].created, child.created);
  ASSERT_EQ(rows.parents.size(), 2u);
  EXPECT_EQ(rows.parents[0].version, 1u);
  EXPECT_EQ(rows.parents[0].id, base.id);
  EXPECT_TRUE(rows.parents[0].inferred);
  EXPECT_EQ(rows.parents[1].ordinal, 1u);
  EXPECT_EQ(rows.models[rows.parents[1].model], "teacher");
  EXPECT_EQ(rows.parents[1].relation, Relation::kDistil);
  EXPECT_EQ(rows.models.size(), 3u);
}

TEST_F(CatalogBulk, LineageOfAnEmptyCatalogIsEmpty) {
  const LineageRows rows = Must(catalog_->ReadLineage());
  EXPECT_TRUE(rows.versions.empty());
  EXPECT_TRUE(rows.parents.empty());
}

TEST_F(CatalogBulk, LastValuesAndNamesOfMetrics) {
  auto transaction = Must(catalog_->Begin());
  NewVersion version = MakeVersion("lenet", 1);
  version.metrics = {{"loss", {{0, 2.5}, {100, 0.5}}}, {"nan", {{-1, std::nan("")}}}};
  const Row row = Must(transaction->InsertVersion(version)).version;
  ASSERT_OK(transaction->Commit());
  EXPECT_EQ(Must(catalog_->LastValue(row, "loss")), 0.5);
  EXPECT_TRUE(std::isnan(Must(catalog_->LastValue(row, "nan")).value()));
  EXPECT_FALSE(Must(catalog_->LastValue(row, "acc")).has_value());
  EXPECT_FALSE(Must(catalog_->LastValue(row + 1, "loss")).has_value());
  EXPECT_EQ(Must(catalog_->MetricNames(row)), (std::vector<std::string>{"loss", "nan"}));
}

TEST_F(CatalogBulk, VisitsTextsOfAllVersions) {
  auto transaction = Must(catalog_->Begin());
  AddVersion(*transaction, "a", 1, 2);
  NewVersion version = MakeVersion("b", 2);
  version.hparams = {{"lr", "0.1"}, {"batch", "64"}};
  const Row row = Must(transaction->InsertVersion(version)).version;
  ASSERT_OK(transaction->Commit());
  std::string text;
  ASSERT_OK(catalog_->ForEachHyperParameter(
      [&](Row of, const std::string& name, const std::string& value) {
        EXPECT_EQ(of, row);
        text += name + "=" + value + " ";
      }));
  ASSERT_OK(catalog_->ForEachFilePath([&](Row, const std::string& path) { text += path; }));
  EXPECT_EQ(text, "batch=64 lr=0.1 model.safetensors");
}

}  // namespace
}  // namespace dlv::catalog
