// Which of a network's values metrics are computed from.

#include <cmath>

#include "tests/unit/engine/api/small_network.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

constexpr double kScale = 200;  // exp(-200) is no f32

/// Scores that are the inputs times kScale.
class ScaledIdentity : public TensorSource {
 public:
  explicit ScaledIdentity(const char* name) {
    info_.name = name;
    info_.shape = {3, 3};
    for (const std::size_t i : {0U, 4U, 8U}) values_[i] = static_cast<float>(kScale);
  }
  std::size_t size() const override { return 1; }
  TensorInfo Info(std::size_t) const override { return info_; }
  Status Read(std::size_t, std::uint64_t offset, std::span<std::byte> out) override {
    const auto bytes = std::as_bytes(std::span(values_)).subspan(offset, out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return Ok();
  }

 private:
  TensorInfo info_;
  std::vector<float> values_ = std::vector<float>(9, 0.0F);
};

class EvaluatedScoresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-scores-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    ASSERT_TRUE(Repository::Init(root_).ok());
    auto opened = Repository::Open(root_);
    ASSERT_TRUE(opened.ok());
    repository_ = std::move(opened).value();
    small_network::WriteNpy<float>(root_ / "x.npy", "<f4", "3, 3", {1, 0, 0, 0, 1, 0.5F, 0, 0, 0});
    small_network::WriteNpy<std::int64_t>(root_ / "y.npy", "<i8", "3,", {1, 1, 2});
    options_.data = root_ / "x.npy";
    options_.labels = root_ / "y.npy";
    options_.metrics = {"top1", "loss"};
  }
  void TearDown() override {
    repository_.reset();
    fs::remove_all(root_);
  }

  VersionEvaluation Evaluated(const std::string& file, const std::string& network,
                              const char* weight) {
    std::ofstream(root_ / file, std::ios::binary) << network;
    CommitRequest request;
    request.model = "net";
    request.files = {{root_ / file, file, {}}};
    ScaledIdentity weights(weight);
    request.tensors = {{&weights, {}}};
    const auto committed = repository_->Commit(request);
    EXPECT_TRUE(committed.ok()) << committed.error().message;
    const auto report = repository_->Evaluate({"net"}, options_);
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message);
    return report.ok() ? report->versions.front() : VersionEvaluation();
  }

  /// Of a network whose scores `fc` go through `nodes`, the last of which is `last`.
  VersionEvaluation EvaluatedNodes(const std::string& opset, const std::string& nodes,
                                   const std::string& last) {
    return Evaluated("net.dlvnet",
                     "network \"net\" {\n  operators \"\" " + opset +
                         "\n  input x: f32 [?, 3]\n  parameter fc.weight: f32 [3, 3]\n"
                         "  node fc = Gemm(@x, $fc.weight)\n" +
                         nodes + "  output y = " + last + "\n}\n",
                     "fc.weight");
  }

  fs::path root_;
  std::unique_ptr<Repository> repository_;
  EvaluationOptions options_;
};

TEST_F(EvaluatedScoresTest, LossIsOfWhatTheSoftmaxReads) {
  const double all = kScale + std::log1p(2 * std::exp(-kScale)) + std::log(3.0);
  const char* kEndings[][3] = {
      {"13", "  node p = Softmax(fc)\n", "p"},
      {"11", "  node p = Softmax(fc)\n", "p"},
      {"13", "  node p = LogSoftmax(fc) { axis = 1 }\n", "p"},
      {"13", "  node p = Softmax(fc)\n  node f = Flatten(p)\n  node i = Identity(f)\n", "i"},
  };
  for (const auto& [opset, nodes, last] : kEndings) {
    const VersionEvaluation version = EvaluatedNodes(opset, nodes, last);
    ASSERT_EQ(version.metrics.size(), 2U);
    EXPECT_DOUBLE_EQ(version.metrics[0].second, 1.0 / 3) << nodes;
    EXPECT_NEAR(version.metrics[1].second, all / 3, 1e-12) << nodes;
    EXPECT_TRUE(version.warnings.empty()) << "the scores are no second output: " << nodes;
  }
}

TEST_F(EvaluatedScoresTest, SoftmaxOverOtherAxesIsTakenAsItIs) {
  options_.batch = 1;  // each score by itself: every probability is 1
  const VersionEvaluation version =
      EvaluatedNodes("13", "  node p = Softmax(fc) { axis = 0 }\n", "p");
  ASSERT_EQ(version.metrics.size(), 2U);
  EXPECT_EQ(version.metrics[1].second, 0);
}

TEST_F(EvaluatedScoresTest, PredictionsStayProbabilities) {
  options_.predictions = root_ / "with.npz";
  EvaluatedNodes("13", "  node p = Softmax(fc)\n", "p");
  options_.metrics = {"top1"};
  options_.predictions = root_ / "without.npz";
  EvaluatedNodes("13", "  node p = Softmax(fc)\n", "p");
  const auto bytes = [&](const char* name) {
    std::ifstream file(root_ / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_FALSE(bytes("with.npz").empty());
  EXPECT_EQ(bytes("with.npz"), bytes("without.npz"));
}

TEST_F(EvaluatedScoresTest, CaffeLayersThatNeedLabelsAreLeftOut) {
  small_network::WriteNpy<float>(root_ / "x.npy", "<f4", "3, 3, 1, 1",
                                 {1, 0, 0, 0, 1, 0.5F, 0, 0, 0});
  const VersionEvaluation version = Evaluated("train_val.prototxt", R"(
    layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST } }
    layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
            inner_product_param { num_output: 3 bias_term: false } }
    layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" })",
                                              "ip.weight");
  ASSERT_EQ(version.metrics.size(), 2U);
  EXPECT_DOUBLE_EQ(version.metrics[0].second, 1.0 / 3);
  EXPECT_NEAR(version.metrics[1].second, (kScale + std::log(3.0)) / 3, 1e-12);
  ASSERT_EQ(version.warnings.size(), 1U);
  EXPECT_EQ(version.warnings[0],
            "layers that compare scores with labels are left out: accuracy (Accuracy), loss "
            "(SoftmaxWithLoss); the scores are \"ip\"");
}

}  // namespace
}  // namespace dlv
