#include "storage/store/commit.h"

#include "storage/store/alias_tag.h"
#include "storage/store/checkout.h"
#include "storage/store/listing.h"
#include "storage/store/resolve.h"
#include "storage/store/verify.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

using testing::CommitNet;
using testing::FaultyFileSystem;
using testing::PutFile;
using testing::RequestOf;
using testing::SafetensorsText;
using testing::SmallNet;

class CommitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = testing::InitOn(disk_);
    ASSERT_NE(store_, nullptr);
    ASSERT_TRUE(disk_.MakeDirectory("/src").ok());
  }
  CommitResult MustCommit(const CommitRequest& request) {
    auto result = Commit(*store_, request, {.threads = 1});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(result).value() : CommitResult{};
  }
  CommitRequest FileRequest(const std::string& path) {
    CommitRequest request;
    request.model = "m";
    request.files = {{path, "", {}}};
    return request;
  }
  ErrorCode CodeOf(const CommitRequest& request) {
    const auto result = Commit(*store_, request, {.threads = 1});
    return result.ok() ? ErrorCode::kInternal : result.error().code;
  }
  void ExpectClean() {
    const auto result = Verify(*store_, {.full = true}, {.threads = 1});
    ASSERT_TRUE(result.ok()) << result.error().message;
    for (const Finding& finding : result->findings) {
      ADD_FAILURE() << finding.where << ": " << finding.what;
    }
  }
  FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
};

TEST_F(CommitTest, TensorsFromMemoryComeBackExactly) {
  SmallNet net(1);
  const CommitResult result = MustCommit(RequestOf("m", net));
  EXPECT_EQ(result.version.reference(), "m:v1");
  EXPECT_EQ(result.tensors_total, 7U);
  store_ = testing::OpenOn(disk_);
  for (std::size_t i = 0; i < net.size(); ++i) {
    const auto tensor = ReadTensor(*store_, "m:v1/" + net.Info(i).name, 0);
    ASSERT_TRUE(tensor.ok()) << tensor.error().message;
    EXPECT_EQ(tensor->bytes, net.bytes(i)) << net.Info(i).name;
  }
  ExpectClean();
}

TEST_F(CommitTest, NextVersionIsCodedAgainstTheLast) {
  SmallNet net(1);
  const CommitResult first = MustCommit(RequestOf("m", net));
  net.Train(2);
  const CommitResult second = MustCommit(RequestOf("m", net));
  ASSERT_EQ(second.version.parents.size(), 1U);
  EXPECT_EQ(second.version.parents[0].id, first.version.id);
  EXPECT_EQ(second.version.parents[0].relation, Relation::kRetrain);
  EXPECT_GE(second.tensors_delta, 3U);
  EXPECT_LT(second.added_bytes, first.added_bytes);
  const auto tensor = ReadTensor(*store_, "m:v2/layer1.weight", 0);
  ASSERT_TRUE(tensor.ok()) << tensor.error().message;
  EXPECT_EQ(tensor->bytes, net.bytes(0));
  ExpectClean();
}

TEST_F(CommitTest, SameTensorsAgainAreUnchangedAndWriteNothing) {
  SmallNet net(1);
  MustCommit(RequestOf("m", net));
  const std::uint64_t before = disk_.UsedBytes();
  const CommitResult again = MustCommit(RequestOf("m", net));
  EXPECT_TRUE(again.unchanged);
  EXPECT_EQ(again.version.number, 1U);
  EXPECT_EQ(disk_.UsedBytes(), before);
  CommitRequest request = RequestOf("m", net);
  request.allow_unchanged = true;
  EXPECT_EQ(MustCommit(request).version.number, 2U);
}

TEST_F(CommitTest, UnchangedStillMovesAliasesAndTags) {
  SmallNet net(1);
  MustCommit(RequestOf("m", net));
  CommitRequest request = RequestOf("m", net);
  request.aliases = {"best"};
  request.tags = {{"stage", "prod"}};
  EXPECT_TRUE(MustCommit(request).unchanged);
  const auto target = ResolveTarget(*store_, "m:best");
  ASSERT_TRUE(target.ok()) << target.error().message;
  EXPECT_EQ(target->version.summary.number, 1U);
  EXPECT_EQ(target->version.summary.tags.at("stage"), "prod");
}

TEST_F(CommitTest, FilesKeepTheirBytesAndAreRecognised) {
  PutFile(disk_, "/src/a.safetensors", SafetensorsText(1000, 1));
  PutFile(disk_, "/src/notes.txt", "hello");
  CommitRequest request = FileRequest("/src/a.safetensors");
  request.files.push_back({"/src/notes.txt", "docs/notes.txt", {}});
  const CommitResult result = MustCommit(request);
  ASSERT_EQ(result.files.size(), 2U);
  EXPECT_EQ(result.files[0].path, "a.safetensors");
  EXPECT_EQ(result.files[0].format, "safetensors");
  EXPECT_EQ(result.files[0].tensor_count, 1U);
  EXPECT_EQ(result.files[1].path, "docs/notes.txt");
  EXPECT_EQ(result.files[1].format, "blob");
  ExpectClean();
  const CommitResult again = MustCommit(request);
  EXPECT_TRUE(again.unchanged);
  EXPECT_EQ(again.added_bytes, 0U);
}

TEST_F(CommitTest, FileThatWasKeptWholeStillGivesItsTensors) {
  const std::string text = SafetensorsText(1000, 1);
  PutFile(disk_, "/src/a.safetensors", text);
  std::string longer = text;  // the same tensor in another file: it is known, then
  longer.insert(8 + static_cast<unsigned char>(text[0]), 8, ' ');
  longer[0] = static_cast<char>(text[0] + 8);
  PutFile(disk_, "/src/b.safetensors", longer);
  EXPECT_EQ(MustCommit(FileRequest("/src/b.safetensors")).tensors_total, 1U);
  CommitRequest whole = FileRequest("/src/a.safetensors");
  whole.model = "kept";
  whole.files[0].as_blob = true;
  EXPECT_EQ(MustCommit(whole).tensors_total, 0U);
  const CommitResult read = MustCommit(FileRequest("/src/a.safetensors"));
  EXPECT_EQ(read.tensors_total, 1U);
  EXPECT_EQ(read.files[0].format, "safetensors");
  const CommitResult again = MustCommit(whole);
  EXPECT_TRUE(again.unchanged);
  ExpectClean();
}

TEST_F(CommitTest, StepsMakeSnapshotsInOrder) {
  SmallNet early(1), late(1);
  late.Train(5);
  CommitRequest request = RequestOf("m", late, 200);
  request.tensors.push_back({&early, 100});
  const CommitResult result = MustCommit(request);
  EXPECT_EQ(result.version.snapshot_count, 2U);
  const auto first = ReadTensor(*store_, "m#100/layer1.weight", 0);
  const auto last = ReadTensor(*store_, "m/layer1.weight", 0);
  ASSERT_TRUE(first.ok() && last.ok());
  EXPECT_EQ(first->bytes, early.bytes(0));
  EXPECT_EQ(last->bytes, late.bytes(0));
  const auto missing = ReadTensor(*store_, "m#150/layer1.weight", 0);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().hint.find("100"), std::string::npos);
}

TEST_F(CommitTest, NewModelFindsItsParentByItsTensors) {
  SmallNet base(1), other(2, 200);
  MustCommit(RequestOf("base", base));
  MustCommit(RequestOf("other", other));
  base.Train(3);
  const CommitResult result = MustCommit(RequestOf("tuned", base));
  ASSERT_EQ(result.version.parents.size(), 1U);
  EXPECT_EQ(result.version.parents[0].reference, "base:v1");
  EXPECT_TRUE(result.version.parents[0].inferred);
  EXPECT_EQ(result.version.parents[0].relation, Relation::kFinetune);
  CommitRequest alone = RequestOf("alone", other);
  alone.parent_choice = ParentChoice::kNone;
  EXPECT_TRUE(MustCommit(alone).version.parents.empty());
}

TEST_F(CommitTest, RefusesWhatMakesNoSense) {
  SmallNet net(1);
  EXPECT_EQ(CodeOf(RequestOf("bad name", net)), ErrorCode::kInvalidArgument);
  CommitRequest empty;
  empty.model = "m";
  EXPECT_EQ(CodeOf(empty), ErrorCode::kInvalidArgument);
  CommitRequest request = RequestOf("m", net);
  request.aliases = {"latest"};
  EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument);
  request = RequestOf("m", net);
  request.metrics = {{"loss", {}}};
  EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument);
  request = RequestOf("m", net);
  request.parent_choice = ParentChoice::kGiven;
  request.parents = {"nobody:v3"};
  EXPECT_EQ(CodeOf(request), ErrorCode::kNotFound);
  for (const char* path : {"../x", "/x", "a/../b", ".dlv/x", "a/.GIT/x", "a//b", "con\x01trol"}) {
    request = FileRequest("/src/a");
    request.files[0].path = path;
    EXPECT_EQ(CodeOf(request), ErrorCode::kInvalidArgument) << path;
  }
  EXPECT_EQ(CodeOf(FileRequest("/src/missing")), ErrorCode::kNotFound);
}

TEST_F(CommitTest, BrokenFileIsRefusedUnlessKeptAsABlob) {
  std::string text = SafetensorsText(1000, 1);
  text.resize(text.size() - 100);
  PutFile(disk_, "/src/a.safetensors", text);
  CommitRequest request = FileRequest("/src/a.safetensors");
  const auto refused = Commit(*store_, request, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kCorruption);
  EXPECT_NE(refused.error().message.find("a.safetensors"), std::string::npos);
  request.files[0].as_blob = true;
  EXPECT_EQ(MustCommit(request).files[0].format, "blob");
}

TEST_F(CommitTest, PickleThatRunsCodeIsUnsafe) {
  // torch.save's old format: magic number, protocol, system, then os.system("true") as the object.
  using namespace std::string_literals;
  const std::string text =
      "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19."s
      "\x80\x02M\xe9\x03."s
      "\x80\x02}q\x00(X\x10\x00\x00\x00protocol_versionq\x01M\xe9\x03X\x0d\x00\x00\x00little_"
      "endianq"
      "\x02\x88X\x0a\x00\x00\x00type_sizesq\x03}q\x04u."s
      "\x80\x02"
      "cposix\nsystem\nq\x00X\x04\x00\x00\x00trueq\x01\x85q\x02Rq\x03."s
      "\x80\x02]q\x00."s;
  PutFile(disk_, "/src/a.pt", text);
  EXPECT_EQ(CodeOf(FileRequest("/src/a.pt")), ErrorCode::kUnsafe);
}

/// Writes to the file while the commit reads the tensors from memory.
class MeddlingNet : public SmallNet {
 public:
  MeddlingNet(FaultyFileSystem& disk, std::string path) : SmallNet(7), disk_(disk), path_(path) {}
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    PutFile(disk_, path_, SafetensorsText(1000, 99));
    return SmallNet::Read(index, offset, out);
  }

 private:
  FaultyFileSystem& disk_;
  std::string path_;
};

TEST_F(CommitTest, FileThatChangesWhileItIsReadIsAConflict) {
  PutFile(disk_, "/src/a.safetensors", SafetensorsText(1000, 1));
  MeddlingNet net(disk_, "/src/a.safetensors");
  CommitRequest request = FileRequest("/src/a.safetensors");
  request.tensors = {{&net, std::nullopt}};
  const auto result = Commit(*store_, request, {.threads = 1});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kConflict);
  EXPECT_NE(result.error().message.find("a.safetensors"), std::string::npos);
  EXPECT_TRUE(disk_.List("/repo/.dlv/packs")->empty());
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
}

TEST_F(CommitTest, CancelledCommitLeavesNothing) {
  CancellationToken token;
  token.Cancel();
  SmallNet net(1);
  const auto result = Commit(*store_, RequestOf("m", net), {.cancel = &token});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(disk_.List("/repo/.dlv/tmp")->empty());
  EXPECT_TRUE(ListVersions(*store_, {})->empty());
}

TEST_F(CommitTest, ReadOnlyRefusesAndReads) {
  SmallNet net(1);
  MustCommit(RequestOf("m", net));
  StoreOptions options;
  options.file_system = &disk_;
  options.read_only = true;
  auto reader = Store::Open(testing::kRoot, options);
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  net.Train(1);
  EXPECT_EQ(Commit(**reader, RequestOf("m", net), {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(ReadTensor(**reader, "m/layer1.bias", 0).ok());
}

}  // namespace
}  // namespace dlv::store
