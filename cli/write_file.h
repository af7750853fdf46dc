#pragma once
/// \file
/// Small files that are replaced as a whole.

#include <filesystem>
#include <string_view>

#include "dlv/result.h"

namespace dlv::cli {

/// Writes `text` so that after a crash the old file or the new one is there; makes the folder.
/// Errors: kIo.
Status WriteWholeFile(const std::filesystem::path& path, std::string_view text);

}  // namespace dlv::cli
