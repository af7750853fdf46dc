#pragma once
/// \file
/// .dlv/operations.log: what is not in manifests, appended, checksummed and chained
/// (docs/format/oplog.md).

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "dlv/version_info.h"
#include "storage/io/file_system.h"

namespace dlv::archive {

struct CommitRecord {
  VersionId id;
  std::string model;
  std::uint64_t number = 0;
  std::uint64_t stored_bytes = 0;  ///< by which the packs grew
};
struct RemoveRecord {
  VersionId id;
  std::string model;
  std::uint64_t number = 0;
};
struct AliasRecord {
  std::string model, alias;
  std::uint64_t from = 0;  ///< version number; 0: did not exist
  std::uint64_t to = 0;    ///< version number; 0: deleted
};
struct TagRecord {
  std::string model;
  std::uint64_t number = 0;
  std::string key, value;
  bool removed = false;
};
struct EvaluationRecord {
  VersionId id;
  std::string data, metric;
  double value = 0;
  KeyValues attributes;
};
struct QueryRecord {
  std::string name, text;
  bool removed = false;
};
/// gc and archive: from here on only `live_packs` matter (sealed pack names).
struct SwitchRecord {
  std::string command;  ///< "gc", "archive", "merge"; "void": see docs/format/oplog.md
  std::vector<std::string> live_packs;
};

/// Who did what the other records of the batch say. The first record of its batch, after one that
/// takes back.
struct OperationRecord {
  std::string command;  ///< "dlv alias"
  std::string author;
  std::uint64_t undoes = 0;  ///< number of the operation that this one undoes; 0: none
};
/// A version that was removed is there again, with the tags and the note that it had.
struct RestoreRecord {
  VersionId id;
  std::string model;
  std::uint64_t number = 0;
};
/// A model has another name from here on, also in records that follow.
struct RenameRecord {
  std::string from, to;
};
struct NoteRecord {
  std::string model;
  std::uint64_t number = 0;
  std::string text;  ///< empty: the note was deleted
};

using LogPayload =
    std::variant<CommitRecord, RemoveRecord, AliasRecord, TagRecord, EvaluationRecord, QueryRecord,
                 SwitchRecord, OperationRecord, RestoreRecord, RenameRecord, NoteRecord>;

struct LogRecord {
  std::uint64_t sequence = 0;   ///< 1, 2, ...
  std::int64_t time = 0;        ///< seconds since 1970 UTC
  std::uint64_t operation = 0;  ///< number of its batch: 1, 2, ...
  LogPayload payload;
};

struct LogContent {
  std::vector<LogRecord> records;  ///< all up to the first bad one
  std::uint64_t good_bytes = 0;    ///< length of the file up to there
  std::uint64_t file_bytes = 0;
  std::uint64_t unknown_records = 0;  ///< whole records of types that this release does not know
  std::uint64_t chain = 0;            ///< checksum of the last good record (or of the header)
  std::uint64_t last_sequence = 0;
  std::uint64_t operations = 0;  ///< batches up to there
  bool missing = false;          ///< there is no file
  bool torn = false;    ///< what follows is a record cut short: an append that did not finish
  std::string finding;  ///< why reading stopped; empty: the log is whole
};

/// Reads the log. A missing or empty file is an empty log. Bad records end the reading and are told
/// in `finding`. Errors: kIo, kUnsupported (newer format); kCorruption only where the header is
/// bad.
Result<LogContent> ReadOperationLog(io::FileSystem& file_system, const std::string& path);
/// As ReadOperationLog, over bytes.
Result<LogContent> ParseOperationLog(std::span<const std::byte> bytes);

/// What a damaged log still tells.
struct SalvagedLog {
  LogContent content;            ///< up to the damage; a bad header is a finding like any other
  std::vector<LogRecord> later;  ///< whole records behind the damage, by sequence number
};
/// Reads what can be read. Errors: kIo, kUnsupported (newer format).
Result<SalvagedLog> SalvageOperationLog(io::FileSystem& file_system, const std::string& path);

/// A record of a log that is written at once, with a time of its own.
struct TimedPayload {
  std::int64_t time = 0;  ///< seconds since 1970 UTC
  LogPayload payload;
};
/// Records that fit into one batch.
inline constexpr std::size_t kMaxLogBatch = std::size_t{1} << 20;
/// Returns the bytes of a log with these records, numbered 1, 2, ..., in as few batches as can be.
/// Errors: kInvalidArgument (a record that no reader would take).
Result<std::vector<std::byte>> EncodeOperationLog(const std::vector<TimedPayload>& records);

/// Appends to the log. Only the holder of the repository lock may have one.
class OperationLogWriter {
 public:
  /// Reads the log, makes it if missing and truncates a torn tail.
  /// Errors: kCorruption where a record in the middle is bad, or where the log ends before record
  /// `known`: then nothing is written (repair is an explicit command).
  static Result<OperationLogWriter> Open(io::FileSystem& file_system, const std::string& path,
                                         std::uint64_t known = 0);
  /// Appends records and syncs once. When it returns they are on the medium.
  Status Append(std::int64_t time, const std::vector<LogPayload>& payloads);
  std::uint64_t last_sequence() const { return last_sequence_; }
  /// Number of the batch that was appended last.
  std::uint64_t operations() const { return operations_; }
  const LogContent& content() const { return content_; }  ///< as found at Open

 private:
  OperationLogWriter() = default;
  std::unique_ptr<io::WritableFile> file_;
  LogContent content_;
  std::uint64_t end_ = 0, chain_ = 0, last_sequence_ = 0, operations_ = 0;
};

}  // namespace dlv::archive
