#include "storage/store/undo.h"

#include <algorithm>

#include "storage/store/history.h"
#include "storage/store/operations.h"
#include "storage/store/pack_switch.h"
#include "storage/store/remove.h"
#include "storage/store/restore_version.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

/// Reverses the records of one operation, the last one first. Each has to find what its operation
/// left; where something has changed since, nothing is undone.
class Reversal {
 public:
  Reversal(Store& store, Change& change, const History& history, std::uint64_t operation,
           bool dry_run)
      : store_(store),
        change_(change),
        history_(history),
        operation_(operation),
        dry_run_(dry_run) {}

  Status Run() {
    for (auto step = history_.steps().rbegin(); step != history_.steps().rend(); ++step) {
      if (step->record->operation != operation_) continue;
      step_ = &*step;
      DLV_TRY(
          std::visit([&](const auto& record) { return Reverse(record); }, step->record->payload));
    }
    if (recovery_ != nullptr && recovery_->adopted()) DLV_TRY(LogSwitch(change_, "restore"));
    DLV_TRY(change_.transaction.DeleteUnusedGraphs());
    return change_.transaction.DeleteUnusedLayouts();
  }

 private:
  Error Changed(const std::string& what, const std::string& hint) const {
    return Error{ErrorCode::kConflict,
                 "operation " + std::to_string(operation_) + " cannot be undone: " + what, hint};
  }

  const std::string& Model() const { return history_.models()[step_->model]; }

  /// The version that the record names, which must be there.
  Result<catalog::VersionRow> Version() {
    if (step_->version == kNowhere) {
      return Error{ErrorCode::kCorruption, "operations.log: record " +
                                               std::to_string(step_->record->sequence) +
                                               " names a version that was never committed"};
    }
    return Numbered(history_.versions()[step_->version].number);
  }

  Result<catalog::VersionRow> Numbered(std::uint64_t number) {
    DLV_ASSIGN(auto row, change_.catalog.FindVersion(Model(), number));
    if (row) return std::move(*row);
    const std::string name = Model() + ":v" + std::to_string(number);
    return Changed(name + " was removed since", "bring it back with: dlv restore " + name);
  }

  Status TakeOut(const catalog::VersionRow& version) {
    const std::string name = version.summary.reference();
    if (!version.summary.aliases.empty()) {
      const std::string& alias = version.summary.aliases.front();
      return Changed("the alias " + alias + " has been put on " + name + " since",
                     "move it first: dlv alias " + alias + " REF");
    }
    return RemoveInChange(change_, version, false);
  }

  Status Reverse(const archive::CommitRecord&) {
    DLV_ASSIGN(const auto version, Version());
    DLV_ASSIGN(const auto children, change_.catalog.Children(version.summary.id));
    for (const catalog::Row row : children) {
      DLV_ASSIGN(const auto child, change_.catalog.GetVersion(row));
      if (!child) continue;
      return Changed(
          child->summary.reference() + " was made from " + version.summary.reference() + " since",
          "remove or undo that first, or take the version away all the same with: dlv "
          "rm " +
              version.summary.reference());
    }
    return TakeOut(version);
  }

  Status Reverse(const archive::RestoreRecord&) {
    DLV_ASSIGN(const auto version, Version());
    return TakeOut(version);
  }

  Status Reverse(const archive::RemoveRecord& record) {
    if (step_->version == kNowhere) return Version().error();
    const LoggedVersion& logged = history_.versions()[step_->version];
    if (logged.removed_by != operation_) {
      return Changed(
          record.model + ":v" + std::to_string(record.number) + " has been restored since",
          "see: dlv op log");
    }
    if (recovery_ == nullptr) {
      DLV_ASSIGN(recovery_, Recovery::Begin(store_, dry_run_));
    }
    return RestoreInChange(change_, history_, step_->version, *recovery_);
  }

  Status Reverse(const archive::AliasRecord& record) {
    DLV_ASSIGN(const auto at, change_.catalog.FindByAlias(Model(), record.alias));
    const std::uint64_t now = at ? at->summary.number : 0;
    if (now != record.to) {
      return Changed(
          "the alias " + record.alias + " of " + Model() +
              (now == 0 ? " was deleted since" : " points to v" + std::to_string(now) + " by now"),
          "see where it was with: dlv alias --log " + Model());
    }
    const AliasMove move{Model(), record.alias, record.to, record.from, change_.now};
    if (record.from == 0) {
      DLV_TRY(change_.transaction.DeleteAlias(move.model, move.alias));
    } else {
      DLV_ASSIGN(const auto version, Numbered(record.from));
      DLV_TRY(change_.transaction.SetAlias(move.alias, version.row));
    }
    DLV_TRY(change_.transaction.AppendAliasLog(move));
    change_.log.emplace_back(archive::AliasRecord{move.model, move.alias, move.from, move.to});
    return Ok();
  }

  Status Reverse(const archive::TagRecord& record) {
    DLV_ASSIGN(const auto version, Version());
    const auto now = version.summary.tags.find(record.key);
    const bool there = now != version.summary.tags.end();
    if (there == record.removed || (there && now->second != record.value)) {
      return Changed(
          "the tag " + record.key + " of " + version.summary.reference() + " has changed since",
          "see: dlv op log");
    }
    DLV_ASSIGN(const auto before, TagBefore(version, record.key));
    if (before) {
      DLV_TRY(change_.transaction.SetTag(version.row, record.key, *before));
    } else {
      DLV_TRY(change_.transaction.DeleteTag(version.row, record.key));
    }
    change_.log.emplace_back(archive::TagRecord{Model(), version.summary.number, record.key,
                                                before.value_or(""), !before.has_value()});
    return Ok();
  }

  Result<std::optional<std::string>> TagBefore(const catalog::VersionRow& version,
                                               const std::string& key) {
    DLV_ASSIGN(const auto row, change_.catalog.GetSection(version.manifest_section));
    if (!row) return Error{ErrorCode::kCorruption, "catalog: a version without its section"};
    DLV_ASSIGN(const auto pack, change_.catalog.GetPack(row->pack));
    if (!pack) return Error{ErrorCode::kCorruption, "catalog: a section without its pack"};
    DLV_ASSIGN(const auto section, store_.OpenSection(pack->name, row->offset));
    DLV_ASSIGN(const archive::Envelope envelope, section->ReadEnvelope());
    KeyValues tags = envelope.tags;
    history_.TagsBefore(step_->version, step_->record->sequence, tags);
    const auto found = tags.find(key);
    return found == tags.end() ? std::optional<std::string>() : std::optional(found->second);
  }

  Status Reverse(const archive::NoteRecord& record) {
    DLV_ASSIGN(const auto version, Version());
    if (version.summary.note != record.text) {
      return Changed("the note of " + version.summary.reference() + " has changed since",
                     "see: dlv op log");
    }
    const std::string before = history_.NoteBefore(step_->version, step_->record->sequence);
    DLV_TRY(change_.transaction.SetNote(version.row, before, change_.now));
    change_.log.emplace_back(archive::NoteRecord{Model(), version.summary.number, before});
    return Ok();
  }

  Status Reverse(const archive::RenameRecord& record) {
    if (Model() != record.to) {
      return Changed(record.to + " has been renamed again, to " + Model(), "see: dlv op log");
    }
    const Status renamed = change_.transaction.RenameModel(record.to, record.from);
    if (!renamed.ok() && renamed.error().code == ErrorCode::kConflict) {
      return Changed("there is another model " + record.from + " by now",
                     "give that one another name first: dlv mv " + record.from + " NAME");
    }
    DLV_TRY(renamed);
    change_.log.emplace_back(archive::RenameRecord{record.to, record.from});
    return Ok();
  }

  Status Reverse(const archive::OperationRecord&) { return Ok(); }
  Status Reverse(const archive::SwitchRecord&) { return Ok(); }
  Status Reverse(const archive::EvaluationRecord&) { return Ok(); }
  Status Reverse(const archive::QueryRecord&) { return Ok(); }

  Store& store_;
  Change& change_;
  const History& history_;
  std::uint64_t operation_;
  bool dry_run_;
  const HistoryStep* step_ = nullptr;
  std::unique_ptr<Recovery> recovery_;
};

/// Returns the operation that is meant.  Errors: kNotFound, kConflict, kInvalidArgument.
Result<OperationInfo> Choose(const std::vector<OperationInfo>& operations, std::uint64_t number) {
  if (number == 0) {
    const auto last = std::find_if(operations.rbegin(), operations.rend(),
                                   [](const OperationInfo& info) { return info.changes_names; });
    if (last == operations.rend()) return Error{ErrorCode::kNotFound, "there is nothing to undo"};
    return *last;
  }
  const auto found = std::find_if(operations.begin(), operations.end(),
                                  [&](const auto& info) { return info.number == number; });
  const std::string name = "operation " + std::to_string(number);
  if (found == operations.end()) {
    return Error{ErrorCode::kNotFound, "there is no " + name, "see: dlv op log"};
  }
  if (!found->changes_names) {
    return Error{ErrorCode::kInvalidArgument, name + " has changed no names: nothing to undo",
                 "see: dlv op log"};
  }
  if (found->undone_by != 0) {
    const std::string by = std::to_string(found->undone_by);
    return Error{ErrorCode::kConflict, name + " has been undone by operation " + by,
                 "do it again with: dlv undo " + by};
  }
  return *found;
}

/// Ends a change that was only tried.
Error OnlyTried() { return Error{ErrorCode::kCancelled, "dry run"}; }

}  // namespace

Result<UndoResult> Undo(Store& store, std::uint64_t operation, bool dry_run) {
  UndoResult result;
  bool tried = false;
  const Status written = store.Write("dlv undo", [&](Change& change) -> Status {
    DLV_ASSIGN(const History history, ReadHistory(store, change.catalog));
    const auto operations = Operations(history);
    DLV_ASSIGN(result.undone, Choose(operations, operation));
    change.undoes = result.undone.number;
    const std::size_t before = change.log.size();
    DLV_TRY(Reversal(store, change, history, result.undone.number, dry_run).Run());
    for (std::size_t i = before; i < change.log.size(); ++i) {
      result.changes.push_back(
          DescribeRecord(history, change.log[i], kNowhere, change.NextSequence()));
    }
    result.operation = change.operation;
    tried = true;
    return dry_run ? OnlyTried() : Ok();
  });
  if (dry_run && tried) {
    result.operation = 0;
    return result;
  }
  DLV_TRY(written);
  store.ForgetPacks();
  return result;
}

}  // namespace dlv::store
