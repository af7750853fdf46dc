#include "storage/archive/operation_log.h"

#include <algorithm>
#include <cstring>

#include "storage/archive/canonical.h"
#include "storage/archive/operation_payload.h"
#include "storage/io/hash.h"

namespace dlv::archive {
namespace {

constexpr const char* kLogText = "operation log";
constexpr std::uint64_t kMaxLogBytes = std::uint64_t{1} << 30;
constexpr int kMaxProbes = 4096;
constexpr std::uint32_t kMaxBatch = kMaxLogBatch;

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
  io::ByteReader in(bytes, kLogText);
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

/// Returns nothing for a type that this release does not know.
Result<std::optional<LogRecord>> DecodeRecord(const RawRecord& raw, std::uint64_t operation) {
  DLV_ASSIGN(std::optional<LogPayload> payload, DecodePayload(raw.head.type, raw.payload));
  if (!payload) return std::optional<LogRecord>();
  return std::optional<LogRecord>(
      LogRecord{raw.head.sequence, raw.head.time, operation, std::move(*payload)});
}

std::vector<std::byte> EncodeLogHeader() {
  io::ByteWriter out;
  PutPreamble(out, LogHeader::kMagic);
  out.Put(io::Xxh3(out.bytes()));
  return out.Take();
}

std::vector<std::byte> EncodeRecord(const RecordHead& head, const LogPayload& payload) {
  const std::vector<std::byte> body = EncodePayload(payload);
  io::ByteWriter out;
  out.Put(static_cast<std::uint32_t>(body.size()));
  out.Put(static_cast<std::uint16_t>(payload.index() + 1));
  out.Put(std::uint16_t{0});
  out.Put(head.index);
  out.Put(head.batch);
  out.Put(head.sequence);
  out.Put(head.time);
  out.Put(head.previous);
  out.PutBytes(body);
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

/// Returns the whole records in `tail` with sequence numbers beyond `sequence`. Places that look
/// like records and are none end the search, for each costs a checksum.
std::vector<LogRecord> WholeRecords(std::span<const std::byte> tail, std::uint64_t sequence,
                                    std::uint64_t operation) {
  std::vector<LogRecord> records;
  int probes = 0;
  for (std::size_t at = 0; at + kOverheadBytes <= tail.size();) {
    std::uint64_t found = 0;
    std::memcpy(&found, tail.data() + at + 16, sizeof found);
    const bool possible = found > sequence && found - sequence <= kMaxBatch;
    if (possible && probes > kMaxProbes) break;
    const auto raw = possible ? ParseRecord(tail.subspan(at))
                              : Result<RawRecord>(Error{ErrorCode::kCorruption, "no record"});
    if (!raw.ok()) {
      probes += possible ? 1 : 0;
      ++at;
      continue;
    }
    if (raw->head.index == 0 || records.empty()) ++operation;
    auto record = DecodeRecord(*raw, operation);
    if (record.ok() && record->has_value()) records.push_back(std::move(**record));
    sequence = raw->head.sequence;
    at += raw->bytes;
  }
  return records;
}

/// Adds the record after those that `head` stands behind.
Status EncodeNext(RecordHead& head, const LogPayload& payload, std::vector<std::byte>& bytes) {
  head.sequence += 1;
  const std::vector<std::byte> record = EncodeRecord(head, payload);
  if (record.size() > kMaxLogRecordBytes)
    return Error{ErrorCode::kInvalidArgument, "operation log: record longer than its limit"};
  if (const auto parsed = ParseRecord(record); !parsed.ok() || !DecodeRecord(*parsed, 0).ok()) {
    return Error{ErrorCode::kInvalidArgument, "operation log: a record that no reader would take"};
  }
  std::memcpy(&head.previous, record.data() + record.size() - 8, 8);
  bytes.insert(bytes.end(), record.begin(), record.end());
  head.index += 1;
  return Ok();
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
    DLV_ASSIGN(std::optional<LogRecord> record, DecodeRecord(raw, content.operations + 1));
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
  content.operations += 1;
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
  io::ByteReader in(bytes, kLogText);
  const Status preamble = CheckPreamble(in, LogHeader::kMagic, kLogText);
  if (!preamble.ok() && preamble.error().code != ErrorCode::kUnsupported) return preamble.error();
  io::ByteReader sum(bytes, kLogText);
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
  if (!bytes.ok() && bytes.error().code == ErrorCode::kNotFound) {
    LogContent none;
    none.missing = true;
    return none;
  }
  if (!bytes.ok()) return std::move(bytes).error();
  return ParseOperationLog(*bytes);
}

Result<SalvagedLog> SalvageOperationLog(io::FileSystem& file_system, const std::string& path) {
  SalvagedLog salvaged;
  auto bytes = io::ReadWholeFile(file_system, path, kMaxLogBytes);
  if (!bytes.ok() && bytes.error().code == ErrorCode::kNotFound) {
    salvaged.content.missing = true;
    return salvaged;
  }
  if (!bytes.ok()) return std::move(bytes).error();
  auto content = ParseOperationLog(*bytes);
  if (content.ok()) {
    salvaged.content = std::move(content).value();
  } else if (content.error().code == ErrorCode::kCorruption) {
    salvaged.content.file_bytes = bytes->size();
    salvaged.content.finding = content.error().message;
  } else {
    return std::move(content).error();
  }
  const LogContent& good = salvaged.content;
  salvaged.later = WholeRecords(std::span<const std::byte>(*bytes).subspan(good.good_bytes),
                                good.last_sequence, good.operations);
  return salvaged;
}

Result<std::vector<std::byte>> EncodeOperationLog(const std::vector<TimedPayload>& records) {
  std::vector<std::byte> bytes = EncodeLogHeader();
  RecordHead head;
  std::memcpy(&head.previous, bytes.data() + bytes.size() - 8, 8);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i % kMaxBatch == 0) {
      head.index = 0;
      head.batch = static_cast<std::uint32_t>(std::min(records.size() - i, kMaxLogBatch));
    }
    head.time = records[i].time;
    DLV_TRY(EncodeNext(head, records[i].payload, bytes));
  }
  return bytes;
}

Result<OperationLogWriter> OperationLogWriter::Open(io::FileSystem& file_system,
                                                    const std::string& path, std::uint64_t known) {
  OperationLogWriter writer;
  DLV_ASSIGN(writer.content_, ReadOperationLog(file_system, path));
  const LogContent& content = writer.content_;
  if (!content.finding.empty() && !content.torn) {
    return Error{ErrorCode::kCorruption, path + ": damaged " + content.finding};
  }
  if (content.last_sequence < known) {
    return Error{
        ErrorCode::kCorruption,
        path +
            (content.missing ? " is missing"
                             : " ends at record " + std::to_string(content.last_sequence)) +
            ", the catalog knows record " + std::to_string(known)};
  }
  const bool is_new = content.good_bytes == 0;
  DLV_ASSIGN(writer.file_, file_system.OpenForWriting(path, io::WriteMode::kUpdate));
  if (content.file_bytes != content.good_bytes) DLV_TRY(writer.file_->Truncate(content.good_bytes));
  writer.end_ = content.good_bytes;
  writer.chain_ = content.chain;
  writer.last_sequence_ = content.last_sequence;
  writer.operations_ = content.operations;
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
  for (const LogPayload& payload : payloads) DLV_TRY(EncodeNext(head, payload, bytes));
  DLV_TRY(file_->WriteAt(end_, bytes));
  DLV_TRY(file_->Sync());
  end_ += bytes.size();
  chain_ = head.previous;
  last_sequence_ = head.sequence;
  operations_ += 1;
  return Ok();
}

}  // namespace dlv::archive
