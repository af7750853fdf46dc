#include "storage/plan/working_plan.h"

#include <algorithm>

namespace dlv::plan {
namespace {

constexpr double kNearlyNothing = 1e-3;

}  // namespace

WorkingPlan::WorkingPlan(const PlanningProblem& problem, const Plan& plan)
    : problem_(&problem),
      tree_(problem.graph(), plan),
      loads_(SchemeLoads::Of(problem, tree_)),
      overrun_(loads_->OverrunOf(tree_, nullptr)),
      overrun_checked_(overrun_) {}

std::vector<Node> WorkingPlan::OverrunNodes() const {
  std::vector<Node> overrun;
  loads_->OverrunOf(tree_, &overrun);
  std::vector<bool> seen(tree_.plan().size(), false);
  std::vector<Node> nodes;
  for (const Node member : overrun) {
    for (Node node = member; node != kRoot && !seen[node]; node = tree_.parent(node)) {
      seen[node] = true;
      nodes.push_back(node);
    }
  }
  return nodes;
}

void WorkingPlan::Focus(Node node) {
  focus_ = node;
  loads_->Focus(tree_, node);
  if (problem_->max_depth() == PlanningProblem::kAnyDepth) return;
  std::uint32_t deepest = tree_.depth(node);
  tree_.ForSubtree(node, [&](Node below) { deepest = std::max(deepest, tree_.depth(below)); });
  focus_height_ = deepest - tree_.depth(node);
}

bool WorkingPlan::IsPossible(EdgeIndex index) const {
  if (index == tree_.parent_edge(focus_)) return false;
  const Edge& edge = problem_->graph().edge(index);
  if (edge.from == kRoot) return true;
  // A chain that is too deep as it is may become shorter, if not short enough.
  const std::uint64_t depth = std::uint64_t{tree_.depth(edge.from)} + 1;
  if (depth + focus_height_ > problem_->max_depth() && depth >= tree_.depth(focus_)) return false;
  // Nothing below the focus has a shorter path than the focus itself.
  return tree_.Drop(edge) > 0 || !tree_.IsWithin(edge.from, focus_);
}

double WorkingPlan::CostOf(EdgeIndex index) const {
  const Edge& edge = problem_->graph().edge(index);
  double cost = edge.storage_bytes - tree_.stored(focus_).storage_bytes;
  if (!problem_->has_weights()) return cost;
  const auto& items = loads_->items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].weight > 0)
      cost += items[i].weight * (loads_->LoadAfter(tree_, i, edge) - items[i].load);
  }
  return cost;
}

double WorkingPlan::ReliefOf(EdgeIndex index) const {
  const Edge& edge = problem_->graph().edge(index);
  double relief = 0;
  const auto& items = loads_->items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].budget == kUnlimited) continue;
    relief += Overrun(items[i].load, items[i].budget) -
              Overrun(loads_->LoadAfter(tree_, i, edge), items[i].budget);
  }
  return relief;
}

double WorkingPlan::DropOf(EdgeIndex index) const {
  const Edge& edge = problem_->graph().edge(index);
  double drop = 0;
  const auto& items = loads_->items();
  for (std::size_t i = 0; i < items.size(); ++i)
    drop += items[i].load - loads_->LoadAfter(tree_, i, edge);
  return drop;
}

bool WorkingPlan::KeepsBudgets(EdgeIndex index) const {
  const Edge& edge = problem_->graph().edge(index);
  const auto& items = loads_->items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].budget == kUnlimited) continue;
    const double after = loads_->LoadAfter(tree_, i, edge);
    if (after > items[i].load && Overrun(after, items[i].budget) > 0) return false;
  }
  return true;
}

bool WorkingPlan::FocusIsOver() const {
  return std::ranges::any_of(loads_->items(), [](const LoadItem& item) {
    return item.budget < kUnlimited && Overrun(item.load, item.budget) > 0;
  });
}

void WorkingPlan::Move(EdgeIndex index) {
  overrun_ -= ReliefOf(index);
  cost_ += CostOf(index);
  journal_.push_back(tree_.parent_edge(focus_));
  loads_->WillMove(tree_, problem_->graph().edge(index));
  tree_.Move(index);
  focus_ = kRoot;
  // Adding up all overruns at every move would make many moves quadratic; rounding only matters
  // when hardly anything is left.
  overrun_checked_ = std::max(overrun_checked_, overrun_);
  if (overrun_checked_ > 0 && overrun_ <= overrun_checked_ * kNearlyNothing) {
    overrun_ = loads_->OverrunOf(tree_, nullptr);
    overrun_checked_ = overrun_;
  }
}

void WorkingPlan::RollBack() {
  std::vector<EdgeIndex> taken = std::move(journal_);
  for (auto edge = taken.rbegin(); edge != taken.rend(); ++edge) {
    Focus(problem_->graph().edge(*edge).to);
    Move(*edge);
  }
  journal_.clear();
}

}  // namespace dlv::plan
