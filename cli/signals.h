#pragma once
/// \file
/// Ctrl-C and its relatives.

#include "dlv/progress.h"

namespace dlv::cli {

/// From now on SIGINT and SIGTERM cancel the returned token; a second one ends the program at once
/// with status 130. The token lives as long as the program.
const CancellationToken& CatchInterrupts();

/// A file that may not grow any further (ulimit -f) is an error of the write, not the end of the
/// program.
void IgnoreFileSizeSignal();

/// SIGPIPE ends the program without a word, also where the parent process had it ignored.
void RestorePipeSignal();

}  // namespace dlv::cli
