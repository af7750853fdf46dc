#include "engine/progressive/table_refinement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace dlv::progressive {
namespace {

using Table = std::vector<StepLevels>;

/// Layers with a cost a level and a loss a level; a sample is proved where all losses together are
/// below its margin.
struct Model {
  std::vector<double> costs, losses;  ///< of a layer: costs[i] * (level + 1), losses[i] / 2^level
  std::vector<double> margins;
  int probes = 0;

  double CostOf(const StepLevels& levels) const {
    double sum = 0;
    for (std::size_t i = 0; i < levels.size(); ++i)
      sum += costs[i] * static_cast<double>(levels[i] + 1);
    return sum;
  }
  bool Proves(const StepLevels& levels, std::size_t sample) const {
    double sum = 0;
    for (std::size_t i = 0; i < levels.size(); ++i)
      sum += losses[i] / static_cast<double>(1 << levels[i]);
    return sum < margins[sample];
  }
  std::vector<std::size_t> AnsweredBy(const Table& table) const {
    std::vector<std::size_t> answered;
    for (std::size_t sample = 0; sample < margins.size(); ++sample) {
      std::size_t k = 0;
      while (k + 1 < table.size() && !Proves(table[k], sample)) ++k;
      answered.push_back(k);
    }
    return answered;
  }
  double MeanOf(const Table& table) const {
    double sum = 0;
    for (const std::size_t k : AnsweredBy(table)) sum += CostOf(table[k]);
    return sum / static_cast<double>(margins.size());
  }
  TableProbe Probe() {
    TableProbe probe;
    probe.costs = [this](const Table& table) -> Result<std::vector<double>> {
      std::vector<double> each;
      for (const StepLevels& levels : table) each.push_back(CostOf(levels));
      return each;
    };
    probe.prove = [this](const StepLevels& levels,
                         const std::vector<std::size_t>& open) -> Result<std::vector<bool>> {
      ++probes;
      std::vector<bool> proved;
      for (const std::size_t sample : open) proved.push_back(Proves(levels, sample));
      return proved;
    };
    return probe;
  }
};

Model RandomModel(std::mt19937& random, std::size_t layers) {
  std::uniform_real_distribution<double> number(0.1, 1);
  Model model;
  for (std::size_t i = 0; i < layers; ++i) {
    model.costs.push_back(number(random) * number(random) * number(random));
    model.losses.push_back(4 * number(random));
  }
  for (int sample = 0; sample < 200; ++sample) model.margins.push_back(2 * number(random));
  return model;
}

TEST(TableRefinement, StepsThatAnswerNobodyStayWhereTheNextIsFar) {
  const std::vector<double> costs = {1, 10, 10.1, 10.5, 10.7, 11.5, 12, 12.1, 30};
  // Nothing is kept before the first that answers; 10.1 and 10.5 are near to 10, 11.5 is not near
  // to 10.7 nor to 10; what comes behind the last stays.
  EXPECT_EQ(StepsToKeep(costs, {1, 6, 1}),
            (std::vector<bool>{false, true, false, false, true, true, true, true, true}));
  // Where nothing is proved the last is left, and what stands behind the first.
  EXPECT_EQ(StepsToKeep({1, 2, 3}, {3, 3}), (std::vector<bool>{false, true, true}));
  EXPECT_EQ(StepsToKeep({1}, {}), std::vector<bool>{true});
}

TEST(TableRefinement, StepsStayNestedAndTheMeanFalls) {
  std::mt19937 random(7);
  int better = 0;
  for (int round = 0; round < 40; ++round) {
    Model model = RandomModel(random, 2 + static_cast<std::size_t>(round % 3));
    Table table;
    for (std::size_t level = 0; level <= 8; level += 2)
      table.emplace_back(model.costs.size(), level);
    const auto refined = RefineTable(table, model.AnsweredBy(table), model.Probe());
    ASSERT_TRUE(refined.ok());
    EXPECT_EQ(refined->back(), table.back());
    for (std::size_t k = 1; k < refined->size(); ++k) {
      EXPECT_NE((*refined)[k], (*refined)[k - 1]);
      EXPECT_TRUE(std::ranges::equal((*refined)[k - 1], (*refined)[k], std::ranges::less_equal()));
    }
    EXPECT_LE(model.MeanOf(*refined), model.MeanOf(table));
    better += model.MeanOf(*refined) < 0.98 * model.MeanOf(table) ? 1 : 0;
  }
  EXPECT_GE(better, 20);
}

/// The second layer is cheap and read too deep for half of the samples, but a step that answers
/// nobody has it as deep as that.
TEST(TableRefinement, AFirstStepThatAnswersNobodyIsNotInTheWay) {
  Model model{{1, 0.1}, {1, 1}, {}};
  for (int sample = 0; sample < 64; ++sample) model.margins.push_back(sample % 2 == 0 ? 0.3 : 0.9);
  const Table table = {{0, 4}, {3, 4}, {6, 6}};
  const auto refined = RefineTable(table, model.AnsweredBy(table), model.Probe());
  ASSERT_TRUE(refined.ok());
  EXPECT_LT((*refined)[0][1], 4U);
  EXPECT_LT(model.MeanOf(*refined), model.MeanOf(table));
}

TEST(TableRefinement, WhatCannotSaveEnoughIsNotTried) {
  Model model{{1, 1e-5}, {1, 1}, std::vector<double>(64, 10)};
  const Table table = {{0, 4}, {3, 4}};
  const auto refined = RefineTable(table, model.AnsweredBy(table), model.Probe());
  ASSERT_TRUE(refined.ok());
  EXPECT_EQ(*refined, table);
  EXPECT_EQ(model.probes, 0);
}

TEST(TableRefinement, ErrorsOfProbesAreHandedOn) {
  Model model{{1, 1}, {1, 1}, std::vector<double>(64, 0.5)};
  const Table table = {{4, 4}, {6, 6}};
  TableProbe probe = model.Probe();
  probe.prove = [](const StepLevels&,
                   const std::vector<std::size_t>&) -> Result<std::vector<bool>> {
    return Error{ErrorCode::kCancelled, "stopped"};
  };
  const auto refined = RefineTable(table, model.AnsweredBy(table), probe);
  ASSERT_FALSE(refined.ok());
  EXPECT_EQ(refined.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace dlv::progressive
