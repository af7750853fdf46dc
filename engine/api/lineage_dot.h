#pragma once
/// \file
/// The lineage in DOT, for graphviz.

#include <span>
#include <string>
#include <vector>

#include "dlv/lineage.h"

namespace dlv::api {

/// Parents stand above their children. `focus`: the version that was asked for; may be null. Names
/// are escaped. Versions that are not here and edges that were inferred are dashed.
std::string DrawDot(std::span<const LineageEdge> edges, std::span<const LineageVersion> alone,
                    const VersionId* focus);

}  // namespace dlv::api
