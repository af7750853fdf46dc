#pragma once
/// Graphs for the tests of the planner, and the plan that trying everything finds.

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <vector>

#include "storage/plan/planning_problem.h"

namespace dlv::plan::testing {

inline DeltaGraph Built(std::size_t tensors, std::vector<Edge> edges) {
  auto graph = DeltaGraph::Build(tensors, std::move(edges));
  EXPECT_TRUE(graph.ok()) << graph.error().message;
  return std::move(graph).value();
}

inline PlanningProblem Posed(const DeltaGraph& graph, Scheme scheme,
                             const std::vector<Group>& groups,
                             std::uint32_t max_depth = PlanningProblem::kAnyDepth) {
  auto problem = PlanningProblem::Build(graph, scheme, groups, max_depth);
  EXPECT_TRUE(problem.ok()) << problem.error().message;
  return std::move(problem).value();
}

inline void AddBothWays(std::vector<Edge>& edges, Node a, Node b, double storage,
                        double recreation) {
  edges.push_back({a, b, 0, storage, recreation});
  edges.push_back({b, a, 0, storage, recreation});
}

/// The example of ICDE 2017, figure 5: five matrices in two snapshots.
inline DeltaGraph PaperGraph() {
  std::vector<Edge> edges = {
      {0, 1, 0, 2, 1}, {0, 2, 0, 8, 2}, {0, 3, 0, 2, 1}, {0, 4, 0, 8, 2}, {0, 5, 0, 8, 2}};
  AddBothWays(edges, 1, 3, 1, 0.5);
  AddBothWays(edges, 2, 4, 4, 1);
  AddBothWays(edges, 2, 5, 4, 1);
  AddBothWays(edges, 4, 5, 4, 1);
  return Built(5, std::move(edges));
}

inline std::vector<Group> PaperGroups(double first, double second) {
  return {{{1, 2}, Budget::Seconds(first), 0}, {{3, 4, 5}, Budget::Seconds(second), 0}};
}

/// Directed, with parallel edges and with cycles among the deltas. Costs are small whole numbers,
/// so that ties are frequent; some tensors cannot be materialised.
inline DeltaGraph RandomGraph(std::mt19937& random, std::size_t tensors, std::size_t deltas) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::vector<Edge> edges;
  for (Node node = 1; node <= tensors; ++node) {
    if (node == 1 || below(8) != 0)
      edges.push_back(
          {0, node, 0, 6.0 + static_cast<double>(below(8)), static_cast<double>(1 + below(6))});
    else  // in reach all the same
      edges.push_back({static_cast<Node>(1 + below(node - 1)), node, 0, 4, 1});
    if (below(5) == 0) edges.push_back({0, node, 0, 2, 9});  // another tier: small and slow
  }
  for (std::size_t i = 0; i < deltas && tensors > 1; ++i) {
    const auto from = static_cast<Node>(1 + below(tensors));
    auto to = static_cast<Node>(1 + below(tensors - 1));
    if (to >= from) ++to;
    edges.push_back(
        {from, to, 0, static_cast<double>(1 + below(7)), static_cast<double>(below(9)) / 2});
  }
  return Built(tensors, std::move(edges));
}

/// Two to four groups that may overlap, with budgets from impossible to wide.
inline std::vector<Group> RandomGroups(std::mt19937& random, std::size_t tensors,
                                       bool with_weights = false) {
  std::vector<Group> groups(2 + random() % 3);
  for (Group& group : groups) {
    for (Node node = 1; node <= tensors; ++node) {
      if (random() % 2 == 0) group.members.push_back(node);
    }
    const double share = 0.6 + static_cast<double>(random() % 12) / 8;
    if (random() % 6 != 0) group.budget = Budget::TimesMaterialised(share);
    if (with_weights && random() % 2 == 0) group.weight = static_cast<double>(random() % 5) / 2;
  }
  return groups;
}

/// The best plan, by looking at all combinations of edges.
inline std::optional<Plan> BruteForce(const PlanningProblem& problem) {
  const DeltaGraph& graph = problem.graph();
  Plan plan(graph.node_count(), kNoEdge);
  for (Node node = 1; node < plan.size(); ++node) plan[node] = graph.incoming(node).front();
  std::optional<Plan> best;
  double least = kUnlimited;
  for (;;) {
    if (IsTree(graph, plan)) {
      const Evaluation evaluation = Evaluate(problem, plan);
      if (evaluation.feasible && evaluation.objective < least) {
        least = evaluation.objective;
        best = plan;
      }
    }
    Node node = 1;  // count up, one digit a node
    for (; node < plan.size(); ++node) {
      if (++plan[node] <= graph.incoming(node).back()) break;
      plan[node] = graph.incoming(node).front();
    }
    if (node == plan.size()) return best;
  }
}

inline constexpr Scheme kSchemes[] = {Scheme::kIndependent, Scheme::kParallel, Scheme::kReusable};

inline const char* NameOf(Scheme scheme) {
  return scheme == Scheme::kIndependent ? "independent"
         : scheme == Scheme::kParallel  ? "parallel"
                                        : "reusable";
}

}  // namespace dlv::plan::testing
