#pragma once
/// \file
/// Progressive evaluations on the terminal, and as a plot.

#include <string>

#include "cli/evaluation_view.h"
#include "cli/output.h"
#include "dlv/progressive.h"

namespace dlv::cli {

/// The versions side by side, then version by version what became of the inputs, step by step.
void ShowProgressive(Output& out, const ProgressiveEvaluationReport& report,
                     const EvaluationParts& parts);
void ShowPreparations(Output& out, const std::vector<ProgressivePreparation>& prepared);
void ShowCertificates(Output& out, const CertificateReport& report);

/// An SVG file: the share of inputs that is proved against bits a weight.
std::string ProgressivePlot(const ProgressiveEvaluationReport& report);

}  // namespace dlv::cli
