#pragma once
/// \file
/// The lock under which a writer publishes: a file made with O_CREAT|O_EXCL (which network file
/// systems honour too) that names its holder.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "dlv/result.h"
#include "storage/io/file_system.h"
#include "storage/io/holder.h"

namespace dlv::io {

struct LockOptions {
  std::int64_t timeout_ms = 30'000;  ///< 0: try once
  std::string command = "dlv";       ///< shown to whoever waits
  bool force = false;  ///< break a lock whose holder cannot be proved gone (never one proved alive)
  /// Called once, before the first wait, with "locked by pid ...".
  std::function<void(const std::string& holder)> on_wait = {};
};

/// Held from Acquire until Release or the destructor. Not thread-safe; threads exclude each other
/// by it.
class RepositoryLock {
 public:
  /// Waits, with growing pauses, until the lock file at `path` could be made. A lock is broken
  /// where its holder is proved to be gone, which is possible on the same host only, or with
  /// `force` where nothing can be proved. Errors: kConflict "locked by pid 4242 on gpu03 (dlv
  /// commit) since 14:02:11, still alive"; kIo.
  static Result<std::unique_ptr<RepositoryLock>> Acquire(FileSystem& file_system,
                                                         const std::string& path,
                                                         const LockOptions& options);
  /// Releases and drops the error.
  ~RepositoryLock();
  RepositoryLock(const RepositoryLock&) = delete;
  RepositoryLock& operator=(const RepositoryLock&) = delete;

  /// Whether the file is still this lock: false after somebody forced it. Ask before a commit point
  /// that takes long to reach. Errors: kConflict, kIo.
  Status CheckHeld() const;
  /// Removes the file if it is this lock's.  Errors: kConflict (somebody forced it), kIo.
  Status Release();

 private:
  RepositoryLock(FileSystem& file_system, std::string path, Holder holder)
      : file_system_(file_system), path_(std::move(path)), holder_(std::move(holder)) {}

  FileSystem& file_system_;
  std::string path_;
  Holder holder_;
  bool held_ = true;
};

}  // namespace dlv::io
