#pragma once
/// \file
/// The difference of two networks.

#include <string>

#include "dlv/network.h"

namespace dlv::network {

/// Matches nodes by name; of the rest, those of the same operator that stand at the same place
/// (same attributes and parameter shapes, neighbours already matched, or the only pair of their
/// kind) are renamed or changed; what is left was added or removed. Operands compare by the names
/// of what they read, so that a node whose input was renamed is itself unchanged.
NetworkDiff DiffNetworks(const Network& before, const Network& after);

/// Returns "[3, 3]", "0.1", "\"SAME_UPPER\"", "f32 [2, 2]", "network of 7 nodes".
std::string AttributeText(const AttributeValue& value);

}  // namespace dlv::network
