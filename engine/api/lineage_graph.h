#pragma once
/// \file
/// Versions and the edges between them, in memory: what every question about lineage walks over.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "dlv/lineage.h"
#include "storage/catalog/lineage_rows.h"

namespace dlv::api {

/// A version of the graph. Those that are here come first, in the order of their commits; then
/// parents that are not here.
using Node = std::uint32_t;

/// Const methods may run together. Edges may form cycles: nothing here relies on there being none.
class LineageGraph {
 public:
  struct Edge {
    Node child = 0, parent = 0;
    std::uint32_t ordinal = 0;
    Relation relation = Relation::kRetrain;
    bool inferred = false;
  };

  explicit LineageGraph(catalog::LineageRows rows);

  std::size_t size() const { return ids_.size(); }
  /// Versions that are here are the nodes below this.
  std::size_t present_count() const { return rows_.versions.size(); }
  bool IsPresent(Node node) const { return node < present_count(); }
  /// Where two models have a version of one id, the first.
  std::optional<Node> Find(const VersionId& id) const;

  const VersionId& id(Node node) const { return ids_[node]; }
  /// Only of a version that is here.
  catalog::Row row(Node node) const { return rows_.versions[node].row; }
  LineageVersion Version(Node node) const;
  std::vector<LineageVersion> Versions(std::span<const Node> nodes) const;

  /// Edges to the parents, by ordinal.
  std::span<const Edge> Parents(Node node) const;
  /// Places in `edges()` of the edges from the children, in the order of their commits.
  std::span<const std::uint32_t> ChildEdges(Node node) const;
  std::span<const Edge> edges() const { return edges_; }

  /// For each node its place in an order that has parents before children. Nodes of a cycle come
  /// last.
  std::vector<std::uint32_t> Order() const;

 private:
  Node NodeFor(const catalog::LineageRows::Parent& parent);
  void AddEdges();

  catalog::LineageRows rows_;
  std::vector<VersionId> ids_;              // by node
  std::vector<std::uint32_t> away_models_;  // of nodes that are not here
  std::unordered_map<VersionId, Node> nodes_;
  std::vector<Edge> edges_;                 // by child, then by ordinal
  std::vector<std::uint32_t> first_edge_;   // by node, and one more
  std::vector<std::uint32_t> child_edges_;  // places in edges_, by parent
  std::vector<std::uint32_t> first_child_;  // by node, and one more
};

enum class Direction : std::uint8_t { kAncestors, kDescendants };

/// Walks breadth first, each node once, without the node it begins at; finds no more than it is
/// asked for. The graph must outlive it.
class GraphWalk {
 public:
  struct Step {
    Node node = 0;
    std::size_t depth = 0;
    const LineageGraph::Edge* edge = nullptr;  ///< that led here
  };

  GraphWalk(const LineageGraph& graph, Node start, Direction direction, LineageFilter filter);
  std::optional<Step> Next();

 private:
  void Expand(const Step& step);
  void Follow(const LineageGraph::Edge& edge, std::size_t depth);

  const LineageGraph& graph_;
  Direction direction_;
  LineageFilter filter_;
  std::uint32_t relations_ = 0;  // bits
  std::vector<bool> seen_;
  std::deque<Step> found_;     // not given yet
  std::optional<Step> given_;  // its neighbours have not been looked at
};

/// The nodes that the walk reaches, and `start` itself.
std::vector<bool> Reach(const LineageGraph& graph, Node start, Direction direction);
/// One shortest way over edges in either direction, both ends included; empty: there is none.
std::vector<Node> ShortestPath(const LineageGraph& graph, Node from, Node to);
/// The common ancestors that no other common ancestor descends from.
std::vector<Node> LowestCommon(const LineageGraph& graph, Node a, Node b);
/// The version and its first parents, the oldest first.
std::vector<Node> FirstParents(const LineageGraph& graph, Node start);

}  // namespace dlv::api
