#pragma once
/// \file
/// Activations and sums that oneDNN computes at the end of another primitive.

#include <optional>

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

/// Whether the node adds two values, and nothing else.
bool IsSum(const NetworkNode& node);

/// The operands of a follower as a function.
std::function<const Value*(std::size_t)> OperandsOf(const Follower& follower);

}  // namespace dlv::kernels
