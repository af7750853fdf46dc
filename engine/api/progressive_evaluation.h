#pragma once
/// \file
/// Evaluating versions progressively: bodies of Repository::EvaluateProgressive and
/// PrepareProgressive.

#include <string>
#include <vector>

#include "dlv/progress.h"
#include "dlv/progressive.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::api {

Result<ProgressiveEvaluationReport> EvaluateProgressive(store::Store& store,
                                                        const std::vector<std::string>& references,
                                                        const EvaluationOptions& options,
                                                        const ProgressiveOptions& progressive,
                                                        const Operation& operation);

Result<std::vector<ProgressivePreparation>> PrepareProgressive(
    store::Store& store, const std::vector<std::string>& references,
    const EvaluationOptions& options, const ProgressiveOptions& progressive,
    const Operation& operation);

}  // namespace dlv::api
