#pragma once
/// \file
/// Manual pages, from the same tables as help.

#include <string>

#include "cli/command.h"

namespace dlv::cli {

/// Returns dlv(1) in the macros of man(7).
std::string MainManPage();
/// Returns dlv-COMMAND(1).
std::string CommandManPage(const CommandEntry& entry, const Arguments& arguments);

/// Writes dlv.1 and dlv-COMMAND.1 of every command into `folder`, which is made.  Errors: kIo.
Status WriteManPages(const std::string& folder);

}  // namespace dlv::cli
