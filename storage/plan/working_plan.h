#pragma once
/// \file
/// A plan that a solver improves move by move, with the consequences of each move known beforehand.

#include <memory>
#include <vector>

#include "storage/plan/plan_tree.h"
#include "storage/plan/planning_problem.h"
#include "storage/plan/scheme_loads.h"

namespace dlv::plan {

/// A move stores one tensor by another edge. Ask about moves of one node after Focus(node). The
/// problem must outlive it. Not thread-safe.
class WorkingPlan {
 public:
  WorkingPlan(const PlanningProblem& problem, const Plan& plan);

  const PlanningProblem& problem() const { return *problem_; }
  const PlanTree& tree() const { return tree_; }
  /// Whether a budget is overrun.
  bool IsOver() const { return overrun_ > 0; }
  /// Returns what is overrun and what stands above it, each node once: moves of other nodes relieve
  /// nothing.
  std::vector<Node> OverrunNodes() const;
  /// By how much the objective has grown since construction.
  double cost_so_far() const { return cost_; }

  void Focus(Node node);
  Node focus() const { return focus_; }

  /// Whether the node in focus may be stored by `edge`: not as it is, no cycle, no chain too deep.
  bool IsPossible(EdgeIndex edge) const;
  /// By how much the objective grows.
  double CostOf(EdgeIndex edge) const;
  /// By how many seconds overruns shrink, over all that are overrun; negative where they grow.
  double ReliefOf(EdgeIndex edge) const;
  /// By how many seconds loads shrink, budgets or not.
  double DropOf(EdgeIndex edge) const;
  /// Whether no overrun comes up or grows.
  bool KeepsBudgets(EdgeIndex edge) const;
  /// Whether anything that depends on the node in focus is overrun.
  bool FocusIsOver() const;

  /// Stores the node in focus by `edge`; the focus is lost.
  void Move(EdgeIndex edge);
  /// Moves from now on can be taken back.
  void StartJournal() { journal_.clear(); }
  /// Takes back all moves since StartJournal.
  void RollBack();
  /// The edges that moves since StartJournal replaced, in order.
  const std::vector<EdgeIndex>& journal() const { return journal_; }

 private:
  const PlanningProblem* problem_;
  PlanTree tree_;
  std::unique_ptr<SchemeLoads> loads_;
  Node focus_ = kRoot;
  std::uint32_t focus_height_ = 0;  ///< deltas from the node in focus to the deepest below it
  double overrun_ = 0;
  double overrun_checked_ = 0;  ///< the most that overrun_ was since it was last added up
  double cost_ = 0;
  std::vector<EdgeIndex> journal_;
};

}  // namespace dlv::plan
