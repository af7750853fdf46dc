#pragma once
/// \file
/// A comparison as pictures and as a web page: self-contained, readable without network, light or
/// dark as the reader's system is. Everything that comes from the repository is escaped.

#include <optional>
#include <string>
#include <vector>

#include "cli/diff_tables.h"
#include "cli/plots/svg.h"
#include "dlv/diff.h"
#include "dlv/network.h"

namespace dlv::cli {

/// The relative changes of the tensors that changed most, and the curves of the metrics.
std::vector<plots::Svg> DrawDiff(const std::vector<VersionDiff>& diffs);

/// The page with summaries, drawings and tables. `options` choose and order the tensors.
/// `networks`: one a comparison, nothing where neither version has one.
std::string DiffPage(const std::vector<VersionDiff>& diffs,
                     const std::vector<std::optional<NetworkDiff>>& networks,
                     const TensorTableOptions& options);

}  // namespace dlv::cli
