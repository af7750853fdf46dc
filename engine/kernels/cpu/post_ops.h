#pragma once
/// \file
/// Activations and sums that oneDNN computes at the end of another primitive.

#include <optional>
#include <utility>

#include "engine/kernels/cpu/channel_affine.h"
#include "engine/kernels/cpu/onednn.h"

namespace dlv::kernels {

/// A function of one element as oneDNN names it.
struct Activation {
  dnnl::algorithm algorithm = dnnl::algorithm::undef;
  float alpha = 0, beta = 0;
  bool keeps_zero = true;  ///< so that room between elements stays zero
};

/// Returns what the node is to oneDNN, or nothing. `operand` as in ReadChannelAffine: the bounds of
/// Clip must be known.
std::optional<Activation> ReadActivation(const NetworkNode& node,
                                         const std::function<const Value*(std::size_t)>& operand);

/// Lower and upper bound of an activation that is nothing else.
std::optional<std::pair<float, float>> BoundsOf(const Activation& activation);

/// Whether the node adds two values, and nothing else; or multiplies them.
bool IsSum(const NetworkNode& node);
bool IsProduct(const NetworkNode& node);

/// The operands of a follower as a function.
std::function<const Value*(std::size_t)> OperandsOf(const Follower& follower);

/// Scale and shift of a follower that is a normalisation, or a factor or summand of one number a
/// channel, the same in every run, behind values of `rank` axes.
std::optional<ChannelAffine> ReadAffine(const Follower& follower, std::int64_t channels,
                                        std::size_t rank);

}  // namespace dlv::kernels
