#include <algorithm>
#include <numeric>

#include "storage/plan/minimum_storage.h"
#include "storage/plan/solvers.h"

namespace dlv::plan {
namespace {

/// Returns the edge of least storage that leaves `node` within the depth limit.
EdgeIndex ShallowEdge(const PlanningProblem& problem, const PlanTree& tree, Node node) {
  EdgeIndex best = kNoEdge;
  for (const EdgeIndex index : problem.graph().incoming(node)) {
    const Edge& edge = problem.graph().edge(index);
    const bool too_deep = edge.from != kRoot && tree.depth(edge.from) >= problem.max_depth();
    if (too_deep || tree.IsWithin(edge.from, node)) continue;
    if (best == kNoEdge || edge.storage_bytes < problem.graph().edge(best).storage_bytes)
      best = index;
  }
  return best;
}

}  // namespace

Plan LimitDepth(const PlanningProblem& problem, Plan plan) {
  if (problem.max_depth() == PlanningProblem::kAnyDepth) return plan;
  PlanTree tree(problem.graph(), plan);
  std::vector<Node> order;  // parents first, as they stand at the beginning
  tree.ForSubtree(kRoot, [&](Node node) { order.push_back(node); });
  for (const Node node : order) {
    if (tree.depth(node) <= problem.max_depth()) continue;
    const EdgeIndex edge = ShallowEdge(problem, tree, node);
    if (edge != kNoEdge) tree.Move(edge);
  }
  return tree.plan();
}

Plan SmallestPlan(const PlanningProblem& problem) {
  return LimitDepth(problem, MinimumStorageTree(problem.graph()));
}

}  // namespace dlv::plan
