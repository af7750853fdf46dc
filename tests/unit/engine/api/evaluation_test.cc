// Evaluating the shipped run on the shipped images, through the public API.

#include "dlv/evaluation.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "dlv/network.h"
#include "dlv/quantize.h"
#include "dlv/repository.h"
#include "tests/support/source_root.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

class EvaluationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-eval-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    ASSERT_TRUE(Repository::Init(root_).ok());
    auto opened = Repository::Open(root_);
    ASSERT_TRUE(opened.ok());
    repository_ = std::move(opened).value();
    options_.data = Data() / "fashion-eval-images-idx3-ubyte.gz";
    options_.preprocess = "scale=1/255,mean=0.2860,std=0.3530";
    for (const char* step : {"000200", "002000"}) Commit(step);
  }
  void TearDown() override {
    repository_.reset();
    fs::remove_all(root_);
  }

  static fs::path Data() { return testing::SourceRoot() / "datasets/lenet_fashion"; }

  void Commit(const std::string& step) {
    CommitRequest request;
    request.model = "lenet";
    request.files.push_back({Data() / ("lenet_step_" + step + ".pt"), "", {}});
    request.graph = Data() / "lenet.onnx";
    const auto committed = repository_->Commit(request);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }

  EvaluationReport Evaluated(const std::vector<std::string>& references) {
    auto report = repository_->Evaluate(references, options_);
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message);
    return report.ok() ? std::move(report).value() : EvaluationReport();
  }

  fs::path root_;
  std::unique_ptr<Repository> repository_;
  EvaluationOptions options_;
};

/// What was reported last.
class LastCount : public ProgressSink {
 public:
  void Report(std::string_view, std::uint64_t, std::uint64_t) override { things = "bytes"; }
  void ReportCount(std::string_view, std::uint64_t done, std::uint64_t total,
                   std::string_view of) override {
    last = {done, total};
    things = of;
  }
  std::pair<std::uint64_t, std::uint64_t> last;
  std::string things;
};

TEST_F(EvaluationTest, ReportsHowManyExamplesAreDone) {
  LastCount progress;
  ASSERT_TRUE(repository_->Evaluate({"lenet:v2"}, options_, {&progress}).ok());
  EXPECT_EQ(progress.things, "examples");
  EXPECT_EQ(progress.last, std::pair(std::uint64_t{1000}, std::uint64_t{1000}));
}

// datasets/lenet_fashion/metrics.json: 0.854 by PyTorch.
TEST_F(EvaluationTest, GivesTheAccuracyOfTheTraining) {
  options_.confusion = true;
  const EvaluationReport report = Evaluated({"lenet:v2"});
  ASSERT_EQ(report.versions.size(), 1U);
  const VersionEvaluation& version = report.versions[0];
  EXPECT_EQ(report.examples, 1'000U);
  EXPECT_EQ(report.format, "idx");
  ASSERT_EQ(version.metrics.size(), 2U);
  EXPECT_EQ(version.metrics[0].first, "top1");
  EXPECT_NEAR(version.metrics[0].second, 0.854, 1e-9);
  EXPECT_GT(version.metrics[1].second, 0.2);
  EXPECT_LT(version.metrics[1].second, 0.6);
  std::uint64_t right = 0, all = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    all += version.confusion[i];
    if (i % 11 == 0) right += version.confusion[i];
  }
  EXPECT_EQ(all, 1'000U);
  EXPECT_EQ(right, 854U);
}

TEST_F(EvaluationTest, PreprocessingIsRememberedAndResultsAreSaved) {
  options_.limit = 200;
  options_.save = true;
  const EvaluationReport first = Evaluated({"lenet:v1", "lenet:v2"});
  ASSERT_EQ(first.versions.size(), 2U);
  EXPECT_LT(first.versions[0].metrics[0].second, first.versions[1].metrics[0].second);
  options_.preprocess.reset();
  options_.save = false;
  options_.batch = 7;  // the last one is smaller
  const EvaluationReport again = Evaluated({"lenet:v2"});
  EXPECT_EQ(again.versions[0].preprocess, first.versions[1].preprocess);
  EXPECT_EQ(again.versions[0].metrics[0], first.versions[1].metrics[0]);
  EXPECT_NEAR(again.versions[0].metrics[1].second, first.versions[1].metrics[1].second, 1e-6);
  const auto details = repository_->Describe("lenet:v2");
  ASSERT_TRUE(details.ok());
  ASSERT_EQ(details->evaluations.size(), 2U);
  EXPECT_EQ(details->evaluations[0].data, "fashion-eval-images-idx3-ubyte.gz");
  EXPECT_EQ(details->evaluations[0].attributes.at("examples"), "200");
}

TEST_F(EvaluationTest, AQuantizedVersionRunsBesideTheExactOne) {
  ASSERT_TRUE(repository_->Evaluate({"lenet:v2"}, options_).ok());
  for (const char* scheme : {"bf16", "fixed:8"}) {
    QuantizeOptions quantize;
    quantize.quantization = *ParseQuantization(scheme);
    quantize.model = std::string("small-") + (scheme[0] == 'b' ? "bf16" : "fixed");
    quantize.execute = true;
    const auto made = repository_->Quantize("lenet:v2", quantize);
    ASSERT_TRUE(made.ok()) << made.error().message;
    options_.preprocess.reset();
    const EvaluationReport report = Evaluated({"lenet:v2", quantize.model});
    ASSERT_EQ(report.versions.size(), 2U);
    EXPECT_EQ(report.versions[0].preprocess, report.versions[1].preprocess);
    EXPECT_NEAR(report.versions[0].metrics[0].second, report.versions[1].metrics[0].second, 0.02);
    EXPECT_NE(report.versions[0].metrics[1].second, report.versions[1].metrics[1].second);
    const auto exact = repository_->ReadNetwork("lenet:v2");
    const auto rounded = repository_->ReadNetwork(quantize.model);
    ASSERT_TRUE(exact.ok() && rounded.ok());
    EXPECT_EQ(exact->id, rounded->id);
    EXPECT_EQ(exact->bindings.size(), rounded->bindings.size());
    for (const ParameterBinding& binding : rounded->bindings) {
      EXPECT_EQ(binding.match, ParameterMatch::kName) << binding.parameter;
    }
  }
}

TEST_F(EvaluationTest, WhatDoesNotFitIsTold) {
  const auto fails = [&](const char* reference = "lenet") {
    const auto report = repository_->Evaluate({reference}, options_);
    EXPECT_FALSE(report.ok());
    return report.ok() ? Error{} : report.error();
  };
  options_.preprocess = "resize=32x32";
  EXPECT_EQ(fails().code, ErrorCode::kInvalidArgument);
  options_.preprocess = "scale=1/255";
  options_.metrics = {"top11"};
  EXPECT_NE(fails().message.find("10 classes"), std::string::npos);
  options_.metrics = {"top1"};
  options_.data = Data() / "train_log.csv";
  EXPECT_FALSE(fails().message.empty());
  options_.data = Data() / "no-such-file";
  EXPECT_EQ(fails().code, ErrorCode::kNotFound);
  options_.data = Data();
  EXPECT_EQ(fails("nobody").code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace dlv
