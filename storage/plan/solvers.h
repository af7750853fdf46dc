#pragma once
/// \file
/// The solvers of the storage planning problem: least storage (plus weighted loads) with every
/// group within its budget, which is NP-hard under all three schemes (ICDE 2017, theorem 1). Each
/// has a file of its own that says where the algorithm comes from. All are deterministic.
///
/// Notation: n nodes, m edges, k moves (at most m, in practice about n), d the size of the subtree
/// that a move moves.

#include <cstdint>
#include <functional>
#include <optional>

#include "storage/plan/planning_problem.h"
#include "storage/plan/working_plan.h"

namespace dlv::plan {

/// Returns `plan` with chains cut to the depth limit of the problem, where edges allow it: what is
/// too deep is stored by its cheapest edge that is not. O(n d).
Plan LimitDepth(const PlanningProblem& problem, Plan plan);

/// The minimum storage tree, within the depth limit: where most solvers begin.
Plan SmallestPlan(const PlanningProblem& problem);

/// Balances minimum storage tree and shortest path tree: no path becomes longer than its budget
/// share times its shortest length. O(m log n).
Plan Last(const PlanningProblem& problem);

/// Local moves by greatest reduction of all loads per byte, until budgets are met.
Plan LmgAll(const PlanningProblem& problem);

/// Local moves by greatest relief of overrun budgets per byte.
Plan PasMt(const PlanningProblem& problem);
/// The same on a plan that exists; nodes for which `is_fixed` is true stay where they are.
void Relieve(WorkingPlan& plan, const std::function<bool(Node)>& is_fixed = {});

/// Grows the tree from the root by least storage, never past a budget; what finds no place is put
/// at its shortest path, and budgets that breaks are relieved as in PAS-MT.
Plan PasPt(const PlanningProblem& problem);

/// For the reusable scheme: begins with `start`; a group over its budget gets the paths of a
/// small Steiner tree of its own, and what then still is over is relieved as in PAS-MT.
Plan SteinerPlan(const PlanningProblem& problem, const Plan& start);
/// Returns the least load that the Steiner heuristic finds for one group alone: no lower bound.
double SteinerSeconds(const PlanningProblem& problem, GroupIndex group);

/// Moves single tensors as long as the objective falls and no budget is broken.
void Polish(WorkingPlan& plan);
/// Looks further: a move that breaks a budget and is repaired elsewhere, or that costs storage and
/// lets others move; kept where the objective falls. Stops after `trials` of such attempts.
void Exchange(WorkingPlan& plan, std::size_t trials);

/// The best plan of all, by branch and bound, for small graphs; nothing where more than `steps`
/// subproblems would have to be looked at, or where no plan meets the budgets (`is_proved` says
/// which).
std::optional<Plan> Exact(const PlanningProblem& problem, std::size_t steps, bool& is_proved);

}  // namespace dlv::plan
