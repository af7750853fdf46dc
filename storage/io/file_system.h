#pragma once
/// \file
/// The file system as dlv uses it. Everything below .dlv goes through this interface (SQLite too,
/// by way of the VFS shim in storage/catalog), so that a test can fail any operation and cut the
/// power after it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dlv/result.h"

namespace dlv::io {

/// What fstat tells. `change_key` packs device, inode, size, mtime and ctime: equal keys mean the
/// file was not written to.
struct FileStat {
  std::uint64_t size_bytes = 0;
  std::uint32_t mode = 0;  ///< permission bits
  bool is_directory = false;
  bool is_regular = false;
  bool is_link = false;
  std::uint64_t link_count = 1;  ///< names that the file has
  std::int64_t modified_ns = 0;
  std::string change_key;
};

/// A file open for reading at any position. Thread-safe.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  /// Fills `out` from byte `offset` on.  Errors: kIo; kCorruption "ends at byte N, want M" where
  /// the file is shorter.
  virtual Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const = 0;
  virtual Result<FileStat> Stat() const = 0;
  virtual const std::string& path() const = 0;
};

/// A file open for writing. Not thread-safe.
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  virtual Status Append(std::span<const std::byte> bytes) = 0;
  virtual Status WriteAt(std::uint64_t offset, std::span<const std::byte> bytes) = 0;
  virtual Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const = 0;
  virtual Status Truncate(std::uint64_t size_bytes) = 0;
  /// Returns once the bytes are on the medium.
  virtual Status Sync() = 0;
  virtual Result<std::uint64_t> Size() const = 0;
  /// Closing twice is allowed; the destructor closes and drops the error.
  virtual Status Close() = 0;
};

enum class WriteMode : std::uint8_t {
  kCreateNew,  ///< kConflict if it exists (O_EXCL)
  kReplace,    ///< made or emptied
  kUpdate,     ///< made if missing, bytes kept; Append writes at the end
  kPrivate,    ///< as kCreateNew, for its owner alone (0600)
};

/// Advisory locks on byte ranges of a file, held against every other FileLock of any process (and
/// of this one). Dropped by the destructor, and by the system when the process ends. Not
/// thread-safe.
class FileLock {
 public:
  virtual ~FileLock() = default;
  /// Takes, or changes to shared or exclusive, the range; never waits. Returns false where another
  /// lock is in the way.
  virtual Result<bool> TryLock(std::uint64_t offset, std::uint64_t length, bool exclusive) = 0;
  virtual Status Unlock(std::uint64_t offset, std::uint64_t length) = 0;
  /// Whether another FileLock holds a part of the range in any way.
  virtual Result<bool> IsHeldByOther(std::uint64_t offset, std::uint64_t length) = 0;
  /// Whether the path that was opened still names this very file (it may have been replaced).
  virtual Result<bool> IsStillNamed() = 0;
};

/// Paths are ordinary path strings. Errors: kNotFound, kConflict (exists), kIo (anything else; "no
/// space left" says so).
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<ReadableFile>> OpenForReading(const std::string& path) = 0;
  virtual Result<std::unique_ptr<WritableFile>> OpenForWriting(const std::string& path,
                                                               WriteMode mode) = 0;
  virtual Result<FileStat> Stat(const std::string& path) = 0;  ///< does not follow a last link
  virtual Result<std::vector<std::string>> List(const std::string& path) = 0;  ///< names, sorted
  virtual Status MakeDirectory(const std::string& path) = 0;  ///< parents too; existing is fine
  virtual Status Rename(const std::string& from, const std::string& to) = 0;  ///< replaces `to`
  virtual Status Remove(const std::string& path) = 0;         ///< a file or an empty directory
  virtual Status SyncDirectory(const std::string& path) = 0;  ///< makes names in it durable
  virtual Result<std::uint64_t> FreeBytes(const std::string& path) = 0;
  /// Whether the path lies on a local file system (SQLite's WAL and mmap are safe there).
  virtual Result<bool> IsLocal(const std::string& path) = 0;
  /// Opens an existing file for locking only.  Errors: kNotFound, kIo; kUnsupported where there are
  /// no locks.
  virtual Result<std::unique_ptr<FileLock>> OpenLock(const std::string& path) {
    return Error{ErrorCode::kUnsupported, path + ": this file system has no locks"};
  }
};

/// The real one. Lives as long as the program.
FileSystem& PosixFileSystem();

/// Writes `bytes` to `path` so that after a crash it holds the old or the new content:
/// temporary file beside it, Sync, Rename, SyncDirectory.
Status WriteFileAtomically(FileSystem& file_system, const std::string& path,
                           std::span<const std::byte> bytes);

/// Returns the whole file.  Errors: as ReadAt; kUnsafe where it is larger than `limit_bytes`.
Result<std::vector<std::byte>> ReadWholeFile(FileSystem& file_system, const std::string& path,
                                             std::uint64_t limit_bytes);

}  // namespace dlv::io
