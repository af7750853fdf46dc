#pragma once
/// \file
/// What `archive` would do: which tensor against which base, what that saves, and what loading
/// costs then.

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "dlv/archive_plan.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/plan/cost_model.h"
#include "storage/plan/solve.h"
#include "storage/store/cold_units.h"
#include "storage/store/planner_notes.h"
#include "storage/store/rewrite_set.h"
#include "storage/store/store.h"
#include "storage/store/stored_forms.h"

namespace dlv::store {

/// What the public options leave open.
struct PlannerSettings {
  plan::Budget budget = plan::Budget::TimesMaterialised(2);  ///< of each snapshot,
  bool cold = false;                                         ///< which is cold besides,
  std::vector<LoadBudget> budgets;                           ///< but for these
  std::vector<LoadFrequency> frequencies;
  plan::Scheme scheme = plan::Scheme::kIndependent;
  plan::SolveOptions solve;
  std::uint32_t max_depth = 32;
  std::optional<plan::MachineRates> rates;  ///< none: measured, a tenth of a second
  unsigned cores = 0;                       ///< 0: those of this process
  double read_bytes_per_second = plan::CostModel::kDefaultReadRate;
  bool full = false;
  std::function<bool(const ArchivePlan&)> confirm;
  std::uint64_t pack_target_bytes = 0;  ///< of new packs; 0: the usual
};

/// A unit that would be stored otherwise.
struct ChangedUnit {
  std::uint32_t first_form = 0;  ///< number of its first member in StoredForms
  FormKey form;                  ///< the new one
  std::uint64_t bytes_now = 0;
  double bytes_planned = 0;
};

/// A plan and what carrying it out takes.
struct PlannedArchive {
  ArchivePlan report;
  StoredForms forms;              ///< the state that it was made for
  std::vector<Rewrite> rewrites;  ///< all that is to be written
  std::vector<ChangedUnit> changed;
  BasesOfUnits bases;                ///< as they would be
  PlannerNotes notes;                ///< with what this plan has found out; not kept yet
  std::vector<std::uint64_t> marks;  ///< of all units as they are now (MarksOf)
  /// Loads that are over their budgets now get clearly shorter, or frequent ones so much that it is
  /// worth it whatever happens to the bytes.
  bool serves_loads = false;
  std::unordered_set<TensorId> demanded;  ///< then: tensors of those snapshots
  bool has_cold = false;                  ///< some tensors are to have cold forms
  /// A budget cannot be met: then nothing should be done.
  bool is_unreachable() const;
  /// Nothing is left to do or was left out: what is there need not be looked at again.
  bool is_settled() const;
};

/// Errors: kInvalidArgument (a number that is not above 0; a cold one for single versions).
Result<PlannerSettings> SettingsOf(const ArchivePlanOptions& options);

/// Plans for one version (`reference`) or for all (empty); then what an archive has settled stays
/// as it is, unless everything is to be looked at anew. Changes nothing. A plan that saves less
/// than half a per cent of what it weighs, where budgets are met now, is none: nothing changes
/// then. Errors: kNotFound, kCorruption (a tensor that cannot be read), kIo, kCancelled,
/// kInvalidArgument.
Result<ArchivePlan> PlanArchive(Store& store, std::string_view reference,
                                const PlannerSettings& settings, const Operation& operation);

/// The same with what carrying it out needs.  Errors: kConflict, too (the repository changed while
/// it was looked at).
Result<PlannedArchive> PlanRewrites(Store& store, std::string_view reference,
                                    const PlannerSettings& settings, const Operation& operation);

}  // namespace dlv::store
