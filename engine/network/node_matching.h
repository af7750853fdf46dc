#pragma once
/// \file
/// Which node of one network is which of another.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dlv/network.h"

namespace dlv::network {

inline constexpr std::size_t kNoMatch = SIZE_MAX;

/// Places of partners; kNoMatch: there is none.
struct NodeMatching {
  std::vector<std::size_t> to_after;   ///< by node before
  std::vector<std::size_t> to_before;  ///< by node after
  std::vector<std::size_t> inputs_to_before;
};

/// Matches nodes by names that tell something (not "Relu_12", which is the operator and a place);
/// then those that read the same matched nodes and are of one kind (operator, attributes, shapes
/// of parameters), or have the same operator, or do so behind up to three nodes that have no
/// partner; then by the other names; and at last the only nodes of one kind. Inputs are matched by
/// name, else by place where both networks have as many. Time is proportional to the edges.
NodeMatching MatchNodes(const Network& before, const Network& after);

/// Returns what a node is without names: operator, attributes, shapes of parameters.
std::string KindText(const Network& network, const NetworkNode& node);

}  // namespace dlv::network
