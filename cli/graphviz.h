#pragma once
/// \file
/// Drawing by graphviz, which is a program of its own.

#include <string>

#include "dlv/result.h"

namespace dlv::cli {

/// Returns what `dot -Tsvg` makes of a digraph.
/// Errors: kUnsupported (there is no dot in PATH), kIo (it failed, with what it said).
Result<std::string> DrawGraph(const std::string& dot);

}  // namespace dlv::cli
