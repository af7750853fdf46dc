// Fast kernels against the reference on random shapes, within the tolerance of
// engine/kernels/cpu/rows.h.

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/unit/engine/kernels/run_node.h"

namespace dlv::kernels {
namespace {

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::int64_t Whole(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  Value Elements(const Shape& shape) {
    std::vector<float> elements(static_cast<std::size_t>(CountOf(shape)));
    for (float& one : elements) one = std::normal_distribution<float>()(engine_);
    return Floats(shape, elements);
  }

 private:
  std::mt19937 engine_;
};

std::vector<double> OutputOf(Implementation implementation, const NodeRun& run,
                             const std::vector<Value>& inputs, std::string_view domain = "",
                             const Surroundings& surroundings = {}) {
  NetworkNode node;
  node.op = run.op;
  node.domain = domain;
  node.attributes = run.attributes;
  node.outputs.resize(1);
  const Setting setting{DType::kF32, &TestMemory(), nullptr, 1, true};
  Call call(node, 13, setting, inputs);
  call.Place(surroundings);
  const Status done = FindKernel(implementation, domain, run.op)(call);
  EXPECT_TRUE(done.ok()) << done.error().message;
  return done.ok() ? RealsOf(*InPlainOrder(call.outputs()[0], TestMemory()))
                   : std::vector<double>();
}

std::vector<Value> Absolute(const std::vector<Value>& inputs) {
  std::vector<Value> result;
  for (const Value& value : inputs) {
    result.push_back(value.present() ? RunNode({"Abs"}, {value}) : Value());
  }
  return result;
}

/// `products`: of one element of the output.
void ExpectLikeReference(const NodeRun& run, const std::vector<Value>& inputs,
                         std::int64_t products, const Surroundings& surroundings = {}) {
  const auto fast = OutputOf(Implementation::kCpu, run, inputs, "", surroundings);
  const auto right = OutputOf(Implementation::kReference, run, inputs);
  const auto sizes = OutputOf(Implementation::kReference, run, Absolute(inputs));
  ASSERT_EQ(fast.size(), right.size());
  const double n = static_cast<double>(products + 2) * std::ldexp(1, -24);
  for (std::size_t i = 0; i < fast.size(); ++i) {
    ASSERT_LE(std::fabs(fast[i] - right[i]), n / (1 - n) * sizes[i]) << run.op << " " << i;
  }
}

TEST(CpuConvolution, IsLikeTheReference) {
  Random random(1);
  for (int round = 0; round < 60; ++round) {
    const auto axes = static_cast<std::size_t>(random.Whole(1, 3));
    const std::int64_t group = random.Whole(1, 3), in = random.Whole(1, 5),
                       out = random.Whole(1, 6);
    Shape x = {random.Whole(1, 3), group * in}, weight = {group * out, in};
    Wholes strides, dilations, pads;
    std::int64_t products = in;
    for (std::size_t i = 0; i < axes; ++i) {
      weight.push_back(random.Whole(1, 4));
      dilations.push_back(random.Whole(1, 2));
      strides.push_back(random.Whole(1, 3));
      x.push_back(random.Whole(7, 11));
      products *= weight.back();
    }
    for (std::size_t i = 0; i < 2 * axes; ++i) pads.push_back(random.Whole(0, 2));
    SCOPED_TRACE(TextOf(x) + " " + TextOf(weight) + " " + TextOf(pads));
    const bool has_bias = random.Whole(0, 1) == 1;
    ExpectLikeReference(
        {"Conv",
         {{"dilations", dilations}, {"group", group}, {"pads", pads}, {"strides", strides}}},
        {random.Elements(x), random.Elements(weight),
         has_bias ? random.Elements({group * out}) : Value()},
        products);
  }
}

/// The same with weights that are the same in every run, which convolutions of groups have code
/// for.
TEST(CpuConvolution, OfGroupsIsLikeTheReference) {
  Random random(9);
  for (int round = 0; round < 80; ++round) {
    const bool is_depthwise = random.Whole(0, 1) == 1;
    const std::int64_t group = random.Whole(2, 20), in = is_depthwise ? 1 : random.Whole(1, 20);
    const std::int64_t out = random.Whole(1, is_depthwise ? 2 : 20);
    const std::int64_t kernel = is_depthwise ? random.Whole(1, 5) : 1;
    const Value x = random.Elements({2, group * in, random.Whole(9, 20), random.Whole(9, 40)});
    const Value weight = random.Elements({group * out, in, kernel, kernel});
    const Value bias = random.Whole(0, 1) == 1 ? random.Elements({group * out}) : Value();
    const auto few = [&](std::int64_t most) { return random.Whole(0, is_depthwise ? most : 0); };
    const Wholes strides = {1 + few(2), 1 + few(2)}, dilations = {1 + few(1), 1 + few(1)};
    const Wholes pads = {few(2), few(2), few(2), few(2)};
    SCOPED_TRACE(TextOf(x.shape()) + " " + TextOf(weight.shape()) + " " + TextOf(strides) + " " +
                 TextOf(dilations) + " " + TextOf(pads));
    const std::vector<bool> is_fixed = {false, true, true};
    NodeState state;
    ExpectLikeReference(
        {"Conv",
         {{"dilations", dilations}, {"group", group}, {"pads", pads}, {"strides", strides}}},
        {x, weight, bias}, in * kernel * kernel, {{}, &state, &is_fixed});
  }
}

/// Padding, strides and dilations may be of any size: a plane of zeros with them would be too
/// large.
TEST(CpuConvolution, OfEachChannelTakesAnyWindow) {
  constexpr std::int64_t kFar = std::int64_t{1} << 30;
  const Value x = Floats({1, 2, 1, 2}, {1, 2, 3, 4});
  const Value weight = Floats({2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const std::vector<bool> is_fixed = {false, true};
  for (const std::int64_t far : {kFar / 1024, kFar - 1}) {
    for (const Wholes& strides : {Wholes{1, 1}, Wholes{kFar, kFar}}) {
      SCOPED_TRACE(std::to_string(far) + " " + TextOf(strides));
      NodeState state;
      ExpectLikeReference({"Conv",
                           {{"dilations", Wholes{far, far}},
                            {"group", std::int64_t{2}},
                            {"pads", Wholes{0, 0, far, far}},
                            {"strides", strides}}},
                          {x, weight}, 4, {{}, &state, &is_fixed});
    }
  }
}

TEST(CpuMatrices, AreLikeTheReference) {
  Random random(2);
  for (int round = 0; round < 60; ++round) {
    const std::int64_t m = random.Whole(1, 20), n = random.Whole(1, 20), k = random.Whole(1, 50);
    const std::int64_t turn_a = random.Whole(0, 1), turn_b = random.Whole(0, 1);
    const Value a = random.Elements(turn_a != 0 ? Shape{k, m} : Shape{m, k});
    const Value b = random.Elements(turn_b != 0 ? Shape{n, k} : Shape{k, n});
    const Value c = random.Whole(0, 1) == 1 ? random.Elements({n}) : Value();
    ExpectLikeReference(
        {"Gemm", {{"alpha", 0.5}, {"beta", 2.0}, {"transA", turn_a}, {"transB", turn_b}}},
        {a, b, c}, k + 2);
    ExpectLikeReference({"MatMul"}, {random.Elements({2, 1, m, k}), random.Elements({3, k, n})}, k);
    ExpectLikeReference({"MatMul"}, {random.Elements({m, k}), random.Elements({k})}, k);
  }
}

void ExpectNear(const NodeRun& run, const std::vector<Value>& inputs, double relative,
                std::string_view domain = "") {
  const auto fast = OutputOf(Implementation::kCpu, run, inputs, domain);
  const auto right = OutputOf(Implementation::kReference, run, inputs, domain);
  ASSERT_EQ(fast.size(), right.size()) << run.op;
  for (std::size_t i = 0; i < fast.size(); ++i) {
    const double most = relative * std::fabs(right[i]) + std::ldexp(1, -22);
    ASSERT_NEAR(fast[i], right[i], most) << run.op << " " << i;
  }
}

TEST(CpuPools, AreLikeTheReference) {
  Random random(3);
  for (int round = 0; round < 80; ++round) {
    const auto axes = static_cast<std::size_t>(random.Whole(1, 3));
    Shape x = {random.Whole(1, 3), random.Whole(1, 20)};
    Wholes kernel, strides, pads;
    for (std::size_t i = 0; i < axes; ++i) {
      kernel.push_back(random.Whole(1, 4));
      strides.push_back(random.Whole(1, 3));
      x.push_back(random.Whole(5, 12));
    }
    for (std::size_t i = 0; i < 2 * axes; ++i)
      pads.push_back(random.Whole(0, kernel[i % axes] - 1));
    Attributes attributes = {{"ceil_mode", random.Whole(0, 1)},
                             {"count_include_pad", random.Whole(0, 1)},
                             {"kernel_shape", kernel},
                             {"pads", pads},
                             {"strides", strides}};
    SCOPED_TRACE(TextOf(x) + " " + TextOf(kernel) + " " + TextOf(strides) + " " + TextOf(pads));
    if (random.Whole(0, 2) == 0) std::fill(pads.begin(), pads.end(), 0);
    attributes[3].value = pads;
    const Value in = random.Elements(x);
    ExpectNear({"AveragePool", attributes}, {in}, std::ldexp(1, -18));
    attributes.erase(attributes.begin() + 1);
    ExpectNear({"MaxPool", attributes}, {in}, 0);
    ExpectNear({"GlobalAveragePool"}, {in}, std::ldexp(1, -18));
  }
}

TEST(CpuElements, AreLikeTheReference) {
  Random random(4);
  const double near = std::ldexp(1, -18);
  for (const Shape& shape : std::vector<Shape>{{1}, {31}, {2, 17, 3}, {1, 24, 5, 5}}) {
    const Value x = random.Elements(shape);
    for (const char* op : {"Relu", "LeakyRelu", "Elu", "Sigmoid", "Tanh", "HardSwish", "Exp"}) {
      ExpectNear({op}, {x}, near);
    }
    ExpectNear({"Clip"}, {x, Floats({}, {-0.5F}), Floats({}, {0.25F})}, 0);
    ExpectNear({"Clip"}, {x, Value(), Floats({}, {0.25F})}, 0);
    const Value positive = RunNode({"Abs"}, {x});
    for (const float power : {0.5F, 0.75F, 2.F, -1.25F}) {
      ExpectNear({"Pow"}, {positive, Floats({1}, {power})}, near);
    }
    for (const char* op : {"Add", "Sub", "Mul", "Div"}) {
      ExpectNear({op}, {x, random.Elements(shape)}, near);
      ExpectNear({op}, {x, Floats({1}, {3})}, near);
      ExpectNear({op}, {Floats({}, {3}), x}, near);
      if (shape.size() == 4) ExpectNear({op}, {x, random.Elements({24, 1, 1})}, near);
      if (shape.size() == 4) ExpectNear({op}, {random.Elements({24, 1, 5}), x}, near);
    }
  }
}

TEST(CpuElements, KeepNan) {
  const float nan = std::nanf("");
  const Value x = Floats({1, 1, 4}, {nan, -1, 2, nan});
  NetworkNode node;
  node.op = "Relu";
  node.outputs.resize(1);
  const Setting setting{DType::kF32, &TestMemory()};  // not known to be finite
  Call call(node, 13, setting, {x});
  ASSERT_TRUE(FindKernel(Implementation::kCpu, "", "Relu")(call).ok());
  const auto elements = RealsOf(call.outputs()[0]);
  EXPECT_TRUE(std::isnan(elements[0]) && std::isnan(elements[3]));
  EXPECT_EQ(elements[1], 0);
}

TEST(CpuNormalising, IsLikeTheReference) {
  Random random(5);
  const double near = std::ldexp(1, -18);
  for (const std::int64_t channels : {1, 5, 16, 33}) {
    const Value x = random.Elements({2, channels, 7, 6});
    const Value positive = RunNode({"Abs"}, {random.Elements({channels})});
    const auto vector = [&] { return random.Elements({channels}); };
    ExpectNear(
        {"BatchNormalization"},
        {x, vector(), Floats({channels}, std::vector<float>(static_cast<std::size_t>(channels), 9)),
         vector(), positive},
        1e-4);
    ExpectNear({"BatchNorm"}, {x, vector(), positive, Floats({1}, {4})}, 1e-4, "caffe");
    ExpectNear({"Scale"}, {x, vector()}, near, "caffe");
    ExpectNear({"Bias"}, {x, vector()}, near, "caffe");
    for (const double beta : {0.75, 0.5}) {
      for (const std::int64_t size : {1, 3, 4, 5}) {
        ExpectNear({"LRN", {{"alpha", 0.3}, {"beta", beta}, {"bias", 2.0}, {"size", size}}}, {x},
                   near);
      }
      ExpectNear({"LRN", {{"alpha", 0.3}, {"beta", beta}, {"local_size", std::int64_t{3}}}}, {x},
                 near, "caffe");
    }
  }
}

TEST(CpuNormalising, OfFewAndOfManyElementsIsLikeTheReference) {
  Random random(11);
  const std::vector<bool> is_fixed = {false, true, true, true, true};
  for (const Shape& shape :
       std::vector<Shape>{{3, 10}, {2, 5, 7}, {2, 33, 9, 8}, {2, 40, 30, 20}}) {
    const Shape vector = {shape[1]};
    const Value positive = RunNode({"Exp"}, {random.Elements(vector)});
    const std::vector<Value> inputs = {random.Elements(shape), random.Elements(vector),
                                       random.Elements(vector), random.Elements(vector), positive};
    NodeState state;
    const NodeRun run = {"BatchNormalization"};
    const Surroundings around{{}, &state, &is_fixed};
    const auto fast = OutputOf(Implementation::kCpu, run, inputs, "", around);
    const auto right = OutputOf(Implementation::kReference, run, inputs);
    ASSERT_EQ(fast.size(), right.size());
    for (std::size_t i = 0; i < fast.size(); ++i) {
      ASSERT_NEAR(fast[i], right[i], 1e-5 * (1 + std::fabs(right[i]))) << TextOf(shape) << i;
    }
  }
}

TEST(CpuSoftmax, IsLikeTheReference) {
  Random random(6);
  for (const Shape& shape : std::vector<Shape>{{1, 1}, {3, 17}, {2, 5, 33}, {1, 4, 4, 80}}) {
    const Value x = random.Elements(shape);
    ExpectNear({"Softmax"}, {x}, std::ldexp(1, -18));
    ExpectNear({"Softmax", {{"axis", std::int64_t{1}}}}, {x}, std::ldexp(1, -18));
  }
  ExpectNear({"Softmax"}, {Floats({1, 3}, {88, -300, 89})}, std::ldexp(1, -18));
}

/// The output of a node whose operands left out are what a convolution gives, in its order, and
/// whose others are fixed; readers take any order.
std::vector<double> BehindAConvolution(Implementation implementation, const NodeRun& run,
                                       std::vector<Value> inputs, std::int64_t channels) {
  Random random(7);
  const Value x = random.Elements({2, channels, 5, 6});
  const Value weights = random.Elements({channels, channels, 1, 1});
  NetworkNode conv;
  conv.op = "Conv";
  conv.outputs.resize(1);
  const Setting setting{DType::kF32, &TestMemory(), nullptr, 1, true};
  Call call(conv, 13, setting, {x, weights});
  EXPECT_TRUE(FindKernel(Implementation::kCpu, "", "Conv")(call).ok());
  Value value = call.outputs()[0];
  if (implementation == Implementation::kReference) value = *InPlainOrder(value, TestMemory());
  std::vector<bool> is_fixed;
  for (Value& input : inputs) {
    is_fixed.push_back(input.present());
    if (!input.present()) input = value;
  }
  NodeState state;
  const Surroundings around{{}, &state, &is_fixed, {true, true}};
  const auto once = OutputOf(implementation, run, inputs, "", around);
  EXPECT_EQ(once, OutputOf(implementation, run, inputs, "", around));  // by what is kept
  return once;
}

TEST(CpuSpatial, KeepsTheOrderThatItGets) {
  const Attributes nearest = {{"coordinate_transformation_mode", std::string("asymmetric")},
                              {"mode", std::string("nearest")},
                              {"nearest_mode", std::string("floor")}};
  const Value pads = Longs({8}, {0, 0, 1, 0, 0, 0, 2, 3});
  for (const std::int64_t channels : {8, 16, 20, 24}) {
    const auto expect = [&](const NodeRun& run, const std::vector<Value>& inputs) {
      EXPECT_EQ(BehindAConvolution(Implementation::kCpu, run, inputs, channels),
                BehindAConvolution(Implementation::kReference, run, inputs, channels))
          << run.op << " " << channels;
    };
    expect({"Pad"}, {Value(), pads});
    expect({"Pad"}, {Value(), pads, Floats({}, {2})});
    expect({"Dropout"}, {Value()});
    expect({"Identity"}, {Value()});
    expect({"Concat", {{"axis", std::int64_t{1}}}}, {Value(), Value()});
    expect({"Concat", {{"axis", std::int64_t{2}}}}, {Value(), Value()});
    // Operand 1 of Resize, left out here, would be taken for the value.
    expect({"Resize", nearest}, {Value(), Floats({0}, {}), Floats({4}, {1, 1, 2, 2.5F})});
    expect({"Resize", nearest}, {Value(), Floats({0}, {}), Floats({4}, {1, 2, 1, 1})});
    expect({"Resize", nearest},
           {Value(), Floats({0}, {}), Floats({0}, {}), Longs({4}, {2, channels, 3, 4})});
  }
}

TEST(CpuPools, TakeImagesInBlocks) {
  Random random(8);
  for (const std::int64_t channels : {8, 13, 16, 40}) {
    const Value x = random.Elements({2, channels, 9, 7});
    const Attributes window = {{"kernel_shape", Wholes{3, 3}}, {"strides", Wholes{2, 2}}};
    ExpectNear({"MaxPool", window}, {x}, 0);
    ExpectNear({"AveragePool", window}, {x}, std::ldexp(1, -18));
  }
}

TEST(CpuNormalising, KeepsTheOrderThatItGets) {
  Random random(12);
  for (const std::int64_t channels : {8, 16, 20, 24, 37}) {
    const Value scale = random.Elements({channels}), bias = random.Elements({channels});
    const Value mean = random.Elements({channels});
    const std::vector<Value> inputs = {Value(), scale, bias, mean, RunNode({"Exp"}, {mean})};
    const NodeRun run = {"BatchNormalization"};
    const auto fast = BehindAConvolution(Implementation::kCpu, run, inputs, channels);
    const auto right = BehindAConvolution(Implementation::kReference, run, inputs, channels);
    ASSERT_EQ(fast.size(), right.size());
    for (std::size_t i = 0; i < fast.size(); ++i) {
      ASSERT_NEAR(fast[i], right[i], 1e-5 * (1 + std::fabs(right[i]))) << channels << " " << i;
    }
  }
}

TEST(CpuPools, TakeAnyStride) {
  const Value x = Floats({1, 1, 2, 2}, {1, 2, 3, 4});
  const Attributes attributes = {{"kernel_shape", Wholes{2, 2}},
                                 {"strides", Wholes{1, std::int64_t{1} << 30}}};
  ExpectNear({"MaxPool", attributes}, {x}, 0);
  ExpectNear({"AveragePool", attributes}, {x}, 0);
}

TEST(CpuPools, KeepTheOrderThatTheyGet) {
  const Attributes window = {
      {"kernel_shape", Wholes{3, 2}}, {"pads", Wholes{1, 0, 1, 1}}, {"strides", Wholes{2, 1}}};
  for (const std::int64_t channels : {8, 16, 20, 24, 37}) {
    for (const char* op : {"MaxPool", "AveragePool", "GlobalAveragePool"}) {
      const NodeRun run = {op, op[0] == 'G' ? Attributes() : window};
      const auto fast = BehindAConvolution(Implementation::kCpu, run, {Value()}, channels);
      const auto right = BehindAConvolution(Implementation::kReference, run, {Value()}, channels);
      ASSERT_EQ(fast.size(), right.size());
      for (std::size_t i = 0; i < fast.size(); ++i) {
        ASSERT_NEAR(fast[i], right[i], op[0] == 'M' ? 0 : 1e-5) << op << " " << i;
      }
    }
  }
}

TEST(CpuKernels, LeaveToTheReferenceWhatTheyCannot) {
  const Value x = Floats({1, 1, 4}, {1, 2, 3, 4}), one = Floats({1, 1, 1}, {1});
  const NodeRun cut = {"Conv", {{"pads", Wholes{-1, 0}}}};
  EXPECT_EQ(OutputOf(Implementation::kCpu, cut, {x, one}), (std::vector<double>{2, 3, 4}));
  EXPECT_EQ(OutputOf(Implementation::kCpu, {"MatMul"}, {Floats({2, 0}, {}), Floats({0, 1}, {})}),
            (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace dlv::kernels
