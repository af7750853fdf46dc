// Examples as inputs of networks: sizes that networks leave open, other orders of axes, whole
// numbers.

#include <cmath>

#include "engine/api/example_shape.h"
#include "engine/api/whole_inputs.h"
#include "tests/unit/engine/api/small_network.h"

namespace dlv {
namespace {

using namespace small_network;  // NOLINT

using api::FitExample;
using api::InputForm;

constexpr std::int64_t kAny = kUnknownSize;

TEST(InputForms, FollowWhatTheNetworkTakes) {
  const api::ExampleForm rgb{{3, 8, 9}, true}, gray{{1, 8, 9}, true}, row{{72}, false};
  const auto expect = [](const api::ExampleForm& example, NetworkShape wanted, NetworkShape shape,
                         bool channels_last) {
    EXPECT_EQ(FitExample(example, wanted), (InputForm{std::move(shape), channels_last}));
  };
  expect(rgb, {kAny, 3, 8, 9}, {3, 8, 9}, false);
  expect(rgb, {1, kAny, kAny, kAny}, {3, 8, 9}, false);
  expect(rgb, {kAny, 8, 9, 3}, {8, 9, 3}, true);
  expect(rgb, {kAny, kAny, kAny, 3}, {8, 9, 3}, true);
  expect(rgb, {kAny, 216}, {216}, false);
  expect(gray, {kAny, 8, 9, 1}, {8, 9, 1}, false);
  expect(gray, {kAny, 8, 9}, {8, 9}, false);
  expect(gray, {kAny, kAny, 9}, {8, 9}, false);
  expect(gray, {kAny, kAny}, {72}, false);
  expect(row, {kAny, 1, 8, 9}, {1, 8, 9}, false);
  EXPECT_EQ(FitExample(rgb, std::nullopt), (InputForm{{3, 8, 9}, false}));
  for (const NetworkShape& other :
       {NetworkShape{kAny, 1, 8, 9}, NetworkShape{kAny, 215}, NetworkShape{kAny, 8, 9}})
    EXPECT_FALSE(FitExample(rgb, other)) << other.size();
  EXPECT_FALSE(FitExample({{4, 18}, false}, NetworkShape{kAny, 8, 9})) << "no row";
  EXPECT_FALSE(FitExample(row, NetworkShape{kAny, kAny, 9})) << "more than one way";
  EXPECT_FALSE(FitExample({{8, 9, 3}, false}, NetworkShape{kAny, 3, 8, 9})) << "no image";
}

TEST(WholeInputs, AreExactOrAnError) {
  kernels::Memory memory;
  const std::vector<float> numbers = {-2, 0, 3};
  const auto made = api::WholesFrom(numbers, DType::kI64, {3}, memory);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->As<std::int64_t>()[0], -2);
  const auto error = [&](std::vector<double> one, DType dtype) {
    std::vector<std::byte> out(64);
    const Status put = api::PutNumbers(one, dtype, out.data());
    return put.ok() ? "none" : put.error().message;
  };
  EXPECT_EQ(error({1, 0.5}, DType::kI32), "0.5 at 1, want whole numbers, i32");
  EXPECT_EQ(error({-1}, DType::kU8), "-1 at 0, want whole numbers, u8");
  EXPECT_EQ(error({255}, DType::kU8), "none");
  EXPECT_EQ(error({256}, DType::kU8), "256 at 0, want whole numbers, u8");
  EXPECT_EQ(error({-128, 127}, DType::kI8), "none");
  EXPECT_EQ(error({128}, DType::kI8), "128 at 0, want whole numbers, i8");
  EXPECT_EQ(error({2}, DType::kBool), "2 at 0, want 0 or 1, bool");
  EXPECT_EQ(error({std::nan("")}, DType::kI64), "nan at 0, want whole numbers, i64");
  EXPECT_EQ(error({9007199254740992.0}, DType::kI64),
            "9.00719925e+15 at 0, want whole numbers, i64");
  EXPECT_EQ(error({0.5}, DType::kF32), "none");
}

class InputFormsTest : public ProgressiveEvaluationTest {
 protected:
  void CommitText(const std::string& model, const std::string& text, const char* file) {
    std::ofstream(root_ / file, std::ios::binary) << text;
    CommitRequest request;
    request.model = model;
    request.files = {{root_ / file, file, {}}};
    Weights weights;
    request.tensors = {{&weights, {}}};
    const auto committed = repository_->Commit(request);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }
  /// The small network with another input, and nodes that bring it to fc1.
  static std::string Behind(const std::string& input, const std::string& nodes,
                            const std::string& last) {
    std::string text = kNetwork;
    const auto replace = [&](const std::string& from, const std::string& to) {
      text.replace(text.find(from), from.size(), to);
    };
    replace("x: f32 [?, 64]", "x: " + input);
    replace("  node fc1", nodes + "  node fc1");
    replace("Gemm(@x,", "Gemm(" + last + ",");
    return text;
  }
  void PutInputs(const std::string& shape) {
    WriteNpy(root_ / "x.npy", "<f4", "96, " + shape, inputs_);
  }
  ProgressiveEvaluation EvaluatedBy(const std::string& model) {
    const auto report = repository_->EvaluateProgressive({model}, options_, progressive_);
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message);
    return report.ok() ? report->versions.front() : ProgressiveEvaluation();
  }
  double PlainTop1(const std::string& model) {
    const auto report = repository_->Evaluate({model}, options_);
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message);
    return report.ok() ? report->versions.front().metrics.front().second : -1;
  }
};

TEST_F(InputFormsTest, ProgressiveRunsTellTheirMemory) {
  const ProgressiveEvaluation done = EvaluatedBy("mlp");
  const std::uint64_t inputs = inputs_.size() * sizeof(float);
  const std::uint64_t weights = (48 * 64 + 40 * 48) * sizeof(double);
  EXPECT_GT(done.run.peak_bytes, inputs + weights);
  EXPECT_LT(done.run.peak_bytes, 100 * (inputs + weights));
  EXPECT_EQ(done.evaluation.peak_bytes, done.run.peak_bytes);
  InferenceOptions options;
  options.progressive = true;
  const auto session = Session::Open(*repository_, "mlp", options);
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE((*session)->Classify({{2, 64}, std::span(inputs_).first(128)}).ok());
  EXPECT_GT((*session)->report().peak_bytes, weights);
}

TEST_F(InputFormsTest, ImagesAreTurnedForNetworksWithChannelsLast) {
  PutInputs("1, 8, 8");  // one channel: the same elements
  CommitText("gray", Behind("f32 [?, 8, 8, 1]", "  node row = Flatten(@x)\n", "row"), "a.dlvnet");
  CommitText("plane", Behind("f32 [?, 8, 8]", "  node row = Flatten(@x)\n", "row"), "b.dlvnet");
  const double wanted = PlainTop1("mlp");
  EXPECT_EQ(PlainTop1("gray"), wanted);
  EXPECT_EQ(PlainTop1("plane"), wanted);
  EXPECT_EQ(EvaluatedBy("gray").evaluation.metrics.front().second, wanted);
}

TEST_F(InputFormsTest, ThreeChannelsComeLast) {
  inputs_ = Numbers(kExamples * 48, 5);
  PutInputs("3, 4, 4");
  std::string text = kNetwork;
  text.replace(text.find("[?, 64]"), 7, "[?, 4, 4, 3]");
  text.replace(text.find("[48, 64]"), 8, "[48, 48]");
  text.replace(text.find("  node fc1"), 0,
               "  node first = Transpose(@x) { perm = [0, 3, 1, 2] }\n"
               "  node row = Flatten(first)\n");
  text.replace(text.find("Gemm(@x,"), 8, "Gemm(row,");
  std::string other = text;
  other.replace(other.find("[?, 4, 4, 3]"), 12, "[?, 3, 4, 4]");
  other.replace(other.find("perm = [0, 3, 1, 2]"), 19, "perm = [0, 1, 2, 3]");
  class Square : public TensorSource {
   public:
    std::size_t size() const override { return 3; }
    TensorInfo Info(std::size_t index) const override {
      TensorInfo info;
      info.name = index == 0 ? "fc1.weight" : index == 1 ? "fc2.weight" : "fc2.bias";
      info.shape = index == 0 ? Shape{48, 48} : index == 1 ? Shape{40, 48} : Shape{40};
      return info;
    }
    Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
      const auto numbers = Numbers(48 * 48, static_cast<unsigned>(index));
      std::copy_n(std::as_bytes(std::span(numbers)).begin() + static_cast<std::ptrdiff_t>(offset),
                  out.size(), out.begin());
      return Ok();
    }
  };
  for (const auto& [name, network] : {std::pair("last", text), {"first", other}}) {
    std::ofstream(root_ / "net.dlvnet", std::ios::binary) << network;
    CommitRequest request;
    request.model = name;
    request.files = {{root_ / "net.dlvnet", "net.dlvnet", {}}};
    Square weights;
    request.tensors = {{&weights, {}}};
    const auto committed = repository_->Commit(request);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }
  options_.metrics = {"top1", "loss"};
  const auto report = repository_->Evaluate({"last", "first"}, options_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->versions[0].metrics, report->versions[1].metrics);
}

TEST_F(InputFormsTest, WhatDoesNotFitIsTold) {
  PutInputs("4, 4, 4");
  const std::string told =
      "an example of " + (root_ / "x.npy").string() + " is [4, 4, 4], its network takes [1, 8, 8]";
  CommitText("other", Behind("f32 [?, 1, 8, 8]", "  node row = Flatten(@x)\n", "row"), "a.dlvnet");
  const auto plain = repository_->Evaluate({"other"}, options_);
  ASSERT_FALSE(plain.ok());
  EXPECT_EQ(plain.error().message, "other:v1: " + told);
  const auto proved = repository_->EvaluateProgressive({"other"}, options_, progressive_);
  ASSERT_FALSE(proved.ok());
  EXPECT_EQ(proved.error().message, "other:v1: " + told);
}

TEST_F(InputFormsTest, SizesThatAreLeftOpenAreThoseOfTheData) {
  PutInputs("1, 8, 8");
  CommitText("open", Behind("f32 [?, 1, ?, ?]", "  node row = Flatten(@x)\n", "row"), "a.dlvnet");
  progressive_.certificate = root_ / "proofs.jsonl";
  const ProgressiveReport run = EvaluatedBy("open").run;
  EXPECT_EQ(run.stopped_by, "");
  EXPECT_GT(run.certified, kExamples / 2);
  EXPECT_EQ(run.plain_differences, 0U);
  CertificateOptions check;
  check.file = progressive_.certificate;
  const auto report = repository_->VerifyCertificate(check);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->fault_count, 0U) << report->faults.front().what;
  EXPECT_EQ(report->proved, run.certified + run.certified_full);
}

/// As train_val.prototxt: no sizes, and layers that want labels.
constexpr const char* kTrainVal = R"(
  name: "mlp"
  layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST } }
  layer { name: "fc1" type: "InnerProduct" bottom: "data" top: "fc1"
          inner_product_param { num_output: 48 bias_term: false } }
  layer { name: "act" type: "ReLU" bottom: "fc1" top: "fc1" }
  layer { name: "fc2" type: "InnerProduct" bottom: "fc1" top: "fc2"
          inner_product_param { num_output: 40 } }
  layer { name: "accuracy" type: "Accuracy" bottom: "fc2" bottom: "label" top: "accuracy" }
  layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc2" bottom: "label" top: "loss" })";

TEST_F(InputFormsTest, CaffeNetworksForTrainingAreProved) {
  PutInputs("1, 8, 8");
  CommitText("caffe", kTrainVal, "train_val.prototxt");
  progressive_.certificate = root_ / "proofs.jsonl";
  const ProgressiveEvaluation done = EvaluatedBy("caffe");
  EXPECT_EQ(done.run.stopped_by, "");
  EXPECT_GT(done.run.certified, kExamples / 2);
  EXPECT_EQ(done.run.plain_differences, 0U);
  EXPECT_EQ(done.evaluation.metrics.front().second, PlainTop1("mlp"));
  ASSERT_EQ(done.evaluation.warnings.size(), 1U);
  CertificateOptions check;
  check.file = progressive_.certificate;
  const auto report = repository_->VerifyCertificate(check);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->fault_count, 0U) << report->faults.front().what;
  EXPECT_EQ(report->proved, done.run.certified + done.run.certified_full);
}

TEST_F(InputFormsTest, CaffeNetworksForTrainingArePreparedFromData) {
  PutInputs("1, 8, 8");
  CommitText("caffe", kTrainVal, "train_val.prototxt");
  const auto without = repository_->PrepareProgressive({"caffe"}, options_, progressive_);
  ASSERT_TRUE(without.ok()) << without.error().message;
  EXPECT_NE(without->front().stopped_by, "") << "no sizes, and nothing that tells them";
  progressive_.calibration = root_ / "x.npy";
  const auto prepared = repository_->PrepareProgressive({"caffe"}, options_, progressive_);
  ASSERT_TRUE(prepared.ok()) << prepared.error().message;
  EXPECT_EQ(prepared->front().stopped_by, "");
  EXPECT_FALSE(prepared->front().steps.empty());
}

TEST_F(InputFormsTest, SessionsRunCaffeNetworksForTraining) {
  CommitText("caffe", kTrainVal, "train_val.prototxt");
  const FloatArray batch{{2, 1, 8, 8}, {inputs_.begin(), inputs_.begin() + 128}};
  const auto whole = Session::Open(*repository_, "caffe");
  ASSERT_TRUE(whole.ok()) << whole.error().message;
  ASSERT_EQ((*whole)->inputs().size(), 1U);
  EXPECT_EQ((*whole)->inputs()[0].name, "data");
  const auto named = (*whole)->Classify(batch);
  ASSERT_TRUE(named.ok()) << named.error().message;
  InferenceOptions options;
  options.progressive = true;
  const auto session = Session::Open(*repository_, "caffe", options);
  ASSERT_TRUE(session.ok()) << session.error().message;
  for (int turn = 0; turn < 2; ++turn) {
    const auto answers = (*session)->Classify(batch);
    ASSERT_TRUE(answers.ok()) << answers.error().message;
    for (const std::size_t i : {0U, 1U}) {
      EXPECT_EQ(answers->at(i).classes, named->at(i).classes);
      EXPECT_NE(answers->at(i).status, AnswerStatus::kComputed);
    }
  }
  const std::vector<float> other(128);
  EXPECT_FALSE((*session)->Classify({{2, 1, 4, 16}, other}).ok()) << "sizes are the first batch's";
}

TEST_F(InputFormsTest, ANetworkMayHaveNoWeights) {
  std::ofstream(root_ / "plain.dlvnet") << "network \"plain\" {\n  operators \"\" 13\n"
                                           "  input x: f32 [?, 64]\n  node y = Relu(@x)\n"
                                           "  output y = y\n}\n";
  CommitRequest request;
  request.model = "plain";
  request.files = {{root_ / "plain.dlvnet", "plain.dlvnet", {}}};
  const auto committed = repository_->Commit(request);
  ASSERT_TRUE(committed.ok()) << committed.error().message;
  const double top1 = PlainTop1("plain");
  EXPECT_GE(top1, 0);
  const ProgressiveEvaluation done = EvaluatedBy("plain");
  EXPECT_EQ(done.run.inputs, kExamples);
  EXPECT_EQ(done.evaluation.metrics.front().second, top1);
}

/// The mean of rows of fc2.weight that whole numbers name, and a layer.
constexpr const char* kTokens = R"(network "tokens" {
  operators "" 13
  input ids: i64 [?, 5]
  parameter fc2.weight: f32 [40, 48]
  parameter fc2.bias: f32 [40]
  node rows = Gather($fc2.weight, @ids)
  node mean = ReduceMean(rows) { axes = [1], keepdims = 0 }
  node fc2 = Gemm(mean, $fc2.weight, $fc2.bias) { transB = 1 }
  output y = fc2
}
)";

TEST_F(InputFormsTest, WholeNumbersAreGivenAsSuch) {
  CommitText("tokens", kTokens, "tokens.dlvnet");
  std::vector<std::int32_t> ids(kExamples * 5);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int32_t>(i * 7 % 40);
  WriteNpy(root_ / "x.npy", "<i4", "96, 5", ids);
  progressive_.certificate = root_ / "proofs.jsonl";
  const ProgressiveEvaluation done = EvaluatedBy("tokens");
  EXPECT_EQ(done.run.computed, kExamples);
  EXPECT_EQ(done.run.stopped_by, "the input: elements of type i64, want real numbers");
  EXPECT_EQ(done.run.plain_differences, 0U);
  EXPECT_EQ(done.evaluation.metrics.front().second, PlainTop1("tokens"));
  CertificateOptions check;
  check.file = progressive_.certificate;
  const auto report = repository_->VerifyCertificate(check);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->fault_count, 0U);
  EXPECT_EQ(report->unproved, kExamples);

  const auto session = Session::Open(*repository_, "tokens");
  ASSERT_TRUE(session.ok());
  EXPECT_EQ((*session)->inputs()[0].dtype, DType::kI64);
  EXPECT_TRUE((*session)->Classify(FloatArray{{1, 5}, {0, 7, 14, 21, 28}}).ok());
  EXPECT_EQ((*session)->Classify(FloatArray{{1, 5}, {0, 7, 1.5F, 0, 0}}).error().message,
            "1.5 at 2, want whole numbers, i64");
  options_.preprocess = "scale=1/2";
  const auto halves = repository_->Evaluate({"tokens"}, options_);
  ASSERT_FALSE(halves.ok());
  EXPECT_EQ(halves.error().message,
            (root_ / "x.npy").string() + ", example 0: 3.5 at 1, want whole numbers, i64");
}

}  // namespace
}  // namespace dlv
