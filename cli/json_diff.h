#pragma once
/// \file
/// The document of `dlv diff --json`, with networks.

#include <optional>
#include <string>
#include <vector>

#include "cli/output.h"
#include "dlv/diff.h"
#include "dlv/network.h"

namespace dlv::cli {

/// With the digests of cli/diff_digest.h; --jsonl: a line for each comparison. `networks`: one a
/// comparison, nothing where neither version has one.
std::string DiffDocument(const std::vector<VersionDiff>& diffs,
                         const std::vector<std::optional<NetworkDiff>>& networks, OutputMode mode);

}  // namespace dlv::cli
