#pragma once
/// \file
/// What the kernels of Conv share: what follows the node, as far as they may take it along, and
/// what they keep.

#include <optional>
#include <span>
#include <vector>

#include "engine/kernels/cpu/channel_affine.h"
#include "engine/kernels/cpu/post_ops.h"
#include "engine/kernels/reference/convolution_operands.h"

namespace dlv::kernels {

/// What the followers do: scales and shifts of channels, then sums and activations.
struct ConvolutionTail {
  std::vector<ChannelAffine> affines;
  std::vector<std::optional<Activation>> ops;  ///< one a follower; nothing: another kind
  std::size_t sum = SIZE_MAX;                  ///< the follower that adds
  std::size_t count = 0;                       ///< followers that may be taken along
  /// Behind these, channels are shuffled in so many parts; 0: they are not.
  std::int64_t shuffled_parts = 0;

  /// Whether the first `taken` do more than scale and shift.
  bool HasOps(std::size_t taken) const { return taken > affines.size(); }
  /// The scales and shifts among the first `taken`.
  std::vector<ChannelAffine> AffinesOf(std::size_t taken) const;
};
ConvolutionTail ReadConvolutionTail(const Call& call, const ConvOperands& conv);

/// The other operand of a follower that adds two.
const Value* Addend(const Follower& follower);
/// Weights and bias with scales and shifts multiplied in, in double. `bias` may be not present;
/// `affines` must not be empty for `Shifted`.
std::vector<float> Scaled(std::span<const float> weights,
                          const std::vector<ChannelAffine>& affines);
std::vector<float> Shifted(const Value& bias, const std::vector<ChannelAffine>& affines);

/// What decides whether a convolution that was made ready once fits a call.
struct ConvolutionFit {
  memory::desc input;
  Shape addend;  ///< of what a follower adds
  unsigned threads = 1;
  bool all_finite = false;
  bool operator==(const ConvolutionFit&) const = default;
};
ConvolutionFit FitOf(const Call& call);

/// A convolution ready to run.
struct ConvolutionWork : KeptWork {
  ConvolutionFit fit;
  std::size_t absorbed = 0;
  ConvOperands conv;

  virtual Status Convolve(Call& call) const = 0;
};

}  // namespace dlv::kernels
