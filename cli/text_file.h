#pragma once
/// \file
/// Files that commands write besides stdout: plots and pages.

#include <string>
#include <string_view>

#include "dlv/result.h"

namespace dlv::cli {

/// Writes `text` to `path`, replacing what is there in one step: a reader sees the old file or the
/// new one, and after an error the old one is still there. "-" is stdout.
/// Errors: kIo, with the path.
Status WriteTextFile(const std::string& path, std::string_view text);

}  // namespace dlv::cli
