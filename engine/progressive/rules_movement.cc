// Nodes that move elements: ONNX Flatten, Reshape, Squeeze, Unsqueeze, Identity, Dropout, Concat
// (along channels), Slice (operator versions 1 to 13), Pad (2 to 18; with zeros).

#include <algorithm>
#include <numeric>

#include "engine/network/attributes.h"
#include "engine/progressive/graph_builder.h"
#include "engine/progressive/shape_layers.h"

namespace dlv::progressive {
namespace {

using Wholes = std::vector<std::int64_t>;

Outcome PassOn(GraphBuilder& builder, const NetworkNode& node) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  builder.Pass(*value);
  return {};
}

/// The elements of each sample stay in order; the batch stays an axis of its own.
Outcome Reshape(GraphBuilder& builder, const NetworkNode& node) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  const auto& shape = node.outputs[0].shape;
  if (!value || !shape) return NoRule{"its sizes are not known"};
  const NetworkOperand& operand = node.operands[0];
  const auto& before = operand.kind == OperandKind::kInput
                           ? builder.network().inputs[operand.index].shape
                           : builder.network().nodes[operand.index].outputs[operand.port].shape;
  if (!before || before->empty() || shape->size() < 2 || shape->size() > 4 ||
      (*before)[0] != (*shape)[0])
    return NoRule{"the batch does not stay an axis of its own"};
  Extent out{(*shape)[1], 1, 1};
  if (shape->size() == 3) out.width = (*shape)[2];
  if (shape->size() == 4) {
    out.height = (*shape)[2];
    out.width = (*shape)[3];
  }
  const Extent in = builder.ExtentOf(*value);
  if (std::min({out.channels, out.height, out.width}) < 1 || out.count() != in.count())
    return NoRule{"the batch does not stay an axis of its own"};
  if (in == out) return PassOn(builder, node);
  builder.Add(std::make_unique<FlattenLayer>(builder.name(), *value, out));
  return {};
}

Outcome Concat(GraphBuilder& builder, const NetworkNode& node) {
  std::vector<std::uint32_t> values;
  Extent out;
  for (const NetworkOperand& operand : node.operands) {
    const auto value = builder.ValueOf(operand);
    const std::int64_t axis = network::IntegerAttribute(node, "axis", 1);
    const auto rank = static_cast<std::int64_t>(value ? builder.RankOf(operand) : 0);
    if (!value || (axis != 1 && axis != 1 - rank)) return NoRule{"not of values along channels"};
    const Extent& in = builder.ExtentOf(*value);
    if (values.empty()) out = {0, in.height, in.width};
    if (in.height != out.height || in.width != out.width) return NoRule{"sizes do not fit"};
    out.channels += in.channels;
    values.push_back(*value);
  }
  if (values.empty()) return NoRule{"joins nothing"};
  builder.Add(std::make_unique<ConcatLayer>(builder.name(), std::move(values), out));
  return {};
}

PickLayer::Picks AllOf(const Extent& extent) {
  PickLayer::Picks picks;
  picks.channels.resize(static_cast<std::size_t>(extent.channels));
  picks.rows.resize(static_cast<std::size_t>(extent.height));
  picks.columns.resize(static_cast<std::size_t>(extent.width));
  std::iota(picks.channels.begin(), picks.channels.end(), 0);
  std::iota(picks.rows.begin(), picks.rows.end(), 0);
  std::iota(picks.columns.begin(), picks.columns.end(), 0);
  return picks;
}

/// The picks of an axis of a value with `rank` axes; null for the batch.
Wholes* AxisOf(PickLayer::Picks& picks, std::int64_t axis, std::int64_t rank) {
  if (axis == 1) return &picks.channels;
  if (axis == rank - 1 && axis > 1) return &picks.columns;
  return axis == 2 && rank == 4 ? &picks.rows : nullptr;
}

/// The list in an attribute, or in the operand that replaced it.
std::optional<Wholes> ListOf(const GraphBuilder& builder, const NetworkNode& node,
                             std::string_view attribute, std::size_t operand) {
  if (const auto* given = network::IntegersAttribute(node, attribute)) return *given;
  if (builder.IsAbsent(node, operand)) return std::nullopt;
  return builder.WholesOf(node.operands[operand]);
}

Wholes Sliced(const Wholes& from, std::int64_t start, std::int64_t end, std::int64_t step) {
  const auto size = static_cast<std::int64_t>(from.size());
  start += start < 0 ? size : 0;
  end += end < 0 ? size : 0;
  start = std::clamp<std::int64_t>(start, 0, size);
  end = std::clamp<std::int64_t>(end, 0, size);
  Wholes picked;
  for (std::int64_t i = start; i < end; i += step)
    picked.push_back(from[static_cast<std::size_t>(i)]);
  return picked;
}

Outcome Slice(GraphBuilder& builder, const NetworkNode& node) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  const auto starts = ListOf(builder, node, "starts", 1), ends = ListOf(builder, node, "ends", 2);
  if (!value || !starts || !ends || starts->size() != ends->size())
    return NoRule{"its places are not known"};
  const auto rank = static_cast<std::int64_t>(builder.RankOf(node.operands[0]));
  Wholes axes(starts->size()), steps(starts->size(), 1);
  std::iota(axes.begin(), axes.end(), 0);
  if (const auto given = ListOf(builder, node, "axes", 3)) axes = *given;
  if (const auto given = ListOf(builder, node, "steps", 4)) steps = *given;
  const bool unknown = (!builder.IsAbsent(node, 3) && !builder.WholesOf(node.operands[3])) ||
                       (!builder.IsAbsent(node, 4) && !builder.WholesOf(node.operands[4]));
  if (unknown || axes.size() != starts->size() || steps.size() != starts->size())
    return NoRule{"its places are not known"};
  PickLayer::Picks picks = AllOf(builder.ExtentOf(*value));
  for (std::size_t i = 0; i < axes.size(); ++i) {
    Wholes* axis = AxisOf(picks, axes[i] + (axes[i] < 0 ? rank : 0), rank);
    if (axis == nullptr || steps[i] < 1) return NoRule{"takes from the batch, or backwards"};
    *axis = Sliced(*axis, (*starts)[i], (*ends)[i], steps[i]);
    if (axis->empty()) return NoRule{"takes nothing"};
  }
  builder.Add(std::make_unique<PickLayer>(builder.name(), *value, builder.ExtentOf(*value),
                                          std::move(picks)));
  return {};
}

Outcome Pad(GraphBuilder& builder, const NetworkNode& node) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  const auto pads = ListOf(builder, node, "pads", 1);
  if (!value || !pads) return NoRule{"its sizes are not known"};
  const auto rank = static_cast<std::int64_t>(builder.RankOf(node.operands[0]));
  double fill = network::RealAttribute(node, "value", 0);
  if (!builder.IsAbsent(node, 2)) {
    auto numbers = builder.WholeOf(node.operands[2]);
    if (!numbers.ok()) return numbers.error();
    fill = *numbers && (*numbers)->size() == 1 ? (**numbers)[0] : 1;
  }
  const bool plain = network::TextAttribute(node, "mode", "constant") == "constant" && fill == 0 &&
                     builder.IsAbsent(node, 3);
  if (!plain || pads->size() != static_cast<std::size_t>(2 * rank))
    return NoRule{"pads with other than zeros, or along some axes"};
  PickLayer::Picks picks = AllOf(builder.ExtentOf(*value));
  for (std::int64_t i = 0; i < rank; ++i) {
    const std::int64_t before = (*pads)[static_cast<std::size_t>(i)];
    const std::int64_t after = (*pads)[static_cast<std::size_t>(i + rank)];
    if (before == 0 && after == 0) continue;
    Wholes* axis = AxisOf(picks, i, rank);
    constexpr std::int64_t kMost = std::int64_t{1} << 24;
    if (axis == nullptr || before < 0 || after < 0 || before > kMost || after > kMost)
      return NoRule{"pads the batch, or takes away"};
    axis->insert(axis->begin(), static_cast<std::size_t>(before), -1);
    axis->insert(axis->end(), static_cast<std::size_t>(after), -1);
  }
  builder.Add(std::make_unique<PickLayer>(builder.name(), *value, builder.ExtentOf(*value),
                                          std::move(picks)));
  return {};
}

constexpr RuleRow kMovementRules[] = {
    {"", "Concat", Concat},   {"", "Dropout", PassOn},  {"", "Flatten", Reshape},
    {"", "Identity", PassOn}, {"", "Pad", Pad},         {"", "Reshape", Reshape},
    {"", "Slice", Slice},     {"", "Squeeze", Reshape}, {"", "Unsqueeze", Reshape},
};

}  // namespace

std::span<const RuleRow> MovementRules() { return kMovementRules; }

}  // namespace dlv::progressive
