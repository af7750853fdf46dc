#pragma once
/// \file
/// From a solution to what is said of it and what has to be written.

#include <functional>

#include "storage/plan/delta_graph.h"
#include "storage/plan/planning_problem.h"
#include "storage/plan/solve.h"
#include "storage/store/archive_plan.h"
#include "storage/store/plan_units.h"
#include "storage/store/unit_forms.h"

namespace dlv::store {

/// A load that is over its budget by less is within it, and one that is shortened by less is not
/// better: predictions are not that exact.
inline constexpr double kLoadTolerance = 0.05;

/// What a plan is made from.
struct PlanContext {
  Store& store;
  const StoredForms& stored;
  const PlanTensors& input;
  const PlanUnits& units;
  const plan::CostModel& model;
  const PlannerNotes& notes;
  const PlannerSettings& settings;
  const Operation& operation;
};

/// The plan with the form that `form_of` gives for each unit.
plan::Plan PlanOf(const plan::DeltaGraph& graph,
                  const std::function<std::uint32_t(std::uint32_t unit)>& form_of);

/// `graph` and `problem` have the sizes as they are; `chosen` are forms by unit. Everything but
/// PlannedArchive::forms and ::notes.  Errors: kConflict.
Result<PlannedArchive> ReportPlan(const PlanContext& context, const UnitForms& forms,
                                  const plan::DeltaGraph& graph,
                                  const plan::PlanningProblem& problem,
                                  const plan::Solution& solution,
                                  const std::vector<std::uint32_t>& chosen);

}  // namespace dlv::store
