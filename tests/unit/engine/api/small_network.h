#pragma once
/// \file
/// A repository with a small network and examples for it, for tests that run it progressively.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "dlv/inference.h"
#include "dlv/progressive.h"
#include "dlv/repository.h"

namespace dlv::small_network {

namespace fs = std::filesystem;

/// Two layers; the first is large enough for levels.
inline constexpr const char* kNetwork =
    "network \"mlp\" {\n"
    "  operators \"\" 13\n"
    "  input x: f32 [?, 64]\n"
    "  parameter fc1.weight: f32 [48, 64]\n"
    "  parameter fc2.weight: f32 [40, 48]\n"
    "  parameter fc2.bias: f32 [40]\n"
    "  node fc1 = Gemm(@x, $fc1.weight) { transB = 1 }\n"
    "  node act = Relu(fc1)\n"
    "  node fc2 = Gemm(act, $fc2.weight, $fc2.bias) { transB = 1 }\n"
    "  output y = fc2\n"
    "}\n";
inline constexpr std::size_t kExamples = 96;

inline std::vector<float> Numbers(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> numbers(count);
  for (float& number : numbers) number = normal(random);
  return numbers;
}

class Weights : public TensorSource {
 public:
  /// `tied`: the second layer is zero, and all classes have one score.
  explicit Weights(bool tied = false) {
    Add("fc1.weight", {48, 64}, 1);
    Add("fc2.weight", {40, 48}, 2);
    Add("fc2.bias", {40}, 3);
    if (tied) {
      std::fill(values_[1].begin(), values_[1].end(), 0.0F);
      std::fill(values_[2].begin(), values_[2].end(), 0.0F);
    }
  }
  /// Every weight a little off, as a step of training leaves it.
  Weights Trained() const {
    Weights trained = *this;
    for (std::vector<float>& values : trained.values_) {
      const std::vector<float> steps = Numbers(values.size(), 9);
      for (std::size_t i = 0; i < values.size(); ++i) values[i] *= 1 + 1e-4F * steps[i];
    }
    return trained;
  }
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const auto bytes = std::as_bytes(std::span(values_[index])).subspan(offset, out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return Ok();
  }

 private:
  void Add(const char* name, Shape shape, unsigned seed) {
    TensorInfo info;
    info.name = name;
    info.shape = std::move(shape);
    values_.push_back(Numbers(info.element_count(), seed));
    infos_.push_back(std::move(info));
  }
  std::vector<TensorInfo> infos_;
  std::vector<std::vector<float>> values_;
};

/// A .npy file of the first form.
template <class T>
void WriteNpy(const fs::path& path, const char* type, const std::string& shape,
              const std::vector<T>& values) {
  std::string header =
      std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  while ((10 + header.size() + 1) % 64 != 0) header.push_back(' ');
  header.push_back('\n');
  std::ofstream file(path, std::ios::binary);
  file << std::string("\x93NUMPY\x01\x00", 8) << static_cast<char>(header.size() & 255)
       << static_cast<char>(header.size() >> 8) << header;
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(T)));
}

class ProgressiveEvaluationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-progressive-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    ASSERT_TRUE(Repository::Init(root_).ok());
    Open();
    std::ofstream(root_ / "mlp.dlvnet", std::ios::binary) << kNetwork;
    CommitNetwork("mlp", Weights());
    inputs_ = Numbers(kExamples * 64, 4);
    WriteNpy(root_ / "x.npy", "<f4", "96, 64", inputs_);
    std::vector<std::int64_t> labels(kExamples);
    for (std::size_t i = 0; i < kExamples; ++i) labels[i] = static_cast<std::int64_t>(i % 40);
    WriteNpy(root_ / "y.npy", "<i8", "96,", labels);
    options_.data = root_ / "x.npy";
    options_.labels = root_ / "y.npy";
    options_.metrics = {"top1"};
    Open();  // cold
  }
  void TearDown() override {
    repository_.reset();
    fs::remove_all(root_);
  }

  void CommitNetwork(const std::string& model, Weights weights) {
    CommitRequest request;
    request.model = model;
    request.files = {{root_ / "mlp.dlvnet", "mlp.dlvnet", {}}};
    request.tensors = {{&weights, {}}};
    const auto committed = repository_->Commit(request);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }

  void Open() {
    repository_.reset();
    auto opened = Repository::Open(root_);
    ASSERT_TRUE(opened.ok());
    repository_ = std::move(opened).value();
  }

  ProgressiveReport Evaluated() {
    auto report = repository_->EvaluateProgressive({"mlp"}, options_, progressive_);
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message);
    return report.ok() ? report->versions.front().run : ProgressiveReport();
  }

  Error Fails() {
    const auto report = repository_->EvaluateProgressive({"mlp"}, options_, progressive_);
    EXPECT_FALSE(report.ok());
    return report.ok() ? Error{} : report.error();
  }

  fs::path root_;
  std::unique_ptr<Repository> repository_;
  std::vector<float> inputs_;
  EvaluationOptions options_;
  ProgressiveOptions progressive_;
};

}  // namespace dlv::small_network
