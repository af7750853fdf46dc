#include "storage/catalog/catalog.h"

#include <chrono>
#include <thread>

#include "storage/catalog/connection.h"
#include "storage/catalog/schema.h"
#include "storage/catalog/vfs_file.h"
#include "storage/catalog/vfs_lock.h"

namespace dlv::catalog {
namespace {

constexpr std::chrono::milliseconds kReplaceTimeout{kBusyTimeoutMs};
constexpr std::chrono::milliseconds kReplacePause{2};

/// Takes the file for this caller alone, as a writer does when it commits; null where there is no
/// file.
Result<std::unique_ptr<DatabaseLock>> LockOut(io::FileSystem& file_system,
                                              const std::string& path) {
  Result<std::unique_ptr<io::FileLock>> file = file_system.OpenLock(path);
  if (!file.ok()) {
    if (file.error().code == ErrorCode::kNotFound) return std::unique_ptr<DatabaseLock>();
    return std::move(file).error();
  }
  auto lock = std::make_unique<DatabaseLock>(std::move(file).value());
  const auto deadline = std::chrono::steady_clock::now() + kReplaceTimeout;
  while (true) {
    DLV_ASSIGN(const bool exclusive, lock->RaiseToExclusive());
    if (exclusive) return lock;
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error{ErrorCode::kConflict, path + ": another process keeps the catalog locked",
                   "try again when it has ended"};
    }
    std::this_thread::sleep_for(kReplacePause);
  }
}

}  // namespace

Catalog::Catalog(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Catalog::~Catalog() = default;

int Catalog::SchemaVersion() { return static_cast<int>(Migrations().size()); }

Result<std::unique_ptr<Catalog>> Catalog::Create(io::FileSystem& file_system,
                                                 const std::string& path) {
  DLV_ASSIGN(auto connection, Connection::Open(file_system, path, true, false, kBusyTimeoutMs));
  // What an interrupted Create left behind has no page once its journal is rolled back.
  DLV_ASSIGN(const auto pages, connection->Number("PRAGMA page_count"));
  if (pages.value_or(0) != 0) return Error{ErrorCode::kConflict, path + ": exists already"};
  DLV_TRY(Migrate(*connection, Migrations()));
  DLV_TRY(file_system.SyncDirectory(FolderOf(path)));
  return std::unique_ptr<Catalog>(new Catalog(std::move(connection)));
}

Result<std::unique_ptr<Catalog>> Catalog::Open(io::FileSystem& file_system, const std::string& path,
                                               OpenMode mode, std::int64_t busy_timeout_ms) {
  DLV_ASSIGN(const io::FileStat stat, file_system.Stat(path));
  if (!stat.is_regular) return Error{ErrorCode::kCorruption, path + ": is not a regular file"};
  const bool read_only = mode == OpenMode::kRead;
  DLV_ASSIGN(auto connection,
             Connection::Open(file_system, path, false, read_only, busy_timeout_ms));
  DLV_ASSIGN(const int found, ReadSchemaVersion(*connection));
  DLV_TRY(RefuseNewerSchema(*connection, found, SchemaVersion()));
  // Filling an empty file would hide that everything in it is gone.
  if (found == 0) {
    return Error{ErrorCode::kCorruption, path + ": is empty",
                 "dlv fsck --rebuild-catalog makes the catalog anew from the packs"};
  }
  if (found < SchemaVersion() && read_only) {
    return Error{ErrorCode::kUnsupported,
                 path + ": has schema version " + std::to_string(found) +
                     ", and reading needs version " + std::to_string(SchemaVersion()),
                 "open it once for writing: that brings it up to date"};
  }
  DLV_TRY(Migrate(*connection, Migrations()));
  return std::unique_ptr<Catalog>(new Catalog(std::move(connection)));
}

Status Catalog::Replace(io::FileSystem& file_system, const std::string& from,
                        const std::string& to) {
  const std::string folder = FolderOf(to);
  DLV_ASSIGN(const auto lock, LockOut(file_system, to));
  // A journal of the old file would be rolled back into the new one.
  for (const std::string& journal : {to + "-journal", from + "-journal"}) {
    if (Status status = file_system.Remove(journal);
        !status.ok() && status.error().code != ErrorCode::kNotFound) {
      return status;
    }
  }
  DLV_TRY(file_system.SyncDirectory(folder));
  DLV_TRY(file_system.Rename(from, to));
  return file_system.SyncDirectory(folder);
}

void Catalog::SetBusyTimeout(std::int64_t timeout_ms) { connection_->SetBusyTimeout(timeout_ms); }

Result<std::unique_ptr<Transaction>> Catalog::Begin() {
  if (connection_->read_only())
    return Error{ErrorCode::kInvalidArgument, connection_->path() + ": is open for reading"};
  if (connection_->InTransaction()) {
    return Error{ErrorCode::kInvalidArgument,
                 connection_->path() + ": a transaction is open already"};
  }
  // SQLite would begin a transaction for reading instead.
  if (const auto reason = connection_->ReadOnlyReason(); reason.has_value()) return *reason;
  DLV_TRY(connection_->Execute("BEGIN IMMEDIATE"));
  return std::make_unique<Transaction>(*connection_);
}

Result<std::unique_ptr<ReadTransaction>> Catalog::BeginRead() const {
  const bool outermost = !connection_->InTransaction();
  if (outermost) {
    DLV_TRY(connection_->Execute("BEGIN"));
  }
  return std::make_unique<ReadTransaction>(*connection_, outermost);
}

ReadTransaction::~ReadTransaction() {
  if (outermost_ && connection_.InTransaction()) (void)connection_.Execute("ROLLBACK");
}

Result<std::optional<std::string>> Catalog::GetMeta(std::string_view key) const {
  DLV_ASSIGN(Statement row, connection_->Query("SELECT value FROM meta WHERE key = ?", key));
  DLV_ASSIGN(const bool found, row.Step());
  return found ? std::optional(row.Text(0)) : std::nullopt;
}

Result<std::uint64_t> Catalog::SizeBytes() const {
  DLV_ASSIGN(const io::FileStat stat, connection_->file_system().Stat(connection_->path()));
  return stat.size_bytes;
}

}  // namespace dlv::catalog
