#include "storage/plan/planning_problem.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "storage/plan/minimum_storage.h"
#include "storage/plan/plan_tree.h"
#include "storage/plan/working_plan.h"
#include "tests/unit/storage/plan/planning_fixture.h"

namespace dlv::plan {
namespace {

using namespace testing;

TEST(PlanningProblem, EvaluatesThePapersTreeUnderEachScheme) {
  const DeltaGraph graph = PaperGraph();
  Plan plan(6, kNoEdge);  // the paper's: m3 against m1, m4 against m2, m5 against m4 or m2
  for (const auto& [from, to] : {std::pair{0U, 1U}, {0U, 2U}, {1U, 3U}, {2U, 4U}, {2U, 5U}}) {
    for (const EdgeIndex edge : graph.incoming(to)) {
      if (graph.edge(edge).from == from) plan[to] = edge;
    }
  }
  const auto loads = [&](Scheme scheme) {
    return Evaluate(Posed(graph, scheme, PaperGroups(9, 9)), plan).loads;
  };
  EXPECT_EQ(Evaluate(Posed(graph, Scheme::kIndependent, {}), plan).storage_bytes, 19);
  EXPECT_EQ(loads(Scheme::kIndependent), (std::vector<double>{3, 7.5}));
  EXPECT_EQ(loads(Scheme::kParallel), (std::vector<double>{2, 3}));
  EXPECT_EQ(loads(Scheme::kReusable), (std::vector<double>{3, 5.5}));
}

TEST(PlanningProblem, BudgetsMayBeMultiplesOfTheMaterialisedLoad) {
  const DeltaGraph graph = PaperGraph();
  const std::vector<Group> groups = {{{1, 2}, Budget::TimesMaterialised(1.5), 0},
                                     {{3, 4, 5, 4}, Budget::Seconds(6), 0},
                                     {{5}, {}, 0}};
  const PlanningProblem sum = Posed(graph, Scheme::kIndependent, groups);
  EXPECT_EQ(sum.materialised(0), 3);
  EXPECT_EQ(sum.materialised(1), 5) << "a member counts once";
  EXPECT_EQ(sum.budget(0), 4.5);
  EXPECT_EQ(sum.budget(1), 6);
  EXPECT_EQ(sum.budget(2), kUnlimited);
  const PlanningProblem longest = Posed(graph, Scheme::kParallel, groups);
  EXPECT_EQ(longest.materialised(0), 2);
  EXPECT_EQ(longest.budget(0), 3);
}

TEST(PlanningProblem, RefusesGroupsThatMakeNoSense) {
  const DeltaGraph graph = PaperGraph();
  const auto error_of = [&](Group group) {
    const std::vector<Group> groups = {{{1}, {}, 0}, std::move(group)};
    const auto problem = PlanningProblem::Build(graph, Scheme::kParallel, groups);
    return problem.ok() ? "" : problem.error().message;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(error_of({{6}, {}, 0}), "group 1: member 6 is no tensor");
  EXPECT_EQ(error_of({{0}, {}, 0}), "group 1: member 0 is no tensor");
  EXPECT_EQ(error_of({{1}, Budget::Seconds(nan), 0}), "group 1: a budget is a number from 0 on");
  EXPECT_EQ(error_of({{1}, Budget::Seconds(-1), 0}), "group 1: a budget is a number from 0 on");
  EXPECT_EQ(error_of({{1}, {}, nan}), "group 1: a weight is a finite number from 0 on");
}

TEST(PlanningProblem, KnowsATree) {
  const DeltaGraph graph =
      Built(2, {{0, 1, 0, 1, 1}, {2, 1, 0, 1, 1}, {0, 2, 0, 1, 1}, {1, 2, 0, 1, 1}});
  EXPECT_TRUE(IsTree(graph, {kNoEdge, 0, 2}));
  EXPECT_TRUE(IsTree(graph, {kNoEdge, 1, 2}));
  EXPECT_FALSE(IsTree(graph, {kNoEdge, 1, 3})) << "a cycle";
  EXPECT_FALSE(IsTree(graph, {kNoEdge, 2, 2})) << "an edge to another tensor";
  EXPECT_FALSE(IsTree(graph, {kNoEdge, kNoEdge, 2}));
  EXPECT_FALSE(IsTree(graph, {kNoEdge, 0}));
}

/// Moves at random; what was said of each before must be what Evaluate finds after it.
void CheckForecasts(std::mt19937& random, Scheme scheme) {
  const std::size_t tensors = 2 + random() % 9;
  const DeltaGraph graph = RandomGraph(random, tensors, 3 * tensors);
  const PlanningProblem problem = Posed(graph, scheme, RandomGroups(random, tensors, true));
  WorkingPlan plan(problem, MinimumStorageTree(graph));
  const Plan start = plan.tree().plan();
  Evaluation before = Evaluate(problem, start);
  double cost = 0;
  for (int step = 0; step < 20; ++step) {
    const auto edge = static_cast<EdgeIndex>(random() % graph.edge_count());
    plan.Focus(graph.edge(edge).to);
    if (!plan.IsPossible(edge)) continue;
    const double said_cost = plan.CostOf(edge);
    const double said_relief = plan.ReliefOf(edge);
    const bool said_kept = plan.KeepsBudgets(edge);
    plan.Move(edge);
    ASSERT_TRUE(IsTree(graph, plan.tree().plan()));
    const Evaluation after = Evaluate(problem, plan.tree().plan());
    cost += said_cost;
    EXPECT_NEAR(said_cost, after.objective - before.objective, 1e-9);
    EXPECT_NEAR(plan.tree().storage_bytes(), after.storage_bytes, 1e-9);
    if (scheme != Scheme::kParallel) {  // whose relief counts tensors, not groups
      EXPECT_NEAR(said_relief, before.overrun_seconds - after.overrun_seconds, 1e-9);
    }
    EXPECT_EQ(plan.IsOver(), after.overrun_seconds > 0);
    bool grew = false;
    for (GroupIndex group = 0; group < problem.group_count(); ++group) {
      const double budget = problem.budget(group);
      grew |= Overrun(after.loads[group], budget) > Overrun(before.loads[group], budget) + 1e-9;
    }
    if (said_kept) {
      EXPECT_FALSE(grew);
    }
    before = after;
  }
  EXPECT_NEAR(plan.cost_so_far(), cost, 1e-9);
  plan.RollBack();
  EXPECT_EQ(plan.tree().plan(), start);
  EXPECT_EQ(plan.IsOver(), Evaluate(problem, start).overrun_seconds > 0);
}

TEST(WorkingPlan, SaysBeforehandWhatAMoveDoes) {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    for (const Scheme scheme : kSchemes) {
      SCOPED_TRACE(::testing::Message() << "seed " << seed << ", " << NameOf(scheme));
      std::mt19937 random(seed);
      CheckForecasts(random, scheme);
    }
  }
}

TEST(WorkingPlan, FindsWhatIsOver) {
  const DeltaGraph graph = PaperGraph();
  const PlanningProblem problem = Posed(graph, Scheme::kIndependent, PaperGroups(3, 6));
  WorkingPlan plan(problem, MinimumStorageTree(graph));
  ASSERT_TRUE(plan.IsOver());
  std::vector<Node> nodes = plan.OverrunNodes();
  std::ranges::sort(nodes);
  EXPECT_EQ(nodes, (std::vector<Node>{1, 2, 3, 4, 5})) << "members 3 to 5, and what is above them";
}

TEST(WorkingPlan, KeepsToTheDepthLimit) {
  std::vector<Edge> edges;
  for (Node node = 1; node <= 4; ++node) edges.push_back({0, node, 0, 10, 1});
  for (Node node = 2; node <= 4; ++node) edges.push_back({node - 1, node, 0, 1, 1});
  const DeltaGraph graph = Built(4, std::move(edges));
  const PlanningProblem problem = Posed(graph, Scheme::kIndependent, {}, 2);
  Plan plan(5, kNoEdge);
  for (Node node = 1; node <= 4; ++node) plan[node] = graph.incoming(node).front();
  WorkingPlan working(problem, plan);
  for (const Node node : {4U, 3U}) {
    working.Focus(node);
    ASSERT_TRUE(working.IsPossible(graph.incoming(node).back()));
    working.Move(graph.incoming(node).back());
  }
  working.Focus(2);  // with 3 and 4 below it
  EXPECT_FALSE(working.IsPossible(graph.incoming(2).back()));
}

}  // namespace
}  // namespace dlv::plan
