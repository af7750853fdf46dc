#include "storage/archive/operation_log.h"

#include <algorithm>
#include <cstring>

#include "storage/archive/canonical.h"
#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

constexpr const char* kWhat = "operation log";
constexpr std::uint64_t kMaxLogBytes = std::uint64_t{1} << 30;
constexpr int kMaxProbes = 4096;
constexpr std::uint32_t kMaxBatch = 1u << 20;

struct RecordHead {
  std::uint32_t payload_bytes = 0;
  std::uint16_t type = 0;
  std::uint32_t index = 0, batch = 0;
  std::uint64_t sequence = 0;
  std::int64_t time = 0;
  std::uint64_t previous = 0;
};
constexpr std::size_t kHeadBytes = 40;
constexpr std::size_t kOverheadBytes = kHeadBytes + 8;

/// A whole record whose own checksum fits.
struct RawRecord {
  RecordHead head;
  std::span<const std::byte> payload;
  std::uint64_t checksum = 0;
  std::size_t bytes = 0;
};

/// Returns the record at the start of `bytes`, or why there is none.
Result<RawRecord> ParseRecord(std::span<const std::byte> bytes) {
  io::ByteReader in(bytes, kWhat);
  RawRecord record;
  RecordHead& head = record.head;
  DLV_ASSIGN(head.payload_bytes, in.Get<std::uint32_t>());
  DLV_ASSIGN(head.type, in.Get<std::uint16_t>());
  DLV_ASSIGN(const std::uint16_t zero, in.Get<std::uint16_t>());
  DLV_ASSIGN(head.index, in.Get<std::uint32_t>());
  DLV_ASSIGN(head.batch, in.Get<std::uint32_t>());
  DLV_ASSIGN(head.sequence, in.Get<std::uint64_t>());
  DLV_ASSIGN(head.time, in.Get<std::int64_t>());
  DLV_ASSIGN(head.previous, in.Get<std::uint64_t>());
  if (zero != 0 || head.payload_bytes > kMaxLogRecordBytes || head.index >= head.batch ||
      head.batch > kMaxBatch) {
    return in.Bad("impossible record head");
  }
  DLV_ASSIGN(record.payload, in.GetBytes(head.payload_bytes));
  const std::size_t covered = in.offset();
  DLV_ASSIGN(record.checksum, in.Get<std::uint64_t>());
  if (io::Xxh3(bytes.first(covered)) != record.checksum)
    return in.Bad("checksum of a record does not fit");
  record.bytes = in.offset();
  return record;
}

struct PayloadWriter {
  io::ByteWriter& out;
  void operator()(const CommitRecord& record) const {
    PutVersion(record);
    out.PutVarint(record.stored_bytes);
  }
  void operator()(const RemoveRecord& record) const { PutVersion(record); }
  void operator()(const AliasRecord& record) const {
    out.PutString(record.model);
    out.PutString(record.alias);
    out.PutVarint(record.from);
    out.PutVarint(record.to);
  }
  void operator()(const TagRecord& record) const {
    out.PutString(record.model);
    out.PutVarint(record.number);
    out.PutString(record.key);
    out.PutString(record.value);
    out.Put(static_cast<std::uint8_t>(record.removed ? 1 : 0));
  }
  void operator()(const EvaluationRecord& record) const {
    out.PutDigest(record.id);
    out.PutString(record.data);
    out.PutString(record.metric);
    out.Put(record.value);
    PutPairs(out, record.attributes);
  }
  void operator()(const QueryRecord& record) const {
    out.PutString(record.name);
    out.PutString(record.text);
    out.Put(static_cast<std::uint8_t>(record.removed ? 1 : 0));
  }
  void operator()(const SwitchRecord& record) const {
    out.PutString(record.command);
    out.PutVarint(record.live_packs.size());
    for (const std::string& pack : record.live_packs) out.PutString(pack);
  }
  template <class Record>
  void PutVersion(const Record& record) const {
    out.PutDigest(record.id);
    out.PutString(record.model);
    out.PutVarint(record.number);
  }
};

template <class Record>
Result<LogPayload> GetVersion(io::ByteReader& in) {
  Record record;
  DLV_ASSIGN(record.id, in.GetDigest<VersionId>());
  DLV_ASSIGN(record.model, in.GetString());
  DLV_ASSIGN(record.number, in.GetVarint());
  if constexpr (std::is_same_v<Record, CommitRecord>) {
    DLV_ASSIGN(record.stored_bytes, in.GetVarint());
  }
  return LogPayload(std::move(record));
}

Result<LogPayload> GetAlias(io::ByteReader& in) {
  AliasRecord record;
  DLV_ASSIGN(record.model, in.GetString());
  DLV_ASSIGN(record.alias, in.GetString());
  DLV_ASSIGN(record.from, in.GetVarint());
  DLV_ASSIGN(record.to, in.GetVarint());
  return LogPayload(std::move(record));
}

Result<LogPayload> GetTag(io::ByteReader& in) {
  TagRecord record;
  DLV_ASSIGN(record.model, in.GetString());
  DLV_ASSIGN(record.number, in.GetVarint());
  DLV_ASSIGN(record.key, in.GetString());
  DLV_ASSIGN(record.value, in.GetString());
  DLV_ASSIGN(record.removed, GetFlag(in));
  return LogPayload(std::move(record));
}

Result<LogPayload> GetEvaluation(io::ByteReader& in) {
  EvaluationRecord record;
  DLV_ASSIGN(record.id, in.GetDigest<VersionId>());
  DLV_ASSIGN(record.data, in.GetString());
  DLV_ASSIGN(record.metric, in.GetString());
  DLV_ASSIGN(record.value, in.Get<double>());
  DLV_ASSIGN(record.attributes, GetPairs(in));
  return LogPayload(std::move(record));
}

Result<LogPayload> GetQuery(io::ByteReader& in) {
  QueryRecord record;
  DLV_ASSIGN(record.name, in.GetString());
  DLV_ASSIGN(record.text, in.GetString());
  DLV_ASSIGN(record.removed, GetFlag(in));
  return LogPayload(std::move(record));
}

Result<LogPayload> GetSwitch(io::ByteReader& in) {
  SwitchRecord record;
  DLV_ASSIGN(record.command, in.GetString());
  DLV_ASSIGN(const std::uint64_t count, in.GetCount(1));
  for (std::uint64_t i = 0; i < count; ++i) {
    DLV_ASSIGN(std::string pack, in.GetString());
    record.live_packs.push_back(std::move(pack));
  }
  return LogPayload(std::move(record));
}

/// Readers of payloads by type, counted from 1. On disk: do not renumber; the order is that of
/// LogPayload.
constexpr Result<LogPayload> (*kPayloadReaders[])(io::ByteReader&) = {GetVersion<CommitRecord>,
                                                                      GetVersion<RemoveRecord>,
                                                                      GetAlias,
                                                                      GetTag,
                                                                      GetEvaluation,
                                                                      GetQuery,
                                                                      GetSwitch};
constexpr std::size_t kTypeCount = std::size(kPayloadReaders);
static_assert(kTypeCount == std::variant_size_v<LogPayload>);

/// Returns nothing for a type that this release does not know.
Result<std::optional<LogRecord>> DecodeRecord(const RawRecord& raw) {
  if (raw.head.type == 0 || raw.head.type > kTypeCount) return std::optional<LogRecord>();
  io::ByteReader in(raw.payload, kWhat);
  DLV_ASSIGN(LogPayload payload, kPayloadReaders[raw.head.type - 1u](in));
  DLV_TRY(in.ExpectEnd());
  return std::optional<LogRecord>(LogRecord{raw.head.sequence, raw.head.time, std::move(payload)});
}

std::vector<std::byte> EncodeLogHeader() {
  io::ByteWriter out;
  PutPreamble(out, LogHeader::kMagic);
  out.Put(io::Xxh3(out.bytes()));
  return out.Take();
}

std::vector<std::byte> EncodeRecord(const RecordHead& head, const LogPayload& payload) {
  io::ByteWriter body;
  std::visit(PayloadWriter{body}, payload);
  io::ByteWriter out;
  out.Put(static_cast<std::uint32_t>(body.size()));
  out.Put(static_cast<std::uint16_t>(payload.index() + 1));
  out.Put(std::uint16_t{0});
  out.Put(head.index);
  out.Put(head.batch);
  out.Put(head.sequence);
  out.Put(head.time);
  out.Put(head.previous);
  out.PutBytes(body.bytes());
  out.Put(io::Xxh3(out.bytes()));
  return out.Take();
}

/// Whether a whole record of a later batch than the one at `sequence` stands anywhere in `tail`. A
/// tail with thousands of places that look like records is no torn write either.
bool HasLaterBatch(std::span<const std::byte> tail, std::uint64_t sequence) {
  int probes = 0;
  for (std::size_t at = 1; at + kOverheadBytes <= tail.size(); ++at) {
    std::uint64_t found = 0;  // the cheap test first: a sequence number is nearly always impossible
    std::memcpy(&found, tail.data() + at + 16, sizeof found);
    if (found <= sequence || found - sequence > kMaxBatch) continue;
    if (++probes > kMaxProbes) return true;
    const auto record = ParseRecord(tail.subspan(at));
    if (record.ok() && record->head.sequence - record->head.index > sequence) return true;
  }
  return false;
}

/// Reads one batch at `at`; appends its records to `content` only when all are there and fit.
Result<std::size_t> ReadBatch(std::span<const std::byte> bytes, std::size_t at,
                              LogContent& content) {
  std::vector<LogRecord> records;
  std::uint64_t unknown = 0, chain = content.chain, sequence = content.last_sequence;
  std::uint32_t batch = 1;
  const std::size_t begin = at;
  for (std::uint32_t index = 0; index < batch; ++index) {
    DLV_ASSIGN(const RawRecord raw, ParseRecord(bytes.subspan(at)));
    if (index == 0) batch = raw.head.batch;
    if (raw.head.index != index || raw.head.batch != batch || raw.head.sequence != sequence + 1 ||
        raw.head.previous != chain) {
      return Error{ErrorCode::kCorruption, "record " + std::to_string(raw.head.sequence) +
                                               " does not follow record " +
                                               std::to_string(sequence)};
    }
    DLV_ASSIGN(std::optional<LogRecord> record, DecodeRecord(raw));
    if (record)
      records.push_back(std::move(*record));
    else
      ++unknown;
    chain = raw.checksum;
    sequence = raw.head.sequence;
    at += raw.bytes;
  }
  std::move(records.begin(), records.end(), std::back_inserter(content.records));
  content.unknown_records += unknown;
  content.chain = chain;
  content.last_sequence = sequence;
  return at - begin;
}

}  // namespace

Result<LogContent> ParseOperationLog(std::span<const std::byte> bytes) {
  LogContent content;
  content.file_bytes = bytes.size();
  if (bytes.empty()) return content;
  const std::vector<std::byte> header = EncodeLogHeader();
  if (bytes.size() < header.size() &&
      std::ranges::equal(bytes, std::span(header).first(bytes.size()))) {
    content.torn = true;
    content.finding = "the log's header was cut short";
    return content;
  }
  io::ByteReader in(bytes, kWhat);
  const Status preamble = CheckPreamble(in, LogHeader::kMagic, kWhat);
  if (!preamble.ok() && preamble.error().code != ErrorCode::kUnsupported) return preamble.error();
  io::ByteReader sum(bytes, kWhat);
  DLV_TRY(sum.GetBytes(LogHeader::kEncodedSize - 8));
  DLV_ASSIGN(content.chain, sum.Get<std::uint64_t>());
  if (io::Xxh3(bytes.first(LogHeader::kEncodedSize - 8)) != content.chain)
    return sum.Bad("checksum of the header does not fit");
  DLV_TRY(preamble);
  std::size_t at = LogHeader::kEncodedSize;
  content.good_bytes = at;
  while (at < bytes.size()) {
    const auto batch = ReadBatch(bytes, at, content);
    if (!batch.ok()) {
      content.finding = "at byte " + std::to_string(at) + ": " + batch.error().message;
      content.torn = !HasLaterBatch(bytes.subspan(at), content.last_sequence + 1);
      break;
    }
    at += *batch;
    content.good_bytes = at;
  }
  return content;
}

Result<LogContent> ReadOperationLog(io::FileSystem& file_system, const std::string& path) {
  auto bytes = io::ReadWholeFile(file_system, path, kMaxLogBytes);
  if (!bytes.ok() && bytes.error().code == ErrorCode::kNotFound) return LogContent();
  if (!bytes.ok()) return std::move(bytes).error();
  return ParseOperationLog(*bytes);
}

Result<OperationLogWriter> OperationLogWriter::Open(io::FileSystem& file_system,
                                                    const std::string& path) {
  OperationLogWriter writer;
  DLV_ASSIGN(writer.content_, ReadOperationLog(file_system, path));
  const LogContent& content = writer.content_;
  if (!content.finding.empty() && !content.torn) {
    return Error{ErrorCode::kCorruption, path + ": damaged " + content.finding, "run dlv fsck"};
  }
  const bool is_new = content.good_bytes == 0;
  DLV_ASSIGN(writer.file_, file_system.OpenForWriting(path, io::WriteMode::kUpdate));
  if (content.file_bytes != content.good_bytes) DLV_TRY(writer.file_->Truncate(content.good_bytes));
  writer.end_ = content.good_bytes;
  writer.chain_ = content.chain;
  writer.last_sequence_ = content.last_sequence;
  if (is_new) {
    const std::vector<std::byte> header = EncodeLogHeader();
    DLV_TRY(writer.file_->WriteAt(0, header));
    DLV_TRY(writer.file_->Sync());
    const std::size_t slash = path.rfind('/');
    DLV_TRY(file_system.SyncDirectory(slash == std::string::npos ? "." : path.substr(0, slash)));
    writer.end_ = header.size();
    std::memcpy(&writer.chain_, header.data() + header.size() - 8, 8);
  }
  return writer;
}

Status OperationLogWriter::Append(std::int64_t time, const std::vector<LogPayload>& payloads) {
  if (payloads.empty()) return Ok();
  if (payloads.size() > kMaxBatch)
    return Error{ErrorCode::kInvalidArgument, "operation log: too many records at once"};
  std::vector<std::byte> bytes;
  RecordHead head;
  head.batch = static_cast<std::uint32_t>(payloads.size());
  head.sequence = last_sequence_;
  head.time = time;
  head.previous = chain_;
  for (const LogPayload& payload : payloads) {
    head.sequence += 1;
    const std::vector<std::byte> record = EncodeRecord(head, payload);
    if (record.size() > kMaxLogRecordBytes)
      return Error{ErrorCode::kInvalidArgument, "operation log: record longer than its limit"};
    if (const auto parsed = ParseRecord(record); !parsed.ok() || !DecodeRecord(*parsed).ok()) {
      return Error{ErrorCode::kInvalidArgument,
                   "operation log: a record that no reader would take"};
    }
    std::memcpy(&head.previous, record.data() + record.size() - 8, 8);
    bytes.insert(bytes.end(), record.begin(), record.end());
    head.index += 1;
  }
  DLV_TRY(file_->WriteAt(end_, bytes));
  DLV_TRY(file_->Sync());
  end_ += bytes.size();
  chain_ = head.previous;
  last_sequence_ = head.sequence;
  return Ok();
}

}  // namespace dlv::archive
