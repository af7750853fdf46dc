#pragma once
/// \file
/// The plan from which everything loads fastest, whatever it takes to store.

#include <optional>
#include <span>
#include <vector>

#include "storage/plan/delta_graph.h"

namespace dlv::plan {

/// Returns the shortest path tree by recreation cost; of equally fast ways, the one that takes
/// less. Each tensor loads as fast as it can in any plan, so where a budget of the independent or
/// parallel scheme is not met here, it cannot be met.
/// Source: Dijkstra, A note on two problems in connexion with graphs, 1959. O(m log n).
Plan ShortestPathTree(const DeltaGraph& graph);

/// Returns by node the length of the shortest path from the root. `forced` may name for each node
/// the only edge by which it may be stored (kNoEdge: any); what then is out of reach is at
/// infinity.
std::vector<double> ShortestPathSeconds(const DeltaGraph& graph,
                                        std::span<const EdgeIndex> forced = {});

}  // namespace dlv::plan
