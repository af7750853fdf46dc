#include "storage/store/history.h"

#include <cstdlib>

namespace dlv::store {

History::History(archive::LogContent log, std::uint64_t known) : records_(std::move(log.records)) {
  std::set<std::string> taken_back;
  for (const archive::LogRecord& record : records_) {
    const auto* change = std::get_if<archive::SwitchRecord>(&record.payload);
    if (change != nullptr && change->command == kVoidCommand) {
      taken_back.insert(change->live_packs.begin(), change->live_packs.end());
      if (change->live_packs.empty()) made_anew_ = record.operation;
    }
  }
  last_sequence_ = std::min(known, log.last_sequence);
  for (const archive::LogRecord& record : records_) {
    if (record.sequence > known || taken_back.contains(std::to_string(record.sequence))) continue;
    Follow(record);
  }
}

std::size_t History::ModelNamed(const std::string& name) {
  const auto [found, fresh] = model_named_.emplace(name, models_.size());
  if (fresh) models_.push_back(name);
  return found->second;
}

std::size_t History::VersionNamed(std::size_t model, std::uint64_t number) const {
  const auto found = version_named_.find({model, number});
  return found == version_named_.end() ? kNowhere : found->second;
}

void History::Follow(const archive::LogRecord& record) {
  HistoryStep step{&record};
  const auto name = [&](const std::string& model, std::uint64_t number) {
    step.model = ModelNamed(model);
    step.version = VersionNamed(step.model, number);
  };
  if (const auto* commit = std::get_if<archive::CommitRecord>(&record.payload)) {
    step.model = ModelNamed(commit->model);
    step.version = versions_.size();
    version_named_[{step.model, commit->number}] = step.version;
    versions_.push_back(
        {commit->id, step.model, commit->number, commit->stored_bytes, record.sequence, 0, 0});
  } else if (const auto* remove = std::get_if<archive::RemoveRecord>(&record.payload)) {
    name(remove->model, remove->number);
    if (step.version != kNowhere) {
      versions_[step.version].removed_by = record.operation;
      versions_[step.version].removed_at = record.time;
    }
  } else if (const auto* restore = std::get_if<archive::RestoreRecord>(&record.payload)) {
    name(restore->model, restore->number);
    if (step.version != kNowhere) versions_[step.version].removed_by = 0;
  } else if (const auto* alias = std::get_if<archive::AliasRecord>(&record.payload)) {
    step.model = ModelNamed(alias->model);
  } else if (const auto* tag = std::get_if<archive::TagRecord>(&record.payload)) {
    name(tag->model, tag->number);
  } else if (const auto* note = std::get_if<archive::NoteRecord>(&record.payload)) {
    name(note->model, note->number);
  } else if (const auto* rename = std::get_if<archive::RenameRecord>(&record.payload)) {
    step.model = ModelNamed(rename->from);
    model_named_.erase(rename->from);
    model_named_[rename->to] = step.model;
    models_[step.model] = rename->to;
  } else if (const auto* change = std::get_if<archive::SwitchRecord>(&record.payload)) {
    if (change->command == kVoidCommand) return;
    live_packs_ = change->live_packs;
  }
  steps_.push_back(step);
}

std::optional<std::string> History::ModelOf(const VersionId& id) const {
  for (const LoggedVersion& version : versions_) {
    if (version.id == id) return models_[version.model];
  }
  return std::nullopt;
}

void History::TagsBefore(std::size_t version, std::uint64_t sequence, KeyValues& tags) const {
  for (const HistoryStep& step : steps_) {
    const auto* tag = std::get_if<archive::TagRecord>(&step.record->payload);
    if (tag == nullptr || step.version != version || step.record->sequence >= sequence) continue;
    if (tag->removed) {
      tags.erase(tag->key);
    } else {
      tags[tag->key] = tag->value;
    }
  }
}

std::string History::NoteBefore(std::size_t version, std::uint64_t sequence) const {
  std::string text;
  for (const HistoryStep& step : steps_) {
    const auto* note = std::get_if<archive::NoteRecord>(&step.record->payload);
    if (note != nullptr && step.version == version && step.record->sequence < sequence)
      text = note->text;
  }
  return text;
}

Result<History> ReadHistory(Store& store, const catalog::Catalog& catalog) {
  DLV_ASSIGN(const auto text, catalog.GetMeta(kLogSequenceKey));
  const std::uint64_t known = text ? std::strtoull(text->c_str(), nullptr, 10) : 0;
  DLV_ASSIGN(auto log, archive::ReadOperationLog(store.file_system(), store.paths().log));
  if (log.last_sequence < known) {
    return Error{ErrorCode::kCorruption,
                 "operations.log can be read up to record " + std::to_string(log.last_sequence) +
                     ", the catalog knows record " + std::to_string(known) +
                     (log.finding.empty() ? "" : "; " + log.finding),
                 std::string(kRepairHint)};
  }
  return History(std::move(log), known);
}

}  // namespace dlv::store
