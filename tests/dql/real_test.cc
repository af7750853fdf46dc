// Statements over networks of real files: tests/dql/alexnet.test on the prototxt files beside it,
// tests/dql/real.test on files of DLV_SHARED_DATA.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "dlv/query.h"
#include "dlv/repository.h"
#include "tests/dql/outcome.h"
#include "tests/support/language_file.h"
#include "tests/support/source_root.h"

namespace dlv::query {
namespace {

namespace fs = std::filesystem;

class RealFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-real-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto repository = Repository::Init(folder_);
    ASSERT_TRUE(repository.ok()) << repository.error().message;
    repository_ = std::move(*repository);
  }
  void TearDown() override {
    repository_.reset();
    fs::remove_all(folder_);
  }

  void Commit(const std::string& model, const std::vector<fs::path>& files,
              const fs::path& graph = {}) {
    CommitRequest request;
    request.model = model;
    request.author = "tester";
    request.side_information = false;
    request.parent_choice = ParentChoice::kNone;
    request.graph = graph;
    for (const fs::path& file : files) request.files.push_back({file, "", {}});
    const auto done = repository_->Commit(request);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  void Run(const char* file) {
    QueryOptions options;
    options.read_only = false;
    const auto session = QuerySession::Open(*repository_, options);
    ASSERT_TRUE(session.ok());
    const auto cases =
        dlv::testing::ReadLanguageFile(dlv::testing::SourceRoot() / "tests/dql" / file);
    ASSERT_FALSE(cases.empty());
    for (const auto& one : cases) {
      EXPECT_EQ(AsFarAs(one.expected, Outcome(**session, one.statement)), one.expected)
          << file << ":" << one.line << "\n"
          << one.statement;
    }
  }

  fs::path folder_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(RealFiles, AlexNet) {
  const fs::path folder = dlv::testing::SourceRoot() / "tests/dql";
  Commit("alexnet", {folder / "alexnet.prototxt"});
  Commit("alexnet_bn", {folder / "alexnet_bn.prototxt"});
  Run("alexnet.test");
}

TEST_F(RealFiles, NetworksOfOnnxFiles) {
  const char* shared = std::getenv("DLV_SHARED_DATA");
  if (shared == nullptr) GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED";
  const fs::path data = shared;
  Commit("resnet20", {data / "cifar_resnet20/resnet20.onnx"});
  for (const char* version : {"v0", "v2", "v3"}) {
    Commit("fastestdet", {data / "fastestdet" / (std::string(version) + "_FastestDet.onnx")});
  }
  Commit("detector", {data / "fastestdet/weight_AP05_0.253207_280-epoch.pth"},
         data / "fastestdet/v0_FastestDet.onnx");
  Commit("cntk", {data / "ort_mnist/c_cxx_MNIST_mnist.onnx"});
  Commit("mlp", {data / "ort_mnist/python_mnist_mnist_original.onnx"});
  Commit("burn", {data / "burn_mnist/burn-import_tests_onnx_mnist.onnx"});
  Commit("burn", {data / "burn_mnist/examples_onnx-inference_src_model_mnist.onnx"});
  Run("real.test");
}

}  // namespace
}  // namespace dlv::query
