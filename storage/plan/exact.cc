// The best plan by branch and bound, for graphs of a dozen tensors or two: what the other solvers
// are judged by, and the last resort of `auto` on small graphs.
//
// A subproblem fixes the edges of some tensors. Its storage is at least that of the arborescence of
// least storage with those edges, its loads at least those over shortest paths with those edges. If
// that arborescence meets all budgets (and no load has a weight), it solves the subproblem.
// Otherwise the tensor whose path is furthest above its bound is fixed, one subproblem an edge.

#include <algorithm>

#include "storage/plan/minimum_storage.h"
#include "storage/plan/shortest_path.h"
#include "storage/plan/solvers.h"

namespace dlv::plan {
namespace {

class BranchAndBound {
 public:
  BranchAndBound(const PlanningProblem& problem, std::size_t steps)
      : problem_(problem), steps_(steps), fixed_(problem.graph().node_count(), kNoEdge) {}

  std::optional<Plan> Run() {
    Consider(ShortestPathTree(problem_.graph()));
    Solve();
    return best_;
  }
  bool is_proved() const { return steps_ > 0; }

 private:
  void Solve() {
    if (problem_.stopped()) steps_ = 0;
    if (steps_ == 0 || --steps_ == 0) return;
    const std::optional<Plan> smallest = MinimumStorageTree(problem_.graph(), fixed_);
    if (!smallest) return;
    const std::vector<double> shortest = ShortestPathSeconds(problem_.graph(), fixed_);
    if (IsHopeless(*smallest, shortest)) return;
    const bool feasible = Consider(*smallest);
    if (feasible && !problem_.has_weights()) return;
    const Node node = Choose(*smallest, shortest);
    if (node == kRoot) return;  // all are fixed
    Branch(node);
  }

  void Branch(Node node) {
    std::vector<EdgeIndex> edges;
    for (const EdgeIndex edge : problem_.graph().incoming(node)) edges.push_back(edge);
    std::ranges::stable_sort(
        edges, {}, [&](EdgeIndex edge) { return problem_.graph().edge(edge).storage_bytes; });
    for (const EdgeIndex edge : edges) {
      fixed_[node] = edge;
      Solve();
    }
    fixed_[node] = kNoEdge;
  }

  /// Takes the plan if it is better than all before; returns whether it meets the budgets.
  bool Consider(const Plan& plan) {
    const Evaluation evaluation = Evaluate(problem_, plan);
    if (evaluation.feasible && evaluation.objective < least_) {
      least_ = evaluation.objective;
      best_ = plan;
    }
    return evaluation.feasible;
  }

  bool IsHopeless(const Plan& smallest, const std::vector<double>& shortest) const {
    double objective = 0;
    for (Node node = 1; node < smallest.size(); ++node)
      objective += problem_.graph().edge(smallest[node]).storage_bytes;
    for (GroupIndex group = 0; group < problem_.group_count(); ++group) {
      const double load = LeastLoad(group, shortest);
      if (Overrun(load, problem_.budget(group), kJudgeTolerance) > 0) return true;
      objective += problem_.weight(group) * load;
    }
    return objective >= least_ * (1 - 1e-12);
  }

  double LeastLoad(GroupIndex group, const std::vector<double>& shortest) const {
    double sum = 0;
    double longest = 0;
    double edges = 0;
    for (const Node member : problem_.members(group)) {
      sum += shortest[member];
      longest = std::max(longest, shortest[member]);
      edges += FastestEdge(member);
    }
    if (problem_.scheme() == Scheme::kIndependent) return sum;
    if (problem_.scheme() == Scheme::kParallel) return longest;
    return std::max(longest, edges);  // a Steiner tree has an edge into each member
  }

  double FastestEdge(Node node) const {
    if (fixed_[node] != kNoEdge) return problem_.graph().edge(fixed_[node]).recreation_seconds;
    double fastest = kUnlimited;
    for (const EdgeIndex edge : problem_.graph().incoming(node))
      fastest = std::min(fastest, problem_.graph().edge(edge).recreation_seconds);
    return fastest;
  }

  Node Choose(const Plan& smallest, const std::vector<double>& shortest) const {
    const PlanTree tree(problem_.graph(), smallest);
    Node chosen = kRoot;
    double furthest = -1;
    for (Node node = 1; node < smallest.size(); ++node) {
      if (fixed_[node] != kNoEdge) continue;
      const double above = tree.path_seconds(node) - shortest[node];
      if (above <= furthest) continue;
      furthest = above;
      chosen = node;
    }
    return chosen;
  }

  const PlanningProblem& problem_;
  std::size_t steps_;
  Plan fixed_;
  double least_ = kUnlimited;
  std::optional<Plan> best_;
};

}  // namespace

std::optional<Plan> Exact(const PlanningProblem& problem, std::size_t steps, bool& is_proved) {
  BranchAndBound search(problem, steps);
  std::optional<Plan> plan = search.Run();
  is_proved = search.is_proved();
  return plan;
}

}  // namespace dlv::plan
