#pragma once
/// \file
/// Evaluations on the terminal.

#include "cli/output.h"
#include "dlv/evaluation.h"

namespace dlv::cli {

struct EvaluationParts {
  bool per_class = false, confusion = false;
};

/// A line a version, then the parts asked for, version by version.
void ShowEvaluation(Output& out, const EvaluationReport& report, const EvaluationParts& parts);

}  // namespace dlv::cli
