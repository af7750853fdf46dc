#include "engine/network/network_diff.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "engine/network/attributes.h"
#include "engine/network/encoding.h"
#include "engine/network/quoting.h"
#include "engine/network/shape_inference.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

constexpr std::size_t kNoNode = SIZE_MAX;

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

/// Matches nodes and says what differs.
class Differ {
 public:
  Differ(const Network& before, const Network& after)
      : before_(before),
        after_(after),
        to_after_(before.nodes.size(), kNoNode),
        to_before_(after.nodes.size(), kNoNode) {}

  NetworkDiff Run() {
    MatchNames();
    // Each round may give neighbours of what was matched in the one before their turn.
    while (MatchPlaces(true)) {
    }
    while (MatchPlaces(false)) {
    }
    MatchOnlyPairs();
    Report();
    return std::move(diff_);
  }

 private:
  void Pair(std::size_t before, std::size_t after) {
    to_after_[before] = after;
    to_before_[after] = before;
  }

  void MatchNames() {
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < after_.nodes.size(); ++i) places.emplace(after_.nodes[i].name, i);
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      const auto at = places.find(before_.nodes[i].name);
      if (at != places.end()) Pair(i, at->second);
    }
  }

  /// What a node is without names: operator, attributes, shapes of parameters.
  static std::string KindOf(const Network& network, const NetworkNode& node) {
    std::string kind = node.domain + "\n" + node.op;
    for (const NetworkAttribute& attribute : node.attributes) {
      kind += "\n" + attribute.name + "=" + AttributeText(attribute.value);
    }
    for (const NetworkOperand& operand : node.operands) {
      if (operand.kind == OperandKind::kParameter) {
        kind += "\n$" + ShapeText(network.parameters[operand.index].shape);
      }
    }
    return kind;
  }

  /// What a node reads, in terms of `before`: pairs have one name, others none.
  std::string NeighboursOf(const Network& network, const NetworkNode& node,
                           const std::vector<std::size_t>* to_before) const {
    std::string text;
    for (const NetworkOperand& operand : node.operands) {
      if (operand.kind == OperandKind::kInput) text += " @" + network.inputs[operand.index].name;
      if (operand.kind != OperandKind::kNode) continue;
      const std::size_t place = to_before != nullptr                  ? (*to_before)[operand.index]
                                : to_after_[operand.index] != kNoNode ? operand.index
                                                                      : kNoNode;
      if (place == kNoNode) return {};
      text += " " + std::to_string(place) + ":" + std::to_string(operand.port);
    }
    return text;
  }

  /// Pairs nodes of one kind (or one operator) that read the same matched nodes. Returns whether
  /// any was found.
  bool MatchPlaces(bool same_kind) {
    std::map<std::string, std::vector<std::size_t>> waiting;
    const auto key_of = [&](const Network& network, const NetworkNode& node,
                            const std::vector<std::size_t>* to_before) {
      const std::string neighbours = NeighboursOf(network, node, to_before);
      if (neighbours.empty()) return std::string();
      return (same_kind ? KindOf(network, node) : node.op) + "\n" + neighbours;
    };
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      if (to_after_[i] != kNoNode) continue;
      const std::string key = key_of(before_, before_.nodes[i], nullptr);
      if (!key.empty()) waiting[key].push_back(i);
    }
    bool found = false;
    std::vector<std::size_t> matched = to_before_;  // as it was when the round began
    for (std::size_t i = 0; i < after_.nodes.size(); ++i) {
      if (to_before_[i] != kNoNode) continue;
      const auto at = waiting.find(key_of(after_, after_.nodes[i], &matched));
      if (at == waiting.end() || at->second.empty()) continue;
      Pair(at->second.front(), i);
      at->second.erase(at->second.begin());
      found = true;
    }
    return found;
  }

  /// The only node of its kind on both sides.
  void MatchOnlyPairs() {
    std::map<std::string, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> kinds;
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      if (to_after_[i] == kNoNode) kinds[KindOf(before_, before_.nodes[i])].first.push_back(i);
    }
    for (std::size_t i = 0; i < after_.nodes.size(); ++i) {
      if (to_before_[i] == kNoNode) kinds[KindOf(after_, after_.nodes[i])].second.push_back(i);
    }
    for (const auto& [kind, sides] : kinds) {
      if (sides.first.size() == 1 && sides.second.size() == 1)
        Pair(sides.first[0], sides.second[0]);
    }
  }

  void Report() {
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      if (to_after_[i] == kNoNode) {
        diff_.removed.push_back(Title(before_.nodes[i]));
        continue;
      }
      const NetworkNode& after = after_.nodes[to_after_[i]];
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
      if (to_before_[i] == kNoNode) diff_.added.push_back(Title(after_.nodes[i]));
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
    for (std::size_t i = 0; i < outputs && before.outputs.size() == after.outputs.size(); ++i) {
      differ(i == 0 ? "output" : "output " + std::to_string(i), TypeText(before.outputs[i]),
             TypeText(after.outputs[i]));
    }
    return found;
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
        return to_after_[before.index] == after.index && before.port == after.port;
      case OperandKind::kInput:
        return before_.inputs[before.index].name == after_.inputs[after.index].name;
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
  std::vector<std::size_t> to_after_, to_before_;
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
