#include "storage/store/rebuild.h"

#include <algorithm>

#include "storage/io/repository_lock.h"
#include "storage/store/log_repair.h"
#include "storage/store/rebuild_packs.h"
#include "storage/store/rebuild_source.h"
#include "storage/store/stored_file.h"
#include "storage/store/unnamed_versions.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

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

  /// Takes in a version that no record names, under a name that nothing else has.
  Status Adopt(const VersionToAdopt& version, catalog::Row row) {
    archive::CommitRecord commit{version.id, RecoveredName(version), version.number,
                                 version.stored_bytes};
    DLV_ASSIGN(const bool reserved, catalog_.IsReserved(commit.model, commit.number));
    if (reserved || commit.number == 0) {
      DLV_ASSIGN(const std::uint64_t last, catalog_.LastNumber(commit.model));
      commit.number = last + 1;
    }
    const std::string was = version.model + ":v" + std::to_string(version.number);
    const Status status = InsertVersion(commit, row);
    if (!status.ok() && status.error().code == ErrorCode::kIo) return status;
    if (!status.ok()) {
      result_.findings.push_back(
          {status.error().code, was, "cannot be had back: " + status.error().message, {was}});
      return Ok();
    }
    ++result_.versions;
    const std::string reference = commit.model + ":v" + std::to_string(commit.number);
    result_.findings.push_back({ErrorCode::kCorruption,
                                reference,
                                "was committed as " + was +
                                    "; the operation log does not tell what became of it (it may "
                                    "have been removed): taken in from its manifest",
                                {}});
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
    const Status status = InsertVersion(commit, static_cast<catalog::Row>(step_->record->sequence));
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

  Status InsertVersion(const archive::CommitRecord& commit, catalog::Row row) {
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
    input.row = row;
    input.created = envelope.created;
    input.author = envelope.author;
    input.raw_bytes = envelope.raw_bytes;
    input.stored_bytes = commit.stored_bytes;
    input.tags = envelope.tags;
    input.manifest_section = place->second.row;
    input.numbers = &packs_.numbers;
    for (const archive::ManifestParent& parent : manifest.parents) {
      DLV_ASSIGN(const auto found, catalog_.FindById(parent.id));
      input.parent_models.push_back(found ? found->summary.model
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

/// Makes the new catalog beside the old one, and puts it and, where that is needed, a new log in
/// their places.
class Rebuilder {
 public:
  Rebuilder(io::FileSystem& files, const RepositoryPaths& paths, const Operation& operation,
            const RebuildOptions& options)
      : files_(files), paths_(paths), operation_(operation), options_(options) {}

  Result<VerifyResult> Run(io::RepositoryLock& lock) {
    DLV_ASSIGN(const RebuildSource source, ReadRebuildSource(files_, paths_, result_));
    DLV_ASSIGN(auto found, FindPacks(files_, paths_, result_));
    if (options_.adopt || source.may_lack_versions) adopted_ = UnnamedVersions(found, source.named);
    // Without a log that can be trusted nobody knows which packs versions need.
    const bool all = !adopted_.empty() || (!source.log_is_whole && !source.before);
    std::set<VersionId> wanted;
    for (const LoggedVersion& version : source.history.versions()) wanted.insert(version.id);
    const auto packs =
        ChoosePacks(std::move(found), source.history.live_packs(), wanted, all, result_);
    if (operation_.cancel != nullptr && operation_.cancel->cancelled()) {
      return Error{ErrorCode::kCancelled, "stopped on request"};
    }
    DLV_TRY(RemoveFresh());
    DLV_ASSIGN(auto catalog, catalog::Catalog::Create(files_, fresh_));
    DLV_TRY(Fill(*catalog, source, packs));
    const Status kept = ExpectNoneLost(*catalog, source);
    catalog.reset();
    if (!kept.ok()) {
      DLV_TRY(RemoveFresh());
      return kept.error();
    }
    DLV_TRY(lock.CheckHeld());
    DLV_TRY(catalog::Catalog::Replace(files_, fresh_, paths_.catalog));
    if (NeedsNewLog(source)) DLV_TRY(RenewLog(source));
    result_.packs = packs.size();
    for (const FoundPack& pack : packs) result_.bytes += pack.size_bytes;
    return std::move(result_);
  }

 private:
  bool NeedsNewLog(const RebuildSource& source) const {
    return !source.log_is_whole || !adopted_.empty();
  }

  Status RemoveFresh() {
    DLV_TRY(RemoveIfThere(files_, fresh_ + "-journal"));
    return RemoveIfThere(files_, fresh_);
  }

  Status Fill(catalog::Catalog& catalog, const RebuildSource& source,
              const std::vector<FoundPack>& packs) {
    DLV_ASSIGN(const auto transaction, catalog.Begin());
    DLV_ASSIGN(const AdoptedPacks adopted, AdoptPacks(*transaction, packs, Now()));
    Player player(catalog, *transaction, source.history, adopted, result_);
    DLV_TRY(player.Play());
    std::uint64_t last = source.history.last_sequence();
    // A new log needs a place for every adopted version, two for each that was lost (its number is
    // not given again), and some for what it says of itself.
    if (NeedsNewLog(source)) last = source.last_sequence + 2 * (1 + result_.findings.size());
    for (const VersionToAdopt& version : adopted_)
      DLV_TRY(player.Adopt(version, static_cast<catalog::Row>(++last)));
    DLV_TRY(transaction->SetMeta(kLogSequenceKey, std::to_string(last)));
    result_.tensors = adopted.numbers.tensors.size();
    return transaction->Commit();
  }

  /// A sound catalog is not given up for one that names less, unless that is asked for.
  Status ExpectNoneLost(const catalog::Catalog& catalog, const RebuildSource& source) {
    if (!source.before || options_.accept_fewer) return Ok();
    std::string lost;
    std::size_t count = 0;
    for (const catalog::VersionRow& version : *source.before) {
      DLV_ASSIGN(const auto found, catalog.FindById(version.summary.id));
      if (found || WasRemoved(source.history, version.summary.id)) continue;
      lost += (lost.empty() ? "" : ", ") + version.summary.reference();
      ++count;
    }
    if (count == 0) return Ok();
    return Error{ErrorCode::kConflict,
                 "the catalog is sound and names " + std::to_string(count) +
                     " versions that packs and operation log do not give back: " + lost,
                 "to replace it all the same: dlv fsck --rebuild-catalog --yes"};
  }

  /// A copy of the catalog that is older than the removal.
  static bool WasRemoved(const History& history, const VersionId& id) {
    return std::ranges::any_of(history.versions(), [&](const LoggedVersion& version) {
      return version.id == id && version.removed_by != 0;
    });
  }

  /// The new catalog is in place: until this is done the log is behind it, or damaged as before.
  Status RenewLog(const RebuildSource& source) {
    DLV_ASSIGN(const auto catalog,
               catalog::Catalog::Open(files_, paths_.catalog, catalog::OpenMode::kRead));
    DLV_TRY(ReplaceLog(files_, paths_, *catalog, source.former, result_));
    return Ok();
  }

  io::FileSystem& files_;
  const RepositoryPaths& paths_;
  const Operation& operation_;
  const RebuildOptions& options_;
  const std::string fresh_ = paths_.catalog + ".new";
  VerifyResult result_;
  std::vector<VersionToAdopt> adopted_;
};

}  // namespace

Result<VerifyResult> RebuildCatalog(const std::string& root, StoreOptions options,
                                    const Operation& operation, const RebuildOptions& rebuild) {
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

  DLV_ASSIGN(const auto lock,
             io::RepositoryLock::Acquire(files, paths.lock,
                                         LockOptionsOf(options, "fsck --rebuild-catalog")));

  DLV_ASSIGN(VerifyResult result, Rebuilder(files, paths, operation, rebuild).Run(*lock));
  if (format_missing) {
    result.notes.push_back(".dlv/format was missing or damaged and has been written again");
    DLV_TRY(WriteFormat(files, paths));
  }
  return result;
}

}  // namespace dlv::store
