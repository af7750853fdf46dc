#include "engine/query/execute/lineage_graph.h"

#include <gtest/gtest.h>

namespace dlv::query {
namespace {

using Versions = std::vector<VersionIndex>;

/// Edges are (child, parent).
LineageGraph Graph(std::size_t versions, std::vector<std::pair<VersionIndex, VersionIndex>> edges) {
  Snapshot snapshot;
  snapshot.versions.id.resize(versions);
  for (const auto& [child, parent] : edges) {
    EdgeEntry edge;
    edge.child = child;
    edge.parent = parent;
    snapshot.lineage.push_back(edge);
  }
  return LineageGraph(snapshot);
}

//   0 - 1 - 3 - 4
//     \ 2 /      5 - 6
const std::vector<std::pair<VersionIndex, VersionIndex>> kEdges = {
    {1, 0}, {2, 0}, {3, 1}, {3, 2}, {4, 3}, {6, 5}, {5, kNoVersion}};

TEST(Lineage, WalksNearestFirst) {
  const LineageGraph graph = Graph(7, kEdges);
  EXPECT_EQ(graph.Ancestors(4), (Versions{3, 1, 2, 0}));
  EXPECT_EQ(graph.Descendants(0), (Versions{1, 2, 3, 4}));
  EXPECT_EQ(graph.Ancestors(0), Versions{});
  EXPECT_EQ(graph.Ancestors(5), Versions{});  // its parent is not here
}

TEST(Lineage, FindsPathsAndDepths) {
  const LineageGraph graph = Graph(7, kEdges);
  EXPECT_EQ(graph.Path(4, 0).size(), 4u);
  EXPECT_EQ(graph.Path(1, 2), (Versions{1, 0, 2}));
  EXPECT_EQ(graph.Path(4, 4), Versions{4});
  EXPECT_EQ(graph.Path(4, 6), Versions{});
  EXPECT_EQ(graph.Depth(4, 0), 3u);
  EXPECT_EQ(graph.Depth(4, 4), 0u);
  EXPECT_EQ(graph.Depth(0, 4), std::nullopt);
}

TEST(Lineage, FindsLowestCommonAncestors) {
  const LineageGraph graph = Graph(7, kEdges);
  EXPECT_EQ(graph.LowestCommonAncestors(1, 2), Versions{0});
  EXPECT_EQ(graph.LowestCommonAncestors(4, 1), Versions{1});
  EXPECT_EQ(graph.LowestCommonAncestors(4, 6), Versions{});
  // Two that neither is above the other.
  const LineageGraph cross = Graph(4, {{2, 0}, {2, 1}, {3, 0}, {3, 1}});
  EXPECT_EQ(cross.LowestCommonAncestors(2, 3), (Versions{0, 1}));
}

TEST(Lineage, EndsInCycles) {
  const LineageGraph graph = Graph(3, {{0, 1}, {1, 2}, {2, 0}});
  EXPECT_EQ(graph.Ancestors(0), (Versions{1, 2}));
  EXPECT_EQ(graph.LowestCommonAncestors(0, 1).size(), 0u);
}

}  // namespace
}  // namespace dlv::query
