#pragma once
/// \file
/// SQLite's five lock levels on byte ranges of the database file, on the same bytes as SQLite's own
/// VFS uses, so that the sqlite3 program sees them too.

#include <memory>

#include "dlv/result.h"
#include "storage/io/file_system.h"

namespace dlv::catalog {

class DatabaseLock {
 public:
  explicit DatabaseLock(std::unique_ptr<io::FileLock> lock) : lock_(std::move(lock)) {}

  /// Raises the level (SQLITE_LOCK_...). Returns false where another connection is in the way.
  Result<bool> Raise(int level);
  /// Raises it from nothing through all levels; what was reached stays. Returns whether it is
  /// exclusive.
  Result<bool> RaiseToExclusive();
  /// Lowers it to SQLITE_LOCK_SHARED or SQLITE_LOCK_NONE.
  Status Lower(int level);
  /// Whether the database was not replaced by another file since it was opened.
  Result<bool> IsStillNamed() { return lock_->IsStillNamed(); }
  /// Whether any connection holds a reserved lock or more.
  Result<bool> IsReserved();

 private:
  Result<bool> TakeShared();
  Result<bool> TakeExclusive();

  std::unique_ptr<io::FileLock> lock_;
  int level_ = 0;
};

}  // namespace dlv::catalog
