#pragma once
/// \file
/// A network as queries walk over it.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "engine/network/adjacency.h"
#include "engine/network/outline.h"

namespace dlv::query {

class GraphView {
 public:
  GraphView() = default;
  GraphView(const GraphView&) = delete;
  GraphView& operator=(const GraphView&) = delete;

  /// Makes it that of the network; see Outline::Read.
  Status Read(std::span<const std::byte> encoding);
  /// The same; it shares with `last` (may be null) what is alike. `records` are given out of.
  Status Read(std::span<const std::byte> encoding, const GraphView* last, std::uint64_t& records);

  const network::Outline& outline() const { return outline_; }
  std::uint32_t node_count() const { return static_cast<std::uint32_t>(outline_.nodes.size()); }
  const network::OutlineNode& node(std::uint32_t place) const { return outline_.nodes[place]; }

  // Made when first asked for:
  const network::Adjacency& adjacency();
  /// All of it, for those who cut and change it.
  /// Errors: kCorruption, kUnsupported (what an Outline does not check).
  Result<const Network*> Decoded();

  /// Use of a node's output by a node.
  struct Edge {
    std::uint32_t source = 0, port = 0, target = 0, operand = 0;
  };
  const std::vector<Edge>& edges();

 private:
  network::Outline outline_;
  std::optional<Network> decoded_;
  /// Shared by networks read one after the other of which everybody follows the same.
  std::shared_ptr<std::optional<network::Adjacency>> adjacency_;
  std::optional<std::vector<Edge>> edges_;
};

/// Nodes that read an input of the network, ascending.
std::vector<std::uint32_t> InputNodes(const network::Outline& network);
/// Nodes that make an output of the network, ascending.
std::vector<std::uint32_t> OutputNodes(const network::Outline& network);
/// Elements of the node's parameters; nothing where a shape is not known.
std::optional<std::int64_t> ParameterElements(const network::Outline& network, std::size_t node);
/// Places in `parameters` of those that the node reads as `role` ("weight", "bias", "mean",
/// "variance"; "": all), in the order of its operands.
std::vector<std::uint32_t> ParametersOf(const network::Outline& network, std::size_t node,
                                        std::string_view role);

}  // namespace dlv::query
