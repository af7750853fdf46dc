#include "engine/network/data_flow.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "engine/network/attributes.h"
#include "engine/network/outline.h"

namespace dlv::network {
namespace {

// The rules are of a Network or of an Outline: Graph.

bool HasSubgraph(const NetworkNode& node) {
  bool has = false;
  ForEachSubgraph(node, [&](const Network&) { has = true; });
  return has;
}
bool HasSubgraph(const OutlineNode& node) { return node.has_subgraph; }

template <class Node>
bool IsRandom(const Node& node) {
  return node.op.starts_with("Random") || node.op == "Bernoulli" || node.op == "Multinomial";
}

template <class Node>
bool IsOfSizes(const Node& node) {
  return IsOperator(node, "Shape") || IsOperator(node, "Size");
}

template <class Operand>
Dependence OfOperand(const Operand& operand, const std::vector<Dependence>& known) {
  switch (operand.kind) {
    case OperandKind::kNode:
      return known[operand.index];
    case OperandKind::kInput:
    case OperandKind::kOuter:
      return Dependence::kData;
    case OperandKind::kParameter:
    case OperandKind::kConstant:
    case OperandKind::kAbsent:
      break;
  }
  return Dependence::kWeights;
}

template <class Node>
Dependence OfNode(const Node& node, const std::vector<Dependence>& known) {
  if (IsRandom(node) || HasSubgraph(node)) return Dependence::kData;
  Dependence dependence = Dependence::kWeights;
  for (const auto& operand : node.operands) {
    dependence = std::max(dependence, OfOperand(operand, known));
  }
  return IsOfSizes(node) ? std::min(dependence, Dependence::kShapes) : dependence;
}

/// All that OfNode and Producers look at; who reads what through a subgraph depends on names too.
bool FlowsAlike(const OutlineNode& a, const OutlineNode& b) {
  if (a.has_subgraph || b.has_subgraph) return false;
  return IsRandom(a) == IsRandom(b) && IsOfSizes(a) == IsOfSizes(b) &&
         std::equal(a.operands.begin(), a.operands.end(), b.operands.begin(), b.operands.end());
}

void CollectOuter(const Network& body, std::set<std::string>& names);

template <class Node>
void CollectOuterOfNode(const Node& node, std::set<std::string>& names) {
  ForEachSubgraph(node, [&](const Network& body) { CollectOuter(body, names); });
}

void CollectOuter(const Network& body, std::set<std::string>& names) {
  std::set<std::string> inner;
  for (const NetworkNode& node : body.nodes) CollectOuterOfNode(node, inner);
  for (const NetworkValue& input : body.inputs) inner.erase(input.name);
  for (const NetworkParameter& parameter : body.parameters) inner.erase(parameter.name);
  for (const NetworkNode& node : body.nodes) {
    for (const NetworkValue& output : node.outputs) inner.erase(output.name);
  }
  for (const NetworkNode& node : body.nodes) {
    for (const NetworkOperand& operand : node.operands) {
      if (operand.kind == OperandKind::kOuter) inner.insert(operand.name);
    }
  }
  for (const NetworkOutput& output : body.outputs) {
    if (output.source.kind == OperandKind::kOuter) inner.insert(output.source.name);
  }
  names.merge(inner);
}

template <class Graph>
std::vector<Dependence> DependenceIn(const Graph& network) {
  std::vector<Dependence> known;
  known.reserve(network.nodes.size());
  for (const auto& node : network.nodes) known.push_back(OfNode(node, known));
  return known;
}

/// Which node makes a value, by its name, ascending.
template <class Graph>
std::vector<std::pair<std::string_view, NodeIndex>> MakersOf(const Graph& network) {
  std::vector<std::pair<std::string_view, NodeIndex>> makers;
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    for (const auto& output : network.nodes[i].outputs) {
      if (!output.name.empty()) makers.emplace_back(output.name, static_cast<NodeIndex>(i));
    }
  }
  std::sort(makers.begin(), makers.end());
  return makers;
}

}  // namespace

std::vector<Dependence> DependenceOf(const Network& network) { return DependenceIn(network); }
std::vector<Dependence> DependenceOf(const Outline& network) { return DependenceIn(network); }

bool FlowsAlike(const Outline& a, const Outline& b) {
  return std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(),
                    [](const OutlineNode& x, const OutlineNode& y) {
                      const bool same = x.record != 0 && x.record == y.record;
                      return same ? !x.has_subgraph : FlowsAlike(x, y);
                    });
}

std::vector<std::string> OuterNames(const NetworkNode& node) {
  std::set<std::string> names;
  CollectOuterOfNode(node, names);
  return {names.begin(), names.end()};
}
std::vector<std::string> OuterNames(const OutlineNode& node) {
  std::set<std::string> names;
  CollectOuterOfNode(node, names);
  return {names.begin(), names.end()};
}

Producers::Producers(const Network& network) { Collect(network); }
Producers::Producers(const Outline& network) { Collect(network); }

template <class Graph>
void Producers::Collect(const Graph& network) {
  const bool nested = std::any_of(network.nodes.begin(), network.nodes.end(),
                                  [](const auto& node) { return HasSubgraph(node); });
  const auto makers =
      nested ? MakersOf(network) : std::vector<std::pair<std::string_view, NodeIndex>>();
  begin_.reserve(network.nodes.size() + 1);
  found_.reserve(network.nodes.size());
  for (const auto& node : network.nodes) {
    begin_.push_back(static_cast<std::uint32_t>(found_.size()));
    for (const auto& operand : node.operands) {
      if (operand.kind == OperandKind::kNode) found_.push_back(operand.index);
    }
    if (HasSubgraph(node)) {
      std::set<std::string> names;
      CollectOuterOfNode(node, names);
      for (const std::string& name : names) {
        const auto at = std::lower_bound(makers.begin(), makers.end(),
                                         std::pair<std::string_view, NodeIndex>(name, 0));
        if (at != makers.end() && at->first == name) found_.push_back(at->second);
      }
    }
    if (found_.size() - begin_.back() < 2) continue;
    const auto first = found_.begin() + begin_.back();
    std::sort(first, found_.end());
    found_.erase(std::unique(first, found_.end()), found_.end());
  }
  begin_.push_back(static_cast<std::uint32_t>(found_.size()));
}

}  // namespace dlv::network
