#include "dlv/completion.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstring>

#include "dlv/repository.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

/// A tensor of one number.
class OneNumber : public TensorSource {
 public:
  explicit OneNumber(float value) : value_(value) {}
  std::size_t size() const override { return 2; }
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info;
    info.name = index == 0 ? "conv1.weight" : "fc.bias";
    info.shape = {1};
    return info;
  }
  Status Read(std::size_t, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), reinterpret_cast<const std::byte*>(&value_) + offset, out.size());
    return Ok();
  }

 private:
  float value_;
};

class CompletionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    setenv("DLV_FSYNC", "0", 1);
    std::string name = (fs::temp_directory_path() / "dlv-completion-XXXXXX").string();
    root_ = mkdtemp(name.data());
    const auto repository = Repository::Init(root_).value();
    for (int i = 1; i <= 13; ++i) Commit(*repository, "lenet", i, i == 2 ? "best" : "");
    Commit(*repository, "lenet-five", 1, "");
    ASSERT_TRUE(repository->Remove({"lenet:v12"}, true).ok());
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }

  static void Commit(Repository& repository, const std::string& model, int number,
                     const std::string& alias) {
    OneNumber source(static_cast<float>(number));
    CommitRequest request;
    request.model = model;
    request.tensors = {{&source, number * 100}};
    request.parent_choice = ParentChoice::kNone;
    if (!alias.empty()) request.aliases = {alias};
    ASSERT_TRUE(repository.Commit(request).ok());
  }

  static std::string Of(std::string_view text, std::size_t limit = 100) {
    const auto found = CompleteReference(root_, text, limit);
    if (!found.ok()) return "error: " + found.error().message;
    std::string line;
    for (const std::string& name : *found) line += (line.empty() ? "" : " ") + name;
    return line;
  }

  static inline fs::path root_;
};

TEST_F(CompletionTest, Models) {
  EXPECT_EQ(Of("le"), "lenet lenet-five");
  EXPECT_EQ(Of("lenet-"), "lenet-five");
  EXPECT_EQ(Of("x"), "");
  EXPECT_EQ(Of("", 1), "lenet");
}

TEST_F(CompletionTest, VersionsNewestFirst) {
  EXPECT_EQ(Of("lenet-five:"), "lenet-five:latest lenet-five:v1");
  EXPECT_EQ(Of("lenet:b"), "lenet:best");
  EXPECT_EQ(Of("lenet:v1"), "lenet:v13 lenet:v11 lenet:v10 lenet:v1");
  EXPECT_EQ(Of("lenet:v13"), "lenet:v13");
  EXPECT_EQ(Of("lenet:v12"), "");  // removed
  EXPECT_EQ(Of("lenet:v0"), "");
  EXPECT_EQ(Of("lenet:v99999999999999999999999"), "");
  EXPECT_EQ(Of("lenet:v18446744073709551615"), "");
  EXPECT_EQ(Of("lenet:v", 2), "lenet:v13 lenet:v11");
  EXPECT_EQ(Of("nothing:"), "nothing:latest");
}

TEST_F(CompletionTest, StepsAndTensors) {
  EXPECT_EQ(Of("lenet:v3#"), "lenet:v3#300");
  EXPECT_EQ(Of("lenet:v3#4"), "");
  EXPECT_EQ(Of("lenet/"), "lenet/conv1.weight lenet/fc.bias");
  EXPECT_EQ(Of("lenet:best/c"), "lenet:best/conv1.weight");
  EXPECT_TRUE(Of("nothing/c").starts_with("error: no model"));
  EXPECT_EQ(CompleteReference("/nonexistent", "x").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace dlv
