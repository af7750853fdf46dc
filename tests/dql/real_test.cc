// Statements over networks of real files: tests/dql/alexnet.test on the prototxt files beside it,
// tests/dql/real.test on files of DLV_SHARED_DATA.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
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

/// A version's tensors in memory.
class Tensors : public TensorSource {
 public:
  template <class T>
  void Add(const std::string& name, DType dtype, Shape shape, const std::vector<T>& values) {
    TensorInfo info;
    info.name = name;
    info.dtype = dtype;
    info.shape = std::move(shape);
    infos_.push_back(std::move(info));
    const auto bytes = std::as_bytes(std::span(values));
    bytes_.emplace_back(bytes.begin(), bytes.end());
  }
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    if (!out.empty()) std::memcpy(out.data(), bytes_[index].data() + offset, out.size());
    return Ok();
  }

 private:
  std::vector<TensorInfo> infos_;
  std::vector<std::vector<std::byte>> bytes_;
};

/// Those that the head of special.test lists; `last` is the last number of "same".
Tensors SpecialTensors(float last) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  Tensors tensors;
  tensors.Add<float>("empty", DType::kF32, {0, 4}, {});
  tensors.Add<double>("one", DType::kF64, {}, {2.5});
  tensors.Add<float>("zeros", DType::kF32, {4}, {0, 0, 0, 0});
  tensors.Add<float>("nans", DType::kF32, {3}, {kNan, kNan, kNan});
  tensors.Add<float>("mixed", DType::kF32, {6}, {1, -2, kNan, kInfinite, -kInfinite, 2});
  tensors.Add<double>("huge", DType::kF64, {2}, {1e300, -1e300});
  tensors.Add<std::uint8_t>("flags", DType::kBool, {5}, {1, 0, 1, 1, 0});
  tensors.Add<std::uint8_t>("bytes", DType::kU8, {4}, {0, 255, 1, 2});
  tensors.Add<std::int8_t>("signed", DType::kI8, {3}, {-128, 127, 1});
  tensors.Add<std::int64_t>("long", DType::kI64, {2}, {3, -4});
  tensors.Add<std::uint16_t>("half", DType::kF16, {2}, {0x3e00, 0xc000});
  tensors.Add<std::uint16_t>("brain", DType::kBF16, {2}, {0x4040, 0x4080});
  tensors.Add<float>("pair", DType::kComplex64, {1}, {3, 4});
  tensors.Add<float>("same", DType::kF32, {4}, {1, 2, 3, last});
  tensors.Add<float>("flat", DType::kF32, {2, 2}, {1, 2, 3, 4});
  return tensors;
}

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

TEST_F(RealFiles, TensorsOfEveryKind) {
  for (const float last : {4.0F, 5.0F}) {
    Tensors tensors = SpecialTensors(last);
    CommitRequest request;
    request.model = "special";
    request.author = "tester";
    request.tensors.push_back({&tensors, std::nullopt});
    const auto done = repository_->Commit(request);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  Run("special.test");
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
