#include "engine/network/normalise.h"

#include <algorithm>

#include "engine/network/attributes.h"
#include "engine/network/inference.h"
#include "engine/network/limits.h"
#include "engine/network/normalise_parts.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

/// Depth and sums over all subgraphs, before anything recurses further.
struct Extent {
  std::size_t nodes = 0, operands = 0, bytes = 0;
};

Status Measure(const Network& network, unsigned depth, Extent& extent) {
  const auto refuse = [](const std::string& what, std::size_t limit) {
    return Error{ErrorCode::kUnsupported, what + ", want at most " + std::to_string(limit)};
  };
  if (depth > kMaxDepth) return refuse("subgraphs nested too deeply", kMaxDepth);
  extent.nodes += network.nodes.size();
  if (extent.nodes > kMaxNodes) return refuse("too many nodes", kMaxNodes);
  for (std::size_t i = 0; i < network.constants.size(); ++i) {
    extent.bytes += network.constants[i].bytes.size();
    DLV_TRY(CheckConstant(network.constants[i], "constant " + std::to_string(i)));
  }
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const NetworkNode& node = network.nodes[i];
    extent.operands += node.operands.size() + node.outputs.size();
    for (const NetworkAttribute& attribute : node.attributes) {
      if (const auto* constant = std::get_if<NetworkConstant>(&attribute.value)) {
        extent.bytes += constant->bytes.size();
        DLV_TRY(CheckConstant(*constant,
                              "node " + Describe(network, i) + ", attribute " + attribute.name));
      } else if (const auto* body = std::get_if<std::shared_ptr<const Network>>(&attribute.value)) {
        DLV_TRY(Measure(**body, depth + 1, extent));
      }
    }
    for (const NetworkValue& output : node.outputs) {
      DLV_TRY(CheckShape(output.shape, "node " + Describe(network, i)));
    }
  }
  for (const NetworkValue& input : network.inputs)
    DLV_TRY(CheckShape(input.shape, "input " + input.name));
  for (const NetworkParameter& one : network.parameters) {
    DLV_TRY(CheckShape(one.shape, "parameter " + one.name));
  }
  if (extent.operands > kMaxOperands) return refuse("too many operands", kMaxOperands);
  if (extent.bytes > kMaxConstantBytes)
    return refuse("too many bytes of constants", kMaxConstantBytes);
  return Ok();
}

}  // namespace

Result<Normalised> Normalise(Network raw) {
  Extent extent;
  DLV_TRY(Measure(raw, 0, extent));
  Normalised result;
  result.network = std::move(raw);
  Network& network = result.network;
  for (auto& [domain, version] : network.operator_sets) {
    if (domain == "ai.onnx") domain.clear();
  }
  std::sort(network.operator_sets.begin(), network.operator_sets.end());
  DLV_TRY(SortNodes(network));
  Inference inference(network, true, nullptr, &result.warnings);
  DLV_TRY(inference.Run());
  Compact(network, inference.replacements());
  NameNodes(network);
  DLV_TRY(CheckNetwork(network));
  return result;
}

}  // namespace dlv::network
