#pragma once
/// \file
/// SQLite's file access over io::FileSystem, with a checksum in every page of the database file.
///
/// The last 8 bytes of a page (SQLite's reserved bytes) hold XXH3-64 of the page with its number in
/// their place, so that a page that changed, or that stands where another belongs, is noticed when
/// it is read. The journal has SQLite's own protection.

#include <memory>
#include <optional>
#include <string>

#include "dlv/result.h"
#include "storage/io/file_system.h"

namespace dlv::catalog {

inline constexpr int kPageSize =
    4096;  // On disk: every page of a catalog (docs/decisions/0003-catalog-journal.md)
inline constexpr int kChecksumBytes = 8;  // reserved at the end of each page

/// A VFS registered with SQLite under a name of its own, for one connection. Must outlive it.
/// Thread-compatible.
class Vfs {
 public:
  /// `file_system` must outlive the VFS.
  explicit Vfs(io::FileSystem& file_system);
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  const std::string& name() const { return name_; }
  /// Returns the error behind the last SQLite error that came from a file, and forgets it.
  std::optional<Error> TakeError();
  /// Returns why the database could be opened for reading only, if so.
  const std::optional<Error>& read_only_reason() const;

  struct Impl;

 private:
  std::string name_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dlv::catalog
