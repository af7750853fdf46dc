#pragma once
/// \file
/// Asking the user.

#include <string>

#include "cli/output.h"
#include "dlv/progress.h"

namespace dlv::cli {

/// Whether there is somebody to ask: stdin and stdout are a terminal.
bool CanAsk(const Output& out);
/// Shows "QUESTION [y/N] " and reads a line; true for y or yes.
bool Ask(Output& out, const std::string& question, const CancellationToken* cancel = nullptr);

}  // namespace dlv::cli
