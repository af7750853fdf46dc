#include "storage/catalog/catalog.h"

#include <cmath>
#include <limits>
#include <thread>

#include "tests/unit/storage/catalog/catalog_fixture.h"

namespace dlv::catalog {
namespace {

using Catalog_ = CatalogTest;

TEST_F(Catalog_, CreatedEmptyAndOpenedAgain) {
  EXPECT_TRUE(Must(catalog_->ListModels()).empty());
  EXPECT_TRUE(Must(catalog_->CheckIntegrity()).empty());
  catalog_ = nullptr;
  EXPECT_EQ(Must(Reopen()->VersionCount()), 0u);
  EXPECT_EQ(Catalog::Create(disk_, kPath).error().code, ErrorCode::kConflict);
  EXPECT_EQ(Catalog::Open(disk_, "/repo/none.db", OpenMode::kRead).error().code,
            ErrorCode::kNotFound);
}

TEST_F(Catalog_, VersionComesBackWithAllThatBelongsToIt) {
  auto transaction = Must(catalog_->Begin());
  NewVersion base = MakeVersion("lenet", 1);
  ASSERT_OK(transaction->InsertVersion(base));
  NewVersion version = MakeVersion("lenet", 2);
  version.parents = {{base.id, "lenet", Relation::kRetrain, {{"seed", "3"}}, true},
                     {DigestOf<VersionId>(99), "teacher", Relation::kDistil, {}, false}};
  version.hparams = {{"lr", "0.1"}, {"batch", "64"}};
  version.tags = {{"stage", "draft"}};
  version.metrics = {{"accuracy", {{-1, 0.91}}}, {"loss", {{0, 2.5}, {100, 0.5}, {90, 0.25}}}};
  const auto inserted = Must(transaction->InsertVersion(version));
  EXPECT_EQ(inserted.number, 2u);
  ASSERT_OK(transaction->SetAlias("best", inserted.version));
  ASSERT_OK(transaction->Commit());

  const VersionRow row = Must(Reopen(OpenMode::kRead)->FindByAlias("lenet", "best")).value();
  const VersionSummary& summary = row.summary;
  EXPECT_EQ(summary.id, version.id);
  EXPECT_EQ(summary.reference(), "lenet:v2");
  EXPECT_EQ(summary.message, "epoch 2");
  EXPECT_EQ(summary.created, version.created);
  EXPECT_EQ(summary.aliases, std::vector<std::string>{"best"});
  EXPECT_EQ(summary.tags, version.tags);
  ASSERT_EQ(summary.parents.size(), 2u);
  EXPECT_EQ(summary.parents[0].reference, "lenet:v1");
  EXPECT_EQ(summary.parents[0].attributes, version.parents[0].attributes);
  EXPECT_TRUE(summary.parents[0].inferred);
  EXPECT_EQ(summary.parents[1].reference, "teacher@" + DigestOf<VersionId>(99).Hex(12));
  EXPECT_EQ(summary.parents[1].relation, Relation::kDistil);
  const std::vector<std::pair<std::string, double>> metrics = {{"accuracy", 0.91}, {"loss", 0.25}};
  EXPECT_EQ(summary.metrics, metrics);
  EXPECT_EQ(Must(catalog_->HyperParameters(row.row)), version.hparams);
  const std::vector<Metric> series = Must(catalog_->Metrics(row.row));
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[0].points[0].step, -1);
  ASSERT_EQ(series[1].points.size(), 3u);
  EXPECT_EQ(series[1].points[2].step, 90);
  EXPECT_EQ(series[1].points[1].value, 0.5);
  EXPECT_EQ(Must(catalog_->Children(base.id)), std::vector<Row>{row.row});
}

TEST_F(Catalog_, NotANumberSurvivesAsMetric) {
  auto transaction = Must(catalog_->Begin());
  NewVersion version = MakeVersion("m", 1);
  version.metrics = {{"loss", {{-1, std::numeric_limits<double>::quiet_NaN()}}}};
  const Row row = Must(transaction->InsertVersion(version)).version;
  ASSERT_OK(transaction->Commit());
  EXPECT_TRUE(std::isnan(Must(catalog_->Metrics(row))[0].last()));
  EXPECT_TRUE(std::isnan(Must(catalog_->GetVersion(row))->summary.metrics[0].second));
}

TEST_F(Catalog_, VersionsAreFoundByEveryName) {
  for (std::uint64_t i = 1; i <= 5; ++i) CommitVersion("a", i, 2);
  for (std::uint64_t i = 6; i <= 9; ++i) CommitVersion("b", i, 2);
  EXPECT_EQ(Must(catalog_->FindVersion("a", 3))->summary.id, DigestOf<VersionId>(3));
  EXPECT_FALSE(Must(catalog_->FindVersion("a", 6)).has_value());
  EXPECT_EQ(Must(catalog_->FindLatest("b"))->summary.number, 4u);
  EXPECT_FALSE(Must(catalog_->FindLatest("c")).has_value());
  EXPECT_EQ(Must(catalog_->FindById(DigestOf<VersionId>(8)))->summary.reference(), "b:v3");

  const std::string hex = DigestOf<VersionId>(4).Hex();
  for (const std::size_t digits : {7u, 8u, 63u, 64u}) {
    const auto found = Must(catalog_->FindByIdPrefix("", hex.substr(0, digits)));
    ASSERT_EQ(found.size(), 1u) << digits;
    EXPECT_EQ(found[0].summary.reference(), "a:v4");
  }
  EXPECT_TRUE(Must(catalog_->FindByIdPrefix("b", hex)).empty());
  EXPECT_EQ(Must(catalog_->FindByIdPrefix("", "", 3)).size(), 3u);
  EXPECT_EQ(catalog_->FindByIdPrefix("", "xyz").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(catalog_->FindByIdPrefix("", std::string(65, 'a')).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(Catalog_, ListsNewestFirstByGlobAndLimit) {
  for (std::uint64_t i = 1; i <= 70; ++i) CommitVersion(i % 2 == 0 ? "even" : "odd", i, 1);
  EXPECT_EQ(Must(catalog_->ListVersions()).size(), 70u);
  const auto some = Must(catalog_->ListVersions({"e*", 2}));
  ASSERT_EQ(some.size(), 2u);
  EXPECT_EQ(some[0].summary.reference(), "even:v35");
  EXPECT_EQ(some[1].summary.reference(), "even:v34");
  const auto models = Must(catalog_->ListModels("*"));
  ASSERT_EQ(models.size(), 2u);
  EXPECT_EQ(models[0].name, "even");
  EXPECT_EQ(models[0].version_count, 35u);
  EXPECT_EQ(models[0].raw_bytes, 35u * 250'000);
  EXPECT_EQ(models[0].latest, some[0].row);
  EXPECT_EQ(Must(catalog_->ModelNames()), (std::vector<std::string>{"even", "odd"}));
}

TEST_F(Catalog_, SnapshotsAndFilesComeBack) {
  const Row version = CommitVersion("lenet", 5, 10);
  const auto snapshots = Must(catalog_->Snapshots(version));
  ASSERT_EQ(snapshots.size(), 1u);
  EXPECT_EQ(snapshots[0].info.step, 5);
  const auto objects = Must(catalog_->SnapshotObjects(snapshots[0].row));
  ASSERT_EQ(objects.size(), 10u);
  const auto places = Must(catalog_->GetObjects(objects));
  for (std::uint32_t i = 0; i < 10; ++i) EXPECT_EQ(places[i].entry, i);
  EXPECT_EQ(Must(catalog_->GetLayout(snapshots[0].layout))->id, DigestOf<BlobId>(7));
  EXPECT_TRUE(Must(catalog_->FindLayout(DigestOf<BlobId>(7))).has_value());
  EXPECT_FALSE(Must(catalog_->FindLayout(DigestOf<BlobId>(8))).has_value());
  const auto files = Must(catalog_->Files(version));
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].info.path, "model.safetensors");
  EXPECT_EQ(Must(catalog_->FindFiles(DigestOf<FileDigest>(5))).size(), 1u);
  EXPECT_TRUE(Must(catalog_->FindFiles(DigestOf<FileDigest>(6))).empty());
  EXPECT_EQ(Must(catalog_->ReferencedObjects()).size(), 12u);
  EXPECT_EQ(Must(catalog_->ReferencedObjects(version)).size(), 12u);
}

TEST_F(Catalog_, NumbersAreNotUsedAgain) {
  CommitVersion("m", 1, 1);
  const Row second = CommitVersion("m", 2, 1);
  auto transaction = Must(catalog_->Begin());
  ASSERT_OK(transaction->SetAlias("best", second));
  ASSERT_OK(transaction->DeleteVersion(second));
  EXPECT_EQ(transaction->DeleteVersion(second).error().code, ErrorCode::kNotFound);
  ASSERT_OK(transaction->Commit());
  EXPECT_TRUE(Must(catalog_->Aliases("m")).empty());
  EXPECT_EQ(Must(catalog_->DumpCounts())["snapshot"], 1u);
  EXPECT_EQ(Must(catalog_->DumpCounts())["file"], 1u);
  const Row third = CommitVersion("m", 3, 1);
  EXPECT_EQ(Must(catalog_->GetVersion(third))->summary.number, 3u);
  EXPECT_TRUE(Must(catalog_->CheckIntegrity()).empty());
}

TEST_F(Catalog_, TakenNumberOrIdIsAConflict) {
  CommitVersion("m", 1, 1);
  auto transaction = Must(catalog_->Begin());
  EXPECT_EQ(transaction->InsertVersion(MakeVersion("m", 1)).error().code, ErrorCode::kConflict);
  NewVersion version = MakeVersion("m", 2);
  version.number = 1;
  EXPECT_EQ(transaction->InsertVersion(version).error().code, ErrorCode::kConflict);
  version.number = 9;
  EXPECT_EQ(Must(transaction->InsertVersion(version)).number, 9u);
  EXPECT_EQ(Must(transaction->InsertVersion(MakeVersion("m", 3))).number, 10u);
}

TEST_F(Catalog_, AliasesTagsQueriesEvaluations) {
  const Row one = CommitVersion("m", 1, 1);
  const Row two = CommitVersion("m", 2, 1);
  auto transaction = Must(catalog_->Begin());
  ASSERT_OK(transaction->SetAlias("best", one));
  ASSERT_OK(transaction->SetAlias("best", two));
  ASSERT_OK(transaction->AppendAliasLog({"m", "best", 0, 1, 10}));
  ASSERT_OK(transaction->AppendAliasLog({"m", "best", 1, 2, 20}));
  ASSERT_OK(transaction->SetTag(one, "a", "1"));
  ASSERT_OK(transaction->SetTag(one, "a", "2"));
  EXPECT_TRUE(Must(transaction->DeleteTag(one, "a")));
  EXPECT_FALSE(Must(transaction->DeleteTag(one, "a")));
  ASSERT_OK(transaction->SetTag(one, "b", "3"));
  EXPECT_EQ(transaction->SetTag(99, "b", "3").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(transaction->SetAlias("best", 99).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(transaction->DeleteAlias("m", "none").error().code, ErrorCode::kNotFound);
  ASSERT_OK(transaction->SetNamedQuery({"good", "select m where 1", 5}));
  ASSERT_OK(
      transaction->InsertEvaluation({0, one, 7, "fashion", "accuracy", 0.5, {{"bits", "16"}}}));
  ASSERT_OK(transaction->SetMeta("format", "1"));
  ASSERT_OK(transaction->Commit());

  const auto aliases = Must(catalog_->Aliases("m"));
  ASSERT_EQ(aliases.size(), 1u);
  EXPECT_EQ(aliases[0].second, two);
  const auto log = Must(catalog_->AliasLog("m"));
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[1].to, 2u);
  EXPECT_EQ(Must(catalog_->Tags(one)), (KeyValues{{"b", "3"}}));
  EXPECT_EQ(Must(catalog_->NamedQueries())[0].text, "select m where 1");
  EXPECT_EQ(Must(catalog_->Evaluations(one))[0].attributes, (KeyValues{{"bits", "16"}}));
  EXPECT_EQ(Must(catalog_->GetMeta("format")), "1");
  EXPECT_FALSE(Must(catalog_->GetMeta("other")).has_value());
}

TEST_F(Catalog_, KeepsEachNetworkOnce) {
  const Row one = CommitVersion("m", 1, 1);
  const Row two = CommitVersion("m", 2, 1);
  const Row three = CommitVersion("m", 3, 1);
  CommitVersion("m", 4, 1);
  NetworkId id;
  id.bytes[0] = 7;
  const std::array<std::byte, 3> form = {std::byte{1}, std::byte{0}, std::byte{2}};
  auto transaction = Must(catalog_->Begin());
  const Row graph = Must(transaction->InsertGraph(id, form));
  EXPECT_EQ(Must(transaction->InsertGraph(id, form)), graph);
  ASSERT_OK(transaction->SetGraph({one, graph, "net.onnx", ""}));
  ASSERT_OK(transaction->SetGraph({two, graph, "net.onnx", ""}));
  ASSERT_OK(transaction->SetGraph({three, 0, "bad.onnx", "a cycle"}));
  EXPECT_EQ(transaction->SetGraph({99, graph, "", ""}).error().code, ErrorCode::kNotFound);
  ASSERT_OK(transaction->Commit());

  using Pairs = std::vector<std::pair<Row, Row>>;
  EXPECT_EQ(Must(catalog_->GraphsOfVersions()), (Pairs{{one, graph}, {two, graph}, {three, 0}}));
  EXPECT_EQ(Must(catalog_->GraphIds()).size(), 1u);
  EXPECT_EQ(Must(catalog_->FindGraph(id)), graph);
  EXPECT_EQ(Must(catalog_->FindGraph({})), std::nullopt);
  EXPECT_EQ(Must(catalog_->GraphOfVersion(three))->warning, "a cycle");
  EXPECT_EQ(Must(catalog_->VersionsWithoutGraphRow()).size(), 1u);
  std::size_t visited = 0;
  ASSERT_OK(catalog_->GraphForms(
      std::array{graph, graph}, [&](Row, const NetworkId& found, std::span<const std::byte> bytes) {
        EXPECT_EQ(found, id);
        EXPECT_EQ(std::vector(bytes.begin(), bytes.end()), std::vector(form.begin(), form.end()));
        ++visited;
        return Ok();
      }));
  EXPECT_EQ(visited, 2u);
  const auto none = [](Row, const NetworkId&, std::span<const std::byte>) { return Ok(); };
  EXPECT_EQ(catalog_->GraphForms(std::array{Row{99}}, none).error().code, ErrorCode::kNotFound);

  transaction = Must(catalog_->Begin());
  ASSERT_OK(transaction->DeleteVersion(one));
  ASSERT_OK(transaction->DeleteUnusedGraphs());
  EXPECT_EQ(Must(catalog_->FindGraph(id)), graph);
  ASSERT_OK(transaction->DeleteVersion(two));
  ASSERT_OK(transaction->DeleteUnusedGraphs());
  EXPECT_EQ(Must(catalog_->FindGraph(id)), std::nullopt);
  EXPECT_EQ(Must(catalog_->GraphsOfVersions()), (Pairs{{three, 0}}));
}

TEST_F(Catalog_, DroppedTransactionLeavesNothing) {
  {
    auto transaction = Must(catalog_->Begin());
    AddVersion(*transaction, "m", 1, 5);
    EXPECT_EQ(Must(catalog_->VersionCount()), 1u);
    EXPECT_EQ(catalog_->Begin().error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(Must(catalog_->VersionCount()), 0u);
  CommitVersion("m", 2, 5);
  EXPECT_EQ(Must(catalog_->SnapshotObjects(1))[0], 1u);
}

TEST_F(Catalog_, PacksMergeByMovingSections) {
  CommitVersion("m", 1, 3);
  CommitVersion("m", 2, 3);
  auto transaction = Must(catalog_->Begin());
  auto sections = Must(catalog_->Sections());
  ASSERT_EQ(sections.size(), 2u);
  const Row emptied = sections[1].pack;
  EXPECT_EQ(transaction->DeletePack(emptied).error().code, ErrorCode::kConflict);
  sections[1].pack = sections[0].pack;
  sections[1].offset = 100'000;
  ASSERT_OK(transaction->UpdateSection(sections[1]));
  ASSERT_OK(transaction->DeletePack(emptied));
  EXPECT_EQ(transaction->DeleteSection(sections[1].row).error().code, ErrorCode::kConflict);
  EXPECT_EQ(transaction->UpdateSection({.row = 77, .pack = sections[0].pack}).error().code,
            ErrorCode::kNotFound);
  ASSERT_OK(transaction->Commit());
  EXPECT_EQ(Must(catalog_->SectionsOfPack(sections[0].pack)), sections);
  EXPECT_EQ(Must(catalog_->GetSection(sections[1].row)), sections[1]);
  EXPECT_EQ(Must(catalog_->Packs()).size(), 1u);
  EXPECT_TRUE(Must(catalog_->CheckIntegrity()).empty());
}

TEST_F(Catalog_, ReadViewStaysWhileAnotherCommits) {
  CommitVersion("m", 1, 1);
  auto reader = Reopen(OpenMode::kRead);
  {
    auto view = Must(reader->BeginRead());
    auto nested = Must(reader->BeginRead());
    EXPECT_EQ(Must(reader->VersionCount()), 1u);
    std::thread writer([this] { CommitVersion("m", 2, 1); });
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(Must(reader->VersionCount()), 1u);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    nested = nullptr;
    EXPECT_EQ(Must(reader->VersionCount()), 1u);
    view = nullptr;
    writer.join();
  }
  EXPECT_EQ(Must(reader->VersionCount()), 2u);
  EXPECT_EQ(reader->Begin().error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Catalog_, SecondWriterTimesOutAsConflict) {
  auto other = Reopen();
  other->SetBusyTimeout(20);
  auto transaction = Must(catalog_->Begin());
  EXPECT_EQ(other->Begin().error().code, ErrorCode::kConflict);
  EXPECT_EQ(Must(other->VersionCount()), 0u)
      << "readers do not wait for a transaction that is not committing";
  transaction = nullptr;
  EXPECT_OK(other->Begin());
}

TEST_F(Catalog_, FullDiskSaysSoAndLosesNothing) {
  CommitVersion("m", 1, 20);
  disk_.SetPlan({.kind = testing::FaultKind::kDiskFull, .disk_bytes = disk_.UsedBytes() + 9000});
  auto transaction = Must(catalog_->Begin());
  Status status;
  for (std::uint64_t i = 0; i < 5000 && status.ok(); ++i) {
    const auto inserted = transaction->InsertObject(i * i * i, ObjectKind::kBlob, 1, 0);
    if (!inserted.ok()) status = inserted.error();
  }
  if (status.ok()) status = transaction->Commit();
  transaction = nullptr;
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  EXPECT_NE(status.error().message.find("no space left on device"), std::string::npos)
      << status.error().message;
  disk_.SetPlan({});
  EXPECT_EQ(Must(catalog_->VersionCount()), 1u);
  EXPECT_TRUE(Must(catalog_->CheckIntegrity()).empty());
  CommitVersion("m", 3, 2000);
  EXPECT_EQ(Must(catalog_->VersionCount()), 2u);
}

}  // namespace
}  // namespace dlv::catalog
