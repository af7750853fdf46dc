#pragma once
/// \file
/// What `archive` would do: which tensor against which base, what that saves, and what loading
/// costs then.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/ids.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/plan/cost_model.h"
#include "storage/plan/solve.h"
#include "storage/store/store.h"

namespace dlv::store {

struct ArchivePlanOptions {
  plan::Budget budget = plan::Budget::TimesMaterialised(2);  ///< of each snapshot
  plan::Scheme scheme = plan::Scheme::kIndependent;
  plan::SolveOptions solve;
  std::uint32_t max_depth = 32;
  std::optional<plan::MachineRates> rates;  ///< none: measured, a tenth of a second
  unsigned cores = 0;                       ///< 0: those of this process
  double read_bytes_per_second = plan::CostModel::kDefaultReadRate;
};

/// Over all snapshots, in seconds.
struct LoadFigures {
  double median = 0;
  double p95 = 0;
  double worst = 0;
};

struct PlannedSnapshot {
  std::string reference;
  double seconds_now = 0;
  double seconds_planned = 0;
  double budget_seconds = 0;                     ///< infinite: none
  std::optional<double> least_possible_seconds;  ///< the budget cannot be met: what could be
};

/// A tensor that would be stored otherwise than now.
struct PlannedChange {
  TensorId tensor;
  std::optional<TensorId> base;  ///< none: without a base
  std::uint64_t bytes_now = 0;
  std::uint64_t bytes_planned = 0;
  std::uint32_t depth_planned = 0;
};

struct ArchivePlan {
  std::uint64_t tensor_count = 0;
  std::uint64_t candidates = 0;  ///< deltas that were considered
  std::uint64_t coded_exactly =
      0;  ///< of these and of materialised forms, coded to know their size
  std::uint64_t bytes_now = 0;
  std::uint64_t bytes_planned = 0;
  std::uint64_t bytes_to_write = 0;  ///< free space that carrying it out takes, at the most
  LoadFigures now;
  LoadFigures planned;
  std::uint32_t depth_now = 0;
  std::uint32_t depth_planned = 0;
  plan::Method method = plan::Method::kAuto;
  bool within_budget = false;
  std::vector<PlannedSnapshot> snapshots;
  std::vector<PlannedChange> changes;  ///< bases before what would be stored against them
};

/// Plans for one version (`reference`) or for all (empty). Changes nothing. A plan that saves less
/// than half a per cent, where budgets are met now, is none: nothing changes then.
/// Errors: kNotFound, kCorruption (a tensor that cannot be read), kIo, kCancelled,
/// kInvalidArgument.
Result<ArchivePlan> PlanArchive(Store& store, std::string_view reference,
                                const ArchivePlanOptions& options, const Operation& operation);

}  // namespace dlv::store
