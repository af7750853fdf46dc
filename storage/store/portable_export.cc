#include "storage/store/portable_export.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/archive/blob_coder.h"
#include "storage/interchange/export.h"
#include "storage/io/hash.h"
#include "storage/store/file_output.h"
#include "storage/store/names.h"
#include "storage/store/portable_format.h"
#include "storage/store/progress_meter.h"
#include "storage/store/stored_file.h"
#include "storage/store/stored_tensors.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

FileDigest Sha256Of(std::string_view text) {
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(text.data(), text.size())));
  return hash.Finish<FileDigest>();
}

class Exporter {
 public:
  Exporter(Store& store, const ExportOptions& options, const Operation& operation,
           io::OutputFolder folder)
      : store_(store),
        options_(options),
        operation_(operation),
        folder_(std::move(folder)),
        tensors_(store.locator()),
        blobs_(store.locator()) {}

  Result<ExportResult> Run() {
    DLV_TRY(ReadCatalog());
    DLV_TRY(CheckEarlier());
    DLV_TRY(WriteText(std::string(kExportIndex), EncodeIndex(index_)));
    std::uint64_t total = 0;
    for (const catalog::VersionRow& version : versions_) total += version.summary.raw_bytes;
    meter_ = std::make_unique<ProgressMeter>(operation_, "exporting", total);
    for (const catalog::VersionRow& version : versions_) DLV_TRY(ExportVersion(version));
    std::string sums;
    for (const auto& [path, digest] : sums_) sums += digest.Hex() + "  " + path + "\n";
    DLV_TRY(WriteText("SHA256SUMS", sums));
    std::set<std::string> models;
    for (const PortableEntry& entry : index_.versions) models.insert(entry.model);
    result_.models = models.size();
    result_.versions = index_.versions.size();
    DLV_TRY(WriteText("README.md", ExportReadme(result_.models, result_.versions)));
    index_.complete = true;
    DLV_TRY(WriteText(std::string(kExportIndex), EncodeIndex(index_)));
    return std::move(result_);
  }

 private:
  Status ReadCatalog() {
    return store_.Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_ASSIGN(versions_, catalog.ListVersions());
      std::reverse(versions_.begin(), versions_.end());
      for (const catalog::VersionRow& version : versions_) {
        const VersionSummary& summary = version.summary;
        index_.versions.push_back({summary.model, summary.number, summary.id});
        for (const std::string& alias : summary.aliases)
          index_.aliases.push_back({summary.model, alias, summary.number});
        DLV_ASSIGN(evaluations_[version.row], catalog.Evaluations(version.row));
      }
      return Ok();
    });
  }

  /// Folders of versions keep their meaning: what is here may only be of the same versions.
  Status CheckEarlier() const {
    DLV_ASSIGN(const auto stat, folder_.Look(std::string(kExportIndex)));
    if (!stat || !stat->is_regular) return Ok();
    if (stat->size_bytes > kMaxIndexBytes)
      return Error{ErrorCode::kUnsafe, Shown(std::string(kExportIndex)) + ": is too large"};
    DLV_ASSIGN(const auto file, folder_.OpenForReading(std::string(kExportIndex)));
    std::string text(static_cast<std::size_t>(stat->size_bytes), '\0');
    DLV_TRY(file->ReadAt(0, std::as_writable_bytes(std::span(text.data(), text.size()))));
    DLV_ASSIGN(const PortableIndex earlier, DecodeIndex(text));
    std::map<std::string, VersionId> here;
    for (const PortableEntry& entry : index_.versions) here.emplace(entry.Reference(), entry.id);
    for (const PortableEntry& entry : earlier.versions) {
      const auto same = here.find(entry.Reference());
      if (same == here.end() || same->second == entry.id) continue;
      return Error{ErrorCode::kConflict,
                   options_.output.string() + ": has another " + entry.Reference() +
                       ", of another repository",
                   "choose another folder"};
    }
    return Ok();
  }

  std::string Shown(const std::string& path) const { return (options_.output / path).string(); }

  /// Texts say how things are now: one that differs is of an earlier export, and is replaced.
  Status WriteText(const std::string& path, const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
    Count(bytes.size());
    DLV_ASSIGN(const bool there, IsThereAlready(folder_, path, text.size(), Sha256Of(text)));
    if (there) return Ok();
    DLV_TRY(CheckFree(folder_, Shown(path), path, true));
    return Write(path, 0644, nullptr, [&](io::ByteSink& sink) { return sink.Write(bytes); });
  }

  void Count(std::uint64_t bytes) {
    ++result_.files;
    result_.bytes += bytes;
  }

  Status Write(const std::string& path, std::uint32_t mode, const FileDigest* want,
               const std::function<Status(io::ByteSink& sink)>& write) {
    ++result_.written;
    DLV_ASSIGN(const auto written, WriteOutput(
                                       folder_, path, mode, want, operation_.cancel,
                                       [&](std::uint64_t bytes) {
                                         if (meter_ != nullptr) meter_->Add(bytes);
                                       },
                                       write));
    if (want == nullptr && path.ends_with(".safetensors")) sums_[path] = written.sha256;
    return Ok();
  }

  Status ExportVersion(const catalog::VersionRow& version) {
    if (operation_.cancel != nullptr && operation_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped; run it again to go on"};
    DLV_ASSIGN(const auto section, store_.OpenSection(version.manifest_section));
    DLV_ASSIGN(const auto bytes, section->ReadManifestBytes());
    DLV_ASSIGN(manifest_, ReadVersionManifest(store_, version));
    DLV_ASSIGN(const archive::Envelope envelope, section->ReadEnvelope());
    folder_of_ = "models/" + version.summary.model + "/v" + std::to_string(version.summary.number);
    DLV_TRY(CheckPaths(version.summary.reference()));
    std::vector<SnapshotContent> snapshots;
    for (std::uint32_t s = 0; s < manifest_.snapshots.size(); ++s) {
      DLV_ASSIGN(SnapshotContent content, ReadSnapshot(store_, manifest_, s));
      DLV_TRY(WriteBlob(manifest_.snapshots[s].layout));
      DLV_TRY(ExportSnapshot(content));
      snapshots.push_back(std::move(content));
    }
    for (std::uint32_t i = 0; i < manifest_.files.size(); ++i) {
      if (!manifest_.files[i].snapshot) DLV_TRY(ExportFile(i, nullptr));
    }
    if (!manifest_.metrics.empty())
      DLV_TRY(WriteText(folder_of_ + "/metrics.csv", EncodeMetrics(manifest_.metrics)));
    const std::string record(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    DLV_TRY(WriteText("records/manifests/" + version.summary.id.Hex(), record));
    return WriteText(folder_of_ + "/version.json",
                     EncodeVersion(Portable(version, envelope), manifest_, snapshots));
  }

  /// A version from elsewhere may say anything.
  Status CheckPaths(const std::string& version) const {
    std::vector<std::string> paths;
    for (const archive::ManifestFile& file : manifest_.files) paths.push_back(file.path);
    Status status = CheckPathsTogether(paths);
    for (std::size_t i = 0; status.ok() && i < paths.size(); ++i) status = CheckFilePath(paths[i]);
    if (status.ok()) return Ok();
    return Error{ErrorCode::kUnsafe, version + ": " + status.error().message};
  }

  PortableVersion Portable(const catalog::VersionRow& version,
                           const archive::Envelope& envelope) const {
    PortableVersion portable;
    portable.summary = version.summary;
    portable.tool = envelope.tool;
    for (const ParentInfo& parent : version.summary.parents) {
      const std::size_t end = parent.reference.find_first_of(":@");
      portable.parent_models.push_back(parent.reference.substr(0, end));
    }
    for (const catalog::EvaluationRow& row : evaluations_.at(version.row))
      portable.evaluations.push_back({row.dataset, row.name, row.value, row.attributes});
    return portable;
  }

  Status ExportSnapshot(const SnapshotContent& content) {
    for (const std::uint32_t file : content.files) DLV_TRY(ExportFile(file, &content));
    std::vector<TensorInfo> loose;  // of no file that is kept
    std::vector<const archive::LayoutTensor*> keys;
    for (std::size_t i = 0; i < content.ids.size(); ++i) {
      TensorInfo info = content.Info(i, static_cast<std::uint32_t>(manifest_.files.size()));
      const bool kept = info.file < manifest_.files.size() &&
                        manifest_.files[info.file].form != archive::FileForm::kNone;
      if (kept) continue;
      loose.push_back(std::move(info));
      keys.push_back(&content.layout.tensors[i]);
    }
    if (loose.empty()) return Ok();
    const std::vector<std::string> names = PortableNames(keys);
    for (std::size_t i = 0; i < loose.size(); ++i) loose[i].name = names[i];
    const std::string path =
        folder_of_ + "/tensors/snapshot-" + std::to_string(content.ordinal) + ".safetensors";
    DLV_ASSIGN(const auto source,
               StoredTensorSource::Open(tensors_, std::move(loose), operation_.threads, 0));
    return Write(path, 0644, nullptr, [&](io::ByteSink& sink) -> Status {
      DLV_ASSIGN(const auto report, interchange::ExportSafetensors(*source, {}, sink));
      Count(report.size_bytes);
      return Ok();
    });
  }

  Status ExportFile(std::uint32_t index, const SnapshotContent* content) {
    const archive::ManifestFile& file = manifest_.files[index];
    if (file.form == archive::FileForm::kNone) return Ok();
    const std::string path = folder_of_ + "/files/" + file.path;
    Count(file.size_bytes);
    sums_[path] = file.sha256;
    std::vector<TensorId> ids;
    if (file.form == archive::FileForm::kRecipe) {
      DLV_TRY(ExportRecipe(file));
      if (content != nullptr) ids = TensorsOfFile(*content, index);
    }
    DLV_ASSIGN(const bool there, IsThereAlready(folder_, path, file.size_bytes, file.sha256));
    if (there) {
      meter_->Add(file.size_bytes);
      return Ok();
    }
    DLV_TRY(CheckFree(folder_, Shown(path), path, false));
    return Write(path, file.mode, &file.sha256, [&](io::ByteSink& sink) {
      return WriteStoredFile({tensors_, blobs_}, file, ids, operation_.threads, sink);
    });
  }

  Status ExportRecipe(const archive::ManifestFile& file) {
    DLV_TRY(WriteBlob(file.content));
    DLV_ASSIGN(const Assembly assembly, ReadAssembly(blobs_, file.content));
    DLV_TRY(WriteBlob(assembly.recipe));
    for (const BlobId& literal : assembly.literals) DLV_TRY(WriteBlob(literal));
    return Ok();
  }

  Status WriteBlob(const BlobId& id) {
    if (!written_blobs_.insert(id).second) return Ok();
    const std::string path = "records/blobs/" + id.Hex();
    DLV_ASSIGN(const auto stat, folder_.Look(path));
    if (stat && stat->is_regular) {
      DLV_ASSIGN(const auto file, folder_.OpenForReading(path));
      const auto source = io::MakeFileSource(*file, 0, stat->size_bytes);
      DLV_ASSIGN(const BlobId found, archive::HashBlobSource(*source, nullptr));
      Count(stat->size_bytes);
      if (found == id) return Ok();
      return CheckFree(folder_, Shown(path), path, false);
    }
    std::uint64_t size = 0;
    DLV_TRY(Write(path, 0644, nullptr, [&](io::ByteSink& sink) {
      return blobs_.Stream(id, [&](std::span<const std::byte> piece) {
        size += piece.size();
        return sink.Write(piece);
      });
    }));
    Count(size);
    return Ok();
  }

  Store& store_;
  const ExportOptions& options_;
  const Operation& operation_;
  io::OutputFolder folder_;
  archive::TensorReader tensors_;
  archive::BlobReader blobs_;
  std::unique_ptr<ProgressMeter> meter_;
  std::vector<catalog::VersionRow> versions_;
  std::map<catalog::Row, std::vector<catalog::EvaluationRow>> evaluations_;
  PortableIndex index_;
  archive::Manifest manifest_;
  std::string folder_of_;
  std::map<std::string, FileDigest> sums_;
  std::set<BlobId> written_blobs_;
  ExportResult result_;
};

/// Only an empty folder, or one that an earlier export has made.
Status CheckFolder(const std::filesystem::path& output) {
  std::error_code error;
  if (!std::filesystem::exists(output, error)) return Ok();
  if (std::filesystem::is_regular_file(output / std::string(kExportIndex), error)) return Ok();
  if (std::filesystem::is_directory(output, error) && std::filesystem::is_empty(output, error))
    return Ok();
  return Error{ErrorCode::kConflict,
               output.string() + ": is there, and neither empty nor an earlier export",
               "choose another folder"};
}

}  // namespace

Result<ExportResult> ExportAll(Store& store, const ExportOptions& options,
                               const Operation& operation) {
  if (options.output.empty())
    return Error{ErrorCode::kInvalidArgument, "no folder to export to is given"};
  DLV_TRY(CheckFolder(options.output));
  DLV_ASSIGN(auto folder, io::OutputFolder::Open(options.output.string()));
  return Exporter(store, options, operation, std::move(folder)).Run();
}

}  // namespace dlv::store
