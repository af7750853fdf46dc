#pragma once
/// \file
/// What begins with a dot: commands of the shell, which are no part of the language.

#include <string>

#include "cli/shell/shell.h"

namespace dlv::cli {

/// Runs ".mode csv". Returns an exit status; errors have been shown.
int RunDotCommand(Shell& shell, const std::string& line);

LineEditor::Completion CompleteDotCommand(Shell& shell, const std::string& line,
                                          std::size_t cursor);

}  // namespace dlv::cli
