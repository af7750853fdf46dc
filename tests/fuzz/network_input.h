#pragma once
/// \file
/// What the targets that read networks do with their input.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "storage/interchange/network_file.h"

namespace dlv::interchange {

inline void CheckOperand(const Network& network, const NetworkOperand& operand, std::size_t node) {
  switch (operand.kind) {
    case OperandKind::kNode:
      DLV_CHECK(operand.index < node, "a node stands behind what it reads");
      DLV_CHECK(operand.port < network.nodes[operand.index].outputs.size(), "the output is there");
      break;
    case OperandKind::kInput:
      DLV_CHECK(operand.index < network.inputs.size(), "the input is there");
      break;
    case OperandKind::kParameter:
      DLV_CHECK(operand.index < network.parameters.size(), "the parameter is there");
      break;
    case OperandKind::kConstant:
      DLV_CHECK(operand.index < network.constants.size(), "the constant is there");
      break;
    case OperandKind::kOuter:
    case OperandKind::kAbsent:
      break;
  }
}

inline void CheckRead(const Network& network) {
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const NetworkNode& node = network.nodes[i];
    DLV_CHECK(!node.outputs.empty() && !node.op.empty(), "a node has an operator and an output");
    for (const NetworkOperand& operand : node.operands) CheckOperand(network, operand, i);
    for (const NetworkAttribute& attribute : node.attributes) {
      const auto* body = std::get_if<std::shared_ptr<const Network>>(&attribute.value);
      if (body != nullptr) CheckRead(**body);
    }
  }
  for (const NetworkOutput& output : network.outputs) {
    CheckOperand(network, output.source, network.nodes.size());
  }
}

inline void ReadNetworkInput(const std::uint8_t* data, std::size_t size, std::string_view name,
                             std::string_view format) {
  const auto file = io::MakeViewSource(std::as_bytes(std::span(data, size)));
  const auto network = ReadNetworkFile(*file, name, format);
  if (network.ok() && network->has_value()) CheckRead(**network);
}

}  // namespace dlv::interchange
