// PAS-MT, iterative refinement of the minimum storage tree. Source: Miao, Li, Davis, Deshpande,
// Towards Unified Data and Lifecycle Management for Deep Learning, ICDE 2017, section IV-C,
// algorithm 1, equations 1 and 2.
//
// Three things differ from the letter of the paper. Moves at no cost, where its quotient has no
// meaning, come first. A group counts only up to what it is over: seconds below a budget are worth
// nothing. And under the parallel scheme the members that are over count, not the group's maximum,
// which no single move lowers where two members tie for it (parallel_loads.cc).

#include "storage/plan/greedy_moves.h"
#include "storage/plan/solvers.h"

namespace dlv::plan {

void Relieve(WorkingPlan& plan, const std::function<bool(Node)>& is_fixed) {
  GreedyOptions options;
  options.is_fixed = is_fixed;
  GreedyMoves(
      plan, [](const WorkingPlan& at, EdgeIndex edge) { return at.ReliefOf(edge); }, options);
}

Plan PasMt(const PlanningProblem& problem) {
  WorkingPlan plan(problem, SmallestPlan(problem));
  Relieve(plan);
  return plan.tree().plan();
}

}  // namespace dlv::plan
