// Canned networks and their differences, hostile names among them.

#include "dlv/dlv.h"

namespace dlv {
namespace {

NetworkOperand NodeOutput(std::uint32_t index) { return {OperandKind::kNode, index, 0, ""}; }
NetworkOperand Parameter(std::uint32_t index) { return {OperandKind::kParameter, index, 0, ""}; }

NetworkNode Node(const char* name, const char* op, std::vector<NetworkOperand> operands,
                 NetworkShape shape) {
  NetworkNode node;
  node.name = name;
  node.op = op;
  node.operands = std::move(operands);
  node.outputs = {{name, DType::kF32, std::move(shape)}};
  return node;
}

Network SmallNetwork() {
  Network network;
  network.name = "small";
  network.operator_sets = {{"", 13}};
  network.inputs = {{"image", DType::kF32, NetworkShape{kUnknownSize, 1, 28, 28}}};
  network.parameters = {{"conv1.weight", DType::kF32, NetworkShape{6, 1, 5, 5}, ""},
                        {"conv1.bias", DType::kF32, NetworkShape{6}, ""}};
  network.nodes = {
      Node("conv1", "Conv", {{OperandKind::kInput, 0, 0, ""}, Parameter(0), Parameter(1)},
           {kUnknownSize, 6, 24, 24}),
      Node("evil\x1b[31m", "Relu", {NodeOutput(0)}, {kUnknownSize, 6, 24, 24})};
  network.outputs = {{"features", NodeOutput(1)}};
  return network;
}

}  // namespace

Result<NetworkReport> Repository::ReadNetwork(std::string_view reference) const {
  DLV_ASSIGN(const ResolvedReference version, Resolve(reference));
  if (version.model != "lenet") {
    return Error{ErrorCode::kNotFound, std::string(reference) + ": has no network"};
  }
  NetworkReport report;
  report.file = "small.onnx";
  report.network = SmallNetwork();
  report.bindings = {{"conv1.weight", "conv1.weight", ParameterMatch::kName},
                     {"conv1.bias", "conv1.bias", ParameterMatch::kName}};
  return report;
}

Result<NetworkDiff> Repository::DiffNetworks(std::string_view before,
                                             std::string_view after) const {
  DLV_ASSIGN(const ResolvedReference old_version, Resolve(before));
  DLV_ASSIGN(const ResolvedReference new_version, Resolve(after));
  if (old_version.model != "lenet" && new_version.model != "lenet") {
    return Error{ErrorCode::kNotFound, "neither has a network"};
  }
  NetworkDiff diff;
  diff.same = 3;
  if (old_version.number == new_version.number) return diff;
  diff.added = {"dropout (Dropout)"};
  diff.changed = {{"conv1", "conv1", {"kernel_shape: [3, 3] -> [5, 5]"}}};
  diff.renamed = {{"relu", "evil\x1b[31m", {}}};
  return diff;
}

}  // namespace dlv
