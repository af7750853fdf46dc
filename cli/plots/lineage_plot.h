#pragma once
/// \file
/// Which version came from which: a row for each version, newest first, lanes for lines of descent.

#include <string>
#include <vector>

#include "cli/plots/svg.h"
#include "dlv/version_info.h"

namespace dlv::cli::plots {

/// Where a version stands.
struct LineagePlace {
  std::size_t lane = 0;
  std::vector<std::size_t> parents;  ///< rows of those parents that are shown
};

/// `versions`: children before parents. A lane is taken from a version down to the row of its
/// first parent; then it is free again.
std::vector<LineagePlace> PlaceLineage(const std::vector<VersionSummary>& versions);

/// Each row says name, aliases, relation, metrics and message. A model has one colour.
Svg DrawLineage(const std::string& title, const std::vector<VersionSummary>& versions);

}  // namespace dlv::cli::plots
