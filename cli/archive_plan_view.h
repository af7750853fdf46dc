#pragma once
/// \file
/// How the command line asks for a storage plan and shows it.

#include <string>

#include "cli/output.h"
#include "dlv/archive_plan.h"
#include "dlv/result.h"

namespace dlv::cli {

/// Reads a budget: "2x" or "1.6x" (times the materialised load), or a time ("500ms", "2s") into
/// `options`. Errors: kInvalidArgument.
Status ParseMaxLoad(const std::string& text, ArchivePlanOptions& options);

/// Shows what would be saved, what loading would cost, and the snapshots nearest to their budgets
/// or beyond.
void ShowArchivePlan(Output& out, const ArchivePlan& plan);

std::string ArchivePlanDocument(const ArchivePlan& plan, OutputMode mode);  // json_archive_plan.cc

}  // namespace dlv::cli
