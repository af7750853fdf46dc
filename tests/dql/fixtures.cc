// The repositories of the result tests.

#include <cmath>
#include <limits>

#include "tests/dql/fake_context.h"

namespace dlv::query {
namespace {

constexpr std::int64_t kDay = 86400;
/// 2015-11-22.
constexpr std::int64_t kStart = 1448150400;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// 8 versions of 3 models; see the columns in tests/dql/metadata.test.
std::unique_ptr<FakeContext> MakeZoo() {
  auto zoo = std::make_unique<FakeContext>();
  const auto add = [&](FakeContext::Version version) { return zoo->Add(std::move(version)); };
  const auto a1 = add({.model = "lenet",
                       .number = 1,
                       .created = kStart,
                       .message = "first",
                       .parameter_count = 1000,
                       .raw_bytes = 4000,
                       .stored_bytes = 3000,
                       .metrics = {{"acc", {{1, 0.5}, {2, 0.7}, {3, 0.6}}}, {"loss", {{3, 1.5}}}},
                       .hparams = {{"lr", "0.1"}, {"opt", "sgd"}, {"layers", "3"}},
                       .tags = {{"stage", "dev"}}});
  const auto a2 = add({.model = "lenet",
                       .number = 2,
                       .created = kStart + kDay,
                       .author = "bob",
                       .message = "more epochs",
                       .parameter_count = 1000,
                       .raw_bytes = 4000,
                       .stored_bytes = 500,
                       .metrics = {{"acc", {{1, 0.8}, {2, 0.9}}}, {"loss", {{2, 0.9}}}},
                       .hparams = {{"lr", "0.01"}, {"opt", "adam"}},
                       .tags = {{"best", ""}},
                       .note = "good one",
                       .aliases = {"best"},
                       .parents = {{a1, Relation::kRetrain}}});
  const auto a3 = add({.model = "lenet",
                       .number = 3,
                       .created = kStart + 2 * kDay,
                       .message = "diverged",
                       .parameter_count = 1000,
                       .raw_bytes = 4000,
                       .stored_bytes = 700,
                       .metrics = {{"acc", {{2, 0.1}}}, {"loss", {{2, kNan}}}},
                       .hparams = {{"lr", "1"}, {"opt", "sgd"}},
                       .parents = {{a1, Relation::kRetrain}}});
  const auto b1 = add({.model = "resnet20",
                       .number = 1,
                       .created = kStart + 3 * kDay,
                       .author = "bob",
                       .message = "from 100% scratch",
                       .parameter_count = 270000,
                       .raw_bytes = 1080000,
                       .stored_bytes = 900000,
                       .metrics = {{"acc", {{10, 0.91}}}},
                       .hparams = {{"lr", "0.1"}, {"nesterov", "true"}}});
  const auto b2 = add({.model = "resnet20",
                       .number = 2,
                       .created = kStart + 4 * kDay,
                       .author = "eve",
                       .message = "",
                       .parameter_count = 270000,
                       .raw_bytes = 1080000,
                       .stored_bytes = 400000,
                       .metrics = {{"acc", {{10, 0.92}}}, {"loss", {{10, 0.3}}}},
                       .hparams = {{"lr", "0.05"}},
                       .tags = {{"stage", "prod"}},
                       .aliases = {"best", "prod"},
                       .parents = {{b1, Relation::kFinetune}}});
  add({.model = "resnet20",
       .number = 4,
       .created = kStart + 5 * kDay,
       .author = "eve",
       .message = "merge",
       .parameter_count = 270000,
       .raw_bytes = 1080000,
       .stored_bytes = 100,
       .parents = {{b2, Relation::kMerge}, {a2, Relation::kMerge}}});
  const auto c1 = add({.model = "ResNet-pruned",
                       .number = 1,
                       .created = kStart + 6 * kDay,
                       .message = "pruned",
                       .parameter_count = 90000,
                       .raw_bytes = 360000,
                       .stored_bytes = 300000,
                       .metrics = {{"acc", {{-1, 0.92}}}},
                       .hparams = {{"lr", "abc"}},
                       .parents = {{b2, Relation::kPrune}}});
  add({.model = "ResNet-pruned",
       .number = 2,
       .created = kStart + 7 * kDay,
       .message = "quantized",
       .parameter_count = 90000,
       .raw_bytes = 90000,
       .stored_bytes = 80000,
       .parents = {{c1, Relation::kQuantize}}});
  (void)a3;
  return zoo;
}

/// AlexNet's form, with the kinds of pools as given.
std::string AlexNetLines(const std::string& pool) {
  std::string lines;
  std::string before = "data:1x3x32x32";
  for (int i = 1; i <= 5; ++i) {
    const std::string n = std::to_string(i);
    const std::string kernel = i == 1 ? "11" : "3", pad = i == 1 ? "5" : "1";
    lines += "conv" + n + " Conv " + before + " conv" + n + ".weight:8x" + (i == 1 ? "3" : "8") +
             "x" + kernel + "x" + kernel + " conv" + n + ".bias:8 kernel_shape=" + kernel + "," +
             kernel + " pads=" + pad + "," + pad + "," + pad + "," + pad + " group=1\n";
    before = "conv" + n;
    if (i == 1 || i == 2 || i == 5) {
      lines += "pool" + n + " " + pool + " " + before + " kernel_shape=3,3 strides=2,2\n";
      before = "pool" + n;
    }
  }
  lines += "flat Flatten pool5 axis=1\n";
  before = "flat";
  for (int i = 6; i <= 8; ++i) {
    const std::string n = std::to_string(i);
    lines += "fc" + n + " Gemm " + before + " fc" + n + ".weight:16x" + (i == 6 ? "72" : "16") +
             " fc" + n + ".bias:16 transB=1\n";
    before = "fc" + n;
    if (i == 8) break;
    lines += "relu" + n + " Relu " + before + "\ndrop" + n + " Dropout relu" + n + " ratio=0.5\n";
    before = "drop" + n;
  }
  return lines + "prob Softmax fc8 axis=1\n";
}

std::map<std::string, std::vector<float>> AlexNetTensors(float scale) {
  std::map<std::string, std::vector<float>> tensors;
  for (const char* layer : {"conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"}) {
    tensors[std::string(layer) + ".weight"] = std::vector<float>(64, scale);
    tensors[std::string(layer) + ".bias"] = std::vector<float>(64, 0.5f);
    scale *= 2;
  }
  return tensors;
}

std::unique_ptr<FakeContext> MakeAlexNets() {
  auto nets = std::make_unique<FakeContext>();
  const auto max_pools = TinyNetwork("alexnet", AlexNetLines("MaxPool"));
  const auto average = TinyNetwork("alexnet", AlexNetLines("AveragePool"));
  const auto origin = nets->Add({.model = "alexnet-origin",
                                 .number = 1,
                                 .created = kStart - kDay,
                                 .network = max_pools,
                                 .tensors = AlexNetTensors(0.125f)});
  nets->Add({.model = "alexnet_max",
             .number = 1,
             .created = kStart + kDay,
             .metrics = {{"loss", {{100, 2.5}}}},
             .parents = {{origin, Relation::kCopy}},
             .network = max_pools,
             .tensors = AlexNetTensors(0.25f)});
  nets->Add(
      {.model = "alexnet_max", .number = 2, .created = kStart - 2 * kDay, .network = max_pools});
  nets->Add({.model = "alexnet-avgv1",
             .number = 1,
             .created = kStart + 2 * kDay,
             .parents = {{origin, Relation::kFinetune}},
             .network = average,
             .tensors = AlexNetTensors(0.5f)});
  nets->Add({.model = "mlp",
             .number = 1,
             .created = kStart + 3 * kDay,
             .network = TinyNetwork("mlp",
                                    "fc1 Gemm x fc1.weight fc1.bias\nrelu1 Relu fc1\n"
                                    "fc2 Gemm relu1 fc2.weight\nsum Add fc2 relu1\n")});
  nets->Add({.model = "table", .number = 1, .created = kStart + 4 * kDay});
  return nets;
}

std::unique_ptr<FakeContext> MakeWeights() {
  auto weights = std::make_unique<FakeContext>();
  std::vector<float> ramp, noise;
  std::uint64_t state = 12345;
  for (int i = 1; i <= 1000; ++i) {
    ramp.push_back(static_cast<float>(i) / 1000);
    state = state * 6364136223846793005u + 1442695040888963407u;
    noise.push_back(static_cast<float>(static_cast<double>(state >> 40) / (1 << 24) - 0.5));
  }
  std::vector<float> moved = noise;
  for (float& number : moved) number += 0.001f;
  const auto first =
      weights->Add({.model = "net",
                    .number = 1,
                    .created = kStart,
                    .network = TinyNetwork("net", "fc Gemm x:1x1 fc.weight:1x2 fc.bias:2\n"),
                    .tensors = {{"fc.weight", {3, 4}},
                                {"fc.bias", {0, 0, -2, 0}},
                                {"ramp", ramp},
                                {"noise", noise},
                                {"bad",
                                 {1, std::numeric_limits<float>::quiet_NaN(),
                                  std::numeric_limits<float>::infinity(), -1}}}});
  weights->Add({.model = "net",
                .number = 2,
                .created = kStart + kDay,
                .parents = {{first, Relation::kRetrain}},
                .network = TinyNetwork("net", "fc Gemm x:1x1 fc.weight:1x2 fc.bias:2\n"),
                .tensors = {{"fc.weight", {6, 8}},
                            {"fc.bias", {0, 0, -2, 0}},
                            {"ramp", ramp},
                            {"noise", moved},
                            {"bad", {1, 2, 3, 4}}}});
  return weights;
}

}  // namespace

std::unique_ptr<FakeContext> MakeFixture(const std::string& name) {
  if (name == "zoo") return MakeZoo();
  if (name == "alexnets") return MakeAlexNets();
  if (name == "weights") return MakeWeights();
  return nullptr;
}

}  // namespace dlv::query
