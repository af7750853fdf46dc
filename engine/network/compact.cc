#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/network/attributes.h"
#include "engine/network/data_flow.h"
#include "engine/network/normalise_parts.h"

namespace dlv::network {
namespace {

/// What stays, and where it goes.
class Compacter {
 public:
  explicit Compacter(Network& network) : network_(network) {}

  void Run(const std::vector<std::vector<NetworkOperand>>& replacements) {
    ChooseNodes(replacements);
    std::vector<NetworkNode> nodes;
    for (std::size_t i = 0; i < network_.nodes.size(); ++i) {
      if (!stays_[i]) continue;
      nodes_[i] = static_cast<std::uint32_t>(nodes.size());
      nodes.push_back(std::move(network_.nodes[i]));
    }
    network_.nodes = std::move(nodes);
    ChooseParameters();
    std::vector<NetworkConstant> constants;
    ForEachOperand([&](NetworkOperand& operand) { Move(operand, constants); });
    network_.constants = std::move(constants);
  }

 private:
  /// Backwards: a node that is kept keeps what it reads.
  void ChooseNodes(const std::vector<std::vector<NetworkOperand>>& replacements) {
    const std::size_t count = network_.nodes.size();
    const std::vector<Dependence> dependence = DependenceOf(network_);
    stays_.assign(count, false);
    nodes_.assign(count, 0);
    for (const NetworkOutput& output : network_.outputs) {
      if (output.source.kind == OperandKind::kNode) stays_[output.source.index] = true;
    }
    Producers producers(network_);
    for (std::size_t i = count; i-- > 0;) {
      const bool folded =
          std::all_of(replacements[i].begin(), replacements[i].end(),
                      [](const NetworkOperand& one) { return one.kind != OperandKind::kAbsent; });
      if (dependence[i] == Dependence::kData && !folded) stays_[i] = true;
      if (!stays_[i]) continue;
      for (const NodeIndex producer : producers.Of(i)) stays_[producer] = true;
    }
  }

  template <class Function>
  void ForEachOperand(Function&& function) {
    for (NetworkNode& node : network_.nodes) {
      for (NetworkOperand& operand : node.operands) function(operand);
    }
    for (NetworkOutput& output : network_.outputs) function(output.source);
  }

  /// Parameters that are read, here or in a subgraph, in their order.
  void ChooseParameters() {
    std::vector<bool> used(network_.parameters.size());
    ForEachOperand([&](const NetworkOperand& operand) {
      if (operand.kind == OperandKind::kParameter) used[operand.index] = true;
    });
    std::set<std::string> inner;
    for (const NetworkNode& node : network_.nodes) {
      for (std::string& name : OuterNames(node)) inner.insert(std::move(name));
    }
    std::vector<NetworkParameter> kept;
    parameters_.resize(used.size());
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i] && !inner.contains(network_.parameters[i].name)) continue;
      parameters_[i] = static_cast<std::uint32_t>(kept.size());
      kept.push_back(std::move(network_.parameters[i]));
    }
    network_.parameters = std::move(kept);
  }

  void Move(NetworkOperand& operand, std::vector<NetworkConstant>& constants) {
    if (operand.kind == OperandKind::kNode) operand.index = nodes_[operand.index];
    if (operand.kind == OperandKind::kParameter) operand.index = parameters_[operand.index];
    if (operand.kind != OperandKind::kConstant) return;
    const NetworkConstant& constant = network_.constants[operand.index];
    const auto [at, added] = places_.try_emplace(
        std::tuple(constant.dtype, constant.shape, constant.bytes), constants.size());
    if (added) constants.push_back(constant);
    operand.index = static_cast<std::uint32_t>(at->second);
  }

  Network& network_;
  std::vector<bool> stays_;
  std::vector<std::uint32_t> nodes_, parameters_;  ///< new places
  std::map<std::tuple<DType, NetworkShape, std::vector<std::byte>>, std::size_t> places_;
};

}  // namespace

void Compact(Network& network, const std::vector<std::vector<NetworkOperand>>& replacements) {
  Compacter(network).Run(replacements);
}

}  // namespace dlv::network
