#include "engine/query/execute/graph_view.h"

#include <algorithm>

#include "engine/network/data_flow.h"
#include "engine/network/encoding.h"

namespace dlv::query {
namespace {

/// What an operator reads at a place.
std::string_view RoleAt(std::string_view op, std::size_t operand) {
  if (op == "MatMul") return "weight";
  if (op == "Add") return "bias";
  if (op == "BatchNormalization" && operand >= 3) return operand == 3 ? "mean" : "variance";
  if (operand == 1) return "weight";
  return operand == 2 ? "bias" : "";
}

/// Whether a body of an If or a Loop reads an input of the network.
bool BodiesReadInput(const network::Outline& network, const network::OutlineNode& node) {
  const std::vector<std::string> names = network::OuterNames(node);
  return std::any_of(network.inputs.begin(), network.inputs.end(), [&](const auto& input) {
    return std::binary_search(names.begin(), names.end(), input.name);
  });
}

void SortUnique(std::vector<std::uint32_t>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

}  // namespace

Status GraphView::Read(std::span<const std::byte> encoding) {
  std::uint64_t records = 0;
  return Read(encoding, nullptr, records);
}

Status GraphView::Read(std::span<const std::byte> encoding, const GraphView* last,
                       std::uint64_t& records) {
  decoded_.reset();
  edges_.reset();
  network::OutlineHistory history{last == nullptr ? nullptr : &last->outline_, records};
  DLV_TRY(outline_.Read(encoding, history));
  records = history.records;
  const bool alike = last != nullptr && network::FlowsAlike(outline_, last->outline_);
  adjacency_ = alike ? last->adjacency_ : std::make_shared<std::optional<network::Adjacency>>();
  return Ok();
}

const network::Adjacency& GraphView::adjacency() {
  if (!*adjacency_) adjacency_->emplace(outline_);
  return **adjacency_;
}

Result<const Network*> GraphView::Decoded() {
  if (!decoded_) {
    DLV_ASSIGN(decoded_, network::Decode(outline_.encoding()));
  }
  return &*decoded_;
}

const std::vector<GraphView::Edge>& GraphView::edges() {
  if (edges_) return *edges_;
  edges_.emplace();
  for (std::uint32_t target = 0; target < node_count(); ++target) {
    const auto& operands = node(target).operands;
    for (std::uint32_t i = 0; i < operands.size(); ++i) {
      if (operands[i].kind != OperandKind::kNode) continue;
      edges_->push_back({operands[i].index, operands[i].port, target, i});
    }
  }
  return *edges_;
}

std::vector<std::uint32_t> InputNodes(const network::Outline& network) {
  std::vector<std::uint32_t> nodes;
  for (std::uint32_t i = 0; i < network.nodes.size(); ++i) {
    const network::OutlineNode& node = network.nodes[i];
    const bool reads =
        std::any_of(node.operands.begin(), node.operands.end(),
                    [](const auto& operand) { return operand.kind == OperandKind::kInput; });
    if (reads || (node.has_subgraph && BodiesReadInput(network, node))) nodes.push_back(i);
  }
  return nodes;
}

std::vector<std::uint32_t> OutputNodes(const network::Outline& network) {
  std::vector<std::uint32_t> nodes;
  for (const network::OutlineOutput& output : network.outputs) {
    if (output.source.kind == OperandKind::kNode) nodes.push_back(output.source.index);
  }
  SortUnique(nodes);
  return nodes;
}

std::optional<std::int64_t> ParameterElements(const network::Outline& network, std::size_t node) {
  std::int64_t sum = 0;
  for (const std::uint32_t place : ParametersOf(network, node, "")) {
    const auto shape = network::ShapeOf(network.parameters[place]);
    if (!shape) return std::nullopt;
    std::int64_t count = 1;
    for (const std::int64_t size : *shape) {
      if (size < 0 || __builtin_mul_overflow(count, size, &count)) return std::nullopt;
    }
    sum += count;
  }
  return sum;
}

std::vector<std::uint32_t> ParametersOf(const network::Outline& network, std::size_t node,
                                        std::string_view role) {
  std::vector<std::uint32_t> places;
  const network::OutlineNode& one = network.nodes[node];
  for (std::size_t i = 0; i < one.operands.size(); ++i) {
    const network::OutlineOperand& operand = one.operands[i];
    const bool wanted =
        operand.kind == OperandKind::kParameter && (role.empty() || RoleAt(one.op, i) == role);
    if (wanted && std::find(places.begin(), places.end(), operand.index) == places.end()) {
      places.push_back(operand.index);
    }
  }
  return places;
}

}  // namespace dlv::query
