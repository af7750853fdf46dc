#include "engine/kernels/cpu/convolution_tail.h"

#include <algorithm>

#include "engine/kernels/cpu/shuffle.h"

namespace dlv::kernels {
namespace {

/// The scale and shift of a follower that has no other kind before it.
std::optional<ChannelAffine> AffineOf(const Follower& follower, const ConvOperands& conv,
                                      const ConvolutionTail& tail) {
  if (tail.affines.size() + 1 != tail.ops.size()) return std::nullopt;
  return ReadAffine(follower, conv.channels.out, conv.out.size());
}

/// Whether the kernel can do the next follower too; adds it.
bool Extend(const Call& call, const Follower& follower, const ConvOperands& conv,
            ConvolutionTail& tail) {
  tail.ops.emplace_back();
  if (auto affine = AffineOf(follower, conv, tail)) {
    tail.affines.push_back(std::move(*affine));
    return call.IsFixed(1) && (!call.Has(2) || call.IsFixed(2));
  }
  if (IsSum(*follower.node)) {
    const Value* addend = Addend(follower);
    if (tail.sum != SIZE_MAX || follower.is_fixed) return false;
    tail.sum = tail.ops.size() - 1;
    return addend != nullptr && addend->present() && addend->dtype() == DType::kF32 &&
           addend->shape() == conv.out;
  }
  tail.ops.back() = ReadActivation(*follower.node, OperandsOf(follower));
  return tail.ops.back().has_value() && call.all_finite();
}

Shape AddendShape(const Call& call) {
  for (const Follower& follower : call.followers()) {
    if (!IsSum(*follower.node) || follower.is_fixed) continue;
    const Value* addend = Addend(follower);
    return addend == nullptr || !addend->present() ? Shape() : addend->shape();
  }
  return {};
}

}  // namespace

std::vector<ChannelAffine> ConvolutionTail::AffinesOf(std::size_t taken) const {
  std::vector<ChannelAffine> some = affines;
  some.resize(std::min({affines.size(), taken, count}));
  return some;
}

const Value* Addend(const Follower& follower) { return follower.operands[1 - follower.fed]; }

ConvolutionTail ReadConvolutionTail(const Call& call, const ConvOperands& conv) {
  ConvolutionTail tail;
  for (const Follower& follower : call.followers()) {
    if (!Extend(call, follower, conv, tail)) break;
    ++tail.count;
  }
  tail.shuffled_parts =
      ReadShuffle(call, call.followers().subspan(tail.count), conv.out).value_or(0);
  return tail;
}

ConvolutionFit FitOf(const Call& call) {
  return {DescOf(call.In(0)), AddendShape(call), call.threads(), call.all_finite()};
}

std::vector<float> Scaled(std::span<const float> weights,
                          const std::vector<ChannelAffine>& affines) {
  std::vector<float> scaled(weights.begin(), weights.end());
  if (affines.empty()) return scaled;
  const std::size_t each = scaled.size() / affines[0].scale.size();
  for (std::size_t i = 0; i < scaled.size(); ++i) {
    double value = scaled[i];
    for (const ChannelAffine& affine : affines) value *= affine.scale[i / each];
    scaled[i] = static_cast<float>(value);
  }
  return scaled;
}

std::vector<float> Shifted(const Value& bias, const std::vector<ChannelAffine>& affines) {
  std::vector<float> shifted(affines[0].shift.size());
  for (std::size_t i = 0; i < shifted.size(); ++i) {
    double value = bias.present() ? bias.As<float>()[i] : 0;
    for (const ChannelAffine& affine : affines) value = value * affine.scale[i] + affine.shift[i];
    shifted[i] = static_cast<float>(value);
  }
  return shifted;
}

}  // namespace dlv::kernels
