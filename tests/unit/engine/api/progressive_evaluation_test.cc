// Progressive evaluation of a small network through the public API: labels are those of plain
// inference, certificates hold, and the bytes read are those reported.

#include "dlv/progressive.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cctype>
#include <fstream>
#include <functional>
#include <limits>
#include <random>
#include <set>
#include <sstream>

#include "dlv/inference.h"
#include "dlv/repository.h"
#include "tests/unit/engine/api/small_network.h"

namespace dlv {
namespace {

using namespace small_network;  // NOLINT

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

// Of calibration inputs that nothing is proved of, too, a table comes that reads everything.
TEST_F(ProgressiveEvaluationTest, TiesAreComputed) {
  CommitNetwork("tied", Weights(true));
  options_.limit = 8;
  const auto report = repository_->EvaluateProgressive({"tied"}, options_, progressive_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->versions.front().run.computed, 8U);
  EXPECT_EQ(report->versions.front().run.reasons,
            (std::map<std::string, std::uint64_t>{{"tie", 8}}));
  EXPECT_EQ(report->versions.front().run.plain_differences, 0U);
}

TEST_F(ProgressiveEvaluationTest, WhichOfSeveralOutputsIsTakenIsTold) {
  std::string text = kNetwork;
  text.insert(text.rfind('}'), "  output hidden = act\n");
  std::ofstream(root_ / "mlp.dlvnet", std::ios::binary) << text;
  CommitNetwork("two", Weights());
  options_.limit = 8;
  const std::vector<std::string> told = {
      "the network has 2 outputs; the first, \"y\", is taken for the scores"};
  const auto plain = repository_->Evaluate({"two", "mlp:v1"}, options_);
  ASSERT_TRUE(plain.ok()) << plain.error().message;
  EXPECT_EQ(plain->versions[0].warnings, told);
  EXPECT_TRUE(plain->versions[1].warnings.empty());
  const auto proved = repository_->EvaluateProgressive({"two"}, options_, progressive_);
  ASSERT_TRUE(proved.ok()) << proved.error().message;
  EXPECT_EQ(proved->versions[0].evaluation.warnings, told);
}

// Across examples scores have no order of their own, whatever is proved of those before.
TEST_F(ProgressiveEvaluationTest, SoftmaxAcrossExamplesIsNotProved) {
  std::string text = kNetwork;
  const std::string output = "  output y = fc2\n";
  text.replace(text.find(output), output.size(),
               "  node soft = Softmax(fc2) { axis = 0 }\n  output y = soft\n");
  std::ofstream(root_ / "mlp.dlvnet", std::ios::binary) << text;
  CommitNetwork("across", Weights());
  const auto report = repository_->EvaluateProgressive({"across"}, options_, progressive_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->versions.front().run.computed, kExamples);
  EXPECT_EQ(report->versions.front().run.stopped_by, "soft (Softmax): no rule for this operator");
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
  forged = text.str();
  const std::string bound = "\"lower_bound\":";
  forged.insert(forged.find(bound) + bound.size(), "9");  // more than is proved
  std::ofstream(root_ / "forged.jsonl") << forged;
  const auto boast = repository_->VerifyCertificate(check);
  ASSERT_TRUE(boast.ok()) << boast.error().message;
  ASSERT_EQ(boast->fault_count, 1U);
  EXPECT_NE(boast->faults[0].what.find("is stated"), std::string::npos) << boast->faults[0].what;
}

/// A text with another number behind each `"bit_step":` that is not that of all bits.
std::string WithSteps(const std::string& text, const std::function<unsigned(unsigned)>& change) {
  const std::string field = "\"bit_step\":";
  std::string changed;
  std::size_t done = 0;
  for (std::size_t at = text.find(field); at != std::string::npos; at = text.find(field, at)) {
    at += field.size();
    std::size_t end = at;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
    const auto step = static_cast<unsigned>(std::stoul(text.substr(at, end - at)));
    changed += text.substr(done, at - done) + std::to_string(step == 65535 ? step : change(step));
    done = end;
  }
  return changed + text.substr(done);
}

class BySignificance : public ProgressiveEvaluationTest {
 protected:
  void SetUp() override {
    ProgressiveEvaluationTest::SetUp();
    const auto changed = repository_->SetLayout("mlp", TensorLayout::kSignificance);
    ASSERT_TRUE(changed.ok()) << changed.error().message;
    ASSERT_GE(changed->rewritten, 2U);
    Open();
  }

  void WriteProofs() {
    options_.limit = 24;
    progressive_.certificate = root_ / "proofs.jsonl";
    run_ = Evaluated();
    std::stringstream text;
    text << std::ifstream(progressive_.certificate).rdbuf();
    text_ = text.str();
    WithSteps(text_, [&](unsigned step) {
      steps_.insert(step);
      return step;
    });
  }

  Result<CertificateReport> Check(const std::string& text) {
    CertificateOptions check;
    check.file = root_ / "checked.jsonl";
    std::ofstream(check.file, std::ios::binary) << text;
    return repository_->VerifyCertificate(check);
  }

  ProgressiveReport run_;
  std::string text_;
  std::set<unsigned> steps_;  ///< that the certificates name, but for all bits
};

TEST_F(BySignificance, AnswersAreThoseOfPlainInferenceFromFewerBits) {
  const ProgressiveReport run = Evaluated();
  EXPECT_EQ(run.certified + run.certified_full + run.computed, kExamples);
  EXPECT_EQ(run.plain_differences, 0U);
  EXPECT_GT(run.certified, kExamples / 2);
  EXPECT_LT(run.all_bits.mean, run.all_bits.full);
  bool any = false;
  for (const ProgressiveStep& step : run.steps)
    for (const ProgressiveLevel& level : step.levels) any = any || level.by_significance;
  EXPECT_TRUE(any);
}

TEST_F(BySignificance, FewerBitsThanByPlanes) {
  const double steps = Evaluated().plane_bits.mean;
  ASSERT_TRUE(repository_->SetLayout("mlp", TensorLayout::kPlanes).ok());
  Open();
  EXPECT_LT(steps, Evaluated().plane_bits.mean);
}

TEST_F(BySignificance, CertificatesHold) {
  WriteProofs();
  ASSERT_GE(steps_.size(), 3U);
  const auto report = Check(text_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->fault_count, 0U) << report->faults.front().what;
  EXPECT_EQ(report->proved, run_.certified + run_.certified_full);
}

TEST_F(BySignificance, OtherStepsThanTheProvedOnesAreFaults) {
  WriteProofs();
  const auto lowered = Check(WithSteps(text_, [&](unsigned) { return *steps_.begin(); }));
  ASSERT_TRUE(lowered.ok()) << lowered.error().message;
  EXPECT_GT(lowered->fault_count, run_.certified / 2);
  const auto raised = Check(WithSteps(text_, [&](unsigned) { return *steps_.rbegin(); }));
  ASSERT_TRUE(raised.ok()) << raised.error().message;
  EXPECT_GT(raised->fault_count, run_.certified / 2);
  const auto unknown = Check(WithSteps(text_, [&](unsigned) { return *steps_.rbegin() + 999; }));
  ASSERT_FALSE(unknown.ok()) << "no such level is stored";
  EXPECT_NE(unknown.error().message.find("not stored to bits of step"), std::string::npos)
      << unknown.error().message;
}

TEST_F(BySignificance, CertificatesOfPlanesHaveToBeMadeAnew) {
  ASSERT_TRUE(repository_->SetLayout("mlp", TensorLayout::kPlanes).ok());
  Open();
  WriteProofs();
  ASSERT_TRUE(repository_->SetLayout("mlp", TensorLayout::kSignificance).ok());
  Open();
  const auto report = Check(text_);
  ASSERT_FALSE(report.ok());
  EXPECT_NE(report.error().message.find("mlp:v1: parameter "), std::string::npos)
      << report.error().message;
  EXPECT_NE(report.error().message.find("not stored to planes"), std::string::npos)
      << report.error().message;
  EXPECT_NE(report.error().hint.find("--certificate"), std::string::npos) << report.error().hint;
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
}

TEST_F(ProgressiveEvaluationTest, MoreClassesThanThereAreAreRefusedAtOnce) {
  options_.metrics = {"top41"};
  const Error error = Fails();
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error.message, "mlp:v1: the 41 greatest scores of 40 classes");
  EXPECT_TRUE(!fs::exists(root_ / ".dlv/derived") || fs::is_empty(root_ / ".dlv/derived"))
      << "before bounds are computed";
  options_.metrics = {"top40"};
  EXPECT_EQ(Evaluated().reasons.at("no class outside"), kExamples);
}

TEST_F(ProgressiveEvaluationTest, DamageIsToldWithVersionAndParameter) {
  repository_.reset();
  fs::path largest;
  for (const auto& entry : fs::recursive_directory_iterator(root_ / ".dlv/packs")) {
    if (entry.is_regular_file() && (largest.empty() || entry.file_size() > fs::file_size(largest)))
      largest = entry.path();
  }
  ASSERT_FALSE(largest.empty());
  fs::permissions(largest, fs::perms::owner_write, fs::perm_options::add);
  std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(largest) / 2);
  file.seekg(middle);
  const int byte = file.get();
  file.seekp(middle);
  file.put(static_cast<char>(byte ^ 0x55));
  file.close();
  Open();
  const Error error = Fails();
  EXPECT_EQ(error.code, ErrorCode::kCorruption);
  EXPECT_NE(error.message.find("mlp:v1: parameter fc"), std::string::npos) << error.message;
}

class PlanesAtMost : public ProgressiveEvaluationTest {
 protected:
  unsigned Deepest() {
    unsigned deepest = 0;
    for (const ProgressiveStep& step : Evaluated().steps)
      for (const ProgressiveLevel& level : step.levels) deepest = std::max(deepest, level.planes);
    return deepest;
  }
};

TEST_F(PlanesAtMost, NoWeightIsReadDeeper) {
  for (const unsigned most : {9U, 10U, 12U, 19U}) {
    progressive_.most_planes = most;
    EXPECT_LE(Deepest(), most);
    EXPECT_GT(Deepest(), 8U);
  }
}

TEST_F(PlanesAtMost, WithoutALevelOfSoFewTheLeastIsTold) {
  progressive_.most_planes = 3;
  const Error error = Fails();
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_NE(error.message.find("at most 3 planes"), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("no fewer than 9"), std::string::npos) << error.message;
}

TEST_F(PlanesAtMost, OfDifferencesTheLeastIsSixteen) {
  CommitNetwork("mlp", Weights().Trained());
  Open();
  progressive_.most_planes = 12;
  EXPECT_NE(Fails().message.find("no fewer than 16"), std::string::npos) << Fails().message;
  progressive_.most_planes = 16;
  EXPECT_EQ(Deepest(), 16U);
}

TEST_F(PlanesAtMost, GuessesHaveTheirMargins) {
  progressive_.most_planes = 9;
  options_.limit = 24;
  progressive_.certificate = root_ / "guesses.jsonl";
  ASSERT_GT(Evaluated().heuristic, 0U);
  CertificateOptions check;
  check.file = progressive_.certificate;
  const auto report = repository_->VerifyCertificate(check);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->fault_count, 0U) << report->faults.front().what;
}

TEST_F(ProgressiveEvaluationTest, ANetworkOfTwoInputsIsRefusedAsByPlainEvaluation) {
  std::ofstream(root_ / "mlp.dlvnet", std::ios::binary)
      << "network \"two\" {\n"
         "  operators \"\" 13\n"
         "  input x: f32 [?, 64]\n"
         "  input z: f32 [?, 40]\n"
         "  parameter fc1.weight: f32 [48, 64]\n"
         "  parameter fc2.weight: f32 [40, 48]\n"
         "  parameter fc2.bias: f32 [40]\n"
         "  node fc1 = Gemm(@x, $fc1.weight) { transB = 1 }\n"
         "  node fc2 = Gemm(fc1, $fc2.weight, $fc2.bias) { transB = 1 }\n"
         "  node sum = Add(fc2, @z)\n"
         "  output y = sum\n"
         "}\n";
  CommitNetwork("two", Weights());
  const auto plain = repository_->Evaluate({"two"}, options_);
  const auto progressive = repository_->EvaluateProgressive({"two"}, options_, progressive_);
  ASSERT_FALSE(plain.ok() || progressive.ok());
  EXPECT_EQ(plain.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(progressive.error().code, plain.error().code);
  EXPECT_EQ(progressive.error().message, plain.error().message);
}

// They are those of plain inference, with what is known of each beside them.
TEST_F(ProgressiveEvaluationTest, PredictionsAreWritten) {
  options_.predictions = root_ / "out.npz";
  const ProgressiveReport run = Evaluated();
  std::ifstream file(options_.predictions, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  for (const char* name : {"scores.npy", "predicted.npy", "labels.npy", "status.npy"})
    EXPECT_NE(bytes.str().find(name), std::string::npos) << name;
  EXPECT_NE(bytes.str().find("(96, 40)"), std::string::npos);
  EXPECT_EQ(run.inputs, kExamples);
}

TEST_F(ProgressiveEvaluationTest, TheReportTellsOfCentres) {
  ProgressiveReport run = Evaluated();
  EXPECT_EQ(run.precision, CentrePrecision::kF32);
  EXPECT_LE(run.escalated, run.certified_full + run.computed);
  options_.limit = 24;
  progressive_.certificate = root_ / "proofs.jsonl";  // in double precision alone
  run = Evaluated();
  EXPECT_EQ(run.precision, CentrePrecision::kF64);
  EXPECT_EQ(run.escalated, 0U);
}

// Not the first class, which examples with that label would count as right.
TEST_F(ProgressiveEvaluationTest, NothingIsNamedWhereAScoreIsNoNumber) {
  inputs_[3] = std::numeric_limits<float>::quiet_NaN();            // example 0, label 0
  inputs_[64 * 40 + 5] = std::numeric_limits<float>::quiet_NaN();  // example 40, label 0
  WriteNpy(root_ / "x.npy", "<f4", "96, 64", inputs_);
  const auto plain = repository_->Evaluate({"mlp"}, options_);
  const auto report = repository_->EvaluateProgressive({"mlp"}, options_, progressive_);
  ASSERT_TRUE(plain.ok() && report.ok());
  const VersionEvaluation& done = report->versions.front().evaluation;
  EXPECT_EQ(done.undefined, 2U);
  EXPECT_EQ(plain->versions.front().undefined, 2U);
  EXPECT_EQ(done.metrics, plain->versions.front().metrics);
  EXPECT_EQ(report->versions.front().run.computed, 2U);
  EXPECT_EQ(report->versions.front().run.plain_differences, 0U);
  InferenceOptions options;
  options.progressive = true;
  const auto session = Session::Open(*repository_, "mlp", options);
  ASSERT_TRUE(session.ok());
  const auto answers = (*session)->Classify({{1, 64}, std::span(inputs_).first(64)});
  ASSERT_TRUE(answers.ok());
  EXPECT_TRUE(answers->at(0).classes.empty());
  EXPECT_EQ(answers->at(0).reason, "not a number");
}

// An operator that no rule knows: everything is computed, and counts with all bits.
TEST_F(ProgressiveEvaluationTest, WhatIsComputedCountsWithAllBits) {
  std::string network = kNetwork;
  network.replace(network.find("Relu"), 4, "Mish");
  std::ofstream(root_ / "mlp.dlvnet", std::ios::binary) << network;
  CommitNetwork("mlp", Weights());
  CommitNetwork("mlp", Weights().Trained());
  progressive_.count_materialised = true;
  const ProgressiveReport run = Evaluated();
  EXPECT_NE(run.stopped_by.find("act (Mish)"), std::string::npos) << run.stopped_by;
  EXPECT_EQ(run.computed, kExamples);
  EXPECT_GT(run.all_bits.full, 16);
  EXPECT_NEAR(run.all_bits.mean, run.all_bits.full, 1e-9);
  EXPECT_NEAR(run.plane_bits.p99, run.plane_bits.full, 1e-9);
  ASSERT_TRUE(run.materialised);
  EXPECT_EQ(run.materialised->all_bits.p50, run.materialised->all_bits.full);
  EXPECT_LT(run.materialised->all_bits.full, run.all_bits.full);
}

TEST_F(ProgressiveEvaluationTest, InFullTheFiguresAreTheSame) {
  const ProgressiveReport run = Evaluated();
  EXPECT_EQ(run.stored_tensors, 3U);
  EXPECT_EQ(run.delta_tensors, 0U);
  ASSERT_TRUE(run.materialised);
  EXPECT_EQ(run.materialised->all_bits.mean, run.all_bits.mean);
  EXPECT_EQ(run.materialised->full_bytes, run.full_bytes);
}

// The same weights in a repository of their own are in full: their figures are the ones counted.
TEST_F(ProgressiveEvaluationTest, DifferencesAreCountedAsIfTheyWereInFull) {
  const Weights trained = Weights().Trained();
  CommitNetwork("mlp", trained);
  Open();
  const ProgressiveReport unasked = Evaluated();
  EXPECT_GT(unasked.delta_tensors, 0U);
  EXPECT_FALSE(unasked.materialised);
  Open();
  progressive_.count_materialised = true;
  const ProgressiveReport run = Evaluated();
  EXPECT_EQ(run.all_bits.mean, unasked.all_bits.mean);
  EXPECT_EQ(run.fetched_bytes, unasked.fetched_bytes) << "what is counted is not what was read";
  ASSERT_TRUE(run.materialised);
  EXPECT_LT(run.materialised->plane_bits.mean, run.plane_bits.mean);
  EXPECT_LT(run.materialised->full_bytes, run.full_bytes);
  auto other = Repository::Init(root_ / "other");
  ASSERT_TRUE(other.ok());
  repository_ = std::move(other).value();
  CommitNetwork("mlp", trained);
  const ProgressiveReport alone = Evaluated();
  EXPECT_EQ(alone.delta_tensors, 0U);
  EXPECT_EQ(alone.certified, run.materialised->certified);
  EXPECT_NEAR(alone.plane_bits.mean, run.materialised->plane_bits.mean,
              0.05 * alone.plane_bits.mean);
  EXPECT_NEAR(alone.all_bits.full, run.materialised->all_bits.full, 0.05 * alone.all_bits.full);
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
  const auto three = (*whole)->Classify(batch, nullptr, 3);
  ASSERT_TRUE(three.ok());
  EXPECT_EQ(three->at(0).classes.size(), 3U);
  EXPECT_EQ(three->at(0).classes[0], named->at(0).classes[0]);
  const FloatView view(batch);
  EXPECT_EQ((*whole)->RunViews(std::span(&view, 1))->front().values, scores->front().values);

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
  EXPECT_EQ((*session)->Classify(batch, nullptr, 2).error().code, ErrorCode::kInvalidArgument)
      << "what it proves is the greatest one";
  CancellationToken stopped;
  stopped.Cancel();
  EXPECT_EQ((*session)->Classify(batch, &stopped).error().code, ErrorCode::kCancelled);
  EXPECT_EQ((*session)->Classify(batch)->at(0).classes, named->at(0).classes) << "and goes on";
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
  options.progressive = true;
  const auto asked = Session::Open(*repository_, "mlp", options);
  ASSERT_TRUE(asked.ok());
  const std::vector<float> few(16);
  EXPECT_EQ((*asked)->Classify({{1, 16}, few}).error().message,
            "input is f32 [1, 16], want f32 [?, 64]");
  options.progressive = false;
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
