#include "engine/network/adjacency.h"

#include <gtest/gtest.h>

#include "engine/network/data_flow.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::network {
namespace {

using Nodes = std::vector<NodeIndex>;

Nodes List(std::span<const NodeIndex> nodes) { return {nodes.begin(), nodes.end()}; }

NodeSet SetOf(const Adjacency& adjacency, std::initializer_list<NodeIndex> nodes) {
  NodeSet set(adjacency.size());
  for (const NodeIndex node : nodes) set.Add(node);
  return set;
}

/// 0 -> 1, 2; both -> 3 (twice from 2).
Network FourNodes() {
  Builder net;
  const auto top = net.Node("top", "Relu", {net.Input("x", NetworkShape{4})});
  const auto left = net.Node("left", "Tanh", {top});
  const auto right = net.Node("right", "Sigmoid", {top});
  net.Output("y", net.Node("join", "Sum", {left, right, right}));
  return net.Take();
}

TEST(Adjacency, KnowsNeighboursOnce) {
  const Adjacency adjacency(FourNodes());
  EXPECT_EQ(List(adjacency.next(0)), (Nodes{1, 2}));
  EXPECT_EQ(List(adjacency.prev(3)), (Nodes{1, 2}));
  EXPECT_EQ(List(adjacency.prev(0)), Nodes{});
  EXPECT_EQ(List(adjacency.next(3)), Nodes{});
}

TEST(Adjacency, StepsAndReach) {
  const Adjacency adjacency(FourNodes());
  EXPECT_EQ(adjacency.Next(SetOf(adjacency, {1, 2})).Members(), Nodes{3});
  EXPECT_EQ(adjacency.Prev(SetOf(adjacency, {1, 3})).Members(), (Nodes{0, 1, 2}));
  EXPECT_EQ(adjacency.After(SetOf(adjacency, {0})).Members(), (Nodes{1, 2, 3}));
  EXPECT_EQ(adjacency.Before(SetOf(adjacency, {3})).Members(), (Nodes{0, 1, 2}));
  EXPECT_TRUE(adjacency.After(SetOf(adjacency, {3})).empty());
}

TEST(Adjacency, WeightsAndShapesAreNoNeighbours) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 4});
  const auto turned = net.Node("turned", "Transpose", {net.Parameter("w", {4, 4})});
  const auto y = net.Node("mul", "MatMul", {x, turned});
  const auto shape = net.Node("shape", "Shape", {y});
  net.Output("z", net.Node("reshape", "Reshape", {y, shape}));
  const Network network = net.Take();
  const Adjacency adjacency(network);
  EXPECT_EQ(adjacency.data().Members(), (Nodes{1, 3}));
  EXPECT_EQ(List(adjacency.next(1)), Nodes{3});
  EXPECT_EQ(List(adjacency.prev(3)), Nodes{1});
  EXPECT_EQ(List(adjacency.prev(1)), Nodes{});
  EXPECT_EQ(List(adjacency.next(0)), Nodes{});
  const auto dependence = DependenceOf(network);
  EXPECT_EQ(dependence[0], Dependence::kWeights);
  EXPECT_EQ(dependence[2], Dependence::kShapes);
}

TEST(Adjacency, ASubgraphReadsForItsNode) {
  Builder body;
  body.Output("y", body.Node("inner", "Relu", {Builder::Outer("a_out")}));
  Builder net;
  const auto flag = net.Input("flag", NetworkShape{}, DType::kBool);
  net.Node("a", "Relu", {net.Input("x", NetworkShape{4})});
  net.Output("y", net.Node("if", "If", {flag},
                           {{"then_branch", std::make_shared<const Network>(body.Take())}}));
  const Adjacency adjacency(net.Take());
  EXPECT_EQ(List(adjacency.next(0)), Nodes{1});
}

TEST(NodeSet, DoesWhatSetsDo) {
  NodeSet a(130), b(130);
  a.Add(0);
  a.Add(129);
  b.Add(129);
  EXPECT_EQ(a.count(), 2u);
  a -= b;
  EXPECT_EQ(a.Members(), Nodes{0});
  a |= b;
  a &= b;
  EXPECT_EQ(a, b);
  a.Remove(129);
  EXPECT_TRUE(a.empty());
}

}  // namespace
}  // namespace dlv::network
