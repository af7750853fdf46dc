#pragma once
/// \file
/// The lineage around a version (or of a whole repository) as `dlv lineage` shows it.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dlv/lineage.h"
#include "dlv/repository.h"

namespace dlv::cli {

struct LineageItem {
  LineageVersion version;
  VersionSummary summary;            ///< of a version that is here
  std::vector<LineageEdge> parents;  ///< those that are shown, by ordinal
  std::optional<double> value;       ///< of the metric asked for
};

struct LineageView {
  std::string focus;               ///< the version asked for; empty: all
  std::vector<LineageItem> items;  ///< children before parents
  std::string metric;
  std::vector<LineageMetric> line;  ///< the metric along first parents, where there is a focus
};

/// What is shown.
struct LineageWanted {
  std::string reference;  ///< empty: all
  std::string metric;
  bool ancestors = true, descendants = true;
  LineageFilter filter;
  bool restricts() const {
    return !ancestors || !descendants || filter.max_depth != 0 || !filter.relations.empty();
  }
};

/// Errors: as Lineage and Repository::ListVersions; kNotFound (no such metric).
Result<LineageView> ViewLineage(const Repository& repository, const Lineage& lineage,
                                const LineageWanted& wanted);

}  // namespace dlv::cli
