#pragma once
/// \file
/// What is asked of single snapshots: how long they may take to load, and how often they are.

#include <string>
#include <vector>

#include "dlv/archive_plan.h"
#include "dlv/result.h"
#include "storage/plan/planning_problem.h"
#include "storage/store/plan_tensors.h"
#include "storage/store/store.h"

namespace dlv::store {

/// What a second of waiting a day is worth in bytes of storage.
inline constexpr double kBytesPerDailySecond = 1e6;

/// What is wished of a snapshot.
struct SnapshotWish {
  plan::Budget budget;
  double weight = 0;  ///< bytes that a second of its load is worth
  bool is_cold = false;
  std::string source = {};  ///< LoadBudget::reference of what `budget` is from; empty: the usual
};

/// Errors: kInvalidArgument (a number that is not above 0).
Status CheckWishes(const std::vector<LoadBudget>& budgets,
                   const std::vector<LoadFrequency>& frequencies);

/// Returns the wishes in the order of `snapshots`: `usual` where none of `budgets` names one. Of
/// several that name a snapshot the most particular counts: a snapshot before a version, a version
/// before a model.
/// Errors: kNotFound, kSyntax (a reference), kInvalidArgument (two ask different things of one).
Result<std::vector<SnapshotWish>> WishesFor(Store& store,
                                            const std::vector<PlanSnapshot>& snapshots,
                                            const SnapshotWish& usual,
                                            const std::vector<LoadBudget>& budgets,
                                            const std::vector<LoadFrequency>& frequencies);

}  // namespace dlv::store
