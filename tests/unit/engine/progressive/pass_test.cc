// Passes that begin in the middle; blocks that are bounded as a whole.

#include "engine/progressive/pass.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "engine/bounds/rounding.h"
#include "engine/progressive/kink_layer.h"
#include "engine/progressive/shape_layers.h"
#include "engine/progressive/weight_loader.h"
#include "tests/unit/engine/progressive/levels.h"

namespace dlv::progressive {
namespace {

/// A factor that is not exact, then Relu.
LayerGraph SmallGraph() {
  LayerGraph graph;
  graph.input = {2, 1, 1};
  Affine affine = Affine::Identity(2);
  affine.factor = {3, -2};
  affine.factor_error = {0.25, 0.5};
  graph.layers.push_back(std::make_unique<AffineLayer>("scale", 0, graph.input, std::move(affine)));
  graph.layers.push_back(std::make_unique<KinkLayer>("relu", 1, graph.input, Kinks::Relu()));
  graph.output = 2;
  return graph;
}

TEST(Passes, BoundWhatEarlierPassesOnlyComputed) {
  const LayerGraph graph = SmallGraph();
  Pass whole(graph, {1, -4, 0.5, 2}), late(graph, {1, -4, 0.5, 2});
  whole.Forward(0);
  late.Forward(0, false);
  late.Forward(1);
  for (std::uint32_t value = 0; value < graph.value_count(); ++value) {
    EXPECT_EQ(late.ValuesOf(value), whole.ValuesOf(value)) << value;
    EXPECT_EQ(late.SpreadOf(value).whole, whole.SpreadOf(value).whole) << value;
    EXPECT_EQ(late.SpreadOf(value).by_position, whole.SpreadOf(value).by_position) << value;
  }
  EXPECT_GT(whole.SpreadOf(2).whole[0], 0);
}

/// Values of half a megabyte a layer, so that few samples go through at once; what is scored reads
/// all.
TEST(Passes, TakeSamplesThroughLayersOneByOne) {
  LayerGraph graph;
  const Extent extent = {8, 64, 96};
  graph.input = extent;
  Affine affine = Affine::Identity(8);
  for (std::size_t c = 0; c < 8; ++c) affine.factor[c] = 1.0 / (1.0 + static_cast<double>(c));
  affine.factor_error.assign(8, 0x1p-30);
  graph.layers.push_back(std::make_unique<AffineLayer>("scale", 0, extent, affine));
  graph.layers.push_back(std::make_unique<KinkLayer>("relu", 1, extent, Kinks::Relu()));
  graph.layers.push_back(
      std::make_unique<SumLayer>("sum", std::vector<std::uint32_t>{0, 2}, extent));
  graph.output = 3;
  const std::size_t count = AsSize(extent.count());
  Values input(5 * count);
  for (std::size_t at = 0; at < input.size(); ++at)
    input[at] = static_cast<double>(at * 37 % 101) - 50;
  Pass whole(graph, input);
  whole.Forward(0);
  for (std::size_t i = 0; i < 5; ++i) {
    SCOPED_TRACE(i);
    const auto sample = SampleOf(input, i, count);
    Pass alone(graph, {sample.begin(), sample.end()});
    alone.Forward(0);
    for (std::uint32_t value = 0; value < graph.value_count(); ++value) {
      const Pass single = whole.Single(i);
      ASSERT_EQ(single.ValuesOf(value), alone.ValuesOf(value)) << value;
      ASSERT_EQ(single.SpreadOf(value).whole, alone.SpreadOf(value).whole) << value;
      ASSERT_EQ(single.SpreadOf(value).by_position, alone.SpreadOf(value).by_position) << value;
    }
    EXPECT_GT(alone.SpreadOf(3).whole[0], 0);
  }
}

/// x that may be off by a quarter of itself, and x + b relu(a x): of single numbers.
struct NumberBlock {
  NumberBlock(double a, double b, double a_error = 0, double b_error = 0, std::int64_t rows = 1) {
    graph.input = {1, rows, 1};
    Affine affine = Affine::Identity(1);
    affine.factor_error = {0.25};
    Add(std::make_unique<AffineLayer>("scale", 0, graph.input, std::move(affine)));
    AddLinear("a", 1, a, a_error);
    Add(std::make_unique<KinkLayer>("relu", 2, graph.input, Kinks::Relu()));
    AddLinear("b", 3, b, b_error);
    Add(std::make_unique<SumLayer>("sum", std::vector<std::uint32_t>{4, 1}, graph.input));
    graph.output = 5;
    graph.blocks = FindResidualBlocks(graph);
  }

  /// The spread of the sum at x = 1.
  double Spread() {
    WeightLoader loader(graph, levels, nullptr, 1 << 20);
    EXPECT_TRUE(loader.Open().ok());
    EXPECT_TRUE(loader.ComputeBounds(nullptr, nullptr).ok());
    EXPECT_TRUE(loader.Use({0, 0}).ok());
    Pass pass(graph, {1});
    pass.Forward(0);
    return pass.SpreadOf(5).whole[0];
  }

  LayerGraph graph;
  MemoryLevels levels;

 private:
  void Add(std::unique_ptr<Layer> layer) { graph.layers.push_back(std::move(layer)); }
  void AddLinear(const char* name, std::uint32_t read, double number, double error) {
    LinearForm form;
    form.rows = form.columns = 1;
    form.in = form.out = graph.input;
    auto layer = std::make_unique<LinearLayer>(name, read, form);
    Affine affine = Affine::Identity(1);
    affine.summand_error = {error};
    graph.linears.push_back({layer.get(), nullptr, {}, {number}, std::move(affine)});
    Add(std::move(layer));
  }
};

/// With x = 1.25 and slopes of 1 the sum is off by 0.25 |1 + a b|, which no bound may be below;
/// layer by layer it would be 0.25 (1 + |a b|).
TEST(ResidualBounds, TakeWhatTheBranchTakesAway) {
  for (const double b : {3.0, -3.0}) {
    NumberBlock block(2, b);
    ASSERT_EQ(block.graph.blocks.size(), 1u);
    const double spread = block.Spread(), least = 0.25 * std::abs(1 + 2 * b);
    EXPECT_GE(spread, least);
    EXPECT_LE(spread, 1.02 * least);
  }
}

/// What a and b are off by themselves comes on top: 0.5 of a times b, 0.125 of b.
TEST(ResidualBounds, CountWhatItsLayersAdd_DroppedTerms) {
  NumberBlock block(2, -3, 0.5, 0.125);
  const double spread = block.Spread(), least = 0.25 * 5 + 0.5 * 3 + 0.125;
  EXPECT_GE(spread, least);
  EXPECT_LE(spread, 1.02 * least);
}

/// Where nobody computed the block's norm there is none to use.
TEST(ResidualBounds, AreNotThereBeforeTheirNorms) {
  NumberBlock block(2, -3);
  WeightLoader loader(block.graph, block.levels, nullptr, 1 << 20);
  ASSERT_TRUE(loader.Open().ok());
  ASSERT_TRUE(loader.Use({0, 0}).ok());
  Pass pass(block.graph, {1});
  pass.Forward(0);
  EXPECT_GE(pass.SpreadOf(5).whole[0], 0.25 * 7);
}

/// What is kept, in memory; `puts`: how many values were.
class KeptInMemory : public DerivedData {
 public:
  std::optional<std::vector<double>> Find(std::string_view key) override {
    const auto at = values.find(key);
    return at == values.end() ? std::nullopt : std::optional(at->second);
  }
  Status Put(std::string_view key, const std::vector<double>& numbers) override {
    values[std::string(key)] = numbers;
    ++puts;
    return Ok();
  }
  std::map<std::string, std::vector<double>, std::less<>> values;
  int puts = 0;
};

/// The value of the one block in `kept`.
std::vector<double>& BlockOf(KeptInMemory& kept) {
  const auto at = kept.values.lower_bound("block-");
  EXPECT_TRUE(at != kept.values.end() && at->first.starts_with("block-"));
  return at->second;
}

double NormOfBlock(LayerGraph& graph, LevelSource& levels, KeptInMemory& kept) {
  WeightLoader loader(graph, levels, &kept, 1 << 20);
  EXPECT_TRUE(loader.Open().ok());
  EXPECT_TRUE(loader.ComputeBounds(nullptr, nullptr).ok());
  return graph.blocks[0]->norm();
}

/// Of weights beyond 2^100 nothing can be proved; that is kept, and taken from there.
TEST(ResidualBounds, ThatThereIsNoneIsKept) {
  KeptInMemory kept;
  const auto norm = [&kept](double a) {
    NumberBlock block(a, -3);
    return NormOfBlock(block.graph, block.levels, kept);
  };
  EXPECT_EQ(norm(0x1p120), bounds::kInfinity);
  EXPECT_EQ(BlockOf(kept), std::vector<double>{bounds::kInfinity});
  kept.puts = 0;
  EXPECT_EQ(norm(0x1p120), bounds::kInfinity);
  EXPECT_EQ(kept.puts, 0);
  BlockOf(kept) = {7};
  EXPECT_EQ(norm(0x1p120), 7);
}

class CountedLevels : public MemoryLevels {
 public:
  using MemoryLevels::Read;
  Result<LeveledTensor> Read(const NetworkParameter& parameter, unsigned planes) override {
    ++reads;
    return MemoryLevels::Read(parameter, planes);
  }
  int reads = 0;
};

/// 2^13 rows are more than a block may have.
TEST(ResidualBounds, OfBlocksThatAreTooLargeAreNotReadFor) {
  for (const std::int64_t rows : {std::int64_t{1}, std::int64_t{1} << 13}) {
    NumberBlock block(2, -3, 0, 0, rows);
    CountedLevels levels;
    const NetworkParameter weight{"weight", DType::kF32, NetworkShape{1, 1}, ""};
    levels.Add("weight", {1, 1}, {2});
    for (LinearPlan& plan : block.graph.linears) plan.parameter = &weight;
    KeptInMemory kept;
    NormOfBlock(block.graph, levels, kept);
    kept.values.erase(kept.values.lower_bound("block-"));
    for (const auto& bound : block.graph.blocks) bound->SetNorm(bounds::kInfinity);
    levels.reads = 0;
    EXPECT_EQ(std::isfinite(NormOfBlock(block.graph, levels, kept)), rows == 1);
    EXPECT_EQ(levels.reads > 0, rows == 1);
  }
}

TEST(ResidualBounds, AreOfNothingElse) {
  NumberBlock block(2, 3);
  const auto find = [&] { return FindResidualBlocks(block.graph).size(); };
  ASSERT_EQ(find(), 1u);
  // The other summand is not what the first layer reads.
  auto& sum = block.graph.layers.back();
  sum = std::make_unique<SumLayer>("sum", std::vector<std::uint32_t>{4, 3}, block.graph.input);
  EXPECT_EQ(find(), 0u);
  sum = std::make_unique<SumLayer>("sum", std::vector<std::uint32_t>{1, 4, 1}, block.graph.input);
  EXPECT_EQ(find(), 0u);
  sum = std::make_unique<SumLayer>("sum", std::vector<std::uint32_t>{1, 4}, block.graph.input);
  EXPECT_EQ(find(), 1u);
  // Slopes beyond 0 and 1.
  block.graph.layers[2] =
      std::make_unique<KinkLayer>("leaky", 2, block.graph.input, Kinks::LeakyRelu(-0.5));
  EXPECT_EQ(find(), 0u);
}

}  // namespace
}  // namespace dlv::progressive
