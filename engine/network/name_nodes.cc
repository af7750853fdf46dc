#include <algorithm>
#include <cctype>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/network/data_flow.h"
#include "engine/network/limits.h"
#include "engine/network/normalise_parts.h"

namespace dlv::network {
namespace {

bool IsSeparator(char c) { return c == '.' || c == '/'; }

std::string_view WithoutSeparators(std::string_view path) {
  while (!path.empty() && IsSeparator(path.front())) path.remove_prefix(1);
  while (!path.empty() && IsSeparator(path.back())) path.remove_suffix(1);
  return path;
}

/// Longest common prefix in whole components.
std::string_view CommonPath(std::string_view a, std::string_view b) {
  const auto begin = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  const auto common = static_cast<std::size_t>(begin - a.begin());
  const auto ends = [&](std::string_view path) {
    return common == path.size() || IsSeparator(path[common]);
  };
  if (ends(a) && ends(b)) return a.substr(0, common);
  const std::size_t cut = a.substr(0, common).find_last_of("./");
  return a.substr(0, cut == std::string_view::npos ? 0 : cut);
}

std::string_view WithoutLast(std::string_view path) {
  const std::size_t at = path.find_last_of("./");
  return at == std::string_view::npos ? std::string_view() : path.substr(0, at);
}

/// Parameters that a node reads, also through nodes that only rearrange them.
void CollectParameters(const Network& network, const NetworkNode& node, unsigned depth,
                       const std::vector<Dependence>& dependence,
                       std::vector<std::string_view>& names) {
  for (const NetworkOperand& operand : node.operands) {
    if (operand.kind == OperandKind::kParameter) {
      names.push_back(network.parameters[operand.index].name);
    } else if (operand.kind == OperandKind::kNode && depth > 0 &&
               dependence[operand.index] == Dependence::kWeights) {
      CollectParameters(network, network.nodes[operand.index], depth - 1, dependence, names);
    }
  }
}

/// Rule 1: the module that the parameters belong to.
std::string_view FromParameters(const Network& network, std::size_t place,
                                const std::vector<Dependence>& dependence) {
  if (dependence[place] != Dependence::kData) return {};
  std::vector<std::string_view> names;
  CollectParameters(network, network.nodes[place], 4, dependence, names);
  std::string_view path = names.empty() ? std::string_view() : WithoutLast(names[0]);
  for (const std::string_view name : names) path = CommonPath(path, WithoutLast(name));
  return WithoutSeparators(path);
}

/// Rule 2: "/layer1/conv1/Conv" and "/layer1/relu/Relu_1" without their last part.
std::string_view FromPath(const NetworkNode& node) {
  const std::string_view name = node.original_name;
  const std::size_t at = name.find_last_of('/');
  if (at == std::string_view::npos) return {};
  std::string_view last = name.substr(at + 1);
  if (!last.starts_with(node.op)) return {};
  last.remove_prefix(node.op.size());
  const bool counted =
      last.size() > 1 && last[0] == '_' && std::all_of(last.begin() + 1, last.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c));
      });
  return last.empty() || counted ? WithoutSeparators(name.substr(0, at)) : std::string_view();
}

}  // namespace

void NameNodes(Network& network) {
  std::unordered_set<std::string> taken;
  const auto give = [&](NetworkNode& node, std::string_view name) {
    if (!node.name.empty() || name.empty() || name.size() > kMaxNameBytes) return;
    if (taken.emplace(name).second) node.name = name;
  };
  for (NetworkNode& node : network.nodes) node.name.clear();
  const std::vector<Dependence> dependence = DependenceOf(network);
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    give(network.nodes[i], FromParameters(network, i, dependence));
  }
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    if (dependence[i] == Dependence::kData) give(network.nodes[i], FromPath(network.nodes[i]));
  }
  for (NetworkNode& node : network.nodes) give(node, node.original_name);
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    NetworkNode& node = network.nodes[i];
    const std::string base = node.op.substr(0, kMaxNameBytes - 32) + "_" + std::to_string(i);
    give(node, base);
    for (std::size_t k = 2; node.name.empty(); ++k) give(node, base + "_" + std::to_string(k));
  }
}

}  // namespace dlv::network
