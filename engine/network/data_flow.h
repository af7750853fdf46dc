#pragma once
/// \file
/// What a node's outputs depend on.

#include <cstdint>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "engine/network/node_set.h"

namespace dlv::network {

enum class Dependence : std::uint8_t {
  kWeights,  ///< parameters and constants only
  kShapes,   ///< on inputs too, but only through their sizes
  kData,     ///< on inputs, on enclosing values, or on chance
};

/// One a node. Nodes must be in topological order.
std::vector<Dependence> DependenceOf(const Network& network);

/// Names of enclosing values that a node's subgraphs read, at any depth, as far as they do not
/// define them themselves. Ascending, each once.
std::vector<std::string> OuterNames(const NetworkNode& node);

/// Calls `function(producer)` for every node that `node` reads, by operand or from its subgraphs.
class Producers {
 public:
  explicit Producers(const Network& network);
  /// Ascending, each once.
  const std::vector<NodeIndex>& Of(std::size_t node);

 private:
  const Network& network_;
  std::vector<std::pair<std::string, NodeIndex>> by_value_;  ///< only if there are subgraphs
  std::vector<NodeIndex> found_;
};

}  // namespace dlv::network
