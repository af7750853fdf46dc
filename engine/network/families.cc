#include "engine/network/families.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "engine/network/attributes.h"
#include "engine/network/family_table.h"
#include "engine/network/known_value.h"
#include "engine/network/outline.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

struct Synonym {
  std::string_view name, family;
};
constexpr Synonym kSynonyms[] = {
    {"IP", "FULL"},        {"INNERPRODUCT", "FULL"}, {"FC", "FULL"},
    {"BATCHNORM", "NORM"}, {"CONVOLUTION", "CONV"},  {"POOLING", "POOL"},
};

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

// The rules are of a Network or of an Outline: Graph.

/// Parameters, constants, and what a few nodes make of them (a transposed or reshaped weight).
template <class Graph, class Operand>
bool IsWeight(const Graph& network, const Operand& operand, unsigned depth) {
  if (operand.kind == OperandKind::kParameter || operand.kind == OperandKind::kConstant)
    return true;
  if (operand.kind != OperandKind::kNode || depth == 0) return false;
  const auto& operands = network.nodes[operand.index].operands;
  return !operands.empty() && std::all_of(operands.begin(), operands.end(), [&](const auto& one) {
    return IsWeight(network, one, depth - 1);
  });
}

template <class Graph, class Node>
bool IsWeighted(const Graph& network, const Node& node) {
  return node.operands.size() >= 2 &&
         IsWeight(network, node.operands[0], 4) != IsWeight(network, node.operands[1], 4);
}

/// An Add that adds a bias to a MatMul with a weight.
template <class Graph, class Node>
bool IsBiasOfFull(const Graph& network, const Node& node) {
  if (!IsWeighted(network, node)) return false;
  const bool first = IsWeight(network, node.operands[0], 4);
  const auto& data = node.operands[first ? 1 : 0];
  return data.kind == OperandKind::kNode && IsOperator(network.nodes[data.index], "MatMul") &&
         IsWeighted(network, network.nodes[data.index]);
}

/// Caffe normalises in two layers: BatchNorm, and a Scale with the weight and bias of it.
template <class Graph, class Node>
bool IsScaleOfNorm(const Graph& network, const Node& node) {
  return !node.operands.empty() && node.operands[0].kind == OperandKind::kNode &&
         network.nodes[node.operands[0].index].op == "BatchNorm";
}

template <class Graph, class Node>
std::optional<double> Bound(const Graph& network, const Node& node, std::size_t operand,
                            std::string_view attribute) {
  if (operand < node.operands.size() && node.operands[operand].kind == OperandKind::kConstant) {
    return ScalarOf(network.constants[node.operands[operand].index]);
  }
  if (!FindAttribute(node, attribute)) return std::nullopt;
  return RealAttribute(node, attribute, 0);
}

template <class Graph, class Node>
bool IsRelu6(const Graph& network, const Node& node) {
  const auto low = Bound(network, node, 1, "min"), high = Bound(network, node, 2, "max");
  return low && high && *low == 0 && *high == 6;
}

template <class Graph>
std::string_view FamilyIn(const Graph& network, std::size_t node) {
  const auto& one = network.nodes[node];
  const FamilyRow* row = RowOfOperator(one.op);
  if (row == nullptr) return "";
  if (row->name == "CLIP") return IsRelu6(network, one) ? "RELU" : "CLIP";
  if (row->name == "ADD") return IsBiasOfFull(network, one) ? "FULL" : "ADD";
  if (one.op == "Scale") return IsScaleOfNorm(network, one) ? "NORM" : "";
  if (row->name == "FULL" && one.op != "Gemm" && !IsWeighted(network, one)) return "";
  return row->name;
}

}  // namespace

std::span<const std::string_view> FamilyNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const FamilyRow& row : FamilyTable()) all.push_back(row.name);
    return all;
  }();
  return names;
}

std::optional<std::string_view> FindFamily(std::string_view name) {
  const std::string upper = Upper(name);
  if (const FamilyRow* row = FindFamilyRow(upper)) return row->name;
  for (const Synonym& synonym : kSynonyms) {
    if (synonym.name == upper) return synonym.family;
  }
  return std::nullopt;
}

std::string_view FamilyOf(const Network& network, std::size_t node) {
  return FamilyIn(network, node);
}
std::string_view FamilyOf(const Outline& network, std::size_t node) {
  return FamilyIn(network, node);
}

bool IsOf(const Network& network, std::size_t node, std::string_view family) {
  if (family == "CLIP") return network.nodes[node].op == "Clip";
  return FamilyOf(network, node) == family;
}
bool IsOf(const Outline& network, std::size_t node, std::string_view family) {
  if (family == "CLIP") return network.nodes[node].op == "Clip";
  return FamilyOf(network, node) == family;
}

bool HasKind(std::string_view op, std::string_view kind) {
  if (kind == "MAX") return op == "MaxPool" || op == "GlobalMaxPool" || op == "MaxRoiPool";
  if (kind == "AVG") return op == "AveragePool" || op == "GlobalAveragePool";
  return kind == "GLOBAL" && op.starts_with("Global");
}

}  // namespace dlv::network
