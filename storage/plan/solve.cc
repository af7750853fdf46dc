#include "storage/plan/solve.h"

#include <algorithm>
#include <cmath>

#include "storage/plan/minimum_storage.h"
#include "storage/plan/shortest_path.h"
#include "storage/plan/solvers.h"

namespace dlv::plan {
namespace {

/// Up to here `auto` asks the exact solver too.
constexpr std::size_t kSmallGraph = 12;
constexpr std::size_t kQuickExactSteps = 2'000;
/// Up to here the solvers themselves look at the reusable scheme, whose loads are dear to follow.
constexpr std::size_t kLargeForReusable = 500;
constexpr std::size_t kFewestTrials = 200;

constexpr std::array<std::string_view, kMethods.size()> kMethodNames = {
    "auto", "minimum-storage", "shortest-path", "last", "lmg-all", "pas-mt", "pas-pt", "exact"};

class Solving {
 public:
  Solving(const PlanningProblem& problem, const SolveOptions& options)
      : asked_(problem), problem_(problem), options_(options) {}

  Solution Run() {
    RaiseBudgets();
    if (options_.method == Method::kAuto) {
      RunAll();
    } else {
      Attempt(options_.method);
    }
    if (NeedsFallback()) Attempt(Method::kShortestPath);
    Finish();
    return std::move(solution_);
  }

 private:
  /// Under the independent and the parallel scheme the shortest path tree has the least load of
  /// every group at once: what it does not meet cannot be met.
  void RaiseBudgets() {
    if (asked_.scheme() == Scheme::kReusable) return;
    const Evaluation least = Evaluate(asked_, ShortestPathTree(asked_.graph()));
    std::vector<double> budgets;
    for (GroupIndex group = 0; group < asked_.group_count(); ++group) {
      const double budget = asked_.budget(group);
      if (Overrun(least.loads[group], budget) > 0)
        solution_.unmet.push_back({group, budget, least.loads[group]});
      budgets.push_back(std::max(budget, least.loads[group]));
    }
    if (!solution_.unmet.empty()) problem_ = asked_.WithBudgets(std::move(budgets));
  }

  void RunAll() {
    Plan smallest = MinimumStorageTree(problem_.graph());
    if (!problem_.has_weights() && Evaluate(problem_, smallest).feasible) {
      Keep(Method::kMinimumStorage, std::move(smallest));
      solution_.is_optimal = true;
      return;
    }
    if (problem_.scheme() == Scheme::kReusable) AttemptIndependent();
    if (!solution_.plan.empty() && problem_.graph().tensor_count() > kLargeForReusable) return;
    for (const Method method :
         {Method::kMinimumStorage, Method::kPasMt, Method::kPasPt, Method::kLmgAll, Method::kLast})
      if (!problem_.stopped()) Attempt(method);
    if (problem_.graph().tensor_count() <= kSmallGraph) Attempt(Method::kExact);
    ExchangeBest();
  }

  /// What a group takes together is never more than one by one: a plan that meets the budgets of
  /// the independent scheme meets these, and is found much faster.
  void AttemptIndependent() {
    Solution alone = Solve(problem_.WithScheme(Scheme::kIndependent), options_);
    if (!Evaluate(problem_, alone.plan).feasible) return;
    Keep(alone.method, options_.polish ? Polished(alone.plan) : std::move(alone.plan));
  }

  /// Runs a method; keeps its plan if it is the best so far. Returns whether it meets the budgets.
  bool Attempt(Method method) {
    std::optional<Plan> plan = PlanBy(method);
    if (!plan) {
      solution_.attempts.push_back({method, false, 0});
      return false;
    }
    const bool blind = options_.method == method &&
                       (method == Method::kMinimumStorage || method == Method::kShortestPath);
    if (options_.polish && !blind && method != Method::kExact) *plan = Polished(*plan);
    if (options_.polish && options_.method == method && !blind && method != Method::kExact)
      *plan = Exchanged(*plan);
    return Keep(method, std::move(*plan));
  }

  std::optional<Plan> PlanBy(Method method) {
    switch (method) {
      case Method::kMinimumStorage:
        return SmallestPlan(problem_);
      case Method::kShortestPath:
        return LimitDepth(problem_, ShortestPathTree(problem_.graph()));
      case Method::kLast:
        return Last(problem_);
      case Method::kLmgAll:
        return LmgAll(problem_);
      case Method::kPasPt:
        return PasPt(problem_);
      case Method::kExact:
        return ByExact();
      case Method::kPasMt:
      case Method::kAuto:
        break;
    }
    return PasMt(problem_);
  }

  std::optional<Plan> ByExact() {
    bool is_proved = false;
    const bool asked = options_.method == Method::kExact;
    auto plan = Exact(problem_, asked ? options_.exact_steps : kQuickExactSteps, is_proved);
    solution_.is_optimal |= plan.has_value() && is_proved;
    return plan;
  }

  Plan Polished(const Plan& plan) {
    WorkingPlan working(problem_, plan);
    if (working.IsOver()) return RelievedBySteiner(plan);
    Polish(working);
    return working.tree().plan();
  }

  Plan RelievedBySteiner(const Plan& plan) {
    if (problem_.scheme() != Scheme::kReusable) return plan;
    WorkingPlan working(problem_, SteinerPlan(problem_, plan));
    if (!working.IsOver()) Polish(working);
    return working.tree().plan();
  }

  Plan Exchanged(const Plan& plan) {
    const auto tensors = static_cast<double>(problem_.graph().tensor_count());
    const auto wanted = static_cast<std::size_t>(options_.trials_per_tensor * tensors);
    WorkingPlan working(problem_, plan);
    if (options_.trials_per_tensor > 0) Exchange(working, std::max(wanted, kFewestTrials));
    if (!working.IsOver()) Polish(working);
    return working.tree().plan();
  }

  void ExchangeBest() {
    if (options_.trials_per_tensor == 0 || solution_.plan.empty() || solution_.is_optimal) return;
    const Method method = solution_.method;
    Keep(method, Exchanged(solution_.plan));
    solution_.attempts.pop_back();
  }

  bool Keep(Method method, Plan plan) {
    Evaluation evaluation = Evaluate(problem_, plan);
    solution_.attempts.push_back({method, evaluation.feasible, evaluation.objective});
    const bool feasible = evaluation.feasible;
    if (solution_.plan.empty() || IsBetter(evaluation, kept_)) {
      solution_.plan = std::move(plan);
      solution_.method = method;
      kept_ = std::move(evaluation);
    }
    return feasible;
  }

  static bool IsBetter(const Evaluation& a, const Evaluation& b) {
    if (a.feasible != b.feasible) return a.feasible;
    if (!a.feasible && a.overrun_seconds != b.overrun_seconds)
      return a.overrun_seconds < b.overrun_seconds;
    return a.objective < b.objective;
  }

  bool NeedsFallback() const {
    if (options_.method == Method::kMinimumStorage || options_.method == Method::kShortestPath)
      return false;
    return solution_.plan.empty() || !kept_.feasible;
  }

  void Finish() {
    solution_.evaluation = Evaluate(asked_, solution_.plan);
    if (asked_.scheme() != Scheme::kReusable) return;
    for (GroupIndex group = 0; group < asked_.group_count(); ++group) {
      const double load = solution_.evaluation.loads[group];
      const double budget = asked_.budget(group);
      if (Overrun(load, budget) > 0)
        solution_.unmet.push_back({group, budget, std::min(load, SteinerSeconds(asked_, group))});
    }
  }

  const PlanningProblem& asked_;
  PlanningProblem problem_;  ///< with budgets that can be met
  const SolveOptions& options_;
  Solution solution_;
  Evaluation kept_;
};

}  // namespace

std::string_view MethodName(Method method) {
  return kMethodNames[static_cast<std::size_t>(method)];
}

std::optional<Method> ParseMethod(std::string_view name) {
  for (const Method method : kMethods) {
    if (MethodName(method) == name) return method;
  }
  return std::nullopt;
}

Solution Solve(const PlanningProblem& problem, const SolveOptions& options) {
  return Solving(problem, options).Run();
}

Plan Improved(const PlanningProblem& problem, const Plan& plan) {
  WorkingPlan working(problem, plan);
  if (working.IsOver()) Relieve(working);
  if (!working.IsOver()) Polish(working);
  return working.tree().plan();
}

}  // namespace dlv::plan
