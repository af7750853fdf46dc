#include "storage/plan/planning_problem.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "storage/plan/plan_tree.h"
#include "storage/plan/shortest_path.h"

namespace dlv::plan {
namespace {

Status CheckGroup(const Group& group, std::size_t index, std::size_t node_count) {
  const std::string where = "group " + std::to_string(index) + ": ";
  for (const Node member : group.members) {
    if (member == kRoot || member >= node_count)
      return Error{ErrorCode::kInvalidArgument,
                   where + "member " + std::to_string(member) + " is no tensor"};
  }
  // Not "value < 0": that would let a NaN through.
  if (!(group.budget.value >= 0))
    return Error{ErrorCode::kInvalidArgument, where + "a budget is a number from 0 on"};
  if (!(group.weight >= 0) || !std::isfinite(group.weight))
    return Error{ErrorCode::kInvalidArgument, where + "a weight is a finite number from 0 on"};
  return Ok();
}

double Combine(Scheme scheme, double so_far, double next) {
  return scheme == Scheme::kParallel ? std::max(so_far, next) : so_far + next;
}

/// The length of the union of the paths to the members.
double UnionOfPaths(const PlanTree& tree, std::span<const Node> members,
                    std::vector<GroupIndex>& seen, GroupIndex mark) {
  double total = 0;
  for (const Node member : members) {
    for (Node node = member; node != kRoot && seen[node] != mark; node = tree.parent(node)) {
      seen[node] = mark;
      total += tree.graph().edge(tree.parent_edge(node)).recreation_seconds;
    }
  }
  return total;
}

}  // namespace

Result<PlanningProblem> PlanningProblem::Build(const DeltaGraph& graph, Scheme scheme,
                                               std::span<const Group> groups,
                                               std::uint32_t max_depth) {
  if (groups.size() >= static_cast<GroupIndex>(-1))
    return Error{ErrorCode::kInvalidArgument, "more than 2^32 - 2 groups"};
  for (std::size_t i = 0; i < groups.size(); ++i)
    DLV_TRY(CheckGroup(groups[i], i, graph.node_count()));
  PlanningProblem problem;
  problem.graph_ = &graph;
  problem.scheme_ = scheme;
  problem.max_depth_ = max_depth;
  problem.Index(groups);
  problem.ComputeMaterialised();
  for (GroupIndex group = 0; group < groups.size(); ++group) {
    const Budget& budget = groups[group].budget;
    const double seconds = budget.unit == Budget::Unit::kNone ? kUnlimited
                           : budget.unit == Budget::Unit::kSeconds
                               ? budget.value
                               : budget.value * problem.materialised(group);
    problem.budgets_.push_back(seconds);
  }
  return problem;
}

void PlanningProblem::Index(std::span<const Group> groups) {
  first_member_.push_back(0);
  first_group_.assign(graph_->node_count() + 1, 0);
  for (const Group& group : groups) {
    std::vector<Node> members = group.members;
    std::ranges::sort(members);
    members.erase(std::unique(members.begin(), members.end()), members.end());
    for (const Node member : members) ++first_group_[member + 1];
    members_.insert(members_.end(), members.begin(), members.end());
    first_member_.push_back(static_cast<std::uint32_t>(members_.size()));
    weights_.push_back(group.weight);
    has_weights_ |= group.weight > 0;
  }
  for (std::size_t i = 1; i < first_group_.size(); ++i) first_group_[i] += first_group_[i - 1];
  groups_.resize(members_.size());
  std::vector<std::uint32_t> next = first_group_;
  for (GroupIndex group = 0; group < groups.size(); ++group) {
    for (const Node member : members(group)) groups_[next[member]++] = group;
  }
}

// A tensor that cannot be materialised counts with the fastest way to it.
void PlanningProblem::ComputeMaterialised() {
  std::vector<double> seconds = ShortestPathSeconds(*graph_);
  for (Node node = 1; node < graph_->node_count(); ++node) {
    double fastest = kUnlimited;
    for (const EdgeIndex index : graph_->incoming(node)) {
      const Edge& edge = graph_->edge(index);
      if (edge.from == kRoot) fastest = std::min(fastest, edge.recreation_seconds);
    }
    if (fastest < kUnlimited) seconds[node] = fastest;
  }
  for (GroupIndex group = 0; group + 1 < first_member_.size(); ++group) {
    double load = 0;
    for (const Node member : members(group)) load = Combine(scheme_, load, seconds[member]);
    materialised_.push_back(load);
  }
}

PlanningProblem PlanningProblem::WithBudgets(std::vector<double> seconds) const {
  PlanningProblem problem = *this;
  problem.budgets_ = std::move(seconds);
  return problem;
}

PlanningProblem PlanningProblem::WithScheme(Scheme scheme) const {
  PlanningProblem problem = *this;
  problem.scheme_ = scheme;
  problem.materialised_.clear();
  problem.ComputeMaterialised();
  return problem;
}

Evaluation Evaluate(const PlanningProblem& problem, const Plan& plan) {
  const PlanTree tree(problem.graph(), plan);
  Evaluation evaluation;
  evaluation.path_seconds.assign(plan.size(), 0);
  for (Node node = 1; node < plan.size(); ++node) {
    evaluation.storage_bytes += problem.graph().edge(plan[node]).storage_bytes;
    evaluation.path_seconds[node] = tree.path_seconds(node);
    evaluation.depth = std::max(evaluation.depth, tree.depth(node));
  }
  evaluation.objective = evaluation.storage_bytes;
  std::vector<GroupIndex> seen(plan.size(), static_cast<GroupIndex>(-1));
  for (GroupIndex group = 0; group < problem.group_count(); ++group) {
    double load = 0;
    if (problem.scheme() == Scheme::kReusable) {
      load = UnionOfPaths(tree, problem.members(group), seen, group);
    } else {
      for (const Node member : problem.members(group))
        load = Combine(problem.scheme(), load, tree.path_seconds(member));
    }
    evaluation.loads.push_back(load);
    evaluation.objective += problem.weight(group) * load;
    evaluation.overrun_seconds += Overrun(load, problem.budget(group), kJudgeTolerance);
  }
  evaluation.feasible = evaluation.overrun_seconds == 0 && evaluation.depth <= problem.max_depth();
  return evaluation;
}

bool IsTree(const DeltaGraph& graph, const Plan& plan) {
  if (plan.size() != graph.node_count() || plan[kRoot] != kNoEdge) return false;
  for (Node node = 1; node < plan.size(); ++node) {
    if (plan[node] >= graph.edge_count() || graph.edge(plan[node]).to != node) return false;
  }
  // 0: not seen, 1: on the path that is walked, 2: leads to the root.
  std::vector<std::uint8_t> state(plan.size(), 0);
  state[kRoot] = 2;
  std::vector<Node> path;
  for (Node start = 1; start < plan.size(); ++start) {
    Node node = start;
    for (; state[node] == 0; node = graph.edge(plan[node]).from) {
      state[node] = 1;
      path.push_back(node);
    }
    if (state[node] == 1) return false;
    for (; !path.empty(); path.pop_back()) state[path.back()] = 2;
  }
  return true;
}

}  // namespace dlv::plan
