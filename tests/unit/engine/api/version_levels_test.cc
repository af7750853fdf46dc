// What a progressive run gets of a version's tensors: leading bits, and the bytes that they take.

#include "engine/api/version_levels.h"

#include <cmath>

#include "storage/store/resolve.h"
#include "storage/store/version_content.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::api {
namespace {

class VersionLevelsTest : public ::testing::Test {
 protected:
  void SetUp() override { store_ = testing::InitOn(disk_); }

  void Commit(TensorSource& net) {
    const auto done = testing::CommitNet(*store_, "net", net);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  /// A store without anything in its caches, opened on the latest version.
  void OpenCold() {
    levels_.reset();
    store_ = testing::OpenOn(disk_);
    const auto target = store::ResolveTarget(*store_, "net");
    ASSERT_TRUE(target.ok());
    const auto manifest = store::ReadVersionManifest(*store_, target->version);
    ASSERT_TRUE(manifest.ok());
    const auto content = store::ReadSnapshot(*store_, *manifest, 0);
    ASSERT_TRUE(content.ok()) << content.error().message;
    tensors_.emplace(*manifest, *content, report_);
    levels_.emplace(*store_, *tensors_);
  }

  static NetworkParameter Named(const std::string& name) {
    NetworkParameter parameter;
    parameter.name = name;
    return parameter;
  }

  std::vector<progressive::Level> LevelsOf(const std::string& name) {
    auto levels = levels_->Levels(Named(name));
    EXPECT_TRUE(levels.ok()) << (levels.ok() ? "" : levels.error().message);
    return levels.ok() ? std::move(levels).value() : std::vector<progressive::Level>();
  }

  progressive::LeveledTensor Read(const std::string& name, unsigned planes) {
    auto read = levels_->Read(Named(name), planes);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
    return read.ok() ? std::move(read).value() : progressive::LeveledTensor();
  }

  /// Every level of a tensor is its leading bits, and nothing below them.
  void CheckTruncation(const std::string& name, std::vector<std::byte> wanted) {
    SCOPED_TRACE(name);
    const auto levels = LevelsOf(name);
    ASSERT_FALSE(levels.empty());
    EXPECT_TRUE(levels.back().exact);
    for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
      const auto read = Read(name, level->planes);
      EXPECT_EQ(read.planes, level->planes);
      EXPECT_EQ(read.exact, level->exact);
      if (!level->exact) KeepLeadingBits(wanted, SizeOf(read.dtype), level->planes);
      EXPECT_EQ(read.bytes, wanted) << level->planes;
    }
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<store::Store> store_;
  NetworkReport report_;
  std::optional<ParameterTensors> tensors_;
  std::optional<VersionLevels> levels_;
};

TEST_F(VersionLevelsTest, AreTrueTruncations) {
  testing::SmallNet net(1);
  Commit(net);
  OpenCold();
  CheckTruncation("layer1.weight", net.bytes(0));
  CheckTruncation("layer1.bias", net.bytes(1));
  CheckTruncation("layer2.weight", net.bytes(2));
  CheckTruncation("scale", net.bytes(3));
  EXPECT_GE(LevelsOf("layer1.weight").size(), 20U);
  EXPECT_GE(LevelsOf("layer1.weight").front().planes, 9U) << "sign and exponent at the least";
  EXPECT_EQ(LevelsOf("scale").size(), 1U) << "in a strip, which is read whole";
  EXPECT_EQ(LevelsOf("steps").size(), 1U) << "whole numbers";
  EXPECT_EQ(LevelsOf("nothing").size(), 1U);
}

TEST_F(VersionLevelsTest, OfDeltasAreTrueTruncationsToo) {
  testing::SmallNet net(1);
  Commit(net);
  for (unsigned step = 2; step < 5; ++step) {
    net.Train(step);
    Commit(net);
  }
  OpenCold();
  CheckTruncation("layer1.weight", net.bytes(0));
  CheckTruncation("layer2.weight", net.bytes(2));
  const auto levels = LevelsOf("layer1.weight");
  ASSERT_EQ(levels.size(), 3U);
  EXPECT_EQ(levels[0].planes, 16U);
}

TEST_F(VersionLevelsTest, ReadingFetchesWhatTheyState) {
  testing::SmallNet net(1);
  Commit(net);
  net.Train(2);
  Commit(net);
  OpenCold();
  for (const progressive::Level& level : LevelsOf("layer1.weight")) {
    OpenCold();
    const std::uint64_t before = store_->tensors().fetched_bytes();
    const auto again = LevelsOf("layer1.weight");  // fetches the headers
    Read("layer1.weight", level.planes);
    EXPECT_EQ(store_->tensors().fetched_bytes() - before, level.all_bytes) << level.planes;
    EXPECT_LT(level.plane_bytes, level.all_bytes);
    EXPECT_GT(2 * level.plane_bytes, level.all_bytes);
  }
}

/// Weights that share a cluster with the biases' strip.
class SmallLayers : public TensorSource {
 public:
  SmallLayers() {
    Add("weight", 25'000);
    Add("bias1", 40);
    Add("bias2", 70);
  }
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const auto bytes = std::as_bytes(std::span(values_[index])).subspan(offset, out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return Ok();
  }

 private:
  void Add(const char* name, std::int64_t count) {
    std::mt19937 random(static_cast<unsigned>(count));
    std::normal_distribution<float> normal;
    TensorInfo info;
    info.name = name;
    info.shape = {count};
    infos_.push_back(std::move(info));
    values_.emplace_back(static_cast<std::size_t>(count));
    for (float& value : values_.back()) value = normal(random);
  }
  std::vector<TensorInfo> infos_;
  std::vector<std::vector<float>> values_;
};

// The cluster of a strip is decoded whole when the snapshot is read: that counts.
TEST_F(VersionLevelsTest, WhatOpeningReadsIsCounted) {
  SmallLayers net;
  Commit(net);
  OpenCold();
  const std::uint64_t opened = store_->tensors().fetched_bytes();
  const auto levels = LevelsOf("weight");
  ASSERT_GT(levels.size(), 2U);
  EXPECT_LT(levels.front().plane_bytes, levels.back().plane_bytes);
  const std::uint64_t before = store_->tensors().fetched_bytes();
  Read("weight", levels.front().planes);
  const bool is_there = store_->tensors().fetched_bytes() == before;
  EXPECT_EQ(levels.front().all_bytes == levels.back().all_bytes, is_there);
  if (is_there) {
    EXPECT_GE(opened, levels.back().all_bytes);
  }
}

TEST_F(VersionLevelsTest, GoingOnFetchesOnlyWhatIsNew) {
  testing::SmallNet net(1);
  Commit(net);
  OpenCold();
  const std::uint64_t before = store_->tensors().fetched_bytes();
  const auto levels = LevelsOf("layer1.weight");
  for (const progressive::Level& level : levels) Read("layer1.weight", level.planes);
  EXPECT_EQ(store_->tensors().fetched_bytes() - before, levels.back().all_bytes);
}

TEST_F(VersionLevelsTest, MissingTensorsAreTold) {
  testing::SmallNet net(1);
  Commit(net);
  OpenCold();
  EXPECT_EQ(levels_->Levels(Named("layer9.weight")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(levels_->Read(Named("layer9.weight"), 9).error().code, ErrorCode::kNotFound);
  const auto id = levels_->ContentId(Named("layer1.weight"));
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(id->size(), 64U);
}

TEST(KeepLeadingBits, WorksForEverySize) {
  std::vector<std::byte> bytes(8, std::byte{0xff});
  KeepLeadingBits(bytes, 8, 12);
  EXPECT_EQ(bytes[7], std::byte{0xff});
  EXPECT_EQ(bytes[6], std::byte{0xf0});
  EXPECT_EQ(bytes[5], std::byte{0});
  bytes.assign(8, std::byte{0xff});
  KeepLeadingBits(bytes, 2, 9);
  EXPECT_EQ(bytes[0], std::byte{0x80});
  EXPECT_EQ(bytes[1], std::byte{0xff});
  bytes.assign(8, std::byte{0xff});
  KeepLeadingBits(bytes, 4, 32);
  EXPECT_EQ(bytes[0], std::byte{0xff});
}

}  // namespace
}  // namespace dlv::api
