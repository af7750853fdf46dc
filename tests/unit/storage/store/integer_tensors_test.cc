// Integers against a base through commits, plans and removal.

#include <algorithm>
#include <cmath>

#include "storage/store/archive_rewrite.h"
#include "storage/store/garbage.h"
#include "storage/store/remove.h"
#include "storage/store/stored_forms.h"
#include "tests/fault/some_rates.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

using dlv::testing::RequestOf;
using dlv::testing::SettingsWithRates;
using dlv::testing::SmallNet;

/// A network rounded to 8 bits, with a step of its own for each tensor.
class RoundedNet : public TensorSource {
 public:
  explicit RoundedNet(const SmallNet& net) : infos_(net.size()), bytes_(net.size()) {
    for (std::size_t i = 0; i < net.size(); ++i) {
      infos_[i] = net.Info(i);
      bytes_[i] = net.bytes(i);
      if (infos_[i].dtype == DType::kF32) Round(i);
    }
  }
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), bytes_[index].data() + offset, out.size());
    return Ok();
  }
  const std::vector<std::byte>& bytes(std::size_t index) const { return bytes_[index]; }

 private:
  void Round(std::size_t index) {
    std::vector<float> values(bytes_[index].size() / 4);
    if (!values.empty()) std::memcpy(values.data(), bytes_[index].data(), bytes_[index].size());
    float largest = 1e-9F;
    for (const float value : values) largest = std::max(largest, std::abs(value));
    bytes_[index].clear();
    for (const float value : values)
      bytes_[index].push_back(static_cast<std::byte>(std::lround(value / largest * 127)));
    infos_[index].dtype = DType::kI8;
  }

  std::vector<TensorInfo> infos_;
  std::vector<std::vector<std::byte>> bytes_;
};

class IntegerTensors : public SmallRepositoryTest {
 protected:
  /// Commits a rounded step of training; the network goes on.
  CommitResult CommitRounded(const std::string& model, SmallNet& net, ParentChoice parents) {
    for (unsigned step = 0; step < 20; ++step) net.Train(++seed_);
    rounded_.emplace_back(net);
    CommitRequest request = RequestOf(model, rounded_.back());
    request.parent_choice = parents;
    auto result = Commit(*store_, request, {.threads = 1});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(*result) : CommitResult();
  }
  void ExpectBytes(const std::string& reference, const RoundedNet& net) {
    EXPECT_EQ(Bytes(reference + "/layer1.weight"), net.bytes(0)) << reference;
    EXPECT_EQ(Bytes(reference + "/layer2.weight"), net.bytes(2)) << reference;
    EXPECT_EQ(Bytes(reference + "/@buffer/steps"), net.bytes(6)) << reference;
  }
  /// How the first tensor is stored.
  StoredForm FormOf(const std::string& reference) {
    const auto details = Describe(*store_, reference);
    const auto forms = StoredForms::Load(*store_);
    EXPECT_TRUE(details.ok() && forms.ok());
    return *forms->FindForm(details->tensors[0].id);
  }

  std::vector<RoundedNet> rounded_;
  unsigned seed_ = 1000;
};

TEST_F(IntegerTensors, AreStoredAgainstTheirParents) {
  SmallNet net(5);
  const CommitResult first = CommitRounded("q", net, ParentChoice::kNone);
  EXPECT_EQ(first.tensors_delta, 0U);
  const CommitResult second = CommitRounded("q", net, ParentChoice::kInfer);
  EXPECT_GE(second.tensors_delta, 2U);
  EXPECT_EQ(FormOf("q:v2").depth, 1U);
  EXPECT_LT(FormOf("q:v2").coded_bytes * 2, FormOf("q:v1").coded_bytes);
  ExpectBytes("q:v1", rounded_[0]);
  ExpectBytes("q:v2", rounded_[1]);
  ExpectClean();
}

TEST_F(IntegerTensors, FindTheirParentsByWeights) {
  SmallNet net(5), stranger(6);
  CommitRounded("stranger", stranger, ParentChoice::kNone);
  CommitRounded("q", net, ParentChoice::kNone);
  CommitRounded("another", stranger, ParentChoice::kNone);
  const CommitResult tuned = CommitRounded("tuned", net, ParentChoice::kInfer);
  ASSERT_EQ(tuned.version.parents.size(), 1U);
  EXPECT_EQ(tuned.version.parents[0].reference, "q:v1");
  SmallNet start(7);
  EXPECT_TRUE(CommitRounded("start", start, ParentChoice::kInfer).version.parents.empty());
}

TEST_F(IntegerTensors, ArePlannedAsOthersAre) {
  SmallNet net(5);
  for (unsigned i = 0; i < 3; ++i)
    CommitRounded("stray" + std::to_string(i), net, ParentChoice::kNone);
  const auto archived = ArchiveRewrite(*store_, "", SettingsWithRates(), {.threads = 1});
  ASSERT_TRUE(archived.ok()) << archived.error().message;
  EXPECT_GT(FormOf("stray0:v1").depth + FormOf("stray1:v1").depth + FormOf("stray2:v1").depth, 1U);
  for (unsigned i = 0; i < 3; ++i) ExpectBytes("stray" + std::to_string(i) + ":v1", rounded_[i]);
  ASSERT_TRUE(Remove(*store_, {"stray0", "stray1"}, true, false).ok());
  ASSERT_TRUE(CollectGarbage(*store_, {.execute = true, .use_trash = false}, {}).ok());
  Reopen();
  ExpectBytes("stray2:v1", rounded_[2]);
  ExpectClean();
}

}  // namespace
}  // namespace dlv::store
