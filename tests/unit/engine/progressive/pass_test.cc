// Passes that begin in the middle.

#include "engine/progressive/pass.h"

#include <gtest/gtest.h>

#include "engine/progressive/kink_layer.h"

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

}  // namespace
}  // namespace dlv::progressive
