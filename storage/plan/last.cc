// LAST, light approximate shortest-path trees. Source: Khuller, Raghavachari, Young, Balancing
// minimum spanning trees and shortest-path trees, Algorithmica 14, 1995, as used in Bhattacherjee
// and others, Principles of dataset versioning, VLDB 2015.
//
// The tree of least storage is walked from the root. Where the path to a node is longer than alpha
// times the shortest path, the shortest path to it is put into the tree. The paper's bound on
// storage, 1 + 2 / (alpha - 1) times the least, holds for symmetric costs with storage and
// recreation in proportion only; the bound on the paths holds always.

#include <algorithm>

#include "storage/plan/shortest_path.h"
#include "storage/plan/solvers.h"

namespace dlv::plan {
namespace {

/// How many times its shortest path each node's path may take so that every group meets its budget:
/// a group's stretch is its budget over its least load, a node's the least of its groups'.
std::vector<double> StretchOf(const PlanningProblem& problem, const std::vector<double>& shortest) {
  std::vector<double> stretch(shortest.size(), kUnlimited);
  for (GroupIndex group = 0; group < problem.group_count(); ++group) {
    double least = 0;
    for (const Node member : problem.members(group))
      least = problem.scheme() == Scheme::kParallel ? std::max(least, shortest[member])
                                                    : least + shortest[member];
    if (least == 0) continue;
    const double ratio = std::max(1.0, problem.budget(group) / least);
    for (const Node member : problem.members(group))
      stretch[member] = std::min(stretch[member], ratio);
  }
  return stretch;
}

/// Puts the shortest path to `node` into the tree, from the root on: each node then has only nodes
/// of that path above it, so that no cycle can come up.
void TakeShortestPath(PlanTree& tree, const Plan& shortest, Node node) {
  std::vector<Node> path;
  for (; node != kRoot; node = tree.graph().edge(shortest[node]).from) path.push_back(node);
  for (auto on_path = path.rbegin(); on_path != path.rend(); ++on_path) {
    if (tree.parent_edge(*on_path) != shortest[*on_path]) tree.Move(shortest[*on_path]);
  }
}

}  // namespace

Plan Last(const PlanningProblem& problem) {
  const Plan shortest = ShortestPathTree(problem.graph());
  const std::vector<double> seconds = ShortestPathSeconds(problem.graph());
  const std::vector<double> stretch = StretchOf(problem, seconds);
  PlanTree tree(problem.graph(), SmallestPlan(problem));
  std::vector<Node> order;
  tree.ForSubtree(kRoot, [&](Node node) { order.push_back(node); });
  for (const Node node : order) {
    if (Overrun(tree.path_seconds(node), stretch[node] * seconds[node]) > 0)
      TakeShortestPath(tree, shortest, node);
  }
  return LimitDepth(problem, tree.plan());
}

}  // namespace dlv::plan
