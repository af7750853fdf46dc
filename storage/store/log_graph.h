#pragma once
/// \file
/// The drawing in front of the lines of `log --graph`.

#include <cstddef>
#include <string>
#include <vector>

namespace dlv::store {

/// Returns one drawing a node, e.g. "* ", "| * ", "|\\ \n| * ". Node i has the parents
/// `parents[i]`, which stand at higher places (children first). Where lines join or part, the
/// drawing has several lines separated by '\n'; the text of the node belongs to the last, the one
/// with the '*'. All are padded to one width.
std::vector<std::string> DrawLogGraph(const std::vector<std::vector<std::size_t>>& parents);

}  // namespace dlv::store
