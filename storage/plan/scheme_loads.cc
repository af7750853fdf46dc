#include "storage/plan/scheme_loads.h"

namespace dlv::plan {

std::unique_ptr<SchemeLoads> SchemeLoads::Of(const PlanningProblem& problem, const PlanTree& tree) {
  switch (problem.scheme()) {
    case Scheme::kParallel:
      return MakeParallelLoads(problem);
    case Scheme::kReusable:
      return MakeReusableLoads(problem, tree);
    case Scheme::kIndependent:
      break;
  }
  return MakeIndependentLoads(problem, tree);
}

double OverrunOfGroups(const PlanningProblem& problem, const std::vector<double>& loads,
                       std::vector<Node>* overrun) {
  double total = 0;
  for (GroupIndex group = 0; group < loads.size(); ++group) {
    const double seconds = Overrun(loads[group], problem.budget(group));
    total += seconds;
    if (seconds == 0 || overrun == nullptr) continue;
    const auto members = problem.members(group);
    overrun->insert(overrun->end(), members.begin(), members.end());
  }
  return total;
}

const std::vector<TouchedGroups::Entry>& TouchedGroups::Collect(const PlanTree& tree, Node top) {
  for (const Entry& entry : entries_) place_[entry.group] = kUntouched;
  entries_.clear();
  tree.ForSubtree(top, [&](Node node) {
    for (const GroupIndex group : problem_->groups_of(node)) {
      if (place_[group] == kUntouched) {
        place_[group] = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back({group, 0});
      }
      ++entries_[place_[group]].members;
    }
  });
  return entries_;
}

}  // namespace dlv::plan
