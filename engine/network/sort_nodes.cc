#include <algorithm>
#include <queue>
#include <unordered_map>

#include "engine/network/attributes.h"
#include "engine/network/data_flow.h"
#include "engine/network/limits.h"
#include "engine/network/normalise.h"
#include "engine/network/normalise_parts.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

Error BadNetwork(const std::string& why) { return Error{ErrorCode::kInvalidArgument, why}; }

Status CheckOperand(const Network& network, const NetworkOperand& operand, const std::string& who) {
  const std::size_t count = operand.kind == OperandKind::kNode        ? network.nodes.size()
                            : operand.kind == OperandKind::kInput     ? network.inputs.size()
                            : operand.kind == OperandKind::kParameter ? network.parameters.size()
                            : operand.kind == OperandKind::kConstant  ? network.constants.size()
                                                                      : SIZE_MAX;
  if (operand.index >= count) {
    return BadNetwork(who + ": reads place " + std::to_string(operand.index) +
                      ", which is not there");
  }
  if (operand.kind != OperandKind::kNode) return Ok();
  const NetworkNode& source = network.nodes[operand.index];
  if (operand.port < source.outputs.size()) return Ok();
  return BadNetwork(who + ": reads output " + std::to_string(operand.port) + " of node " +
                    Describe(network, operand.index) + ", which has " +
                    std::to_string(source.outputs.size()));
}

Status PrepareNode(Network& network, std::size_t place) {
  NetworkNode& node = network.nodes[place];
  if (node.domain == "ai.onnx") node.domain.clear();
  auto& attributes = node.attributes;
  std::stable_sort(attributes.begin(), attributes.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  const auto twice =
      std::adjacent_find(attributes.begin(), attributes.end(),
                         [](const auto& a, const auto& b) { return a.name == b.name; });
  if (twice != attributes.end()) {
    return BadNetwork("node " + Describe(network, place) + ": attribute \"" + twice->name +
                      "\" is there twice");
  }
  if (node.outputs.empty())
    return BadNetwork("node " + Describe(network, place) + " has no output");
  for (const NetworkOperand& operand : node.operands) {
    DLV_TRY(CheckOperand(network, operand, "node " + Describe(network, place)));
  }
  return Ok();
}

/// Describes a few of the nodes that wait for each other.
Error CycleError(const Network& network, const std::vector<std::uint32_t>& waiting_for) {
  // From any node that waits, going to one that it waits for ends in a cycle.
  std::size_t at = 0;
  while (waiting_for[at] == 0) ++at;
  std::vector<std::size_t> path;
  std::vector<bool> seen(network.nodes.size());
  Producers producers(network);
  while (!seen[at]) {
    seen[at] = true;
    path.push_back(at);
    for (const NodeIndex producer : producers.Of(at)) {
      if (waiting_for[producer] != 0) at = producer;
    }
  }
  const auto begin = std::find(path.begin(), path.end(), at);
  std::string text = Describe(network, at);
  std::size_t shown = 0;
  for (auto one = path.end(); one != begin && shown < 8; ++shown)
    text += " -> " + Describe(network, *--one);
  return BadNetwork("the network has a cycle: " + text);
}

void Reorder(Network& network, const std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> place(order.size());
  std::vector<NetworkNode> sorted;
  sorted.reserve(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    sorted.push_back(std::move(network.nodes[order[i]]));
  }
  network.nodes = std::move(sorted);
  const auto move = [&](NetworkOperand& operand) {
    if (operand.kind == OperandKind::kNode) operand.index = place[operand.index];
  };
  for (NetworkNode& node : network.nodes)
    std::for_each(node.operands.begin(), node.operands.end(), move);
  for (NetworkOutput& output : network.outputs) move(output.source);
}

}  // namespace

Status SortNodes(Network& network) {
  const std::size_t count = network.nodes.size();
  if (count > kMaxNodes) {
    return Error{ErrorCode::kUnsupported,
                 std::to_string(count) + " nodes, want at most " + std::to_string(kMaxNodes)};
  }
  for (std::size_t i = 0; i < count; ++i) DLV_TRY(PrepareNode(network, i));
  for (const NetworkOutput& output : network.outputs) {
    DLV_TRY(CheckOperand(network, output.source, "output " + output.name));
  }
  Producers producers(network);
  std::vector<std::uint32_t> waiting_for(count);
  std::vector<std::vector<std::uint32_t>> readers(count);
  bool sorted = true;
  for (std::uint32_t i = 0; i < count; ++i) {
    for (const NodeIndex producer : producers.Of(i)) {
      sorted = sorted && producer < i;
      readers[producer].push_back(i);
      ++waiting_for[i];
    }
  }
  if (sorted) return Ok();
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (waiting_for[i] == 0) ready.push(i);
  }
  std::vector<std::uint32_t> order;
  while (!ready.empty()) {
    const std::uint32_t next = ready.top();
    ready.pop();
    order.push_back(next);
    for (const std::uint32_t reader : readers[next]) {
      if (--waiting_for[reader] == 0) ready.push(reader);
    }
  }
  if (order.size() != count) return CycleError(network, waiting_for);
  Reorder(network, order);
  return Ok();
}

}  // namespace dlv::network
