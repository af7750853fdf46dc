#pragma once
/// \file
/// Facts about the machine and its file systems, for people to read.

#include <cstdint>
#include <string>

#include "dlv/result.h"

namespace dlv::io {

/// Returns "ext4", "nfs", ..., or the file system's number in hexadecimal.  Errors: kNotFound, kIo.
Result<std::string> FileSystemName(const std::string& path);

/// Returns the bytes of memory of the machine; 0 if unknown.
std::uint64_t MemoryBytes();

/// Returns the processors that this process may use.
unsigned AllowedProcessors();

}  // namespace dlv::io
