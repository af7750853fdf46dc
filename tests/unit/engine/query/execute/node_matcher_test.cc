#include "engine/query/execute/node_matcher.h"

#include <gtest/gtest.h>

#include "engine/network/encoding.h"
#include "engine/query/execute/evaluator.h"
#include "engine/query/execute/graph_cache.h"

namespace dlv::query {
namespace {

NetworkId VariantId(std::size_t number) {
  NetworkId id;
  std::memcpy(id.bytes.data(), &number, sizeof number);
  return id;
}

/// Five nodes, of which the bits of `variant` change names and operators.
std::vector<std::byte> Variant(std::size_t variant) {
  Network network;
  network.inputs.push_back({"x", DType::kF32, NetworkShape{1}});
  for (std::uint32_t i = 0; i < 5; ++i) {
    NetworkNode node;
    const bool other = (variant >> i & 1) != 0;
    node.name = (other ? "dense" : "conv") + std::to_string(i);
    node.op = (variant >> (i + 5) & 1) != 0 ? "Sigmoid" : "Relu";
    node.outputs.push_back({other ? "out" : "conv_out", DType::kF32, NetworkShape{1}});
    NetworkOperand operand;
    operand.kind = i == 0 ? OperandKind::kInput : OperandKind::kNode;
    operand.index = i == 0 ? 0 : i - 1;
    node.operands.push_back(operand);
    network.nodes.push_back(std::move(node));
  }
  return network::Encode(network);
}

TEST(NodeMatcher, ChoosesWhatMatchNodeSays) {
  const char* const kSelectors[] = {
      "conv*", "dense3", "re:^(conv|out)[13]?$", "@Relu", "@SIGMOID", "*[13]", "re:nothing"};
  GraphCache cache;
  std::vector<NodeMatcher> matchers;
  std::vector<std::shared_ptr<const Selector>> selectors;
  for (const char* text : kSelectors) {
    auto selector = Selector::Compile(text, nullptr);
    ASSERT_TRUE(selector.ok()) << text;
    selectors.push_back(std::make_shared<const Selector>(std::move(*selector)));
    matchers.emplace_back(selectors.back());
  }
  network::NodeSet nodes;
  std::size_t chosen = 0;
  for (std::size_t variant = 0; variant < 1024; ++variant) {
    ASSERT_TRUE(cache.Add(VariantId(variant), Variant(variant)).ok());
    GraphView* const graph = cache.Find(VariantId(variant), variant % 7 == 0);
    for (std::size_t i = 0; i < matchers.size(); ++i) {
      if (variant % (i + 1) != 0) continue;  // not every selector is asked of every network
      matchers[i].Choose(*graph, nodes);
      for (std::uint32_t node = 0; node < graph->node_count(); ++node) {
        EXPECT_EQ(nodes.Has(node), MatchNode(*selectors[i], {graph, 0, node}, nullptr));
      }
      chosen += nodes.count();
    }
  }
  EXPECT_GT(chosen, 1000u);
}

TEST(GraphCache, SharesWhoFollowsWhom) {
  GraphCache cache;
  ASSERT_TRUE(cache.Add(VariantId(0), Variant(0)).ok());
  ASSERT_TRUE(cache.Add(VariantId(1), Variant(3)).ok());
  EXPECT_EQ(&cache.Find(VariantId(0), true)->adjacency(),
            &cache.Find(VariantId(1), true)->adjacency());
}

}  // namespace
}  // namespace dlv::query
