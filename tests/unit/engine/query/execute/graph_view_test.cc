#include "engine/query/execute/graph_view.h"

#include <gtest/gtest.h>

#include "engine/network/encoding.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::query {
namespace {

/// An If whose branch reads `outer`, behind a node that reads nothing of the inputs x and flag.
Network Branching(const std::string& outer) {
  network::Builder body;
  body.Output("y", body.Node("inner", "Relu", {network::Builder::Outer(outer)}));
  network::Builder net;
  net.Input("x", NetworkShape{4});
  const auto constant = net.Constant(network::Builder::Reals({1}, true));
  net.Node("first", "Relu", {constant});
  net.Output("y", net.Node("if", "If", {constant},
                           {{"then_branch", std::make_shared<const Network>(body.Take())}}));
  return net.Take();
}

std::vector<std::uint32_t> InputNodesOf(const Network& network) {
  GraphView view;
  EXPECT_TRUE(view.Read(network::Encode(network)).ok());
  return InputNodes(view.outline());
}

TEST(InputNodes, ReadAnInputInABodyToo) {
  EXPECT_EQ(InputNodesOf(Branching("x")), std::vector<std::uint32_t>{1});
  EXPECT_TRUE(InputNodesOf(Branching("first_out")).empty());
}

}  // namespace
}  // namespace dlv::query
