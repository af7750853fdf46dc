// LMG-All, local moves greedy over all edges. Sources: LMG from Bhattacherjee and others,
// Principles of dataset versioning, VLDB 2015; over all edges from Guo, Li, Sukprasert, Khuller,
// Deshpande, Mukherjee, To store or not to store: a graph theoretical approach for dataset
// versioning, 2024.
//
// There storage is bounded and the sum of all recreation costs made small. Here the same moves are
// taken until every budget is met: it helps most where budgets are tight everywhere, as it prefers
// moves that serve many groups. O(k d m/n) gains, each O(d).

#include "storage/plan/greedy_moves.h"
#include "storage/plan/solvers.h"

namespace dlv::plan {

Plan LmgAll(const PlanningProblem& problem) {
  WorkingPlan plan(problem, SmallestPlan(problem));
  GreedyOptions options;
  options.only_overrun = false;
  GreedyMoves(
      plan, [](const WorkingPlan& at, EdgeIndex edge) { return at.DropOf(edge); }, options);
  return plan.tree().plan();
}

}  // namespace dlv::plan
