#pragma once
/// \file
/// A plan that is being changed: the tree with paths and depths kept up to date.

#include <cstdint>
#include <vector>

#include "storage/plan/delta_graph.h"

namespace dlv::plan {

/// Nodes may be detached while a tree grows. A move costs the size of the subtree that moves. The
/// graph must outlive it. Not thread-safe.
class PlanTree {
 public:
  /// The root alone.
  explicit PlanTree(const DeltaGraph& graph);
  /// All of `plan`, which must be a tree.
  PlanTree(const DeltaGraph& graph, const Plan& plan);

  const DeltaGraph& graph() const { return *graph_; }
  const Plan& plan() const { return parent_edge_; }
  bool attached(Node node) const { return node == kRoot || parent_edge_[node] != kNoEdge; }
  EdgeIndex parent_edge(Node node) const { return parent_edge_[node]; }
  Node parent(Node node) const { return graph_->edge(parent_edge_[node]).from; }
  const Edge& stored(Node node) const { return graph_->edge(parent_edge_[node]); }
  /// The length of the path from the root; 0 for the root.
  double path_seconds(Node node) const { return path_seconds_[node]; }
  /// Deltas on the path; 0 for a materialised tensor.
  std::uint32_t depth(Node node) const { return depth_[node]; }
  double storage_bytes() const { return storage_bytes_; }

  /// Returns whether `node` is `top` or stands below it. Costs the length of the path.
  bool IsWithin(Node node, Node top) const;
  /// Returns how much shorter the path to `edge.to` (and to all below it) becomes by way of `edge`.
  double Drop(const Edge& edge) const {
    return path_seconds_[edge.to] - path_seconds_[edge.from] - edge.recreation_seconds;
  }

  /// Stores the tensor that `edge` leads to by that edge. The edge must not come from below it; a
  /// detached node must have nothing below it.
  void Move(EdgeIndex edge);

  /// Calls `visit(node)` for `top` and everything below, parents first.
  template <class Visit>
  void ForSubtree(Node top, Visit visit) const {
    for (Node node = top;;) {
      visit(node);
      if (first_child_[node] != kRoot) {
        node = first_child_[node];
        continue;
      }
      while (node != top && next_[node] == kRoot) node = parent(node);
      if (node == top) return;
      node = next_[node];
    }
  }

 private:
  void Unlink(Node node);
  void Link(Node node);

  const DeltaGraph* graph_;
  Plan parent_edge_;
  std::vector<double> path_seconds_;
  std::vector<std::uint32_t> depth_;
  // Children of a node in a doubly linked list; kRoot, which is nobody's child, ends it.
  std::vector<Node> first_child_;
  std::vector<Node> next_;
  std::vector<Node> previous_;
  double storage_bytes_ = 0;
};

}  // namespace dlv::plan
