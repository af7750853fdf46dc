#include <algorithm>

#include "storage/plan/scheme_loads.h"

namespace dlv::plan {
namespace {

/// A group takes as long as its longest path, so that a budget bounds the path of each member
/// alone: the items are tensors. Looking at groups would not do: where two members tie for the
/// longest path, no single move shortens the load, and a search by gain stalls. Only the weighted
/// loads are those of groups.
class ParallelLoads : public SchemeLoads {
 public:
  explicit ParallelLoads(const PlanningProblem& problem)
      : problem_(problem), touched_(problem), bounds_(problem.graph().node_count(), kUnlimited) {
    for (GroupIndex group = 0; group < problem.group_count(); ++group) {
      for (const Node member : problem.members(group))
        bounds_[member] = std::min(bounds_[member], problem.budget(group));
    }
  }

  void Focus(const PlanTree& tree, Node node) override {
    items_.clear();
    tree.ForSubtree(node, [&](Node below) {
      if (bounds_[below] < kUnlimited)
        items_.push_back({below, tree.path_seconds(below), bounds_[below], 0});
    });
    tensors_ = items_.size();
    inside_.clear();
    outside_.clear();
    if (problem_.has_weights()) AddWeighted(tree, node);
  }

  double LoadAfter(const PlanTree& tree, std::size_t item, const Edge& edge) const override {
    const double drop = tree.Drop(edge);
    if (item < tensors_) return items_[item].load - drop;
    return std::max(outside_[item - tensors_], inside_[item - tensors_] - drop);
  }

  void WillMove(const PlanTree&, const Edge&) override {}  // the tree has all

  double OverrunOf(const PlanTree& tree, std::vector<Node>* overrun) const override {
    double total = 0;
    for (Node node = 1; node < bounds_.size(); ++node) {
      const double seconds = Overrun(tree.path_seconds(node), bounds_[node]);
      total += seconds;
      if (seconds > 0 && overrun != nullptr) overrun->push_back(node);
    }
    return total;
  }

 private:
  void AddWeighted(const PlanTree& tree, Node node) {
    for (const auto& [group, count] : touched_.Collect(tree, node)) {
      if (problem_.weight(group) == 0) continue;
      double inside = 0;
      double outside = 0;
      for (const Node member : problem_.members(group)) {
        double& longest = tree.IsWithin(member, node) ? inside : outside;
        longest = std::max(longest, tree.path_seconds(member));
      }
      items_.push_back({group, std::max(inside, outside), kUnlimited, problem_.weight(group)});
      inside_.push_back(inside);
      outside_.push_back(outside);
    }
  }

  const PlanningProblem& problem_;
  TouchedGroups touched_;
  std::vector<double> bounds_;   ///< by node: the tightest budget of its groups
  std::size_t tensors_ = 0;      ///< so many of the items are tensors; groups follow
  std::vector<double> inside_;   ///< by item that is a group: its longest path below the focus
  std::vector<double> outside_;  ///< and elsewhere
};

}  // namespace

std::unique_ptr<SchemeLoads> MakeParallelLoads(const PlanningProblem& problem) {
  return std::make_unique<ParallelLoads>(problem);
}

}  // namespace dlv::plan
