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

using LogPayload = std::variant<CommitRecord, RemoveRecord, AliasRecord, TagRecord,
                                EvaluationRecord, QueryRecord, SwitchRecord>;

struct LogRecord {
  std::uint64_t sequence = 0;  ///< 1, 2, ...
  std::int64_t time = 0;       ///< seconds since 1970 UTC
  LogPayload payload;
};

struct LogContent {
  std::vector<LogRecord> records;  ///< all up to the first bad one
  std::uint64_t good_bytes = 0;    ///< length of the file up to there
  std::uint64_t file_bytes = 0;
  std::uint64_t unknown_records = 0;  ///< whole records of types that this release does not know
  std::uint64_t chain = 0;            ///< checksum of the last good record (or of the header)
  std::uint64_t last_sequence = 0;
  bool torn = false;    ///< what follows is a record cut short: an append that did not finish
  std::string finding;  ///< why reading stopped; empty: the log is whole
};

/// Reads the log. A missing or empty file is an empty log. Bad records end the reading and are told
/// in `finding`. Errors: kIo, kUnsupported (newer format); kCorruption only where the header is
/// bad.
Result<LogContent> ReadOperationLog(io::FileSystem& file_system, const std::string& path);
/// As ReadOperationLog, over bytes.
Result<LogContent> ParseOperationLog(std::span<const std::byte> bytes);

/// Appends to the log. Only the holder of the repository lock may have one.
class OperationLogWriter {
 public:
  /// Reads the log, makes it if missing and truncates a torn tail.
  /// Errors: kCorruption where a record in the middle is bad (repair is an explicit command).
  static Result<OperationLogWriter> Open(io::FileSystem& file_system, const std::string& path);
  /// Appends records and syncs once. When it returns they are on the medium.
  Status Append(std::int64_t time, const std::vector<LogPayload>& payloads);
  std::uint64_t last_sequence() const { return last_sequence_; }
  const LogContent& content() const { return content_; }  ///< as found at Open

 private:
  OperationLogWriter() = default;
  std::unique_ptr<io::WritableFile> file_;
  LogContent content_;
  std::uint64_t end_ = 0, chain_ = 0, last_sequence_ = 0;
};

}  // namespace dlv::archive
