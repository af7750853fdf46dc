#include "engine/kernels/cpu/post_ops.h"

#include <cmath>
#include <limits>

#include "engine/kernels/convert.h"
#include "engine/kernels/cpu/shuffle.h"

namespace dlv::kernels {
namespace {

using dnnl::algorithm;
using Operands = std::function<const Value*(std::size_t)>;

float FloatOf(const NetworkNode& node, std::string_view name, double otherwise) {
  for (const NetworkAttribute& one : node.attributes) {
    if (one.name != name) continue;
    if (const auto* real = std::get_if<double>(&one.value)) return static_cast<float>(*real);
  }
  return static_cast<float>(otherwise);
}

bool HasAttribute(const NetworkNode& node, std::string_view name) {
  for (const NetworkAttribute& one : node.attributes) {
    if (one.name == name) return true;
  }
  return false;
}

/// A bound of Clip: attribute, else operand, else `otherwise`; nothing where it is no one number.
std::optional<float> BoundOf(const NetworkNode& node, std::string_view name, const Value* operand,
                             float otherwise) {
  if (HasAttribute(node, name)) return FloatOf(node, name, otherwise);
  if (operand == nullptr || !operand->present()) return otherwise;
  if (operand->count() != 1 || operand->dtype() != DType::kF32) return std::nullopt;
  return operand->As<float>()[0];
}

std::optional<Activation> ReadClip(const NetworkNode& node, const Operands& operand) {
  constexpr float kMost = std::numeric_limits<float>::max();
  const auto low = BoundOf(node, "min", operand(1), -kMost);
  const auto high = BoundOf(node, "max", operand(2), kMost);
  if (!low || !high || !(*low <= *high)) return std::nullopt;
  return Activation{algorithm::eltwise_clip_v2, *low, *high, *low <= 0 && *high >= 0};
}

bool HasGroups(const NetworkNode& node) {
  for (const NetworkAttribute& one : node.attributes) {
    const auto* whole = std::get_if<std::int64_t>(&one.value);
    if (one.name == "group" && whole != nullptr) return *whole > 1;
  }
  return false;
}

}  // namespace

std::optional<Activation> ReadActivation(const NetworkNode& node, const Operands& operand) {
  if (!node.domain.empty()) return std::nullopt;
  if (node.op == "Relu") return Activation{algorithm::eltwise_relu, 0, 0};
  if (node.op == "LeakyRelu") {
    return Activation{algorithm::eltwise_relu, FloatOf(node, "alpha", 0.01f), 0};
  }
  if (node.op == "Clip") return ReadClip(node, operand);
  if (node.op == "Elu") return Activation{algorithm::eltwise_elu, FloatOf(node, "alpha", 1), 0};
  if (node.op == "Sigmoid") return Activation{algorithm::eltwise_logistic, 0, 0, false};
  if (node.op == "Tanh") return Activation{algorithm::eltwise_tanh, 0, 0};
  if (node.op == "HardSwish") return Activation{algorithm::eltwise_hardswish, 0, 0};
  if (node.op == "Exp") return Activation{algorithm::eltwise_exp, 0, 0, false};
  return std::nullopt;
}

std::optional<std::pair<float, float>> BoundsOf(const Activation& activation) {
  if (activation.algorithm == dnnl::algorithm::eltwise_clip_v2) {
    return std::pair(activation.alpha, activation.beta);
  }
  if (activation.algorithm != dnnl::algorithm::eltwise_relu || activation.alpha != 0) return {};
  return std::pair(0.0F, std::numeric_limits<float>::infinity());
}

bool IsSum(const NetworkNode& node) {
  return node.domain.empty() && (node.op == "Add" || node.op == "Sum") && node.operands.size() == 2;
}

bool IsProduct(const NetworkNode& node) {
  return node.domain.empty() && node.op == "Mul" && node.operands.size() == 2;
}

std::optional<ChannelAffine> ReadAffine(const Follower& follower, std::int64_t channels,
                                        std::size_t rank) {
  if (!follower.is_fixed) return std::nullopt;
  if (IsChannelAffine(*follower.node)) {
    return ReadChannelAffine(*follower.node, OperandsOf(follower), channels);
  }
  const bool is_factor = IsProduct(*follower.node);
  if (!is_factor && !IsSum(*follower.node)) return std::nullopt;
  const Value* other = follower.operands[1 - follower.fed];
  if (other == nullptr || !other->present()) return std::nullopt;
  return ReadOneAChannel(*other, is_factor, channels, rank);
}

bool MayFollow(const NetworkNode& head, std::span<const NetworkNode* const> before,
               const NetworkNode& next) {
  constexpr std::size_t kMost = 6;
  const bool is_conv = head.domain.empty() && head.op == "Conv";
  const bool is_product = head.domain.empty() && (head.op == "Gemm" || head.op == "MatMul");
  if (before.size() >= kMost || next.outputs.size() != 1) return false;
  // Whether there is an activation is known without operands, save for Clip, which may be one.
  const bool activates =
      next.op == "Clip" || ReadActivation(next, [](std::size_t) { return nullptr; }).has_value();
  if (activates) return is_conv || is_product || IsSum(head) || IsChannelAffine(head);
  if (is_product) return before.empty() && IsSum(next);  // a bias
  const auto is_affine = [](const NetworkNode& node) {
    return IsChannelAffine(node) || IsProduct(node) || IsSum(node);
  };
  if (!is_conv && !IsChannelAffine(head)) return false;
  if (is_conv && IsSum(next)) return true;  // the kernel sees whether it can
  if (is_conv && HasGroups(head) && MayShuffle(before, next)) return true;
  return is_affine(next) && (before.empty() || is_affine(*before.back()));
}

std::function<const Value*(std::size_t)> OperandsOf(const Follower& follower) {
  return [&follower](std::size_t i) -> const Value* {
    return i < follower.operands.size() ? follower.operands[i] : nullptr;
  };
}

}  // namespace dlv::kernels
