#pragma once
/// \file
/// Changes of a logical plan that keep its rows and make it cheaper. Each is one function, works by
/// itself, and says whether it changed anything. docs/dql.md, "How a query runs", lists them.

#include <span>
#include <string_view>

#include "dlv/result.h"
#include "engine/query/logical_plan.h"

namespace dlv::query {

/// Computes parts of conditions that are constant. An error in such a part (1/0 is none) stays
/// where it is, so that it is only met where a row meets it.
bool FoldConstants(LogicalPlan& plan);

/// Makes conditions joined by `and` into conditions of their own.
bool SplitConjunctions(LogicalPlan& plan);

/// Makes `figure between a and b` of weights two comparisons, each of which reads planes only until
/// it is decided.
bool SplitFigureRanges(LogicalPlan& plan);

/// Moves conditions down to the first place where their variables are known. Nothing of `where`
/// goes below the optional side of a left join, or onto it.
bool PushFiltersDown(LogicalPlan& plan);

/// Turns `x.version = E` on a source, where E does not name x, into a look-up of that version's
/// rows: relations are sorted by version.
bool UseVersionIndex(LogicalPlan& plan);

/// Asks conditions that read nothing of a relation's rows but their version once a version, before
/// its rows are read: `n.version.name = "lenet"`.
bool AskVersionsFirst(LogicalPlan& plan);

/// Asks conditions on `input` and `truth` of answers before a network runs, which then answers for
/// the chosen inputs alone.
bool AskInputsFirst(LogicalPlan& plan);

/// Turns `s.name = "loss"` on metrics into reading that series only.
bool UseMetricNames(LogicalPlan& plan);

/// Turns equalities between a join's sides into a hash join, where the right side stands alone.
bool UseHashJoins(LogicalPlan& plan);

/// Orders the conditions of each filter: metadata before nested queries before networks before
/// weights.
bool OrderByCost(LogicalPlan& plan);

/// Keeps only as many rows while sorting as a limit asks for.
bool KeepTopRows(LogicalPlan& plan);

struct Rewrite {
  std::string_view name;
  bool (*apply)(LogicalPlan& plan);
};

/// All of them in the order in which they are applied.
std::span<const Rewrite> Rewrites();

/// Applies all of them, and writes down which changed something.
void ApplyRewrites(LogicalPlan& plan);

}  // namespace dlv::query
