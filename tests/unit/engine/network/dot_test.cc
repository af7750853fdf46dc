#include "engine/network/dot.h"

#include <gtest/gtest.h>

#include "engine/network/normalise.h"
#include "tests/unit/engine/network/builder.h"
#include "tests/unit/engine/network/everything.h"

namespace dlv::network {
namespace {

TEST(WriteDot, DrawsNodesEdgesAndEnds) {
  Builder net;
  net.network().name = "tiny";
  const auto x = net.Input("x", NetworkShape{1, 4});
  net.Output("y", net.Node("fc", "Gemm", {x, net.Parameter("fc.weight", {4, 2})}));
  const std::string dot = WriteDot(Normalise(net.Take())->network);
  EXPECT_TRUE(dot.starts_with("digraph \"tiny\" {")) << dot;
  EXPECT_NE(dot.find("n0 [label=\"fc\\nGemm\\nweight [4, 2]\", fillcolor="), std::string::npos)
      << dot;
  EXPECT_NE(dot.find("in0 -> n0 [label=\"[1, 4]\"];"), std::string::npos) << dot;
  EXPECT_NE(dot.find("n0 -> out0 [label=\"[1, 2]\"];"), std::string::npos) << dot;
}

TEST(WriteDot, OperatorsHaveTheirWindow) {
  Builder net;
  const auto x = net.Input("x", NetworkShape{1, 3, 9, 9});
  const auto y = net.Node("a", "MaxPool", {x},
                          {{"kernel_shape", std::vector<std::int64_t>{3, 3}},
                           {"strides", std::vector<std::int64_t>{2, 2}}});
  net.Output("y", net.Node("b", "MaxPool", {y},
                           {{"kernel_shape", std::vector<std::int64_t>{1, 2}},
                            {"strides", std::vector<std::int64_t>{1, 1}}}));
  const std::string dot = WriteDot(Normalise(net.Take())->network);
  EXPECT_NE(dot.find("\"a\\nMaxPool 3x3 /2\""), std::string::npos) << dot;
  EXPECT_NE(dot.find("\"b\\nMaxPool 1x2\""), std::string::npos) << dot;
}

TEST(WriteDot, OptionsLeaveThingsOut) {
  const Network network = Normalise(SmallClassifier())->network;
  NodeSet marked(network.nodes.size());
  marked.Add(0);
  const std::string dot =
      WriteDot(network, {.shapes = false, .parameters = false, .highlight = &marked});
  EXPECT_EQ(dot.find("weight"), std::string::npos);
  EXPECT_EQ(dot.find("32, 32"), std::string::npos);
  EXPECT_NE(dot.find("penwidth=2"), std::string::npos);
}

TEST(WriteDot, NamesCannotLeaveTheirQuotes) {
  const std::string dot = WriteDot(Everything());
  EXPECT_NE(dot.find("digraph \"all \\\"kinds\\\"\""), std::string::npos) << dot;
  EXPECT_NE(dot.find("label=\"odd\\\\nname\\\\x01"), std::string::npos) << dot;
  for (const char c : dot) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

}  // namespace
}  // namespace dlv::network
