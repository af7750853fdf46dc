#pragma once
/// \file
/// From measured decoding to what the planner predicts with: measured once, kept in .dlv/rates as
/// text.

#include <string>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/plan/cost_model.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Measures this machine with `cores` (0: those of this process) at work; a fifth of a second.
/// Errors: kInternal, kCancelled.
Result<plan::MachineRates> MeasureRates(unsigned cores = 0,
                                        const CancellationToken* cancel = nullptr);

/// Processor, cores and vector units, as one line: rates of another machine do not hold.
std::string MachineName(unsigned cores = 0);

/// Returns the kept rates, or measures them where there are none, they are of another machine,
/// cannot be read, or `anew` is asked for; and keeps them where the repository is open for writing.
/// That they cannot be kept is no error.
Result<plan::MachineRates> RatesOfMachine(Store& store, unsigned cores, bool anew,
                                          const CancellationToken* cancel = nullptr);

}  // namespace dlv::store
