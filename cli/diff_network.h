#pragma once
/// \file
/// The difference of two networks on screens, in documents and on pages of `dlv diff`.

#include <optional>
#include <string>
#include <vector>

#include "cli/output.h"
#include "dlv/network.h"

namespace dlv::cli {

/// Returns "the same, 72 nodes"; "2 nodes added, 1 removed, 3 changed, 1 renamed, 68 the same".
std::string NetworkDiffText(const NetworkDiff& diff);

struct NetworkDiffLine {
  char mark = ' ';  ///< '+', '-', '~' changed, '>' renamed
  std::string text;
};
/// Returns a line for each node that differs, and for each of its differences. Not sanitised.
std::vector<NetworkDiffLine> NetworkDiffLines(const NetworkDiff& diff);

/// Writes all that differs.
void ShowNetworkDiff(Output& out, const NetworkDiff& diff);

}  // namespace dlv::cli
