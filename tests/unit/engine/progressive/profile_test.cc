// Tables of profiles of networks whose scores say little of how deep to read.

#include "engine/progressive/profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/network/normalise.h"
#include "engine/progressive/run.h"
#include "tests/unit/engine/network/builder.h"
#include "tests/unit/engine/progressive/levels.h"

namespace dlv::progressive {
namespace {

constexpr std::int64_t kSenses = 64, kHidden = 32;

Network Normal(const network::Builder& net) {
  auto normal = network::Normalise(net.Take());
  EXPECT_TRUE(normal.ok()) << (normal.ok() ? "" : normal.error().message);
  return normal.ok() ? std::move(normal->network) : Network();
}

/// Two layers of normal weights; each class of `twins` has the weights of the class before it.
Network Perceptron(MemoryLevels& levels, std::int64_t classes,
                   const std::vector<std::int64_t>& twins) {
  std::mt19937_64 random(7);
  std::normal_distribution<float> normal(0, 0.2F);
  std::vector<float> first(AsSize(kSenses * kHidden)), last(AsSize(kHidden * classes));
  for (float& one : first) one = normal(random);
  for (float& one : last) one = normal(random);
  for (const std::int64_t twin : twins) {
    const auto row = last.begin() + twin * kHidden;
    std::copy(row - kHidden, row, row);
  }
  network::Builder net;
  const network::Builder::Attributes turned = {{"transB", std::int64_t{1}}};
  const auto hidden = net.Node("fc1", "Gemm",
                               {net.Input("x", NetworkShape{kUnknownSize, kSenses}),
                                net.Parameter("w1", {kHidden, kSenses})},
                               turned);
  const auto rectified = net.Node("relu", "Relu", {hidden});
  net.Output("y",
             net.Node("fc2", "Gemm", {rectified, net.Parameter("w2", {classes, kHidden})}, turned));
  levels.Add("w1", {kHidden, kSenses}, std::move(first));
  levels.Add("w2", {classes, kHidden}, std::move(last));
  return Normal(net);
}

struct Answered {
  std::vector<Answer> answers;
  RunReport report;
};

/// The `top_k` greatest scores of 40 inputs, with a table made from random numbers.
Answered AnswersOf(const Network& network, MemoryLevels& levels, unsigned top_k) {
  Answered answered;
  RunOptions options;
  options.sketches = false;
  options.top_k = top_k;
  auto run = Run::Make(network, levels, levels, nullptr, options);
  EXPECT_TRUE(run.ok()) << (run.ok() ? "" : run.error().message);
  if (!run.ok()) return answered;
  kernels::Memory memory;
  auto inputs = memory.Make(DType::kF32, {40, kSenses});
  EXPECT_TRUE(inputs.ok());
  std::mt19937_64 random(8);
  std::normal_distribution<float> normal;
  for (float& one : inputs->As<float>()) one = normal(random);
  const Status prepared = (*run)->Prepare(nullptr);
  EXPECT_TRUE(prepared.ok()) << (prepared.ok() ? "" : prepared.error().message);
  auto answers = (*run)->Classify(*inputs);
  EXPECT_TRUE(answers.ok()) << (answers.ok() ? "" : answers.error().message);
  if (answers.ok()) answered.answers = std::move(answers).value();
  answered.report = (*run)->report();
  return answered;
}

TEST(Profiles, OfOneScoreThereIsNoContrast) {
  MemoryLevels levels;
  const Answered answered = AnswersOf(Perceptron(levels, 1, {}), levels, 1);
  EXPECT_EQ(answered.report.computed, 40);
  EXPECT_EQ(answered.report.reasons.at("no class outside"), 40);
  EXPECT_EQ(answered.report.steps.back().levels.size(), 2);
}

/// Classes 0 and 1 are alike, and so are 2 and 3: which two are the greatest is proved from a few
/// bits, though which of the two is not from any.
TEST(Profiles, TiedClassesDoNotSayHowDeepToRead) {
  MemoryLevels levels;
  const Answered answered = AnswersOf(Perceptron(levels, 4, {1, 3}), levels, 2);
  EXPECT_GT(answered.report.certified, 35);
  EXPECT_LT(answered.report.steps.front().plane_bits, 12);
  EXPECT_LT(answered.report.mean_plane_bits, 14);
}

/// Layers that read one weight: a step has one level of it, and what is proved from these levels
/// is proved again.
TEST(Profiles, AWeightThatSeveralLayersReadHasOneLevelAStep) {
  std::mt19937_64 random(9);
  std::normal_distribution<float> normal(0, 0.2F);
  std::vector<float> shared(AsSize(kSenses * kSenses)), last(AsSize(kSenses * 5));
  for (float& one : shared) one = normal(random);
  for (float& one : last) one = normal(random);
  MemoryLevels levels;
  levels.Add("w", {kSenses, kSenses}, shared);
  levels.Add("scores", {kSenses, 5}, last);
  network::Builder net;
  auto value = net.Input("x", NetworkShape{kUnknownSize, kSenses});
  const auto weight = net.Parameter("w", {kSenses, kSenses});
  for (const std::string place : {"1", "2", "3"}) {
    value = net.Node("fc" + place, "MatMul", {value, weight});
    value = net.Node("relu" + place, "Relu", {value});
  }
  net.Output("y", net.Node("last", "MatMul", {value, net.Parameter("scores", {kSenses, 5})}));
  const Network network = Normal(net);
  RunOptions options;
  options.keep_contrasts = true;
  auto run = Run::Make(network, levels, levels, nullptr, options);
  ASSERT_TRUE(run.ok()) << run.error().message;
  kernels::Memory memory;
  auto inputs = memory.Make(DType::kF32, {1, kSenses});
  ASSERT_TRUE(inputs.ok());
  std::size_t again = 0;
  for (int i = 0; i < 30; ++i) {
    for (float& one : inputs->As<float>()) one = normal(random);
    const auto answers = (*run)->Classify(*inputs);
    ASSERT_TRUE(answers.ok()) << answers.error().message;
    const Answer& answer = answers->front();
    if (answer.status != AnswerStatus::kCertified) continue;
    auto other = Run::Make(network, levels, levels, nullptr, options);
    ASSERT_TRUE(other.ok());
    const auto proved = (*other)->ClassifyAt(*inputs, (*run)->report().steps[answer.step].levels);
    ASSERT_TRUE(proved.ok()) << proved.error().message;
    EXPECT_EQ(proved->front().status, AnswerStatus::kCertified);
    EXPECT_NEAR(proved->front().margin, answer.margin, 1e-9);
    EXPECT_NEAR(proved->front().lower_bound, answer.lower_bound, 1e-6);
    ++again;
  }
  EXPECT_GT(again, 20);
}

}  // namespace
}  // namespace dlv::progressive
