#include "storage/catalog/vfs_lock.h"

#include <sqlite3.h>

namespace dlv::catalog {
namespace {

// https://www.sqlite.org/src/doc/trunk/src/os.h: one byte that a writer about to write holds to
// keep new readers out, one that the only writer holds, and a range that every reader shares.
constexpr std::uint64_t kPendingByte = 0x40000000;
constexpr std::uint64_t kReservedByte = kPendingByte + 1;
constexpr std::uint64_t kSharedFirst = kPendingByte + 2;
constexpr std::uint64_t kSharedSize = 510;

}  // namespace

Result<bool> DatabaseLock::TakeShared() {
  // Passing through the pending byte keeps readers from starving a writer.
  DLV_ASSIGN(const bool may_pass, lock_->TryLock(kPendingByte, 1, false));
  if (!may_pass) return false;
  Result<bool> taken = lock_->TryLock(kSharedFirst, kSharedSize, false);
  DLV_TRY(lock_->Unlock(kPendingByte, 1));
  if (taken.ok() && *taken) level_ = SQLITE_LOCK_SHARED;
  return taken;
}

Result<bool> DatabaseLock::TakeExclusive() {
  if (level_ < SQLITE_LOCK_PENDING) {
    DLV_ASSIGN(const bool pending, lock_->TryLock(kPendingByte, 1, true));
    if (!pending) return false;
    level_ = SQLITE_LOCK_PENDING;
  }
  DLV_ASSIGN(const bool exclusive, lock_->TryLock(kSharedFirst, kSharedSize, true));
  if (exclusive) level_ = SQLITE_LOCK_EXCLUSIVE;
  return exclusive;
}

Result<bool> DatabaseLock::Raise(int level) {
  if (level_ >= level) return true;
  if (level == SQLITE_LOCK_SHARED) return TakeShared();
  if (level == SQLITE_LOCK_EXCLUSIVE) return TakeExclusive();
  DLV_ASSIGN(const bool reserved, lock_->TryLock(kReservedByte, 1, true));
  if (reserved) level_ = SQLITE_LOCK_RESERVED;
  return reserved;
}

Result<bool> DatabaseLock::RaiseToExclusive() {
  for (const int level : {SQLITE_LOCK_SHARED, SQLITE_LOCK_RESERVED, SQLITE_LOCK_EXCLUSIVE}) {
    DLV_ASSIGN(const bool taken, Raise(level));
    if (!taken) return false;
  }
  return true;
}

Status DatabaseLock::Lower(int level) {
  if (level_ <= level) return Ok();
  if (level == SQLITE_LOCK_SHARED) {
    DLV_ASSIGN(const bool shared, lock_->TryLock(kSharedFirst, kSharedSize, false));
    if (!shared) return Error{ErrorCode::kIo, "catalog: an exclusive lock could not be shared"};
    DLV_TRY(lock_->Unlock(kPendingByte, 2));
  } else {
    DLV_TRY(lock_->Unlock(kPendingByte, kSharedSize + 2));
  }
  level_ = level;
  return Ok();
}

Result<bool> DatabaseLock::IsReserved() {
  if (level_ >= SQLITE_LOCK_RESERVED) return true;
  return lock_->IsHeldByOther(kReservedByte, 1);
}

}  // namespace dlv::catalog
