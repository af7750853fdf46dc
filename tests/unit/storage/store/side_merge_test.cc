#include "storage/store/side_merge.h"

#include <gtest/gtest.h>

namespace dlv::store {
namespace {

RankedSide Side(int rank, const std::string& source, KeyValues hparams,
                std::vector<Metric> metrics = {}, KeyValues tags = {}) {
  return {rank, rank == 7, {source, std::move(hparams), std::move(metrics), std::move(tags), {}}};
}

TEST(SideMerge, WhatIsGivenCountsMoreThanWhatIsFound) {
  archive::Manifest manifest;
  manifest.hparams = {{"lr", "0.5"}};
  manifest.metrics = {{"acc", {{-1, 0.9}}}};
  const SideOutcome out = MergeSides({Side(0, "a.yaml", {{"lr", "0.1"}, {"batch", "8"}},
                                           {{"acc", {{1, 0.1}}}}, {{"license", "mit"}, {"x", ""}})},
                                     {{"license", "apache-2.0"}}, manifest);
  EXPECT_EQ(manifest.hparams, (KeyValues{{"lr", "0.5"}, {"batch", "8"}}));
  EXPECT_EQ(manifest.sources.hparams, (KeyValues{{"batch", "a.yaml"}}));
  EXPECT_EQ(manifest.metrics.at(0).points.at(0).value, 0.9);
  EXPECT_TRUE(manifest.sources.metrics.empty());
  EXPECT_EQ(out.tags, (KeyValues{{"x", ""}}));
  EXPECT_EQ(manifest.sources.tags, (KeyValues{{"x", "a.yaml"}}));
}

TEST(SideMerge, TheLowerRankWinsAndEmptyFilesAreNotTold) {
  archive::Manifest manifest;
  const SideOutcome out = MergeSides(
      {Side(0, "params.yaml", {{"lr", "1"}}), Side(2, "config.json", {{"lr", "2"}})}, {}, manifest);
  EXPECT_EQ(manifest.hparams, (KeyValues{{"lr", "1"}}));
  ASSERT_EQ(out.found.size(), 1u);
  EXPECT_EQ(out.found[0].path, "params.yaml");
}

TEST(SideMerge, LogsOfPerhapsTwoRunsAreNotMixed) {
  archive::Manifest manifest;
  const SideOutcome out = MergeSides({Side(5, "a.csv", {}, {{"loss", {{1, 5}}}, {"acc", {{1, 1}}}}),
                                      Side(5, "b.csv", {}, {{"loss", {{1, 4}}}})},
                                     {}, manifest);
  ASSERT_EQ(manifest.metrics.size(), 1u);
  EXPECT_EQ(manifest.metrics[0].name, "acc");
  EXPECT_TRUE(out.warnings.empty());
  ASSERT_EQ(out.found.size(), 1u);
  EXPECT_EQ(out.found[0].path, "a.csv");
}

TEST(SideMerge, SeriesOfOneKindAreJoinedOthersAreNot) {
  archive::Manifest manifest;
  const SideOutcome out =
      MergeSides({Side(7, "events.1", {}, {{"loss", {{1, 5}, {2, 4}}}}),
                  Side(7, "events.2", {}, {{"loss", {{2, 3}, {3, 2}, {4, 1}}}, {"acc", {{4, 1}}}}),
                  Side(8, "caffe.log", {}, {{"loss", {{9, 9}}}})},
                 {}, manifest);
  ASSERT_EQ(manifest.metrics.size(), 2u);
  EXPECT_EQ(manifest.metrics[0].name, "acc");
  std::string text;
  for (const MetricPoint& point : manifest.metrics[1].points) {
    text += std::to_string(point.step) + ":" + std::to_string(static_cast<int>(point.value)) + " ";
  }
  EXPECT_EQ(text, "1:5 2:3 3:2 4:1 ");
  EXPECT_EQ(manifest.sources.metrics, (KeyValues{{"acc", "events.2"}, {"loss", "events.2"}}));
  ASSERT_EQ(out.found.size(), 1u);
  EXPECT_EQ(out.found[0].point_count, 5u);
}

}  // namespace
}  // namespace dlv::store
