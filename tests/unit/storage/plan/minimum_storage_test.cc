#include "storage/plan/minimum_storage.h"

#include <gtest/gtest.h>

#include "storage/plan/shortest_path.h"
#include "tests/unit/storage/plan/planning_fixture.h"

namespace dlv::plan {
namespace {

using namespace testing;

double EdgeSeconds(const DeltaGraph& graph, const Plan& plan) {
  double seconds = 0;
  for (Node node = 1; node < plan.size(); ++node)
    seconds += graph.edge(plan[node]).recreation_seconds;
  return seconds;
}

/// Least storage, then least sum of recreation costs of edges, over all trees with the forced
/// edges.
std::optional<std::pair<double, double>> LeastOfAll(const DeltaGraph& graph, const Plan& forced) {
  std::optional<std::pair<double, double>> least;
  Plan plan(graph.node_count(), kNoEdge);
  const std::function<void(Node)> choose = [&](Node node) {
    if (node == plan.size()) {
      if (!IsTree(graph, plan)) return;
      double storage = 0;
      for (Node i = 1; i < plan.size(); ++i) storage += graph.edge(plan[i]).storage_bytes;
      const std::pair cost(storage, EdgeSeconds(graph, plan));
      if (!least || cost < *least) least = cost;
      return;
    }
    for (const EdgeIndex edge : graph.incoming(node)) {
      if (forced[node] != kNoEdge && forced[node] != edge) continue;
      plan[node] = edge;
      choose(node + 1);
    }
  };
  choose(1);
  return least;
}

TEST(MinimumStorage, IsThePapersTree) {
  const DeltaGraph graph = PaperGraph();
  const Plan plan = MinimumStorageTree(graph);
  ASSERT_TRUE(IsTree(graph, plan));
  EXPECT_EQ(Evaluate(Posed(graph, Scheme::kIndependent, {}), plan).storage_bytes, 19);
}

TEST(MinimumStorage, IsTheLeastOfAllTrees) {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    std::mt19937 random(seed);
    const std::size_t tensors = 1 + random() % 6;
    const DeltaGraph graph = RandomGraph(random, tensors, random() % 9);
    const auto least = LeastOfAll(graph, Plan(graph.node_count(), kNoEdge));
    const Plan plan = MinimumStorageTree(graph);
    ASSERT_TRUE(IsTree(graph, plan)) << "seed " << seed;
    const Evaluation evaluation = Evaluate(Posed(graph, Scheme::kIndependent, {}), plan);
    EXPECT_EQ(evaluation.storage_bytes, least->first) << "seed " << seed;
    EXPECT_EQ(EdgeSeconds(graph, plan), least->second) << "ties, seed " << seed;
  }
}

TEST(MinimumStorage, TakesForcedEdges) {
  int impossible = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const std::size_t tensors = 2 + random() % 5;
    const DeltaGraph graph = RandomGraph(random, tensors, 3 + random() % 6);
    Plan forced(graph.node_count(), kNoEdge);
    for (int i = 0; i < 2; ++i) {
      const auto edge = static_cast<EdgeIndex>(random() % graph.edge_count());
      forced[graph.edge(edge).to] = edge;
    }
    const auto least = LeastOfAll(graph, forced);
    const auto plan = MinimumStorageTree(graph, forced);
    ASSERT_EQ(plan.has_value(), least.has_value()) << "seed " << seed;
    if (!plan) {
      ++impossible;
      continue;
    }
    const Evaluation evaluation = Evaluate(Posed(graph, Scheme::kIndependent, {}), *plan);
    EXPECT_EQ(evaluation.storage_bytes, least->first) << "seed " << seed;
    for (Node node = 1; node < forced.size(); ++node) {
      if (forced[node] != kNoEdge) {
        EXPECT_EQ((*plan)[node], forced[node]);
      }
    }
  }
  EXPECT_GT(impossible, 5) << "forced cycles should occur";
}

TEST(MinimumStorage, ContractsCyclesInCycles) {
  // Two cycles of deltas that cost nothing, in a third; the only cheap way in is at tensor 4.
  std::vector<Edge> edges = {{1, 2, 0, 0, 1}, {2, 1, 0, 0, 1}, {3, 4, 0, 0, 1}, {4, 3, 0, 0, 1},
                             {2, 3, 0, 1, 1}, {4, 1, 0, 1, 1}, {0, 1, 0, 9, 1}, {0, 4, 0, 5, 1},
                             {0, 2, 0, 9, 1}, {0, 3, 0, 9, 1}};
  const DeltaGraph graph = Built(4, std::move(edges));
  const Plan plan = MinimumStorageTree(graph);
  ASSERT_TRUE(IsTree(graph, plan));
  EXPECT_EQ(Evaluate(Posed(graph, Scheme::kIndependent, {}), plan).storage_bytes, 6);
}

TEST(MinimumStorage, TakesLongChains) {
  std::vector<Edge> edges;
  constexpr Node kTensors = 20'000;
  for (Node node = 1; node <= kTensors; ++node) {
    edges.push_back({0, node, 0, 100, 1});
    if (node > 1) AddBothWays(edges, node - 1, node, 2, 1);
  }
  const DeltaGraph graph = Built(kTensors, std::move(edges));
  const Plan plan = MinimumStorageTree(graph);
  ASSERT_TRUE(IsTree(graph, plan));
  EXPECT_EQ(Evaluate(Posed(graph, Scheme::kIndependent, {}), plan).storage_bytes,
            100 + 2 * (kTensors - 1));
}

TEST(ShortestPath, IsTheLeastPathToEach) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    const std::size_t tensors = 1 + random() % 6;
    const DeltaGraph graph = RandomGraph(random, tensors, random() % 9);
    std::vector<double> least(graph.node_count(), kUnlimited);  // Bellman, Ford
    least[kRoot] = 0;
    for (std::size_t round = 0; round < graph.node_count(); ++round) {
      for (EdgeIndex i = 0; i < graph.edge_count(); ++i) {
        const Edge& edge = graph.edge(i);
        least[edge.to] = std::min(least[edge.to], least[edge.from] + edge.recreation_seconds);
      }
    }
    const Plan plan = ShortestPathTree(graph);
    ASSERT_TRUE(IsTree(graph, plan)) << "seed " << seed;
    EXPECT_EQ(Evaluate(Posed(graph, Scheme::kIndependent, {}), plan).path_seconds, least);
    EXPECT_EQ(ShortestPathSeconds(graph), least);
  }
}

TEST(ShortestPath, TakesTheSmallerOfEquallyFastWays) {
  const DeltaGraph graph = Built(2, {{0, 1, 0, 4, 1}, {0, 2, 0, 9, 2}, {1, 2, 0, 3, 1}});
  EXPECT_EQ(ShortestPathTree(graph)[2], graph.incoming(2).back());
}

}  // namespace
}  // namespace dlv::plan
