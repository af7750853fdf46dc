#pragma once
/// \file
/// The first screen of `dlv diff`.

#include <vector>

#include "cli/output.h"
#include "dlv/diff.h"

namespace dlv::cli {

/// One comparison: a field a line. Several, all with the same version before: a column each.
void ShowDiffSummary(Output& out, const std::vector<VersionDiff>& diffs);

}  // namespace dlv::cli
