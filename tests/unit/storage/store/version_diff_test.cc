#include "storage/store/version_diff.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using VersionDiffs = SmallRepositoryTest;
using DiffKind = TensorChange::Kind;

std::map<std::string, DiffKind> KindsOf(const VersionDiff& diff) {
  std::map<std::string, DiffKind> kinds;
  for (const TensorChange& change : diff.tensors) kinds[change.name] = change.kind;
  return kinds;
}

TEST_F(VersionDiffs, WhatChangedAndWhatDidNot) {
  const auto diff = Diff(*store_, "m:v1", "m:v2");
  ASSERT_TRUE(diff.ok()) << diff.error().message;
  const auto kinds = KindsOf(*diff);
  EXPECT_EQ(kinds.at("layer1.weight"), DiffKind::kChanged);
  EXPECT_EQ(kinds.at("steps"), DiffKind::kIdentical);
  EXPECT_EQ(kinds.at("nothing"), DiffKind::kIdentical);
  EXPECT_TRUE(diff->hparams.empty());
  EXPECT_EQ(diff->before.reference(), "m:v1");
  EXPECT_EQ(diff->after.reference(), "m:v2");
  EXPECT_TRUE(diff->different());
}

TEST_F(VersionDiffs, WhatCameAndWhatWent) {
  const auto diff = Diff(*store_, "m:v2", "files");
  ASSERT_TRUE(diff.ok());
  EXPECT_EQ(diff->tensors.front().kind, DiffKind::kAdded);
  EXPECT_EQ(diff->tensors.front().name, "w");
  EXPECT_FALSE(diff->tensors.front().before.has_value());
  EXPECT_EQ(diff->tensors.back().kind, DiffKind::kRemoved);
  EXPECT_FALSE(diff->tensors.back().after.has_value());
  ASSERT_EQ(diff->hparams.size(), 1U);
  EXPECT_EQ(diff->hparams[0].name, "lr");
  EXPECT_EQ(diff->hparams[0].before, std::nullopt);
  EXPECT_EQ(diff->hparams[0].after, "0.1");
}

/// The first tensor has its elements in another shape.
class Reshaped : public testing::SmallNet {
 public:
  Reshaped() : SmallNet(1, 80) {}
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info = SmallNet::Info(index);
    if (index == 0) info.shape = {500, 80};
    return info;
  }
};

TEST_F(VersionDiffs, AnotherShapeOfTheSameElements) {
  Reshaped net;
  ASSERT_TRUE(testing::CommitNet(*store_, "turned", net).ok());
  const auto diff = Diff(*store_, "m:v1", "turned");
  ASSERT_TRUE(diff.ok());
  EXPECT_EQ(KindsOf(*diff).at("layer1.weight"), DiffKind::kReshaped);
  EXPECT_EQ(KindsOf(*diff).at("layer2.weight"), DiffKind::kIdentical);
}

TEST_F(VersionDiffs, OfSomeTensorsOnly) {
  const auto diff = Diff(*store_, "m:v1/layer2.*", "m:v2/layer2.*");
  ASSERT_TRUE(diff.ok());
  EXPECT_EQ(KindsOf(*diff).size(), 1U);
  EXPECT_EQ(CodeOf(Diff(*store_, "m:v1", "nobody")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Diff(*store_, "m:v1/@x/y", "m:v2")), ErrorCode::kSyntax);
}

/// What plain loops over both tensors say.
PairStatistics Plain(const std::vector<std::byte>& before, const std::vector<std::byte>& after) {
  PairStatistics figures;
  figures.count = before.size() / sizeof(float);
  for (std::size_t i = 0; i < figures.count; ++i) {
    float a, b;
    std::memcpy(&a, before.data() + i * sizeof a, sizeof a);
    std::memcpy(&b, after.data() + i * sizeof b, sizeof b);
    const double difference = static_cast<double>(b) - static_cast<double>(a);
    figures.differing += a != b ? 1 : 0;
    figures.norm_difference += difference * difference;
    figures.norm_before += static_cast<double>(a) * static_cast<double>(a);
    figures.max_difference = std::max(figures.max_difference, std::fabs(difference));
  }
  figures.norm_difference = std::sqrt(figures.norm_difference);
  figures.norm_before = std::sqrt(figures.norm_before);
  return figures;
}

TEST_F(VersionDiffs, FiguresAreThoseOfTheElements) {
  for (const unsigned threads : {1U, 3U}) {
    Operation operation;
    operation.threads = threads;
    const auto diff = Diff(*store_, "m:v1", "m:v2", {DiffDepth::kExact, true, true}, operation);
    ASSERT_TRUE(diff.ok());
    std::size_t compared = 0;
    for (const TensorChange& change : diff->tensors) {
      if (change.kind != DiffKind::kChanged) continue;
      ASSERT_TRUE(change.figures) << change.name;
      if (change.after->dtype != DType::kF32) continue;
      ++compared;
      const PairStatistics plain =
          Plain(Bytes("m:v1/\"" + change.name + "\""), Bytes("m:v2/\"" + change.name + "\""));
      EXPECT_EQ(change.figures->count, plain.count) << change.name;
      EXPECT_EQ(change.figures->differing, plain.differing) << change.name;
      EXPECT_EQ(change.figures->max_difference, plain.max_difference) << change.name;
      EXPECT_NEAR(change.figures->norm_difference, plain.norm_difference,
                  1e-12 * plain.norm_difference);
      EXPECT_NEAR(change.figures->norm_before, plain.norm_before, 1e-12 * plain.norm_before);
      std::uint64_t counted = 0;
      for (const std::uint64_t count : change.figures->difference.counts) counted += count;
      EXPECT_EQ(counted, change.figures->finite());
    }
    EXPECT_GT(compared, 0U);
    EXPECT_GT(diff->read_bytes, 0U);
  }
}

TEST_F(VersionDiffs, ReadsNothingForIdsAndLessForAnEstimate) {
  const auto ids = Diff(*store_, "m:v1", "m:v2", {DiffDepth::kIds, false, true});
  const auto estimate = Diff(*store_, "m:v1", "m:v2", {DiffDepth::kEstimate, false, true});
  const auto exact = Diff(*store_, "m:v1", "m:v2");
  const auto same = Diff(*store_, "m:v1", "m:v1");
  ASSERT_TRUE(ids.ok() && estimate.ok() && exact.ok() && same.ok());
  EXPECT_EQ(ids->read_bytes, 0U);
  EXPECT_EQ(same->read_bytes, 0U);
  EXPECT_FALSE(same->different());
  EXPECT_LT(estimate->read_bytes, exact->read_bytes);
  EXPECT_EQ(KindsOf(*ids), KindsOf(*exact));
  const auto figures = [](const VersionDiff& diff) {
    for (const TensorChange& change : diff.tensors) {
      if (change.name == "layer1.weight") return *change.figures;
    }
    return PairStatistics{};
  };
  EXPECT_EQ(figures(*exact).planes, 0U);
  EXPECT_EQ(figures(*estimate).planes, 16U);
  EXPECT_LE(std::fabs(figures(*estimate).norm_read - figures(*exact).norm_difference),
            figures(*estimate).norm_error);
}

TEST_F(VersionDiffs, StopsWhenAsked) {
  CancellationToken cancel;
  cancel.Cancel();
  Operation operation;
  operation.cancel = &cancel;
  EXPECT_EQ(CodeOf(Diff(*store_, "m:v1", "m:v2", {}, operation)), ErrorCode::kCancelled);
}

/// The same tensors under longer names.
class Wrapped : public testing::SmallNet {
 public:
  Wrapped() : SmallNet(1, 80) {}
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info = SmallNet::Info(index);
    info.name = "module." + info.name;
    return info;
  }
};

TEST_F(VersionDiffs, APrefixIsARename) {
  Wrapped net;
  ASSERT_TRUE(testing::CommitNet(*store_, "wrapped", net).ok());
  const auto diff = Diff(*store_, "m:v2", "wrapped");
  ASSERT_TRUE(diff.ok());
  EXPECT_EQ(diff->Count(DiffKind::kAdded) + diff->Count(DiffKind::kRemoved), 0U);
  EXPECT_EQ(diff->CountRenamed(), diff->tensors.size());
  ASSERT_EQ(diff->prefixes.size(), 1U);
  EXPECT_EQ(diff->prefixes[0].before, "");
  EXPECT_EQ(diff->prefixes[0].after, "module.");
  EXPECT_EQ(KindsOf(*diff).at("module.layer1.weight"), DiffKind::kChanged);
  const auto plain = Diff(*store_, "m:v2", "wrapped", {DiffDepth::kIds, false, false});
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->CountRenamed(), 0U);
}

}  // namespace
}  // namespace dlv::store
