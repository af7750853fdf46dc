// Progressive evaluation of a small network through the public API: labels are those of plain
// inference, certificates hold, and the bytes read are those reported.

#include "dlv/progressive.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <sstream>

#include "dlv/inference.h"
#include "dlv/repository.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

/// Two layers; the first is large enough for levels.
constexpr const char* kNetwork =
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
constexpr std::size_t kExamples = 96;

std::vector<float> Numbers(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> numbers(count);
  for (float& number : numbers) number = normal(random);
  return numbers;
}

class Weights : public TensorSource {
 public:
  Weights() {
    Add("fc1.weight", {48, 64}, 1);
    Add("fc2.weight", {40, 48}, 2);
    Add("fc2.bias", {40}, 3);
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
    Weights weights;
    CommitRequest request;
    request.model = "mlp";
    request.files = {{root_ / "mlp.dlvnet", "mlp.dlvnet", {}}};
    request.tensors = {{&weights, {}}};
    const auto committed = repository_->Commit(request);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
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

TEST_F(ProgressiveEvaluationTest, AnswersAreThoseOfPlainInferenceFromFewerBits) {
  const ProgressiveReport run = Evaluated();
  EXPECT_EQ(run.stopped_by, "");
  EXPECT_EQ(run.inputs, kExamples);
  EXPECT_EQ(run.certified + run.certified_full + run.computed, kExamples);
  EXPECT_EQ(run.heuristic, 0U);
  EXPECT_EQ(run.plain_differences, 0U);
  EXPECT_GT(run.certified, kExamples / 2);
  EXPECT_LT(run.all_bits.mean, run.all_bits.full);
  EXPECT_LE(run.plane_bits.mean, run.all_bits.mean);
  EXPECT_LE(run.all_bits.p50, run.all_bits.p99);
  std::uint64_t answered = 0;
  for (const ProgressiveStep& step : run.steps)
    answered += step.certified_forward + step.certified_backward;
  EXPECT_GE(answered, run.certified);
}

// Every input goes through one read of the planes, at most all of them.
TEST_F(ProgressiveEvaluationTest, FetchesNoMoreThanAFullReadOnce) {
  progressive_.compare = false;
  const ProgressiveReport run = Evaluated();
  EXPECT_GT(run.fetched_bytes, 0U);
  EXPECT_LE(run.fetched_bytes, run.full_bytes + 4'096) << "layouts and small tensors are read too";
}

TEST_F(ProgressiveEvaluationTest, WhatWasComputedIsKeptAndMayBeDeleted) {
  const auto prepared = repository_->PrepareProgressive({"mlp"}, options_, progressive_);
  ASSERT_TRUE(prepared.ok()) << prepared.error().message;
  EXPECT_FALSE(prepared->front().steps.empty());
  EXPECT_FALSE(fs::is_empty(root_ / ".dlv/derived"));
  const ProgressiveReport first = Evaluated();
  fs::remove_all(root_ / ".dlv/derived");
  const ProgressiveReport again = Evaluated();
  EXPECT_EQ(first.certified, again.certified);
  EXPECT_EQ(first.all_bits.mean, again.all_bits.mean);
}

TEST_F(ProgressiveEvaluationTest, CertificatesHoldAndForgeriesDoNot) {
  options_.limit = 24;
  progressive_.certificate = root_ / "proofs.jsonl";
  const ProgressiveReport run = Evaluated();
  CertificateOptions check;
  check.file = progressive_.certificate;
  const auto report = repository_->VerifyCertificate(check);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->fault_count, 0U) << report->faults.front().what;
  EXPECT_EQ(report->proved, run.certified + run.certified_full);
  EXPECT_EQ(report->inputs, 24U);
  std::stringstream text;
  text << std::ifstream(check.file).rdbuf();
  std::string forged = text.str();
  const std::string field = "\"classes\":[";
  const auto at = forged.find(field) + field.size();
  forged[at] = forged[at] == '3' ? '2' : '3';
  std::ofstream(root_ / "forged.jsonl") << forged;
  check.file = root_ / "forged.jsonl";
  const auto found = repository_->VerifyCertificate(check);
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->fault_count, 1U);
}

TEST_F(ProgressiveEvaluationTest, SavedResultsTellHowTheyWereMade) {
  options_.save = true;
  options_.limit = 16;
  const ProgressiveReport run = Evaluated();
  const auto details = repository_->Describe("mlp");
  ASSERT_TRUE(details.ok());
  ASSERT_EQ(details->evaluations.size(), 1U);
  const KeyValues& attributes = details->evaluations[0].attributes;
  EXPECT_EQ(attributes.at("engine"), "progressive norms");
  EXPECT_EQ(attributes.at("proved"), std::to_string(run.certified + run.certified_full));
  EXPECT_EQ(attributes.at("data_sha256").size(), 64U);
}

TEST_F(ProgressiveEvaluationTest, SameDataCalibrateWithTheirFirstExamples) {
  progressive_.calibration = options_.data;
  progressive_.calibration_examples = 90;
  EXPECT_EQ(Evaluated().inputs, 6U);
  progressive_.calibration_examples = kExamples;
  EXPECT_EQ(Fails().code, ErrorCode::kInvalidArgument);
}

TEST_F(ProgressiveEvaluationTest, WhatDoesNotGoTogetherIsTold) {
  options_.metrics = {"top1", "loss"};
  EXPECT_NE(Fails().message.find("one metric"), std::string::npos);
  options_.metrics = {"top0"};
  EXPECT_EQ(Fails().code, ErrorCode::kInvalidArgument);
  options_.metrics = {"top1"};
  progressive_.tau = 0;
  EXPECT_EQ(Fails().code, ErrorCode::kInvalidArgument);
  progressive_.tau = 8;
  options_.predictions = root_ / "out.npz";
  EXPECT_EQ(Fails().code, ErrorCode::kInvalidArgument);
}

TEST_F(ProgressiveEvaluationTest, SessionsRunWholeShallowAndProgressively) {
  const FloatArray batch{{2, 64}, {inputs_.begin(), inputs_.begin() + 128}};
  const auto whole = Session::Open(*repository_, "mlp");
  ASSERT_TRUE(whole.ok()) << whole.error().message;
  EXPECT_EQ((*whole)->inputs().size(), 1U);
  const auto scores = (*whole)->Run({batch});
  ASSERT_TRUE(scores.ok()) << scores.error().message;
  EXPECT_EQ(scores->front().shape, (Shape{2, 40}));
  const auto named = (*whole)->Classify(batch);
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named->at(0).status, AnswerStatus::kComputed);

  InferenceOptions options;
  options.planes = 10;
  const auto shallow = Session::Open(*repository_, "mlp", options);
  ASSERT_TRUE(shallow.ok());
  EXPECT_NE((*shallow)->Run({batch})->front().values, scores->front().values);

  options.planes = 0;
  options.progressive = true;
  const auto session = Session::Open(*repository_, "mlp", options);
  ASSERT_TRUE(session.ok()) << session.error().message;
  const auto answers = (*session)->Classify(batch);
  ASSERT_TRUE(answers.ok()) << answers.error().message;
  EXPECT_EQ(answers->at(0).classes, named->at(0).classes);
  EXPECT_EQ(answers->at(1).classes, named->at(1).classes);
  EXPECT_EQ((*session)->report().inputs, 2U);
  EXPECT_EQ((*session)->Run({batch})->front().values, scores->front().values);
}

TEST_F(ProgressiveEvaluationTest, SessionsTellWhatDoesNotFit) {
  const auto session = Session::Open(*repository_, "mlp");
  ASSERT_TRUE(session.ok());
  EXPECT_EQ((*session)->Run({}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ((*session)->Run({FloatArray{{2, 5}, std::vector<float>(9)}}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ((*session)->Run({FloatArray{{1, 16}, std::vector<float>(16)}}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(Session::Open(*repository_, "nobody").error().code, ErrorCode::kNotFound);
  InferenceOptions options;
  options.planes = 65;
  EXPECT_EQ(Session::Open(*repository_, "mlp", options).error().code, ErrorCode::kInvalidArgument);
  options.planes = 0;
  options.top_k = 41;
  const auto greedy = Session::Open(*repository_, "mlp", options);
  ASSERT_TRUE(greedy.ok());
  EXPECT_EQ((*greedy)->Classify(FloatArray{{1, 64}, std::vector<float>(64)}).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace dlv
