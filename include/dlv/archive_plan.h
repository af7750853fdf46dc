#pragma once
/// \file
/// What storing tensors against other bases would save, and what loading would cost then.
///
/// Repository::PlanArchive weighs, for every tensor, storing it whole and storing it against
/// tensors that are near to it (its lineage, neighbouring snapshots, and whatever else looks like
/// it), and looks for the smallest repository in which each snapshot still loads within a budget.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dlv/ids.h"

namespace dlv {

struct ArchivePlan;

/// How long some snapshots may take to load.
struct LoadBudget {
  /// A model (all of its snapshots), or a version, an alias or a snapshot: "lenet", "lenet:best",
  /// "lenet:v3", "run:v1#2000".
  std::string reference;
  double times = 2;               ///< as ArchivePlanOptions::max_load_times
  std::optional<double> seconds;  ///< counts in place of `times` where it is given
  bool cold = false;              ///< in place of both: as ArchivePlanOptions::cold
};

/// How often some snapshots are loaded.
struct LoadFrequency {
  std::string reference;  ///< as LoadBudget::reference
  double loads_a_day = 0;
};

/// What is asked of a plan.
struct ArchivePlanOptions {
  /// How long a snapshot may take to load, in multiples of what it would take with every tensor
  /// stored without a base.
  double max_load_times = 2;
  /// The same in seconds; counts in place of `max_load_times` where it is given.
  std::optional<double> max_load_seconds;
  /// Snapshots are hardly ever loaded: they have no budget, and tensors that no other snapshot
  /// loads get forms that are a little smaller and slower to read. In place of both.
  bool cold = false;
  /// The speed at which coded bytes are taken to come from the disk, cold.
  double read_bytes_per_second = 500e6;
  /// Other budgets for what they name. Of several that name a snapshot the most particular counts:
  /// a snapshot's, its version's, its model's. Two that name the same contradict each other unless
  /// they are equal (kInvalidArgument).
  std::vector<LoadBudget> budgets;
  /// What is loaded often is stored for speed: a second of waiting a day is worth a megabyte of
  /// storage. Without this, and within the budgets, only bytes count. Of several that name a
  /// snapshot one counts as of budgets.
  std::vector<LoadFrequency> frequencies;
  /// Looks at everything anew. Otherwise samples and sizes that earlier plans have kept are used,
  /// and once Repository::Archive has left nothing to do, only what is new since (or loads over its
  /// budget) and what it touches is weighed, so that the work is in proportion to it.
  bool full = false;
  /// Repository::Archive shows the plan to this function before it writes anything, and stops where
  /// it returns false. None: yes.
  std::function<bool(const ArchivePlan&)> confirm;
};

/// A repository as it is, or as it would be.
struct ArchiveState {
  std::uint64_t bytes = 0;  ///< coded bytes of the tensors planned for
  double load_median = 0;   ///< predicted seconds to load a snapshot: of all snapshots the median,
  double load_p95 = 0;      ///< the 95th percentile,
  double load_worst = 0;    ///< and the longest
  std::uint32_t depth = 0;  ///< deltas in the longest chain
  /// Snapshots that take longer than their budgets allow, by more than the 5 % that a prediction is
  /// not certain of.
  std::uint64_t over_budget = 0;
};

/// A snapshot's share in a plan.
struct PlannedSnapshot {
  std::string reference;   ///< "NAME:vN", or "NAME:vN#STEP"
  double seconds_now = 0;  ///< predicted
  double seconds_planned = 0;
  double budget_seconds = 0;        ///< infinite where `cold`
  double materialised_seconds = 0;  ///< with every tensor stored without a base
  /// Set where nothing meets the budget: the least that the snapshot could take.
  std::optional<double> least_seconds;
  bool cold = false;  ///< as ArchivePlanOptions::cold
  /// LoadBudget::reference of the budget that counts for it; empty: ArchivePlanOptions::max_load_*.
  std::string budget_reference;
};

/// A model's share in a plan.
struct PlannedModel {
  std::string model;
  std::uint64_t snapshots = 0;
  std::uint64_t bytes_now = 0;  ///< what models share counts for the first of them
  std::uint64_t bytes_planned = 0;
  double worst_now = 0;  ///< seconds of the longest load, predicted
  double worst_planned = 0;
  std::uint64_t changes = 0;  ///< tensors that would get another base
};

/// A tensor that would be stored otherwise than now.
struct PlannedChange {
  TensorId tensor;
  std::optional<TensorId> base;  ///< none: without a base
  std::uint64_t bytes_now = 0;
  std::uint64_t bytes_planned = 0;
  std::uint32_t depth_planned = 0;
};

/// The answer.
struct ArchivePlan {
  std::uint64_t tensors = 0;  ///< planned for; those of a strip count as one
  /// Of these, tensors that stay as they are because an archive of everything left nothing to do
  /// for them, and nothing new concerns them. 0 with ArchivePlanOptions::full.
  std::uint64_t settled = 0;
  std::uint64_t candidates = 0;  ///< deltas weighed, their sizes estimated from samples
  std::uint64_t coded = 0;       ///< tensors coded to know a size exactly
  ArchiveState now;
  ArchiveState planned;
  std::uint64_t dependants = 0;  ///< tensors that keep their bases, but have to be written again
                                 ///< because those get deeper, or for cluster mates
  std::uint64_t left_out = 0;    ///< changes that a version in the trash, or the limit on chains
                                 ///< of deltas, forbids
  std::uint64_t recoded = 0;     ///< tensors that keep their bases and get smaller by more effort
  std::uint64_t cold = 0;        ///< tensors that would be written in cold forms
  std::uint64_t cold_saves_bytes = 0;  ///< what those forms save against the usual ones, about
  std::uint64_t bytes_to_write = 0;    ///< of all of these
  std::uint64_t free_bytes = 0;        ///< free space that carrying it out takes, until gc
  double seconds_to_write = 0;         ///< how long carrying it out takes, predicted
  std::string method;                  ///< the solver whose plan is the best, e.g. "pas-mt"
  bool within_budget = false;          ///< every snapshot is
  std::vector<PlannedSnapshot> snapshots;
  std::vector<PlannedModel> models;    ///< in the order of their first snapshots
  std::vector<PlannedChange> changes;  ///< bases before what would be stored against them
};

}  // namespace dlv
