#include "engine/network/slice.h"

#include <gtest/gtest.h>

#include "engine/network/normalise.h"
#include "engine/network/shape_inference.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::network {
namespace {

using Texts = std::vector<std::string>;

NodeIndex NodeNamed(const Network& network, const std::string& name) {
  for (NodeIndex i = 0; i < network.nodes.size(); ++i) {
    if (network.nodes[i].name == name) return i;
  }
  ADD_FAILURE() << "no node " << name;
  return 0;
}

SliceRequest Request(const Network& network, const Texts& inputs, const Texts& outputs) {
  SliceRequest request;
  request.name = "part";
  for (const std::string& name : inputs) request.inputs.push_back(NodeNamed(network, name));
  for (const std::string& name : outputs)
    request.outputs.push_back({NodeNamed(network, name), std::nullopt});
  return request;
}

template <class Items>
Texts NamesOf(const Items& items) {
  Texts names;
  for (const auto& item : items) names.push_back(item.name);
  return names;
}

std::string ErrorOf(const Network& network, const SliceRequest& request) {
  const auto slice = Slice(network, request);
  if (slice.ok()) return "sliced";
  EXPECT_EQ(slice.error().code, ErrorCode::kInvalidArgument);
  return slice.error().message;
}

Network ClassifierToSlice() { return Normalise(SmallClassifier())->network; }

/// A block with a bypass around it, and a side input:
/// x -> stem -> a -> b -> join(b, stem) -> scale(join, gate(z)) -> head
Network Residual() {
  Builder net;
  const auto x = net.Input("x", NetworkShape{1, 8});
  const auto z = net.Input("z", NetworkShape{1, 8});
  const auto full = [&](const std::string& name, NetworkOperand in) {
    return net.Node(name, "MatMul", {in, net.Parameter(name + ".weight", {8, 8})});
  };
  const auto stem = full("stem", x);
  const auto b = net.Node("b", "Relu", {full("a", stem)});
  const auto join = net.Node("join", "Add", {b, stem});
  const auto gate = net.Node("gate", "Sigmoid", {z});
  net.Output("y", full("head", net.Node("scale", "Mul", {join, gate})));
  return Normalise(net.Take())->network;
}

TEST(Slice, KeepsWhatLiesBetween) {
  const Network network = ClassifierToSlice();
  const auto slice = Slice(network, Request(network, {"conv2"}, {"pool2"}));
  ASSERT_TRUE(slice.ok()) << slice.error().message;
  EXPECT_EQ(NamesOf(slice->network.nodes), (Texts{"conv2", "relu2", "pool2"}));
  EXPECT_EQ(NamesOf(slice->network.inputs), Texts{"pool1"});
  EXPECT_EQ(slice->network.inputs[0].shape, (NetworkShape{kUnknownSize, 8, 16, 16}));
  EXPECT_EQ(NamesOf(slice->network.parameters), (Texts{"conv2.weight", "conv2.bias"}));
  EXPECT_EQ(NamesOf(slice->network.outputs), Texts{"pool2"});
  EXPECT_EQ(slice->network.name, "part");
  EXPECT_TRUE(slice->notes.empty());
  EXPECT_TRUE(CheckNetwork(slice->network).ok());
}

TEST(Slice, TheWholeKeepsNamesOfInputsAndOutputs) {
  const Network network = ClassifierToSlice();
  const auto slice = Slice(network, Request(network, {"conv1"}, {"prob"}));
  ASSERT_TRUE(slice.ok());
  EXPECT_EQ(slice->network.nodes.size(), network.nodes.size());
  EXPECT_EQ(NamesOf(slice->network.inputs), Texts{"data"});
  EXPECT_EQ(NamesOf(slice->network.outputs), Texts{"prob"});
}

TEST(Slice, OneNodeIsASlice) {
  const Network network = ClassifierToSlice();
  const auto slice = Slice(network, Request(network, {"relu1"}, {"relu1"}));
  ASSERT_TRUE(slice.ok());
  EXPECT_EQ(NamesOf(slice->network.nodes), Texts{"relu1"});
  EXPECT_TRUE(slice->network.parameters.empty());
}

TEST(Slice, AllPathsAreKept) {
  const Network network = Residual();
  const auto slice = Slice(network, Request(network, {"stem"}, {"join"}));
  ASSERT_TRUE(slice.ok());
  EXPECT_EQ(NamesOf(slice->network.nodes), (Texts{"stem", "a", "b", "join"}));
}

TEST(Slice, WhatDoesNotFollowTheInputBecomesAnExtraInput) {
  const Network network = Residual();
  const auto slice = Slice(network, Request(network, {"a"}, {"head"}));
  ASSERT_TRUE(slice.ok());
  EXPECT_EQ(NamesOf(slice->network.nodes), (Texts{"a", "b", "join", "scale", "head"}));
  // stem feeds the start, and by the bypass the join: one input.
  EXPECT_EQ(NamesOf(slice->network.inputs), (Texts{"stem", "gate"}));
  EXPECT_EQ(slice->extra_inputs, Texts{"gate"});
  EXPECT_EQ(slice->notes,
            Texts{"gate became an input: scale reads it, and it does not follow a (MatMul)"});
}

TEST(Slice, WithClosureAncestorsComeAlong) {
  const Network network = Residual();
  SliceRequest request = Request(network, {"b"}, {"head"});
  request.with_closure = true;
  const auto slice = Slice(network, request);
  ASSERT_TRUE(slice.ok()) << slice.error().message;
  EXPECT_EQ(NamesOf(slice->network.nodes), (Texts{"stem", "b", "join", "gate", "scale", "head"}));
  EXPECT_EQ(NamesOf(slice->network.inputs), (Texts{"a", "x", "z"}));
  EXPECT_EQ(slice->extra_inputs, (Texts{"x", "z"}));
}

TEST(Slice, WeightsThatAreComputedComeAlong) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{1, 4});
  const auto turned = net.Node("turned", "Transpose", {net.Parameter("fc.weight", {8, 4})});
  const auto y =
      net.Node("act", "Relu", {net.Node("mul", "MatMul", {net.Node("pre", "Tanh", {x}), turned})});
  net.Output("y", y);
  const Network network = Normalise(net.Take())->network;
  const auto slice = Slice(network, Request(network, {"fc"}, {"act"}));
  ASSERT_TRUE(slice.ok());
  EXPECT_EQ(NamesOf(slice->network.nodes), (Texts{"turned", "fc", "act"}));
  EXPECT_EQ(NamesOf(slice->network.inputs), Texts{"pre"});
}

TEST(Slice, OutputsOfPorts) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{2, 8});
  const auto split = net.Node("split", "Split", {x}, {{"axis", std::int64_t{1}}}, 2);
  net.Output("y", net.Node("add", "Add", {split, Builder::Port(split, 1)}));
  const Network network = Normalise(net.Take())->network;
  SliceRequest request = Request(network, {"split"}, {"split"});
  EXPECT_EQ(NamesOf(Slice(network, request)->network.outputs), (Texts{"split", "split_1"}));
  request.outputs[0].port = 1;
  EXPECT_EQ(NamesOf(Slice(network, request)->network.outputs), Texts{"split_1"});
  request.outputs[0].port = 2;
  EXPECT_EQ(ErrorOf(network, request), "slice: node split (Split) has no output 2, it has 2");
}

TEST(Slice, NoPathIsAnError) {
  const Network network = Residual();
  EXPECT_EQ(ErrorOf(network, Request(network, {"join"}, {"a"})),
            "slice: no path from join (Add) to a (MatMul)");
  EXPECT_EQ(ErrorOf(network, Request(network, {"stem", "gate"}, {"b"})),
            "slice: no path from gate (Sigmoid) to an output");
  EXPECT_EQ(ErrorOf(network, Request(network, {}, {"b"})), "slice: no node matches the input");
  EXPECT_EQ(ErrorOf(network, Request(network, {"a"}, {})), "slice: no node matches the output");
}

TEST(Slice, SubgraphsReadTheNewInputs) {
  Builder body;
  body.Output("y", body.Node("inner", "Add", {Builder::Outer("a_out"), Builder::Outer("c_out")}));
  const auto branch = std::make_shared<const Network>(body.Take());
  Builder net;
  const auto x = net.Input("x", NetworkShape{4});
  const auto flag = net.Input("flag", NetworkShape{}, DType::kBool);
  net.Node("a", "Relu", {x});
  const auto b = net.Node("b", "Not", {flag});
  net.Node("c", "Tanh", {x});
  net.Output("y", net.Node("if", "If", {b}, {{"then_branch", branch}, {"else_branch", branch}}));
  const Network network = Normalise(net.Take())->network;
  const auto slice = Slice(network, Request(network, {"b"}, {"if"}));
  ASSERT_TRUE(slice.ok()) << slice.error().message;
  EXPECT_EQ(NamesOf(slice->network.inputs), (Texts{"flag", "a", "c"}));
  EXPECT_EQ(slice->extra_inputs, (Texts{"a", "c"}));
  EXPECT_EQ(ShapeText(slice->network.nodes[1].outputs[0].shape), "[4]");
}

}  // namespace
}  // namespace dlv::network
