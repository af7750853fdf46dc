#include "storage/plan/delta_graph.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/storage/plan/planning_fixture.h"

namespace dlv::plan {
namespace {

using testing::Built;

std::string ErrorOf(std::size_t tensors, std::vector<Edge> edges) {
  const auto graph = DeltaGraph::Build(tensors, std::move(edges));
  return graph.ok() ? "" : graph.error().message;
}

TEST(DeltaGraph, ListsEdgesByBothEnds) {
  const DeltaGraph graph = Built(
      3, {{0, 2, 7, 10, 1}, {2, 1, 8, 3, 1}, {0, 1, 9, 10, 1}, {2, 3, 10, 4, 1}, {2, 1, 11, 2, 5}});
  ASSERT_EQ(graph.node_count(), 4U);
  ASSERT_EQ(graph.edge_count(), 5U);
  std::vector<std::uint32_t> tags;
  for (Node node = 0; node < 4; ++node) {
    for (const EdgeIndex edge : graph.incoming(node)) {
      EXPECT_EQ(graph.edge(edge).to, node);
      tags.push_back(graph.edge(edge).tag);
    }
  }
  EXPECT_EQ(tags, (std::vector<std::uint32_t>{8, 9, 11, 7, 10}));
  std::vector<std::size_t> out;
  for (Node node = 0; node < 4; ++node) {
    for (const EdgeIndex edge : graph.outgoing(node)) EXPECT_EQ(graph.edge(edge).from, node);
    out.push_back(graph.outgoing(node).size());
  }
  EXPECT_EQ(out, (std::vector<std::size_t>{2, 0, 3, 0}));
}

TEST(DeltaGraph, TakesMemoryInProportionToItsEdges) {
  std::vector<Edge> edges;
  for (Node node = 1; node <= 1000; ++node) {
    edges.push_back({0, node, 0, 5, 1});
    for (Node base = 1; base <= 20; ++base) {
      if (base != node) edges.push_back({base, node, 0, 2, 1});
    }
  }
  const DeltaGraph graph = Built(1000, std::move(edges));
  EXPECT_LE(graph.memory_bytes(), 36 * graph.edge_count() + 8 * (graph.node_count() + 1));
}

TEST(DeltaGraph, RefusesWhatIsNoGraphOfDeltas) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(ErrorOf(1, {{0, 2, 0, 1, 1}}), "edge 0 to 2: there are 1 tensors");
  EXPECT_EQ(ErrorOf(1, {{0, 1, 0, 1, 1}, {1, 0, 0, 1, 1}}),
            "edge 1 to 0: leads to the empty tensor");
  EXPECT_EQ(ErrorOf(1, {{0, 1, 0, 1, 1}, {1, 1, 0, 1, 1}}), "edge 1 to 1: leads to itself");
  for (const double bad : {-1.0, kNan, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(ErrorOf(1, {{0, 1, 0, bad, 1}}),
              "edge 0 to 1: its costs are no finite numbers from 0 on");
    EXPECT_EQ(ErrorOf(1, {{0, 1, 0, 1, bad}}),
              "edge 0 to 1: its costs are no finite numbers from 0 on");
  }
  EXPECT_EQ(ErrorOf(3, {{0, 1, 0, 1, 1}, {2, 3, 0, 1, 1}, {3, 2, 0, 1, 1}}),
            "tensor 2: no path from the empty tensor");
}

TEST(DeltaGraph, MayBeEmpty) { EXPECT_EQ(Built(0, {}).tensor_count(), 0U); }

}  // namespace
}  // namespace dlv::plan
