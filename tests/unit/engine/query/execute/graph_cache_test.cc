#include "engine/query/execute/graph_cache.h"

#include <gtest/gtest.h>

#include "engine/network/encoding.h"

namespace dlv::query {
namespace {

NetworkId NumberedId(std::size_t number) {
  NetworkId id;
  id.bytes[0] = static_cast<std::uint8_t>(number);
  id.bytes[1] = static_cast<std::uint8_t>(number >> 8);
  return id;
}

std::vector<std::byte> Named(const std::string& name) {
  Network network;
  NetworkNode node;
  node.name = name;
  node.op = "Relu";
  node.outputs.emplace_back();
  network.nodes.push_back(node);
  return network::Encode(network);
}

TEST(GraphCache, KeepsWhatIsKeptAndDropsTheOldestOfTheRest) {
  GraphCache cache;
  ASSERT_TRUE(cache.Add(NumberedId(0), Named("kept")).ok());
  ASSERT_TRUE(cache.Add(NumberedId(1), Named("passing")).ok());
  GraphView* const kept = cache.Find(NumberedId(0), true);
  ASSERT_NE(cache.Find(NumberedId(1), false), nullptr);
  for (std::size_t i = 2; i < 2 + GraphCache::kMostPassing; ++i) {
    ASSERT_TRUE(cache.Add(NumberedId(i), Named("n" + std::to_string(i))).ok());
    EXPECT_EQ(cache.Find(NumberedId(i), false)->node(0).name, "n" + std::to_string(i));
  }
  EXPECT_EQ(cache.Find(NumberedId(0), false), kept);
  EXPECT_EQ(kept->node(0).name, "kept");
  EXPECT_EQ(cache.Find(NumberedId(1), false), nullptr);
  EXPECT_NE(cache.Find(NumberedId(2), false), nullptr);
  EXPECT_EQ(cache.size(), GraphCache::kMostPassing + 1);
}

TEST(GraphCache, AddsNothingThatCannotBeRead) {
  GraphCache cache;
  EXPECT_EQ(cache.Add(NumberedId(0), {}).error().code, ErrorCode::kCorruption);
  EXPECT_FALSE(cache.Has(NumberedId(0)));
  EXPECT_EQ(cache.size(), 0u);
}

}  // namespace
}  // namespace dlv::query
