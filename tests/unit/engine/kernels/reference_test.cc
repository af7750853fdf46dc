// Reference kernels on numbers that were computed by hand.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/unit/engine/kernels/run_node.h"

namespace dlv::kernels {
namespace {

using W = std::vector<std::int64_t>;
const float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(Convolution, TakesStridesPaddingDilationAndGroups) {
  const Value x = Floats({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Value ones = Floats({1, 1, 2, 2}, {1, 1, 1, 1});
  ExpectReals(RunNode({"Conv"}, {x, ones}), {1, 1, 2, 2}, {12, 16, 24, 28});
  ExpectReals(RunNode({"Conv", {{"pads", W{1, 0, 0, 1}}, {"strides", W{2, 1}}}},
                      {x, ones, Floats({1}, {0.5})}),
              {1, 1, 2, 3}, {3.5, 5.5, 3.5, 24.5, 28.5, 15.5});
  ExpectReals(RunNode({"Conv", {{"dilations", W{2, 2}}}}, {x, ones}), {1, 1, 1, 1}, {20});
  ExpectReals(RunNode({"Conv", {{"auto_pad", std::string("SAME_UPPER")}}}, {x, ones}), {1, 1, 3, 3},
              {12, 16, 9, 24, 28, 15, 15, 17, 9});
  ExpectReals(RunNode({"Conv", {{"auto_pad", std::string("SAME_LOWER")}}}, {x, ones}), {1, 1, 3, 3},
              {1, 3, 5, 5, 12, 16, 11, 24, 28});
  const Value two = Floats({1, 2, 2}, {1, 2, 3, 4});
  ExpectReals(RunNode({"Conv", {{"group", std::int64_t{2}}}}, {two, Floats({2, 1, 1}, {10, 100})}),
              {1, 2, 2}, {10, 20, 300, 400});
}

TEST(Convolution, InThreeDimensionsIsTheSumOverAll) {
  const Value x = Floats({1, 1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const Value k = Floats({1, 1, 2, 2, 2}, {1, 1, 1, 1, 1, 1, 1, 2});
  ExpectReals(RunNode({"Conv"}, {x, k}), {1, 1, 1, 1, 1}, {44});
}

TEST(Convolution, TransposedSpreads) {
  const Value x = Floats({1, 1, 2}, {1, 2});
  const Value k = Floats({1, 1, 3}, {1, 10, 100});
  ExpectReals(RunNode({"ConvTranspose", {{"strides", W{2}}}}, {x, k}), {1, 1, 5},
              {1, 10, 102, 20, 200});
  ExpectReals(RunNode({"ConvTranspose", {{"strides", W{2}}, {"pads", W{1, 1}}}}, {x, k}), {1, 1, 3},
              {10, 102, 20});
}

TEST(Convolution, SaysWhatDoesNotFit) {
  const Value x = Floats({1, 2, 3, 3}, std::vector<float>(18));
  EXPECT_EQ(ErrorOf({"Conv"}, {x, Floats({1, 3, 1, 1}, {1, 1, 1})}),
            "input has 2 channels, weight [1, 3, 1, 1], group 1");
  EXPECT_EQ(ErrorOf({"Conv"}, {x, Floats({1, 2, 4, 1}, std::vector<float>(8))}),
            "kernel covers 4, padded input has 3");
  EXPECT_EQ(ErrorOf({"Conv"}, {x}), "operand 1 is left out, want 2 operands");
}

TEST(Pools, RoundUpAsCaffeDoesAndCountWhatIsInThePadding) {
  const Value x = Floats({1, 1, 5}, {1, 2, 3, 4, 5});
  const Attributes two = {
      {"ceil_mode", std::int64_t{1}}, {"kernel_shape", W{2}}, {"strides", W{2}}};
  ExpectReals(RunNode({"MaxPool", two}, {x}), {1, 1, 3}, {2, 4, 5});
  // A window that would begin in the padding does not count.
  Attributes padded = two;
  padded.push_back({"pads", W{0, 1}});
  ExpectReals(RunNode({"MaxPool", padded}, {x}), {1, 1, 3}, {2, 4, 5});
  ExpectReals(RunNode({"AveragePool", padded}, {x}), {1, 1, 3}, {1.5, 3.5, 5});
  padded.push_back({"count_include_pad", std::int64_t{1}});
  ExpectReals(RunNode({"AveragePool", padded}, {x}), {1, 1, 3}, {1.5, 3.5, 2.5});
  // Beyond the padding nothing counts: 5 alone, not 5 / 2.
  Attributes unpadded = two;
  unpadded.push_back({"count_include_pad", std::int64_t{1}});
  ExpectReals(RunNode({"AveragePool", unpadded}, {x}), {1, 1, 3}, {1.5, 3.5, 5});
}

TEST(Pools, SayWhereTheMaximumStood) {
  const auto outputs = RunAll({"MaxPool", {{"kernel_shape", W{2}}}, 12, 2},
                              {Floats({1, 2, 3}, {1, 3, 2, 9, 8, kNan})});
  ASSERT_TRUE(outputs.ok()) << outputs.error().message;
  EXPECT_EQ(WholesOf((*outputs)[1]), (W{1, 1, 3, 5}));
  EXPECT_TRUE(std::isnan((*outputs)[0].As<float>()[3]));
  ExpectReals(RunNode({"GlobalAveragePool"}, {Floats({1, 2, 2, 1}, {1, 3, 5, 9})}), {1, 2, 1, 1},
              {2, 7});
}

TEST(Matrices, MultiplyTurnedAndBroadcast) {
  const Value a = Floats({2, 3}, {1, 2, 3, 4, 5, 6}), b = Floats({3, 2}, {1, 0, 0, 1, 1, 1});
  ExpectReals(RunNode({"MatMul"}, {a, b}), {2, 2}, {4, 5, 10, 11});
  ExpectReals(RunNode({"Gemm", {{"alpha", 2.0}, {"beta", 3.0}, {"transB", std::int64_t{1}}}},
                      {a, a, Floats({2}, {1, 2})}),
              {2, 2}, {31, 70, 67, 160});
  ExpectReals(RunNode({"MatMul"}, {Floats({2, 1, 2}, {1, 2, 3, 4}), Floats({2}, {1, 10})}), {2, 1},
              {21, 43});
  EXPECT_EQ(ErrorOf({"MatMul"}, {a, a}), "factors [2, 3] and [2, 3] do not fit together");
}

TEST(Arithmetic, BroadcastsAndKeepsTypes) {
  const Value a = Floats({2, 1}, {1, 2}), b = Floats({3}, {10, 20, 30});
  ExpectReals(RunNode({"Add"}, {a, b}), {2, 3}, {11, 21, 31, 12, 22, 32});
  ExpectReals(RunNode({"Add", {{"axis", std::int64_t{0}}, {"broadcast", std::int64_t{1}}}, 6},
                      {Floats({2, 2}, {1, 2, 3, 4}), Floats({2}, {10, 20})}),
              {2, 2}, {11, 12, 23, 24});
  EXPECT_EQ(WholesOf(RunNode({"Div"}, {Longs({3}, {7, -7, INT64_MIN}), Longs({3}, {2, 2, -1})})),
            (W{3, -3, INT64_MIN}));
  EXPECT_EQ(WholesOf(RunNode({"Mod"}, {Longs({2}, {7, -7}), Longs({2}, {-3, 3})})), (W{-2, 2}));
  EXPECT_EQ(ErrorOf({"Div"}, {Longs({1}, {1}), Longs({1}, {0})}), "division of whole numbers by 0");
  EXPECT_EQ(ErrorOf({"Add"}, {a, Longs({1}, {1})}), "operands of types f32 and i64");
  EXPECT_EQ(ErrorOf({"Add"}, {Floats({2}, {1, 2}), b}), "operands [2] and [3] do not broadcast");
  ExpectReals(RunNode({"Mean"}, {a, b, Floats({}, {3})}), {2, 3},
              {14.0 / 3, 8, 34.0 / 3, 5, 25.0 / 3, 35.0 / 3});
  EXPECT_EQ(WholesOf(RunNode({"Pow"}, {Longs({3}, {2, -1, 3}), Longs({}, {5})})), (W{32, -1, 243}));
}

TEST(Activations, AreTheirDefinitions) {
  const Value x = Floats({4}, {-2, -0.5, 0.5, 8});
  ExpectReals(RunNode({"Relu"}, {x}), {4}, {0, 0, 0.5, 8});
  ExpectReals(RunNode({"LeakyRelu", {{"alpha", 0.1}}}, {x}), {4}, {-0.2, -0.05, 0.5, 8});
  ExpectReals(RunNode({"Elu"}, {x}), {4}, {std::exp(-2.0) - 1, std::exp(-0.5) - 1, 0.5, 8});
  ExpectReals(RunNode({"HardSigmoid"}, {x}), {4}, {0.1, 0.4, 0.6, 1}, 1e-6);
  ExpectReals(RunNode({"Clip", {{"max", 1.0}, {"min", -1.0}}, 6}, {x}), {4}, {-1, -0.5, 0.5, 1});
  ExpectReals(RunNode({"Clip"}, {x, Value(), Floats({}, {1})}), {4}, {-2, -0.5, 0.5, 1});
  ExpectReals(RunNode({"Softplus"}, {Floats({2}, {0, 200})}), {2}, {std::log(2.0), 200});
  ExpectReals(RunNode({"Sigmoid"}, {Floats({2}, {0, -200})}), {2}, {0.5, 0});
  ExpectReals(RunNode({"PRelu"}, {Floats({1, 2, 2}, {-1, 1, -1, 1}), Floats({2}, {0.5, 0.25})}),
              {1, 2, 2}, {-0.5, 1, -0.25, 1});
}

TEST(Normalisations, AreTheirDefinitions) {
  const Value x = Floats({1, 2, 2}, {1, 3, 10, 20});
  const Value one = Floats({2}, {1, 1}), zero = Floats({2}, {0, 0});
  ExpectReals(RunNode({"BatchNormalization", {{"epsilon", 0.0}}},
                      {x, Floats({2}, {2, 1}), Floats({2}, {0, 5}), Floats({2}, {1, 10}),
                       Floats({2}, {4, 25})}),
              {1, 2, 2}, {0, 2, 5, 7});
  ExpectReals(RunNode({"InstanceNormalization", {{"epsilon", 0.0}}}, {x, one, zero}), {1, 2, 2},
              {-1, 1, -1, 1});
  ExpectReals(RunNode({"LayerNormalization", {{"epsilon", 0.0}}, 17},
                      {x, Floats({2}, {1, 2}), Floats({2}, {0, 1})}),
              {1, 2, 2}, {-1, 3, -1, 3});
  // Three channels around each: (1 + 4) / 3, (1 + 4 + 9) / 3, (4 + 9) / 3.
  ExpectReals(RunNode({"LRN", {{"alpha", 3.0}, {"beta", 1.0}, {"size", std::int64_t{3}}}},
                      {Floats({1, 3, 1}, {1, 2, 3})}),
              {1, 3, 1}, {1.0 / 6, 2.0 / 15, 3.0 / 14});
}

TEST(SoftmaxKernel, TakesAllAxesBeforeOpset13AndOneSince) {
  const Value x = Floats({1, 2, 2}, {0, 0, 0, 0});
  ExpectReals(RunNode({"Softmax", {}, 11}, {x}), {1, 2, 2}, {0.25, 0.25, 0.25, 0.25});
  ExpectReals(RunNode({"Softmax", {}, 13}, {x}), {1, 2, 2}, {0.5, 0.5, 0.5, 0.5});
  ExpectReals(RunNode({"LogSoftmax"}, {Floats({1, 2}, {1000, 0})}), {1, 2}, {0, -1000});
}

TEST(Layout, MovesElements) {
  const Value x = Floats({2, 3}, {1, 2, 3, 4, 5, 6});
  ExpectReals(RunNode({"Transpose"}, {x}), {3, 2}, {1, 4, 2, 5, 3, 6});
  ExpectReals(RunNode({"Reshape"}, {x, Longs({2}, {0, -1})}), {2, 3}, {1, 2, 3, 4, 5, 6});
  ExpectReals(RunNode({"Reshape"}, {x, Longs({2}, {-1, 2})}), {3, 2}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(ErrorOf({"Reshape"}, {x, Longs({1}, {4})}),
            "input [2, 3] has 6 elements, want 4 for [4]");
  ExpectReals(RunNode({"Slice"}, {x, Longs({2}, {-1, 2}), Longs({2}, {-9, -9}), Longs({2}, {0, 1}),
                                  Longs({2}, {-1, -2})}),
              {2, 2}, {6, 4, 3, 1});
  ExpectReals(RunNode({"Concat", {{"axis", std::int64_t{1}}}}, {x, Floats({2, 1}, {7, 8})}), {2, 4},
              {1, 2, 3, 7, 4, 5, 6, 8});
  ExpectReals(RunNode({"Tile"}, {Floats({1, 2}, {1, 2}), Longs({2}, {2, 2})}), {2, 4},
              {1, 2, 1, 2, 1, 2, 1, 2});
  ExpectReals(RunNode({"Expand"}, {Floats({2, 1}, {1, 2}), Longs({2}, {1, 2})}), {2, 2},
              {1, 1, 2, 2});
  ExpectReals(RunNode({"DepthToSpace", {{"blocksize", std::int64_t{2}}}},
                      {Floats({1, 4, 1, 1}, {1, 2, 3, 4})}),
              {1, 1, 2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(RunNode({"Unsqueeze"}, {x, Longs({2}, {0, -1})}).shape(), (Shape{1, 2, 3, 1}));
}

TEST(Padding, HasItsModes) {
  const Value x = Floats({3}, {1, 2, 3});
  const auto pad = [&](const char* mode, std::int64_t before, std::int64_t after) {
    return RunNode({"Pad", {{"mode", std::string(mode)}}}, {x, Longs({2}, {before, after})});
  };
  ExpectReals(pad("constant", 1, 2), {6}, {0, 1, 2, 3, 0, 0});
  ExpectReals(pad("constant", -1, 1), {3}, {2, 3, 0});
  ExpectReals(pad("reflect", 2, 1), {6}, {3, 2, 1, 2, 3, 2});
  ExpectReals(pad("edge", 2, 1), {6}, {1, 1, 1, 2, 3, 3});
  EXPECT_EQ(ErrorOf({"Pad"}, {x, Longs({2}, {INT64_MIN, 0})}).substr(0, 4), "pads");
}

TEST(Gathering, ChecksPlaces) {
  const Value x = Floats({2, 2}, {1, 2, 3, 4});
  ExpectReals(RunNode({"Gather"}, {x, Longs({2}, {-1, 0})}), {2, 2}, {3, 4, 1, 2});
  EXPECT_EQ(ErrorOf({"Gather"}, {x, Longs({1}, {2})}), "place 2 on an axis of 2");
  ExpectReals(RunNode({"GatherElements", {{"axis", std::int64_t{1}}}}, {x, Longs({2, 1}, {1, 0})}),
              {2, 1}, {2, 3});
  ExpectReals(RunNode({"GatherND"}, {x, Longs({1, 2}, {1, 0})}), {1}, {3});
  ExpectReals(RunNode({"ScatterND"}, {x, Longs({1, 1}, {0}), Floats({1, 2}, {8, 9})}), {2, 2},
              {8, 9, 3, 4});
}

TEST(Reductions, GoOverAxes) {
  const Value x = Floats({2, 3}, {1, 2, 3, 4, 5, 6});
  ExpectReals(RunNode({"ReduceMean", {{"axes", W{1}}, {"keepdims", std::int64_t{0}}}}, {x}), {2},
              {2, 5});
  ExpectReals(RunNode({"ReduceSum"}, {x, Longs({1}, {0})}), {1, 3}, {5, 7, 9});
  ExpectReals(RunNode({"ReduceLogSumExp"}, {Floats({2}, {1000, 1000})}), {1},
              {1000 + std::log(2.0)}, 1e-4);
  EXPECT_EQ(WholesOf(RunNode({"ArgMax", {{"axis", std::int64_t{1}}}}, {x})), (W{2, 2}));
  const auto top = RunAll({"TopK", {}, 11, 2}, {x, Longs({1}, {2})});
  ASSERT_TRUE(top.ok()) << top.error().message;
  ExpectReals((*top)[0], {2, 2}, {3, 2, 6, 5});
  EXPECT_EQ(WholesOf((*top)[1]), (W{2, 1, 2, 1}));
  ExpectReals(RunNode({"CumSum", {{"exclusive", std::int64_t{1}}}}, {x, Longs({}, {1})}), {2, 3},
              {0, 1, 3, 0, 4, 9});
}

TEST(Recurrence, KeepsItsState) {
  // One unit, no input weights: gates are the biases and the state alone.
  const Value x = Floats({2, 1, 1}, {1, 1}), w = Floats({1, 4, 1}, {1, 0, 0, 1});
  const Value r = Floats({1, 4, 1}, {0, 0, 0, 0.5});
  const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  const double c1 = sigmoid(1) * std::tanh(1), h1 = 0.5 * std::tanh(c1);
  const double c2 = 0.5 * c1 + sigmoid(1) * std::tanh(1 + 0.5 * h1), h2 = 0.5 * std::tanh(c2);
  const auto outputs = RunAll({"LSTM", {{"hidden_size", std::int64_t{1}}}, 14, 3}, {x, w, r});
  ASSERT_TRUE(outputs.ok()) << outputs.error().message;
  ExpectReals((*outputs)[0], {2, 1, 1, 1}, {h1, h2});
  ExpectReals((*outputs)[1], {1, 1, 1}, {h2});
  ExpectReals((*outputs)[2], {1, 1, 1}, {c2});
  const Attributes reverse = {{"direction", std::string("reverse")}};
  ExpectReals(RunNode({"LSTM", reverse, 14, 3}, {x, w, r}), {2, 1, 1, 1}, {h2, h1});
  EXPECT_EQ(ErrorOf({"LSTM"}, {x, w, Floats({1, 4, 2}, std::vector<float>(8))}),
            "operand 1 [1, 4, 1], want [1, 8, 1]");
}

TEST(Resizing, FollowsTheCoordinateModes) {
  const Value x = Floats({1, 1, 2}, {1, 3}), none;
  const Value scales = Floats({3}, {1, 1, 2});
  const auto resize = [&](const char* mode, const char* coordinates) {
    return RunNode({"Resize",
                    {{"coordinate_transformation_mode", std::string(coordinates)},
                     {"mode", std::string(mode)}}},
                   {x, none, scales});
  };
  ExpectReals(resize("nearest", "half_pixel"), {1, 1, 4}, {1, 1, 3, 3});
  ExpectReals(resize("linear", "half_pixel"), {1, 1, 4}, {1, 1.5, 2.5, 3});
  ExpectReals(resize("linear", "align_corners"), {1, 1, 4}, {1, 5.0 / 3, 7.0 / 3, 3});
  ExpectReals(resize("linear", "asymmetric"), {1, 1, 4}, {1, 2, 3, 3});
  ExpectReals(RunNode({"Upsample", {}, 9}, {x, scales}), {1, 1, 4}, {1, 1, 3, 3});
  EXPECT_EQ(ErrorOf({"Upsample", {}, 9}, {x, Floats({3}, {1, 1, 1e30F})}).substr(0, 5), "scale");
}

TEST(Sources, MakeValues) {
  EXPECT_EQ(WholesOf(RunNode({"Shape"}, {Floats({1, 2}, {1, 2})})), (W{1, 2}));
  EXPECT_EQ(WholesOf(RunNode({"Range"}, {Longs({}, {5}), Longs({}, {0}), Longs({}, {-2})})),
            (W{5, 3, 1}));
  EXPECT_EQ(ErrorOf({"Range"}, {Longs({}, {5}), Longs({}, {0}), Longs({}, {0})}).substr(0, 7),
            "a range");
  EXPECT_EQ(WholesOf(RunNode({"Cast", {{"to", std::int64_t{6}}}},
                             {Floats({4}, {1.9F, -1.9F, 1e20F, kNan})})),
            (W{1, -1, INT32_MAX, 0}));
  EXPECT_EQ(WholesOf(RunNode({"Where"}, {Truths({2}, {1, 0}), Longs({2}, {1, 2}), Longs({}, {7})})),
            (W{1, 7}));
}

TEST(Memory, IsBoundedBeforeItIsTaken) {
  EXPECT_NE(ErrorOf({"ConstantOfShape"}, {Longs({2}, {1 << 20, 1 << 20})}).find("takes"),
            std::string::npos);
  EXPECT_NE(ErrorOf({"ConstantOfShape"}, {Longs({2}, {INT64_MAX, INT64_MAX})}).find("2^48"),
            std::string::npos);
  EXPECT_EQ(ErrorOf({"ConstantOfShape"}, {Longs({1}, {-1})}), "a value of shape [-1]");
  Memory small(1 << 20);
  auto first = small.Make(DType::kF32, {1000});
  ASSERT_TRUE(first.ok());
  const std::byte* place = first->data();
  *first = Value();
  auto second = small.Make(DType::kF32, {900});  // in the same room
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->data(), place);
  EXPECT_EQ(small.peak_bytes(), 4032u);
  EXPECT_FALSE(small.Make(DType::kF64, {1 << 20}).ok());
}

TEST(Elements, OfSmallTypesAreReadExactly) {
  const std::uint16_t halves[] = {0x3c00, 0xc000, 0x0001, 0x7c00};
  auto value =
      FromBytes(DType::kF16, {4}, std::as_bytes(std::span(halves)), DType::kF32, TestMemory());
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(RealsOf(*value), (std::vector<double>{1, -2, std::ldexp(1, -24), INFINITY}));
  EXPECT_FALSE(
      FromBytes(DType::kF16, {5}, std::as_bytes(std::span(halves)), DType::kF32, TestMemory())
          .ok());
}

TEST(LongLoops, StopWhenAsked) {
  CancellationToken token;
  token.Cancel();
  NodeRun run{"MatMul"};
  run.cancel = &token;
  const auto outputs = RunAll(run, {Floats({1, 1}, {1}), Floats({1, 1}, {1})});
  ASSERT_FALSE(outputs.ok());
  EXPECT_EQ(outputs.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace dlv::kernels
