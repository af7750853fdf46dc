// Searching a real repository, through the public API.

#include "dlv/search.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "dlv/repository.h"
#include "storage/store/rebuild.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

/// "fc.weight" [8, 16], the number i at place i times `scale`.
class OneTensor : public TensorSource {
 public:
  explicit OneTensor(float scale) {
    info_.name = "fc.weight";
    info_.shape = {8, 16};
    for (std::uint64_t i = 0; i < info_.element_count(); ++i)
      values_.push_back(scale * static_cast<float>(i % 7));
  }
  std::size_t size() const override { return 1; }
  TensorInfo Info(std::size_t) const override { return info_; }
  Status Read(std::size_t, std::uint64_t offset, std::span<std::byte> out) override {
    const auto bytes = std::as_bytes(std::span(values_));
    if (!out.empty()) std::memcpy(out.data(), bytes.data() + offset, out.size());
    return Ok();
  }

 private:
  TensorInfo info_;
  std::vector<float> values_;
};

std::string NetworkWith(const std::string& activation) {
  return "network \"n\" {\n  operators \"\" 13\n  input x: f32 [1, 16]\n"
         "  parameter fc.weight: f32 [8, 16]\n"
         "  node fc = Gemm(@x, $fc.weight) { transB = 1 }\n  node act = " +
         activation + "(fc)\n  output y = act\n}\n";
}

class SearchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-search-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto repository = Repository::Init(folder_ / "repository");
    ASSERT_TRUE(repository.ok()) << repository.error().message;
    repository_ = std::move(*repository);
    Commit("lenet", "Relu", 1, "the baseline", {{"dataset", "shoes"}});
    Commit("lenet", "Relu", 1.01F, "a little further", {});
    Commit("other", "Sigmoid", 5, "another baseline", {});
    Commit("plain", "", 1, "no network", {});
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Commit(const std::string& model, const std::string& activation, float scale,
              const std::string& message, KeyValues tags) {
    OneTensor tensor(scale);
    CommitRequest request;
    request.model = model;
    request.message = message;
    request.tags = std::move(tags);
    request.parent_choice = ParentChoice::kNone;
    if (!activation.empty()) {
      std::ofstream(folder_ / "n.dlvnet") << NetworkWith(activation);
      request.files.push_back({folder_ / "n.dlvnet", "n.dlvnet", std::nullopt});
    }
    request.tensors = {{&tensor, std::nullopt}};
    const auto result = repository_->Commit(request);
    ASSERT_TRUE(result.ok()) << result.error().message;
  }

  std::vector<std::string> Found(const SearchRequest& request) {
    const auto hits = repository_->Search(request);
    if (!hits.ok()) return {"error " + hits.error().message};
    std::vector<std::string> found;
    for (const SearchHit& hit : *hits) found.push_back(hit.version.reference());
    last_ = *hits;
    return found;
  }

  using Lines = std::vector<std::string>;
  fs::path folder_;
  std::unique_ptr<Repository> repository_;
  std::vector<SearchHit> last_;
};

TEST_F(SearchTest, FindsByWords) {
  EXPECT_EQ(Found({.words = {"Shoes"}}), Lines{"lenet:v1"});
  EXPECT_EQ(last_[0].reasons, Lines{"tag: dataset=shoes"});
  EXPECT_EQ(Found({.words = {"baseline", "another"}}), Lines{"other:v1"});
  EXPECT_EQ(Found({.words = {"nowhere"}}), Lines{});
  const Lines both = Found({.words = {"baseline"}});
  EXPECT_EQ(both.size(), 2U);
  EXPECT_EQ(Found({.words = {"baseline"}, .limit = 1}), Lines{both[0]});
}

TEST_F(SearchTest, ANameCountsMoreThanAMessage) {
  Commit("baseline", "Relu", 3, "", {});
  EXPECT_EQ(Found({.words = {"baseline"}})[0], "baseline:v1");
  EXPECT_GT(last_[0].score, last_[1].score);
}

TEST_F(SearchTest, FindsByArchitecture) {
  EXPECT_EQ(Found({.architecture = "Gemm->Sigmoid"}), Lines{"other:v1"});
  EXPECT_EQ(Found({.architecture = "FULL->Relu"}).size(), 2U);
  EXPECT_EQ(Found({.architecture = "Conv"}), Lines{});
  EXPECT_EQ(Found({.words = {"shoes"}, .architecture = "Gemm"}), Lines{"lenet:v1"});
}

TEST_F(SearchTest, FindsByLikeness) {
  const Lines found = Found({.like = "lenet:v1"});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0], "plain:v1");  // the same weights
  EXPECT_EQ(found[1], "lenet:v2");
  EXPECT_EQ(found[2], "other:v1");  // another network, other weights
  EXPECT_GT(last_[1].score, last_[2].score);
}

TEST_F(SearchTest, ReadsNetworksThatTheCatalogLacksFromTheFiles) {
  const std::string folder = (folder_ / "repository").string();
  repository_.reset();
  ASSERT_TRUE(fs::remove(folder + "/.dlv/catalog.db"));
  // A store that knows no networks leaves the versions without rows for theirs.
  ASSERT_TRUE(store::RebuildCatalog(folder, {}, {}).ok());
  auto repository = Repository::Open(folder);
  ASSERT_TRUE(repository.ok()) << repository.error().message;
  repository_ = std::move(*repository);
  EXPECT_EQ(Found({.architecture = "Gemm->Sigmoid"}), Lines{"other:v1"});
  EXPECT_EQ(Found({.architecture = "FULL->Relu"}).size(), 2U);
  EXPECT_EQ(Found({.words = {"sigmoid"}}), Lines{"other:v1"});
  EXPECT_EQ(Found({.like = "lenet:v1"}).size(), 3U);
  Commit("later", "Sigmoid", 2, "", {});  // the catalog has its network, which others share
  EXPECT_EQ(Found({.architecture = "Gemm->Sigmoid"}).size(), 2U);
}

TEST_F(SearchTest, RefusesWhatCannotBe) {
  EXPECT_EQ(repository_->Search({}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(repository_->Search({.architecture = "Gemm->"}).error().code, ErrorCode::kSyntax);
  EXPECT_EQ(repository_->Search({.like = "none"}).error().code, ErrorCode::kNotFound);
  CancellationToken token;
  token.Cancel();
  Operation operation;
  operation.cancel = &token;
  EXPECT_EQ(repository_->Search({.words = {"x"}}, operation).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace dlv
