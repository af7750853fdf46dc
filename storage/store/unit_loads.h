#pragma once
/// \file
/// How long snapshots take to load when units rest on several others each.

#include <cstdint>
#include <vector>

#include "storage/plan/cost_model.h"
#include "storage/plan/planning_problem.h"
#include "storage/store/plan_units.h"
#include "storage/store/unit_forms.h"

namespace dlv::store {

/// A cluster may rest on several units (its members changed last in different versions). The tree
/// of a plan has the path over one of them; the others, as far as they are not on that path, come
/// to what the form itself takes. `chosen`: forms by unit.
class UnitLoads {
 public:
  UnitLoads(const PlanUnits& units, const UnitForms& forms, const plan::CostModel& model,
            const std::vector<std::uint32_t>& chosen);

  /// What `unit` waits for beside itself and the path over its first base.
  double OtherSeconds(std::uint32_t unit) const;
  /// Of the unit with all that it rests on.
  double Seconds(std::uint32_t unit) const;
  /// By group of the problem.
  std::vector<double> Loads(const plan::PlanningProblem& problem) const;

 private:
  std::vector<std::uint32_t> BasesOf(std::uint32_t unit) const;
  void Mark(std::uint32_t unit, std::vector<std::uint32_t>& reached) const;

  const PlanUnits& units_;
  const UnitForms& forms_;
  const plan::CostModel& model_;
  const std::vector<std::uint32_t>& chosen_;
  mutable std::vector<bool> seen_;
};

}  // namespace dlv::store
