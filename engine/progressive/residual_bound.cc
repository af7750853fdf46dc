#include "engine/progressive/residual_bound.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "engine/bounds/rounding.h"
#include "engine/progressive/kink_layer.h"
#include "engine/progressive/layer_graph.h"
#include "engine/progressive/shape_layers.h"

namespace dlv::progressive {

using bounds::Above;

/// With M the slopes of f between the true and the computed values, d the difference at x and a, b,
/// s what A, B and the sum add themselves, the difference of the sum is
/// (skip + B M A) d + B M a + b + s, with the true weights in A and B.
void ResidualBound::Tighten(const LayerGraph& graph, SampleRange samples,
                            std::vector<Spread>& spreads) const {
  if (norm_ == std::numeric_limits<double>::infinity()) return;
  const double second = graph.linears[places_.second_linear].layer->weights().operator_whole;
  for (std::size_t i = samples.first; i < samples.last; ++i) {
    const double own = spreads[places_.second].own[i] + spreads[places_.sum].own[i];
    const double whole = Above(
        norm_ * spreads[places_.x].whole[i] + second * spreads[places_.first].own[i] + own, 4);
    Spread& spread = spreads[places_.sum];
    if (!(whole < spread.whole[i])) continue;
    spread.whole[i] = whole;
    progressive::Tighten(spread, i, graph.ExtentOf(places_.sum).positions());
  }
}

namespace {

template <class Kind>
const Kind* MakerOf(const LayerGraph& graph, std::uint32_t value) {
  return value == 0 ? nullptr : dynamic_cast<const Kind*>(graph.layers[value - 1].get());
}

std::optional<std::size_t> LinearOf(const LayerGraph& graph, const LinearLayer* layer) {
  for (std::size_t i = 0; i < graph.linears.size(); ++i) {
    if (graph.linears[i].layer == layer) return i;
  }
  return std::nullopt;
}

/// Where the elements of a value come from, axis by axis.
using Picks = PickLayer::Picks;

Picks Itself(const Extent& extent) {
  Picks picks;
  picks.channels.resize(AsSize(extent.channels));
  picks.rows.resize(AsSize(extent.height));
  picks.columns.resize(AsSize(extent.width));
  for (auto* axis : {&picks.channels, &picks.rows, &picks.columns})
    std::iota(axis->begin(), axis->end(), std::int64_t{0});
  return picks;
}

void Follow(std::vector<std::int64_t>& axis, const std::vector<std::int64_t>& from) {
  for (std::int64_t& one : axis) one = one < 0 ? one : from[AsSize(one)];
}

bool IsEvery(const std::vector<std::int64_t>& axis, std::int64_t stride) {
  for (std::size_t k = 0; k < axis.size(); ++k) {
    if (axis[k] != static_cast<std::int64_t>(k) * stride) return false;
  }
  return true;
}

/// The channels of `value` as those of x, where it is x or a part of it at these strides; nothing
/// where it is not.
std::optional<std::vector<std::int64_t>> SkipOf(const LayerGraph& graph, std::uint32_t value,
                                                std::uint32_t x, const Window& window) {
  Picks picks = Itself(graph.ExtentOf(value));
  while (value != x) {
    const auto* const layer = MakerOf<PickLayer>(graph, value);
    if (layer == nullptr) return std::nullopt;
    Follow(picks.channels, layer->picks().channels);
    Follow(picks.rows, layer->picks().rows);
    Follow(picks.columns, layer->picks().columns);
    value = layer->reads()[0];
  }
  if (!IsEvery(picks.rows, window.stride_height) || !IsEvery(picks.columns, window.stride_width))
    return std::nullopt;
  return std::move(picks.channels);
}

std::unique_ptr<ResidualBound> BlockOf(const LayerGraph& graph, std::uint32_t sum,
                                       std::uint32_t skipped, std::uint32_t second) {
  const auto* const b = MakerOf<LinearLayer>(graph, second);
  if (b == nullptr || b->form().groups != 1) return nullptr;
  const Window& window = b->form().window;
  if (window.stride_height != 1 || window.stride_width != 1) return nullptr;
  const auto* const kinks = MakerOf<KinkLayer>(graph, b->reads()[0]);
  if (kinks == nullptr || !kinks->IsExact()) return nullptr;
  const std::uint32_t first = kinks->reads()[0];
  const auto* const a = MakerOf<LinearLayer>(graph, first);
  if (a == nullptr || a->form().groups != 1) return nullptr;
  ResidualBound::Places places{a->reads()[0], first, second, sum, 0, 0, {}};
  auto skip = SkipOf(graph, skipped, places.x, a->form().window);
  const auto first_linear = LinearOf(graph, a), second_linear = LinearOf(graph, b);
  if (!skip || !first_linear || !second_linear) return nullptr;
  places.skip = std::move(*skip);
  places.first_linear = *first_linear;
  places.second_linear = *second_linear;
  return std::make_unique<ResidualBound>(std::move(places));
}

}  // namespace

std::vector<std::unique_ptr<ResidualBound>> FindResidualBlocks(const LayerGraph& graph) {
  std::vector<std::unique_ptr<ResidualBound>> blocks;
  for (std::uint32_t value = 1; value < graph.value_count(); ++value) {
    const auto* const sum = MakerOf<SumLayer>(graph, value);
    if (sum == nullptr || sum->subtracts() || sum->reads().size() != 2) continue;
    const std::uint32_t left = sum->reads()[0], right = sum->reads()[1];
    auto block = BlockOf(graph, value, left, right);
    if (block == nullptr) block = BlockOf(graph, value, right, left);
    if (block != nullptr) blocks.push_back(std::move(block));
  }
  return blocks;
}

}  // namespace dlv::progressive
