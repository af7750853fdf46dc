#include "storage/plan/scheme_loads.h"

namespace dlv::plan {
namespace {

/// A group takes the sum of its members' paths: each member below the node in focus gains or loses
/// what that node does.
class IndependentLoads : public SchemeLoads {
 public:
  IndependentLoads(const PlanningProblem& problem, const PlanTree& tree)
      : problem_(problem), touched_(problem) {
    for (GroupIndex group = 0; group < problem.group_count(); ++group) {
      double load = 0;
      for (const Node member : problem.members(group)) load += tree.path_seconds(member);
      loads_.push_back(load);
    }
  }

  void Focus(const PlanTree& tree, Node node) override {
    items_.clear();
    members_.clear();
    for (const auto& [group, members] : touched_.Collect(tree, node)) {
      items_.push_back({group, loads_[group], problem_.budget(group), problem_.weight(group)});
      members_.push_back(members);
    }
  }

  double LoadAfter(const PlanTree& tree, std::size_t item, const Edge& edge) const override {
    return items_[item].load - tree.Drop(edge) * members_[item];
  }

  void WillMove(const PlanTree& tree, const Edge& edge) override {
    for (std::size_t i = 0; i < items_.size(); ++i)
      loads_[items_[i].subject] = LoadAfter(tree, i, edge);
  }

  double OverrunOf(const PlanTree&, std::vector<Node>* overrun) const override {
    return OverrunOfGroups(problem_, loads_, overrun);
  }

 private:
  const PlanningProblem& problem_;
  TouchedGroups touched_;
  std::vector<double> loads_;           ///< by group
  std::vector<std::uint32_t> members_;  ///< by item: members below the node in focus
};

}  // namespace

std::unique_ptr<SchemeLoads> MakeIndependentLoads(const PlanningProblem& problem,
                                                  const PlanTree& tree) {
  return std::make_unique<IndependentLoads>(problem, tree);
}

}  // namespace dlv::plan
