#include "cli/question.h"

#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace dlv::cli {

namespace {

constexpr int kLookMilliseconds = 50;

/// A read goes on after a signal (signals.cc); so it is begun only where there is something to
/// read. Returns false where `cancel` was set before.
bool WaitForLine(const CancellationToken* cancel) {
  if (std::cin.rdbuf()->in_avail() > 0) return true;
  while (cancel == nullptr || !cancel->cancelled()) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, kLookMilliseconds) > 0) return true;
  }
  return false;
}

}  // namespace

bool CanAsk(const Output& out) {
  return out.terminal().stdout_is_terminal && isatty(STDIN_FILENO) == 1;
}

bool Ask(Output& out, const std::string& question, const CancellationToken* cancel) {
  out.Text(question + " [y/N] ");
  std::fflush(stdout);
  if (!WaitForLine(cancel)) {
    out.Text("\n");
    return false;
  }
  std::string answer;
  if (!std::getline(std::cin, answer)) return false;
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace dlv::cli
