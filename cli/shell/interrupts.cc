#include "cli/shell/interrupts.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "cli/exit_status.h"

namespace dlv::cli {
namespace {

// A signal handler can reach nothing but globals.
std::atomic<CancellationToken*> running{nullptr};
volatile std::sig_atomic_t interrupted = 0, resized = 0, must_end = 0;

extern "C" void OnShellSignal(int number) {
  if (number == SIGWINCH) {
    resized = 1;
    return;
  }
  if (number != SIGINT) must_end = 1;
  CancellationToken* const token = running.load();
  if (token == nullptr) {
    interrupted = 1;
    return;
  }
  if (token->cancelled()) _exit(kExitInterrupted);
  token->Cancel();
}

bool Take(volatile std::sig_atomic_t& flag) {
  const bool was = flag != 0;
  flag = 0;
  return was;
}

}  // namespace

void Interrupts::Install() {
  struct sigaction action = {};
  action.sa_handler = OnShellSignal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = 0;  // a read that waits for a key must end
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) sigaction(number, &action, nullptr);
}

bool Interrupts::TakeInterrupt() { return Take(interrupted); }
bool Interrupts::TakeResize() { return Take(resized); }
bool Interrupts::MustEnd() { return must_end != 0; }

Interrupts::Guard::Guard(CancellationToken& token) { running.store(&token); }
Interrupts::Guard::~Guard() { running.store(nullptr); }

}  // namespace dlv::cli
