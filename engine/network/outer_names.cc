#include "engine/network/outer_names.h"

#include <algorithm>

#include "engine/network/data_flow.h"

namespace dlv::network {
namespace {

bool Defines(const Network& body, std::string_view name) {
  const auto is = [&](const auto& one) { return one.name == name; };
  return std::any_of(body.inputs.begin(), body.inputs.end(), is) ||
         std::any_of(body.parameters.begin(), body.parameters.end(), is) ||
         std::any_of(body.nodes.begin(), body.nodes.end(), [&](const NetworkNode& node) {
           return std::any_of(node.outputs.begin(), node.outputs.end(), is);
         });
}

void RenameIn(Network& body, std::string_view from, const std::string& to) {
  const auto rename = [&](NetworkOperand& operand) {
    if (operand.kind == OperandKind::kOuter && operand.name == from) operand.name = to;
  };
  const bool hidden = Defines(body, from);  // from bodies further in
  for (NetworkNode& node : body.nodes) {
    std::for_each(node.operands.begin(), node.operands.end(), rename);
    if (!hidden) RenameOuter(node, from, to);
  }
  for (NetworkOutput& output : body.outputs) rename(output.source);
}

}  // namespace

void RenameOuter(NetworkNode& node, std::string_view from, const std::string& to) {
  const auto names = OuterNames(node);
  if (!std::binary_search(names.begin(), names.end(), std::string(from))) return;
  for (NetworkAttribute& attribute : node.attributes) {
    auto* body = std::get_if<std::shared_ptr<const Network>>(&attribute.value);
    if (body == nullptr) continue;
    const auto copy = std::make_shared<Network>(**body);
    RenameIn(*copy, from, to);
    *body = copy;
  }
}

}  // namespace dlv::network
