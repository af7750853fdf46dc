#include "storage/store/twin_bases.h"

#include <random>
#include <utility>

#include "storage/store/checkout.h"
#include "storage/store/verify.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

/// Three layers and a copy of each a little way off, side by side: weights and their average.
class NetWithCopies : public TensorSource {
 public:
  explicit NetWithCopies(unsigned seed) : random_(seed) {
    for (const std::uint64_t count : {40000U, 3000U, 500U}) {
      std::vector<float> values(count);
      for (float& value : values) value = normal_(random_);
      Add("layer" + std::to_string(count), values);
      for (float& value : values) value += 1e-4F * normal_(random_);
      Add("layer" + std::to_string(count) + ".average", values);
    }
  }
  /// Moves the weights far and the averages hardly.
  void Train() {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const float step = i % 2 == 0 ? 0.05F : 1e-6F;
      for (float& value : values_[i]) value += step * normal_(random_);
    }
  }
  /// Makes tensor `index` a constant, and returns what it was.
  std::vector<float> Flatten(std::size_t index) {
    return std::exchange(values_[index], std::vector<float>(values_[index].size(), 1.0F));
  }
  void Restore(std::size_t index, std::vector<float> values) { values_[index] = std::move(values); }
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const auto bytes = std::as_bytes(std::span(values_[index]));
    std::memcpy(out.data(), bytes.data() + offset, out.size());
    return Ok();
  }

 private:
  void Add(const std::string& name, const std::vector<float>& values) {
    TensorInfo info;
    info.name = name;
    info.shape = {static_cast<std::int64_t>(values.size())};
    infos_.push_back(info);
    values_.push_back(values);
  }
  std::mt19937 random_;
  std::normal_distribution<float> normal_{0.0F, 0.05F};
  std::vector<TensorInfo> infos_;
  std::vector<std::vector<float>> values_;
};

class TwinBasesTest : public ::testing::Test {
 protected:
  void SetUp() override { store_ = testing::InitOn(disk_); }
  CommitResult MustCommit(NetWithCopies& net) {
    auto result = testing::CommitNet(*store_, "m", net);
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(result).value() : CommitResult{};
  }
  void ExpectBack(NetWithCopies& net, const std::string& reference) {
    for (std::size_t i = 0; i < net.size(); ++i) {
      const auto tensor = ReadTensor(*store_, reference + "/" + net.Info(i).name, 0);
      ASSERT_TRUE(tensor.ok()) << tensor.error().message;
      std::vector<std::byte> want(tensor->bytes.size());
      ASSERT_TRUE(net.Read(i, 0, want).ok());
      EXPECT_EQ(tensor->bytes, want) << net.Info(i).name;
    }
    const auto result = Verify(*store_, {.full = true}, {.threads = 1});
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_TRUE(result->findings.empty());
  }
  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
};

TEST_F(TwinBasesTest, CopiesInOneVersionAreCodedAgainstEachOther) {
  NetWithCopies net(1);
  const CommitResult result = MustCommit(net);
  EXPECT_EQ(result.tensors_delta, 3U);
  EXPECT_LT(result.added_bytes, 43500U * 4 * 2 * 3 / 4);
  ExpectBack(net, "m:v1");
}

TEST_F(TwinBasesTest, TheNearerOfParentAndTwinIsTaken) {
  NetWithCopies net(2);
  const CommitResult first = MustCommit(net);
  net.Train();
  const CommitResult second = MustCommit(net);
  EXPECT_GE(second.tensors_delta, 3U);
  // The averages hardly moved: against the weights of this version they would take as much again.
  EXPECT_LT(second.added_bytes, first.added_bytes);
  ExpectBack(net, "m:v2");
}

TEST_F(TwinBasesTest, AConstantInTheParentIsNoBetterThanATwin) {
  NetWithCopies net(3);
  std::vector<float> average = net.Flatten(1);
  MustCommit(net);
  net.Restore(1, std::move(average));
  const CommitResult second = MustCommit(net);
  EXPECT_EQ(second.tensors_new, 1U);
  EXPECT_LT(second.added_bytes, 40000U * 4 * 3 / 4);
  ExpectBack(net, "m:v2");
}

}  // namespace
}  // namespace dlv::store
