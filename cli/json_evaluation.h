#pragma once
/// \file
/// The document of eval; as json_output.h.

#include <string>

#include "cli/output.h"
#include "dlv/evaluation.h"

namespace dlv::cli {

/// One line a version with --jsonl.
std::string EvaluationDocument(const EvaluationReport& report, OutputMode mode);

}  // namespace dlv::cli
