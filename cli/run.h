#pragma once
/// \file
/// From the arguments of main to an exit status.

#include <string>
#include <vector>

namespace dlv::cli {

/// Runs the command line (without the program's name) and returns the exit status.
int Run(std::vector<std::string> args);

}  // namespace dlv::cli
