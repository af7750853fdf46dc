#pragma once
/// \file
/// Looking at a file without a repository.

#include <cstdint>
#include <filesystem>
#include <string>

#include "dlv/result.h"

namespace dlv {

/// What a file is.
struct InspectedFile {
  std::string format;  ///< as FileInfo::format; "blob" for a file of no known format
  std::uint64_t size_bytes = 0;
  std::uint32_t tensor_count = 0;
  std::string note;  ///< why it would be kept as a blob although its kind is known; else empty
};

/// Reads as much of the file as tells whether it is whole: headers, directories and their
/// checksums, but not every weight. What passes here will be understood by Commit. Nothing in it is
/// run. Errors: kNotFound, kInvalidArgument (no regular file), kCorruption (a known format, broken
/// or not yet written to its end), kUnsafe (would have to be executed to be read), kIo.
Result<InspectedFile> InspectFile(const std::filesystem::path& path);

}  // namespace dlv
