#include "engine/network/data_flow.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "engine/network/attributes.h"

namespace dlv::network {
namespace {

bool HasSubgraph(const NetworkNode& node) {
  bool has = false;
  ForEachSubgraph(node, [&](const Network&) { has = true; });
  return has;
}

bool IsRandom(const NetworkNode& node) {
  return node.op.starts_with("Random") || node.op == "Bernoulli" || node.op == "Multinomial";
}

Dependence OfOperand(const NetworkOperand& operand, const std::vector<Dependence>& known) {
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

Dependence OfNode(const NetworkNode& node, const std::vector<Dependence>& known) {
  if (IsRandom(node) || HasSubgraph(node)) return Dependence::kData;
  Dependence dependence = Dependence::kWeights;
  for (const NetworkOperand& operand : node.operands) {
    dependence = std::max(dependence, OfOperand(operand, known));
  }
  const bool of_sizes = IsOperator(node, "Shape") || IsOperator(node, "Size");
  return of_sizes ? std::min(dependence, Dependence::kShapes) : dependence;
}

void CollectOuter(const Network& body, std::set<std::string>& names);

void CollectOuterOfNode(const NetworkNode& node, std::set<std::string>& names) {
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

}  // namespace

std::vector<Dependence> DependenceOf(const Network& network) {
  std::vector<Dependence> known;
  known.reserve(network.nodes.size());
  for (const NetworkNode& node : network.nodes) known.push_back(OfNode(node, known));
  return known;
}

std::vector<std::string> OuterNames(const NetworkNode& node) {
  std::set<std::string> names;
  CollectOuterOfNode(node, names);
  return {names.begin(), names.end()};
}

Producers::Producers(const Network& network) : network_(network) {
  if (std::none_of(network.nodes.begin(), network.nodes.end(), HasSubgraph)) return;
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    for (const NetworkValue& output : network.nodes[i].outputs) {
      if (!output.name.empty()) by_value_.emplace_back(output.name, static_cast<NodeIndex>(i));
    }
  }
  std::sort(by_value_.begin(), by_value_.end());
}

const std::vector<NodeIndex>& Producers::Of(std::size_t node) {
  found_.clear();
  for (const NetworkOperand& operand : network_.nodes[node].operands) {
    if (operand.kind == OperandKind::kNode) found_.push_back(operand.index);
  }
  if (!by_value_.empty() && HasSubgraph(network_.nodes[node])) {
    for (const std::string& name : OuterNames(network_.nodes[node])) {
      const auto at = std::lower_bound(by_value_.begin(), by_value_.end(),
                                       std::pair<std::string, NodeIndex>(name, 0));
      if (at != by_value_.end() && at->first == name) found_.push_back(at->second);
    }
  }
  std::sort(found_.begin(), found_.end());
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  return found_;
}

}  // namespace dlv::network
