#pragma once
/// \file
/// Writing files into a folder that somebody else may have filled with traps: nothing outside the
/// folder is touched, no link is followed, and a file is there whole or not at all.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dlv/result.h"
#include "storage/io/byte_source.h"
#include "storage/io/file_system.h"

namespace dlv::io {

/// A file that is being written beside its place. Removed by the destructor unless committed.
class OutputFile : public ByteSink {
 public:
  ~OutputFile() override;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  Status Write(std::span<const std::byte> bytes) override;
  /// Gives it its permissions (less the umask) and its name; replaces a file, never a folder.
  Status Commit(std::uint32_t mode);

 private:
  friend class OutputFolder;
  OutputFile() = default;
  int folder_ = -1;
  int file_ = -1;
  std::string shown_, temporary_, name_;
};

class OutputFolder {
 public:
  /// Opens the folder, making it (and its parents) where it is missing. Links in `path` itself are
  /// the caller's own and are followed.  Errors: kIo, kConflict (it is a file).
  static Result<OutputFolder> Open(const std::string& path);
  ~OutputFolder();
  OutputFolder(OutputFolder&& other) noexcept;
  OutputFolder& operator=(OutputFolder&&) = delete;

  /// Returns what is at `relative` ('/'-separated, checked by the caller to have no "..");
  /// nothing where there is nothing. Does not follow links.
  /// Errors: kConflict where a part on the way is a link or no folder.
  Result<std::optional<FileStat>> Look(const std::string& relative) const;
  /// Opens a regular file for reading, following no link.
  Result<std::unique_ptr<ReadableFile>> OpenForReading(const std::string& relative) const;
  /// Begins a file; folders on the way are made.  Errors: kConflict (a link or a file on the way,
  /// a folder or link in its place), kIo.
  Result<std::unique_ptr<OutputFile>> Create(const std::string& relative) const;

 private:
  explicit OutputFolder(int folder, std::string path) : folder_(folder), path_(std::move(path)) {}
  /// Returns a descriptor of the folder that `relative` lies in; -1 where it is missing.
  Result<int> OpenParent(const std::string& relative, bool make, std::string& name) const;

  int folder_ = -1;
  std::string path_;
};

}  // namespace dlv::io
