// Random networks that move channels about between fast kernels (views, other orders than C order)
// against the reference in double.

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine/infer/session.h"
#include "engine/kernels/convert.h"
#include "engine/network/normalise.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::infer {
namespace {

using kernels::Value;
using network::Builder;
using Wholes = std::vector<std::int64_t>;

constexpr std::int64_t kHeight = 6, kWidth = 5;

class Noise : public WeightSource {
 public:
  Result<Value> Read(const NetworkParameter& parameter, DType real,
                     kernels::Memory& memory) override {
    DLV_ASSIGN(Value value, memory.Make(DType::kF32, *parameter.shape));
    std::mt19937 random(static_cast<unsigned>(parameter.name.size()));
    std::normal_distribution<float> normal(0, 0.3F);
    for (float& element : value.As<float>()) element = normal(random);
    return kernels::Converted(value, real, memory);
  }
};

/// A value of [N, channels, kHeight, kWidth].
struct Image {
  NetworkOperand operand;
  std::int64_t channels = 0;
};

/// Nodes one after the other, each on values made before.
class RandomNetwork {
 public:
  explicit RandomNetwork(unsigned seed) : random_(seed) {
    images_.push_back({net_.Input("x", NetworkShape{kUnknownSize, 8, kHeight, kWidth}), 8});
  }

  Builder Make(int nodes) {
    Convolve();
    for (int i = 0; i < nodes; ++i) AddNode();
    for (std::size_t i = 1; i <= 3; ++i) {
      net_.Output("y" + std::to_string(i), images_[images_.size() - i].operand);
    }
    return std::move(net_);
  }

 private:
  std::int64_t Whole(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }
  const Image& Any() {
    const auto count = static_cast<std::int64_t>(images_.size());
    return images_[static_cast<std::size_t>(
        Whole(std::max<std::int64_t>(0, count - 4), count - 1))];
  }
  NetworkOperand Node(const std::string& op, const std::vector<NetworkOperand>& operands,
                      const Builder::Attributes& attributes = {}, std::size_t outputs = 1) {
    return net_.Node(op + std::to_string(++made_), op, operands, attributes, outputs);
  }
  NetworkOperand List(const Wholes& values) { return net_.List(values); }

  void AddNode() {
    switch (Whole(0, 9)) {
      case 0:
      case 1:
        return Convolve();
      case 2:
        return Join();
      case 3:
        return Halve();
      case 4:
        return Shuffle();
      case 5:
        return Slice();
      case 6:
        return Border();
      case 7:
        return Weigh();
      case 8:
        return Group();
      default:
        images_.push_back({Node("Relu", {Any().operand}), 0});
        images_.back().channels = ChannelsOfLast();
    }
  }

  /// Of the value that the last node reads, which has as many.
  std::int64_t ChannelsOfLast() {
    const NetworkOperand& read = net_.network().nodes.back().operands[0];
    for (const Image& image : images_) {
      const NetworkOperand& one = image.operand;
      if (one.kind == read.kind && one.index == read.index && one.port == read.port)
        return image.channels;
    }
    return 0;
  }

  void Convolve() {
    const Image in = Any();
    const std::int64_t out = 8 * Whole(1, 3) + (Whole(0, 3) == 0 ? 2 : 0);
    const std::string name = std::string(static_cast<std::size_t>(++made_), 'w');
    images_.push_back({Node("Conv", {in.operand, net_.Parameter(name, {out, in.channels, 3, 3})},
                            {{"pads", Wholes{1, 1, 1, 1}}}),
                       out});
  }
  /// A block of groups: a factor a channel, a sum and an activation, channels exchanged; then each
  /// channel by itself.
  void Group() {
    const Image in = Any();
    if (in.channels % 4 != 0) return;
    const std::int64_t groups = Whole(0, 1) == 0 ? 2 : 4;
    const auto weights = [&](const Wholes& shape) {
      return net_.Parameter(std::string(static_cast<std::size_t>(++made_), 'w'), shape);
    };
    auto y = Node("Conv", {in.operand, weights({in.channels, in.channels / groups, 1, 1})},
                  {{"group", groups}});
    if (Whole(0, 1) == 0) y = Node("Mul", {y, weights({in.channels, 1, 1})});
    if (Whole(0, 1) == 0) y = Node("Add", {y, in.operand});
    if (Whole(0, 1) == 0) y = Node("Relu", {y});
    if (Whole(0, 2) > 0) {
      const std::int64_t parts = Whole(0, 2) == 0 ? 2 : groups;
      const Wholes split = {-1, parts, in.channels / parts, kHeight, kWidth};
      y = Node("Reshape", {y, List(split)});
      y = Node("Transpose", {y}, {{"perm", Wholes{0, 2, 1, 3, 4}}});
      y = Node("Reshape", {y, List({-1, in.channels, kHeight, kWidth})});
    }
    if (Whole(0, 1) == 0) {
      y = Node("Conv", {y, weights({in.channels, 1, 3, 3})},
               {{"group", in.channels}, {"pads", Wholes{1, 1, 1, 1}}});
    }
    images_.push_back({y, in.channels});
  }
  void Join() {
    const Image a = Any(), b = Any();
    if (a.channels + b.channels > 64) return;
    images_.push_back({Node("Concat", {a.operand, b.operand}, {{"axis", std::int64_t{1}}}),
                       a.channels + b.channels});
  }
  void Halve() {
    const Image in = Any();
    if (in.channels % 2 != 0) return;
    const Wholes sizes(2, in.channels / 2);
    const auto first = Node("Split", {in.operand, List(sizes)}, {{"axis", std::int64_t{1}}}, 2);
    images_.push_back({first, in.channels / 2});
    images_.push_back({Builder::Port(first, 1), in.channels / 2});
  }
  /// [N, C/2, 2, H W], turned; its halves apart, or together in the new order.
  void Shuffle() {
    const Image in = Any();
    if (in.channels % 2 != 0) return;
    const std::int64_t half = in.channels / 2;
    const auto pairs = Node("Reshape", {in.operand, List({-1, half, 2, kHeight * kWidth})});
    if (Whole(0, 1) == 0) {
      const auto turned = Node("Transpose", {pairs}, {{"perm", Wholes{0, 2, 1, 3}}});
      images_.push_back(
          {Node("Reshape", {turned, List({-1, in.channels, kHeight, kWidth})}), in.channels});
      return;
    }
    const auto turned = Node("Transpose", {pairs}, {{"perm", Wholes{2, 0, 1, 3}}});
    const auto halves = Node("Reshape", {turned, List({2, -1, half, kHeight, kWidth})});
    for (const std::int64_t place : {0, -1}) {
      images_.push_back({Node("Gather", {halves, net_.Scalar(place)}), half});
    }
  }
  void Slice() {
    const Image in = Any();
    const std::int64_t step = Whole(0, 3) == 0 ? -2 : Whole(1, 2);
    const std::int64_t first = step > 0 ? 1 : in.channels - 1;
    const std::int64_t last = step > 0 ? in.channels : 0;
    images_.push_back(
        {Node("Slice", {in.operand, List({first}), List({last}), List({1}), List({step})}),
         (std::abs(last - first) + std::abs(step) - 1) / std::abs(step)});
  }
  /// A border of zeros, and its mean; or twice as large, and the greatest of each four.
  void Border() {
    const Image in = Any();
    const Builder::Attributes three = {{"kernel_shape", Wholes{3, 3}}};
    const Builder::Attributes two = {{"kernel_shape", Wholes{2, 2}}, {"strides", Wholes{2, 2}}};
    if (Whole(0, 1) == 0) {
      const auto wide = Node("Pad", {in.operand, List({0, 0, 1, 1, 0, 0, 1, 1})});
      images_.push_back({Node("AveragePool", {wide}, three), in.channels});
      return;
    }
    const auto scales = net_.Constant(Builder::Reals({1, 1, 2, 2}));
    const auto large = Node("Resize", {in.operand, Builder::Absent(), scales},
                            {{"mode", std::string("nearest")},
                             {"coordinate_transformation_mode", std::string("asymmetric")}});
    images_.push_back({Node("MaxPool", {large}, two), in.channels});
  }
  /// Each position's channels as shares.
  void Weigh() {
    const Image in = Any();
    const auto last = Node("Transpose", {in.operand}, {{"perm", Wholes{0, 3, 2, 1}}});
    const auto shares = Node("Softmax", {last}, {{"axis", std::int64_t{3}}});
    images_.push_back({Node("Transpose", {shares}, {{"perm", Wholes{0, 3, 2, 1}}}), in.channels});
  }

  std::mt19937 random_;
  Builder net_;
  std::vector<Image> images_;
  int made_ = 0;
};

std::vector<Value> OutputsOf(const Builder& net, const SessionOptions& options,
                             const std::vector<std::int64_t>& batches) {
  Noise weights;
  auto normal = network::Normalise(net.Take());
  EXPECT_TRUE(normal.ok()) << normal.error().message;
  auto session = Session::Make(std::move(normal->network), weights, options);
  EXPECT_TRUE(session.ok()) << session.error().message;
  std::vector<Value> all;
  for (const std::int64_t batch : batches) {
    Value input = *(*session)->memory().Make(DType::kF32, {batch, 8, kHeight, kWidth});
    std::mt19937 random(7);
    std::normal_distribution<float> normal_number;
    for (float& element : input.As<float>()) element = normal_number(random);
    auto outputs = (*session)->Run({input});
    EXPECT_TRUE(outputs.ok()) << outputs.error().message;
    if (outputs.ok()) all.insert(all.end(), outputs->begin(), outputs->end());
  }
  return all;
}

TEST(MovedChannels, AreThoseOfTheReference) {
  const std::vector<std::int64_t> batches = {1, 2, 1};
  for (unsigned seed = 0; seed < 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Builder net = RandomNetwork(seed).Make(14);
    const auto wanted = OutputsOf(net, {Precision::kF64}, batches);
    const auto got = OutputsOf(net, {}, batches);
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t k = 0; k < got.size(); ++k) {
      ASSERT_EQ(got[k].shape(), wanted[k].shape());
      const auto right = kernels::RealsOf(wanted[k]), fast = kernels::RealsOf(got[k]);
      double greatest = 0;
      for (const double one : right) greatest = std::max(greatest, std::fabs(one));
      for (std::size_t i = 0; i < right.size(); ++i) {
        ASSERT_NEAR(fast[i], right[i], 1e-4 * greatest) << "output " << k << ", " << i;
      }
    }
  }
}

/// Caffe's normalisation: behind a convolution, and behind a value that others read, too.
TEST(FactorsAndSummands, AreFoldedIntoWhatIsBefore) {
  for (const std::int64_t channels : {8, 13}) {
    Builder net;
    const auto vector = [&](const std::string& name) { return net.Parameter(name, {channels}); };
    const auto planes = [&](const std::string& name) {
      return net.Parameter(name, {channels, 1, 1});
    };
    const auto normal = [&](const std::string& name, const NetworkOperand& in) {
      const auto ones = net.Constant(
          Builder::Reals(std::vector<float>(static_cast<std::size_t>(channels), 1.5F)));
      return net.Node(
          name, "BatchNormalization",
          {in, vector(name + ".scale"), vector(name + ".b"), vector(name + ".mean"), ones});
    };
    const auto x = net.Input("x", NetworkShape{kUnknownSize, 8, kHeight, kWidth});
    auto y = net.Node("conv", "Conv", {x, net.Parameter("w", {channels, 8, 3, 3})});
    y = net.Node("mul1", "Mul", {planes("factor"), normal("n1", y)});
    y = net.Node("add1", "Add", {y, planes("summand")});
    y = net.Node("relu1", "Relu", {y});
    auto z = net.Node("mul2", "Mul", {normal("n2", y), planes("f")});
    z = net.Node("relu2", "Relu", {net.Node("add2", "Add", {planes("su"), z})});
    net.Output("y", net.Node("both", "Concat", {y, z}, {{"axis", std::int64_t{1}}}));
    const auto wanted = OutputsOf(net, {Precision::kF64}, {1, 3});
    const auto got = OutputsOf(net, {}, {1, 3});
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      const auto right = kernels::RealsOf(wanted[k]), fast = kernels::RealsOf(got[k]);
      ASSERT_EQ(fast.size(), right.size());
      for (std::size_t i = 0; i < right.size(); ++i) ASSERT_NEAR(fast[i], right[i], 1e-4) << i;
    }
  }
}

void ExpectLikeTheReference(const Builder& net, const std::vector<std::int64_t>& batches) {
  const auto wanted = OutputsOf(net, {Precision::kF64}, batches);
  const auto got = OutputsOf(net, {}, batches);
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    ASSERT_EQ(got[k].shape(), wanted[k].shape());
    const auto right = kernels::RealsOf(wanted[k]), fast = kernels::RealsOf(got[k]);
    double greatest = 0;
    for (const double one : right) greatest = std::max(greatest, std::fabs(one));
    for (std::size_t i = 0; i < right.size(); ++i) {
      ASSERT_NEAR(fast[i], right[i], 1e-4 * greatest) << "output " << k << ", " << i;
    }
  }
}

/// Channels last, in blocks that they fill and in such that they do not: rows of images for layers
/// that know the order, for others in C order.
TEST(Images, AreFlattenedForLayers) {
  for (const std::int64_t channels : {8, 13, 16, 24, 32}) {
    for (const std::string flatten : {"Flatten", "Reshape"}) {
      for (int readers = 0; readers < 8; ++readers) {
        SCOPED_TRACE(flatten + " of " + std::to_string(channels) + ", " + std::to_string(readers));
        Builder net;
        const std::int64_t depth = channels * kHeight * kWidth;
        const auto x = net.Input("x", NetworkShape{kUnknownSize, 8, kHeight, kWidth});
        auto y = net.Node("conv", "Conv", {x, net.Parameter("w", {channels, 8, 3, 3})},
                          {{"pads", Wholes{1, 1, 1, 1}}});
        y = net.Node("relu", "Relu", {y});
        y = flatten == "Flatten" ? net.Node("flat", flatten, {y})
                                 : net.Node("flat", flatten, {y, net.List({-1, depth})});
        const auto turned = net.Node("gemm", "Gemm", {y, net.Parameter("turned", {7, depth})},
                                     {{"transB", std::int64_t{1}}});
        net.Output("turned", net.Node("relu2", "Relu", {turned}));
        if ((readers & 1) != 0) {
          net.Output("product", net.Node("mul", "MatMul", {y, net.Parameter("b", {depth, 5})}));
        }
        if ((readers & 2) != 0) {  // not as it stands, nor with a weight that is no weight
          net.Output("half", net.Node("half", "Gemm", {y, net.Parameter("half", {depth, 3})},
                                      {{"alpha", 0.5}}));
          const auto made = net.Node("abs", "Sigmoid", {turned});
          net.Output("square",
                     net.Node("square", "Gemm", {made, y}, {{"transA", std::int64_t{1}}}));
        }
        if ((readers & 4) != 0) net.Output("flat", net.Node("same", "Relu", {y}));
        ExpectLikeTheReference(net, {1, 3, 1});
      }
    }
  }
}

TEST(MovedChannels, MayBeWeights) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 8, kHeight, kWidth});
  const auto made = net.Node("c1", "Conv", {x, net.Parameter("w", {8, 8, 1, 1})});
  net.Output("y", net.Node("c2", "Conv", {x, made}));  // in blocks of channels
  const auto wanted = OutputsOf(net, {Precision::kF64}, {1, 1});
  const auto got = OutputsOf(net, {}, {1, 1});
  ASSERT_EQ(got.size(), 2U);
  for (std::size_t k = 0; k < got.size(); ++k) {
    const auto right = kernels::RealsOf(wanted[k]), fast = kernels::RealsOf(got[k]);
    ASSERT_EQ(fast.size(), 1U);
    EXPECT_NEAR(fast[0], right[0], 1e-4 * std::fabs(right[0]));
  }
}

}  // namespace
}  // namespace dlv::infer
