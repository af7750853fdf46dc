#pragma once
/// \file
/// The variables of the environment that dlv looks at: one table for `dlv help environment`, the
/// manual page, `dlv doctor`, and the test that compares it with the code and with docs/cli.md.

#include <span>
#include <string>

namespace dlv::cli {

struct Variable {
  const char* name;
  const char* meaning;
};

std::span<const Variable> AllVariables();
/// The text of `dlv help environment`.
std::string EnvironmentHelp();

}  // namespace dlv::cli
