#include "storage/store/version_diff.h"

#include <map>

#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using VersionDiffs = SmallRepositoryTest;
using Kind = TensorChange::Kind;

std::map<std::string, Kind> KindsOf(const VersionDiff& diff) {
  std::map<std::string, Kind> kinds;
  for (const TensorChange& change : diff.tensors) kinds[change.name] = change.kind;
  return kinds;
}

TEST_F(VersionDiffs, WhatChangedAndWhatDidNot) {
  const auto diff = Diff(*store_, "m:v1", "m:v2");
  ASSERT_TRUE(diff.ok()) << diff.error().message;
  const auto kinds = KindsOf(*diff);
  EXPECT_EQ(kinds.at("layer1.weight"), Kind::kChanged);
  EXPECT_EQ(kinds.at("steps"), Kind::kIdentical);
  EXPECT_EQ(kinds.at("nothing"), Kind::kIdentical);
  EXPECT_TRUE(diff->hparams.empty());
}

TEST_F(VersionDiffs, WhatCameAndWhatWent) {
  const auto diff = Diff(*store_, "m:v2", "files");
  ASSERT_TRUE(diff.ok());
  EXPECT_EQ(diff->tensors.front().kind, Kind::kAdded);
  EXPECT_EQ(diff->tensors.front().name, "w");
  EXPECT_FALSE(diff->tensors.front().before.has_value());
  EXPECT_EQ(diff->tensors.back().kind, Kind::kRemoved);
  EXPECT_FALSE(diff->tensors.back().after.has_value());
  ASSERT_EQ(diff->hparams.size(), 1U);
  EXPECT_EQ(diff->hparams[0].first, "lr");
  EXPECT_EQ(diff->hparams[0].second, (std::pair<std::string, std::string>("", "0.1")));
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
  EXPECT_EQ(KindsOf(*diff).at("layer1.weight"), Kind::kReshaped);
  EXPECT_EQ(KindsOf(*diff).at("layer2.weight"), Kind::kIdentical);
}

TEST_F(VersionDiffs, OfSomeTensorsOnly) {
  const auto diff = Diff(*store_, "m:v1/layer2.*", "m:v2/layer2.*");
  ASSERT_TRUE(diff.ok());
  EXPECT_EQ(KindsOf(*diff).size(), 1U);
  EXPECT_EQ(CodeOf(Diff(*store_, "m:v1", "nobody")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Diff(*store_, "m:v1/@x/y", "m:v2")), ErrorCode::kSyntax);
}

}  // namespace
}  // namespace dlv::store
