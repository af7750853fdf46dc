#pragma once
/// \file
/// Signals in the shell: Ctrl-C stops the statement that runs, or drops the one being typed, and
/// never the shell.

#include "dlv/progress.h"

namespace dlv::cli {

/// Signals are of the whole process, and so is what they left behind.
class Interrupts {
 public:
  /// From now on SIGINT, SIGTERM, SIGHUP, SIGWINCH and SIGCONT are noted here. Remembers how the
  /// terminal is set, to leave it so where a signal ends the program.
  static void Install();

  /// Waits for input on `file`. Returns false where a signal came first, also one that came just
  /// before the wait or to another thread.
  static bool WaitForInput(int file);

  /// Whether one has come since it was last asked.
  static bool TakeInterrupt();
  static bool TakeResize();
  /// Whether the program went on after it had been stopped (Ctrl-Z).
  static bool TakeContinue();
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
