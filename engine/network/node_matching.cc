#include "engine/network/node_matching.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "engine/network/network_diff.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {
namespace {

constexpr unsigned kMostSkipped = 3;     // nodes without partner between two that have one
constexpr std::size_t kMostLooked = 64;  // candidates for one node

/// "Relu_12": an operator and its place in the file.
bool IsCounted(const NetworkNode& node) {
  const std::string_view name = node.name;
  if (!name.starts_with(node.op) || name.size() < node.op.size() + 2 || name[node.op.size()] != '_')
    return false;
  return name.find_first_not_of("0123456789", node.op.size() + 1) == std::string_view::npos;
}

/// What a node reads, in terms of the network before.
struct OperandSource {
  bool is_input = false;
  std::size_t place = 0;
  std::uint32_t port = 0;
  bool operator==(const OperandSource&) const = default;
};
using OperandSources = std::vector<OperandSource>;

class Matcher {
 public:
  Matcher(const Network& before, const Network& after)
      : before_(before),
        after_(after),
        match_{std::vector<std::size_t>(before.nodes.size(), kNoMatch),
               std::vector<std::size_t>(after.nodes.size(), kNoMatch),
               std::vector<std::size_t>(after.inputs.size(), kNoMatch)},
        readers_(before.nodes.size()),
        input_readers_(before.inputs.size()) {}

  NodeMatching Run() {
    MatchInputs();
    FindReaders();
    MatchNames(false);
    MatchPlaces();
    MatchNames(true);
    MatchPlaces();
    MatchOnlyPairs();
    return std::move(match_);
  }

 private:
  void Pair(std::size_t before, std::size_t after) {
    match_.to_after[before] = after;
    match_.to_before[after] = before;
  }

  void MatchInputs() {
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < before_.inputs.size(); ++i)
      places.emplace(before_.inputs[i].name, i);
    const bool as_many = before_.inputs.size() == after_.inputs.size();
    for (std::size_t i = 0; i < after_.inputs.size(); ++i) {
      const auto at = places.find(after_.inputs[i].name);
      if (at != places.end()) {
        match_.inputs_to_before[i] = at->second;
      } else if (as_many) {
        match_.inputs_to_before[i] = i;
      }
    }
  }

  void FindReaders() {
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      for (const NetworkOperand& operand : before_.nodes[i].operands) {
        if (operand.kind == OperandKind::kNode) readers_[operand.index].push_back(i);
        if (operand.kind == OperandKind::kInput) input_readers_[operand.index].push_back(i);
      }
    }
  }

  void MatchNames(bool counted) {
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < after_.nodes.size(); ++i) {
      if (match_.to_before[i] == kNoMatch) places.emplace(after_.nodes[i].name, i);
    }
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      if (match_.to_after[i] != kNoMatch || IsCounted(before_.nodes[i]) != counted) continue;
      const auto at = places.find(before_.nodes[i].name);
      if (at != places.end()) Pair(i, at->second);
    }
  }

  /// Three passes in topological order: what is matched in one pass opens the way for what reads
  /// it in the same pass. Each takes the closest likeness that it may.
  void MatchPlaces() {
    for (const unsigned likeness : {0u, 1u, 1 + kMostSkipped}) {
      for (std::size_t i = 0; i < after_.nodes.size(); ++i) {
        for (unsigned step = 0; match_.to_before[i] == kNoMatch && step <= likeness; ++step)
          MatchPlace(i, step == 0, step == 0 ? 0 : step - 1);
      }
    }
  }

  void MatchPlace(std::size_t place, bool same_kind, unsigned skipped) {
    const NetworkNode& node = after_.nodes[place];
    const auto sources = SourcesAfter(node, skipped);
    if (!sources || sources->empty()) return;
    const std::string kind = same_kind ? KindText(after_, node) : std::string();
    for (const std::size_t candidate : Candidates(sources->front(), skipped)) {
      const NetworkNode& other = before_.nodes[candidate];
      if (other.op != node.op || SourcesBefore(other, skipped) != sources) continue;
      if (same_kind && KindText(before_, other) != kind) continue;
      return Pair(candidate, place);
    }
  }

  /// Nodes without partner that read `source`, or read it behind up to `skipped` such nodes.
  std::vector<std::size_t> Candidates(const OperandSource& source, unsigned skipped) const {
    std::vector<std::size_t> found;
    const auto add = [&](const std::vector<std::size_t>& readers) {
      for (const std::size_t reader : readers) {
        if (found.size() == kMostLooked) return;
        if (match_.to_after[reader] == kNoMatch) found.push_back(reader);
      }
    };
    add(source.is_input ? input_readers_[source.place] : readers_[source.place]);
    for (std::size_t begin = 0; skipped > 0; --skipped) {
      const std::size_t end = found.size();
      for (; begin < end; ++begin) add(readers_[found[begin]]);
    }
    return found;
  }

  /// The only operand of a node that is data, if it has one.
  static const NetworkOperand* OnlyData(const NetworkNode& node) {
    const NetworkOperand* only = nullptr;
    for (const NetworkOperand& operand : node.operands) {
      if (operand.kind != OperandKind::kNode && operand.kind != OperandKind::kInput) continue;
      if (only != nullptr) return nullptr;
      only = &operand;
    }
    return only;
  }

  /// Nothing where a source has no partner. `partner` and `input` give places before.
  template <class Partner, class Input>
  static std::optional<OperandSources> SourcesOf(const Network& network, const NetworkNode& node,
                                                 unsigned skipped, Partner&& partner,
                                                 Input&& input) {
    OperandSources sources;
    for (const NetworkOperand& operand : node.operands) {
      const NetworkOperand* at = &operand;
      for (unsigned i = 0; i < skipped && at != nullptr && at->kind == OperandKind::kNode &&
                           partner(at->index) == kNoMatch;
           ++i) {
        at = OnlyData(network.nodes[at->index]);
      }
      if (at == nullptr) return std::nullopt;
      if (at->kind != OperandKind::kNode && at->kind != OperandKind::kInput) continue;
      const bool is_input = at->kind == OperandKind::kInput;
      const std::size_t place = is_input ? input(at->index) : partner(at->index);
      if (place == kNoMatch) return std::nullopt;
      sources.push_back({is_input, place, at->port});
    }
    return sources;
  }

  std::optional<OperandSources> SourcesBefore(const NetworkNode& node, unsigned skipped) const {
    const auto partner = [&](std::size_t i) {
      return match_.to_after[i] == kNoMatch ? kNoMatch : i;
    };
    return SourcesOf(before_, node, skipped, partner, [](std::size_t i) { return i; });
  }
  std::optional<OperandSources> SourcesAfter(const NetworkNode& node, unsigned skipped) const {
    return SourcesOf(
        after_, node, skipped, [&](std::size_t i) { return match_.to_before[i]; },
        [&](std::size_t i) { return match_.inputs_to_before[i]; });
  }

  void MatchOnlyPairs() {
    std::map<std::string, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> kinds;
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      if (match_.to_after[i] == kNoMatch)
        kinds[KindText(before_, before_.nodes[i])].first.push_back(i);
    }
    for (std::size_t i = 0; i < after_.nodes.size(); ++i) {
      if (match_.to_before[i] == kNoMatch)
        kinds[KindText(after_, after_.nodes[i])].second.push_back(i);
    }
    for (const auto& [kind, sides] : kinds) {
      if (sides.first.size() == 1 && sides.second.size() == 1)
        Pair(sides.first[0], sides.second[0]);
    }
  }

  const Network& before_;
  const Network& after_;
  NodeMatching match_;
  std::vector<std::vector<std::size_t>> readers_, input_readers_;  ///< before
};

}  // namespace

NodeMatching MatchNodes(const Network& before, const Network& after) {
  return Matcher(before, after).Run();
}

std::string KindText(const Network& network, const NetworkNode& node) {
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

}  // namespace dlv::network
