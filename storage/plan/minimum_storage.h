#pragma once
/// \file
/// The plan that takes the least storage, however long loading takes.

#include <optional>
#include <span>

#include "storage/plan/delta_graph.h"

namespace dlv::plan {

/// Returns the spanning arborescence of least storage; of equally small ones, one with the least
/// sum of recreation costs of its edges.
/// Sources: Chu, Liu, On the shortest arborescence of a directed graph, 1965; Edmonds, Optimum
/// branchings, 1967; the order of work and the heaps: Gabow, Galil, Spencer, Tarjan, Efficient
/// algorithms for finding minimum spanning trees in undirected and directed graphs, 1986, section
/// 3 (with leftist heaps in the place of Fibonacci heaps). O(m log m).
Plan MinimumStorageTree(const DeltaGraph& graph);

/// The same where some nodes may be stored by one edge only: `forced` has that edge for them and
/// kNoEdge for others. Nothing where no tree has all of these edges.
std::optional<Plan> MinimumStorageTree(const DeltaGraph& graph, std::span<const EdgeIndex> forced);

}  // namespace dlv::plan
