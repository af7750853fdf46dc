#include "engine/evaluation/classification.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace dlv::evaluation {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
using Scores = std::vector<float>;

Classification Made(std::size_t classes, const std::vector<std::string>& names,
                    bool confusion = true, ScoreKind kind = ScoreKind::kLogits) {
  std::vector<Metric> metrics;
  for (const std::string& name : names) metrics.push_back(*Metric::Parse(name));
  return *Classification::Make(classes, metrics, kind, confusion);
}

TEST(Classification, MetricsHaveNames) {
  for (const std::string name : {"top1", "top5", "top17", "loss"})
    EXPECT_EQ(Metric::Parse(name)->Name(), name);
  for (const char* name : {"", "top", "top0", "top-1", "top1x", "Loss", "top99999999999"})
    EXPECT_EQ(Metric::Parse(name).error().code, ErrorCode::kSyntax) << name;
}

TEST(Classification, EqualScoresGoToTheFirstClass) {
  const Scores scores = {1, 3, 3, 2};
  EXPECT_EQ(PredictedClass(scores), 1);
  EXPECT_EQ(RankOf(scores, 1), 0U);
  EXPECT_EQ(RankOf(scores, 2), 1U);
  EXPECT_EQ(RankOf(scores, 3), 2U);
  EXPECT_EQ(RankOf(scores, 0), 3U);
}

TEST(Classification, NanNamesNoClass) {
  const Scores scores = {1, kNan, 3};
  EXPECT_EQ(PredictedClass(scores), -1);
  EXPECT_EQ(RankOf(scores, 2), 3U);
  EXPECT_TRUE(std::isnan(LossOf(ScoreKind::kLogits, scores, 2)));
  auto sums = Made(3, {"top1", "top3"});
  ASSERT_TRUE(sums.Add(scores, std::vector<std::int64_t>{2}).ok());
  EXPECT_EQ(sums.undefined(), 1U);
  EXPECT_EQ(sums.Values(), (std::vector<double>{0, 0}));
}

TEST(Classification, LossIsCrossEntropyInNats) {
  EXPECT_DOUBLE_EQ(LossOf(ScoreKind::kLogits, Scores{0, 0, 0, 0}, 1), std::log(4.0));
  EXPECT_NEAR(LossOf(ScoreKind::kLogits, Scores{1, 2, 3}, 0), 2.40760596444438, 1e-14);
  EXPECT_NEAR(LossOf(ScoreKind::kLogits, Scores{1000, 0}, 1), 1000, 1e-9);  // does not overflow
  EXPECT_DOUBLE_EQ(LossOf(ScoreKind::kProbabilities, Scores{0.25F, 0.75F}, 0), std::log(4.0));
  EXPECT_DOUBLE_EQ(LossOf(ScoreKind::kLogProbabilities, Scores{-0.5F, -1}, 0), 0.5);
  EXPECT_EQ(LossOf(ScoreKind::kProbabilities, Scores{0, 1}, 0), kInfinity);
  EXPECT_EQ(LossOf(ScoreKind::kLogits, Scores{kInfinity, 0}, 0), 0);
  EXPECT_EQ(LossOf(ScoreKind::kLogits, Scores{kInfinity, 0}, 1), kInfinity);
}

TEST(Classification, CountsByClassAndConfusion) {
  auto sums = Made(3, {"top1", "top2", "loss"});
  const Scores scores = {5, 1, 0,   // 0
                         5, 4, 0,   // 0, second 1
                         0, 1, 2};  // 2
  ASSERT_TRUE(sums.Add(scores, std::vector<std::int64_t>{0, 1, 2}).ok());
  const auto values = sums.Values();
  EXPECT_DOUBLE_EQ(values[0], 2.0 / 3);
  EXPECT_DOUBLE_EQ(values[1], 1);
  EXPECT_EQ(sums.confusion(), (std::vector<std::uint64_t>{1, 0, 0, 1, 0, 0, 0, 0, 1}));
  EXPECT_DOUBLE_EQ(sums.by_class()[0].recall(), 1);
  EXPECT_DOUBLE_EQ(sums.by_class()[0].precision(), 0.5);
  EXPECT_DOUBLE_EQ(sums.by_class()[1].recall(), 0);
  EXPECT_TRUE(std::isnan(sums.by_class()[1].precision()));
}

TEST(Classification, LossIsThatOfTheLogitsWhereTheyAreGiven) {
  auto sums = Made(2, {"top1", "loss"}, false, ScoreKind::kProbabilities);
  const Scores scores = {1, 0, 0.5F, 0.5F}, logits = {200, 0, 3, 3};
  ASSERT_TRUE(sums.Add(scores, std::vector<std::int64_t>{1, 0}, logits).ok());
  EXPECT_EQ(sums.Values(), (std::vector<double>{0.5, (200 + std::log(2.0)) / 2}));
  const Scores undefined = {kNan, kNan}, infinite = {kInfinity, 0};  // whose softmax they are
  ASSERT_TRUE(sums.Add(undefined, std::vector<std::int64_t>{0}, infinite).ok());
  EXPECT_TRUE(std::isnan(sums.Values()[1]));
  EXPECT_FALSE(sums.Add(scores, std::vector<std::int64_t>{1, 0}, infinite).ok());
  EXPECT_EQ(sums.examples(), 3U);
}

TEST(Classification, LabelsThatAreNoClassAreTold) {
  auto sums = Made(2, {"top1"});
  for (const std::int64_t label : {std::int64_t{-1}, std::int64_t{2}}) {
    const Status added = sums.Add(Scores{1, 2, 3, 4}, std::vector<std::int64_t>{0, label});
    ASSERT_FALSE(added.ok());
    EXPECT_NE(added.error().message.find("example 1"), std::string::npos);
    EXPECT_EQ(sums.examples(), 0U);
  }
  EXPECT_FALSE(sums.Add(Scores{1, 2, 3}, std::vector<std::int64_t>{0, 1}).ok());
}

TEST(Classification, WhatCannotBeCountedIsTold) {
  EXPECT_FALSE(Classification::Make(0, {Metric{1}}, ScoreKind::kLogits, false).ok());
  EXPECT_FALSE(Classification::Make(3, {}, ScoreKind::kLogits, false).ok());
  EXPECT_FALSE(Classification::Make(3, {Metric{5}}, ScoreKind::kLogits, false).ok());
  EXPECT_FALSE(Classification::Make(5000, {Metric{1}}, ScoreKind::kLogits, true).ok());
  EXPECT_TRUE(Classification::Make(5000, {Metric{1}}, ScoreKind::kLogits, false).ok());
}

}  // namespace
}  // namespace dlv::evaluation
