#include "storage/store/verify.h"

#include <set>

#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

class Verifying : public SmallRepositoryTest {
 protected:
  VerifyResult MustVerify(bool full = true) {
    auto result = Verify(*store_, {.full = full}, {.threads = 1});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(result).value() : VerifyResult{};
  }
  /// Path of the pack with the manifest of a version.
  std::string PackOf(const std::string& model, std::uint64_t number) {
    std::string name;
    const Status found = store_->Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_ASSIGN(const auto version, catalog.FindVersion(model, number));
      if (!version) return Error{ErrorCode::kNotFound, "no such version"};
      DLV_ASSIGN(const auto section, catalog.GetSection(version->manifest_section));
      if (!section) return Error{ErrorCode::kNotFound, "no such section"};
      DLV_ASSIGN(const auto pack, catalog.GetPack(section->pack));
      if (!pack) return Error{ErrorCode::kNotFound, "no such pack"};
      name = "/repo/.dlv/packs/" + pack->name;
      return Ok();
    });
    EXPECT_TRUE(found.ok());
    return name;
  }
};

TEST_F(Verifying, CountsWhatItLookedAt) {
  const VerifyResult result = MustVerify();
  EXPECT_TRUE(result.findings.empty());
  EXPECT_TRUE(result.notes.empty());
  EXPECT_EQ(result.versions, 3U);
  EXPECT_EQ(result.packs, 3U);
  EXPECT_GT(result.tensors, 8U);
  EXPECT_GT(result.bytes, 100'000U);
}

TEST_F(Verifying, DamageNamesPackTensorAndVersions) {
  const std::string pack = PackOf("m", 1);
  store_.reset();
  ASSERT_TRUE(disk_.Corrupt(pack, 4096 + 500));
  Reopen();
  for (const bool full : {false, true}) {
    const VerifyResult result = MustVerify(full);
    bool named = false;  // the child's tensor, which cannot be decoded either, is another finding
    for (const Finding& finding : result.findings) {
      EXPECT_EQ(finding.code, ErrorCode::kCorruption);
      const bool is_here = finding.where.find(pack) != std::string::npos &&
                           finding.where.find("tensor ") != std::string::npos;
      const std::vector<std::string> both = {"m:v2", "m:v1"}, child = {"m:v2"};
      EXPECT_EQ(finding.affected, is_here ? both : child)
          << "the second is stored against the first";
      named = named || is_here;
    }
    EXPECT_TRUE(named) << pack;
  }
}

/// Two packs are damaged: each finding tells what it takes away itself.
TEST_F(Verifying, FindingsNameTheirOwnVersions) {
  const std::string pack = PackOf("m", 1), missing = PackOf("files", 1);
  store_.reset();
  ASSERT_TRUE(disk_.Corrupt(pack, 4096 + 500));
  ASSERT_TRUE(disk_.Delete(missing));
  Reopen();
  for (const bool full : {false, true}) {
    std::set<std::string> of_pack, of_missing;
    for (const Finding& finding : MustVerify(full).findings) {
      if (finding.where.find(".pack") == std::string::npos) continue;
      auto& affected = missing.ends_with(finding.where) ? of_missing : of_pack;
      affected.insert(finding.affected.begin(), finding.affected.end());
    }
    EXPECT_EQ(of_pack, (std::set<std::string>{"m:v1", "m:v2"}));
    EXPECT_EQ(of_missing, (std::set<std::string>{"files:v1"}));
  }
}

TEST_F(Verifying, AMissingPackIsTold) {
  const std::string pack = PackOf("files", 1);
  store_.reset();
  ASSERT_TRUE(disk_.Delete(pack));
  Reopen();
  const VerifyResult result = MustVerify(false);
  ASSERT_FALSE(result.findings.empty());
  bool named = false;
  for (const Finding& finding : result.findings) {
    for (const std::string& version : finding.affected) named = named || version == "files:v1";
  }
  EXPECT_TRUE(named);
}

TEST_F(Verifying, LeftoversAreNotesNotFindings) {
  testing::PutFile(disk_, "/repo/.dlv/packs/0123456789abcdef-0.pack", "x");
  testing::PutFile(disk_, "/repo/.dlv/tmp/0123456789abcdef-1.pack", "x");
  const VerifyResult result = MustVerify();
  EXPECT_TRUE(result.findings.empty());
  EXPECT_EQ(result.notes.size(), 2U);
}

TEST_F(Verifying, ALogThatIsBehindOrDamagedIsAFinding) {
  const auto whole = disk_.Content("/repo/.dlv/operations.log");
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/operations.log"));
  EXPECT_FALSE(MustVerify(false).findings.empty());
  testing::PutFile(disk_, "/repo/.dlv/operations.log",
                   {reinterpret_cast<const char*>(whole.data()), whole.size()});
  EXPECT_TRUE(MustVerify(false).findings.empty());
  ASSERT_TRUE(disk_.Corrupt("/repo/.dlv/operations.log", whole.size() / 2));
  EXPECT_FALSE(MustVerify(false).findings.empty());
}

TEST_F(Verifying, ADamagedCatalogIsOneFindingAndPacksAreCheckedAllTheSame) {
  const std::string pack = PackOf("m", 1);
  store_.reset();
  ASSERT_TRUE(disk_.Corrupt("/repo/.dlv/catalog.db", 8192 + 100));
  Reopen();
  const VerifyResult result = MustVerify(false);
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].where, "catalog.db");
  EXPECT_NE(result.findings[0].what.find("dlv fsck --rebuild-catalog"), std::string::npos);
  EXPECT_EQ(result.packs, 3U);
  EXPECT_EQ(result.versions, 3U);
  store_.reset();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  auto without = VerifyWithoutCatalog(testing::kRoot, Options(), {.threads = 1});
  ASSERT_TRUE(without.ok()) << without.error().message;
  ASSERT_EQ(without->findings.size(), 1U) << "missing is no other case than damaged";
  EXPECT_EQ(without->packs, 3U);
  ASSERT_TRUE(disk_.Corrupt(pack, 4096 + 500));
  without = VerifyWithoutCatalog(testing::kRoot, Options(), {.threads = 1});
  ASSERT_TRUE(without.ok()) << without.error().message;
  EXPECT_EQ(without->findings.size(), 2U);
}

TEST_F(Verifying, ADamagedStagingListIsAFinding) {
  testing::PutFile(disk_, "/repo/.dlv/stage.json", "{}");
  const VerifyResult result = MustVerify(false);
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].where, "stage.json");
}

TEST_F(Verifying, ARecordWithoutItsTransactionIsANote) {
  const auto catalog = disk_.Content("/repo/.dlv/catalog.db");
  store_.reset();
  {
    const auto writer = testing::OpenOn(disk_);
    ASSERT_TRUE(SetAlias(*writer, "best", "m:v2").ok());
  }
  ASSERT_TRUE(disk_.Replace("/repo/.dlv/catalog.db", catalog));
  Reopen();
  const VerifyResult result = MustVerify();
  EXPECT_TRUE(result.findings.empty());
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_NE(result.notes[0].find("then the next change takes them back"), std::string::npos);
  ASSERT_TRUE(SetAlias(*store_, "other", "m:v2").ok());
  EXPECT_TRUE(MustVerify().notes.empty());
  EXPECT_EQ(testing::StateOf(*store_)[2].find(" best"),
            std::string("m:v1 0123456789abcdef").size());
}

TEST_F(Verifying, StopsOnRequest) {
  CancellationToken token;
  token.Cancel();
  EXPECT_EQ(CodeOf(Verify(*store_, {}, {.cancel = &token})), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace dlv::store
