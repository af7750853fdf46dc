#include "storage/store/copy.h"

#include <algorithm>
#include <set>

#include "storage/archive/blob_coder.h"
#include "storage/store/commit_plan.h"
#include "storage/store/commit_writer.h"
#include "storage/store/input_file.h"
#include "storage/store/names.h"
#include "storage/store/publish.h"
#include "storage/store/resolve.h"
#include "storage/store/stored_file.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

constexpr int kCopyAttempts = 4;

Status CheckUnused(const catalog::Catalog& catalog, const std::string& model) {
  DLV_ASSIGN(const auto found, catalog.FindLatest(model));
  if (!found) return Ok();
  return Error{ErrorCode::kConflict, "there is a model " + Quoted(model) + " already",
               "choose another name, or add a version to it with: dlv commit"};
}

Error NoFile(const std::string& version, const std::string& path,
             const std::vector<archive::ManifestFile>& files) {
  std::vector<std::string> paths;
  for (const archive::ManifestFile& file : files) paths.push_back(file.path);
  return Error{ErrorCode::kNotFound, version + " has no file " + Quoted(path),
               DidYouMean(path, paths)};
}

/// One try at a copy; tried again where gc has taken something meanwhile.
class CopyAttempt {
 public:
  CopyAttempt(Store& store, const CopyRequest& request, const Operation& operation)
      : store_(store), request_(request), operation_(operation) {}

  /// Nothing where it has to be tried again.
  Result<std::optional<CommitResult>> Run() {
    DLV_ASSIGN(source_,
               store_.Read([&](const catalog::Catalog& catalog) -> Result<catalog::VersionRow> {
                 DLV_TRY(CheckUnused(catalog, request_.model));
                 return ResolveIn(catalog, request_.source);
               }));
    DLV_ASSIGN(old_, ReadVersionManifest(store_, source_));
    archive::WriterOptions options;
    options.threads = operation_.threads;
    options.cancel = operation_.cancel;
    DLV_ASSIGN(writer_, CommitWriter::Begin(store_, "dlv copy", options));
    DLV_TRY(FillManifest());
    return Write();
  }

 private:
  Status FillManifest() {
    fresh_.model = request_.model;
    fresh_.message =
        request_.message.empty() ? "copy of " + source_.summary.reference() : request_.message;
    fresh_.parents.push_back({source_.summary.id, Relation::kCopy, {}, false});
    fresh_.hparams = old_.hparams;
    for (const std::string& name : request_.drop_hparams) {
      if (fresh_.hparams.erase(name) == 0) {
        return Error{ErrorCode::kNotFound,
                     source_.summary.reference() + " has no hyper-parameter " + Quoted(name)};
      }
    }
    for (const auto& [name, value] : request_.hparams) fresh_.hparams[name] = value;
    for (const auto& [name, file] : old_.sources.hparams) {
      const bool same = fresh_.hparams.contains(name) && !request_.hparams.contains(name);
      if (same) fresh_.sources.hparams[name] = file;
    }
    if (request_.with_weights) DLV_TRY(TakeWeights());
    DLV_TRY(TakeFiles());
    std::sort(fresh_.files.begin(), fresh_.files.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    if (!fresh_.files.empty() || !fresh_.snapshots.empty()) return CheckPaths();
    return Error{ErrorCode::kInvalidArgument,
                 source_.summary.reference() + " has nothing but weights",
                 "copy it with its weights, or give files with --file"};
  }

  Status TakeWeights() {
    fresh_.snapshots = old_.snapshots;
    fresh_.metrics = old_.metrics;
    fresh_.sources.metrics = old_.sources.metrics;
    for (const archive::ManifestSnapshot& snapshot : old_.snapshots) {
      DLV_TRY(writer_->NeedBlob(snapshot.layout));
      DLV_ASSIGN(const archive::Layout layout, ReadLayout(store_, snapshot.layout));
      tensor_count_ += layout.tensors.size();
      for (const TensorId& id : snapshot.tensors) DLV_TRY(writer_->NeedTensor(id));
    }
    return Ok();
  }

  Status TakeFiles() {
    std::set<std::string> gone;
    for (const FileInput& file : request_.files) {
      DLV_ASSIGN(const std::string path, AddFile(file));
      gone.insert(path);
    }
    for (const std::string& path : request_.drop_files) {
      const auto found = std::find_if(old_.files.begin(), old_.files.end(),
                                      [&](const auto& file) { return file.path == path; });
      if (found == old_.files.end()) return NoFile(source_.summary.reference(), path, old_.files);
      gone.insert(path);
    }
    for (const archive::ManifestFile& file : old_.files) {
      if (gone.contains(file.path) || (file.snapshot && !request_.with_weights)) {
        if (file.snapshot && request_.with_weights) return HoldsTensors(file.path);
        continue;
      }
      DLV_TRY(NeedFile(file));
      fresh_.files.push_back(file);
    }
    return Ok();
  }

  static Error HoldsTensors(const std::string& path) {
    return Error{ErrorCode::kInvalidArgument,
                 path + " holds tensors; copy changes files without tensors only",
                 "commit new weights with: dlv commit -n NAME --parent REF --relation copy FILES"};
  }

  Status NeedFile(const archive::ManifestFile& file) {
    if (file.form == archive::FileForm::kNone) return Ok();
    DLV_TRY(writer_->NeedBlob(file.content));
    raw_bytes_ += file.size_bytes;
    if (file.form != archive::FileForm::kRecipe) return Ok();
    DLV_ASSIGN(const Assembly assembly, ReadAssembly(store_.blobs(), file.content));
    DLV_TRY(writer_->NeedBlob(assembly.recipe));
    for (const BlobId& literal : assembly.literals) DLV_TRY(writer_->NeedBlob(literal));
    return Ok();
  }

  Result<std::string> AddFile(const FileInput& input) {
    DLV_ASSIGN(const auto file, InputFile::Open(store_, input));
    DLV_TRY(file->Describe({true, input.as_blob, input.format}));
    if (!file->description().tensors.empty()) return HoldsTensors(file->path());
    archive::ManifestFile entry;
    entry.path = file->path();
    entry.size_bytes = file->size();
    entry.mode = file->mode();
    entry.format = file->description().format;
    entry.note = file->description().note;
    DLV_ASSIGN(entry.sha256, file->Sha256());
    DLV_ASSIGN(entry.content, archive::HashBlobSource(file->source(), nullptr));
    DLV_TRY(writer_->AddBlob(entry.content, file->source()));
    DLV_TRY(file->CheckUnchanged());
    raw_bytes_ += entry.size_bytes;
    fresh_.files.push_back(entry);
    return entry.path;
  }

  Status CheckPaths() const {
    std::vector<std::string> paths;
    for (const archive::ManifestFile& file : fresh_.files) paths.push_back(file.path);
    return CheckPathsTogether(paths);
  }

  Result<std::optional<CommitResult>> Write() {
    DLV_ASSIGN(const auto canonical, archive::EncodeManifest(fresh_));
    Publication publication;
    publication.manifest = &fresh_;
    publication.id = archive::HashManifest(canonical);
    publication.parent_models = {source_.summary.model};
    publication.envelope.created = Now();
    publication.envelope.author = request_.author.empty() ? DefaultAuthor() : request_.author;
    publication.envelope.tags = request_.tags;
    publication.envelope.aliases = request_.aliases;
    publication.envelope.tool = "dlv 0.1.0";
    publication.envelope.raw_bytes = raw_bytes_;
    publication.command = "dlv copy";
    publication.check = [&](const catalog::Catalog& catalog) {
      return CheckUnused(catalog, request_.model);
    };
    DLV_TRY(writer_->Finish(canonical, publication.envelope));
    for (const archive::WrittenPack& pack : writer_->result().packs) {
      publication.stored_bytes += pack.size_bytes;
    }
    DLV_ASSIGN(const Published published, Publish(store_, *writer_, publication));
    if (published.objects_gone) return std::optional<CommitResult>();
    DLV_ASSIGN(const auto row, store_.Read([&](const catalog::Catalog& catalog) {
      return catalog.GetVersion(published.version);
    }));
    if (!row) return Error{ErrorCode::kConflict, "the version was removed again at once"};
    CommitResult result;
    result.version = row->summary;
    result.raw_bytes = raw_bytes_;
    result.added_bytes = publication.stored_bytes;
    result.tensors_total = tensor_count_;
    DLV_ASSIGN(const auto files, store_.Read([&](const catalog::Catalog& catalog) {
      return catalog.Files(published.version);
    }));
    for (const catalog::FileRow& file : files) result.files.push_back(file.info);
    return std::optional(std::move(result));
  }

  Store& store_;
  const CopyRequest& request_;
  const Operation& operation_;
  catalog::VersionRow source_;
  archive::Manifest old_, fresh_;
  std::unique_ptr<CommitWriter> writer_;
  std::uint64_t raw_bytes_ = 0;
  std::uint64_t tensor_count_ = 0;  // of all snapshots
};

/// What a commit of the same things would refuse.
Status CheckCopy(const CopyRequest& request) {
  CommitRequest commit;
  commit.model = request.model;
  commit.message = request.message;
  commit.author = request.author;
  commit.hparams = request.hparams;
  commit.tags = request.tags;
  commit.aliases = request.aliases;
  commit.files = request.files;
  return CheckTexts(commit);
}

}  // namespace

Result<CommitResult> Copy(Store& store, const CopyRequest& request, const Operation& operation) {
  if (store.read_only()) {
    return Error{ErrorCode::kInvalidArgument, "the repository is open for reading only"};
  }
  DLV_TRY(CheckCopy(request));
  for (int attempt = 0; attempt < kCopyAttempts; ++attempt) {
    DLV_ASSIGN(auto result, CopyAttempt(store, request, operation).Run());
    if (result) return std::move(*result);
  }
  return Error{ErrorCode::kConflict, "gc removed what the copy relied on, several times in a row",
               "try again"};
}

Result<std::vector<std::byte>> ReadFile(Store& store, std::string_view reference,
                                        std::string_view path, std::uint64_t limit_bytes) {
  DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, target.version));
  const std::string name = target.version.summary.reference();
  for (std::uint32_t i = 0; i < manifest.files.size(); ++i) {
    const archive::ManifestFile& file = manifest.files[i];
    if (file.path != path) continue;
    if (file.size_bytes > limit_bytes) {
      return Error{ErrorCode::kUnsafe, name + ", " + file.path + ": has " +
                                           std::to_string(file.size_bytes) + " bytes, at most " +
                                           std::to_string(limit_bytes)};
    }
    if (file.form == archive::FileForm::kBlob)
      return store.blobs().ReadAll(file.content, limit_bytes);
    std::vector<TensorId> tensors;
    if (file.snapshot) {
      DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, manifest, *file.snapshot));
      tensors = TensorsOfFile(content, i);
    }
    class Collect : public io::ByteSink {
     public:
      Status Write(std::span<const std::byte> piece) override {
        bytes.insert(bytes.end(), piece.begin(), piece.end());
        return Ok();
      }
      std::vector<std::byte> bytes;
    } sink;
    DLV_TRY(WriteStoredFile({store.tensors(), store.blobs()}, file, tensors, 1, sink));
    return std::move(sink.bytes);
  }
  return NoFile(name, std::string(path), manifest.files);
}

}  // namespace dlv::store
