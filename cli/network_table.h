#pragma once
/// \file
/// A network as `dlv network` shows it.

#include <string>

#include "cli/output.h"
#include "dlv/network.h"

namespace dlv::cli {

/// Returns "by name", "by content", "by guess", "derived", "none".
std::string_view NameOf(ParameterMatch match);

/// Returns the number of elements; 0 where a size is not known.
std::uint64_t CountOf(const NetworkParameter& parameter);

/// Returns "Conv 3x3 /2", "caffe.Interp".
std::string OperatorText(const NetworkNode& node);

/// Writes what the network takes and gives, a row for each node, and what was not joined.
void ShowNetwork(Output& out, const std::string& reference, const NetworkReport& report);

}  // namespace dlv::cli
