// Unread bits filled in otherwise, at random and against the margin: what was proved stays true.

#include <gtest/gtest.h>

#include <iostream>

#include "engine/progressive/decision.h"
#include "engine/progressive/pass.h"
#include "engine/progressive/weight_loader.h"
#include "tests/unit/engine/progressive/random_network.h"

namespace dlv::progressive {
namespace {

constexpr std::uint64_t kNetworks = 60;

struct Planned {
  std::unique_ptr<LayerGraph> graph;
  std::unique_ptr<WeightLoader> loader;
};

Planned PlanFor(const Network& network, RandomLevels& levels, bool with_bounds) {
  Planned planned;
  auto graph = PlanLayers(network, levels);
  EXPECT_TRUE(graph.ok() && graph->graph != nullptr);
  planned.graph = std::move(graph->graph);
  planned.loader =
      std::make_unique<WeightLoader>(*planned.graph, levels, nullptr, std::uint64_t{1} << 28);
  EXPECT_TRUE(planned.loader->Open().ok());
  EXPECT_TRUE(!with_bounds || planned.loader->ComputeBounds(nullptr, nullptr).ok());
  return planned;
}

Pass PassAt(const Planned& planned, const std::vector<double>& input, bool exact, std::size_t level,
            Precision precision = Precision::kF64) {
  std::vector<std::size_t> levels;
  for (std::size_t i = 0; i < planned.loader->size(); ++i) {
    const std::size_t last = planned.loader->LevelsOf(i).size() - 1;
    levels.push_back(exact ? last : std::min(level, last));
  }
  planned.loader->SetPrecision(precision);
  EXPECT_TRUE(planned.loader->Use(levels).ok());
  Pass pass(*planned.graph, input, precision);
  pass.Forward(0);
  return pass;
}

/// The class that a pass proves, or -1.
std::int64_t ProvedClass(const Pass& pass) {
  Answer answer;
  return Prove(pass, 0, 1, true, false, answer) ? answer.classes[0] : -1;
}

std::int64_t GreatestClass(const Pass& pass) { return GreatestClasses(pass.ScoresOf(0), 1)[0]; }

/// How the first class's margin over the second grows with each element of the layer's matrix, by
/// differences at the pass's weights.
std::vector<double> Gradient(const Planned& planned, const LinearPlan& plan,
                             const std::vector<double>& input) {
  const auto whole = std::make_shared<LinearWeights>(plan.layer->weights());
  const auto margin = [&](std::shared_ptr<const LinearWeights> weights, std::int64_t first,
                          std::int64_t second) {
    plan.layer->SetWeights(std::move(weights));
    Pass pass(*planned.graph, input);
    pass.Forward(0, false);
    const auto scores = pass.ScoresOf(0);
    return scores[AsSize(first)] - scores[AsSize(second)];
  };
  Pass pass(*planned.graph, input);
  pass.Forward(0, false);
  const auto classes = GreatestClasses(pass.ScoresOf(0), 2);
  const double before = margin(whole, classes[0], classes[1]);
  std::vector<double> gradient(whole->centre.size());
  for (std::size_t k = 0; k < gradient.size(); ++k) {
    auto moved = std::make_shared<LinearWeights>(*whole);
    moved->centre[k] += 1e-4;
    gradient[k] = margin(moved, classes[0], classes[1]) - before;
  }
  plan.layer->SetWeights(whole);
  return gradient;
}

/// Sets the bits that are not known at a level: those of `fill`.
float Completed(float value, const Level& level, std::uint32_t fill) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  std::uint32_t unread = level.planes >= 32 ? 0 : ~0U >> level.planes;
  if (level.by_significance) unread = level.exact ? 0 : ~KnownBits(bits, level.planes);
  bits = (bits & ~unread) | (fill & unread);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Other numbers with the same bits read at `level`: against the margin, or at random.
void Complete(RandomNetwork& random, const Planned& planned, const std::vector<double>& input,
              std::size_t level, bool against, std::mt19937_64& choice) {
  std::map<const NetworkParameter*, std::vector<float>> all;
  for (std::size_t i = 0; i < planned.graph->linears.size(); ++i) {
    const LinearPlan& plan = planned.graph->linears[i];
    if (plan.parameter == nullptr) continue;
    const auto& levels = planned.loader->LevelsOf(i);
    const Level& known = levels[std::min(level, levels.size() - 1)];
    std::vector<float> values = random.levels().ValuesOf(plan.parameter->name);
    const std::vector<double> gradient =
        against ? Gradient(planned, plan, input) : std::vector<double>();
    const std::size_t columns = AsSize(plan.layer->form().columns);
    for (std::size_t k = 0; k < values.size(); ++k) {
      float& value = values[plan.order.empty() ? k : plan.order[k]];
      auto fill = static_cast<std::uint32_t>(choice());
      if (against) {  // a greater magnitude where that lowers the margin
        const bool grows = gradient[k] * plan.affine.factor[k / columns] * value < 0;
        fill = grows ? ~0U : 0;
      }
      value = Completed(value, known, fill);
    }
    all[plan.parameter] = std::move(values);
  }
  for (const auto& [parameter, values] : all) random.levels().Replace(*parameter, values);
}

struct CompletionTally {
  int proved = 0, completions = 0, flipped = 0;
};

/// With bounds of the true weights each completion is a network of its own, proved or not by what
/// is known of it; without, one proof holds for all completions.
void CheckCompletions(std::uint64_t seed, bool with_bounds, CompletionTally& tally) {
  RandomNetwork random(seed);
  SCOPED_TRACE("network " + std::to_string(seed) + ": " + random.Text());
  const auto network = random.Make();
  ASSERT_TRUE(network.ok());
  const std::vector<double> input = random.Inputs(1);
  std::mt19937_64 choice(seed);
  const Precision precision = seed % 2 == 0 ? Precision::kF32 : Precision::kF64;
  for (std::size_t level = 0; level < 2; ++level) {
    const Planned planned = PlanFor(*network, random.levels(), with_bounds);
    const Pass centre = PassAt(planned, input, false, level, precision);
    const std::int64_t proved = ProvedClass(centre);
    if (!with_bounds && proved < 0) continue;
    for (int i = 0; i < 4; ++i) {
      PassAt(planned, input, false, level);  // gradients are taken at the centre
      Complete(random, planned, input, level, i < 1, choice);
      const Planned completed = PlanFor(*network, random.levels(), with_bounds);
      const std::int64_t truth = GreatestClass(PassAt(completed, input, true, 0));
      const std::int64_t claimed =
          with_bounds ? ProvedClass(PassAt(completed, input, false, level, precision)) : proved;
      ++tally.completions;
      tally.flipped += truth != GreatestClass(centre);
      if (claimed < 0) continue;
      ++tally.proved;
      ASSERT_EQ(claimed, truth) << "level " << level << ", completion " << i;
    }
  }
}

TEST(Completions, NeverFlipWhatIsProvedFromBitsAlone) {
  CompletionTally tally;
  for (std::uint64_t seed = 5001; seed <= 5000 + kNetworks; ++seed) {
    CheckCompletions(seed, false, tally);
  }
  std::cout << tally.proved << " completions of proved answers\n";
  EXPECT_GT(tally.proved, 50);
}

TEST(Completions, AreProvedOnlyAsTheyAre) {
  CompletionTally tally;
  for (std::uint64_t seed = 6001; seed <= 6000 + kNetworks; ++seed) {
    CheckCompletions(seed, true, tally);
  }
  std::cout << tally.proved << " of " << tally.completions << " completions proved, "
            << tally.flipped << " have another answer than their centre\n";
  EXPECT_GT(tally.proved, 50);
  EXPECT_GT(tally.flipped, 5);  // otherwise there was nothing to be wrong about
}

/// Two classes with the same weights: whatever is read, none is proved to be greater.
TEST(Completions, ATieIsNeverProved) {
  network::Builder net;
  RandomLevels levels;
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 3});
  const std::vector<float> rows = {0.3F, -0.2F, 0.7F, 0.3F, -0.2F, 0.7F, -1, -1, -1};
  levels.Set("w", {3, 3}, rows, {2, 10});
  levels.Set("b", {3}, {0.1F, 0.1F, 0}, {2, 10});
  net.Output("scores",
             net.Node("fc", "Gemm", {x, net.Parameter("w", {3, 3}), net.Parameter("b", {3})},
                      {{"transB", std::int64_t{1}}}));
  const auto network = network::Normalise(net.Take());
  ASSERT_TRUE(network.ok());
  const Planned planned = PlanFor(network->network, levels, true);
  for (const std::vector<double>& input : {std::vector<double>{1, 2, 3}, {0, 0, 0}}) {
    for (std::size_t level = 0; level < 3; ++level) {
      for (const Precision precision : {Precision::kF64, Precision::kF32}) {
        const Pass pass = PassAt(planned, input, level == 2, level, precision);
        EXPECT_EQ(ProvedClass(pass), -1);
        EXPECT_LT(pass.LowerBound(0, 0, 1, SIZE_MAX, HUGE_VAL), 0);
        EXPECT_LT(pass.LowerBound(pass.BoundContrasts(), 0, 0, 1), 0);
      }
    }
  }
}

}  // namespace
}  // namespace dlv::progressive
