#include <sqlite3.h>

#include <algorithm>
#include <thread>

#include "storage/catalog/connection.h"

namespace dlv::catalog {
namespace {

// Pages of a transaction stay in memory until it commits (cache_spill), so that readers are held up
// by the writing of pages only, not by the preparation. The page size and the reserved bytes are
// set before the first page exists.
constexpr const char* kPragmas =
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA cache_size = -16384;"
    "PRAGMA cache_spill = OFF;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;";

constexpr std::chrono::milliseconds kBusyPause{1};
constexpr std::chrono::milliseconds kLongBusyPause{5};
constexpr int kShortPauses = 200;

ErrorCode CodeFor(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kConflict;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
    case SQLITE_ERROR:  // our statements are right, so a table or column is missing from a damaged
                        // file
    case SQLITE_FORMAT:
      return ErrorCode::kCorruption;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return ErrorCode::kIo;
    case SQLITE_CONSTRAINT:
      return ErrorCode::kConflict;
    case SQLITE_NOTFOUND:
      return ErrorCode::kNotFound;
    default:
      return ErrorCode::kInternal;
  }
}

std::string HintFor(ErrorCode code) {
  if (code == ErrorCode::kCorruption)
    return "dlv fsck --rebuild-catalog makes the catalog anew from the packs";
  return {};
}

}  // namespace

// ---- Statement ----------------------------------------------------------------------------------

Statement::Statement(Connection& connection, sqlite3_stmt* handle, bool* in_use)
    : connection_(connection), handle_(handle), in_use_(in_use) {
  if (in_use_ != nullptr) *in_use_ = true;
}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      handle_(std::exchange(other.handle_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)) {}

Statement::~Statement() {
  if (handle_ == nullptr) return;
  if (in_use_ == nullptr) {
    sqlite3_finalize(handle_);
    return;
  }
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  *in_use_ = false;
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_.Translate(code);
}

// Binding fails only for places that do not exist or without memory; both end in a wrong statement,
// so they are defects.
#define DLV_BIND(call) DLV_CHECK((call) == SQLITE_OK, "the statement has this parameter")

void Statement::Bind(int place, std::int64_t value) {
  DLV_BIND(sqlite3_bind_int64(handle_, place + 1, value));
}

void Statement::Bind(int place, double value) {
  DLV_BIND(sqlite3_bind_double(handle_, place + 1, value));
}

void Statement::Bind(int place, std::string_view text) {
  const char* const data = text.data() == nullptr ? "" : text.data();
  DLV_BIND(
      sqlite3_bind_text64(handle_, place + 1, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::Bind(int place, std::span<const std::byte> blob) {
  if (blob.empty()) {
    DLV_BIND(sqlite3_bind_zeroblob(handle_, place + 1, 0));
  } else {
    DLV_BIND(sqlite3_bind_blob64(handle_, place + 1, blob.data(), blob.size(), SQLITE_TRANSIENT));
  }
}

void Statement::Bind(int place, const std::optional<std::int64_t>& value) {
  if (value.has_value()) {
    Bind(place, *value);
  } else {
    DLV_BIND(sqlite3_bind_null(handle_, place + 1));
  }
}

#undef DLV_BIND

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::Int(int column) const { return sqlite3_column_int64(handle_, column); }

std::optional<std::int64_t> Statement::OptionalInt(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Int(column);
}

double Statement::Real(int column) const { return sqlite3_column_double(handle_, column); }

std::string Statement::Text(int column) const {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return text == nullptr
             ? std::string()
             : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)));
}

std::span<const std::byte> Statement::Blob(int column) const {
  const auto* const data = static_cast<const std::byte*>(sqlite3_column_blob(handle_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

// ---- Connection ---------------------------------------------------------------------------------

Result<std::unique_ptr<Connection>> Connection::Open(io::FileSystem& file_system,
                                                     const std::string& path, bool create,
                                                     bool read_only, std::int64_t busy_timeout_ms) {
  std::unique_ptr<Connection> connection(new Connection(file_system, path, read_only));
  // Also readers ask for writing: after a crash whoever comes first rolls the journal back. The VFS
  // falls back to reading on a medium that cannot be written.
  const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_NOMUTEX;
  if (const int code = sqlite3_open_v2(path.c_str(), &connection->handle_, flags,
                                       connection->vfs_.name().c_str());
      code != SQLITE_OK) {
    return connection->Translate(code);
  }
  sqlite3* const handle = connection->handle_;
  sqlite3_extended_result_codes(handle, 1);
  connection->SetBusyTimeout(busy_timeout_ms);
  sqlite3_busy_handler(handle, WaitWhileBusy, connection.get());
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  DLV_TRY(connection->Execute(kPragmas));
  if (create) {
    int reserved = kChecksumBytes;
    static_assert(kPageSize == 4096, "the pragma below says so too");
    DLV_TRY(connection->Execute("PRAGMA page_size = 4096;"));
    if (const int code =
            sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
        code != SQLITE_OK) {
      return connection->Translate(code);
    }
  }
  if (read_only) {
    DLV_TRY(connection->Execute("PRAGMA query_only = ON;"));
  }
  // TRUNCATE, not DELETE: SQLite syncs the emptied journal with synchronous=FULL, which makes the
  // commit durable; it would not sync the folder after deleting.
  DLV_TRY(connection->Execute("PRAGMA journal_mode = TRUNCATE;"));
  return connection;
}

Connection::~Connection() {
  for (auto& [sql, cached] : cache_) sqlite3_finalize(cached->handle);
  if (handle_ != nullptr) sqlite3_close(handle_);
}

Status Connection::Execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Ok() : Status(Translate(code));
}

Result<Statement> Connection::Prepare(std::string_view sql) {
  const auto found = cache_.find(sql);
  if (found != cache_.end()) {
    Cached& cached = *found->second;
    // A statement that is being stepped through is not to be reset under its user.
    return cached.in_use ? Uncached(sql) : Statement(*this, cached.handle, &cached.in_use);
  }
  DLV_ASSIGN(sqlite3_stmt * handle, Compile(sql, SQLITE_PREPARE_PERSISTENT));
  Cached& cached =
      *cache_.emplace(sql, std::make_unique<Cached>(Cached{handle, false})).first->second;
  return Statement(*this, cached.handle, &cached.in_use);
}

Result<Statement> Connection::Uncached(std::string_view sql) {
  DLV_ASSIGN(sqlite3_stmt * handle, Compile(sql, 0));
  return Statement(*this, handle, nullptr);
}

Result<sqlite3_stmt*> Connection::Compile(std::string_view sql, unsigned flags) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), flags,
                                      &handle, nullptr);
  if (code != SQLITE_OK) return Translate(code);
  return handle;
}

Status Connection::Finish(Statement& statement) {
  while (true) {
    DLV_ASSIGN(const bool row, statement.Step());
    if (!row) return Ok();
  }
}

std::int64_t Connection::LastInserted() const { return sqlite3_last_insert_rowid(handle_); }
std::int64_t Connection::Changes() const { return sqlite3_changes64(handle_); }
bool Connection::InTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::optional<Error> Connection::ReadOnlyReason() const {
  if (sqlite3_db_readonly(handle_, "main") != 1) return std::nullopt;
  return vfs_.read_only_reason();
}

int Connection::WaitWhileBusy(void* self, int count) {
  auto* const connection = static_cast<Connection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (count == 0) connection->busy_since_ = now;
  if (now - connection->busy_since_ >= connection->busy_timeout_) return 0;
  std::this_thread::sleep_for(count < kShortPauses ? kBusyPause : kLongBusyPause);
  return 1;
}

Error Connection::Translate(int code) {
  const std::optional<Error> cause = vfs_.TakeError();
  const int primary = code & 0xff;
  // Behind these codes stands an error of the file system, which says more.
  const bool from_file =
      primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL;
  if (from_file && cause.has_value()) return *cause;
  if (primary == SQLITE_READONLY && code != SQLITE_READONLY_ROLLBACK &&
      vfs_.read_only_reason().has_value())
    return *vfs_.read_only_reason();
  const ErrorCode translated = CodeFor(code);
  if (primary == SQLITE_BUSY) {
    return Error{translated, path_ + ": another process keeps the catalog locked",
                 "try again when it has ended"};
  }
  std::string what = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  std::transform(what.begin(), what.begin() + (what.empty() ? 0 : 1), what.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (code == SQLITE_READONLY_ROLLBACK)
    what = "an interrupted change must be rolled back, but the medium is read-only";
  return Error{translated, path_ + ": " + what + " (SQLite code " + std::to_string(code) + ")",
               HintFor(translated)};
}

}  // namespace dlv::catalog
