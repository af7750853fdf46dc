// Sessions on small networks: inputs, weights, what is computed once, branches, memory, errors.

#include "engine/infer/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "engine/kernels/convert.h"
#include "engine/network/normalise.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::infer {
namespace {

using kernels::Value;
using network::Builder;

/// Every element of every parameter is the number of its tensor's axes.
class CountingWeights : public WeightSource {
 public:
  Result<Value> Read(const NetworkParameter& parameter, DType real,
                     kernels::Memory& memory) override {
    ++reads;
    if (parameter.name == "missing") return Error{ErrorCode::kNotFound, "no tensor missing"};
    DLV_ASSIGN(Value value, memory.Make(DType::kF32, shape ? *shape : *parameter.shape));
    for (float& element : value.As<float>()) element = static_cast<float>(value.rank());
    return kernels::Converted(value, real, memory);
  }
  int reads = 0;
  std::optional<NetworkShape> shape;
};

Result<std::unique_ptr<Session>> MakeSession(Builder& net, CountingWeights& weights,
                                             const SessionOptions& options = {}) {
  DLV_ASSIGN(network::Normalised normal, network::Normalise(net.Take()));
  return Session::Make(std::move(normal.network), weights, options);
}

Value Input(Session& session, const NetworkShape& shape, std::vector<float> elements) {
  Value value = *session.memory().Make(DType::kF32, shape);
  std::copy(elements.begin(), elements.end(), value.As<float>().begin());
  return value;
}

/// y = relu(x W + b), W [3, 2] of twos, b [2] of ones.
Builder Layer() {
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 3});
  const auto y = net.Node("fc", "Gemm",
                          {x, net.Parameter("fc.weight", {3, 2}), net.Parameter("fc.bias", {2})});
  net.Output("y", net.Node("relu", "Relu", {y}));
  return net;
}

TEST(Sessions, RunAnyBatchInBothPrecisions) {
  for (const Precision precision : {Precision::kF32, Precision::kF64}) {
    Builder net = Layer();
    CountingWeights weights;
    auto session = MakeSession(net, weights, {precision});
    ASSERT_TRUE(session.ok()) << session.error().message;
    EXPECT_EQ(weights.reads, 2);
    auto outputs = (*session)->Run({Input(**session, {2, 3}, {1, 2, 3, -1, -2, -3})});
    ASSERT_TRUE(outputs.ok()) << outputs.error().message;
    ASSERT_EQ(outputs->size(), 1u);
    EXPECT_EQ((*outputs)[0].dtype(), precision == Precision::kF64 ? DType::kF64 : DType::kF32);
    EXPECT_EQ((*outputs)[0].shape(), (NetworkShape{2, 2}));
    EXPECT_EQ(kernels::RealsOf((*outputs)[0]), (std::vector<double>{13, 13, 0, 0}));
    EXPECT_TRUE((*session)->Run({Input(**session, {1, 3}, {1, 2, 3})}).ok());
  }
}

TEST(Sessions, CheckInputs) {
  Builder net = Layer();
  CountingWeights weights;
  auto session = MakeSession(net, weights);
  ASSERT_TRUE(session.ok());
  const auto message = [&](const std::vector<Value>& inputs) {
    const auto outputs = (*session)->Run(inputs);
    return outputs.ok() ? "none" : outputs.error().message;
  };
  EXPECT_EQ(message({}), "0 inputs, want 1");
  EXPECT_EQ(message({Input(**session, {1, 2}, {1, 2})}), "input x is f32 [1, 2], want f32 [?, 3]");
  EXPECT_EQ(message({*(*session)->memory().Make(DType::kI64, {1, 3})}),
            "input x is i64 [1, 3], want f32 [?, 3]");
}

TEST(Sessions, SayWhichTensorDoesNotFit) {
  Builder net = Layer();
  CountingWeights weights;
  weights.shape = NetworkShape{4, 2};
  auto session = MakeSession(net, weights);
  ASSERT_FALSE(session.ok());
  EXPECT_EQ(session.error().message, "tensor fc.weight is f32 [4, 2], want f32 [3, 2]");
}

TEST(Sessions, RefuseUnknownOperatorsWhenTheyAreMade) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 3});
  net.Output("y", net.Node("odd", "Frobnicate", {net.Node("relu", "Relu", {x})}));
  CountingWeights weights;
  auto session = MakeSession(net, weights);
  ASSERT_FALSE(session.ok());
  EXPECT_EQ(session.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(session.error().message, "node odd (Frobnicate): operator Frobnicate has no kernel");
}

TEST(Sessions, ComputeOnceWhatDependsOnWeightsAlone) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 2});
  const auto w = net.Node("twice", "Add", {net.Parameter("a", {2, 2}), net.Parameter("b", {2, 2})});
  net.Output("y", net.Node("product", "MatMul", {x, w}));
  CountingWeights weights;
  auto session = MakeSession(net, weights);
  ASSERT_TRUE(session.ok()) << session.error().message;
  const SessionReport report = (*session)->report();
  EXPECT_EQ(report.nodes_by_kernel.at("once"), 1u);
  EXPECT_EQ(report.weight_bytes, 16u);  // a and b are gone
  auto outputs = (*session)->Run({Input(**session, {1, 2}, {1, 2})});
  ASSERT_TRUE(outputs.ok()) << outputs.error().message;
  EXPECT_EQ(kernels::RealsOf((*outputs)[0]), (std::vector<double>{12, 12}));
}

TEST(Sessions, UseTheRoomOfValuesAgain) {
  Builder net;
  auto y = net.Input("x", NetworkShape{kUnknownSize, 1024});
  for (int i = 0; i < 40; ++i) y = net.Node("tanh" + std::to_string(i), "Tanh", {y});
  net.Output("y", y);
  CountingWeights weights;
  auto session = MakeSession(net, weights);
  ASSERT_TRUE(session.ok());
  auto outputs = (*session)->Run({Input(**session, {4, 1024}, std::vector<float>(4096, 1))});
  ASSERT_TRUE(outputs.ok());
  EXPECT_LE((*session)->report().peak_bytes, 4u * 4 * 4096);  // not 41 values
}

/// A residual block: y = relu(bn(conv(relu(bn(conv(x))))) + x), its result also read as it is
/// before the last activation where `shows_sum`. The value of a weight is a small hash of its
/// place.
class ScatteredWeights : public WeightSource {
 public:
  Result<Value> Read(const NetworkParameter& parameter, DType real,
                     kernels::Memory& memory) override {
    DLV_ASSIGN(Value value, memory.Make(DType::kF32, *parameter.shape));
    std::uint32_t at = static_cast<std::uint32_t>(parameter.name.size());
    for (float& element : value.As<float>()) {
      at = at * 1664525U + 1013904223U;
      element = 0.1F + static_cast<float>(at >> 8) / 16777216.F;
    }
    if (hole && parameter.name == "c1.w") value.As<float>()[0] = std::nanf("");
    return kernels::Converted(value, real, memory);
  }
  bool hole = false;  ///< one weight is NaN
};

Builder Block(std::int64_t channels, bool shows_sum) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, channels, 6, 5});
  const auto normal = [&](const std::string& name, const NetworkOperand& in) {
    const auto vector = [&](const char* what) { return net.Parameter(name + what, {channels}); };
    return net.Node(name, "BatchNormalization",
                    {in, vector(".s"), vector(".b"), vector(".m"), vector(".v")});
  };
  const auto conv = [&](const std::string& name, const NetworkOperand& in) {
    return net.Node(name, "Conv", {in, net.Parameter(name + ".w", {channels, channels, 3, 3})},
                    {{"pads", std::vector<std::int64_t>{1, 1, 1, 1}}});
  };
  const auto first = net.Node("r1", "Relu", {normal("n1", conv("c1", x))});
  const auto sum = net.Node("sum", "Add", {normal("n22", conv("c2", first)), x});
  net.Output("y", net.Node("r2", "Relu", {sum}));
  if (shows_sum) net.Output("z", net.Node("neg", "Neg", {sum}));
  return net;
}

std::vector<double> AllOutputs(Builder net, ScatteredWeights weights, const SessionOptions& options,
                               const std::vector<std::int64_t>& batches) {
  std::vector<double> all;
  auto normal = network::Normalise(net.Take());
  EXPECT_TRUE(normal.ok());
  auto session = Session::Make(std::move(normal->network), weights, options);
  EXPECT_TRUE(session.ok()) << session.error().message;
  const std::int64_t channels = (*(*session)->network().inputs[0].shape)[1];
  for (const std::int64_t batch : batches) {
    std::vector<float> elements(static_cast<std::size_t>(batch * channels * 30));
    for (std::size_t i = 0; i < elements.size(); ++i) {
      elements[i] = static_cast<float>(i * 7 % 23) / 11.F - 1;
    }
    const Value input = Input(**session, {batch, channels, 6, 5}, elements);
    const auto outputs = (*session)->Run({input});
    EXPECT_TRUE(outputs.ok()) << outputs.error().message;
    for (const Value& output : *outputs) {
      const auto reals = kernels::RealsOf(output);
      all.insert(all.end(), reals.begin(), reals.end());
    }
    EXPECT_EQ(kernels::RealsOf(input)[1], static_cast<double>(7 / 11.F - 1));  // not written to
  }
  return all;
}

TEST(Sessions, ComputeNodesTogetherAsOneByOne) {
  for (const std::int64_t channels : {3, 20}) {
    for (const bool shows_sum : {false, true}) {
      const std::vector<std::int64_t> batches = {1, 3, 1, 2, 4, 1};
      const auto wanted = AllOutputs(Block(channels, shows_sum), {}, {Precision::kF64}, batches);
      for (const unsigned threads : {1U, 2U}) {
        SessionOptions options;
        options.threads = threads;
        const auto got = AllOutputs(Block(channels, shows_sum), {}, options, batches);
        ASSERT_EQ(got.size(), wanted.size());
        for (std::size_t i = 0; i < got.size(); ++i) {
          ASSERT_NEAR(got[i], wanted[i], 1e-5 * std::fabs(wanted[i]) + 1e-3) << i;
        }
      }
    }
  }
}

/// Enough weights that the threads share the columns of a single row.
Builder WideLayer(bool turned, std::int64_t columns) {
  Builder net;
  constexpr std::int64_t kDepth = 33000;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, kDepth});
  const NetworkShape shape = turned ? NetworkShape{columns, kDepth} : NetworkShape{kDepth, columns};
  const auto y = net.Node(
      "fc", "Gemm", {x, net.Parameter("fc.weight", shape), net.Parameter("fc.bias", {columns})},
      {{"transB", std::int64_t{turned ? 1 : 0}}});
  net.Output("y", net.Node("relu", "Relu", {y}));
  return net;
}

TEST(Sessions, ThreadsShareTheColumnsOfARow) {
  for (const bool turned : {false, true}) {
    for (const std::int64_t columns : {32, 48, 17}) {
      const auto run = [&](const SessionOptions& options) {
        ScatteredWeights weights;
        auto normal = network::Normalise(WideLayer(turned, columns).Take());
        EXPECT_TRUE(normal.ok());
        auto session = Session::Make(std::move(normal->network), weights, options);
        EXPECT_TRUE(session.ok()) << session.error().message;
        std::vector<double> all;
        for (const std::int64_t batch : {1, 3, 1}) {
          std::vector<float> elements(static_cast<std::size_t>(batch) * 33000);
          for (std::size_t i = 0; i < elements.size(); ++i)
            elements[i] = static_cast<float>(i * 7 % 23) / 11.F - 1;
          const auto outputs = (*session)->Run({Input(**session, {batch, 33000}, elements)});
          EXPECT_TRUE(outputs.ok()) << outputs.error().message;
          const auto reals = kernels::RealsOf(outputs->front());
          all.insert(all.end(), reals.begin(), reals.end());
        }
        return all;
      };
      const auto wanted = run({Precision::kF64});
      for (const unsigned threads : {1U, 2U, 3U}) {
        SessionOptions options;
        options.threads = threads;
        const auto got = run(options);
        ASSERT_EQ(got.size(), wanted.size());
        for (std::size_t i = 0; i < got.size(); ++i) {
          ASSERT_NEAR(got[i], wanted[i], 1e-5 * std::fabs(wanted[i]) + 0.05)
              << i << " of " << columns << " on " << threads;
        }
      }
    }
  }
}

TEST(Sessions, RunOnSeveralThreadsAtOnce) {
  ScatteredWeights weights;
  auto normal = network::Normalise(Block(20, true).Take());
  ASSERT_TRUE(normal.ok());
  auto session = Session::Make(std::move(normal->network), weights, {});
  ASSERT_TRUE(session.ok()) << session.error().message;
  const auto run = [&](std::size_t batch) {
    std::vector<float> elements(batch * 600);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      elements[i] = static_cast<float>(i * 7 % 23) / 11.F - 1;
    }
    const auto shape = NetworkShape{static_cast<std::int64_t>(batch), 20, 6, 5};
    const auto outputs = (*session)->Run({Input(**session, shape, elements)});
    return outputs.ok() ? kernels::RealsOf((*outputs)[0]) : std::vector<double>();
  };
  const auto one = run(1), two = run(2);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 60; ++round) {
        if (run(1) != one || run(2) != two) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Sessions, DoNotLoseNan) {
  ScatteredWeights weights;
  weights.hole = true;
  const auto outputs = AllOutputs(Block(16, false), weights, {}, {1});
  EXPECT_GT(std::ranges::count_if(outputs, [](double one) { return std::isnan(one); }), 0);
}

/// x + 1 or x * 2, after the sum of x.
Builder Branches(NetworkOperand (*condition)(Builder&, const NetworkOperand&)) {
  const auto branch = [](const char* op, float number) {
    Builder body;
    const auto constant = body.Constant(Builder::Reals({number}, true));
    body.Output("z", body.Node("n", op, {Builder::Outer("x"), constant}));
    return std::make_shared<const Network>(body.Take());
  };
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize});
  net.Output("y", net.Node("if", "If", {condition(net, x)},
                           {{"then_branch", branch("Add", 1)}, {"else_branch", branch("Mul", 2)}}));
  return net;
}

TEST(Sessions, TakeTheBranchThatIsComputed) {
  Builder net = Branches([](Builder& in, const NetworkOperand& x) {
    const auto sum = in.Node("sum", "ReduceSum", {x}, {{"keepdims", std::int64_t{0}}});
    return in.Node("test", "Greater", {sum, in.Constant(Builder::Reals({0}, true))});
  });
  CountingWeights weights;
  auto session = MakeSession(net, weights);
  ASSERT_TRUE(session.ok()) << session.error().message;
  const auto run = [&](float x) {
    auto outputs = (*session)->Run({Input(**session, {1}, {x})});
    EXPECT_TRUE(outputs.ok()) << outputs.error().message;
    return outputs.ok() ? kernels::RealsOf((*outputs)[0])[0] : 0;
  };
  EXPECT_EQ(run(5), 6);
  EXPECT_EQ(run(-5), -10);
}

TEST(Sessions, StayInTheirMemory) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize}, DType::kI64);
  net.Output("y", net.Node("fill", "ConstantOfShape", {x}));
  CountingWeights weights;
  SessionOptions options;
  options.memory_limit_bytes = 1 << 16;
  auto session = MakeSession(net, weights, options);
  ASSERT_TRUE(session.ok()) << session.error().message;
  Value sizes = *(*session)->memory().Make(DType::kI64, {2});
  sizes.As<std::int64_t>()[0] = sizes.As<std::int64_t>()[1] = 1 << 12;
  const auto outputs = (*session)->Run({sizes});
  ASSERT_FALSE(outputs.ok());
  EXPECT_EQ(outputs.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(outputs.error().message.find("node fill (ConstantOfShape): a value of shape"), 0u);
}

TEST(Sessions, SeeThatABatchIsBuiltIn) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{1, 4});
  net.Output("y", net.Node("flat", "Reshape", {x, net.List({1, -1})}));
  CountingWeights weights;
  auto session = MakeSession(net, weights);
  ASSERT_TRUE(session.ok()) << session.error().message;
  EXPECT_TRUE((*session)->Run({Input(**session, {1, 4}, {1, 2, 3, 4})}).ok());
  const auto outputs = (*session)->Run({Input(**session, {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})});
  ASSERT_FALSE(outputs.ok());
  EXPECT_EQ(outputs.error().message, "the network is made for batches of 1, got 2");
}

TEST(Sessions, StopWhenAsked) {
  Builder net = Layer();
  CountingWeights weights;
  auto session = MakeSession(net, weights);
  ASSERT_TRUE(session.ok());
  CancellationToken token;
  token.Cancel();
  const auto outputs = (*session)->Run({Input(**session, {1, 3}, {1, 2, 3})}, &token);
  ASSERT_FALSE(outputs.ok());
  EXPECT_EQ(outputs.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace dlv::infer
