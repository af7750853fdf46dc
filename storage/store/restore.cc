#include "storage/store/restore.h"

#include <algorithm>

#include "dlv/repository.h"
#include "storage/store/names.h"
#include "storage/store/pack_switch.h"
#include "storage/store/reference.h"
#include "storage/store/resolve.h"
#include "storage/store/restore_version.h"
#include "storage/store/stored_file.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

/// Puts back what the log says of a version beside its manifest.
Status RestoreNames(Change& change, const History& history, std::size_t version, catalog::Row row) {
  DLV_TRY(change.transaction.SetNote(row, history.NoteBefore(version, change.NextSequence()),
                                     change.now));
  for (const HistoryStep& step : history.steps()) {
    const auto* found = std::get_if<archive::EvaluationRecord>(&step.record->payload);
    if (found == nullptr || found->id != history.versions()[version].id) continue;
    catalog::EvaluationRow evaluation;
    evaluation.version = row;
    evaluation.created = step.record->time;
    evaluation.dataset = found->data;
    evaluation.name = found->metric;
    evaluation.value = found->value;
    evaluation.attributes = found->attributes;
    DLV_TRY(change.transaction.InsertEvaluation(evaluation));
  }
  return Ok();
}

std::size_t FindModel(const History& history, const std::string& name) {
  const auto found = std::find(history.models().begin(), history.models().end(), name);
  return found == history.models().end()
             ? kNowhere
             : static_cast<std::size_t>(found - history.models().begin());
}

/// Versions of a model that its last removal took.
std::vector<std::size_t> LastRemoved(const History& history, std::size_t model) {
  std::uint64_t last = 0;
  for (const LoggedVersion& version : history.versions()) {
    if (version.model == model) last = std::max(last, version.removed_by);
  }
  std::vector<std::size_t> found;
  for (std::size_t i = 0; last != 0 && i < history.versions().size(); ++i) {
    const LoggedVersion& version = history.versions()[i];
    if (version.model == model && version.removed_by == last) found.push_back(i);
  }
  return found;
}

bool Fits(const LoggedVersion& version, const Reference& reference) {
  if (reference.number) return version.number == *reference.number;
  return version.id.Hex().starts_with(reference.id_prefix);
}

Error NotRemoved(const catalog::Catalog& catalog, std::string_view text) {
  const auto there = ResolveIn(catalog, text);
  if (there.ok()) {
    return Error{ErrorCode::kConflict, there->summary.reference() + " is not removed",
                 "see what can be restored with: dlv restore --list"};
  }
  Error error = there.error();
  if (error.hint.empty() || error.message.starts_with("no model"))
    error.hint += std::string(error.hint.empty() ? "" : "; ") + "see: dlv restore --list";
  return error;
}

/// Returns the removed versions that a reference names.
Result<std::vector<std::size_t>> FindRemoved(const catalog::Catalog& catalog,
                                             const History& history, std::string_view text) {
  DLV_ASSIGN(const Reference reference, ParseReference(text));
  if (!reference.alias.empty() || !reference.steps.empty() || reference.snapshot_step ||
      !reference.tensor_pattern.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 Quoted(text) + ": want NAME, NAME:vN or NAME@hash of a removed version",
                 "see: dlv restore --list"};
  }
  const std::size_t model = FindModel(history, reference.model);
  std::vector<std::size_t> found;
  if (!reference.number && reference.id_prefix.empty()) {
    found = LastRemoved(history, model);
  } else {
    for (std::size_t i = 0; i < history.versions().size(); ++i) {
      const LoggedVersion& version = history.versions()[i];
      const bool of_model = reference.model.empty() || version.model == model;
      if (of_model && version.removed_by != 0 && Fits(version, reference)) found.push_back(i);
    }
  }
  if (found.empty()) return NotRemoved(catalog, text);
  if (found.size() > 1 && !reference.id_prefix.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 Quoted(text) + " fits several removed versions, " +
                     history.Reference(history.versions()[found[0]]) + " and " +
                     history.Reference(history.versions()[found[1]]),
                 "name one of them"};
  }
  return found;
}

}  // namespace

Status RestoreInChange(Change& change, const History& history, std::size_t index,
                       Recovery& recovery) {
  const LoggedVersion& logged = history.versions()[index];
  const std::string name = history.Reference(logged);
  auto planned = recovery.Plan(logged.id);
  if (!planned.ok()) {
    if (planned.error().code != ErrorCode::kNotFound) return std::move(planned).error();
    return Error{ErrorCode::kNotFound, name + " cannot be had back: " + planned.error().message,
                 "gc has freed its bytes; what is left shows dlv restore --list"};
  }
  RecoveryPlan& plan = *planned;
  DLV_TRY(recovery.Adopt(change, plan));
  archive::BlobReader blobs(recovery.locator());
  VersionRowsInput input;
  input.manifest = &plan.manifest;
  input.id = logged.id;
  input.model = history.models()[logged.model];
  input.number = logged.number;
  input.row = static_cast<catalog::Row>(logged.sequence);
  input.created = plan.envelope.created;
  input.author = plan.envelope.author;
  input.raw_bytes = plan.envelope.raw_bytes;
  input.stored_bytes = logged.stored_bytes;
  input.tags = plan.envelope.tags;
  history.TagsBefore(index, change.NextSequence(), input.tags);
  input.manifest_section = plan.manifest_section;
  input.numbers = &plan.numbers;
  for (const archive::ManifestParent& parent : plan.manifest.parents) {
    DLV_ASSIGN(const auto row, change.catalog.FindById(parent.id));
    input.parent_models.push_back(row ? row->summary.model
                                      : history.ModelOf(parent.id).value_or(input.model));
  }
  input.read_layout = [&](const BlobId& id) -> Result<archive::Layout> {
    DLV_ASSIGN(const auto bytes, blobs.ReadAll(id, kMaxLayoutBytes));
    return archive::DecodeLayout(bytes);
  };
  input.read_assembly = [&](const BlobId& id) { return ReadAssembly(blobs, id); };
  DLV_ASSIGN(const auto inserted, InsertVersionRows(change.transaction, input));
  DLV_TRY(RestoreNames(change, history, index, inserted.version));
  change.log.emplace_back(archive::RestoreRecord{logged.id, input.model, logged.number});
  return Ok();
}

Result<std::vector<std::string>> Restore(Store& store, const std::vector<std::string>& references) {
  std::vector<std::string> restored;
  const Status written = store.Write("dlv restore", [&](Change& change) -> Status {
    DLV_ASSIGN(const History history, ReadHistory(store, change.catalog));
    std::set<std::size_t> versions;  // in the order of their commits
    for (const std::string& reference : references) {
      DLV_ASSIGN(const auto found, FindRemoved(change.catalog, history, reference));
      versions.insert(found.begin(), found.end());
    }
    DLV_ASSIGN(const auto recovery, Recovery::Begin(store));
    for (const std::size_t version : versions) {
      DLV_TRY(RestoreInChange(change, history, version, *recovery));
      restored.push_back(history.Reference(history.versions()[version]));
    }
    return recovery->adopted() ? LogSwitch(change, "restore") : Ok();
  });
  DLV_TRY(written);
  store.ForgetPacks();
  return restored;
}

Result<std::vector<RemovedVersion>> ListRemoved(Store& store) {
  std::optional<History> history;
  DLV_TRY(store.Read([&](const catalog::Catalog& catalog) -> Status {
    DLV_ASSIGN(history, ReadHistory(store, catalog));
    return Ok();
  }));
  std::vector<RemovedVersion> removed;
  std::unique_ptr<Recovery> recovery;
  for (const LoggedVersion& version : history->versions()) {
    if (version.removed_by == 0) continue;
    if (recovery == nullptr) {
      DLV_ASSIGN(recovery, Recovery::Begin(store));
    }
    RemovedVersion entry;
    entry.model = history->models()[version.model];
    entry.number = version.number;
    entry.id = version.id;
    entry.removed = version.removed_at;
    entry.operation = version.removed_by;
    const auto plan = recovery->Plan(version.id);
    if (!plan.ok()) {
      if (plan.error().code == ErrorCode::kIo) return plan.error();
      entry.reason = plan.error().message;
    } else if (plan->in_trash_since == 0) {
      entry.state = RemovedVersion::State::kHere;
    } else {
      entry.state = RemovedVersion::State::kTrash;
      entry.until = plan->in_trash_since + GcOptions().grace_seconds;
    }
    removed.push_back(std::move(entry));
  }
  std::stable_sort(removed.begin(), removed.end(),
                   [](const auto& a, const auto& b) { return a.operation > b.operation; });
  return removed;
}

}  // namespace dlv::store
