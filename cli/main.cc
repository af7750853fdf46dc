#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/run.h"

int main(int argc, char** argv) {
  try {
    return dlv::cli::Run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  } catch (const std::exception& error) {
    // Nothing of dlv throws; what arrives here is out of memory or a defect.
    std::fprintf(stderr, "error[internal]: %s\n  hint: please report this\n", error.what());
    return dlv::kExitInternal;
  }
}
