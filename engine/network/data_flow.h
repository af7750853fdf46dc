#pragma once
/// \file
/// What a node's outputs depend on.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "engine/network/node_set.h"

namespace dlv::network {

struct Outline;  // engine/network/outline.h
struct OutlineNode;

enum class Dependence : std::uint8_t {
  kWeights,  ///< parameters and constants only
  kShapes,   ///< on inputs too, but only through their sizes
  kData,     ///< on inputs, on enclosing values, or on chance
};

/// One a node. Nodes must be in topological order.
std::vector<Dependence> DependenceOf(const Network& network);
std::vector<Dependence> DependenceOf(const Outline& network);
/// Whether DependenceOf and Producers surely say the same of both. O(nodes that are encoded
/// otherwise), where one was read behind the other (outline.h).
bool FlowsAlike(const Outline& a, const Outline& b);

/// Names of enclosing values that a node's subgraphs read, at any depth, as far as they do not
/// define them themselves. Ascending, each once.
std::vector<std::string> OuterNames(const NetworkNode& node);
std::vector<std::string> OuterNames(const OutlineNode& node);

/// For every node those that it reads, by operand or from its subgraphs. Nodes in any order.
class Producers {
 public:
  explicit Producers(const Network& network);
  explicit Producers(const Outline& network);
  /// Ascending, each once.
  std::span<const NodeIndex> Of(std::size_t node) const {
    return std::span(found_).subspan(begin_[node], begin_[node + 1] - begin_[node]);
  }

 private:
  template <class Graph>
  void Collect(const Graph& network);

  std::vector<std::uint32_t> begin_;
  std::vector<NodeIndex> found_;
};

}  // namespace dlv::network
