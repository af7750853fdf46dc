// A heuristic for the reusable scheme, which ICDE 2017 left open: evaluating it over all subgraphs
// is a Steiner tree problem, but in a plan, which is a tree, the union of a group's paths is that
// tree.
//
// A group that is over its budget is given the paths of a small Steiner tree of its own in the
// whole graph: starting from the root, the member that is nearest to what is there is added with
// its shortest path. Source: Takahashi, Matsuyama, An approximate solution for the Steiner problem
// in graphs, 1980. O(g m log n) for a group of g tensors.

#include <algorithm>
#include <queue>

#include "storage/plan/solvers.h"

namespace dlv::plan {
namespace {

struct Near {
  double seconds;
  Node node;
  bool operator<(const Near& other) const {  // the queue takes the greatest
    return seconds != other.seconds ? seconds > other.seconds : node > other.node;
  }
};

class SteinerTree {
 public:
  explicit SteinerTree(const DeltaGraph& graph)
      : graph_(graph), inside_(graph.node_count(), false), entry_(graph.node_count(), kNoEdge) {}

  void Grow(std::span<const Node> members) {
    inside_[kRoot] = true;
    order_ = {kRoot};
    std::size_t missing = members.size();
    wanted_.assign(graph_.node_count(), false);
    for (const Node member : members) wanted_[member] = true;
    while (missing > 0) {
      const Node nearest = FindNearest();
      AddPath(nearest);
      missing = static_cast<std::size_t>(
          std::ranges::count_if(members, [&](Node member) { return !inside_[member]; }));
    }
  }

  double seconds() const { return seconds_; }
  /// Its edges, parents first.
  const std::vector<EdgeIndex>& edges() const { return edges_; }

 private:
  /// The nearest wanted node outside; `entry_` then leads from it to the tree.
  Node FindNearest() {
    distance_.assign(graph_.node_count(), kUnlimited);
    queue_ = {};
    for (const Node node : order_) {
      distance_[node] = 0;
      queue_.push({0, node});
    }
    while (!queue_.empty()) {
      const auto [seconds, node] = queue_.top();
      queue_.pop();
      if (seconds > distance_[node]) continue;
      if (wanted_[node] && !inside_[node]) return node;
      for (const EdgeIndex index : graph_.outgoing(node)) {
        const Edge& edge = graph_.edge(index);
        const double reached = seconds + edge.recreation_seconds;
        if (inside_[edge.to] || reached >= distance_[edge.to]) continue;
        distance_[edge.to] = reached;
        entry_[edge.to] = index;
        queue_.push({reached, edge.to});
      }
    }
    DLV_CHECK(false, "DeltaGraph::Build has seen a path to every tensor");
    return kRoot;
  }

  void AddPath(Node node) {
    const std::size_t first = edges_.size();
    for (; !inside_[node]; node = graph_.edge(entry_[node]).from) {
      inside_[node] = true;
      order_.push_back(node);
      edges_.push_back(entry_[node]);
      seconds_ += graph_.edge(entry_[node]).recreation_seconds;
    }
    std::reverse(edges_.begin() + static_cast<std::ptrdiff_t>(first), edges_.end());
  }

  const DeltaGraph& graph_;
  std::vector<bool> inside_;
  std::vector<bool> wanted_;
  std::vector<EdgeIndex> entry_;
  std::vector<double> distance_;
  std::vector<Node> order_;
  std::vector<EdgeIndex> edges_;
  std::priority_queue<Near> queue_;
  double seconds_ = 0;
};

}  // namespace

double SteinerSeconds(const PlanningProblem& problem, GroupIndex group) {
  SteinerTree steiner(problem.graph());
  steiner.Grow(problem.members(group));
  return steiner.seconds();
}

Plan SteinerPlan(const PlanningProblem& problem, const Plan& start) {
  PlanTree tree(problem.graph(), start);
  // The tightest groups last: what they need must not be undone by others.
  std::vector<std::pair<double, GroupIndex>> order;
  const Evaluation evaluation = Evaluate(problem, start);
  for (GroupIndex group = 0; group < problem.group_count(); ++group) {
    const double over = Overrun(evaluation.loads[group], problem.budget(group));
    if (over > 0) order.emplace_back(over / evaluation.loads[group], group);
  }
  std::ranges::sort(order);
  for (const auto& [share, group] : order) {
    SteinerTree steiner(problem.graph());
    steiner.Grow(problem.members(group));
    for (const EdgeIndex edge : steiner.edges()) {
      if (tree.parent_edge(problem.graph().edge(edge).to) != edge) tree.Move(edge);
    }
  }
  WorkingPlan plan(problem, LimitDepth(problem, tree.plan()));
  Relieve(plan);
  return plan.tree().plan();
}

}  // namespace dlv::plan
