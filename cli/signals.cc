#include "cli/signals.h"

#include <unistd.h>
#include <csignal>

#include "cli/exit_status.h"

namespace dlv::cli {
namespace {

CancellationToken token;  // a signal handler can reach nothing but a global

extern "C" void OnInterrupt(int) {
  if (token.cancelled()) _exit(kExitInterrupted);
  token.Cancel();
}

}  // namespace

const CancellationToken& CatchInterrupts() {
  struct sigaction action = {};
  action.sa_handler = OnInterrupt;
  sigemptyset(&action.sa_mask);
  action.sa_flags =
      SA_RESTART;  // the library sees the token between its reads and writes, not in them
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return token;
}

void IgnoreFileSizeSignal() {
  struct sigaction action = {};
  action.sa_handler = SIG_IGN;
  sigemptyset(&action.sa_mask);
  sigaction(SIGXFSZ, &action, nullptr);
}

void RestorePipeSignal() {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  sigemptyset(&action.sa_mask);
  sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace dlv::cli
