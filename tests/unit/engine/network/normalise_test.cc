#include "engine/network/normalise.h"

#include <gtest/gtest.h>

#include "engine/network/encoding.h"
#include "engine/network/limits.h"
#include "engine/network/shape_inference.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::network {
namespace {

using Wholes = std::vector<std::int64_t>;

std::vector<std::string> NamesOf(const Network& network) {
  std::vector<std::string> names;
  for (const NetworkNode& node : network.nodes) names.push_back(node.name);
  return names;
}

Network Normal(const Network& raw) {
  auto result = Normalise(raw);
  EXPECT_TRUE(result.ok()) << result.error().message;
  return result.ok() ? result->network : Network();
}

std::string ErrorOf(const Network& raw) {
  const auto result = Normalise(raw);
  return result.ok() ? "normalised" : result.error().message;
}

NetworkOperand ConstantNode(Builder& net, const Wholes& values) {
  return net.Node("c", "Constant", {}, {{"value", Builder::Wholes(values)}});
}

TEST(Normalise, PutsNodesInOrderAndOtherwiseKeepsTheirs) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{4});
  // b (place 0) reads a (place 1); c stands where it stood.
  net.Node("b", "Relu", {{OperandKind::kNode, 1, 0, {}}});
  net.Node("a", "Tanh", {x});
  net.Node("c", "Sigmoid", {x});
  net.Output("y", {OperandKind::kNode, 0, 0, {}});
  const Network network = Normal(net.Take());
  EXPECT_EQ(NamesOf(network), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(network.outputs[0].source.index, 1u);
  EXPECT_EQ(network.nodes[1].operands[0].index, 0u);
}

TEST(Normalise, NamesTheCycle) {
  Builder net;
  net.Node("a", "Relu", {{OperandKind::kNode, 2, 0, {}}});
  net.Node("b", "Relu", {{OperandKind::kNode, 0, 0, {}}});
  net.Node("c", "Relu", {{OperandKind::kNode, 1, 0, {}}});
  const std::string message = ErrorOf(net.Take());
  EXPECT_TRUE(message.starts_with("the network has a cycle: ")) << message;
  for (const char* name : {"a (Relu)", "b (Relu)", "c (Relu)"}) {
    EXPECT_NE(message.find(name), std::string::npos) << message;
  }
}

TEST(Normalise, NamesDanglingOperands) {
  const auto with = [](NetworkOperand operand) {
    Builder net;
    net.Input("x", NetworkShape{4});
    net.Node("a", "Relu", {std::move(operand)});
    return net.Take();
  };
  EXPECT_EQ(ErrorOf(with({OperandKind::kNode, 7, 0, {}})),
            "node a (Relu): reads place 7, which is not there");
  EXPECT_EQ(ErrorOf(with({OperandKind::kInput, 1, 0, {}})),
            "node a (Relu): reads place 1, which is not there");
  EXPECT_EQ(ErrorOf(with({OperandKind::kNode, 0, 3, {}})),
            "node a (Relu): reads output 3 of node a (Relu), which has 1");
  EXPECT_EQ(ErrorOf(with({OperandKind::kOuter, 0, 0, "far"})),
            "node a (Relu): reads the enclosing value \"far\", which is not there");
}

TEST(Normalise, FoldsConstantsAndWhatIsComputedFromThem) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{2, 12});
  const auto sum =
      net.Node("sum", "Add", {ConstantNode(net, {1, 2, 0}), ConstantNode(net, {1, 1, -1})});
  net.Output("y", net.Node("reshape", "Reshape", {x, sum}));
  const Network network = Normal(net.Take());
  EXPECT_EQ(NamesOf(network), std::vector<std::string>{"reshape"});
  ASSERT_EQ(network.constants.size(), 1u);
  EXPECT_EQ(network.constants[0], Builder::Wholes({2, 3, -1}));
  EXPECT_EQ(ShapeText(network.nodes[0].outputs[0].shape), "[2, 3, 4]");
}

TEST(Normalise, EqualConstantsAreOne) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{2, 12});
  const auto a = net.Node("a", "Reshape", {x, ConstantNode(net, {3, 8})});
  net.Output("y", net.Node("b", "Reshape", {a, ConstantNode(net, {3, 8})}));
  EXPECT_EQ(Normal(net.Take()).constants.size(), 1u);
}

// What PyTorch writes for x.view(x.size(0), -1).
TEST(Normalise, ATargetThatTakesTheBatchFromItsOwnInputIsConstant) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 3, 4});
  const auto size = net.Node("gather", "Gather", {net.Node("shape", "Shape", {x}), net.Scalar(0)});
  const auto one = net.Node("unsqueeze", "Unsqueeze", {size, net.List({0})});
  const auto target =
      net.Node("concat", "Concat", {one, ConstantNode(net, {-1})}, {{"axis", std::int64_t{0}}});
  net.Output("y", net.Node("reshape", "Reshape", {x, target}));
  const Network network = Normal(net.Take());
  EXPECT_EQ(NamesOf(network), std::vector<std::string>{"reshape"});
  EXPECT_EQ(network.constants[0], Builder::Wholes({0, -1}));
  EXPECT_EQ(ShapeText(network.nodes[0].outputs[0].shape), "[?, 12]");
}

TEST(Normalise, KnownShapesFoldUnknownOnesStay) {
  for (const std::int64_t batch : {std::int64_t{2}, kUnknownSize}) {
    Builder net;
    const auto x = net.Input("x", NetworkShape{batch, 3});
    const auto shape = net.Node("shape", "Shape", {x});
    net.Output("y", net.Node("zeros", "ConstantOfShape", {shape}));
    EXPECT_EQ(Normal(net.Take()).nodes.size(), batch == 2 ? 0u : 2u);
  }
}

TEST(Normalise, IdentityOfAWeightGoesIdentityOfDataAndDropoutStay) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{1, 4});
  const auto weight = net.Node("same", "Identity", {net.Parameter("fc.weight", {4, 4})});
  auto y = net.Node("mul", "MatMul", {x, weight});
  y = net.Node("id", "Identity", {y});
  net.Output("y", net.Node("drop", "Dropout", {y}));
  const Network network = Normal(net.Take());
  EXPECT_EQ(NamesOf(network), (std::vector<std::string>{"fc", "id", "drop"}));
  EXPECT_EQ(network.nodes[0].operands[1].kind, OperandKind::kParameter);
}

TEST(Normalise, UnreadParametersGo) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{4});
  net.Parameter("unused", {4});
  const auto used = net.Parameter("used", {4});
  net.Output("y", net.Node("add", "Add", {x, used}));
  const Network network = Normal(net.Take());
  ASSERT_EQ(network.parameters.size(), 1u);
  EXPECT_EQ(network.parameters[0].name, "used");
}

struct Named {
  const char* original;
  const char* op;
  std::vector<std::string> parameters;
  const char* wanted;
};

TEST(Normalise, NamesByTheFourRules) {
  const std::vector<Named> cases = {
      // 1: the module of the parameters
      {"Conv_0", "Conv", {"layer1.0.conv1.weight", "layer1.0.conv1.bias"}, "layer1.0.conv1"},
      {"x", "Gemm", {"fc.weight"}, "fc"},
      {"x", "LSTM", {"decoder.rnn.weight_ih", "decoder.rnn.weight_hh"}, "decoder.rnn"},
      {"two", "Conv", {"net.conv.weight", "net.bn.bias"}, "net"},
      {"apart", "Conv", {"conv.weight", "convolution.bias"}, "apart"},
      {"x", "Conv", {"ip1/0", "ip1/1"}, "ip1"},
      // 2: the path without the operator
      {"/layer1/layer1.0/relu_1/Relu_1", "Relu", {}, "layer1/layer1.0/relu_1"},
      {"/layer2/conv/Conv", "Conv", {"onnx::Conv_193"}, "layer2/conv"},
      {"/head/Reshape_on", "Reshape", {}, "/head/Reshape_on"},
      // 3: the node's name
      {"pool5", "MaxPool", {}, "pool5"},
      {"/Add", "Add", {}, "/Add"},
      // 4: operator and place
      {"", "Relu", {}, "Relu_11"},
      // what is taken goes on to the next rule
      {"fc_bias_add", "Add", {"fc.bias"}, "fc_bias_add"},
      {"pool5", "Relu", {}, "Relu_13"},
      {"/layer2/conv/Relu", "Relu", {}, "/layer2/conv/Relu"},
  };
  Builder net;
  const auto x = net.Input("x", std::nullopt);
  for (const Named& one : cases) {
    std::vector<NetworkOperand> operands = {x};
    for (const std::string& name : one.parameters) {
      net.network().parameters.push_back({name, {}, {}, ""});
      operands.push_back({OperandKind::kParameter,
                          static_cast<std::uint32_t>(net.network().parameters.size() - 1),
                          0,
                          {}});
    }
    net.Node(one.original, std::string(one.op) + "X", operands);
    net.network().nodes.back().op = one.op;
    net.network().nodes.back().domain = "test";  // no shapes
  }
  const Network network = Normal(net.Take());
  ASSERT_EQ(network.nodes.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(network.nodes[i].name, cases[i].wanted);
    EXPECT_EQ(network.nodes[i].original_name, cases[i].original);
  }
}

TEST(Normalise, AMatMulIsNamedThroughItsTransposedWeight) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{1, 4});
  const auto turned = net.Node("/fc/Transpose", "Transpose", {net.Parameter("fc.weight", {8, 4})});
  net.Output("y", net.Node("/fc/MatMul", "MatMul", {x, turned}));
  EXPECT_EQ(NamesOf(Normal(net.Take())), (std::vector<std::string>{"/fc/Transpose", "fc"}));
}

TEST(Normalise, ConstantsAndWeightsReachIntoBranches) {
  Builder body;
  const auto shifted = body.Node("inner", "Add", {Builder::Outer("x_id"), Builder::Outer("c_out")});
  body.Output("y", body.Node("scaled", "Mul", {shifted, Builder::Outer("w_out")}));
  const auto branch = std::make_shared<const Network>(body.Take());

  Builder net;
  const auto x = net.Input("x", NetworkShape{2});
  const auto flag = net.Input("flag", NetworkShape{}, DType::kBool);
  ConstantNode(net, {1, 2});
  net.Node("w", "Identity", {net.Parameter("scale", {2})});
  net.Node("id", "Tanh", {x});
  net.network().nodes.back().outputs[0].name = "x_id";
  net.Output("y", net.Node("if", "If", {flag}, {{"then_branch", branch}, {"else_branch", branch}}));
  const Network network = Normal(net.Take());
  EXPECT_EQ(NamesOf(network), (std::vector<std::string>{"id", "if"}));
  EXPECT_EQ(network.parameters.size(), 1u);
  const auto& inner =
      *std::get<std::shared_ptr<const Network>>(network.nodes[1].attributes[1].value);
  ASSERT_EQ(inner.nodes.size(), 2u);
  EXPECT_EQ(inner.nodes[0].operands[0].name, "x_id");
  EXPECT_EQ(inner.nodes[0].operands[1].kind, OperandKind::kConstant);
  EXPECT_EQ(inner.nodes[1].operands[1].name, "scale");
  EXPECT_EQ(ShapeText(network.nodes[1].outputs[0].shape), "[2]");
}

TEST(Normalise, RunsOnItsOwnResultWithoutChange) {
  const Network once = Normal(SmallClassifier());
  EXPECT_EQ(IdOf(Normal(once)), IdOf(once));
}

TEST(Normalise, RefusesWhatIsTooLarge) {
  Builder deepest;
  auto body = std::make_shared<const Network>(deepest.Take());
  for (unsigned i = 0; i < kMaxDepth + 2; ++i) {
    Builder net;
    net.Node("n", "If", {net.Input("flag", NetworkShape{}, DType::kBool)}, {{"then_branch", body}});
    body = std::make_shared<const Network>(net.Take());
  }
  EXPECT_EQ(ErrorOf(*body), "subgraphs nested too deeply, want at most 16");

  Builder net;
  net.Input("x", NetworkShape(kMaxRank + 1, 1));
  EXPECT_EQ(ErrorOf(net.Take()), "input x: 33 axes, want at most 32");

  Builder constant;
  constant.Constant({DType::kF32, {1 << 20, 1 << 20, 1 << 20}, {}});
  EXPECT_EQ(ErrorOf(constant.Take()),
            "constant 0: shape [1048576, 1048576, 1048576] of a constant is not a known size");
}

TEST(Normalise, ABigConstantIsNotCopiedForEachReader) {
  Builder body;
  const NetworkConstant big{DType::kU8, {9 << 20}, std::vector<std::byte>(9 << 20)};
  for (int i = 0; i < 20; ++i) body.Node("n", "Relu", {Builder::Outer("big_out")});
  const auto branch = std::make_shared<const Network>(body.Take());
  for (const int bodies : {1, 20}) {
    Builder net;
    const auto flag = net.Input("flag", NetworkShape{}, DType::kBool);
    net.Node("big", "Constant", {}, {{"value", big}});
    for (int i = 0; i < bodies; ++i) net.Node("if", "Unheard", {flag}, {{"body", branch}});
    const std::string message = ErrorOf(net.Take());
    if (bodies == 1) {
      EXPECT_EQ(message, "normalised");
    } else {
      EXPECT_EQ(message.substr(message.rfind(": ")),
                ": folded constants of more than " + std::to_string(kMaxFoldedBytes) + " bytes");
    }
  }
}

TEST(Normalise, ManyKnownValuesAreForgotten) {
  Builder net;
  auto y = net.Constant(Builder::Wholes(std::vector<std::int64_t>(kMaxFoldedElements, 1)));
  for (std::size_t i = 0; i < kMaxKnownElements / kMaxFoldedElements + 50; ++i)
    y = net.Node("", "Neg", {y});
  net.Output("y", y);
  const Network network = Normal(net.Take());
  EXPECT_GT(network.nodes.size(), 10u);  // what could not be remembered stays a node
  EXPECT_LT(network.nodes.size(), 600u);
}

TEST(Normalise, ALongChainTakesNoStack) {
  Builder net;
  auto y = net.Input("x", NetworkShape{4});
  for (int i = 0; i < 5000; ++i) y = net.Node("", "Relu", {y});
  net.Output("y", y);
  EXPECT_EQ(Normal(net.Take()).nodes.back().name, "Relu_4999");
}

TEST(CheckNetwork, SaysWhatIsWrong) {
  const auto broken = [](auto&& damage) {
    Network network = Normal(SmallClassifier());
    damage(network);
    const Status status = CheckNetwork(network);
    return status.ok() ? std::string("good") : status.error().message;
  };
  EXPECT_EQ(broken([](Network&) {}), "good");
  EXPECT_EQ(broken([](Network& n) { n.nodes[1].name = n.nodes[0].name; }),
            "two nodes have the name \"conv1\"");
  EXPECT_EQ(broken([](Network& n) { n.nodes[1].operands[0].index = 5; }),
            "node relu1 (Relu): reads output 0 of node 5, which is not there");
  EXPECT_EQ(broken([](Network& n) { n.nodes[1].outputs.clear(); }),
            "node relu1 (Relu): has no output");
  EXPECT_EQ(
      broken([](Network& n) { std::swap(n.nodes[0].attributes[0], n.nodes[0].attributes[1]); }),
      "node conv1 (Conv): attributes are not ascending: \"kernel_shape\"");
  EXPECT_EQ(broken([](Network& n) { n.nodes[0].name = std::string(5000, 'x'); }).substr(0, 22),
            "a name of 5000 bytes (");
}

}  // namespace
}  // namespace dlv::network
