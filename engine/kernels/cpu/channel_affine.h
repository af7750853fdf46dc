#pragma once
/// \file
/// Operators that are y = x * scale[c] + shift[c] once their parameters are known:
/// BatchNormalization, and Caffe's BatchNorm, Scale and Bias.

#include <functional>
#include <optional>
#include <vector>

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// In double; one a channel.
struct ChannelAffine {
  std::vector<double> scale, shift;
};

/// Whether the node is one of them, as far as its attributes say.
bool IsChannelAffine(const NetworkNode& node);

/// Returns what the node does, or nothing where its operands do not fit `channels`. `operand(i)` is
/// null where it is left out; operand 0 is the input, and not asked for.
std::optional<ChannelAffine> ReadChannelAffine(
    const NetworkNode& node, const std::function<const Value*(std::size_t)>& operand,
    std::int64_t channels);

/// What adding `other` does (or multiplying by it: `is_factor`) to values of `rank` axes with so
/// many channels, on axis 1, where it is one number a channel.
std::optional<ChannelAffine> ReadOneAChannel(const Value& other, bool is_factor,
                                             std::int64_t channels, std::size_t rank);

}  // namespace dlv::kernels
