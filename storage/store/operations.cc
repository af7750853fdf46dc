#include "storage/store/operations.h"

#include <algorithm>

namespace dlv::store {
namespace {

using ChangeKind = OperationChange::Kind;

std::optional<std::string> VersionName(const std::string& model, std::uint64_t number) {
  if (number == 0) return std::nullopt;
  return model + ":v" + std::to_string(number);
}

std::optional<std::string> FirstLine(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text.substr(0, text.find('\n'));
}

struct Describer {
  const History& history;
  std::size_t version;
  std::uint64_t sequence;

  template <class Record>
  static OperationChange OfVersion(ChangeKind kind, const Record& record) {
    OperationChange change;
    change.kind = kind;
    change.model = record.model;
    change.number = record.number;
    if constexpr (requires { record.id; }) change.id = record.id;
    return change;
  }
  OperationChange operator()(const archive::CommitRecord& record) const {
    return OfVersion(ChangeKind::kCommit, record);
  }
  OperationChange operator()(const archive::RemoveRecord& record) const {
    return OfVersion(ChangeKind::kRemove, record);
  }
  OperationChange operator()(const archive::RestoreRecord& record) const {
    return OfVersion(ChangeKind::kRestore, record);
  }
  OperationChange operator()(const archive::AliasRecord& record) const {
    OperationChange change;
    change.kind = ChangeKind::kAlias;
    change.model = record.model;
    change.number = record.to;
    change.name = record.alias;
    change.before = VersionName(record.model, record.from);
    change.after = VersionName(record.model, record.to);
    return change;
  }
  /// The value before: as far as the log knows it; what a commit brought along is in its envelope.
  OperationChange operator()(const archive::TagRecord& record) const {
    OperationChange change = OfVersion(ChangeKind::kTag, record);
    change.name = record.key;
    KeyValues before;
    if (version != kNowhere) history.TagsBefore(version, sequence, before);
    const auto found = before.find(record.key);
    if (found != before.end()) change.before = found->second;
    if (!record.removed) change.after = record.value;
    return change;
  }
  OperationChange operator()(const archive::NoteRecord& record) const {
    OperationChange change = OfVersion(ChangeKind::kNote, record);
    if (version != kNowhere) change.before = FirstLine(history.NoteBefore(version, sequence));
    change.after = FirstLine(record.text);
    return change;
  }
  OperationChange operator()(const archive::RenameRecord& record) const {
    OperationChange change;
    change.kind = ChangeKind::kRename;
    change.model = record.from;
    change.before = record.from;
    change.after = record.to;
    return change;
  }
  OperationChange operator()(const archive::EvaluationRecord& record) const {
    OperationChange change;
    change.kind = ChangeKind::kEvaluation;
    change.id = record.id;
    change.name = record.metric;
    change.after = std::to_string(record.value);
    for (const LoggedVersion& logged : history.versions()) {
      if (logged.id != record.id) continue;
      change.model = history.models()[logged.model];
      change.number = logged.number;
      break;
    }
    return change;
  }
  OperationChange operator()(const archive::QueryRecord& record) const {
    OperationChange change;
    change.kind = ChangeKind::kQuery;
    change.name = record.name;
    if (!record.removed) change.after = FirstLine(record.text);
    return change;
  }
  OperationChange operator()(const archive::SwitchRecord& record) const {
    OperationChange change;
    change.name = record.command;
    return change;
  }
  OperationChange operator()(const archive::OperationRecord&) const { return {}; }
};

bool ChangesNames(ChangeKind kind) {
  return kind != ChangeKind::kStorage && kind != ChangeKind::kEvaluation &&
         kind != ChangeKind::kQuery;
}

void Add(OperationInfo& info, const History& history, const HistoryStep& step) {
  const archive::LogRecord& record = *step.record;
  info.number = record.operation;
  info.when = record.time;
  if (const auto* operation = std::get_if<archive::OperationRecord>(&record.payload)) {
    info.author = operation->author;
    info.command = operation->command;
    info.undoes = operation->undoes;
    return;
  }
  info.changes.push_back(DescribeRecord(history, record.payload, step.version, record.sequence));
  info.changes_names |= ChangesNames(info.changes.back().kind);
}

/// An operation stands again when what undid it was undone.
void MarkUndone(std::vector<OperationInfo>& operations) {
  const auto find = [&](std::uint64_t number) {
    return std::find_if(operations.begin(), operations.end(),
                        [&](const auto& info) { return info.number == number; });
  };
  for (OperationInfo& info : operations) {
    if (info.undoes == 0) continue;
    const auto undone = find(info.undoes);
    if (undone == operations.end()) continue;
    undone->undone_by = info.number;
    const auto first = undone->undoes == 0 ? operations.end() : find(undone->undoes);
    if (first != operations.end() && first->undone_by == undone->number) first->undone_by = 0;
  }
}

}  // namespace

OperationChange DescribeRecord(const History& history, const archive::LogPayload& payload,
                               std::size_t version, std::uint64_t sequence) {
  return std::visit(Describer{history, version, sequence}, payload);
}

std::vector<OperationInfo> Operations(const History& history) {
  std::vector<OperationInfo> operations;
  for (const HistoryStep& step : history.steps()) {
    if (operations.empty() || operations.back().number != step.record->operation)
      operations.emplace_back();
    Add(operations.back(), history, step);
  }
  for (OperationInfo& info : operations) {
    if (info.number <= history.made_anew()) info.changes_names = false;
  }
  MarkUndone(operations);
  return operations;
}

Result<std::vector<OperationInfo>> ListOperations(Store& store,
                                                  const OperationLogOptions& options) {
  DLV_ASSIGN(const History history, store.Read([&](const catalog::Catalog& catalog) {
    return ReadHistory(store, catalog);
  }));
  std::vector<OperationInfo> operations = Operations(history);
  std::erase_if(operations, [&](const OperationInfo& info) {
    const bool only_storage =
        std::all_of(info.changes.begin(), info.changes.end(),
                    [](const auto& change) { return change.kind == ChangeKind::kStorage; });
    return only_storage && (!options.with_storage || info.changes.empty());
  });
  std::reverse(operations.begin(), operations.end());
  if (options.limit != 0 && operations.size() > options.limit) operations.resize(options.limit);
  return operations;
}

}  // namespace dlv::store
