#include "storage/archive/operation_payload.h"

#include "storage/archive/canonical.h"

namespace dlv::archive {
namespace {

constexpr const char* kPayloadText = "operation log";

struct PayloadWriter {
  io::ByteWriter& out;
  void operator()(const CommitRecord& record) const {
    PutVersion(record);
    out.PutVarint(record.stored_bytes);
  }
  void operator()(const RemoveRecord& record) const { PutVersion(record); }
  void operator()(const RestoreRecord& record) const { PutVersion(record); }
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
  void operator()(const OperationRecord& record) const {
    out.PutString(record.command);
    out.PutString(record.author);
    out.PutVarint(record.undoes);
  }
  void operator()(const RenameRecord& record) const {
    out.PutString(record.from);
    out.PutString(record.to);
  }
  void operator()(const NoteRecord& record) const {
    out.PutString(record.model);
    out.PutVarint(record.number);
    out.PutString(record.text);
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

Result<LogPayload> GetOperation(io::ByteReader& in) {
  OperationRecord record;
  DLV_ASSIGN(record.command, in.GetString());
  DLV_ASSIGN(record.author, in.GetString());
  DLV_ASSIGN(record.undoes, in.GetVarint());
  return LogPayload(std::move(record));
}

Result<LogPayload> GetRename(io::ByteReader& in) {
  RenameRecord record;
  DLV_ASSIGN(record.from, in.GetString());
  DLV_ASSIGN(record.to, in.GetString());
  return LogPayload(std::move(record));
}

Result<LogPayload> GetNote(io::ByteReader& in) {
  NoteRecord record;
  DLV_ASSIGN(record.model, in.GetString());
  DLV_ASSIGN(record.number, in.GetVarint());
  DLV_ASSIGN(record.text, in.GetString());
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
                                                                      GetSwitch,
                                                                      GetOperation,
                                                                      GetVersion<RestoreRecord>,
                                                                      GetRename,
                                                                      GetNote};
constexpr std::size_t kTypeCount = std::size(kPayloadReaders);
static_assert(kTypeCount == std::variant_size_v<LogPayload>);

}  // namespace

std::vector<std::byte> EncodePayload(const LogPayload& payload) {
  io::ByteWriter body;
  std::visit(PayloadWriter{body}, payload);
  return body.Take();
}

Result<std::optional<LogPayload>> DecodePayload(std::uint16_t type,
                                                std::span<const std::byte> bytes) {
  if (type == 0 || type > kTypeCount) return std::optional<LogPayload>();
  io::ByteReader in(bytes, kPayloadText);
  DLV_ASSIGN(LogPayload payload, kPayloadReaders[type - 1u](in));
  DLV_TRY(in.ExpectEnd());
  return std::optional(std::move(payload));
}

}  // namespace dlv::archive
