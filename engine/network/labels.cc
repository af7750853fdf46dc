#include "engine/network/labels.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/network/normalise.h"

namespace dlv::network {
namespace {

/// Scores, then labels (caffe.proto; each layer's page at caffe.berkeleyvision.org).
constexpr std::array<std::string_view, 7> kLabelLayers = {"Accuracy",
                                                          "SoftmaxWithLoss",
                                                          "SigmoidCrossEntropyLoss",
                                                          "MultinomialLogisticLoss",
                                                          "InfogainLoss",
                                                          "HingeLoss",
                                                          "EuclideanLoss"};

bool ComparesWithLabels(const NetworkNode& node) {
  return node.domain == "caffe" && std::ranges::find(kLabelLayers, node.op) != kLabelLayers.end() &&
         node.operands.size() > 1 && node.operands[0].kind == OperandKind::kNode &&
         node.operands[1].kind == OperandKind::kInput;
}

class LabelTaker {
 public:
  explicit LabelTaker(Network& network)
      : network_(network), compares_(network.nodes.size()), is_label_(network.inputs.size()) {}

  std::vector<std::string> Run() {
    const std::vector<std::string> chosen = Choose();
    std::vector<NetworkOutput> outputs = OutputsLeft();
    if (chosen.empty() || outputs.empty() || !AreReadByThemAlone()) return {};
    network_.outputs = std::move(outputs);
    TakeOut();
    return chosen;
  }

 private:
  std::vector<std::string> Choose() {
    std::vector<std::string> chosen;
    for (std::size_t i = 0; i < compares_.size(); ++i) {
      const NetworkNode& node = network_.nodes[i];
      if (!ComparesWithLabels(node)) continue;
      compares_[i] = true;
      is_label_[node.operands[1].index] = true;
      chosen.push_back(Describe(network_, i));
    }
    return chosen;
  }

  bool IsTaken(const NetworkOperand& operand) const {
    return (operand.kind == OperandKind::kNode && compares_[operand.index]) ||
           (operand.kind == OperandKind::kInput && is_label_[operand.index]);
  }

  bool AreReadByThemAlone() const {
    for (std::size_t i = 0; i < compares_.size(); ++i) {
      if (!compares_[i] &&
          std::ranges::any_of(network_.nodes[i].operands,
                              [&](const auto& operand) { return IsTaken(operand); }))
        return false;
    }
    return true;
  }

  /// Whether a node that stays reads it.
  bool IsRead(const NetworkOperand& value) const {
    for (std::size_t i = 0; i < compares_.size(); ++i) {
      if (!compares_[i] && std::ranges::count(network_.nodes[i].operands, value) > 0) return true;
    }
    return false;
  }

  std::vector<NetworkOutput> OutputsLeft() const {
    std::vector<NetworkOutput> left;
    for (const NetworkOutput& output : network_.outputs) {
      if (!IsTaken(output.source)) left.push_back(output);
    }
    for (std::size_t i = compares_.size(); i-- > 0;) {
      if (!compares_[i]) continue;
      const NetworkOperand& scores = network_.nodes[i].operands[0];
      const bool is_output = std::ranges::any_of(
          left, [&](const NetworkOutput& output) { return output.source == scores; });
      if (is_output || IsRead(scores)) continue;
      left.push_back({network_.nodes[scores.index].outputs[scores.port].name, scores});
    }
    return left;
  }

  void TakeOut() {
    const std::vector<std::uint32_t> nodes = Drop(network_.nodes, compares_);
    const std::vector<std::uint32_t> inputs = Drop(network_.inputs, is_label_);
    const auto move = [&](NetworkOperand& operand) {
      if (operand.kind == OperandKind::kNode) operand.index = nodes[operand.index];
      if (operand.kind == OperandKind::kInput) operand.index = inputs[operand.index];
    };
    for (NetworkNode& node : network_.nodes) std::ranges::for_each(node.operands, move);
    for (NetworkOutput& output : network_.outputs) move(output.source);
  }

  /// Returns the new places.
  template <class T>
  static std::vector<std::uint32_t> Drop(std::vector<T>& from, const std::vector<bool>& dropped) {
    std::vector<std::uint32_t> places(from.size());
    std::vector<T> kept;
    for (std::size_t i = 0; i < from.size(); ++i) {
      places[i] = static_cast<std::uint32_t>(kept.size());
      if (!dropped[i]) kept.push_back(std::move(from[i]));
    }
    from = std::move(kept);
    return places;
  }

  Network& network_;
  std::vector<bool> compares_, is_label_;  ///< one a node, one an input
};

}  // namespace

std::vector<std::string> TakeOutLabelLayers(Network& network) { return LabelTaker(network).Run(); }

}  // namespace dlv::network
