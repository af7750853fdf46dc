#pragma once
/// \file
/// Versions of the foreign libraries that this folder uses, as they run now.

#include <string>
#include <utility>
#include <vector>

namespace dlv::catalog {

std::vector<std::pair<std::string, std::string>> ForeignVersions();

}  // namespace dlv::catalog
