#include "engine/network/network_diff.h"

#include <gtest/gtest.h>

#include "engine/network/attributes.h"
#include "engine/network/normalise.h"
#include "tests/unit/engine/network/builder.h"
#include "tests/unit/engine/network/everything.h"

namespace dlv::network {
namespace {

using Texts = std::vector<std::string>;

Network Base() { return Normalise(SmallClassifier())->network; }

TEST(DiffNetworks, EqualOnesAreIdentical) {
  EXPECT_TRUE(DiffNetworks(Base(), Base()).identical());
  EXPECT_EQ(DiffNetworks(Base(), Base()).same, 10u);
  EXPECT_TRUE(DiffNetworks(Everything(), Everything()).identical());
}

TEST(DiffNetworks, AddedAndRemoved) {
  Network after = Base();
  after.nodes.push_back(after.nodes.back());
  after.nodes.back().name = "extra";
  after.nodes.back().op = "Tanh";
  EXPECT_EQ(DiffNetworks(Base(), after).added, Texts{"extra (Tanh)"});
  EXPECT_EQ(DiffNetworks(after, Base()).removed, Texts{"extra (Tanh)"});
}

TEST(DiffNetworks, ChangesOfAttributesOperatorsAndInputs) {
  Network after = Base();
  SetAttribute(after.nodes[0], "kernel_shape", std::vector<std::int64_t>{5, 5});
  SetAttribute(after.nodes[0], "group", std::int64_t{1});
  after.nodes[1].op = "LeakyRelu";
  after.nodes[4].operands[0].index = 1;  // relu2 reads relu1
  const NetworkDiff diff = DiffNetworks(Base(), after);
  ASSERT_EQ(diff.changed.size(), 3u);
  EXPECT_EQ(diff.changed[0].differences,
            (Texts{"kernel_shape: [3, 3] -> [5, 5]", "group: nothing -> 1"}));
  EXPECT_EQ(diff.changed[1].differences, Texts{"op: Relu -> LeakyRelu"});
  EXPECT_EQ(diff.changed[2].differences, Texts{"input 0: conv2 -> relu1"});
  EXPECT_EQ(diff.same, 7u);
}

TEST(DiffNetworks, RenamedNodesAndTheirReaders) {
  Network after = Base();
  after.nodes[0].name = "first";
  after.nodes[2].name = "maximum";
  const NetworkDiff diff = DiffNetworks(Base(), after);
  EXPECT_TRUE(diff.added.empty());
  EXPECT_TRUE(diff.changed.empty());
  ASSERT_EQ(diff.renamed.size(), 2u);
  EXPECT_EQ(diff.renamed[0].before, "conv1");
  EXPECT_EQ(diff.renamed[0].after, "first");
}

TEST(DiffNetworks, EverythingRenamed) {
  Network after = Base();
  for (NetworkNode& node : after.nodes) node.name = "net/" + node.name;
  const NetworkDiff diff = DiffNetworks(Base(), after);
  EXPECT_EQ(diff.renamed.size(), 10u);
  EXPECT_TRUE(diff.added.empty() && diff.removed.empty() && diff.changed.empty());
}

TEST(DiffNetworks, RenamedAndChanged) {
  Network after = Base();
  after.nodes[6].name = "conv3b";
  SetAttribute(after.nodes[6], "kernel_shape", std::vector<std::int64_t>{1, 1});
  const NetworkDiff diff = DiffNetworks(Base(), after);
  ASSERT_EQ(diff.changed.size(), 1u);
  EXPECT_EQ(diff.changed[0].before, "conv3");
  EXPECT_EQ(diff.changed[0].after, "conv3b");
}

/// A larger input is one change, not one for every shape behind it.
TEST(DiffNetworks, WhatFollowsFromAnInputIsNoChange) {
  const auto build = [](std::int64_t size) {
    Builder net;
    auto y = net.Input("image", NetworkShape{1, 4, size, size});
    for (const char* name : {"a", "b", "c"}) {
      y = net.Node(name, "Conv", {y, net.Parameter(std::string(name) + ".weight", {4, 4, 3, 3})});
    }
    net.Output("y", y);
    return Normalise(net.Take())->network;
  };
  const NetworkDiff diff = DiffNetworks(build(32), build(64));
  ASSERT_EQ(diff.changed.size(), 1u);
  EXPECT_EQ(diff.changed[0].before, "input image");
  EXPECT_EQ(diff.changed[0].differences, Texts{"type: f32 [1, 4, 32, 32] -> f32 [1, 4, 64, 64]"});
  EXPECT_EQ(diff.same, 3u);
}

/// "Relu_1" is the second node of one file and another one of the other.
TEST(DiffNetworks, NamesThatAreCountersTellNothing) {
  Network before = Base(), after = Base();
  std::size_t count = 0;
  for (NetworkNode& node : before.nodes) node.name = node.op + "_" + std::to_string(count++);
  count = 2;
  for (NetworkNode& node : after.nodes) node.name = node.op + "_" + std::to_string(count++);
  const NetworkDiff diff = DiffNetworks(before, after);
  EXPECT_EQ(diff.renamed.size(), before.nodes.size());
  EXPECT_TRUE(diff.added.empty() && diff.removed.empty() && diff.changed.empty());
}

/// A normalisation folded away: the convolution gets a bias, and what stood behind stays the same.
TEST(DiffNetworks, WhatStandsBehindARemovedNodeIsTheSame) {
  const auto build = [](bool folded) {
    Builder net;
    auto y = net.Input("x", NetworkShape{1, 4, 8, 8});
    for (const std::string i : {"1", "2", "3"}) {
      std::vector<NetworkOperand> read = {y, net.Parameter("w" + i, {4, 4, 1, 1})};
      if (folded) read.push_back(net.Parameter("b" + i, {4}));
      y = net.Node("Conv_" + i, "Conv", read);
      if (!folded) y = net.Node("norm" + i, "Unheard", {y, net.Parameter("s" + i, {4})});
      y = net.Node((folded ? "Relu_9" : "Relu_") + i, "Relu", {y});
    }
    net.Output("y", y);
    return Normalise(net.Take())->network;
  };
  const NetworkDiff diff = DiffNetworks(build(false), build(true));
  EXPECT_EQ(diff.removed, (Texts{"norm1 (Unheard)", "norm2 (Unheard)", "norm3 (Unheard)"}));
  EXPECT_TRUE(diff.added.empty());
  ASSERT_EQ(diff.changed.size(), 6u);
  EXPECT_EQ(diff.changed[0].differences, Texts{"input 2: nothing -> parameter b1 [4]"});
  EXPECT_EQ(diff.changed[1].differences, Texts{"input 0: norm1 -> Conv_1"});
}

TEST(DiffNetworks, ShapesOfWeights) {
  Network after = Base();
  after.parameters[0].shape = NetworkShape{8, 3, 5, 5};
  const NetworkDiff diff = DiffNetworks(Base(), after);
  ASSERT_EQ(diff.changed.size(), 1u);
  EXPECT_EQ(
      diff.changed[0].differences,
      Texts{"input 1: parameter conv1.weight [8, 3, 3, 3] -> parameter conv1.weight [8, 3, 5, 5]"});
}

}  // namespace
}  // namespace dlv::network
