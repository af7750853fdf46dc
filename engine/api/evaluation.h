#pragma once
/// \file
/// Evaluating versions on data: body of Repository::Evaluate.

#include <string>
#include <vector>

#include "dlv/evaluation.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::api {

Result<EvaluationReport> Evaluate(store::Store& store, const std::vector<std::string>& references,
                                  const EvaluationOptions& options, const Operation& operation);

}  // namespace dlv::api
