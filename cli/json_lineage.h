#pragma once
/// \file
/// The documents of lineage, blame and search; as json_output.h.

#include <string>
#include <vector>

#include "cli/lineage_view.h"
#include "cli/output.h"
#include "dlv/search.h"

namespace dlv::cli {

std::string LineageDocument(const LineageView& view, OutputMode mode);
/// Versions under `key`: a path, or common ancestors.
std::string LineageVersionsDocument(const std::string& key,
                                    const std::vector<LineageVersion>& versions, OutputMode mode);
std::string BlameDocument(const std::string& reference, const std::vector<BlameLine>& lines,
                          OutputMode mode);
std::string SearchDocument(const std::vector<SearchHit>& hits, OutputMode mode);

}  // namespace dlv::cli
