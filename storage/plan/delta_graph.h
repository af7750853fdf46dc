#pragma once
/// \file
/// The delta graph: what each tensor could be stored against, and what that costs.
///
/// Nodes are tensors; node 0 is the empty tensor. An edge from 0 materialises a tensor, any other
/// edge codes it against another tensor. Edges are directed (a delta and its reverse may differ)
/// and may be parallel (the same base with another codec, or on another tier of storage).
/// Source: Miao, Li, Davis, Deshpande, Towards Unified Data and Lifecycle Management for Deep
/// Learning, ICDE 2017, definitions 1 and 2.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dlv/result.h"

namespace dlv::plan {

using Node = std::uint32_t;
using EdgeIndex = std::uint32_t;

inline constexpr Node kRoot = 0;
inline constexpr EdgeIndex kNoEdge = static_cast<EdgeIndex>(-1);

struct Edge {
  Node from = kRoot;              ///< the base; kRoot: materialise
  Node to = kRoot;                ///< the tensor that is stored
  std::uint32_t tag = 0;          ///< the caller's; nothing here looks at it
  double storage_bytes = 0;       ///< whole numbers up to 2^53 are exact
  double recreation_seconds = 0;  ///< to make `to` once `from` is there
};

/// Edges with indices one after the other. (std::views::iota is more than clang 14 can do with this
/// library.)
class EdgeRange {
 public:
  class Iterator {
   public:
    explicit Iterator(EdgeIndex at) : at_(at) {}
    EdgeIndex operator*() const { return at_; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    EdgeIndex at_;
  };

  EdgeRange(EdgeIndex first, EdgeIndex end) : first_(first), end_(end) {}
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(end_); }
  EdgeIndex front() const { return first_; }
  EdgeIndex back() const { return end_ - 1; }

 private:
  EdgeIndex first_, end_;
};

/// Immutable; const methods may run together. Takes 36 bytes an edge and 8 a node.
class DeltaGraph {
 public:
  /// Takes tensors 1 to `tensor_count` and their edges, in any order.
  /// Errors: kInvalidArgument (a node that does not exist, an edge into the root or to itself, a
  /// cost that is negative or not finite, a tensor that no path from the root reaches).
  static Result<DeltaGraph> Build(std::size_t tensor_count, std::vector<Edge> edges);

  std::size_t tensor_count() const { return node_count() - 1; }
  std::size_t node_count() const { return first_incoming_.size() - 1; }
  std::size_t edge_count() const { return edges_.size(); }
  const Edge& edge(EdgeIndex index) const { return edges_[index]; }

  /// Returns the edges into `node`; those of one node are numbered one after the other, in the
  /// order in which they were given.
  EdgeRange incoming(Node node) const { return {first_incoming_[node], first_incoming_[node + 1]}; }
  /// Returns the edges out of `node`.
  std::span<const EdgeIndex> outgoing(Node node) const {
    return std::span(outgoing_).subspan(first_outgoing_[node],
                                        first_outgoing_[node + 1] - first_outgoing_[node]);
  }
  std::size_t memory_bytes() const;

 private:
  DeltaGraph() = default;
  Status CheckReachable() const;

  std::vector<Edge> edges_;  ///< by `to`
  std::vector<EdgeIndex> first_incoming_;
  std::vector<EdgeIndex> outgoing_;  ///< edges by `from`
  std::vector<EdgeIndex> first_outgoing_;
};

/// A storage plan: for each node the edge by which it is stored; kNoEdge for the root. Each tensor
/// has one stored form, so a plan is a tree, whatever the scheme of retrieval.
using Plan = std::vector<EdgeIndex>;

}  // namespace dlv::plan
