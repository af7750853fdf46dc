#pragma once
/// \file
/// What `archive` would do: which tensor against which base, what that saves, and what loading
/// costs then.

#include <cstdint>
#include <optional>
#include <string_view>

#include "dlv/archive_plan.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/plan/cost_model.h"
#include "storage/plan/solve.h"
#include "storage/store/store.h"

namespace dlv::store {

/// What the public options leave open.
struct PlannerSettings {
  plan::Budget budget = plan::Budget::TimesMaterialised(2);  ///< of each snapshot
  plan::Scheme scheme = plan::Scheme::kIndependent;
  plan::SolveOptions solve;
  std::uint32_t max_depth = 32;
  std::optional<plan::MachineRates> rates;  ///< none: measured, a tenth of a second
  unsigned cores = 0;                       ///< 0: those of this process
  double read_bytes_per_second = plan::CostModel::kDefaultReadRate;
};

/// Errors: kInvalidArgument (a number that is not above 0).
Result<PlannerSettings> SettingsOf(const ArchivePlanOptions& options);

/// Plans for one version (`reference`) or for all (empty). Changes nothing. A plan that saves less
/// than half a per cent, where budgets are met now, is none: nothing changes then.
/// Errors: kNotFound, kCorruption (a tensor that cannot be read), kIo, kCancelled,
/// kInvalidArgument.
Result<ArchivePlan> PlanArchive(Store& store, std::string_view reference,
                                const PlannerSettings& settings, const Operation& operation);

}  // namespace dlv::store
