#include "engine/network/network_diff.h"

#include <algorithm>

#include "engine/network/attributes.h"
#include "engine/network/encoding.h"
#include "engine/network/node_matching.h"
#include "engine/network/quoting.h"
#include "engine/network/shape_inference.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

template <class T>
std::string ListText(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) {
    if (text.size() > 200)
      return "[" + text + ", ... " + std::to_string(values.size()) + " in all]";
    text += (text.empty() ? "" : ", ") + AttributeText(AttributeValue(value));
  }
  return "[" + text + "]";
}

std::string BodyText(const std::shared_ptr<const Network>& body) {
  return "network of " + std::to_string(body->nodes.size()) + " nodes";
}

/// Says what differs between nodes that are matched.
class Differ {
 public:
  Differ(const Network& before, const Network& after)
      : before_(before), after_(after), match_(MatchNodes(before, after)) {}

  NetworkDiff Run() {
    ReportInputs();
    Report();
    return std::move(diff_);
  }

 private:
  /// A change of what the network takes stands for all shapes that follow from it.
  void ReportInputs() {
    for (std::size_t i = 0; i < after_.inputs.size(); ++i) {
      const std::size_t place = match_.inputs_to_before[i];
      if (place == kNoMatch) continue;
      const NetworkValue &before = before_.inputs[place], &after = after_.inputs[i];
      if (TypeText(before) == TypeText(after)) continue;
      diff_.changed.push_back({"input " + before.name,
                               "input " + after.name,
                               {"type: " + TypeText(before) + " -> " + TypeText(after)}});
    }
  }

  void Report() {
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      if (match_.to_after[i] == kNoMatch) {
        diff_.removed.push_back(Title(before_.nodes[i]));
        continue;
      }
      const NetworkNode& after = after_.nodes[match_.to_after[i]];
      NodeChange change{before_.nodes[i].name, after.name, Differences(before_.nodes[i], after)};
      if (!change.differences.empty()) {
        diff_.changed.push_back(std::move(change));
      } else if (change.before != change.after) {
        diff_.renamed.push_back(std::move(change));
      } else {
        ++diff_.same;
      }
    }
    for (std::size_t i = 0; i < after_.nodes.size(); ++i) {
      if (match_.to_before[i] == kNoMatch) diff_.added.push_back(Title(after_.nodes[i]));
    }
  }

  static std::string Title(const NetworkNode& node) { return node.name + " (" + node.op + ")"; }

  std::vector<std::string> Differences(const NetworkNode& before, const NetworkNode& after) const {
    std::vector<std::string> found;
    const auto differ = [&](const std::string& what, const std::string& from,
                            const std::string& to) {
      if (from != to) found.push_back(what + ": " + from + " -> " + to);
    };
    differ("op", before.op, after.op);
    differ("domain", Quoted(before.domain), Quoted(after.domain));
    CompareAttributes(before, after, found);
    const std::size_t operands = std::max(before.operands.size(), after.operands.size());
    for (std::size_t i = 0; i < operands; ++i) {
      const NetworkOperand from =
          i < before.operands.size() ? before.operands[i] : NetworkOperand();
      const NetworkOperand to = i < after.operands.size() ? after.operands[i] : NetworkOperand();
      if (SameSource(from, to)) continue;
      differ("input " + std::to_string(i), Source(before_, from), Source(after_, to));
    }
    const std::size_t outputs = std::max(before.outputs.size(), after.outputs.size());
    if (before.outputs.size() != after.outputs.size()) {
      differ("outputs", std::to_string(before.outputs.size()),
             std::to_string(after.outputs.size()));
    }
    if (!ReadEqualTypes(before, after)) return found;  // what it gives follows from these
    for (std::size_t i = 0; i < outputs && before.outputs.size() == after.outputs.size(); ++i) {
      differ(i == 0 ? "output" : "output " + std::to_string(i), TypeText(before.outputs[i]),
             TypeText(after.outputs[i]));
    }
    return found;
  }

  bool ReadEqualTypes(const NetworkNode& before, const NetworkNode& after) const {
    return std::equal(before.operands.begin(), before.operands.end(), after.operands.begin(),
                      after.operands.end(), [&](const auto& from, const auto& to) {
                        const ValueType a = TypeOf(before_, from), b = TypeOf(after_, to);
                        return a.dtype == b.dtype && a.shape == b.shape;
                      });
  }

  static std::string TypeText(const NetworkValue& value) {
    return (value.dtype ? std::string(NameOf(*value.dtype)) : "?") + " " + ShapeText(value.shape);
  }

  static void CompareAttributes(const NetworkNode& before, const NetworkNode& after,
                                std::vector<std::string>& found) {
    for (const NetworkAttribute& one : before.attributes) {
      const AttributeValue* other = FindAttribute(after, one.name);
      if (other == nullptr) {
        found.push_back(one.name + ": " + AttributeText(one.value) + " -> nothing");
      } else if (!SameValue(one.value, *other)) {
        found.push_back(one.name + ": " + AttributeText(one.value) + " -> " +
                        AttributeText(*other));
      }
    }
    for (const NetworkAttribute& one : after.attributes) {
      if (FindAttribute(before, one.name) == nullptr) {
        found.push_back(one.name + ": nothing -> " + AttributeText(one.value));
      }
    }
  }

  bool SameSource(const NetworkOperand& before, const NetworkOperand& after) const {
    if (before.kind != after.kind) return false;
    switch (before.kind) {
      case OperandKind::kNode:
        return match_.to_after[before.index] == after.index && before.port == after.port;
      case OperandKind::kInput:
        return match_.inputs_to_before[after.index] == before.index;
      case OperandKind::kParameter: {
        // Renamed with its module, a parameter is the same; another shape is not.
        const NetworkParameter& from = before_.parameters[before.index];
        const NetworkParameter& to = after_.parameters[after.index];
        return from.shape == to.shape && from.dtype == to.dtype;
      }
      case OperandKind::kConstant:
        return before_.constants[before.index] == after_.constants[after.index];
      case OperandKind::kOuter:
        return before.name == after.name;
      case OperandKind::kAbsent:
        break;
    }
    return true;
  }

  static std::string Source(const Network& network, const NetworkOperand& operand) {
    if (operand.kind == OperandKind::kConstant) {
      return AttributeText(AttributeValue(network.constants[operand.index]));
    }
    if (operand.kind == OperandKind::kParameter) {
      return OperandText(network, operand) + " " +
             ShapeText(network.parameters[operand.index].shape);
    }
    return OperandText(network, operand);
  }

  /// NaN equals itself here.
  static bool SameValue(const AttributeValue& a, const AttributeValue& b) {
    if (a.index() != b.index()) return false;
    const auto* body = std::get_if<std::shared_ptr<const Network>>(&a);
    if (body != nullptr) return IdOf(**body) == IdOf(*std::get<std::shared_ptr<const Network>>(b));
    if (const auto* real = std::get_if<double>(&a))
      return RealText(*real) == RealText(std::get<double>(b));
    return a == b;
  }

  const Network& before_;
  const Network& after_;
  NodeMatching match_;
  NetworkDiff diff_;
};

}  // namespace

NetworkDiff DiffNetworks(const Network& before, const Network& after) {
  return Differ(before, after).Run();
}

std::string AttributeText(const AttributeValue& value) {
  struct Visitor {
    std::string operator()(std::int64_t one) const { return std::to_string(one); }
    std::string operator()(double one) const { return RealText(one); }
    std::string operator()(const std::string& one) const { return Quoted(one); }
    std::string operator()(const std::vector<std::int64_t>& list) const { return ListText(list); }
    std::string operator()(const std::vector<double>& list) const { return ListText(list); }
    std::string operator()(const std::vector<std::string>& list) const { return ListText(list); }
    std::string operator()(const NetworkConstant& one) const {
      return std::string(NameOf(one.dtype)) + " " + ShapeText(one.shape);
    }
    std::string operator()(const std::shared_ptr<const Network>& one) const {
      return BodyText(one);
    }
  };
  return std::visit(Visitor(), value);
}

}  // namespace dlv::network
