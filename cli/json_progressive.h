#pragma once
/// \file
/// The documents of progressive evaluations and certificates; as json_output.h.

#include <string>
#include <vector>

#include "cli/output.h"
#include "dlv/progressive.h"

namespace dlv::cli {

/// One line a version with --jsonl.
std::string ProgressiveDocument(const ProgressiveEvaluationReport& report, OutputMode mode);
std::string PreparationDocument(const std::vector<ProgressivePreparation>& prepared,
                                OutputMode mode);
std::string CertificateDocument(const CertificateReport& report, OutputMode mode);

}  // namespace dlv::cli
