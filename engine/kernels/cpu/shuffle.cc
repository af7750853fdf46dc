#include "engine/kernels/cpu/shuffle.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "engine/kernels/reference/layout_operands.h"

namespace dlv::kernels {
namespace {

bool Is(const NetworkNode& node, std::string_view op) {
  return node.domain.empty() && node.op == op;
}

/// The follower as a call on a value of `shape` whose elements nobody looks at.
Call CallOf(const Call& head, const Setting& setting, const Follower& follower,
            const Shape& shape) {
  std::vector<Value> inputs;
  for (const Value* const operand : follower.operands) {
    inputs.push_back(operand == nullptr ? Value() : *operand);
  }
  inputs[follower.fed] = Value(DType::kF32, shape, std::make_shared<std::byte>());
  return {*follower.node, head.opset(), setting, std::move(inputs)};
}

/// [N, parts, each, ...] of a value [N, parts * each, ...].
bool SplitsChannels(const Shape& shape, const Shape& split) {
  return shape.size() >= 3 && split.size() == shape.size() + 1 && split[0] == shape[0] &&
         std::equal(split.begin() + 3, split.end(), shape.begin() + 2);
}

bool SwapsParts(const Wholes& order) {
  Wholes wanted(order.size());
  std::iota(wanted.begin(), wanted.end(), 0);
  std::swap(wanted[1], wanted[2]);
  return order == wanted;
}

}  // namespace

std::optional<std::int64_t> ReadShuffle(const Call& call, std::span<const Follower> followers,
                                        const Shape& shape) {
  if (followers.size() < kShuffleNodes || !Is(*followers[0].node, "Reshape") ||
      !Is(*followers[1].node, "Transpose") || !Is(*followers[2].node, "Reshape")) {
    return std::nullopt;
  }
  const Setting setting{DType::kF32, &call.memory()};
  const auto split = ReadNewShape(CallOf(call, setting, followers[0], shape));
  if (!split.ok() || !SplitsChannels(shape, *split)) return std::nullopt;
  const auto order = ReadPermutation(CallOf(call, setting, followers[1], *split));
  if (!order.ok() || !SwapsParts(*order)) return std::nullopt;
  Shape swapped = *split;
  std::swap(swapped[1], swapped[2]);
  const auto back = ReadNewShape(CallOf(call, setting, followers[2], swapped));
  if (!back.ok() || *back != shape) return std::nullopt;
  return (*split)[1];
}

bool MayShuffle(std::span<const NetworkNode* const> before, const NetworkNode& next) {
  if (Is(next, "Transpose")) return !before.empty() && Is(*before.back(), "Reshape");
  return Is(next, "Reshape");
}

}  // namespace dlv::kernels
