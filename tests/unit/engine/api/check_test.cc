// Requirements over versions of a repository, through the public API.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>

#include "dlv/repository.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

class OneWeight : public TensorSource {
 public:
  explicit OneWeight(float value) : value_(value) {}
  std::size_t size() const override { return 1; }
  TensorInfo Info(std::size_t) const override {
    TensorInfo info;
    info.name = "w";
    info.shape = {1};
    return info;
  }
  Status Read(std::size_t, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), reinterpret_cast<const char*>(&value_) + offset, out.size());
    return Ok();
  }

 private:
  float value_;
};

class CheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("dlv-check-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    auto made = Repository::Init(folder_);
    ASSERT_TRUE(made.ok());
    repository_ = std::move(made).value();
    Commit("net", 1, 0.92, {"best"});
    Commit("net", 2, 0.91, {});
    Commit("other", 3, 0.5, {});
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Commit(const std::string& model, float weight, double accuracy,
              std::vector<std::string> aliases) {
    OneWeight net(weight);
    CommitRequest request;
    request.model = model;
    request.tensors = {{&net, {}}};
    request.metrics = {{"val_acc", {{1, 0.1}, {2, accuracy}}}, {"train.loss", {{-1, 0.3}}}};
    request.hparams = {{"lr", "0.1"}, {"optimizer", "adam"}, {"ema", "true"}};
    request.tags = {{"stage", "prod"}};
    request.aliases = std::move(aliases);
    const auto result = repository_->Commit(request);
    ASSERT_TRUE(result.ok()) << result.error().message;
  }
  Result<CheckResult> Check(const std::string& requirement, const std::string& reference = "net") {
    return repository_->Check(reference, {{requirement}, false, false});
  }
  bool Passes(const std::string& requirement) {
    const auto result = Check(requirement);
    EXPECT_TRUE(result.ok()) << requirement << ": " << result.error().message;
    return result.ok() && result->passed;
  }
  Error ErrorOf(const std::string& requirement) {
    const auto result = Check(requirement);
    EXPECT_FALSE(result.ok()) << requirement;
    return result.ok() ? Error{} : result.error();
  }

  fs::path folder_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(CheckTest, NamesMeanThisVersionAndOthers) {
  EXPECT_TRUE(Passes("val_acc == 0.91")) << "the last value of a series";
  EXPECT_TRUE(Passes("val_acc >= best.val_acc - 0.02"));
  EXPECT_FALSE(Passes("val_acc >= best.val_acc - 0.005"));
  EXPECT_TRUE(Passes("parent.val_acc == best.val_acc and latest.val_acc == val_acc"));
  EXPECT_TRUE(Passes("other.val_acc == 0.5 and `net:v1`.val_acc == 0.92"));
  EXPECT_TRUE(Passes("train.loss < 0.4 and metrics.train.loss == best.metrics.train.loss"));
  EXPECT_TRUE(
      Passes("lr <= 0.1 and optimizer == 'adam' and ema and hparams.lr == best.hparams.lr"));
  EXPECT_TRUE(Passes("tags.stage == 'prod'"));
}

TEST_F(CheckTest, MissingNamesAreToldWithTheNearest) {
  const Error near = ErrorOf("val_ac > 0.9");
  EXPECT_EQ(near.code, ErrorCode::kNotFound);
  EXPECT_NE(near.hint.find("val_acc"), std::string::npos) << near.hint;
  EXPECT_EQ(ErrorOf("best.val_ac > 0.9").code, ErrorCode::kNotFound);
  const Error scope = ErrorOf("bset.val_acc > 0.9");
  EXPECT_EQ(scope.code, ErrorCode::kNotFound);
  EXPECT_EQ(ErrorOf("`net:v9`.val_acc > 0").code, ErrorCode::kNotFound);
  EXPECT_EQ(ErrorOf("val_acc >").code, ErrorCode::kSyntax);
  EXPECT_EQ(ErrorOf("optimizer > 1").code, ErrorCode::kInvalidArgument);
  const auto orphan = Check("parent.val_acc > 0", "net:v1");
  ASSERT_FALSE(orphan.ok());
  EXPECT_EQ(orphan.error().code, ErrorCode::kNotFound) << "the first version has no parent";
}

TEST_F(CheckTest, TensorsAreLookedAtWhenAsked) {
  const auto clean = repository_->Check("net", {{}, true, true});
  ASSERT_TRUE(clean.ok());
  EXPECT_TRUE(clean->passed);
  EXPECT_EQ(clean->tensors_read, 1u);
  Commit("broken", std::nanf(""), 1, {});
  Commit("endless", HUGE_VALF, 1, {});
  const auto broken = repository_->Check("broken", {{"val_acc > 0"}, true, false});
  ASSERT_TRUE(broken.ok());
  EXPECT_FALSE(broken->passed);
  ASSERT_EQ(broken->non_finite.size(), 1u);
  EXPECT_EQ(broken->non_finite[0].nan_count, 1u);
  EXPECT_TRUE(repository_->Check("endless", {{}, true, false})->passed);
  EXPECT_FALSE(repository_->Check("endless", {{}, true, true})->passed);
}

}  // namespace
}  // namespace dlv
