#pragma once
/// \file
/// Evaluating versions progressively: bodies of Repository::EvaluateProgressive and
/// PrepareProgressive.

#include <string>
#include <vector>

#include "dlv/progress.h"
#include "dlv/progressive.h"
#include "dlv/result.h"
#include "engine/api/progressive_run.h"
#include "storage/store/store.h"

namespace dlv::api {

Result<ProgressiveEvaluationReport> EvaluateProgressive(store::Store& store,
                                                        const std::vector<std::string>& references,
                                                        const EvaluationOptions& options,
                                                        const ProgressiveOptions& progressive,
                                                        const Operation& operation);

/// Prepares the run from the examples that the options name, or from random numbers. Returns how
/// many there were.
Result<std::uint64_t> Calibrate(store::Store& store, ProgressiveRun& run,
                                const EvaluationOptions& options,
                                const ProgressiveOptions& progressive, const Operation& operation);

Result<std::vector<ProgressivePreparation>> PrepareProgressive(
    store::Store& store, const std::vector<std::string>& references,
    const EvaluationOptions& options, const ProgressiveOptions& progressive,
    const Operation& operation);

}  // namespace dlv::api
