#include "engine/api/loss_scores.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/network/attributes.h"

namespace dlv::api {
namespace {

bool IsSoftmax(const NetworkNode& node) {
  return network::IsOperator(node, "Softmax") || network::IsOperator(node, "LogSoftmax");
}

/// The elements stay what they are, in C order.
constexpr std::array<std::string_view, 5> kSameElements = {"Identity", "Flatten", "Reshape",
                                                           "Squeeze", "Unsqueeze"};

bool KeepsElements(const NetworkNode& node) {
  return std::ranges::any_of(kSameElements,
                             [&](std::string_view op) { return network::IsOperator(node, op); });
}

/// The Softmax or LogSoftmax that makes the first output, or null.
const NetworkNode* FinalSoftmax(const Network& network) {
  if (network.outputs.empty()) return nullptr;
  const NetworkOperand* source = &network.outputs.front().source;
  while (source->kind == OperandKind::kNode) {  // ends: a node reads those before it
    const NetworkNode& node = network.nodes[source->index];
    if (node.operands.empty()) return nullptr;
    if (IsSoftmax(node)) return &node;
    if (!KeepsElements(node)) return nullptr;
    source = &node.operands.front();
  }
  return nullptr;
}

std::int64_t OperatorSetOf(const Network& network) {
  const auto standard = std::ranges::find_if(network.operator_sets,
                                             [](const auto& set) { return set.first.empty(); });
  return standard == network.operator_sets.end() ? 0 : standard->second;
}

}  // namespace

evaluation::ScoreKind KindOfScores(const Network& network) {
  const NetworkNode* const softmax = FinalSoftmax(network);
  if (softmax == nullptr) return evaluation::ScoreKind::kLogits;
  return softmax->op == "Softmax" ? evaluation::ScoreKind::kProbabilities
                                  : evaluation::ScoreKind::kLogProbabilities;
}

bool AddLogits(Network& network) {
  const NetworkNode* const softmax = FinalSoftmax(network);
  if (softmax == nullptr) return false;
  const NetworkOperand& source = softmax->operands.front();
  if (source.kind == OperandKind::kAbsent || source.kind == OperandKind::kOuter) return false;
  network.outputs.push_back({"logits", source});
  return true;
}

bool IsSoftmaxOfExamples(const Network& network, const kernels::Shape& logits, std::int64_t rows) {
  const NetworkNode* const softmax = FinalSoftmax(network);
  if (softmax == nullptr) return false;
  const auto rank = static_cast<std::int64_t>(logits.size());
  const bool old = OperatorSetOf(network) < 13;  // over all axes from `axis` on
  std::int64_t axis = network::IntegerAttribute(*softmax, "axis", old ? 1 : -1);
  if (axis < 0) axis += rank;
  if (axis < 0 || axis >= rank) return false;
  const auto begin = static_cast<std::size_t>(axis);
  const auto count = [&](std::size_t first, std::size_t end) {
    std::int64_t product = 1;
    for (std::size_t i = first; i < end; ++i) product *= logits[i];
    return product;
  };
  return count(0, begin) == rows && (old || count(begin + 1, logits.size()) == 1);
}

}  // namespace dlv::api
