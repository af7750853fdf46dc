#include "storage/store/import_version.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "storage/archive/blob_coder.h"
#include "storage/archive/strips.h"
#include "storage/io/hash.h"
#include "storage/store/commit_plan.h"
#include "storage/store/commit_writer.h"
#include "storage/store/input_file.h"
#include "storage/store/note.h"
#include "storage/store/parent_choice.h"
#include "storage/store/publish.h"
#include "storage/store/replay_check.h"
#include "storage/store/strip_work.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

constexpr int kImportAttempts = 4;
constexpr std::uint64_t kMaxManifestBytes = 256u << 20;

class VersionImport {
 public:
  VersionImport(Store& store, const ImportFolder& folder, const PortableEntry& entry,
                const PortableVersion& version, const Operation& operation)
      : store_(store), folder_(folder), entry_(entry), version_(version), operation_(operation) {}

  /// Nothing where it has to be tried again.
  Result<std::optional<catalog::VersionRow>> Run() {
    DLV_TRY(ReadManifest());
    archive::WriterOptions options;
    options.threads = operation_.threads;
    options.cancel = operation_.cancel;
    DLV_ASSIGN(writer_, CommitWriter::Begin(store_, "dlv import", options));
    DLV_TRY(FindBases());
    for (std::uint32_t s = 0; s < manifest_.snapshots.size(); ++s) DLV_TRY(SaveSnapshot(s));
    for (std::uint32_t i = 0; i < manifest_.files.size(); ++i) DLV_TRY(SaveFile(i));
    return Publish();
  }

 private:
  /// Bytes of tensors, by their places in the layout.
  using Named = std::map<std::size_t, const io::ByteSource*>;

  std::string InVersion(const std::string& path) const { return entry_.Folder() + "/" + path; }

  Status ReadManifest() {
    const std::string record = "records/manifests/" + entry_.id.Hex();
    DLV_ASSIGN(canonical_, folder_.Read(record, kMaxManifestBytes));
    if (archive::HashManifest(canonical_) != entry_.id) {
      return Error{ErrorCode::kCorruption, folder_.Path(record) + ": has another id than its name"};
    }
    DLV_ASSIGN(manifest_, archive::DecodeManifest(canonical_));
    if (version_.summary.id != entry_.id || version_.summary.model != entry_.model ||
        version_.parent_models.size() != manifest_.parents.size()) {
      return Error{ErrorCode::kCorruption,
                   folder_.Path(InVersion("version.json")) + ": is of another version"};
    }
    return CheckManifest();
  }

  /// The same rules as for a commit: names and paths of a folder from anywhere.
  Status CheckManifest() const {
    CommitRequest request;
    request.model = entry_.model;
    request.message = manifest_.message;
    request.author = version_.summary.author;
    request.hparams = manifest_.hparams;
    request.metrics = manifest_.metrics;
    request.tags = version_.summary.tags;
    for (const archive::ManifestFile& file : manifest_.files)
      request.files.push_back({file.path, file.path, {}});
    const Status checked = CheckTexts(request);
    if (checked.ok()) return CheckNote(version_.summary.note);
    return Error{ErrorCode::kUnsafe, entry_.Reference() + ": " + checked.error().message};
  }

  Status FindBases() {
    for (const archive::ManifestParent& parent : manifest_.parents) {
      DLV_ASSIGN(const auto row, store_.Read([&](const catalog::Catalog& catalog) {
        return catalog.FindById(parent.id);
      }));
      if (!row) continue;
      parent_bases_ = BasesOf(store_, *row);
      if (parent_bases_ != nullptr) return Ok();
    }
    return Ok();
  }

  Result<std::vector<std::byte>> ReadBlob(const BlobId& id, std::uint64_t limit) {
    const std::string path = "records/blobs/" + id.Hex();
    DLV_ASSIGN(auto bytes, folder_.Read(path, limit));
    if (io::HashBlob(bytes) != id)
      return Error{ErrorCode::kCorruption, folder_.Path(path) + ": has another id than its name"};
    return bytes;
  }

  Status SaveBlob(const BlobId& id) {
    const auto needed = writer_->NeedBlob(id);
    if (needed.ok() || needed.error().code != ErrorCode::kConflict) return needed;
    DLV_ASSIGN(const auto bytes, ReadBlob(id, kMaxLayoutBytes));
    return writer_->AddBlob(id, *io::MakeViewSource(bytes));
  }

  Status SaveSnapshot(std::uint32_t ordinal) {
    const archive::ManifestSnapshot& snapshot = manifest_.snapshots[ordinal];
    SnapshotContent content;
    content.ordinal = ordinal;
    DLV_ASSIGN(const auto bytes, ReadBlob(snapshot.layout, kMaxLayoutBytes));
    DLV_ASSIGN(content.layout, archive::DecodeLayout(bytes));
    DLV_TRY(SaveBlob(snapshot.layout));
    content.stored = snapshot.tensors;
    content.files = FilesOfSnapshot(manifest_, ordinal);
    const archive::StripMap map(content.layout.tensors);
    if (map.stored_count() != content.stored.size())
      return Error{ErrorCode::kCorruption, "a layout does not fit its snapshot"};
    content.ids.resize(content.layout.tensors.size());
    for (std::size_t i = 0; i < content.ids.size(); ++i) {
      if (!content.layout.tensors[i].in_strip) content.ids[i] = content.stored[map.place(i).stored];
    }
    std::map<std::uint32_t, std::vector<std::size_t>> by_file;  // manifest_.files.size(): loose
    const auto count = static_cast<std::uint32_t>(manifest_.files.size());
    for (std::size_t i = 0; i < content.ids.size(); ++i) {
      const TensorInfo info = content.Info(i, count);
      const bool kept =
          info.file < count && manifest_.files[info.file].form != archive::FileForm::kNone;
      by_file[kept ? info.file : count].push_back(i);
    }
    for (const auto& [file, places] : by_file) {
      const std::string path =
          file < count ? InVersion("files/" + manifest_.files[file].path)
                       : InVersion("tensors/snapshot-" + std::to_string(ordinal) + ".safetensors");
      DLV_TRY(
          SaveTensors(content, map, places, path, file < count ? &manifest_.files[file] : nullptr));
    }
    DLV_TRY(CheckBlobsKnown(content));
    contents_.push_back(std::move(content));
    return Ok();
  }

  static Status CheckBlobsKnown(const SnapshotContent& content) {
    for (const archive::LayoutTensor& tensor : content.layout.tensors) {
      if (tensor.file > content.files.size())
        return Error{ErrorCode::kCorruption, "a layout names a file that is not there"};
    }
    return Ok();
  }

  /// Saves the tensors at `places`, all of one file.
  Status SaveTensors(SnapshotContent& content, const archive::StripMap& map,
                     const std::vector<std::size_t>& places, const std::string& path,
                     const archive::ManifestFile* original) {
    std::vector<std::size_t> missing;
    bool has_strips = false;
    for (const std::size_t place : places) {
      if (content.layout.tensors[place].in_strip) {
        has_strips = true;
        continue;
      }
      const auto needed = writer_->NeedTensor(content.ids[place]);
      if (needed.ok()) {
        DLV_TRY(CheckType(content, place));
      } else if (needed.error().code == ErrorCode::kConflict) {
        missing.push_back(place);
      } else {
        return needed;
      }
    }
    if (missing.empty() && !has_strips) return Ok();
    FileInput input;
    input.source = folder_.Path(path);
    input.path = "tensors";
    DLV_TRY(folder_.LookAtFile(path));
    DLV_ASSIGN(const auto file, InputFile::Open(store_, input));
    DLV_TRY(file->Describe({}));
    if (original != nullptr && file->description().tensors.empty())  // read by name only
      DLV_TRY(file->Describe({true, false, original->format}));
    const auto& found = file->description().tensors;
    const Named named =
        original == nullptr ? FindLoose(content, places, found) : FindByKey(content, places, found);
    DLV_TRY(original == nullptr ? SaveLoose(content, missing, named, path)
                                : SaveById(content, missing, found, path));
    return has_strips ? SaveStrips(content, map, places, named, path) : Ok();
  }

  /// Finds each tensor in the file by its id: what it is called there does not matter.
  Status SaveById(const SnapshotContent& content, const std::vector<std::size_t>& missing,
                  const std::vector<interchange::DescribedTensor>& found, const std::string& path) {
    if (missing.empty()) return Ok();
    std::unordered_map<TensorId, std::pair<std::size_t, archive::TensorHash>> by_id;
    for (std::size_t i = 0; i < found.size(); ++i) {
      DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(found[i].shape));
      DLV_ASSIGN(auto hash, archive::HashTensorSource(*found[i].source, found[i].dtype, count,
                                                      operation_.threads));
      const TensorId id = hash.id;
      by_id.emplace(id, std::pair(i, std::move(hash)));
    }
    for (const std::size_t place : missing) {
      const auto match = by_id.find(content.ids[place]);
      if (match == by_id.end()) return NotIn(content, place, path);
      const auto& described = found[match->second.first];
      const archive::LayoutTensor& tensor = content.layout.tensors[place];
      if (described.dtype != tensor.dtype) return NotIn(content, place, path);
      DLV_TRY(Save(tensor, match->second.second, *described.source));
    }
    return Ok();
  }

  /// A layout from anywhere may call a stored tensor something that it is not.
  Status CheckType(const SnapshotContent& content, std::size_t place) {
    const archive::LayoutTensor& tensor = content.layout.tensors[place];
    DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensor.shape));
    const auto own = types_.find(content.ids[place]);
    std::pair<DType, std::uint64_t> type;
    if (own != types_.end()) {
      type = own->second;
    } else {
      DLV_ASSIGN(const auto handle, store_.tensors().Open(content.ids[place]));
      type = {handle->dtype(), handle->element_count()};
    }
    if (type == std::pair(tensor.dtype, count)) return Ok();
    return Error{
        ErrorCode::kCorruption,
        "tensor " + tensor.name + ": the layout gives it another type or size than it has"};
  }

  Error NotIn(const SnapshotContent& content, std::size_t place, const std::string& path) const {
    return Error{ErrorCode::kCorruption, folder_.Path(path) + ": does not hold tensor " +
                                             content.layout.tensors[place].name + " with id " +
                                             content.ids[place].Hex(16)};
  }

  /// Finds tensors in a committed file, by role and name.
  static Named FindByKey(const SnapshotContent& content, const std::vector<std::size_t>& places,
                         const std::vector<interchange::DescribedTensor>& found) {
    std::map<std::pair<TensorRole, std::string>, const io::ByteSource*> by_key;
    for (const auto& tensor : found)
      by_key.emplace(std::pair(tensor.role, tensor.name), tensor.source.get());
    Named named;
    for (const std::size_t place : places) {
      const archive::LayoutTensor& tensor = content.layout.tensors[place];
      const auto match = by_key.find({tensor.role, tensor.name});
      if (match != by_key.end()) named.emplace(place, match->second);
    }
    return named;
  }

  /// Finds tensors in a file that the export wrote: names are known.
  static Named FindLoose(const SnapshotContent& content, const std::vector<std::size_t>& places,
                         const std::vector<interchange::DescribedTensor>& found) {
    std::unordered_map<std::string, const io::ByteSource*> by_name;
    for (const auto& tensor : found) by_name.emplace(tensor.name, tensor.source.get());
    std::vector<const archive::LayoutTensor*> keys;
    for (const std::size_t place : places) keys.push_back(&content.layout.tensors[place]);
    const auto names = PortableNames(keys);
    Named named;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto match = by_name.find(names[i]);
      if (match != by_name.end()) named.emplace(places[i], match->second);
    }
    return named;
  }

  /// Types are poorer in such a file than ours: those of the layout count.
  Status SaveLoose(const SnapshotContent& content, const std::vector<std::size_t>& missing,
                   const Named& named, const std::string& path) {
    for (const std::size_t place : missing) {
      const archive::LayoutTensor& tensor = content.layout.tensors[place];
      const auto match = named.find(place);
      DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensor.shape));
      if (match == named.end() || match->second->size() != count * SizeOf(tensor.dtype))
        return NotIn(content, place, path);
      DLV_ASSIGN(const auto hash, archive::HashTensorSource(*match->second, tensor.dtype, count,
                                                            operation_.threads));
      if (hash.id != content.ids[place]) return NotIn(content, place, path);
      DLV_TRY(Save(tensor, hash, *match->second));
    }
    return Ok();
  }

  /// Nothing stores the ids of a strip's members: they are found by name, and the id of the strip
  /// says whether they are the right ones.
  Status SaveStrips(SnapshotContent& content, const archive::StripMap& map,
                    const std::vector<std::size_t>& places, const Named& named,
                    const std::string& path) {
    std::vector<std::size_t> small;
    std::vector<archive::LayoutTensor> tensors;
    std::vector<const io::ByteSource*> sources;
    for (const std::size_t place : places) {
      const archive::LayoutTensor& tensor = content.layout.tensors[place];
      if (!tensor.in_strip) continue;
      const auto match = named.find(place);
      DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensor.shape));
      if (match == named.end() || match->second->size() != count * SizeOf(tensor.dtype)) {
        return Error{ErrorCode::kCorruption,
                     folder_.Path(path) + ": does not hold tensor " + tensor.name};
      }
      small.push_back(place);
      tensors.push_back(tensor);
      sources.push_back(match->second);
    }
    for (StripWork& strip : StripsOf(tensors, sources)) {
      strip.id = content.stored[map.place(small[strip.members.front()]).stored];
      DLV_TRY(SaveStrip(strip, path));
      for (std::size_t k = 0; k < strip.members.size(); ++k) {
        const std::uint32_t member = strip.members[k];
        DLV_ASSIGN(const auto hash, archive::HashTensorSource(*sources[member], strip.key.dtype,
                                                              strip.ElementCount(k), 1));
        content.ids[small[member]] = hash.id;
        store_.small_tensors().Add(hash.id,
                                   {strip.id, strip.FirstElement(k), strip.ElementCount(k)});
      }
    }
    return Ok();
  }

  Status SaveStrip(const StripWork& strip, const std::string& path) {
    if (operation_.cancel != nullptr && operation_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped; run it again to go on"};
    const auto& [role, name, dtype, count] = strip.key;
    DLV_ASSIGN(const auto hash, archive::HashTensorSource(*strip.source, dtype, count, 1));
    if (hash.id != strip.id) {
      return Error{ErrorCode::kCorruption, folder_.Path(path) + ": does not hold the strip of " +
                                               name + " with id " + strip.id.Hex(16)};
    }
    types_[hash.id] = {dtype, count};
    std::optional<BaseTensor> base;
    if (parent_bases_ != nullptr) {
      if (const auto found = parent_bases_->FindStrip(strip.key))
        base = BaseTensor{found->id, nullptr};
    }
    return writer_->AddStrip(hash, dtype, count, base, *strip.source, strip.members.size());
  }

  Status Save(const archive::LayoutTensor& tensor, const archive::TensorHash& hash,
              const io::ByteSource& source) {
    if (operation_.cancel != nullptr && operation_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped; run it again to go on"};
    DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensor.shape));
    if (source.size() != count * SizeOf(tensor.dtype))
      return Error{ErrorCode::kCorruption, "tensor " + tensor.name + ": its shape does not fit"};
    types_[hash.id] = {tensor.dtype, count};
    std::optional<BaseTensor> base;
    if (parent_bases_ != nullptr) {
      const auto found = parent_bases_->Find({tensor.role, tensor.name, tensor.dtype, count});
      if (found) base = BaseTensor{found->id, nullptr};
    }
    return writer_->AddTensor(hash, tensor.dtype, count, base, source);
  }

  Status SaveFile(std::uint32_t index) {
    const archive::ManifestFile& file = manifest_.files[index];
    if (file.form == archive::FileForm::kNone) return Ok();
    if (file.snapshot && *file.snapshot >= contents_.size())
      return Error{ErrorCode::kCorruption, file.path + ": is of a snapshot that is not there"};
    const std::string path = InVersion("files/" + file.path);
    DLV_ASSIGN(const io::FileStat stat, folder_.LookAtFile(path));
    if (stat.size_bytes != file.size_bytes) {
      return Error{ErrorCode::kCorruption, folder_.Path(path) + ": has " +
                                               std::to_string(stat.size_bytes) + " bytes, want " +
                                               std::to_string(file.size_bytes)};
    }
    FileInput request;
    request.source = folder_.Path(path);
    request.path = file.path;
    DLV_ASSIGN(const auto input, InputFile::Open(store_, request));
    DLV_ASSIGN(const FileDigest sha256, input->Sha256());
    if (sha256 != file.sha256) {
      return Error{ErrorCode::kCorruption, folder_.Path(path) + ": has SHA-256 " + sha256.Hex(16) +
                                               "..., want " + file.sha256.Hex(16) + "..."};
    }
    std::vector<TensorId> ids;
    if (file.form == archive::FileForm::kBlob) {
      DLV_ASSIGN(const BlobId id, archive::HashBlobSource(input->source(), nullptr));
      if (id != file.content)
        return Error{ErrorCode::kCorruption,
                     folder_.Path(path) + ": has another id than it should"};
      DLV_TRY(writer_->AddBlob(id, input->source()));
    } else {
      DLV_TRY(SaveRecipe(file));
      if (file.snapshot) ids = TensorsOfFile(contents_[*file.snapshot], index);
    }
    to_check_.push_back({request, input->stat().change_key, file, std::move(ids)});
    return Ok();
  }

  Status SaveRecipe(const archive::ManifestFile& file) {
    DLV_ASSIGN(const auto bytes, ReadBlob(file.content, kMaxRecipeBytes));
    DLV_ASSIGN(const Assembly assembly, DecodeAssembly(bytes));
    DLV_TRY(SaveBlob(file.content));
    DLV_TRY(SaveBlob(assembly.recipe));
    for (const BlobId& literal : assembly.literals) DLV_TRY(SaveBlob(literal));
    return Ok();
  }

  /// Recipes come from the folder: only those that give their file are taken.
  Status Prove() {
    archive::TensorReader tensors(writer_->locator());
    archive::BlobReader blobs(writer_->locator());
    for (const StoredInput& input : to_check_) {
      DLV_ASSIGN(const bool same, GivesFileBack(store_, {tensors, blobs}, {}, input, operation_));
      if (!same) {
        return Error{ErrorCode::kCorruption,
                     input.entry.path + ": its recipe in the export does not give it back"};
      }
    }
    return Ok();
  }

  Status PutNames(Change& change, catalog::Row row) const {
    const VersionSummary& summary = version_.summary;
    DLV_ASSIGN(const auto now, change.catalog.GetVersion(row));
    if (!now) return Error{ErrorCode::kInternal, "the new version is not in the catalog"};
    if (!summary.note.empty()) {
      DLV_TRY(change.transaction.SetNote(row, summary.note, change.now));
      change.log.emplace_back(archive::NoteRecord{entry_.model, now->summary.number, summary.note});
    }
    for (const PortableEvaluation& evaluation : version_.evaluations) {
      catalog::EvaluationRow entry;
      entry.version = row;
      entry.created = change.now;
      entry.dataset = evaluation.dataset;
      entry.name = evaluation.metric;
      entry.value = evaluation.value;
      entry.attributes = evaluation.attributes;
      DLV_TRY(change.transaction.InsertEvaluation(entry));
      change.log.emplace_back(archive::EvaluationRecord{entry_.id, entry.dataset, entry.name,
                                                        entry.value, entry.attributes});
    }
    return Ok();
  }

  Result<std::optional<catalog::VersionRow>> Publish() {
    Publication publication;
    publication.manifest = &manifest_;
    publication.id = entry_.id;
    publication.model = entry_.model;
    publication.number = entry_.number;
    publication.parent_models = version_.parent_models;
    publication.envelope.created = version_.summary.created;
    publication.envelope.author = version_.summary.author;
    publication.envelope.number = entry_.number;
    publication.envelope.tags = version_.summary.tags;
    publication.envelope.tool = version_.tool;
    publication.envelope.raw_bytes = version_.summary.raw_bytes;
    publication.command = "dlv import";
    publication.extra = [this](Change& change, catalog::Row row) { return PutNames(change, row); };
    DLV_TRY(writer_->Finish(canonical_, publication.envelope));
    for (const archive::WrittenPack& pack : writer_->result().packs)
      publication.stored_bytes += pack.size_bytes;
    DLV_TRY(Prove());
    DLV_ASSIGN(const Published published, store::Publish(store_, *writer_, publication));
    if (published.objects_gone) return std::optional<catalog::VersionRow>();
    return store_.Read(
        [&](const catalog::Catalog& catalog) { return catalog.GetVersion(published.version); });
  }

  Store& store_;
  const ImportFolder& folder_;
  const PortableEntry& entry_;
  const PortableVersion& version_;
  const Operation& operation_;
  std::vector<std::byte> canonical_;
  archive::Manifest manifest_;
  std::unique_ptr<CommitWriter> writer_;
  std::unique_ptr<BaseSet> parent_bases_;
  std::vector<SnapshotContent> contents_;
  std::unordered_map<TensorId, std::pair<DType, std::uint64_t>> types_;  ///< of what is new
  std::vector<StoredInput> to_check_;
};

}  // namespace

Result<catalog::VersionRow> ImportVersion(Store& store, const ImportFolder& folder,
                                          const PortableEntry& entry,
                                          const PortableVersion& version,
                                          const Operation& operation) {
  for (int attempt = 0; attempt < kImportAttempts; ++attempt) {
    DLV_ASSIGN(auto row, VersionImport(store, folder, entry, version, operation).Run());
    if (row) return std::move(*row);
  }
  return Error{ErrorCode::kConflict, "other commands changed what the import relied on",
               "try again"};
}

}  // namespace dlv::store
