// PAS-PT, priority based tree growth. Source: Miao, Li, Davis, Deshpande, Towards Unified Data and
// Lifecycle Management for Deep Learning, ICDE 2017, section IV-C, algorithm 2 (in substance
// Modified Prim of VLDB 2015 with groups).
//
// The tree grows by the edge of least storage. An edge is refused if a group could then no longer
// meet its budget, where tensors not yet in the tree count with their shortest paths. (The paper
// takes their materialisation for it, which is no lower bound where a delta loads faster.) Of edges
// of equal storage the one with the shorter path is taken. Under the reusable scheme the sums of
// the independent one are kept to, which are never less. O(m log m + n d).

#include <algorithm>
#include <queue>

#include "storage/plan/shortest_path.h"
#include "storage/plan/solvers.h"

namespace dlv::plan {
namespace {

struct Growth {
  double storage_bytes;
  double path_seconds;
  EdgeIndex edge;

  bool operator<(const Growth& other) const {  // the queue takes the greatest
    if (storage_bytes != other.storage_bytes) return storage_bytes > other.storage_bytes;
    if (path_seconds != other.path_seconds) return path_seconds > other.path_seconds;
    return edge > other.edge;
  }
};

/// What the groups will take at least: paths of tensors in the tree, shortest paths of others.
class LeastLoads {
 public:
  LeastLoads(const PlanningProblem& problem, std::vector<double> shortest)
      : problem_(problem), seconds_(std::move(shortest)) {
    for (GroupIndex group = 0; group < problem.group_count(); ++group) {
      double load = 0;
      for (const Node member : problem.members(group)) load += seconds_[member];
      loads_.push_back(load);
    }
  }

  double seconds(Node node) const { return seconds_[node]; }

  /// Whether all groups of `node` meet their budgets if its path takes `seconds`.
  bool Allows(Node node, double seconds) const {
    return std::ranges::all_of(problem_.groups_of(node), [&](GroupIndex group) {
      const double load = problem_.scheme() == Scheme::kParallel
                              ? seconds
                              : loads_[group] + seconds - seconds_[node];
      return Overrun(load, problem_.budget(group)) == 0;
    });
  }

  void Set(Node node, double seconds) {
    for (const GroupIndex group : problem_.groups_of(node))
      loads_[group] += seconds - seconds_[node];
    seconds_[node] = seconds;
  }

 private:
  const PlanningProblem& problem_;
  std::vector<double> seconds_;  ///< by node
  std::vector<double> loads_;    ///< by group
};

class TreeGrowth {
 public:
  explicit TreeGrowth(const PlanningProblem& problem)
      : problem_(problem),
        shortest_(ShortestPathSeconds(problem.graph())),
        tree_(problem.graph()),
        least_(problem, shortest_) {}

  Plan Run() {
    PushOutgoing(kRoot);
    while (!queue_.empty()) {
      if (problem_.stopped()) return ShortestPathTree(problem_.graph());
      const Edge& edge = problem_.graph().edge(queue_.top().edge);
      const EdgeIndex index = queue_.top().edge;
      queue_.pop();
      const double seconds = tree_.path_seconds(edge.from) + edge.recreation_seconds;
      if (tree_.attached(edge.to) || !FitsDepth(edge) || !least_.Allows(edge.to, seconds)) continue;
      Take(index);
      PushOutgoing(edge.to);
      MoveBelow(edge.to);
    }
    AttachTheRest();
    return tree_.plan();
  }

 private:
  bool FitsDepth(const Edge& edge) const {
    return edge.from == kRoot || tree_.depth(edge.from) < problem_.max_depth();
  }

  void PushOutgoing(Node node) {
    for (const EdgeIndex index : problem_.graph().outgoing(node)) {
      const Edge& edge = problem_.graph().edge(index);
      if (tree_.attached(edge.to)) continue;
      queue_.push({edge.storage_bytes, tree_.path_seconds(node) + edge.recreation_seconds, index});
    }
  }

  void Take(EdgeIndex index) {
    tree_.Move(index);
    tree_.ForSubtree(problem_.graph().edge(index).to,
                     [&](Node node) { least_.Set(node, tree_.path_seconds(node)); });
  }

  /// Stores tensors of the tree against a new one where that is smaller and no slower. What then
  /// loads faster may reach what was refused.
  void MoveBelow(Node node) {
    for (const EdgeIndex index : problem_.graph().outgoing(node)) {
      const Edge& edge = problem_.graph().edge(index);
      if (!tree_.attached(edge.to) || !FitsDepth(edge)) continue;
      if (tree_.stored(edge.to).storage_bytes <= edge.storage_bytes || tree_.Drop(edge) < 0 ||
          tree_.IsWithin(node, edge.to))
        continue;
      Take(index);
      tree_.ForSubtree(edge.to, [&](Node below) { PushOutgoing(below); });
    }
  }

  /// In the order of shortest paths, so that the tensor before it on the shortest path is there.
  void AttachTheRest() {
    std::vector<Node> rest;
    for (Node node = 1; node < shortest_.size(); ++node) {
      if (!tree_.attached(node)) rest.push_back(node);
    }
    while (!rest.empty()) {
      std::ranges::stable_sort(rest, {}, [&](Node node) { return shortest_[node]; });
      std::erase_if(rest, [&](Node node) { return AttachFastest(node); });
    }
  }

  bool AttachFastest(Node node) {
    EdgeIndex best = kNoEdge;
    double least = kUnlimited;
    for (const EdgeIndex index : problem_.graph().incoming(node)) {
      const Edge& edge = problem_.graph().edge(index);
      const double seconds = tree_.path_seconds(edge.from) + edge.recreation_seconds;
      if (!tree_.attached(edge.from) || seconds >= least) continue;
      best = index;
      least = seconds;
    }
    if (best != kNoEdge) Take(best);
    return best != kNoEdge;
  }

  const PlanningProblem& problem_;
  const std::vector<double> shortest_;
  PlanTree tree_;
  LeastLoads least_;
  std::priority_queue<Growth> queue_;
};

}  // namespace

Plan PasPt(const PlanningProblem& problem) {
  WorkingPlan plan(problem, LimitDepth(problem, TreeGrowth(problem).Run()));
  Relieve(plan);
  return plan.tree().plan();
}

}  // namespace dlv::plan
