// Functions of each element: ONNX Relu (operator versions 6 to 14), LeakyRelu (6, 16), Clip (6 to
// 13).

#include <limits>

#include "engine/network/attributes.h"
#include "engine/progressive/graph_builder.h"
#include "engine/progressive/kink_layer.h"

namespace dlv::progressive {
namespace {

Outcome AddKinks(GraphBuilder& builder, const NetworkNode& node, Kinks kinks) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  builder.Add(std::make_unique<KinkLayer>(builder.name(), *value, builder.ExtentOf(*value),
                                          std::move(kinks)));
  return {};
}

Outcome Relu(GraphBuilder& builder, const NetworkNode& node) {
  return AddKinks(builder, node, Kinks::Relu());
}

Outcome LeakyRelu(GraphBuilder& builder, const NetworkNode& node) {
  return AddKinks(builder, node, Kinks::LeakyRelu(network::RealAttribute(node, "alpha", 0.01f)));
}

Outcome Clip(GraphBuilder& builder, const NetworkNode& node) {
  double ends[2] = {network::RealAttribute(node, "min", -std::numeric_limits<float>::max()),
                    network::RealAttribute(node, "max", std::numeric_limits<float>::max())};
  for (std::size_t i = 0; i < 2; ++i) {
    if (builder.IsAbsent(node, i + 1)) continue;
    auto numbers = builder.WholeOf(node.operands[i + 1]);
    if (!numbers.ok()) return numbers.error();
    if (!*numbers || (*numbers)->size() != 1) return NoRule{"its ends are computed"};
    ends[i] = (**numbers)[0];
  }
  if (!(ends[0] < ends[1])) return NoRule{"its ends do not ascend"};
  return AddKinks(builder, node, Kinks::Clip(ends[0], ends[1]));
}

constexpr RuleRow kElementRules[] = {
    {"", "Clip", Clip}, {"", "LeakyRelu", LeakyRelu}, {"", "Relu", Relu}};

}  // namespace

std::span<const RuleRow> ElementRules() { return kElementRules; }

}  // namespace dlv::progressive
