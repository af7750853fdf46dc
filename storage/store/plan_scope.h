#pragma once
/// \file
/// What a plan has to look at: after an archive that left nothing to do, only what is new since and
/// what that touches.

#include <cstdint>
#include <vector>

#include "storage/plan/cost_model.h"
#include "storage/plan/planning_problem.h"
#include "storage/store/planner_notes.h"
#include "storage/store/snapshot_wishes.h"
#include "storage/store/unit_forms.h"

namespace dlv::store {

/// A hash of what all loads depend on: the machine and the rules of the plan.
std::uint64_t HashOfQuestion(const plan::MachineRates& rates, unsigned cores,
                             double read_bytes_per_second, plan::Scheme scheme,
                             std::uint32_t max_depth);

/// By unit a hash of its present form, of what is wished of the snapshots that have it, and of the
/// question. A unit whose mark an archive has settled was weighed with all that was there, and
/// stays as it is until its form, a wish or the machine changes.
std::vector<std::uint64_t> MarksOf(const PlanTensors& input, const PlanUnits& units,
                                   const UnitForms& forms, const std::vector<SnapshotWish>& wishes,
                                   std::uint64_t question);

/// Units for which bases are sought.
struct PlanScope {
  std::vector<bool> searched;  ///< by unit
  std::uint64_t settled = 0;   ///< tensors of the others
};

/// Searched are: what is not settled; what rests on it; and of every snapshot that is clearly over
/// its budget all that it loads, with all that this rests on. `forms` must have the present ones
/// and those without bases.
PlanScope ScopeOf(const PlanTensors& input, const PlanUnits& units, const UnitForms& forms,
                  const std::vector<SnapshotWish>& wishes, const plan::CostModel& model,
                  const PlannerNotes& notes, const std::vector<std::uint64_t>& marks);

}  // namespace dlv::store
