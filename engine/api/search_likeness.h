#pragma once
/// \file
/// How much two networks, or two sets of tensors, are alike.

#include <string>
#include <unordered_map>

#include "dlv/network.h"
#include "storage/archive/layout.h"

namespace dlv::api {

/// What something has, each with a weight that grows with how often it has it.
using Features = std::unordered_map<std::string, double>;

/// Operators, operators with their window and output channels, and pairs of neighbours.
Features FeaturesOf(const Network& network);
/// Tensors by type and shape, and by name.
Features FeaturesOf(const archive::Layout& layout);

/// Sum of the smaller weights over the sum of the greater: 1 for equal features, 0 for none in
/// common or none at all.
double Likeness(const Features& a, const Features& b);

}  // namespace dlv::api
