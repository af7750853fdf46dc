#include "cli/metrics_file.h"

#include <gtest/gtest.h>

namespace dlv::cli {
namespace {

TEST(ParseMetrics, ReadsCsv) {
  const auto metrics =
      ParseMetrics("step,loss,val_acc,note\n100,2.5,,start\n200,1.5,0.5,\n\n", "log.csv");
  ASSERT_TRUE(metrics.ok()) << metrics.error().message;
  ASSERT_EQ(metrics->size(), 2U);
  EXPECT_EQ((*metrics)[0].name, "loss");
  ASSERT_EQ((*metrics)[0].points.size(), 2U);
  EXPECT_EQ((*metrics)[0].points[1].step, 200);
  EXPECT_EQ((*metrics)[0].points[1].value, 1.5);
  EXPECT_EQ((*metrics)[1].name, "val_acc");
  EXPECT_EQ((*metrics)[1].points.size(), 1U);
}

TEST(ParseMetrics, ReadsTabsQuotesAndCarriageReturns) {
  const auto metrics = ParseMetrics("\"epoch\"\t\"loss\"\r\n1\t0.5\r\n", "log.tsv");
  ASSERT_TRUE(metrics.ok());
  EXPECT_EQ(metrics->front().points.front().step, 1);
}

TEST(ParseMetrics, ReadsJsonLines) {
  const auto metrics = ParseMetrics(
      "{\"step\": 5, \"loss\": 1.25, \"tag\": \"x\"}\n{\"summary\": 1}\n", "log.jsonl");
  ASSERT_TRUE(metrics.ok()) << metrics.error().message;
  ASSERT_EQ(metrics->size(), 1U);
  EXPECT_EQ(metrics->front().points.front().value, 1.25);
}

TEST(ParseMetrics, SaysWhereItIsWrong) {
  const auto columns = ParseMetrics("step,loss\n1,2,3\n", "log.csv");
  ASSERT_FALSE(columns.ok());
  EXPECT_EQ(columns.error().code, ErrorCode::kSyntax);
  EXPECT_EQ(columns.error().message, "log.csv, line 2: got 3 columns, want 2");
  EXPECT_EQ(ParseMetrics("{\"step\":1}\nnonsense\n", "x").error().code, ErrorCode::kSyntax);
  EXPECT_EQ(ParseMetrics("loss,acc\n1,2\n", "x").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseMetrics("", "x").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseMetrics("step,loss\n-5,2\n1e300,2\n", "x").error().code,
            ErrorCode::kInvalidArgument);
}

TEST(ReadMetricsFile, TellsAMissingFile) {
  EXPECT_EQ(ReadMetricsFile("/nonexistent/log.csv").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace dlv::cli
