#pragma once
/// \file
/// What a plan has to achieve: groups of tensors that are loaded together, each within its budget.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/plan/delta_graph.h"

namespace dlv::plan {

using GroupIndex = std::uint32_t;

inline constexpr double kUnlimited = std::numeric_limits<double>::infinity();

/// How the time to load a group comes about (ICDE 2017, table III). "Path" is the path from the
/// root to a tensor in the plan, its length the sum of recreation costs.
enum class Scheme : std::uint8_t {
  kIndependent,  ///< one tensor after the other: the sum of the lengths of all paths
  kParallel,     ///< all at once: the length of the longest path
  kReusable,     ///< what several tensors need is made once: the sum over the union of the paths,
                 ///< which is the Steiner tree of root and group inside the plan
};

/// How long a group may take.
struct Budget {
  enum class Unit : std::uint8_t { kNone, kSeconds, kTimesMaterialised };
  Unit unit = Unit::kNone;
  double value = 0;

  static Budget Seconds(double value) { return {Unit::kSeconds, value}; }
  /// In multiples of the load with every tensor materialised.
  static Budget TimesMaterialised(double value) { return {Unit::kTimesMaterialised, value}; }
};

/// Tensors that are loaded together: a snapshot. Groups may overlap.
struct Group {
  std::vector<Node> members;
  Budget budget;
  /// Bytes of storage that one second less of this group's load is worth: its access frequency, in
  /// the currency of the objective. The objective is storage + sum of weight * load.
  double weight = 0;
};

/// Graph, groups, scheme and limits. The graph must outlive it. Immutable; const methods may run
/// together.
class PlanningProblem {
 public:
  /// `max_depth`: the longest chain in deltas; a materialised tensor has depth 0.
  /// Errors: kInvalidArgument (a member that is no tensor; a budget or weight that is negative or
  /// not a number).
  static Result<PlanningProblem> Build(const DeltaGraph& graph, Scheme scheme,
                                       std::span<const Group> groups,
                                       std::uint32_t max_depth = kAnyDepth);
  static constexpr std::uint32_t kAnyDepth = static_cast<std::uint32_t>(-1);

  const DeltaGraph& graph() const { return *graph_; }
  Scheme scheme() const { return scheme_; }
  std::uint32_t max_depth() const { return max_depth_; }
  std::size_t group_count() const { return budgets_.size(); }

  /// Returns the members of a group, each once, ascending.
  std::span<const Node> members(GroupIndex group) const {
    return std::span(members_).subspan(first_member_[group],
                                       first_member_[group + 1] - first_member_[group]);
  }
  /// Returns the groups that a tensor is in.
  std::span<const GroupIndex> groups_of(Node node) const {
    return std::span(groups_).subspan(first_group_[node],
                                      first_group_[node + 1] - first_group_[node]);
  }
  /// In seconds; kUnlimited without a budget.
  double budget(GroupIndex group) const { return budgets_[group]; }
  double weight(GroupIndex group) const { return weights_[group]; }
  /// The load of a group with every tensor materialised in the way that loads fastest.
  double materialised(GroupIndex group) const { return materialised_[group]; }
  bool has_weights() const { return has_weights_; }

  /// Returns the same problem with other budgets, in seconds, one a group.
  PlanningProblem WithBudgets(std::vector<double> seconds) const;
  /// The same problem under another scheme.
  PlanningProblem WithScheme(Scheme scheme) const;

  /// Solvers of this problem, and of what is made from it, come to an end soon after `cancel` is
  /// set: with plans that are trees, but not good. It must outlive them.
  void StopWhen(const CancellationToken* cancel) { cancel_ = cancel; }
  bool stopped() const { return cancel_ != nullptr && cancel_->cancelled(); }

 private:
  PlanningProblem() = default;
  void Index(std::span<const Group> groups);
  void ComputeMaterialised();

  const DeltaGraph* graph_ = nullptr;
  const CancellationToken* cancel_ = nullptr;
  Scheme scheme_ = Scheme::kIndependent;
  std::uint32_t max_depth_ = kAnyDepth;
  bool has_weights_ = false;
  std::vector<Node> members_;
  std::vector<std::uint32_t> first_member_;
  std::vector<GroupIndex> groups_;
  std::vector<std::uint32_t> first_group_;
  std::vector<double> budgets_;
  std::vector<double> weights_;
  std::vector<double> materialised_;
};

/// Returns by how many seconds `load` is over `budget`; what rounding can account for is not over.
/// Solvers, which add up as they go, use the narrow tolerance; Evaluate, which judges, the wide
/// one.
inline constexpr double kSolverTolerance = 1e-9;
inline constexpr double kJudgeTolerance = 1e-8;
inline double Overrun(double load, double budget, double tolerance = kSolverTolerance) {
  return load > budget * (1 + tolerance) ? load - budget : 0;
}

/// A plan in figures, all computed from the plan alone.
struct Evaluation {
  double storage_bytes = 0;
  double objective = 0;              ///< storage + sum of weight * load
  double overrun_seconds = 0;        ///< over all groups
  std::uint32_t depth = 0;           ///< of the longest chain
  std::vector<double> loads;         ///< by group
  std::vector<double> path_seconds;  ///< by node: the length of the path from the root
  bool feasible = false;             ///< every group within its budget, no chain too deep
};

/// Returns the figures of a plan, which must be a tree (`IsTree`).
Evaluation Evaluate(const PlanningProblem& problem, const Plan& plan);

/// Returns whether each tensor has an edge that leads to it and the edges form a tree.
bool IsTree(const DeltaGraph& graph, const Plan& plan);

}  // namespace dlv::plan
