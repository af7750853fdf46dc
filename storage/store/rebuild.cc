#include "storage/store/rebuild.h"

#include <algorithm>
#include <charconv>

#include "storage/io/repository_lock.h"
#include "storage/store/history.h"
#include "storage/store/rebuild_packs.h"
#include "storage/store/stored_file.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

/// Returns the last log record that the catalog contains; nothing where it cannot be asked.
std::optional<std::uint64_t> SequenceOfCatalog(io::FileSystem& file_system,
                                               const std::string& path) {
  const auto catalog = catalog::Catalog::Open(file_system, path, catalog::OpenMode::kRead);
  if (!catalog.ok()) return std::nullopt;
  const auto text = (*catalog)->GetMeta(kLogSequenceKey);
  if (!text.ok() || !text->has_value()) return std::nullopt;
  std::uint64_t value = 0;
  const char* const end = (*text)->data() + (*text)->size();
  const auto [stop, error] = std::from_chars((*text)->data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

/// Whether the record takes back the one with this sequence number.
bool TakesBack(const archive::LogRecord& record, std::uint64_t sequence) {
  const auto* change = std::get_if<archive::SwitchRecord>(&record.payload);
  return change != nullptr && change->command == kVoidCommand &&
         std::find(change->live_packs.begin(), change->live_packs.end(),
                   std::to_string(sequence)) != change->live_packs.end();
}

/// Takes away what was logged by a command that was interrupted before its transaction: the
/// catalog, while it can be asked, knows. The next command takes such records back before its own;
/// where it was interrupted too, its void record says that the catalog stood where it stands now.
/// So the last records beyond are of one operation; where they are of several, the catalog is an
/// old copy, and all of them count.
void DropUnfinished(std::uint64_t known, archive::LogContent& log, VerifyResult& result) {
  const auto beyond = std::find_if(log.records.begin(), log.records.end(),
                                   [&](const auto& record) { return record.sequence > known; });
  auto last = beyond;
  for (auto record = beyond; record != log.records.end(); ++record) {
    if (TakesBack(*record, known + 1)) last = record;
  }
  const bool one_operation = std::all_of(last, log.records.end(), [&](const auto& record) {
    return record.operation == last->operation;
  });
  if (beyond == log.records.end() || !one_operation) return;
  result.notes.push_back("operations.log has " + std::to_string(log.records.end() - beyond) +
                         " records of a command that was interrupted before it took effect: left "
                         "out");
  log.records.erase(beyond, log.records.end());
  log.last_sequence = known;
}

Result<History> ReadLog(io::FileSystem& file_system, const RepositoryPaths& paths,
                        VerifyResult& result) {
  DLV_ASSIGN(auto log, archive::ReadOperationLog(file_system, paths.log));
  const auto known = SequenceOfCatalog(file_system, paths.catalog);
  if (known && *known < log.last_sequence) DropUnfinished(*known, log, result);
  if (!log.finding.empty() && log.torn) {
    result.notes.push_back("operations.log ends in an append that was cut short: " + log.finding);
  } else if (!log.finding.empty()) {
    result.findings.push_back({ErrorCode::kCorruption,
                               "operations.log",
                               log.finding + "; what it said after record " +
                                   std::to_string(log.last_sequence) + " is lost",
                               {}});
  }
  const std::uint64_t last = log.last_sequence;
  return History(std::move(log), last);
}

/// Every id that was ever committed.
std::set<VersionId> LoggedIds(const History& history) {
  std::set<VersionId> ids;
  for (const LoggedVersion& version : history.versions()) ids.insert(version.id);
  return ids;
}

/// Plays the history into an empty catalog.
class Player {
 public:
  Player(catalog::Catalog& catalog, catalog::Transaction& transaction, const History& history,
         const AdoptedPacks& packs, VerifyResult& result)
      : catalog_(catalog),
        transaction_(transaction),
        history_(history),
        packs_(packs),
        result_(result),
        locator_(packs.sections),
        blobs_(locator_) {}

  Status Play() {
    for (const HistoryStep& step : history_.steps()) {
      step_ = &step;
      DLV_TRY(std::visit([&](const auto& payload) { return Apply(payload, step.record->time); },
                         step.record->payload));
    }
    return Ok();
  }

 private:
  Status Apply(const archive::CommitRecord& commit, std::int64_t) {
    const LoggedVersion& version = history_.versions()[step_->version];
    if (!model_of_.contains(commit.id)) model_of_.emplace(commit.id, version.model);
    name_of_[version.model] = commit.model;
    if (version.removed_by != 0) {
      return transaction_.ReserveNumber(commit.model, commit.number);
    }
    const Status status = InsertVersion(commit);
    if (status.ok()) {
      ++result_.versions;
      return Ok();
    }
    if (status.error().code == ErrorCode::kIo) return status;  // it may be whole: not left out
    const std::string reference = commit.model + ":v" + std::to_string(commit.number);
    result_.findings.push_back({status.error().code,
                                reference,
                                "cannot be had back: " + status.error().message,
                                {reference}});
    return transaction_.ReserveNumber(commit.model, commit.number);
  }

  Status InsertVersion(const archive::CommitRecord& commit) {
    const auto place = packs_.manifests.find(commit.id);
    if (place == packs_.manifests.end()) {
      return Error{ErrorCode::kCorruption, "its manifest " + commit.id.Hex(12) + " is in no pack"};
    }
    DLV_ASSIGN(const archive::Manifest manifest, place->second.section->ReadManifest());
    DLV_ASSIGN(const archive::Envelope envelope, place->second.section->ReadEnvelope());
    DLV_TRY(CheckObjects(manifest));
    VersionRowsInput input;
    input.manifest = &manifest;
    input.id = commit.id;
    input.model = commit.model;
    input.number = commit.number;
    input.row = static_cast<catalog::Row>(step_->record->sequence);
    input.created = envelope.created;
    input.author = envelope.author;
    input.raw_bytes = envelope.raw_bytes;
    input.stored_bytes = commit.stored_bytes;
    input.tags = envelope.tags;
    input.manifest_section = place->second.row;
    input.numbers = &packs_.numbers;
    for (const archive::ManifestParent& parent : manifest.parents) {
      DLV_ASSIGN(const auto row, catalog_.FindById(parent.id));
      input.parent_models.push_back(row ? row->summary.model
                                        : ModelOf(parent.id).value_or(commit.model));
    }
    input.read_layout = [this](const BlobId& id) -> Result<archive::Layout> {
      DLV_ASSIGN(const auto bytes, blobs_.ReadAll(id, kMaxLayoutBytes));
      return archive::DecodeLayout(bytes);
    };
    input.read_assembly = [this](const BlobId& id) { return ReadAssembly(blobs_, id); };
    const auto inserted = InsertVersionRows(transaction_, input);
    return inserted.ok() ? Ok() : Status(inserted.error());
  }

  /// Looks before inserting, so that no half of a version gets into the catalog.
  Status CheckObjects(const archive::Manifest& manifest) {
    const auto need = [](bool there, const char* what, const std::string& id) -> Status {
      if (there) return Ok();
      return Error{ErrorCode::kCorruption, std::string(what) + " " + id + " is missing"};
    };
    for (const auto& snapshot : manifest.snapshots) {
      DLV_TRY(
          need(packs_.numbers.blobs.contains(snapshot.layout), "layout", snapshot.layout.Hex(16)));
      for (const TensorId& id : snapshot.tensors) {
        DLV_TRY(need(packs_.numbers.tensors.contains(id), "tensor", id.Hex(16)));
      }
    }
    for (const auto& file : manifest.files) {
      if (file.form == archive::FileForm::kNone) continue;
      DLV_TRY(need(packs_.numbers.blobs.contains(file.content), "content", file.content.Hex(16)));
      if (file.form != archive::FileForm::kRecipe) continue;
      DLV_ASSIGN(const Assembly assembly, ReadAssembly(blobs_, file.content));
      DLV_TRY(
          need(packs_.numbers.blobs.contains(assembly.recipe), "recipe", assembly.recipe.Hex(16)));
      for (const BlobId& literal : assembly.literals) {
        DLV_TRY(need(packs_.numbers.blobs.contains(literal), "literal", literal.Hex(16)));
      }
    }
    return Ok();
  }

  /// The model of a version that was removed, as it is called at this point of the log; of one that
  /// the log does not know, as far as its manifest is still there.
  std::optional<std::string> ModelOf(const VersionId& id) const {
    const auto logged = model_of_.find(id);
    if (logged != model_of_.end()) return name_of_.at(logged->second);
    const auto place = packs_.manifests.find(id);
    if (place == packs_.manifests.end()) return std::nullopt;
    const auto manifest = place->second.section->ReadManifest();
    return manifest.ok() ? std::optional(manifest->model) : std::nullopt;
  }

  Result<std::optional<catalog::VersionRow>> Version(const std::string& model,
                                                     std::uint64_t number) const {
    return catalog_.FindVersion(model, number);
  }

  Status Apply(const archive::RemoveRecord&, std::int64_t) {
    return Ok();
  }  // not inserted in the first place

  Status Apply(const archive::RestoreRecord&, std::int64_t) { return Ok(); }  // was never taken out
  Status Apply(const archive::OperationRecord&, std::int64_t) { return Ok(); }

  Status Apply(const archive::RenameRecord& rename, std::int64_t) {
    name_of_[step_->model] = rename.to;
    return transaction_.RenameModel(rename.from, rename.to);
  }

  Status Apply(const archive::NoteRecord& note, std::int64_t time) {
    DLV_ASSIGN(const auto version, Version(note.model, note.number));
    return version ? transaction_.SetNote(version->row, note.text, time) : Ok();
  }

  Status Apply(const archive::AliasRecord& alias, std::int64_t time) {
    DLV_TRY(transaction_.AppendAliasLog({alias.model, alias.alias, alias.from, alias.to, time}));
    if (alias.to == 0) {
      const Status status = transaction_.DeleteAlias(alias.model, alias.alias);
      if (!status.ok() && status.error().code != ErrorCode::kNotFound) return status;
      return Ok();
    }
    DLV_ASSIGN(const auto version, Version(alias.model, alias.to));
    if (!version) {  // removed later, and the alias with it
      const Status status = transaction_.DeleteAlias(alias.model, alias.alias);
      return status.ok() || status.error().code == ErrorCode::kNotFound ? Ok() : status;
    }
    return transaction_.SetAlias(alias.alias, version->row);
  }

  Status Apply(const archive::TagRecord& tag, std::int64_t) {
    DLV_ASSIGN(const auto version, Version(tag.model, tag.number));
    if (!version) return Ok();
    if (!tag.removed) return transaction_.SetTag(version->row, tag.key, tag.value);
    const auto deleted = transaction_.DeleteTag(version->row, tag.key);
    return deleted.ok() ? Ok() : Status(deleted.error());
  }

  Status Apply(const archive::EvaluationRecord& evaluation, std::int64_t time) {
    DLV_ASSIGN(const auto version, catalog_.FindById(evaluation.id));
    if (!version) return Ok();
    catalog::EvaluationRow row;
    row.version = version->row;
    row.created = time;
    row.dataset = evaluation.data;
    row.name = evaluation.metric;
    row.value = evaluation.value;
    row.attributes = evaluation.attributes;
    const auto inserted = transaction_.InsertEvaluation(row);
    return inserted.ok() ? Ok() : Status(inserted.error());
  }

  Status Apply(const archive::QueryRecord& query, std::int64_t time) {
    if (!query.removed) return transaction_.SetNamedQuery({query.name, query.text, time});
    const auto deleted = transaction_.DeleteNamedQuery(query.name);
    return deleted.ok() ? Ok() : Status(deleted.error());
  }

  Status Apply(const archive::SwitchRecord&, std::int64_t) { return Ok(); }

  catalog::Catalog& catalog_;
  catalog::Transaction& transaction_;
  const History& history_;
  const AdoptedPacks& packs_;
  VerifyResult& result_;
  const HistoryStep* step_ = nullptr;
  std::map<VersionId, std::size_t> model_of_;   ///< first model of an id
  std::map<std::size_t, std::string> name_of_;  ///< names of models at this point of the log
  archive::SectionSetLocator locator_;
  archive::BlobReader blobs_;
};

Status RemoveIfThere(io::FileSystem& file_system, const std::string& path) {
  const Status status = file_system.Remove(path);
  return status.ok() || status.error().code == ErrorCode::kNotFound ? Ok() : status;
}

}  // namespace

Result<VerifyResult> RebuildCatalog(const std::string& root, StoreOptions options,
                                    const Operation& operation) {
  io::FileSystem& files =
      options.file_system != nullptr ? *options.file_system : io::PosixFileSystem();
  const RepositoryPaths paths(root);
  auto packs_folder = files.Stat(paths.packs);
  if (!packs_folder.ok()) {
    if (packs_folder.error().code != ErrorCode::kNotFound) return std::move(packs_folder).error();
    return Error{ErrorCode::kNotFound,
                 root + " has no .dlv/packs: there is nothing to make a catalog from"};
  }
  auto format = ReadFormat(files, paths);
  const bool format_missing = !format.ok() && (format.error().code == ErrorCode::kNotFound ||
                                               format.error().code == ErrorCode::kCorruption);
  if (!format.ok() && !format_missing) return std::move(format).error();

  io::LockOptions lock_options;
  lock_options.timeout_ms = options.lock_timeout_ms;
  lock_options.command = "fsck --rebuild-catalog";
  lock_options.force = options.force_unlock;
  lock_options.on_wait = options.on_lock_wait;
  DLV_ASSIGN(const auto lock, io::RepositoryLock::Acquire(files, paths.lock, lock_options));

  VerifyResult result;
  DLV_ASSIGN(const History history, ReadLog(files, paths, result));
  DLV_ASSIGN(auto found, FindPacks(files, paths, result));
  const auto packs =
      ChoosePacks(std::move(found), history.live_packs(), LoggedIds(history), result);
  if (operation.cancel != nullptr && operation.cancel->cancelled()) {
    return Error{ErrorCode::kCancelled, "stopped on request"};
  }

  const std::string fresh = paths.catalog + ".new";
  DLV_TRY(RemoveIfThere(files, fresh + "-journal"));
  DLV_TRY(RemoveIfThere(files, fresh));
  {
    DLV_ASSIGN(const auto catalog, catalog::Catalog::Create(files, fresh));
    DLV_ASSIGN(const auto transaction, catalog->Begin());
    DLV_ASSIGN(const AdoptedPacks adopted, AdoptPacks(*transaction, packs, Now()));
    Player player(*catalog, *transaction, history, adopted, result);
    DLV_TRY(player.Play());
    DLV_TRY(transaction->SetMeta(kLogSequenceKey, std::to_string(history.last_sequence())));
    result.tensors = adopted.numbers.tensors.size();
    DLV_TRY(transaction->Commit());
  }
  DLV_TRY(lock->CheckHeld());
  DLV_TRY(catalog::Catalog::Replace(files, fresh, paths.catalog));
  if (format_missing) {
    result.notes.push_back(".dlv/format was missing or damaged and has been written again");
    DLV_TRY(WriteFormat(files, paths));
  }
  result.packs = packs.size();
  for (const FoundPack& pack : packs) result.bytes += pack.size_bytes;
  return result;
}

}  // namespace dlv::store
