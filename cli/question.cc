#include "cli/question.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace dlv::cli {

bool CanAsk(const Output& out) {
  return out.terminal().stdout_is_terminal && isatty(STDIN_FILENO) == 1;
}

bool Ask(Output& out, const std::string& question) {
  out.Text(question + " [y/N] ");
  std::fflush(stdout);
  std::string answer;
  if (!std::getline(std::cin, answer)) return false;
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace dlv::cli
