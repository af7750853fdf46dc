#include "engine/api/lineage_graph.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

namespace dlv::api {
namespace {

VersionId IdOf(std::uint32_t number) {
  VersionId id;
  for (std::size_t i = 0; i < 4; ++i)
    id.bytes[i] = static_cast<std::uint8_t>(number * 2654435761U >> (8 * i));
  id.bytes[31] = 1;
  return id;
}

/// Versions 1, 2, ... of model "m"; an edge to a number that was not added is one to a version that
/// is not here.
class Builder {
 public:
  Builder() { rows_.models = {"m"}; }
  Builder& Add(std::initializer_list<std::uint32_t> parents,
               std::initializer_list<Relation> relations = {}) {
    const auto place = static_cast<std::uint32_t>(rows_.versions.size());
    rows_.versions.push_back({place + 1, IdOf(place + 1), 0, place + 1, 1000 + place});
    std::uint32_t ordinal = 0;
    for (const std::uint32_t parent : parents) {
      const Relation relation =
          ordinal < relations.size() ? relations.begin()[ordinal] : Relation::kFinetune;
      rows_.parents.push_back({place, ordinal++, IdOf(parent), 0, relation, false});
    }
    return *this;
  }
  LineageGraph Build() { return LineageGraph(std::move(rows_)); }

 private:
  catalog::LineageRows rows_;
};

Node At(const LineageGraph& graph, std::uint32_t number) {
  const auto node = graph.Find(IdOf(number));
  EXPECT_TRUE(node.has_value()) << number;
  return node.value_or(0);
}

/// "3@1 2@1 1@2": version and depth.
std::string Walked(const LineageGraph& graph, std::uint32_t start, Direction direction,
                   const LineageFilter& filter = {}) {
  GraphWalk walk(graph, At(graph, start), direction, filter);
  std::string text;
  while (const auto step = walk.Next()) {
    const LineageVersion version = graph.Version(step->node);
    text += (text.empty() ? "" : " ") +
            (version.present ? std::to_string(version.number) : std::string("?")) + "@" +
            std::to_string(step->depth);
  }
  return text;
}

std::string NumbersOf(const LineageGraph& graph, const std::vector<Node>& nodes) {
  std::string text;
  for (const LineageVersion& version : graph.Versions(nodes)) {
    text += (text.empty() ? "" : " ") +
            (version.present ? std::to_string(version.number) : std::string("?"));
  }
  return text;
}

//   1 - 2 - 4      a diamond, with a tail 5 under 4 and a loner 6
//    `- 3 -'
LineageGraph Diamond() {
  return Builder()
      .Add({})
      .Add({1})
      .Add({1}, {Relation::kPrune})
      .Add({2, 3}, {Relation::kMerge, Relation::kMerge})
      .Add({4})
      .Add({})
      .Build();
}

TEST(LineageGraph, WalksADiamondBreadthFirstEachOnce) {
  const LineageGraph graph = Diamond();
  EXPECT_EQ(Walked(graph, 5, Direction::kAncestors), "4@1 2@2 3@2 1@3");
  EXPECT_EQ(Walked(graph, 1, Direction::kDescendants), "2@1 3@1 4@2 5@3");
  EXPECT_EQ(Walked(graph, 6, Direction::kAncestors), "");
  EXPECT_EQ(Walked(graph, 6, Direction::kDescendants), "");
}

TEST(LineageGraph, StepsKnowTheEdgeThatLedThere) {
  const LineageGraph graph = Diamond();
  GraphWalk walk(graph, At(graph, 5), Direction::kAncestors, {});
  (void)walk.Next();
  (void)walk.Next();
  const auto third = walk.Next();
  ASSERT_TRUE(third.has_value());
  EXPECT_EQ(graph.Version(third->node).number, 3U);
  EXPECT_EQ(third->edge->relation, Relation::kMerge);
  EXPECT_EQ(third->edge->ordinal, 1U);
  EXPECT_EQ(graph.Version(third->edge->child).number, 4U);
}

TEST(LineageGraph, FiltersByRelationDepthAndFirstParent) {
  const LineageGraph graph = Diamond();
  EXPECT_EQ(Walked(graph, 5, Direction::kAncestors, {{Relation::kFinetune}, 0, false}), "4@1");
  EXPECT_EQ(Walked(graph, 4, Direction::kAncestors, {{Relation::kMerge}, 0, false}), "2@1 3@1");
  EXPECT_EQ(Walked(graph, 5, Direction::kAncestors, {{}, 2, false}), "4@1 2@2 3@2");
  EXPECT_EQ(Walked(graph, 5, Direction::kAncestors, {{}, 0, true}), "4@1 2@2 1@3");
  EXPECT_EQ(Walked(graph, 3, Direction::kDescendants, {{}, 0, true}), "");
  EXPECT_EQ(
      Walked(graph, 1, Direction::kDescendants, {{Relation::kPrune, Relation::kMerge}, 0, false}),
      "3@1 4@2");
}

TEST(LineageGraph, ShowsParentsThatAreNotHere) {
  const LineageGraph graph = Builder().Add({77}).Add({1, 77}).Build();
  EXPECT_EQ(Walked(graph, 2, Direction::kAncestors), "1@1 ?@1");
  const LineageVersion away = graph.Version(At(graph, 77));
  EXPECT_FALSE(away.present);
  EXPECT_EQ(away.number, 0U);
  EXPECT_EQ(away.reference, "m@" + IdOf(77).Hex(12));
  EXPECT_EQ(NumbersOf(graph, LowestCommon(graph, At(graph, 1), At(graph, 2))), "1");
  EXPECT_EQ(NumbersOf(graph, FirstParents(graph, At(graph, 2))), "? 1 2");
}

TEST(LineageGraph, FindsShortestPathsInBothDirections) {
  const LineageGraph graph = Diamond();
  const auto path = [&](std::uint32_t from, std::uint32_t to) {
    return NumbersOf(graph, ShortestPath(graph, At(graph, from), At(graph, to)));
  };
  EXPECT_EQ(path(5, 1), "5 4 2 1");
  EXPECT_EQ(path(1, 5), "1 2 4 5");
  EXPECT_EQ(path(2, 3), "2 1 3");
  EXPECT_EQ(path(3, 3), "3");
  EXPECT_EQ(path(1, 6), "");
}

TEST(LineageGraph, LowestCommonAncestorsMayBeTwo) {
  // 1 and 2 are both parents of 3 and of 4: a criss-cross.
  const LineageGraph graph = Builder().Add({}).Add({}).Add({1, 2}).Add({2, 1}).Add({3}).Build();
  const auto lowest = [&](std::uint32_t a, std::uint32_t b) {
    return NumbersOf(graph, LowestCommon(graph, At(graph, a), At(graph, b)));
  };
  EXPECT_EQ(lowest(3, 4), "1 2");
  EXPECT_EQ(lowest(5, 4), "1 2");
  EXPECT_EQ(lowest(5, 3), "3");
  EXPECT_EQ(lowest(3, 3), "3");
  EXPECT_EQ(lowest(1, 2), "");
}

TEST(LineageGraph, LowestCommonAncestorIsNotAHigherOne) {
  const LineageGraph graph = Diamond();
  EXPECT_EQ(NumbersOf(graph, LowestCommon(graph, At(graph, 2), At(graph, 3))), "1");
  EXPECT_EQ(NumbersOf(graph, LowestCommon(graph, At(graph, 5), At(graph, 3))), "3");
}

TEST(LineageGraph, OrderHasParentsFirst) {
  const LineageGraph graph =
      Builder().Add({3}).Add({}).Add({2, 5}).Build();  // 1 under 3 under 2, 5
  const auto order = graph.Order();
  for (const LineageGraph::Edge& edge : graph.edges())
    EXPECT_LT(order[edge.parent], order[edge.child]);
}

TEST(LineageGraph, CyclesEnd) {
  // 1 -> 2 -> 3 -> 1, and 4 is its own parent. No repository has this; a damaged one might.
  const LineageGraph graph = Builder().Add({3}).Add({1}).Add({2}).Add({4}).Build();
  EXPECT_EQ(Walked(graph, 1, Direction::kAncestors), "3@1 2@2");
  EXPECT_EQ(Walked(graph, 1, Direction::kDescendants), "2@1 3@2");
  EXPECT_EQ(Walked(graph, 4, Direction::kAncestors), "");
  EXPECT_EQ(NumbersOf(graph, FirstParents(graph, At(graph, 1))), "2 3 1");
  EXPECT_EQ(graph.Order().size(), 4U);
  EXPECT_EQ(NumbersOf(graph, ShortestPath(graph, At(graph, 1), At(graph, 4))), "");
  EXPECT_LE(LowestCommon(graph, At(graph, 1), At(graph, 2)).size(), 3U);
}

TEST(LineageGraph, LongChainsAndStarsNeedNoRecursion) {
  constexpr std::uint32_t kLength = 10'000;
  Builder builder;
  builder.Add({});
  for (std::uint32_t i = 1; i < kLength; ++i) builder.Add({i});
  for (std::uint32_t i = 0; i < kLength; ++i) builder.Add({1});
  const LineageGraph graph = builder.Build();
  GraphWalk walk(graph, At(graph, kLength), Direction::kAncestors, {});
  std::size_t steps = 0, depth = 0;
  while (const auto step = walk.Next()) {
    ++steps;
    depth = step->depth;
  }
  EXPECT_EQ(steps, kLength - 1);
  EXPECT_EQ(depth, kLength - 1);
  EXPECT_EQ(ShortestPath(graph, At(graph, kLength), At(graph, 2 * kLength)).size(), kLength + 1);
  EXPECT_EQ(NumbersOf(graph, LowestCommon(graph, At(graph, kLength), At(graph, kLength + 5))), "1");
}

TEST(LineageGraph, EmptyRepository) {
  const LineageGraph graph = LineageGraph({});
  EXPECT_EQ(graph.size(), 0U);
  EXPECT_TRUE(graph.Order().empty());
  EXPECT_FALSE(graph.Find(IdOf(1)).has_value());
}

}  // namespace
}  // namespace dlv::api
