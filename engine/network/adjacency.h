#pragma once
/// \file
/// Who comes after whom: what `.next`, `.prev` and `.next*` of DQL walk over.
///
/// Only nodes on the way of data count. A node that computes from weights and constants alone
/// (a Reshape of a weight), or from data only through Shape or Size, is no neighbour of anybody.

#include <span>
#include <vector>

#include "dlv/network.h"
#include "engine/network/data_flow.h"
#include "engine/network/node_set.h"

namespace dlv::network {

class Adjacency {
 public:
  /// O(nodes + operands). The network need not stay alive. A node with subgraphs reads what they
  /// read.
  explicit Adjacency(const Network& network);
  explicit Adjacency(const Outline& network);

  std::size_t size() const { return next_begin_.size() - 1; }
  /// Nodes that read an output of `node`, ascending, each once; see the file's comment.
  std::span<const NodeIndex> next(NodeIndex node) const {
    return {next_.data() + next_begin_[node], next_.data() + next_begin_[node + 1]};
  }
  std::span<const NodeIndex> prev(NodeIndex node) const {
    return {prev_.data() + prev_begin_[node], prev_.data() + prev_begin_[node + 1]};
  }
  /// Nodes on the way of data.
  const NodeSet& data() const { return data_; }

  NodeSet Next(const NodeSet& from) const;  ///< one step
  NodeSet Prev(const NodeSet& from) const;
  /// All nodes that can be reached in one or more steps. O(nodes + edges).
  NodeSet After(const NodeSet& from) const;
  NodeSet Before(const NodeSet& from) const;

 private:
  Adjacency(const std::vector<Dependence>& dependence, const Producers& producers);

  std::vector<std::uint32_t> next_begin_, prev_begin_;
  std::vector<NodeIndex> next_, prev_;
  NodeSet data_;
};

}  // namespace dlv::network
