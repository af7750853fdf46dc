#pragma once
/// \file
/// The document of `dlv network --json`.

#include <string>

#include "cli/output.h"
#include "dlv/network.h"

namespace dlv::cli {

std::string NetworkDocument(const std::string& reference, const NetworkReport& report,
                            OutputMode mode);

}  // namespace dlv::cli
