#include "storage/plan/solvers.h"

#include <gtest/gtest.h>

#include <map>

#include "storage/plan/minimum_storage.h"
#include "storage/plan/shortest_path.h"
#include "storage/plan/solve.h"
#include "tests/unit/storage/plan/planning_fixture.h"

namespace dlv::plan {
namespace {

using namespace testing;

struct PaperCase {
  double first, second;  ///< budgets of the two snapshots
  double storage;        ///< the least; 0: no plan
};

/// Optima of the paper's example found by hand over its 48 spanning trees.
const std::map<Scheme, std::vector<PaperCase>> kPaperCases = {
    {Scheme::kIndependent,
     {{3, 7.5, 19}, {3, 7, 20}, {3, 6.5, 23}, {3, 6, 24}, {3, 5.5, 27}, {3, 5, 28}, {3, 4.9, 0}}},
    {Scheme::kParallel, {{2, 3, 19}, {2, 2.5, 27}, {2, 2, 27}, {2, 1.9, 0}}},
    {Scheme::kReusable, {{3, 5.5, 19}, {3, 5, 20}, {3, 4.5, 23}, {3, 4, 24}, {3, 3.9, 0}}}};

TEST(Solvers, AutoAndExactFindEveryOptimumOfThePaper) {
  const DeltaGraph graph = PaperGraph();
  for (const auto& [scheme, cases] : kPaperCases) {
    for (const auto& [first, second, storage] : cases) {
      SCOPED_TRACE(::testing::Message() << NameOf(scheme) << ", budget " << second);
      const PlanningProblem problem = Posed(graph, scheme, PaperGroups(first, second));
      const auto brute = BruteForce(problem);
      bool is_proved = false;
      const auto exact = Exact(problem, 100'000, is_proved);
      EXPECT_TRUE(is_proved);
      ASSERT_EQ(brute.has_value(), storage > 0);
      ASSERT_EQ(exact.has_value(), storage > 0);
      const Solution solution = Solve(problem);
      EXPECT_EQ(solution.unmet.empty(), storage > 0);
      if (storage == 0) continue;
      EXPECT_EQ(Evaluate(problem, *brute).storage_bytes, storage);
      EXPECT_EQ(Evaluate(problem, *exact).storage_bytes, storage);
      EXPECT_EQ(solution.evaluation.storage_bytes, storage);
      EXPECT_TRUE(solution.evaluation.feasible);
    }
  }
}

TEST(Solvers, EachHeuristicWithPolishFindsThePapersOptima) {
  const DeltaGraph graph = PaperGraph();
  for (const Method method : {Method::kPasMt, Method::kPasPt, Method::kLmgAll, Method::kLast}) {
    for (const auto& [first, second, storage] : kPaperCases.at(Scheme::kIndependent)) {
      if (storage == 0) continue;
      const Solution solution =
          Solve(Posed(graph, Scheme::kIndependent, PaperGroups(first, second)), {.method = method});
      EXPECT_EQ(solution.evaluation.storage_bytes, storage)
          << MethodName(method) << ", budget " << second;
    }
  }
}

// Two members tie for the longest path: no move lowers the maximum, yet the budget can be met.
TEST(Solvers, TheParallelSchemeDoesNotStallOnTies) {
  const DeltaGraph graph = PaperGraph();
  const PlanningProblem problem = Posed(graph, Scheme::kParallel, PaperGroups(2, 2));
  const Evaluation evaluation = Evaluate(problem, PasMt(problem));
  EXPECT_TRUE(evaluation.feasible);
  EXPECT_EQ(evaluation.storage_bytes, 27);
}

TEST(Solvers, MovesThatCostNothingComeFirst) {
  // Tensor 2 can be stored by another edge of the same size that loads faster.
  const DeltaGraph graph =
      Built(2, {{0, 1, 0, 10, 1}, {0, 2, 0, 10, 1}, {1, 2, 0, 3, 5}, {1, 2, 0, 3, 1}});
  for (const double budget : {3.0, 2.5}) {
    const std::vector<Group> groups = {{{1, 2}, Budget::Seconds(budget), 0}};
    const PlanningProblem problem = Posed(graph, Scheme::kIndependent, groups);
    const Evaluation evaluation = Evaluate(problem, PasMt(problem));
    EXPECT_TRUE(evaluation.feasible);
    EXPECT_EQ(evaluation.storage_bytes, budget == 3 ? 13 : 20);
  }
}

// Two networks in three snapshots. It would be better to keep another snapshot of the first one
// whole, and its first one then loads more slowly: that is within the budget if the second network
// is turned around, too.
TEST(Solvers, ExchangeTurnsChainsAround) {
  std::vector<Edge> edges;
  for (Node node = 1; node <= 6; ++node) edges.push_back({0, node, 0, 10, 2});
  AddBothWays(edges, 1, 2, 6, 1);
  AddBothWays(edges, 1, 3, 6, 1);
  AddBothWays(edges, 2, 3, 4, 1);
  AddBothWays(edges, 4, 5, 6, 1);
  const DeltaGraph graph = Built(6, std::move(edges));
  std::vector<Group> groups;
  for (Node first = 1; first <= 3; ++first)
    groups.push_back({{first, first + 3}, Budget::Seconds(5), 0});
  const auto by = [&](Node from, Node to) {
    for (const EdgeIndex edge : graph.incoming(to)) {
      if (graph.edge(edge).from == from) return edge;
    }
    return kNoEdge;
  };
  const Plan start = {kNoEdge, by(0, 1), by(1, 2), by(1, 3), by(5, 4), by(0, 5), by(0, 6)};
  const Plan best = {kNoEdge, by(2, 1), by(0, 2), by(2, 3), by(0, 4), by(4, 5), by(0, 6)};
  for (const Scheme scheme : {Scheme::kIndependent, Scheme::kReusable}) {
    const PlanningProblem problem = Posed(graph, scheme, groups);
    WorkingPlan plan(problem, start);
    Polish(plan);
    EXPECT_EQ(plan.tree().plan(), start) << "single moves find nothing";
    Exchange(plan, 100);
    EXPECT_EQ(plan.tree().plan(), best) << NameOf(scheme);
  }
}

TEST(Solvers, ExactIsTheBestOfAllTrees) {
  int solved = 0;
  for (unsigned seed = 1; seed <= 80; ++seed) {
    for (const Scheme scheme : kSchemes) {
      SCOPED_TRACE(::testing::Message() << "seed " << seed << ", " << NameOf(scheme));
      std::mt19937 random(seed);
      const std::size_t tensors = 1 + random() % 5;
      const DeltaGraph graph = RandomGraph(random, tensors, random() % 8);
      const std::uint32_t depth = random() % 3 == 0 ? 1 : PlanningProblem::kAnyDepth;
      const PlanningProblem problem =
          Posed(graph, scheme, RandomGroups(random, tensors, seed % 2 == 0), depth);
      const auto brute = BruteForce(problem);
      bool is_proved = false;
      const auto exact = Exact(problem, 1'000'000, is_proved);
      ASSERT_TRUE(is_proved);
      ASSERT_EQ(exact.has_value(), brute.has_value());
      if (!exact) continue;
      ++solved;
      ASSERT_TRUE(IsTree(graph, *exact));
      EXPECT_NEAR(Evaluate(problem, *exact).objective, Evaluate(problem, *brute).objective, 1e-9);
    }
  }
  EXPECT_GT(solved, 100) << "most problems should have a solution";
}

TEST(Solvers, ExactSaysWhenItGaveUp) {
  std::mt19937 random(7);
  const DeltaGraph graph = RandomGraph(random, 12, 60);
  const PlanningProblem problem =
      Posed(graph, Scheme::kIndependent, RandomGroups(random, 12, true));
  bool is_proved = true;
  (void)Exact(problem, 3, is_proved);
  EXPECT_FALSE(is_proved);
}

TEST(Solvers, NoneIsOverBudgetWhereAPlanExists) {
  int solved = 0;
  double excess = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    for (const Scheme scheme : kSchemes) {
      std::mt19937 random(seed);
      const std::size_t tensors = 3 + random() % 5;
      const DeltaGraph graph = RandomGraph(random, tensors, 2 * tensors + random() % 8);
      const PlanningProblem problem =
          Posed(graph, scheme, RandomGroups(random, tensors, seed % 3 == 0));
      bool is_proved = false;
      const auto exact = Exact(problem, 1'000'000, is_proved);
      ASSERT_TRUE(is_proved);
      for (const Method method : kMethods) {
        SCOPED_TRACE(::testing::Message()
                     << "seed " << seed << ", " << NameOf(scheme) << ", " << MethodName(method));
        const Solution solution = Solve(problem, {.method = method});
        ASSERT_TRUE(IsTree(graph, solution.plan));
        if (!exact) {
          EXPECT_FALSE(solution.unmet.empty());
          continue;
        }
        if (scheme != Scheme::kReusable) {
          EXPECT_TRUE(solution.unmet.empty());
        }
        if (!solution.evaluation.feasible) {
          EXPECT_TRUE(method == Method::kMinimumStorage || method == Method::kShortestPath ||
                      (scheme == Scheme::kReusable && method != Method::kAuto));
          continue;
        }
        const double least = Evaluate(problem, *exact).objective;
        EXPECT_GE(solution.evaluation.objective, least - 1e-9);
        if (solution.is_optimal) {
          EXPECT_NEAR(solution.evaluation.objective, least, 1e-9);
        }
        if (method == Method::kPasMt) {
          ++solved;
          excess += solution.evaluation.objective / least - 1;
        }
      }
    }
  }
  EXPECT_GT(solved, 60);
  EXPECT_LT(excess / solved, 0.02) << "polished PAS-MT should be close to the best on average";
}

TEST(Solvers, UnmetBudgetsAreNamedWithTheLeastThatCanBe) {
  const DeltaGraph graph = PaperGraph();
  for (const Scheme scheme : kSchemes) {
    const Solution solution = Solve(Posed(graph, scheme, PaperGroups(3, 1)));
    ASSERT_EQ(solution.unmet.size(), 1U) << NameOf(scheme);
    EXPECT_EQ(solution.unmet[0].group, 1U);
    EXPECT_EQ(solution.unmet[0].budget_seconds, 1);
    const double least = scheme == Scheme::kIndependent ? 5 : scheme == Scheme::kParallel ? 2 : 4;
    EXPECT_EQ(solution.unmet[0].least_seconds, least) << NameOf(scheme);
    EXPECT_LE(solution.evaluation.loads[0], 3) << "the other budget is met all the same";
  }
}

TEST(Solvers, ChainsStayWithinTheDepthLimit) {
  std::vector<Edge> edges;
  constexpr Node kTensors = 100;
  for (Node node = 1; node <= kTensors; ++node) {
    edges.push_back({0, node, 0, 100, 1});
    if (node > 1) AddBothWays(edges, node - 1, node, 10, 1);
  }
  const DeltaGraph graph = Built(kTensors, std::move(edges));
  for (const Method method :
       {Method::kAuto, Method::kMinimumStorage, Method::kPasMt, Method::kPasPt, Method::kLast}) {
    const PlanningProblem problem = Posed(graph, Scheme::kIndependent, {}, 4);
    const Solution solution = Solve(problem, {.method = method});
    EXPECT_TRUE(solution.evaluation.feasible) << MethodName(method);
    EXPECT_LE(solution.evaluation.depth, 4U) << MethodName(method);
    // At best one materialised tensor reaches 4 to each side.
    EXPECT_GE(solution.evaluation.storage_bytes, 12 * 100 + 88 * 10);
    EXPECT_LE(solution.evaluation.storage_bytes, 20 * 100 + 80 * 10) << MethodName(method);
  }
}

TEST(Solvers, WeightsBuyLoadingTimeWithStorage) {
  const DeltaGraph graph = PaperGraph();
  std::vector<Group> groups = PaperGroups(9, 9);
  EXPECT_EQ(Solve(Posed(graph, Scheme::kIndependent, groups)).evaluation.storage_bytes, 19);
  groups[1].weight = 100;  // so often loaded that only the shortest paths will do
  const Solution solution = Solve(Posed(graph, Scheme::kIndependent, groups));
  EXPECT_EQ(solution.evaluation.loads[1], 5);
}

TEST(Solvers, ManyTensorsWithManyCandidates) {
  // Chains of checkpoints with skips: 20 names in 30 snapshots.
  std::mt19937 random(3);
  constexpr Node kNames = 5;
  constexpr Node kSnapshots = 20;
  std::vector<Edge> edges;
  std::vector<Group> groups(kSnapshots);
  for (Node snapshot = 0; snapshot < kSnapshots; ++snapshot) {
    for (Node name = 0; name < kNames; ++name) {
      const Node node = 1 + snapshot * kNames + name;
      edges.push_back({0, node, 0, 1000.0 + static_cast<double>(random() % 50), 1});
      for (Node distance = 1; distance <= 5 && distance <= snapshot; ++distance)
        AddBothWays(edges, node - distance * kNames, node, 400.0 + 80 * distance, 0.25);
      groups[snapshot].members.push_back(node);
    }
    groups[snapshot].budget = Budget::TimesMaterialised(1.6);
  }
  const DeltaGraph graph = Built(kNames * kSnapshots, std::move(edges));
  for (const Scheme scheme : kSchemes) {
    const Solution solution = Solve(Posed(graph, scheme, groups), {.trials_per_tensor = 0.5});
    EXPECT_TRUE(solution.evaluation.feasible) << NameOf(scheme);
    EXPECT_LT(solution.evaluation.storage_bytes, 0.8 * 1000 * kNames * kSnapshots);
  }
}

TEST(Solvers, AStoppedProblemComesToAnEnd) {
  std::mt19937 random(5);
  const DeltaGraph graph = RandomGraph(random, 40, 200);
  std::vector<Group> groups = {{{}, Budget::TimesMaterialised(1.1), 1}};
  for (Node node = 1; node <= 40; ++node) groups[0].members.push_back(node);
  PlanningProblem problem = Posed(graph, Scheme::kIndependent, groups);
  const Plan smallest = SmallestPlan(problem);
  ASSERT_NE(Improved(problem, smallest), smallest);
  CancellationToken cancel;
  problem.StopWhen(&cancel);
  EXPECT_NE(Improved(problem, smallest), smallest) << "nobody has asked yet";
  cancel.Cancel();
  EXPECT_EQ(Improved(problem, smallest), smallest);
  EXPECT_LE(Solve(problem).attempts.size(), 1U);
  for (const Method method : kMethods) {
    const Solution solution = Solve(problem, {.method = method});
    EXPECT_TRUE(IsTree(graph, solution.plan)) << MethodName(method);
    EXPECT_FALSE(method == Method::kExact && solution.is_optimal);
  }
}

TEST(Solvers, NamesOfMethodsAreRead) {
  for (const Method method : kMethods) EXPECT_EQ(ParseMethod(MethodName(method)), method);
  EXPECT_EQ(ParseMethod("best"), std::nullopt);
}

TEST(Solvers, AnEmptyGraphHasAnEmptyPlan) {
  const DeltaGraph graph = Built(0, {});
  for (const Method method : kMethods) {
    const Solution solution = Solve(
        Posed(graph, Scheme::kIndependent, {{{}, Budget::Seconds(0), 0}}), {.method = method});
    EXPECT_EQ(solution.plan, Plan{kNoEdge});
    EXPECT_TRUE(solution.evaluation.feasible);
  }
}

}  // namespace
}  // namespace dlv::plan
