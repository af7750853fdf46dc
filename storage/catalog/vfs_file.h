#pragma once
/// \file
/// The files behind the VFS: what SQLite's file methods do, in C++. Internal to storage/catalog.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <sqlite3.h>

#include "dlv/result.h"
#include "storage/io/file_system.h"

namespace dlv::catalog {

/// What the files of one VFS share.
struct VfsState {
  explicit VfsState(io::FileSystem& system) : file_system(system) {}

  io::FileSystem& file_system;
  std::optional<Error> error;
  std::optional<Error> read_only_reason;

  /// Keeps the error for the translation in sqlite.cc and returns `code` to SQLite.
  int Keep(Error why, int code) {
    if (!error.has_value()) error = std::move(why);
    return code;
  }
};

/// A file as SQLite sees it: the calls of sqlite3_io_methods, with SQLite's codes.
class File {
 public:
  explicit File(VfsState& vfs) : vfs_(vfs) {}
  virtual ~File() = default;
  virtual int Read(std::span<std::byte> out, std::uint64_t offset) = 0;
  virtual int Write(std::span<const std::byte> bytes, std::uint64_t offset) = 0;
  virtual int Truncate(std::uint64_t size) = 0;
  virtual int Sync() = 0;
  virtual int Size(std::uint64_t& size) = 0;
  virtual int Lock(int) { return SQLITE_OK; }
  virtual int Unlock(int) { return SQLITE_OK; }
  virtual bool read_only() const { return false; }
  virtual int CheckReserved(int& reserved) {
    reserved = 0;
    return SQLITE_OK;
  }

 protected:
  VfsState& vfs_;
};

/// Opens a file of the file system; `flags` are SQLite's (SQLITE_OPEN_...). The database carries
/// locks and page checksums. Falls back to reading where the medium cannot be written.
Result<std::unique_ptr<File>> OpenStoredFile(VfsState& vfs, const std::string& path, int flags);

/// Returns a file that lives in memory.
std::unique_ptr<File> MakeTemporaryFile(VfsState& vfs);

/// Returns the folder that holds the file.
std::string FolderOf(const std::string& path);

}  // namespace dlv::catalog
