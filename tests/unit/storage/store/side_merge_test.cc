#include "storage/store/side_merge.h"

#include <gtest/gtest.h>

#include <cmath>

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

std::string NamesOf(const archive::Manifest& manifest) {
  std::string text;
  for (const Metric& metric : manifest.metrics) text += metric.name + " ";
  return text;
}

TEST(SideMerge, LogsOfPerhapsTwoRunsAreKeptApart) {
  archive::Manifest manifest;
  const SideOutcome out = MergeSides({Side(5, "a.csv", {}, {{"loss", {{1, 5}}}, {"acc", {{1, 1}}}}),
                                      Side(5, "logs/b.csv", {}, {{"loss", {{1, 4}, {2, 3}}}})},
                                     {}, manifest);
  EXPECT_EQ(NamesOf(manifest), "a:loss acc b:loss ");
  EXPECT_EQ(manifest.metrics[2].points.size(), 2u);
  EXPECT_EQ(manifest.sources.metrics.at("b:loss"), "logs/b.csv");
  EXPECT_TRUE(out.warnings.empty())
      << "nothing is lost, and every commit beside two logs would warn";
  ASSERT_EQ(out.found.size(), 2u);
  EXPECT_EQ(out.found[1].point_count, 2u);
}

TEST(SideMerge, LogsOfOneFileNameAreToldApartByTheirFolders) {
  archive::Manifest manifest;
  MergeSides({Side(5, "one/log.csv", {}, {{"loss", {{1, 5}}}}),
              Side(5, "two/log.csv", {}, {{"loss", {{2, 4}}}})},
             {}, manifest);
  EXPECT_EQ(NamesOf(manifest), "one/log.csv:loss two/log.csv:loss ");
}

TEST(SideMerge, LogsThatAgreeAreOneRun) {
  archive::Manifest manifest;
  const SideOutcome out =
      MergeSides({Side(5, "a.csv", {}, {{"loss", {{1, 0.12345}, {2, std::nan("")}}}}),
                  Side(5, "b.csv", {}, {{"loss", {{1, 0.12345678}, {2, std::nan("")}, {3, 7}}}})},
                 {}, manifest);
  EXPECT_TRUE(out.warnings.empty());
  ASSERT_EQ(NamesOf(manifest), "loss ");
  EXPECT_EQ(manifest.metrics[0].points.size(), 3u);
  EXPECT_EQ(manifest.metrics[0].points[0].value, 0.12345);
}

TEST(SideMerge, WhatIsGivenLeavesNothingInDoubt) {
  archive::Manifest manifest;
  manifest.metrics = {{"loss", {{-1, 0.5}}}};
  const SideOutcome out = MergeSides(
      {Side(5, "a.csv", {}, {{"loss", {{1, 5}}}}), Side(5, "b.csv", {}, {{"loss", {{1, 4}}}})}, {},
      manifest);
  EXPECT_EQ(NamesOf(manifest), "loss ");
  EXPECT_TRUE(out.warnings.empty());
}

TEST(SideMerge, TellsWhichKindOfLogCounted) {
  archive::Manifest manifest;
  const SideOutcome out =
      MergeSides({Side(5, "a.csv", {}, {{"acc", {{1, 5}}}, {"loss", {{1, 5}}}}),
                  Side(6, "b.jsonl", {}, {{"acc", {{1, 5}}}, {"loss", {{1, 4}}}})},
                 {}, manifest);
  EXPECT_EQ(manifest.sources.metrics.at("loss"), "a.csv");
  ASSERT_EQ(out.warnings.size(), 1u);
  EXPECT_EQ(
      out.warnings[0],
      "loss: taken from a.csv, not from b.jsonl, which differs (--metrics FILE says which one "
      "counts)");
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
