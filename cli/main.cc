#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/run.h"

namespace {

/// A version may have more files than a shell lets a program have open by default, often 1,024.
void AllowManyOpenFiles() {
  constexpr rlim_t kEnough = 1u << 16;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min(limit.rlim_max, kEnough);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);  // where it fails, opening says what was too much
}

}  // namespace

int main(int argc, char** argv) {
  try {
    AllowManyOpenFiles();
    return dlv::cli::Run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  } catch (const std::exception& error) {
    // Nothing of dlv throws; what arrives here is out of memory or a defect.
    std::fprintf(stderr, "error[internal]: %s\n  hint: please report this\n", error.what());
    return dlv::kExitInternal;
  }
}
