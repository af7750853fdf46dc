// Random networks of every operator with a rule: the truth, in 113 bits, lies within the bounds at
// every node, and what is proved is so. DLV_SOUNDNESS is the number of networks.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <set>

#include "engine/infer/session.h"
#include "engine/kernels/convert.h"
#include "engine/progressive/decision.h"
#include "engine/progressive/layer_graph.h"
#include "engine/progressive/pass.h"
#include "engine/progressive/weight_loader.h"
#include "tests/unit/engine/progressive/random_network.h"

namespace dlv::progressive {
namespace {

using truth::Quad;
using truth::Sample;

constexpr std::size_t kSamples = 2;

std::uint64_t NetworkCount() {
  const char* wish = std::getenv("DLV_SOUNDNESS");
  return wish == nullptr ? 150 : std::strtoull(wish, nullptr, 10);
}

/// A network planned, with its bounds computed.
struct PlannedRandom {
  Network network;
  std::unique_ptr<LayerGraph> graph;
  std::unique_ptr<WeightLoader> loader;
};

PlannedRandom PlanFor(RandomNetwork& random, DerivedData* derived = nullptr,
                      bool with_bounds = true) {
  PlannedRandom planned;
  auto network = random.Make();
  EXPECT_TRUE(network.ok()) << network.error().message;
  if (!network.ok()) return planned;
  planned.network = std::move(*network);
  auto graph = PlanLayers(planned.network, random.levels());
  EXPECT_TRUE(graph.ok()) << graph.error().message;
  if (!graph.ok()) return planned;
  EXPECT_EQ(graph->stopped_by, "");
  planned.graph = std::move(graph->graph);
  if (planned.graph == nullptr) return planned;
  planned.loader = std::make_unique<WeightLoader>(*planned.graph, random.levels(), derived,
                                                  std::uint64_t{1} << 28);
  EXPECT_TRUE(planned.loader->Open().ok());
  EXPECT_TRUE(!with_bounds || planned.loader->ComputeBounds(nullptr, nullptr).ok());
  return planned;
}

/// The node whose truth each value of the graph has: what has no layer is folded into what it
/// reads, or passes it on.
std::vector<int> NodesOfValues(const RandomNetwork& random, const LayerGraph& graph) {
  std::map<std::string, std::uint32_t> values;
  for (std::uint32_t i = 0; i < graph.layers.size(); ++i) {
    values[graph.layers[i]->name().substr(0, graph.layers[i]->name().find(' '))] = i + 1;
  }
  std::vector<int> nodes(graph.value_count(), -1);
  std::vector<std::uint32_t> value_of(random.nodes().size());
  for (std::size_t n = 0; n < random.nodes().size(); ++n) {
    const auto& node = random.nodes()[n];
    const int before = node.reads[0];
    const auto found = values.find(node.name);
    value_of[n] = found != values.end() ? found->second
                  : before < 0          ? 0
                                        : value_of[static_cast<std::size_t>(before)];
    if (node.vanishes) continue;
    nodes[value_of[n]] = static_cast<int>(n);
  }
  return nodes;
}

/// What checks found, over all networks: otherwise they could be empty.
struct SoundnessTally {
  std::uint64_t values = 0, finite = 0, contrasts = 0, proved = 0, by_head = 0, blocks = 0;
  std::set<std::string> ops;
};

void ExpectInside(const Pass& pass, const LayerGraph& graph, std::uint32_t value,
                  std::size_t sample, const Sample& truth, SoundnessTally& tally) {
  const Extent& extent = graph.ExtentOf(value);
  const auto computed = SampleOf(pass.ValuesOf(value), sample, AsSize(extent.count()));
  const Spread& spread = pass.SpreadOf(value);
  ASSERT_EQ(truth.values.size(), computed.size());
  const auto positions = AsSize(extent.positions());
  std::vector<Quad> squares(positions, Quad(0));
  Quad whole = 0;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    const Quad off = truth.values[i] - Quad(computed[i]);
    squares[i % positions] += off * off;
    whole += off * off;
  }
  const auto holds = [](double bound, Quad square) {  // NaN bounds nothing, and claims nothing
    return std::isnan(bound) || Quad(bound) * Quad(bound) >= square;
  };
  const std::string& name = graph.layers[value - 1]->name();
  EXPECT_TRUE(holds(spread.whole[sample], whole))
      << name << ": " << spread.whole[sample] << " < " << std::sqrt(static_cast<double>(whole));
  const auto entries = spread.Of(sample, extent.positions());
  for (std::size_t p = 0; p < positions; ++p) {
    ASSERT_TRUE(holds(entries[p], squares[p])) << name << " at " << p << ": " << entries[p] << " < "
                                               << std::sqrt(static_cast<double>(squares[p]));
  }
  ++tally.values;
  tally.finite += std::isfinite(spread.whole[sample]);
}

void ExpectContrasts(const Pass& pass, std::size_t sample, const Sample& scores,
                     SoundnessTally& tally) {
  const auto classes = static_cast<std::int64_t>(scores.values.size());
  const ContrastLosses losses = pass.BoundContrasts();
  const Pass single = pass.Single(sample);
  for (std::int64_t over = 0; over < classes; ++over) {
    for (std::int64_t under = 0; under < classes; ++under) {
      if (over == under) continue;
      const Quad difference = scores.values[AsSize(over)] - scores.values[AsSize(under)];
      for (const std::size_t layers : {std::size_t{0}, std::size_t{1}, std::size_t{2}, SIZE_MAX}) {
        if (layers == 0 && losses.rounding.empty()) continue;
        const double bound = layers == 0 ? pass.LowerBound(losses, sample, over, under)
                                         : single.LowerBound(0, over, under, layers, HUGE_VAL);
        ASSERT_TRUE(std::isnan(bound) || Quad(bound) <= difference)
            << bound << " > " << static_cast<double>(difference) << ", " << layers << " layers";
        tally.by_head += layers == 0 && bound > 0;
        tally.proved += bound > 0;
        ++tally.contrasts;
      }
    }
  }
}

void CheckPass(RandomNetwork& random, const PlannedRandom& planned,
               const std::vector<double>& inputs, const std::vector<std::size_t>& levels,
               SoundnessTally& tally, Precision precision) {
  planned.loader->SetPrecision(precision);
  ASSERT_TRUE(planned.loader->Use(levels).ok());
  Pass pass(*planned.graph, inputs, precision);
  pass.Forward(0);
  const std::vector<int> nodes = NodesOfValues(random, *planned.graph);
  for (std::size_t sample = 0; sample < kSamples; ++sample) {
    const auto truth = random.Truth(SampleOf(inputs, sample, AsSize(random.input().count())));
    for (std::uint32_t value = 1; value < planned.graph->value_count(); ++value) {
      ASSERT_GE(nodes[value], 0);
      ExpectInside(pass.Single(sample), *planned.graph, value, 0, truth[AsSize(nodes[value])],
                   tally);
    }
    ExpectContrasts(pass, sample, truth.back(), tally);
  }
}

/// Gives fully connected layers but the last random directions to sketch along: any are sound.
void AddSketches(const PlannedRandom& planned, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  for (std::size_t i = 0; i + 1 < planned.graph->linears.size(); ++i) {
    const LinearPlan& plan = planned.graph->linears[i];
    if (plan.parameter == nullptr || !plan.layer->form().is_full()) continue;
    const std::int64_t columns = plan.layer->form().columns, rank = 1 + random() % 3;
    std::vector<double> directions(AsSize(columns * rank));
    for (double& one : directions) one = normal(random) / std::sqrt(static_cast<double>(columns));
    ASSERT_TRUE(planned.loader
                    ->SetSketch(i, CoarseMatrix::Round(directions, columns, rank,
                                                       random() % 2 == 0 ? 4 : 8))
                    .ok());
  }
  ASSERT_TRUE(planned.loader->ComputeBounds(nullptr, nullptr).ok());
}

/// The same with stretches of what they read.
void AddStretches(const PlannedRandom& planned, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  for (std::size_t i = 0; i + 1 < planned.graph->linears.size(); ++i) {
    const LinearPlan& plan = planned.graph->linears[i];
    if (plan.parameter == nullptr || !plan.layer->form().is_full()) continue;
    const std::int64_t columns = plan.layer->form().columns, rank = 1 + random() % 3;
    std::vector<double> directions(AsSize(columns * rank));
    for (double& one : directions) one = normal(random) / std::sqrt(static_cast<double>(columns));
    StretchForm form;
    form.directions =
        CoarseMatrix::Round(directions, columns, rank, 2 + static_cast<unsigned>(random() % 7));
    for (std::int64_t k = 0; k < columns; ++k)
      form.shifts.push_back(static_cast<std::uint8_t>(random() % 4));
    for (std::int64_t k = 0; k < rank; ++k)
      form.gains.push_back(static_cast<float>(random() % 64) / 16);
    if (!Stretch::Of(form)) continue;
    ASSERT_TRUE(planned.loader->SetStretch(i, form).ok());
  }
  ASSERT_TRUE(planned.loader->ComputeBounds(nullptr, nullptr).ok());
}

std::vector<std::size_t> LevelsOf(const WeightLoader& loader, std::mt19937_64& random, int kind) {
  std::vector<std::size_t> levels;
  for (std::size_t i = 0; i < loader.size(); ++i) {
    const std::size_t last = loader.LevelsOf(i).size() - 1;
    levels.push_back(kind == 0 ? last : kind == 1 ? random() % (last + 1) : 0);
  }
  return levels;
}

TEST(Soundness, TruthLiesWithinTheBoundsNodeByNode) {
  SoundnessTally tally;
  for (std::uint64_t seed = 1; seed <= NetworkCount() && !::testing::Test::HasFailure(); ++seed) {
    RandomNetwork random(seed);
    SCOPED_TRACE("network " + std::to_string(seed) + ": " + random.Text());
    const PlannedRandom planned = PlanFor(random);
    if (planned.loader == nullptr) continue;
    for (const auto& node : random.nodes()) tally.ops.insert(node.op);
    for (const auto& block : planned.graph->blocks) tally.blocks += std::isfinite(block->norm());
    std::mt19937_64 choice(seed);
    const std::vector<double> inputs = random.Inputs(kSamples);
    for (const int kind : {0, 1, 2}) {
      const auto levels = LevelsOf(*planned.loader, choice, kind);
      for (const Precision precision : {Precision::kF64, Precision::kF32})
        CheckPass(random, planned, inputs, levels, tally, precision);
    }
  }
  std::cout << tally.values << " values, " << tally.finite << " with a finite bound; "
            << tally.proved << " of " << tally.contrasts << " contrasts proved\n";
  EXPECT_GT(tally.finite, tally.values * 9 / 10);
  EXPECT_GT(tally.proved, tally.contrasts / 10);
  EXPECT_GT(tally.by_head, tally.contrasts / 100);
  if (NetworkCount() >= 150) {
    EXPECT_EQ(tally.ops.size(), 41u) << "an operator did not come up";
    EXPECT_GT(tally.blocks, 10u);
  }
}

TEST(Soundness, BoundsWithoutMetadataHoldToo) {
  SoundnessTally tally;
  for (std::uint64_t seed = 1001; seed <= 1000 + NetworkCount() / 3; ++seed) {
    RandomNetwork random(seed);
    SCOPED_TRACE("network " + std::to_string(seed) + ": " + random.Text());
    const PlannedRandom planned = PlanFor(random, nullptr, false);
    if (planned.loader == nullptr) continue;
    std::mt19937_64 choice(seed);
    CheckPass(random, planned, random.Inputs(kSamples), LevelsOf(*planned.loader, choice, 1), tally,
              choice() % 2 == 0 ? Precision::kF32 : Precision::kF64);
  }
  EXPECT_GT(tally.finite, tally.values * 9 / 10);
}

TEST(Soundness, BoundsWithSketchesHoldToo) {
  SoundnessTally tally;
  for (std::uint64_t seed = 4001; seed <= 4000 + NetworkCount() / 3; ++seed) {
    RandomNetwork random(seed);
    SCOPED_TRACE("network " + std::to_string(seed) + ": " + random.Text());
    const PlannedRandom planned = PlanFor(random, nullptr, false);
    if (planned.loader == nullptr) continue;
    std::mt19937_64 choice(seed);
    AddSketches(planned, choice);
    const std::vector<double> inputs = random.Inputs(kSamples);
    for (const int kind : {1, 2})
      CheckPass(random, planned, inputs, LevelsOf(*planned.loader, choice, kind), tally,
                kind == 1 ? Precision::kF32 : Precision::kF64);
  }
  EXPECT_GT(tally.finite, tally.values * 9 / 10);
}

TEST(Soundness, BoundsWithStretchesHoldToo) {
  SoundnessTally tally;
  for (std::uint64_t seed = 5001; seed <= 5000 + NetworkCount() / 3; ++seed) {
    RandomNetwork random(seed);
    SCOPED_TRACE("network " + std::to_string(seed) + ": " + random.Text());
    const PlannedRandom planned = PlanFor(random, nullptr, false);
    if (planned.loader == nullptr) continue;
    std::mt19937_64 choice(seed);
    AddStretches(planned, choice);
    const std::vector<double> inputs = random.Inputs(kSamples);
    for (const int kind : {1, 2})
      CheckPass(random, planned, inputs, LevelsOf(*planned.loader, choice, kind), tally,
                kind == 1 ? Precision::kF32 : Precision::kF64);
  }
  EXPECT_GT(tally.finite, tally.values * 9 / 10);
}

/// The exact pass computes what the fp64 reference kernels do.
TEST(Soundness, ExactPassAgreesWithTheReference) {
  for (std::uint64_t seed = 2001; seed <= 2000 + NetworkCount() / 3; ++seed) {
    RandomNetwork random(seed);
    SCOPED_TRACE("network " + std::to_string(seed) + ": " + random.Text());
    const PlannedRandom planned = PlanFor(random);
    if (planned.loader == nullptr) continue;
    std::mt19937_64 choice(seed);
    ASSERT_TRUE(planned.loader->Use(LevelsOf(*planned.loader, choice, 0)).ok());
    const std::vector<double> inputs = random.Inputs(kSamples);
    Pass pass(*planned.graph, inputs);
    pass.Forward(0);
    auto session = infer::Session::Make(planned.network, random.levels(),
                                        {.precision = infer::Precision::kF64});
    ASSERT_TRUE(session.ok()) << session.error().message;
    const Extent& in = random.input();
    auto value = (*session)->memory().Make(
        DType::kF32, {std::int64_t{kSamples}, in.channels, in.height, in.width});
    ASSERT_TRUE(value.ok());
    std::ranges::transform(inputs, value->As<float>().begin(),
                           [](double one) { return static_cast<float>(one); });
    const auto outputs = (*session)->Run({*value});
    ASSERT_TRUE(outputs.ok()) << outputs.error().message;
    const auto scores = (*outputs)[0].As<double>();
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const std::size_t classes = scores.size() / kSamples;
      EXPECT_NEAR(scores[i], pass.ScoresOf(i / classes)[i % classes],
                  1e-11 * (1 + std::abs(scores[i])));
    }
  }
}

/// Of two lists of numbers, rounded down.
double DistanceOf(std::span<const double> a, std::span<const double> b) {
  double squares = 0;
  for (std::size_t k = 0; k < a.size(); ++k) squares += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(squares) * (1 - 1e-9);
}

/// What f32 has no numbers for (folded factors make it so) belongs to what is not known.
TEST(Soundness, WeightsOfSinglePrecision_RoundingDropped) {
  std::size_t rounded = 0;
  for (std::uint64_t seed = 7001; seed <= 7060; ++seed) {
    RandomNetwork random(seed);
    SCOPED_TRACE("network " + std::to_string(seed) + ": " + random.Text());
    const PlannedRandom planned = PlanFor(random);
    if (planned.loader == nullptr) continue;
    for (std::size_t i = 0; i < planned.loader->size(); ++i) {
      const std::size_t last = planned.loader->LevelsOf(i).size() - 1;
      planned.loader->SetPrecision(Precision::kF64);
      const auto wide = planned.loader->At(i, last);
      planned.loader->SetPrecision(Precision::kF32);
      const auto narrow = planned.loader->At(i, last);
      ASSERT_TRUE(wide.ok() && narrow.ok());
      const LinearWeights &a = **wide, &b = **narrow;
      EXPECT_GE(b.bias_error, DistanceOf(a.bias, b.bias));
      const std::size_t columns = a.centre.size() / a.bias.size();
      for (std::size_t r = 0; r < a.bias.size(); ++r) {
        const double off = DistanceOf(std::span(a.centre).subspan(r * columns, columns),
                                      std::span(b.centre).subspan(r * columns, columns));
        EXPECT_GE(b.norm_residual, off);
        EXPECT_GE(b.operator_residual, off);
        if (!b.row_residual.empty()) {
          EXPECT_GE(b.row_residual[r], off);
        }
        rounded += off > 0;
      }
    }
  }
  EXPECT_GT(rounded, 20u);
}

/// Bounds by their key.
class Kept : public DerivedData {
 public:
  std::optional<std::vector<double>> Find(std::string_view key) override {
    const auto found = values.find(std::string(key));
    if (found == values.end()) return std::nullopt;
    ++hits;
    return found->second;
  }
  Status Put(std::string_view key, const std::vector<double>& numbers) override {
    values[std::string(key)] = numbers;
    return Ok();
  }
  std::map<std::string, std::vector<double>> values;
  int hits = 0;
};

TEST(Soundness, StaleBoundsOfOtherTensorsAreNotUsed) {
  Kept kept;
  SoundnessTally tally;
  for (std::uint64_t seed = 3001; seed <= 3040; ++seed) {  // many have a weight of the same sizes
    RandomNetwork random(seed);
    SCOPED_TRACE("network " + std::to_string(seed) + ": " + random.Text());
    const PlannedRandom planned = PlanFor(random, &kept);
    if (planned.loader == nullptr) continue;
    std::mt19937_64 choice(seed);
    CheckPass(random, planned, random.Inputs(kSamples), LevelsOf(*planned.loader, choice, 2), tally,
              Precision::kF64);
  }
  EXPECT_EQ(kept.hits, 0);
  RandomNetwork again(3001);
  PlanFor(again, &kept);
  EXPECT_GT(kept.hits, 0);
}

}  // namespace
}  // namespace dlv::progressive
