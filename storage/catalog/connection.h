#pragma once
/// \file
/// SQLite as the catalog uses it: one connection, prepared statements kept for use again, errors as
/// dlv::Error. Internal to storage/catalog.

#include <bit>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/catalog/vfs.h"
#include "storage/io/file_system.h"

struct sqlite3;
struct sqlite3_stmt;

namespace dlv::catalog {

using Bytes = std::vector<std::byte>;

/// One use of a prepared statement; gives it back when destroyed. Columns and parameters are
/// counted from 0.
class Statement {
 public:
  Statement(class Connection& connection, sqlite3_stmt* handle, bool* in_use);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;

  /// Returns whether there is a row.
  Result<bool> Step();

  void Bind(int place, std::int64_t value);
  void Bind(int place, std::uint64_t value) { Bind(place, std::bit_cast<std::int64_t>(value)); }
  void Bind(int place, std::uint32_t value) { Bind(place, std::int64_t{value}); }
  void Bind(int place, int value) { Bind(place, std::int64_t{value}); }
  void Bind(int place, bool value) { Bind(place, std::int64_t{value}); }
  void Bind(int place, double value);
  void Bind(int place, std::string_view text);
  void Bind(int place, const char* text) { Bind(place, std::string_view(text)); }
  void Bind(int place, const std::string& text) { Bind(place, std::string_view(text)); }
  void Bind(int place, std::span<const std::byte> blob);
  void Bind(int place, const Bytes& blob) { Bind(place, std::span<const std::byte>(blob)); }
  void Bind(int place, const std::optional<std::int64_t>& value);
  template <class Kind>
  void Bind(int place, const Digest<Kind>& digest) {
    Bind(place, std::as_bytes(std::span(digest.bytes)));
  }

  bool IsNull(int column) const;
  std::int64_t Int(int column) const;
  std::uint64_t Unsigned(int column) const { return std::bit_cast<std::uint64_t>(Int(column)); }
  std::uint32_t Unsigned32(int column) const {
    return static_cast<std::uint32_t>(Unsigned(column));
  }
  std::optional<std::int64_t> OptionalInt(int column) const;
  double Real(int column) const;
  std::string Text(int column) const;
  /// Valid until the next Step.
  std::span<const std::byte> Blob(int column) const;
  /// A digest of the wrong length reads as zeros: integrity_check and the manifests tell.
  template <class D>
  D DigestAt(int column) const {
    D digest;
    const std::span<const std::byte> blob = Blob(column);
    if (blob.size() == digest.bytes.size())
      std::memcpy(digest.bytes.data(), blob.data(), blob.size());
    return digest;
  }

 private:
  class Connection& connection_;
  sqlite3_stmt* handle_;
  bool* in_use_;  ///< null: the statement is not in the cache and dies with this
};

/// Thread-compatible.
class Connection {
 public:
  /// Opens the file, which exists or, with `create`, is made. Sets the pragmas; looks at nothing
  /// inside.
  static Result<std::unique_ptr<Connection>> Open(io::FileSystem& file_system,
                                                  const std::string& path, bool create,
                                                  bool read_only,
                                                  std::int64_t busy_timeout_ms = 30'000);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs statements without results and parameters.
  Status Execute(const char* sql);

  /// Prepares (or takes from the cache) and binds. `sql` is a literal.
  template <class... Values>
  Result<Statement> Query(std::string_view sql, const Values&... values) {
    DLV_ASSIGN(Statement statement, Prepare(sql));
    int place = 0;
    (statement.Bind(place++, values), ...);
    return statement;
  }
  /// Prepares a statement that is not kept.
  Result<Statement> Uncached(std::string_view sql);
  /// Runs one statement to its end.
  template <class... Values>
  Status Run(std::string_view sql, const Values&... values) {
    DLV_ASSIGN(Statement statement, Query(sql, values...));
    return Finish(statement);
  }
  /// Returns the first column of the first row as a number; nothing where there is no row or it is
  /// null.
  template <class... Values>
  Result<std::optional<std::int64_t>> Number(std::string_view sql, const Values&... values) {
    DLV_ASSIGN(Statement statement, Query(sql, values...));
    DLV_ASSIGN(const bool found, statement.Step());
    if (!found || statement.IsNull(0)) return std::optional<std::int64_t>();
    return std::optional<std::int64_t>(statement.Int(0));
  }

  std::int64_t LastInserted() const;
  std::int64_t Changes() const;
  /// Whether a transaction is open.
  bool InTransaction() const;
  void SetBusyTimeout(std::int64_t timeout_ms) {
    busy_timeout_ = std::chrono::milliseconds(timeout_ms);
  }

  const std::string& path() const { return path_; }
  io::FileSystem& file_system() { return file_system_; }
  bool read_only() const { return read_only_; }
  /// Returns why the file can be read only (the medium, its permissions), or nothing.
  std::optional<Error> ReadOnlyReason() const;

  /// Returns the error for SQLite's code `code` of the last call.
  Error Translate(int code);

 private:
  Connection(io::FileSystem& file_system, std::string path, bool read_only)
      : file_system_(file_system),
        path_(std::move(path)),
        read_only_(read_only),
        vfs_(file_system) {}
  Result<Statement> Prepare(std::string_view sql);
  Result<sqlite3_stmt*> Compile(std::string_view sql, unsigned flags);
  static Status Finish(Statement& statement);
  static int WaitWhileBusy(void* self, int count);

  struct Cached {
    sqlite3_stmt* handle = nullptr;
    bool in_use = false;
  };

  io::FileSystem& file_system_;
  std::string path_;
  bool read_only_;
  Vfs vfs_;
  sqlite3* handle_ = nullptr;
  std::unordered_map<std::string_view, std::unique_ptr<Cached>> cache_;  ///< keys are literals
  std::chrono::milliseconds busy_timeout_{0};
  std::chrono::steady_clock::time_point busy_since_;
};

}  // namespace dlv::catalog
