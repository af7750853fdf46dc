#pragma once
/// \file
/// Signals in the shell: Ctrl-C stops the statement that runs, or drops the one being typed, and
/// never the shell.

#include "dlv/progress.h"

namespace dlv::cli {

/// Signals are of the whole process, and so is what they left behind.
class Interrupts {
 public:
  /// From now on SIGINT, SIGTERM, SIGHUP and SIGWINCH interrupt a read.
  static void Install();

  /// Whether one has come since it was last asked.
  static bool TakeInterrupt();
  static bool TakeResize();
  /// Whether SIGTERM or SIGHUP has come.
  static bool MustEnd();

  /// While it lives, Ctrl-C cancels the token; a second one ends the program with status 130.
  class Guard {
   public:
    explicit Guard(CancellationToken& token);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
  };
};

}  // namespace dlv::cli
