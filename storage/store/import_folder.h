#pragma once
/// \file
/// A folder from anywhere, read with care: no link is followed, nothing outside is opened, every
/// size is checked first.

#include <string>
#include <string_view>
#include <vector>

#include "dlv/commit.h"
#include "dlv/result.h"
#include "storage/io/file_system.h"

namespace dlv::store {

class ImportFolder {
 public:
  /// Errors: kNotFound, kInvalidArgument (no folder).
  static Result<ImportFolder> Open(io::FileSystem& file_system, const std::string& root);

  const std::string& root() const { return root_; }
  std::string Path(std::string_view relative) const { return root_ + "/" + std::string(relative); }

  /// Looks at a file below the folder. `relative` is checked: parts, no "..", nothing hidden in
  /// names. Errors: kUnsafe (a link on the way, or no regular file, or such a path), kNotFound,
  /// kIo.
  Result<io::FileStat> LookAtFile(std::string_view relative) const;
  /// Returns a small file. Errors: as LookAtFile; kUnsafe above `limit_bytes`.
  Result<std::vector<std::byte>> Read(std::string_view relative, std::uint64_t limit_bytes) const;
  Result<std::string> ReadText(std::string_view relative, std::uint64_t limit_bytes) const;
  /// Names in a folder below; empty where there is none.  Errors: kUnsafe, kIo.
  Result<std::vector<std::string>> List(std::string_view relative) const;

 private:
  ImportFolder(io::FileSystem& file_system, std::string root)
      : file_system_(&file_system), root_(std::move(root)) {}
  /// Stats every part of the path; only the last may be another thing than a folder.
  Result<io::FileStat> Walk(std::string_view relative) const;

  io::FileSystem* file_system_;
  std::string root_;
};

}  // namespace dlv::store
