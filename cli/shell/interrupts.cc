#include "cli/shell/interrupts.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "cli/exit_status.h"

namespace dlv::cli {
namespace {

// A signal handler can reach nothing but globals.
std::atomic<CancellationToken*> running{nullptr};
volatile std::sig_atomic_t interrupted = 0, resized = 0, continued = 0, must_end = 0;
int wake = -1;  // an event: who waits for input sees that a signal has come
termios terminal_before{};
bool has_terminal = false;

void Wake() {
  const std::uint64_t once = 1;
  const ssize_t ignored = write(wake, &once, sizeof once);
  (void)ignored;
}

void Stop(CancellationToken* token) {
  if (token == nullptr) {
    interrupted = 1;
    return;
  }
  if (token->cancelled()) {
    if (has_terminal) tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
    _exit(kExitInterrupted);
  }
  token->Cancel();
}

extern "C" void OnShellSignal(int number) {
  const int before = errno;
  if (number == SIGWINCH) {
    resized = 1;
  } else if (number == SIGCONT) {
    continued = 1;
  } else {
    if (number != SIGINT) must_end = 1;
    Stop(running.load());
  }
  Wake();
  errno = before;
}

void TakeWake() {
  std::uint64_t times = 0;
  const ssize_t ignored = read(wake, &times, sizeof times);
  (void)ignored;
}

bool Take(volatile std::sig_atomic_t& flag) {
  const bool was = flag != 0;
  flag = 0;
  return was;
}

}  // namespace

void Interrupts::Install() {
  has_terminal = tcgetattr(STDIN_FILENO, &terminal_before) == 0;
  wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action = {};
  action.sa_handler = OnShellSignal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;  // no read or write of the library is cut short
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT})
    sigaction(number, &action, nullptr);
}

bool Interrupts::WaitForInput(int file) {
  std::array<pollfd, 2> files = {pollfd{file, POLLIN, 0}, pollfd{wake, POLLIN, 0}};
  if (poll(files.data(), files.size(), -1) < 0) return errno != EINTR;  // the read says what it is
  if (files[1].revents == 0) return true;
  TakeWake();
  return false;
}

bool Interrupts::TakeInterrupt() { return Take(interrupted); }
bool Interrupts::TakeResize() { return Take(resized); }
bool Interrupts::TakeContinue() { return Take(continued); }
bool Interrupts::MustEnd() { return must_end != 0; }

Interrupts::Guard::Guard(CancellationToken& token) { running.store(&token); }
Interrupts::Guard::~Guard() { running.store(nullptr); }

}  // namespace dlv::cli
