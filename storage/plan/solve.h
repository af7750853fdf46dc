#pragma once
/// \file
/// From a planning problem to a plan: which solvers run, what is kept, and what is said of budgets
/// that nothing can meet.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/plan/planning_problem.h"

namespace dlv::plan {

enum class Method : std::uint8_t {
  kAuto,  ///< the sensible ones, each polished; the best is kept
  kMinimumStorage,
  kShortestPath,
  kLast,
  kLmgAll,
  kPasMt,
  kPasPt,
  kExact,
};
inline constexpr std::array<Method, 8> kMethods = {
    Method::kAuto,   Method::kMinimumStorage, Method::kShortestPath, Method::kLast,
    Method::kLmgAll, Method::kPasMt,          Method::kPasPt,        Method::kExact};

/// Returns the name of a method on the command line, e.g. "pas-mt".
std::string_view MethodName(Method method);
std::optional<Method> ParseMethod(std::string_view name);

struct SolveOptions {
  Method method = Method::kAuto;
  /// Local search after the solver.
  bool polish = true;
  /// Trials of the exchanges after that, for each tensor: more is slower and slightly better.
  double trials_per_tensor = 1;
  /// Exact gives up after so many subproblems.
  std::size_t exact_steps = 200'000;
};

/// A budget that no plan meets (independent, parallel), or that none was found for (reusable).
struct UnmetBudget {
  GroupIndex group = 0;
  double budget_seconds = 0;
  double least_seconds = 0;  ///< the least that the group can take; reusable: the least found
};

struct Solution {
  Plan plan;
  Method method = Method::kAuto;  ///< what the plan came from
  Evaluation evaluation;          ///< against the budgets as they were asked for
  /// Empty where all budgets are met. Otherwise the plan is one with these budgets raised to what
  /// can be.
  std::vector<UnmetBudget> unmet;
  struct Attempt {
    Method method = Method::kAuto;
    bool feasible = false;
    double objective = 0;
  };
  std::vector<Attempt> attempts;
  bool is_optimal = false;  ///< proved
};

/// Plans. With kAuto and kPasMt to kExact no budget is overrun where a plan exists that meets all
/// (under the reusable scheme: where one is found). kMinimumStorage and kShortestPath do not look
/// at budgets, except in `evaluation`. Of a problem that was stopped any plan comes back.
Solution Solve(const PlanningProblem& problem, const SolveOptions& options = {});

/// Changes `plan` no more than budgets and gains of single moves ask for: what is over is relieved
/// as in PAS-MT, then tensors move one by one as long as the objective falls.
Plan Improved(const PlanningProblem& problem, const Plan& plan);

}  // namespace dlv::plan
