#pragma once
/// \file
/// How the command line asks for a storage plan and shows it.

#include <optional>
#include <string>

#include "cli/output.h"
#include "dlv/archive_plan.h"
#include "dlv/result.h"

namespace dlv::cli {

/// Reads how long a load may take: "2x" or "1.6x" (times the materialised load), a time ("900us",
/// "1.5ms", "2s"), or "cold". The reference stays empty. `option` is for messages.
/// Errors: kInvalidArgument.
Result<LoadBudget> ParseLoad(const std::string& text, const std::string& option);
/// Reads "REF=1.2x", and "REF=50" (loads a day).  Errors: kInvalidArgument.
Result<LoadBudget> ParseBudget(const std::string& text);
Result<LoadFrequency> ParseFrequency(const std::string& text);

/// Whether a budget cannot be met.
bool IsUnreachable(const ArchivePlan& plan);
/// Says which budgets cannot be met, the worst first, what is the least, and what to ask for
/// instead.
void ShowUnreachable(Output& out, const ArchivePlan& plan,
                     const ArchivePlanOptions& options);  // archive_advice.cc

/// Shows what would be saved, what loading would cost, and the snapshots nearest to their budgets
/// or beyond; with `by_model` each model's share.
void ShowArchivePlan(Output& out, const ArchivePlan& plan, bool by_model);

/// Loads of small networks take microseconds.
std::string LoadTime(double seconds);

std::string ArchivePlanDocument(const ArchivePlan& plan, OutputMode mode);  // json_archive_plan.cc

}  // namespace dlv::cli
