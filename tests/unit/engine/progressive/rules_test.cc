// Networks in which one term of a rule is all that holds the truth: without it the bound is too
// small.

#include <gtest/gtest.h>

#include "engine/progressive/pass.h"
#include "engine/progressive/shape_layers.h"
#include "engine/progressive/weight_loader.h"
#include "tests/unit/engine/progressive/random_network.h"

namespace dlv::progressive {
namespace {

using truth::Quad;
using truth::Sample;

/// The truth of the first layer's values lies within their bounds, at the first level of all.
void ExpectFirstLayer(network::Builder& net, RandomLevels& levels, const std::vector<double>& input,
                      const Sample& truth) {
  const auto network = network::Normalise(net.Take());
  ASSERT_TRUE(network.ok()) << network.error().message;
  auto planned = PlanLayers(network->network, levels);
  ASSERT_TRUE(planned.ok() && planned->graph != nullptr) << planned->stopped_by;
  const LayerGraph& graph = *planned->graph;
  for (const bool with_bounds : {false, true}) {
    WeightLoader loader(graph, levels, nullptr, 1 << 20);
    ASSERT_TRUE(loader.Open().ok());
    ASSERT_TRUE(!with_bounds || loader.ComputeBounds(nullptr, nullptr).ok());
    ASSERT_TRUE(loader.Use(std::vector<std::size_t>(loader.size(), 0)).ok());
    Pass pass(graph, input);
    pass.Forward(0);
    Quad squares = 0;
    for (std::size_t i = 0; i < truth.values.size(); ++i) {
      const Quad off = truth.values[i] - Quad(pass.ValuesOf(1)[i]);
      squares += off * off;
    }
    EXPECT_GT(squares, 0);
    const Quad bound = pass.SpreadOf(1).whole[0];
    EXPECT_LT(bound, 1e6);
    EXPECT_GE(bound * bound, squares) << double(bound) << " < " << std::sqrt(double(squares));
  }
}

void AddScores(network::Builder& net, RandomLevels& levels, const NetworkOperand& value,
               std::int64_t count) {
  const auto flat = net.Node("flat", "Flatten", {value});
  const std::vector<float> weights(AsSize(2 * count), 1);
  levels.Set("scores", {count, 2}, weights, {0});
  net.Output("y", net.Node("fc", "MatMul", {flat, net.Parameter("scores", {count, 2})}));
}

/// All weights are 1 and known to be in [1, 2): the unread part is the same everywhere, and all of
/// it meets an input of ones.
void CheckConvolution(const truth::Windows& windows, std::int64_t size, std::int64_t lattice) {
  const Extent in{1, size, size}, out = windows.Out(1, in);
  network::Builder net;
  RandomLevels levels;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 1, size, size});
  const std::vector<float> ones(9, 1);
  levels.Set("w", {1, 1, 3, 3}, ones, {0});
  const auto wholes = [](const auto& from) {
    return std::vector<std::int64_t>(from.begin(), from.end());
  };
  const auto y = net.Node("conv", "Conv", {x, net.Parameter("w", {1, 1, 3, 3})},
                          {{"kernel_shape", wholes(windows.kernel)},
                           {"strides", wholes(windows.strides)},
                           {"dilations", wholes(windows.dilations)},
                           {"pads", wholes(windows.pads)}});
  AddScores(net, levels, y, out.count());
  std::vector<double> input(AsSize(size * size), 0);
  for (std::int64_t i = 0; i < size * size; ++i) {
    if (i / size % lattice == 0 && i % size % lattice == 0) input[AsSize(i)] = 1;
  }
  ExpectFirstLayer(net, levels, input,
                   truth::Convolved({in, {input.begin(), input.end()}}, ones, {0}, 1, windows));
}

TEST(Rules, ConvolutionOfAlikeWeights_OverlapDropped) {
  truth::Windows windows;
  windows.kernel = {3, 3};
  windows.pads = {1, 1, 1, 1};
  CheckConvolution(windows, 12, 1);
}

TEST(Rules, ConvolutionOfOneParity_CommonDivisorDropped) {
  truth::Windows windows;
  windows.kernel = {3, 3};
  windows.strides = windows.dilations = {2, 2};
  windows.pads = {2, 2, 2, 2};
  CheckConvolution(windows, 25, 2);
}

/// The centre of the first layer is 0, so that what is unread of the second meets nothing but the
/// spread: the term of second order is needed to hold the truth.
TEST(Rules, UnreadWeightsMeetUnreadInputs_SecondOrderDropped) {
  network::Builder net;
  RandomLevels levels;
  const float below_two = 0x1.fffffep0F;
  levels.Set("w1", {1, 1}, {1}, {0});
  levels.Set("b1", {1}, {-1.5F}, {0});
  levels.Set("w2", {2, 1}, {below_two, 0}, {0});
  levels.Set("b2", {2}, {10, 0}, {0});
  const network::Builder::Attributes turned = {{"transB", std::int64_t{1}}};
  const auto h = net.Node("fc1", "Gemm",
                          {net.Input("x", NetworkShape{kUnknownSize, 1}),
                           net.Parameter("w1", {1, 1}), net.Parameter("b1", {1})},
                          turned);
  net.Output("y", net.Node("fc2", "Gemm",
                           {h, net.Parameter("w2", {2, 1}), net.Parameter("b2", {2})}, turned));
  const auto network = network::Normalise(net.Take());
  ASSERT_TRUE(network.ok());
  auto planned = PlanLayers(network->network, levels);
  ASSERT_TRUE(planned.ok() && planned->graph != nullptr);
  WeightLoader loader(*planned->graph, levels, nullptr, 1 << 20);
  ASSERT_TRUE(loader.Open().ok());
  ASSERT_TRUE(loader.Use({0, 0}).ok());
  Pass pass(*planned->graph, {1});
  pass.Forward(0);
  EXPECT_EQ(pass.ScoresOf(0)[0], 10);
  const Quad truth = Quad(10) - Quad(0.5) * Quad(below_two);  // about 9: 0.75 by C, 0.25 by D
  const double bound = pass.LowerBound(0, 0, 1, SIZE_MAX, HUGE_VAL);
  EXPECT_LE(Quad(bound), truth);
  EXPECT_GE(bound, 8.89);  // norms do not see that the other class stays
}

/// A normalisation that multiplies a channel by 0 leaves nothing unknown of it.
TEST(Rules, ChannelsThatAreSwitchedOffStayBounded) {
  network::Builder net;
  RandomLevels levels;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 1, 1, 1});
  levels.Set("w", {2, 1, 1, 1}, {0.7F, 0.3F}, {4});
  const auto y = net.Node("conv", "Conv", {x, net.Parameter("w", {2, 1, 1, 1})});
  std::vector<NetworkOperand> operands = {y};
  const std::vector<float> numbers[] = {{0, 1}, {0.5F, 0.25F}, {0.1F, 0.2F}, {1, 1}};
  for (std::size_t i = 0; i < 4; ++i) {
    levels.Set("p" + std::to_string(i), {2}, numbers[i], {0});
    operands.push_back(net.Parameter("p" + std::to_string(i), {2}));
  }
  AddScores(net, levels, net.Node("norm", "BatchNormalization", operands, {{"epsilon", 0x1p-10}}),
            2);
  Sample truth = truth::Empty({2, 1, 1});
  const Quad factor = 1 / bounds::oracle::Root(Quad(1) + Quad(0x1p-10));
  truth.values = {Quad(0.5F), (Quad(0.3F) - Quad(0.2F)) * factor + Quad(0.25F)};
  ExpectFirstLayer(net, levels, {1}, truth);
}

/// How far x scale / sqrt(variance + epsilon), computed in doubles, is from the truth, in units of
/// rounding.
double RoundingOf(float scale, float variance, double epsilon, float x) {
  const double factor = double(scale) / std::sqrt(double(variance) + epsilon);
  const Quad truth = Quad(scale) / bounds::oracle::Root(Quad(variance) + Quad(epsilon)) * Quad(x);
  return static_cast<double>((truth - Quad(factor * double(x))) / truth * Quad(0x1p53));
}

/// Roundings of root, quotient and product that all go one way, and far: searched for.
TEST(Rules, Normalisation_RoundingDropped) {
  const double epsilon = static_cast<float>(1e-3);
  std::mt19937 random(1);
  const auto draw = [&](double from) {
    return static_cast<float>(from + 0.01 * double(random() % 100003) / 100003);
  };
  float scale = 1, variance = 1, x = 1;
  double worst = 0;
  for (int i = 0; i < 6000; ++i) {
    const float s = draw(1.02), v = draw(1.0);
    if (const double here = RoundingOf(s, v, epsilon, 1); here > worst) {
      worst = here, scale = s, variance = v;
    }
  }
  for (int i = 0; i < 3000; ++i) {
    const float one = draw(1.0);
    if (const double here = RoundingOf(scale, variance, epsilon, one); here > worst) {
      worst = here, x = one;
    }
  }
  ASSERT_GT(worst, 2.51);
  network::Builder net;
  RandomLevels levels;
  const auto in = net.Input("x", NetworkShape{kUnknownSize, 1, 1, 1});
  std::vector<NetworkOperand> operands = {in};
  const std::vector<float> numbers[] = {{scale}, {0}, {0}, {variance}};
  for (std::size_t i = 0; i < 4; ++i) {
    levels.Set("p" + std::to_string(i), {1}, numbers[i], {0});
    operands.push_back(net.Parameter("p" + std::to_string(i), {1}));
  }
  const auto y = net.Node("norm", "BatchNormalization", operands, {{"epsilon", epsilon}});
  AddScores(net, levels, y, 1);
  Sample truth = truth::Empty({1, 1, 1});
  truth.values[0] = Quad(scale) / bounds::oracle::Root(Quad(variance) + Quad(epsilon)) * Quad(x);
  ExpectFirstLayer(net, levels, {double(x)}, truth);
}

/// Two scores of two inputs with the shape [N, 2, ones...], and an operator behind them. Returns
/// what stops the proof.
std::string StoppedBehindScores(const std::string& op, const network::Builder::Attributes& last,
                                std::size_t ones = 0, std::int64_t opset = 13) {
  network::Builder net(opset);
  RandomLevels levels;
  levels.Set("w", {2, 2}, {1, 2, 3, 4}, {0});
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 2});
  auto value = net.Node("fc", "MatMul", {x, net.Parameter("w", {2, 2})});
  std::vector<std::int64_t> shape = {-1, 2};
  shape.resize(2 + ones, 1);
  if (ones > 0) value = net.Node("view", "Reshape", {value, net.List(shape)});
  net.Output("y", net.Node("last", op, {value}, last));
  const auto network = network::Normalise(net.Take());
  if (!network.ok()) return network.error().message;
  const auto planned = PlanLayers(network->network, levels);
  return planned.ok() ? planned->stopped_by : planned.error().message;
}

/// What is behind them keeps their order: proofs are of the scores before it.
TEST(Rules, ScoresInOrderBehindTheLastNode) {
  const network::Builder::Attributes classes = {{"axis", std::int64_t{1}}};
  for (const char* op : {"Softmax", "LogSoftmax"}) {
    EXPECT_EQ(StoppedBehindScores(op, {}), "");
    EXPECT_EQ(StoppedBehindScores(op, classes), "");
    EXPECT_EQ(StoppedBehindScores(op, {{"axis", std::int64_t{-1}}}), "");
    EXPECT_EQ(StoppedBehindScores(op, classes, 2), "");
    EXPECT_EQ(StoppedBehindScores(op, {{"axis", std::int64_t{-3}}}, 2), "");
    EXPECT_EQ(StoppedBehindScores(op, {}, 2, 11), "");  // over all axes from 1 on
  }
  EXPECT_EQ(StoppedBehindScores("Sigmoid", {}), "");
  EXPECT_EQ(StoppedBehindScores("Tanh", {}, 2), "");
}

/// Across examples, or along an axis of one element, it does not.
TEST(Rules, ScoresBesideThoseOfOthers_AxisDropped) {
  for (const char* op : {"Softmax", "LogSoftmax"}) {
    const std::string stopped = "last (" + std::string(op) + "): no rule for this operator";
    EXPECT_EQ(StoppedBehindScores(op, {{"axis", std::int64_t{0}}}), stopped);
    EXPECT_EQ(StoppedBehindScores(op, {{"axis", std::int64_t{-2}}}), stopped);
    EXPECT_EQ(StoppedBehindScores(op, {{"axis", std::int64_t{0}}}, 0, 11), stopped);
    EXPECT_EQ(StoppedBehindScores(op, {}, 2), stopped);  // the last axis, all ones
    EXPECT_EQ(StoppedBehindScores(op, {{"axis", std::int64_t{2}}}, 2), stopped);
    EXPECT_EQ(StoppedBehindScores(op, {{"axis", std::int64_t{2}}}, 2, 11), stopped);
  }
}

TEST(Rules, SumOfTwo_RoundingDropped) {
  const Extent extent{1, 1, 1};
  const SumLayer layer("sum", {0, 1}, extent);
  const std::vector<double> first = {1}, second = {0x1.8p-53};
  const Spread none{{0}, {0}};
  const std::vector<Operand> operands = {{&first, &none, extent}, {&second, &none, extent}};
  std::vector<double> out(1);
  Spread spread{{0}, {0}};
  layer.Compute(operands, 1, out);
  layer.Bound(operands, 1, out, spread);
  EXPECT_GE(Quad(spread.whole[0]),
            bounds::oracle::Magnitude(Quad(1) + Quad(0x1.8p-53) - Quad(out[0])));
}

/// Scores of one input: two numbers behind a function that ends at 0 and 1 or 1 alone, of which the
/// first is multiplied by `weight`. Returns at most the difference of both scores, everything read.
double BoundBehind(const std::string& op, float weight, double input, Precision precision) {
  network::Builder net;
  RandomLevels levels;
  const network::Builder::Attributes turned = {{"transB", std::int64_t{1}}};
  levels.Set("w1", {2, 1}, {weight, -0.25F}, {0});
  levels.Set("w2", {2, 2}, {1, 0, 0, 1}, {0});
  const auto h = net.Node(
      "fc1", "Gemm", {net.Input("x", NetworkShape{kUnknownSize, 1}), net.Parameter("w1", {2, 1})},
      turned);
  const auto f = net.Node("f", op, {h});
  net.Output("y", net.Node("fc2", "Gemm", {f, net.Parameter("w2", {2, 2})}, turned));
  const auto network = network::Normalise(net.Take());
  EXPECT_TRUE(network.ok());
  auto planned = PlanLayers(network->network, levels);
  EXPECT_TRUE(planned.ok() && planned->graph != nullptr) << planned->stopped_by;
  WeightLoader loader(*planned->graph, levels, nullptr, 1 << 20);
  EXPECT_TRUE(loader.Open().ok());
  loader.SetPrecision(precision);
  EXPECT_TRUE(loader.Use({1, 1}).ok());
  Pass pass(*planned->graph, {input}, precision);
  pass.Forward(0);
  return pass.LowerBound(0, 0, 1, SIZE_MAX, HUGE_VAL);
}

/// What is infinite or no number, in the weights or by overflow of f32, stays without a proof,
/// though the function behind it makes a number of it.
TEST(Rules, BoundedFunctionsDoNotHideWhatIsNotFinite) {
  const float infinite = std::numeric_limits<float>::infinity();
  for (const char* op : {"Tanh", "Sigmoid", "HardSigmoid", "Erf", "Softsign"}) {
    SCOPED_TRACE(op);
    for (const Precision precision : {Precision::kF64, Precision::kF32}) {
      EXPECT_GT(BoundBehind(op, 3, 1, precision), 0.2);
      EXPECT_FALSE(BoundBehind(op, infinite, 1, precision) > 0);
      EXPECT_FALSE(BoundBehind(op, -infinite, -1, precision) > 0);
      EXPECT_FALSE(BoundBehind(op, std::nanf(""), 1, precision) > 0);
    }
    EXPECT_FALSE(BoundBehind(op, 1e38F, 1e6, Precision::kF32) > 0);
  }
}

/// Where both are saturated they are told apart by less than computing the function may be off.
TEST(Rules, SaturatedFunctionsAreNotToldApart) {
  for (const char* op : {"Tanh", "Sigmoid", "Erf"}) {
    network::Builder net;
    RandomLevels levels;
    const auto x = net.Input("x", NetworkShape{kUnknownSize, 1});
    levels.Set("w1", {2, 1}, {40, 50}, {0});
    levels.Set("w2", {2, 2}, {1, 0, 0, 1}, {0});
    const network::Builder::Attributes turned = {{"transB", std::int64_t{1}}};
    const auto h = net.Node("fc1", "Gemm", {x, net.Parameter("w1", {2, 1})}, turned);
    const auto f = net.Node("f", op, {h});
    net.Output("y", net.Node("fc2", "Gemm", {f, net.Parameter("w2", {2, 2})}, turned));
    const auto network = network::Normalise(net.Take());
    ASSERT_TRUE(network.ok());
    auto planned = PlanLayers(network->network, levels);
    ASSERT_TRUE(planned.ok() && planned->graph != nullptr);
    WeightLoader loader(*planned->graph, levels, nullptr, 1 << 20);
    ASSERT_TRUE(loader.Open().ok() && loader.Use({1, 1}).ok());
    Pass pass(*planned->graph, {1});
    pass.Forward(0);
    for (const std::int64_t over : {0, 1})
      EXPECT_FALSE(pass.LowerBound(0, over, 1 - over, SIZE_MAX, HUGE_VAL) > 0) << op;
  }
}

/// What operators have no rule for says so.
std::string StoppedBy(const std::string& op, const network::Builder::Attributes& attributes,
                      std::vector<float> slopes = {}) {
  network::Builder net;
  RandomLevels levels;
  const auto w = net.Parameter("w", {2, 2});
  levels.Set("w", {2, 2}, {1, 2, 3, 4}, {0});
  auto value = net.Node("fc", "MatMul", {net.Input("x", NetworkShape{kUnknownSize, 2}), w});
  std::vector<NetworkOperand> operands = {value};
  if (!slopes.empty()) {
    levels.Set("s", {2}, slopes, {0});
    operands.push_back(net.Parameter("s", {2}));
  }
  value = net.Node("f", op, operands, attributes);
  net.Output("y", net.Node("fc2", "MatMul", {value, w}));
  const auto network = network::Normalise(net.Take());
  if (!network.ok()) return network.error().message;
  const auto planned = PlanLayers(network->network, levels);
  return planned.ok() ? planned->stopped_by : planned.error().message;
}

TEST(Rules, ParametersOutOfRangeStopProofs) {
  const float none = std::nanf(""), infinite = std::numeric_limits<float>::infinity();
  EXPECT_EQ(StoppedBy("PRelu", {}, {0.5F, -0.5F}), "");
  EXPECT_EQ(StoppedBy("PRelu", {}, {0.5F, none}), "f (PRelu): its slopes are out of range");
  EXPECT_EQ(StoppedBy("PRelu", {}, {infinite, 1}), "f (PRelu): its slopes are out of range");
  const std::string stopped = "): its attributes are out of range";
  EXPECT_EQ(StoppedBy("Celu", {{"alpha", 0.0}}), "f (Celu" + stopped);
  EXPECT_EQ(StoppedBy("HardSigmoid", {{"alpha", -0.2}}), "f (HardSigmoid" + stopped);
  EXPECT_EQ(StoppedBy("Elu", {{"alpha", double{infinite}}}), "f (Elu" + stopped);
  EXPECT_EQ(StoppedBy("LRN", {{"size", std::int64_t{1}}, {"bias", 0.0}}), "f (LRN" + stopped);
  EXPECT_EQ(StoppedBy("LRN", {{"size", std::int64_t{1}}, {"beta", -1.0}}), "f (LRN" + stopped);
  EXPECT_EQ(StoppedBy("LRN", {{"size", std::int64_t{1}}, {"alpha", -1.0}}), "f (LRN" + stopped);
  EXPECT_EQ(StoppedBy("Gelu", {{"approximate", std::string("tanh")}}),
            "f (Gelu): its approximation by tanh has none");
}

}  // namespace
}  // namespace dlv::progressive
