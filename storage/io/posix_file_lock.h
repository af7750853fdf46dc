#pragma once
/// \file
/// Open-file-description locks: they belong to one open file, so several in one process exclude
/// each other and closing another descriptor of the same file does not drop them.

#include <memory>
#include <string>

#include "dlv/result.h"
#include "storage/io/file_system.h"

namespace dlv::io {

Result<std::unique_ptr<FileLock>> OpenPosixLock(const std::string& path);

}  // namespace dlv::io
