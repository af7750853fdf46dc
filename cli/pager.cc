#include "cli/pager.h"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace dlv::cli {

bool UsesPager(std::string_view command) {
  static constexpr std::array<std::string_view, 10> kListings = {
      "list", "log", "desc", "diff", "show", "du", "alias", "lineage", "blame", "query"};
  return std::find(kListings.begin(), kListings.end(), command) != kListings.end();
}

void Pager::Start(const std::string& program) {
  if (program.empty() || program == "cat" || isatty(STDOUT_FILENO) != 1) return;
  terminal_ = dup(STDOUT_FILENO);
  pipe_ = popen(program.c_str(), "w");  // the user's own setting, never a repository's
  if (pipe_ != nullptr) dup2(fileno(pipe_), STDOUT_FILENO);
}

Pager::~Pager() {
  if (pipe_ == nullptr) return;
  std::fflush(stdout);
  dup2(terminal_, STDOUT_FILENO);  // the pager sees the end once no copy of the pipe is left
  pclose(pipe_);
  close(terminal_);
}

}  // namespace dlv::cli
