#pragma once
/// \file
/// Renaming what subgraphs read from around them.

#include <string>
#include <string_view>

#include "dlv/network.h"

namespace dlv::network {

/// Makes the bodies of `node` read `to` where they read the enclosing value `from`. Bodies are
/// shared: those that change are copied.
void RenameOuter(NetworkNode& node, std::string_view from, const std::string& to);

}  // namespace dlv::network
