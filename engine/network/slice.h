#pragma once
/// \file
/// `slice`: the part of a network between nodes.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "engine/network/node_set.h"

namespace dlv::network {

/// `m["x"]`, or `m["x"].out[1]`.
struct NodePort {
  NodeIndex node = 0;
  std::optional<std::uint32_t> port;  ///< all that are used, or are outputs of the network
};

struct SliceRequest {
  std::string name;               ///< of the new network
  std::vector<NodeIndex> inputs;  ///< at least one; they belong to the slice
  std::vector<NodePort> outputs;  ///< at least one; they belong to the slice
  bool with_closure = false;
};

struct SliceResult {
  Network network;
  /// What became an extra input: "pool2 became an input: fc7 reads it, and it does not follow
  /// conv1".
  std::vector<std::string> notes;
  std::vector<std::string> extra_inputs;  ///< names of these inputs
};

/// Returns the network of all nodes on paths from the inputs to the outputs; operands that do not
/// derive from the inputs become extra inputs, or with `with_closure` bring their ancestors along.
/// Nodes that compute from parameters and constants alone always come along. Parameters and
/// constants in use are kept, names of nodes stay. Shapes are inferred anew.
/// Errors: kInvalidArgument (no path: names the ends that are not connected; an output's port that
/// does not exist; an empty set of nodes).
Result<SliceResult> Slice(const Network& network, const SliceRequest& request);

}  // namespace dlv::network
