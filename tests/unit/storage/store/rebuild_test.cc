#include "storage/store/rebuild.h"

#include <algorithm>

#include "storage/store/archive_rewrite.h"
#include "storage/store/garbage.h"
#include "storage/store/remove.h"
#include "storage/store/usage.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using testing::CommitNet;
using testing::SmallNet;

class Rebuild : public SmallRepositoryTest {
 protected:
  /// Everything that listings say.
  std::vector<std::string> Listings() {
    std::vector<std::string> lines = testing::StateOf(*store_);
    AddLog(lines);
    AddNamesAndUsage(lines);
    AddDetails(lines);
    return lines;
  }

  void AddLog(std::vector<std::string>& lines) {
    const auto log = Log(*store_, "", {.graph = true});
    ASSERT_TRUE(log.ok()) << log.error().message;
    for (const LogEntry& entry : *log) {
      const VersionSummary& version = entry.version;
      lines.push_back(entry.graph + version.reference() + version.message + version.author +
                      std::to_string(version.created) + " " + std::to_string(version.stored_bytes) +
                      " " + std::to_string(version.raw_bytes));
      for (const ParentInfo& parent : version.parents) {
        lines.push_back(parent.reference + " " + std::to_string(static_cast<int>(parent.relation)));
      }
      for (const auto& [name, value] : version.metrics) {
        lines.push_back(name + std::to_string(value));
      }
    }
  }

  void AddNamesAndUsage(std::vector<std::string>& lines) {
    for (const char* model : {"m", "files"}) {
      const auto moves = ListAliasMoves(*store_, model);
      ASSERT_TRUE(moves.ok()) << moves.error().message;
      for (const AliasMove& move : *moves) {
        lines.push_back(move.alias + std::to_string(move.from) + std::to_string(move.to) +
                        std::to_string(move.when));
      }
    }
    const auto usage = Usage(*store_, {.by = UsageBy::kVersion, .references = {}});
    ASSERT_TRUE(usage.ok()) << usage.error().message;
    for (const UsageLine& line : usage->lines) {
      lines.push_back(line.name + " " + std::to_string(line.raw_bytes) + " " +
                      std::to_string(line.stored_bytes) + " " + std::to_string(*line.unique_bytes));
    }
  }

  void AddDetails(std::vector<std::string>& lines) {
    const auto details = Describe(*store_, "files");
    ASSERT_TRUE(details.ok()) << details.error().message;
    for (const auto& [name, value] : details->hparams) lines.push_back(name + "=" + value);
    for (const FileInfo& file : details->files) lines.push_back(file.path + file.sha256.Hex());
    for (const TensorInfo& info : details->tensors) lines.push_back(info.name + info.id.Hex());
  }

  VerifyResult MustRebuild(const RebuildOptions& rebuild = {}) {
    store_.reset();
    auto rebuilt = RebuildCatalog(testing::kRoot, Options(), {}, rebuild);
    EXPECT_TRUE(rebuilt.ok()) << rebuilt.error().message;
    Reopen();
    return rebuilt.ok() ? std::move(rebuilt).value() : VerifyResult{};
  }

  std::vector<std::uint64_t> StoredBytes() {
    std::vector<std::uint64_t> bytes;
    const auto log = Log(*store_, "", {});
    EXPECT_TRUE(log.ok());
    for (const LogEntry& entry : *log) bytes.push_back(entry.version.stored_bytes);
    std::ranges::sort(bytes);
    return bytes;
  }

  void DeleteCatalog() {
    store_.reset();
    ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  }
};

TEST_F(Rebuild, SaysTheSameAsBefore) {
  SmallNet net(5, 80);
  ASSERT_TRUE(CommitNet(*store_, "gone", net).ok());
  ASSERT_TRUE(Remove(*store_, {"gone:v1"}, true, false).ok());
  ASSERT_TRUE(SetAlias(*store_, "best", "m:v2").ok());
  ASSERT_TRUE(SetAlias(*store_, "old", "m:v1").ok());
  ASSERT_TRUE(DeleteAlias(*store_, "m", "old").ok());
  ASSERT_TRUE(DeleteTags(*store_, "m:v2", {"stage"}).ok());
  const auto before = Listings();
  DeleteCatalog();
  EXPECT_EQ(CodeOf(Store::Open(testing::kRoot, Options())), ErrorCode::kCorruption);
  const VerifyResult result = MustRebuild();
  EXPECT_TRUE(result.findings.empty());
  EXPECT_EQ(result.versions, 3U);
  EXPECT_EQ(Listings(), before);
  ExpectClean();
  const auto next = CommitNet(*store_, "gone", net);
  ASSERT_TRUE(next.ok()) << next.error().message;
  EXPECT_EQ(next->version.number, 2U) << "numbers are not used again";
}

TEST_F(Rebuild, AfterArchiveAndGc) {
  ASSERT_TRUE(ArchiveRewrite(*store_, "", testing::SettingsWithRates(), {.threads = 1}).ok());
  ASSERT_TRUE(Remove(*store_, {"files:v1"}, true, false).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true}, {.threads = 1}).ok());
  const auto weight = Bytes("m:v2/layer1.weight");
  const auto before = testing::StateOf(*store_);
  DeleteCatalog();
  EXPECT_TRUE(MustRebuild().findings.empty());
  EXPECT_EQ(testing::StateOf(*store_), before);
  EXPECT_EQ(Bytes("m:v2/layer1.weight"), weight);
  ExpectClean();
}

TEST_F(Rebuild, OfAHealthyCatalogChangesNothing) {
  const auto before = Listings();
  EXPECT_TRUE(MustRebuild().findings.empty());
  EXPECT_EQ(Listings(), before);
}

TEST_F(Rebuild, WhatIsLostIsNamedAndTheRestIsThere) {
  std::string lost;
  for (const std::string& pack : Packs()) {
    const auto section =
        store_->Read([&](const catalog::Catalog& catalog) { return catalog.FindVersion("m", 2); });
    ASSERT_TRUE(section.ok());
    const auto row = store_->Read([&](const catalog::Catalog& catalog) {
      return catalog.GetSection((*section)->manifest_section);
    });
    ASSERT_TRUE(row.ok());
    const auto name = store_->Read(
        [&](const catalog::Catalog& catalog) { return catalog.GetPack((*row)->pack); });
    ASSERT_TRUE(name.ok());
    if (pack == (*name)->name) lost = pack;
  }
  ASSERT_NE(lost, "");
  const auto weight = Bytes("m:v1/layer1.weight");
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/packs/" + lost));
  const auto catalog = disk_.Content("/repo/.dlv/catalog.db");
  const auto refused = RebuildCatalog(testing::kRoot, Options(), {});
  ASSERT_EQ(CodeOf(refused), ErrorCode::kConflict) << "the catalog is sound and says more";
  EXPECT_NE(refused.error().message.find("m:v2"), std::string::npos) << refused.error().message;
  EXPECT_EQ(disk_.Content("/repo/.dlv/catalog.db"), catalog);
  const VerifyResult result = MustRebuild({.accept_fewer = true});
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].where, "m:v2");
  EXPECT_EQ(result.findings[0].affected, std::vector<std::string>{"m:v2"});
  EXPECT_EQ(References(), (std::vector<std::string>{"files:v1", "m:v1"}));
  EXPECT_EQ(Bytes("m:v1/layer1.weight"), weight);
}

TEST_F(Rebuild, WritesAMissingFormatFileAgain) {
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/format"));
  EXPECT_EQ(CodeOf(Store::Open(testing::kRoot, Options())), ErrorCode::kNotFound);
  const VerifyResult result = MustRebuild();
  EXPECT_EQ(result.notes.size(), 1U);
  EXPECT_EQ(References().size(), 3U);
}

TEST_F(Rebuild, WithNeitherLogNorCatalogManifestsGiveEveryVersionBack) {
  const auto weight = Bytes("m:v2/layer1.weight");
  const auto stored = StoredBytes();
  DeleteCatalog();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/operations.log"));
  const VerifyResult result = MustRebuild();
  EXPECT_EQ(result.versions, 3U);
  EXPECT_EQ(result.findings.size(), 4U) << "the log, and each version that was taken in";
  EXPECT_EQ(StoredBytes(), stored) << "the packs tell what the commits added";
  std::vector<std::string> references = References();
  std::ranges::sort(references);
  EXPECT_EQ(references,
            (std::vector<std::string>{"recovered-files:v1", "recovered-m:v1", "recovered-m:v2"}));
  EXPECT_EQ(Bytes("recovered-m:v2/layer1.weight"), weight);
  ExpectClean();
  ASSERT_TRUE(SetAlias(*store_, "best", "recovered-m:v1").ok()) << "it can be written to";
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true, .grace_seconds = 0}, {.threads = 1}).ok());
  EXPECT_EQ(Bytes("recovered-m:v2/layer1.weight"), weight);
  DeleteCatalog();
  EXPECT_TRUE(MustRebuild().findings.empty()) << "the new log tells of all of them";
  EXPECT_EQ(References().size(), 3U);
  ExpectClean();
}

TEST_F(Rebuild, CountsTensorsAsVerifyDoes) {
  const auto verified = Verify(*store_, {}, {.threads = 2});
  ASSERT_TRUE(verified.ok()) << verified.error().message;
  EXPECT_GT(verified->tensors, 0U);
  DeleteCatalog();
  EXPECT_EQ(MustRebuild().tensors, verified->tensors);
  store_.reset();
  const auto without = VerifyWithoutCatalog(testing::kRoot, Options(), {.threads = 2});
  ASSERT_TRUE(without.ok()) << without.error().message;
  EXPECT_EQ(without->tensors, verified->tensors);
}

TEST_F(Rebuild, WithoutTheLogTheOldCatalogIsTheSource) {
  ASSERT_TRUE(SetTags(*store_, "files:v1", {{"a", "b"}}).ok());
  ASSERT_TRUE(DeleteTags(*store_, "m:v2", {"stage"}).ok());
  const auto before = Listings();
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/operations.log"));
  const VerifyResult result = MustRebuild();
  EXPECT_EQ(result.versions, 3U);
  EXPECT_TRUE(result.findings.empty());
  EXPECT_FALSE(result.notes.empty());
  EXPECT_EQ(Listings(), before);
  ExpectClean();
  DeleteCatalog();
  EXPECT_TRUE(MustRebuild().findings.empty());
  EXPECT_EQ(Listings(), before);
}

TEST_F(Rebuild, WhatWasRemovedComesBackOnlyWhenAskedForOrUnknown) {
  ASSERT_TRUE(Remove(*store_, {"files:v1"}, true, false).ok());
  const auto before = testing::StateOf(*store_);
  EXPECT_EQ(MustRebuild({.adopt = true}).versions, 2U) << "the log tells of the removal";
  EXPECT_EQ(testing::StateOf(*store_), before);
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/operations.log"));
  EXPECT_EQ(MustRebuild().versions, 2U) << "the catalog is the source";
  EXPECT_EQ(testing::StateOf(*store_), before);
  const VerifyResult adopted = MustRebuild({.adopt = true});
  EXPECT_EQ(adopted.versions, 3U);
  ASSERT_EQ(adopted.findings.size(), 1U);
  EXPECT_EQ(adopted.findings[0].where, "recovered-files:v1");
  ExpectClean();
}

TEST_F(Rebuild, SaysWhyItCannot) {
  EXPECT_EQ(CodeOf(RebuildCatalog("/nowhere", Options(), {})), ErrorCode::kNotFound);
  CancellationToken token;
  token.Cancel();
  EXPECT_EQ(CodeOf(RebuildCatalog(testing::kRoot, Options(), {.cancel = &token})),
            ErrorCode::kCancelled);
  const Status busy = store_->Write("dlv commit", [&](Change&) {
    EXPECT_EQ(CodeOf(RebuildCatalog(testing::kRoot, Options(), {})), ErrorCode::kConflict);
    return Ok();
  });
  EXPECT_TRUE(busy.ok());
  store_.reset();
  RepositoryFormat newer;
  newer.version = kRepositoryVersion + 1;
  testing::PutFile(disk_, "/repo/.dlv/format", EncodeFormat(newer));
  EXPECT_EQ(CodeOf(RebuildCatalog(testing::kRoot, Options(), {})), ErrorCode::kUnsupported);
}

TEST_F(Rebuild, WhatACommandLoggedBeforeItWasInterruptedIsNotAdopted) {
  const auto before = testing::StateOf(*store_);
  const auto catalog = disk_.Content("/repo/.dlv/catalog.db");
  ASSERT_TRUE(SetAlias(*store_, "best", "m:v2").ok());
  store_.reset();
  ASSERT_TRUE(disk_.Replace("/repo/.dlv/catalog.db", catalog));  // as if killed before the commit
  const VerifyResult result = MustRebuild();
  EXPECT_EQ(result.notes.size(), 1U);
  EXPECT_EQ(testing::StateOf(*store_), before);
  ExpectClean();
  ASSERT_TRUE(SetAlias(*store_, "other", "m:v2").ok());
  DeleteCatalog();
  EXPECT_TRUE(MustRebuild().notes.empty()) << "taken back for good";
  EXPECT_EQ(ListAliasMoves(*store_, "m")->size(), 2U);
}

TEST_F(Rebuild, NorWhatTheNextCommandLoggedBeforeItWasInterruptedToo) {
  const auto before = testing::StateOf(*store_);
  const auto catalog = disk_.Content("/repo/.dlv/catalog.db");
  for (const char* name : {"one", "two", "three"}) {
    ASSERT_TRUE(SetAlias(*store_, name, "m:v2").ok());
    store_.reset();
    ASSERT_TRUE(disk_.Replace("/repo/.dlv/catalog.db", catalog));
    Reopen();
  }
  EXPECT_EQ(MustRebuild().notes.size(), 1U);
  EXPECT_EQ(testing::StateOf(*store_), before);
  ExpectClean();
}

TEST_F(Rebuild, AnOldCopyOfTheCatalogTakesNothingAway) {
  const auto catalog = disk_.Content("/repo/.dlv/catalog.db");
  SmallNet net(5, 80);
  ASSERT_TRUE(CommitNet(*store_, "new", net).ok());
  net.Train(1);
  ASSERT_TRUE(CommitNet(*store_, "new", net).ok());
  const auto want = testing::StateOf(*store_);
  store_.reset();
  ASSERT_TRUE(disk_.Replace("/repo/.dlv/catalog.db", catalog));
  EXPECT_TRUE(MustRebuild().findings.empty());
  EXPECT_EQ(testing::StateOf(*store_), want);
  ExpectClean();
}

TEST_F(Rebuild, ADamagedLogAloneGivesEveryVersionBack) {
  const auto whole = disk_.Content("/repo/.dlv/operations.log");
  const auto weight = Bytes("m:v2/layer1.weight");
  DeleteCatalog();
  const auto lost = disk_.Snapshot();
  for (std::uint64_t at = 0; at < whole.size(); at += 7) {
    disk_.Restore(lost);
    ASSERT_TRUE(disk_.Corrupt("/repo/.dlv/operations.log", at));
    const VerifyResult result = MustRebuild();
    EXPECT_EQ(result.versions, 3U) << "byte " << at;
    const std::vector<std::string> references = References();
    EXPECT_EQ(references.size(), 3U) << "byte " << at;
    const bool named = std::ranges::count(references, "m:v2") == 1;
    EXPECT_EQ(Bytes(named ? "m:v2/layer1.weight" : "recovered-m:v2/layer1.weight"), weight)
        << "byte " << at;
    EXPECT_TRUE(SetAlias(*store_, "new", references[0]).ok()) << "byte " << at;
    ExpectClean();
    if (HasFailure()) return;
  }
}

TEST_F(Rebuild, ATruncatedLogAloneGivesEveryVersionBack) {
  const auto whole = disk_.Content("/repo/.dlv/operations.log");
  DeleteCatalog();
  const auto lost = disk_.Snapshot();
  for (std::size_t size = 0; size <= whole.size(); size += 5) {
    disk_.Restore(lost);
    ASSERT_TRUE(disk_.Replace("/repo/.dlv/operations.log",
                              {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}));
    EXPECT_EQ(MustRebuild().versions, 3U) << "length " << size;
    EXPECT_EQ(References().size(), 3U) << "length " << size;
    EXPECT_TRUE(SetAlias(*store_, "new", References()[0]).ok()) << "length " << size;
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace dlv::store
