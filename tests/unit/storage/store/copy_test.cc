#include "storage/store/copy.h"

#include "storage/store/note.h"
#include "storage/store/resolve.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

class CopyTest : public SmallRepositoryTest {
 protected:
  CopyRequest From(const std::string& source) {
    CopyRequest request;
    request.source = source;
    request.model = "twin";
    return request;
  }
  Result<CommitResult> Run(const CopyRequest& request) {
    return Copy(*store_, request, {.threads = 1});
  }
};

TEST_F(CopyTest, SharesEveryByteAndNamesItsSource) {
  const auto copied = Run(From("m:v2"));
  ASSERT_TRUE(copied.ok()) << copied.error().message;
  EXPECT_EQ(copied->version.reference(), "twin:v1");
  ASSERT_EQ(copied->version.parents.size(), 1U);
  EXPECT_EQ(copied->version.parents[0].reference, "m:v2");
  EXPECT_EQ(copied->version.parents[0].relation, Relation::kCopy);
  EXPECT_EQ(copied->version.message, "copy of m:v2");
  EXPECT_EQ(copied->tensors_total, 7U);  // of all snapshots, each by its name
  EXPECT_LT(copied->added_bytes, 6000U);
  EXPECT_EQ(Bytes("twin/layer1.weight"), Bytes("m:v2/layer1.weight"));
  ExpectClean();
}

TEST_F(CopyTest, WithFilesMetricsAndHyperParameters) {
  CopyRequest request = From("files");
  request.hparams = {{"lr", "0.2"}, {"width", "2"}};
  testing::PutFile(disk_, "/src/other.txt", "other notes\n");
  request.files = {{"/src/other.txt", "notes.txt", {}}};
  ASSERT_TRUE(Run(request).ok());
  const auto details = Describe(*store_, "twin");
  ASSERT_TRUE(details.ok());
  EXPECT_EQ(details->hparams, (KeyValues{{"lr", "0.2"}, {"width", "2"}}));
  EXPECT_EQ(details->metrics.size(), 1U);
  ASSERT_EQ(details->files.size(), 2U);
  const auto text = ReadFile(*store_, "twin", "notes.txt", 100);
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text->size(), 12U);
  EXPECT_EQ(*ReadFile(*store_, "twin", "a.safetensors", 10'000),
            *ReadFile(*store_, "files", "a.safetensors", 10'000));
  ExpectClean();
}

TEST_F(CopyTest, WithoutWeights) {
  CopyRequest request = From("files");
  request.with_weights = false;
  request.drop_hparams = {"lr"};
  ASSERT_TRUE(Run(request).ok());
  const auto details = Describe(*store_, "twin");
  ASSERT_TRUE(details.ok());
  EXPECT_TRUE(details->tensors.empty());
  EXPECT_TRUE(details->metrics.empty());
  EXPECT_TRUE(details->hparams.empty());
  ASSERT_EQ(details->files.size(), 1U);
  EXPECT_EQ(details->files[0].path, "notes.txt");
  ExpectClean();
}

TEST_F(CopyTest, WhatIsRefused) {
  CopyRequest request = From("m:v2");
  request.with_weights = false;
  EXPECT_EQ(CodeOf(Run(request)), ErrorCode::kInvalidArgument) << "nothing would be in it";
  request = From("files");
  request.model = "m";
  EXPECT_EQ(CodeOf(Run(request)), ErrorCode::kConflict);
  request = From("files");
  request.files = {{"/src/a.safetensors", "b.safetensors", {}}};
  EXPECT_EQ(CodeOf(Run(request)), ErrorCode::kInvalidArgument) << "holds tensors";
  request = From("files");
  request.drop_files = {"a.safetensors"};
  EXPECT_EQ(CodeOf(Run(request)), ErrorCode::kInvalidArgument) << "holds tensors";
  request.drop_files = {"nots.txt"};
  EXPECT_EQ(Run(request).error().hint, "did you mean notes.txt?");
  request = From("files");
  request.drop_hparams = {"nothing"};
  EXPECT_EQ(CodeOf(Run(request)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Run(From("nothing"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(ReadFile(*store_, "files", "a.safetensors", 10)), ErrorCode::kUnsafe);
  EXPECT_EQ(CodeOf(ReadFile(*store_, "files", "b", 10)), ErrorCode::kNotFound);
  EXPECT_EQ(References(), (std::vector<std::string>{"files:v1", "m:v2", "m:v1"}));
}

TEST_F(CopyTest, NotesAreReadBackAndBounded) {
  ASSERT_TRUE(SetNote(*store_, "m:best", "# fine\n\nyes\n\n").ok());
  EXPECT_EQ(ResolveTarget(*store_, "m:v1")->version.summary.note, "# fine\n\nyes");
  EXPECT_EQ(CodeOf(SetNote(*store_, "m", std::string("\xff"))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(SetNote(*store_, "m", std::string(300'000, 'a'))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(SetNote(*store_, "nothing", "x")), ErrorCode::kNotFound);
  ASSERT_TRUE(SetNote(*store_, "m:v1", "").ok());
  EXPECT_EQ(ResolveTarget(*store_, "m:v1")->version.summary.note, "");
}

}  // namespace
}  // namespace dlv::store
