#pragma once
/// \file
/// A network as queries walk over it.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "dlv/network.h"
#include "engine/network/adjacency.h"

namespace dlv::query {

class GraphView {
 public:
  explicit GraphView(std::shared_ptr<const Network> network) : network_(std::move(network)) {}
  GraphView(const GraphView&) = delete;
  GraphView& operator=(const GraphView&) = delete;

  const Network& network() const { return *network_; }
  const std::shared_ptr<const Network>& shared() const { return network_; }
  /// Made when first asked for.
  const network::Adjacency& adjacency();

  /// Use of a node's output by a node.
  struct Edge {
    std::uint32_t source = 0, port = 0, target = 0, operand = 0;
  };
  const std::vector<Edge>& edges();

 private:
  std::shared_ptr<const Network> network_;
  std::optional<network::Adjacency> adjacency_;
  std::optional<std::vector<Edge>> edges_;
};

/// Nodes that read an input of the network, ascending.
std::vector<std::uint32_t> InputNodes(const Network& network);
/// Nodes that make an output of the network, ascending.
std::vector<std::uint32_t> OutputNodes(const Network& network);
/// The attribute of that name; null where the node has none.
const AttributeValue* FindAttribute(const NetworkNode& node, std::string_view name);
/// Elements of the node's parameters; nothing where a shape is not known.
std::optional<std::int64_t> ParameterElements(const Network& network, std::size_t node);
/// Places in `parameters` of those that the node reads as `role` ("weight", "bias", "mean",
/// "variance"; "": all), in the order of its operands.
std::vector<std::uint32_t> ParametersOf(const Network& network, std::size_t node,
                                        std::string_view role);

}  // namespace dlv::query
