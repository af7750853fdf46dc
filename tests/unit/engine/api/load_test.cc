// Snapshots into memory that the caller gives, through the public API.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <deque>
#include <random>

#include "dlv/repository.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

/// Two tensors of more than one chunk, one of role optimizer, small ones and one without elements.
class LoadNet : public TensorSource {
 public:
  LoadNet() {
    Add("a.weight", TensorRole::kParameter, {300, 1000});
    Add("a.bias", TensorRole::kParameter, {7});
    Add("none", TensorRole::kBuffer, {0, 3});
    Add("optimizer.a", TensorRole::kOptimizer, {300, 1000});
  }
  std::size_t size() const override { return infos.size(); }
  TensorInfo Info(std::size_t index) const override { return infos[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    if (!out.empty()) std::memcpy(out.data(), values[index].data() + offset, out.size());
    return Ok();
  }
  std::vector<TensorInfo> infos;
  std::vector<std::vector<std::byte>> values;

 private:
  void Add(const std::string& name, TensorRole role, Shape shape) {
    TensorInfo info;
    info.name = name;
    info.role = role;
    info.shape = std::move(shape);
    std::mt19937 random(static_cast<unsigned>(infos.size()));
    std::normal_distribution<float> normal(0.0F, 0.1F);
    std::vector<std::byte> bytes(info.element_count() * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
      const float value = normal(random);
      std::memcpy(bytes.data() + i, &value, 4);
    }
    infos.push_back(std::move(info));
    values.push_back(std::move(bytes));
  }
};

class Memory : public TensorSink {
 public:
  Result<std::span<std::byte>> Allocate(std::size_t index, const TensorInfo& info) override {
    EXPECT_EQ(index, names.size());
    if (refuse == info.name) return Error{ErrorCode::kDevice, "no room"};
    names.push_back(info.name);
    bytes.emplace_back(info.element_count() * SizeOf(info.dtype) - (shorten == info.name ? 1 : 0));
    return std::span<std::byte>(bytes.back());
  }
  std::string refuse, shorten;
  std::vector<std::string> names;
  std::deque<std::vector<std::byte>> bytes;
};

class Progress : public ProgressSink {
 public:
  void Report(std::string_view, std::uint64_t done, std::uint64_t total) override {
    last_done = done;
    last_total = total;
  }
  std::uint64_t last_done = 0, last_total = 0;
};

class LoadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-load-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    auto made = Repository::Init(root_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    repository_ = std::move(made).value();
    CommitRequest request;
    request.model = "net";
    request.tensors = {{&net_, std::nullopt}};
    const auto committed = repository_->Commit(request);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path root_;
  LoadNet net_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(LoadTest, GivesEveryTensorExactly) {
  Memory memory;
  Progress progress;
  Operation operation;
  operation.progress = &progress;
  const auto loaded = repository_->Load("net", {}, memory, operation);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->planes, 0U);
  EXPECT_GT(loaded->read_bytes, 1'000'000U);
  ASSERT_EQ(loaded->tensors.size(), net_.size());
  for (std::size_t i = 0; i < net_.size(); ++i) {
    EXPECT_EQ(loaded->tensors[i].name, net_.infos[i].name);
    EXPECT_EQ(memory.bytes[i], net_.values[i]) << net_.infos[i].name;
  }
  EXPECT_EQ(progress.last_done, 300'007U * 4 + 300'000U * 4);
  EXPECT_EQ(progress.last_total, progress.last_done);
}

TEST_F(LoadTest, ChoosesByRoleAndByName) {
  Memory parameters, named;
  LoadOptions options;
  options.roles = {TensorRole::kParameter, TensorRole::kBuffer};
  ASSERT_TRUE(repository_->Load("net", options, parameters).ok());
  EXPECT_EQ(parameters.names, (std::vector<std::string>{"a.weight", "a.bias", "none"}));
  ASSERT_TRUE(repository_->Load("net/*.bias", {}, named).ok());
  EXPECT_EQ(named.names, std::vector<std::string>{"a.bias"});
}

TEST_F(LoadTest, PlanesLeaveLowBitsZero) {
  Memory memory;
  LoadOptions options;
  options.planes = 16;
  const auto loaded = repository_->Load("net/a.weight", options, memory);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->planes, 16U);
  EXPECT_LT(loaded->read_bytes, 700'000U);
  for (std::size_t i = 0; i < memory.bytes[0].size(); i += 4) {
    std::uint32_t got = 0, want = 0;
    std::memcpy(&got, memory.bytes[0].data() + i, 4);
    std::memcpy(&want, net_.values[0].data() + i, 4);
    ASSERT_EQ(got, want & 0xffff0000U);
  }
}

TEST_F(LoadTest, Errors) {
  Memory memory;
  EXPECT_EQ(repository_->Load("nte", {}, memory).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(repository_->Load("net#7", {}, memory).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(repository_->Load("net/b.*", {}, memory).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(repository_->Load("net/\"open", {}, memory).error().code, ErrorCode::kSyntax);
  Memory refusing;
  refusing.refuse = "a.bias";
  EXPECT_EQ(repository_->Load("net", {}, refusing).error().code, ErrorCode::kDevice);
  Memory shortened;
  shortened.shorten = "a.bias";
  EXPECT_EQ(repository_->Load("net", {}, shortened).error().code, ErrorCode::kInvalidArgument);
  CancellationToken token;
  token.Cancel();
  Operation operation;
  operation.cancel = &token;
  Memory cancelled;
  EXPECT_EQ(repository_->Load("net", {}, cancelled, operation).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace dlv
