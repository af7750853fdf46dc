#pragma once
/// \file
/// Moves taken one after the other by their gain a byte until all budgets are met: the frame that
/// PAS-MT and LMG-All share.

#include <functional>

#include "storage/plan/working_plan.h"

namespace dlv::plan {

/// Returns the worth in seconds of storing the node in focus by the edge; nothing is moved for a
/// worth of 0 or less.
using MoveWorth = std::function<double(const WorkingPlan&, EdgeIndex)>;

struct GreedyOptions {
  /// Nodes that stay where they are.
  std::function<bool(Node)> is_fixed;
  /// Only nodes whose move can relieve something that is overrun are looked at.
  bool only_overrun = true;
};

/// Repeats the move with the most worth per byte that the objective grows (moves at no cost first)
/// while a budget is overrun and a move is worth something.
///
/// Gains are kept in a heap, one entry a node. A move changes the gains of what moved, of what can
/// be stored against that, and of what stands above its old and new place: those are computed again
/// at once. Elsewhere gains only shrink (an overrun that others have lowered), so an entry is
/// computed again when it comes to the top, and sinks if it no longer belongs there. Under the
/// reusable scheme gains elsewhere may also grow; there the heap is filled again when it runs dry.
/// Worst case O(m) moves of O(m) gains, as in the papers; a move usually touches a few nodes.
void GreedyMoves(WorkingPlan& plan, const MoveWorth& worth, const GreedyOptions& options = {});

}  // namespace dlv::plan
