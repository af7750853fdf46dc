#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <vector>

#include "engine/network/attributes.h"
#include "engine/network/limits.h"
#include "engine/network/normalise.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

/// Finds a text that is there twice; a small hash table, because it runs for every decoded network.
class UniqueTexts {
 public:
  explicit UniqueTexts(std::size_t count) {
    std::size_t slots = 16;
    while (slots < count * 2) slots *= 2;
    slots_.resize(slots);
  }
  bool Add(std::string_view text) {
    std::size_t at = std::hash<std::string_view>()(text) & (slots_.size() - 1);
    for (; slots_[at].data() != nullptr; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == text) return false;
    }
    slots_[at] = text;
    return true;
  }

 private:
  std::vector<std::string_view> slots_;
};

/// One network and, on a stack, those that enclose it.
class Checker {
 public:
  Checker(const Network& network, const Checker* outside)
      : network_(network), outside_(outside), depth_(outside ? outside->depth_ + 1 : 0) {}

  Status Run(std::size_t& nodes) {
    if (depth_ > kMaxDepth) {
      return Error{ErrorCode::kUnsupported,
                   "subgraphs nested deeper than " + std::to_string(kMaxDepth) + " levels"};
    }
    nodes += network_.nodes.size();
    if (nodes > kMaxNodes) {
      return Error{ErrorCode::kUnsupported,
                   "a network of more than " + std::to_string(kMaxNodes) + " nodes"};
    }
    DLV_TRY(Names());
    DLV_TRY(Lists());
    for (std::size_t i = 0; i < network_.nodes.size(); ++i) DLV_TRY(Node(i, nodes));
    for (const NetworkOutput& output : network_.outputs) {
      DLV_TRY(Operand(output.source, network_.nodes.size(), "output " + output.name));
    }
    return Ok();
  }

 private:
  static Status Name(std::string_view name) {
    if (name.size() <= kMaxNameBytes) return Ok();
    return Error{ErrorCode::kUnsupported, "a name of " + std::to_string(name.size()) +
                                              " bytes (\"" + std::string(name.substr(0, 40)) +
                                              "...\"), want at most " +
                                              std::to_string(kMaxNameBytes)};
  }
  Status Names() const {
    DLV_TRY(Name(network_.name));
    for (const auto& [domain, version] : network_.operator_sets) DLV_TRY(Name(domain));
    for (const NetworkOutput& output : network_.outputs) DLV_TRY(Name(output.name));
    for (const NetworkNode& node : network_.nodes) {
      for (const std::string* name : {&node.name, &node.original_name, &node.op, &node.domain}) {
        if (name->size() > kMaxNameBytes) return Name(*name);
      }
    }
    return Ok();
  }

  Status Lists() const {
    UniqueTexts parameters(network_.parameters.size());
    for (const NetworkParameter& parameter : network_.parameters) {
      if (!parameters.Add(parameter.name)) return Twice("parameter", parameter.name);
      DLV_TRY(Name(parameter.name));
      DLV_TRY(Name(parameter.initializer));
      DLV_TRY(CheckShape(parameter.shape, "parameter " + parameter.name));
    }
    UniqueTexts inputs(network_.inputs.size());
    for (const NetworkValue& input : network_.inputs) {
      if (!inputs.Add(input.name)) return Twice("input", input.name);
      DLV_TRY(Name(input.name));
      DLV_TRY(CheckShape(input.shape, input.name));
    }
    for (std::size_t i = 0; i < network_.constants.size(); ++i) {
      DLV_TRY(CheckConstant(network_.constants[i], "constant " + std::to_string(i)));
    }
    UniqueTexts names(network_.nodes.size());
    for (const NetworkNode& node : network_.nodes) {
      if (node.name.empty()) return Error{ErrorCode::kInvalidArgument, "a node has no name"};
      if (!names.Add(node.name)) return Twice("node", node.name);
    }
    return Ok();
  }

  static Error Twice(const char* what, const std::string& name) {
    return Error{ErrorCode::kInvalidArgument,
                 std::string("two ") + what + "s have the name \"" + name + "\""};
  }

  Status Node(std::size_t place, std::size_t& nodes) const {
    const NetworkNode& node = network_.nodes[place];
    if (node.outputs.empty()) return Bad(place, "has no output");
    for (const NetworkOperand& operand : node.operands) {
      if (!Fits(operand, place))
        return Operand(operand, place, "node " + Describe(network_, place));
    }
    for (const NetworkValue& output : node.outputs) {
      if (output.name.size() > kMaxNameBytes) return Name(output.name);
      if (output.shape && !ShapeFits(*output.shape)) {
        return CheckShape(output.shape, "node " + Describe(network_, place));
      }
    }
    for (std::size_t i = 0; i < node.attributes.size(); ++i) {
      if (i > 0 && !(node.attributes[i - 1].name < node.attributes[i].name)) {
        return Bad(place, "attributes are not ascending: \"" + node.attributes[i].name + "\"");
      }
      if (node.attributes[i].name.size() > kMaxNameBytes) return Name(node.attributes[i].name);
      DLV_TRY(Attribute(place, node.attributes[i], nodes));
    }
    return Ok();
  }

  Status Attribute(std::size_t place, const NetworkAttribute& attribute, std::size_t& nodes) const {
    if (const auto* constant = std::get_if<NetworkConstant>(&attribute.value)) {
      return CheckConstant(*constant,
                           "node " + Describe(network_, place) + ", attribute " + attribute.name);
    }
    const auto* body = std::get_if<std::shared_ptr<const Network>>(&attribute.value);
    if (body == nullptr) return Ok();
    if (*body == nullptr) return Bad(place, "attribute " + attribute.name + " is empty");
    return Checker(**body, this).Run(nodes);
  }

  bool Fits(const NetworkOperand& operand, std::size_t before) const {
    switch (operand.kind) {
      case OperandKind::kNode:
        return operand.index < before &&
               operand.port < network_.nodes[operand.index].outputs.size();
      case OperandKind::kInput:
        return operand.index < network_.inputs.size();
      case OperandKind::kParameter:
        return operand.index < network_.parameters.size();
      case OperandKind::kConstant:
        return operand.index < network_.constants.size();
      case OperandKind::kOuter:
        return outside_ != nullptr && outside_->Defines(operand.name);
      case OperandKind::kAbsent:
        return true;
    }
    return false;
  }

  Status Operand(const NetworkOperand& operand, std::size_t before, const std::string& who) const {
    if (Fits(operand, before)) return Ok();
    const std::string what =
        operand.kind == OperandKind::kNode
            ? "output " + std::to_string(operand.port) + " of node " + std::to_string(operand.index)
        : operand.kind == OperandKind::kOuter ? "the enclosing value \"" + operand.name + "\""
                                              : "place " + std::to_string(operand.index);
    return Error{ErrorCode::kInvalidArgument, who + ": reads " + what + ", which is not there"};
  }

  /// Sets of names are made once for each network that has subgraphs with outer operands.
  bool Defines(const std::string& name) const {
    if (names_.empty()) {
      for (const NetworkValue& input : network_.inputs) names_.insert(input.name);
      for (const NetworkParameter& parameter : network_.parameters) names_.insert(parameter.name);
      for (const NetworkNode& node : network_.nodes) {
        for (const NetworkValue& output : node.outputs) names_.insert(output.name);
      }
    }
    return names_.contains(name) || (outside_ != nullptr && outside_->Defines(name));
  }

  Error Bad(std::size_t place, const std::string& why) const {
    return Error{ErrorCode::kInvalidArgument, "node " + Describe(network_, place) + ": " + why};
  }

  const Network& network_;
  const Checker* outside_;
  unsigned depth_;
  mutable std::set<std::string_view> names_;
};

}  // namespace

Status CheckNetwork(const Network& network) {
  std::size_t nodes = 0;
  return Checker(network, nullptr).Run(nodes);
}

std::string Describe(const Network& network, std::size_t node) {
  const NetworkNode& one = network.nodes[node];
  const std::string& name = one.name.empty() ? one.original_name : one.name;
  return (name.empty() ? "#" + std::to_string(node) : name) + " (" + one.op + ")";
}

}  // namespace dlv::network
