#pragma once
// Rates for tests that archive: measuring those of the machine takes seconds with sanitizers, and
// plans differ.

#include "storage/plan/cost_model.h"
#include "storage/store/archive_plan.h"

namespace dlv::testing {

inline plan::MachineRates SomeRates() {
  return {"test", {2e-10, 2e-10, 4e-10, 4e-10, 1e-9, 4e-10, 4e-10, 4e-10, 1e-9}, 2.5e-10, 1e-6};
}

inline store::PlannerSettings SettingsWithRates() {
  store::PlannerSettings settings;
  settings.rates = SomeRates();
  settings.cores = 2;
  return settings;
}

}  // namespace dlv::testing
