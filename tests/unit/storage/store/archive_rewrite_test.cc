#include "storage/store/archive_rewrite.h"

#include "storage/store/remove.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using Archiving = SmallRepositoryTest;

TEST_F(Archiving, KeepsEveryValue) {
  std::vector<std::pair<std::string, std::vector<std::byte>>> before;
  for (const char* version : {"m:v1", "m:v2", "files:v1"}) {
    const auto details = Describe(*store_, version);
    ASSERT_TRUE(details.ok());
    for (const TensorInfo& info : details->tensors) {
      const std::string reference = std::string(version) + "/" + info.name;
      before.emplace_back(reference, Bytes(reference));
    }
  }
  const auto archived = ArchiveRewrite(*store_, "", {.threads = 1});
  ASSERT_TRUE(archived.ok()) << archived.error().message;
  EXPECT_LE(archived->after_bytes, archived->before_bytes);
  Reopen();
  for (const auto& [reference, bytes] : before) EXPECT_EQ(Bytes(reference), bytes) << reference;
  ExpectClean();
}

TEST_F(Archiving, OfWhatIsSmallAlreadyIsNoWork) {
  ASSERT_TRUE(ArchiveRewrite(*store_, "", {.threads = 1}).ok());
  const std::uint64_t used = disk_.UsedBytes();
  const auto again = ArchiveRewrite(*store_, "", {.threads = 1});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->rewritten, 0U);
  EXPECT_EQ(again->after_bytes, again->before_bytes);
  EXPECT_EQ(disk_.UsedBytes(), used);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
}

TEST_F(Archiving, SaysWhyItDoesNot) {
  EXPECT_EQ(CodeOf(ArchiveRewrite(*store_, "nobody", {})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(ArchiveRewrite(*store_, "m:", {})), ErrorCode::kSyntax);
  CancellationToken token;
  token.Cancel();
  EXPECT_EQ(CodeOf(ArchiveRewrite(*store_, "m", {.cancel = &token})), ErrorCode::kCancelled);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
}

TEST_F(Archiving, ADamagedTensorIsNotWrittenAgain) {
  const auto packs = Packs();
  store_.reset();
  for (const std::string& pack : packs) {
    const std::string path = "/repo/.dlv/packs/" + pack;
    const std::uint64_t size = disk_.Content(path).size();
    for (std::uint64_t at = 4096; at + 100 < size; at += 2000) disk_.Corrupt(path, at);
  }
  Reopen();
  EXPECT_EQ(CodeOf(ArchiveRewrite(*store_, "", {.threads = 1})), ErrorCode::kCorruption);
  EXPECT_EQ(Packs(), packs);
}

}  // namespace
}  // namespace dlv::store
