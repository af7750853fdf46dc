#pragma once
/// \file
/// From measured decoding to what the planner predicts with.

#include "dlv/result.h"
#include "storage/plan/cost_model.h"

namespace dlv::store {

/// Measures this machine with `cores` (0: those of this process) at work; a fifth of a second.
/// Errors: kInternal.
Result<plan::MachineRates> MeasureRates(unsigned cores = 0);

}  // namespace dlv::store
