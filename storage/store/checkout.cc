#include "storage/store/checkout.h"

#include <algorithm>
#include <map>

#include "storage/codec/chunk_header.h"
#include "storage/store/export_graph.h"
#include "storage/store/export_tensors.h"
#include "storage/store/file_output.h"
#include "storage/store/names.h"
#include "storage/store/progress_meter.h"
#include "storage/store/resolve.h"
#include "storage/store/retrieval.h"
#include "storage/store/stored_file.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

/// Largest tensor that is handed out in memory.
constexpr std::uint64_t kMaxTensorBytes = std::uint64_t{1} << 40;

class Checkouter {
 public:
  Checkouter(Store& store, Target target, const CheckoutOptions& options,
             const Operation& operation)
      : store_(store),
        target_(std::move(target)),
        options_(options),
        operation_(operation),
        tensors_(store.locator()),
        blobs_(store.locator()) {}

  Result<CheckoutResult> Run() {
    DLV_ASSIGN(manifest_, ReadVersionManifest(store_, target_.version));
    if (options_.format == CheckoutFormat::kOriginal) {
      DLV_TRY(WriteOriginals());
    } else {
      DLV_TRY(Export());
    }
    result_.read_bytes = tensors_.fetched_bytes();
    return std::move(result_);
  }

 private:
  std::string Name() const { return target_.version.summary.reference(); }
  std::string Shown(const std::string& path) const { return (options_.output / path).string(); }

  Result<std::vector<std::uint32_t>> ChooseFiles() const;
  Status WriteOriginals();
  Status WriteOriginal(const io::OutputFolder& folder, std::uint32_t file, ProgressMeter& meter);
  Result<CheckedOutFile> WriteFile(const io::OutputFolder& folder,
                                   const archive::ManifestFile& entry,
                                   const std::vector<TensorId>& tensors, ProgressMeter& meter);
  Result<const SnapshotContent*> Snapshot(std::uint32_t ordinal);
  Result<const std::vector<TensorId>*> IdsOf(std::uint32_t file);
  Result<std::vector<std::uint32_t>> InReadingOrder(std::vector<std::uint32_t> files);

  Status Export();
  Result<std::vector<std::size_t>> ChooseTensors(const SnapshotContent& content) const;
  void CountFullRead(const SnapshotContent& content);

  Store& store_;
  Target target_;
  const CheckoutOptions& options_;
  const Operation& operation_;
  archive::TensorReader tensors_;
  archive::BlobReader blobs_;
  archive::Manifest manifest_;
  std::optional<SnapshotContent> snapshot_;
  std::map<std::uint32_t, std::vector<TensorId>> ids_;  ///< by file
  CheckoutResult result_;
};

/// All files without tensors, and those of the snapshot asked for (or of all).
Result<std::vector<std::uint32_t>> Checkouter::ChooseFiles() const {
  if (manifest_.files.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 Name() + " was committed from memory: it has no original files",
                 "get its tensors with --format safetensors"};
  }
  std::optional<std::uint32_t> chosen;
  if (!manifest_.snapshots.empty()) {
    DLV_ASSIGN(chosen, FindSnapshot(manifest_, target_.step, Name()));
  }
  std::vector<std::uint32_t> files;
  for (std::uint32_t i = 0; i < manifest_.files.size(); ++i) {
    const archive::ManifestFile& file = manifest_.files[i];
    if (options_.all_snapshots || !file.snapshot || file.snapshot == chosen) files.push_back(i);
  }
  return files;
}

Result<const SnapshotContent*> Checkouter::Snapshot(std::uint32_t ordinal) {
  if (!snapshot_ || snapshot_->ordinal != ordinal) {
    // Who asks for a part must not have to read the strips whole for ids that nobody sees.
    const bool is_part =
        options_.planes != 0 || !options_.tensor_glob.empty() || !target_.tensor_pattern.empty();
    const MemberIds members = is_part ? MemberIds::kStandIn : MemberIds::kTrue;
    DLV_ASSIGN(snapshot_, ReadSnapshotWith(store_, tensors_, blobs_, manifest_, ordinal, members));
  }
  return &*snapshot_;
}

/// Returns the file's tensors in the order of its recipe.
Result<const std::vector<TensorId>*> Checkouter::IdsOf(std::uint32_t file) {
  const archive::ManifestFile& entry = manifest_.files[file];
  const auto [known, is_new] = ids_.try_emplace(file);
  if (is_new && entry.snapshot && entry.form == archive::FileForm::kRecipe) {
    DLV_ASSIGN(const SnapshotContent* content, Snapshot(*entry.snapshot));
    known->second = TensorsOfFile(*content, file);
  }
  return &known->second;
}

/// Says what will be read, and puts files behind those that their tensors are built on: then what
/// has to be kept between two uses is no more than a snapshot.
Result<std::vector<std::uint32_t>> Checkouter::InReadingOrder(std::vector<std::uint32_t> files) {
  if (options_.all_snapshots) ExpectSnapshots(tensors_, manifest_);
  std::vector<std::shared_ptr<const archive::TensorHandle>> handles;
  std::map<std::uint32_t, unsigned> depths;
  for (const std::uint32_t file : files) {
    DLV_ASSIGN(const std::vector<TensorId>* ids, IdsOf(file));
    unsigned& depth = depths[file];
    for (const TensorId& id : *ids) {
      auto handle = tensors_.Open(id);
      if (!handle.ok()) continue;  // reading it says why, and in which file
      depth = std::max(depth, (*handle)->depth());
      handles.push_back(std::move(*handle));
    }
  }
  tensors_.ExpectReads(handles);
  std::stable_sort(files.begin(), files.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return depths[a] < depths[b]; });
  return files;
}

Status Checkouter::WriteOriginals() {
  if (!options_.tensor_glob.empty() || options_.planes != 0) {
    return Error{ErrorCode::kInvalidArgument, "the original files have all tensors, exactly",
                 "with tensors or planes use --format safetensors, pt or npz"};
  }
  DLV_ASSIGN(const auto files, ChooseFiles());
  std::vector<std::string> paths;
  std::uint64_t total = 0;
  for (const std::uint32_t file : files) {
    const archive::ManifestFile& entry = manifest_.files[file];
    if (entry.form == archive::FileForm::kNone) {
      return Error{ErrorCode::kNotFound,
                   entry.path + ": its bytes were not kept (committed without optimizer state)",
                   "get its tensors with --format safetensors"};
    }
    paths.push_back(entry.path);
    total += entry.size_bytes;
  }
  DLV_TRY(CheckPaths(Name(), paths));
  DLV_ASSIGN(const auto folder, io::OutputFolder::Open(options_.output.string()));
  std::vector<std::uint32_t> missing;
  for (const std::uint32_t file : files) {  // refuse before anything is written
    const archive::ManifestFile& entry = manifest_.files[file];
    DLV_ASSIGN(const bool there,
               IsThereAlready(folder, entry.path, entry.size_bytes, entry.sha256));
    if (there) continue;
    DLV_TRY(CheckFree(folder, Shown(entry.path), entry.path, options_.overwrite));
    missing.push_back(file);
  }
  ProgressMeter meter(operation_, "writing", total);
  for (const std::uint32_t file : files) {
    const archive::ManifestFile& entry = manifest_.files[file];
    if (std::binary_search(missing.begin(), missing.end(), file)) continue;
    result_.files.push_back({options_.output / entry.path, entry.size_bytes, entry.sha256, true});
    meter.Add(entry.size_bytes);
  }
  DLV_ASSIGN(missing, InReadingOrder(std::move(missing)));
  for (const std::uint32_t file : missing) DLV_TRY(WriteOriginal(folder, file, meter));
  std::map<std::filesystem::path, std::size_t> places;  // as the version has them
  for (const std::uint32_t file : files) {
    places.emplace(options_.output / manifest_.files[file].path, places.size());
  }
  std::sort(result_.files.begin(), result_.files.end(),
            [&](const auto& a, const auto& b) { return places.at(a.path) < places.at(b.path); });
  return Ok();
}

Result<CheckedOutFile> Checkouter::WriteFile(const io::OutputFolder& folder,
                                             const archive::ManifestFile& entry,
                                             const std::vector<TensorId>& tensors,
                                             ProgressMeter& meter) {
  DLV_ASSIGN(const StoredFile file, StoredFile::Open({tensors_, blobs_}, entry, tensors));
  const auto on_progress = [&](std::uint64_t bytes) { meter.Add(bytes); };
  if (!file.IsProvedByParts()) {
    return WriteOutput(folder, entry.path, entry.mode, &entry.sha256, operation_.cancel,
                       on_progress,
                       [&](io::ByteSink& sink) { return file.Write(operation_.threads, sink); });
  }
  return WriteProvedOutput(
      folder, entry.path, entry.mode, {entry.size_bytes, entry.sha256}, operation_.cancel,
      on_progress, [&](io::ByteSink& sink) { return file.WriteProved(operation_.threads, sink); });
}

Status Checkouter::WriteOriginal(const io::OutputFolder& folder, std::uint32_t file,
                                 ProgressMeter& meter) {
  const archive::ManifestFile& entry = manifest_.files[file];
  DLV_ASSIGN(const std::vector<TensorId>* ids, IdsOf(file));
  auto written = WriteFile(folder, entry, *ids, meter);
  if (!written.ok()) {
    Error error = std::move(written).error();
    if (error.message.find(entry.path) == std::string::npos) {
      error.message = Name() + ", " + entry.path + ": " + error.message;
    }
    return error;
  }
  written->path = options_.output / entry.path;
  result_.files.push_back(std::move(*written));
  return Ok();
}

/// Returns the places in the layout of the tensors asked for.
Result<std::vector<std::size_t>> Checkouter::ChooseTensors(const SnapshotContent& content) const {
  const std::string& text =
      options_.tensor_glob.empty() ? target_.tensor_pattern : options_.tensor_glob;
  std::optional<TensorPattern> pattern;
  if (!text.empty()) {
    DLV_ASSIGN(pattern, TensorPattern::Parse(text));
  }
  const auto file_count = static_cast<std::uint32_t>(manifest_.files.size());
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    const TensorInfo info = content.Info(i, file_count);
    if (!pattern || pattern->Matches(info.role, FilePathOf(manifest_, info), info.name)) {
      places.push_back(i);
    }
  }
  if (places.empty()) {
    return Error{ErrorCode::kNotFound, Name() + " has no tensor that fits " + Quoted(text),
                 "see its tensors with: dlv desc " + Name()};
  }
  return places;
}

/// A damaged tensor that is not asked for must not stop the others: then nothing is said.
void Checkouter::CountFullRead(const SnapshotContent& content) {
  std::vector<std::shared_ptr<const archive::TensorHandle>> handles;
  for (const TensorId& id : content.ids) {
    auto handle = tensors_.Open(id);
    if (!handle.ok()) return;
    handles.push_back(std::move(*handle));
  }
  const auto bytes = tensors_.CodedBytesOf(handles);
  if (bytes.ok()) result_.full_bytes = *bytes;
}

Status Checkouter::Export() {
  DLV_TRY(CheckExportOptions(options_));
  if (options_.all_snapshots && manifest_.snapshots.size() > 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "only the original files of all snapshots can be had at once",
                 "choose one snapshot: " + Name() + "#STEP"};
  }
  DLV_ASSIGN(const std::uint32_t ordinal, FindSnapshot(manifest_, target_.step, Name()));
  DLV_ASSIGN(const SnapshotContent* content, Snapshot(ordinal));
  if (options_.format == CheckoutFormat::kOnnx) {
    const GraphExport request{
        store_, {tensors_, blobs_}, target_.version.summary, manifest_, *content};
    return ExportIntoGraph(request, options_, operation_, result_);
  }
  DLV_ASSIGN(auto chosen, ChooseTensors(*content));
  std::vector<std::shared_ptr<const archive::TensorHandle>> handles;
  for (const std::size_t place : chosen) {
    DLV_ASSIGN(handles.emplace_back(), tensors_.Open(content->ids[place]));
  }
  tensors_.ExpectReads(handles);
  if (options_.planes != 0 || chosen.size() != content->ids.size()) CountFullRead(*content);
  const TensorExport request{store_,    tensors_, target_.version.summary,
                             manifest_, *content, std::move(chosen)};
  return ExportTensors(request, options_, operation_, result_);
}

}  // namespace

Result<CheckoutResult> Checkout(Store& store, std::string_view reference,
                                const CheckoutOptions& options, const Operation& operation) {
  if (options.output.empty()) {
    return Error{ErrorCode::kInvalidArgument, "no output folder is given"};
  }
  DLV_ASSIGN(Target target, ResolveTarget(store, reference));
  return Checkouter(store, std::move(target), options, operation).Run();
}

Result<Tensor> ReadTensor(Store& store, std::string_view reference, unsigned planes) {
  DLV_ASSIGN(const Target target, ResolveTarget(store, reference));
  const std::string name = target.version.summary.reference();
  if (target.tensor_pattern.empty()) {
    return Error{ErrorCode::kInvalidArgument, Quoted(reference) + ": names no tensor",
                 "as in " + name + "/conv1.weight"};
  }
  DLV_ASSIGN(const TensorPattern pattern, TensorPattern::Parse(target.tensor_pattern));
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, target.version));
  DLV_ASSIGN(const std::uint32_t ordinal, FindSnapshot(manifest, target.step, name));
  DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, manifest, ordinal));
  std::vector<TensorInfo> fits;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    TensorInfo info = content.Info(i, static_cast<std::uint32_t>(manifest.files.size()));
    names.push_back(info.name);
    if (pattern.Matches(info.role, FilePathOf(manifest, info), info.name)) fits.push_back(info);
  }
  if (fits.empty()) {
    return Error{ErrorCode::kNotFound,
                 name + " has no tensor that fits " + Quoted(target.tensor_pattern),
                 DidYouMean(target.tensor_pattern, names)};
  }
  if (fits.size() > 1) {
    std::string list;
    for (std::size_t i = 0; i < fits.size() && i < 8; ++i) {
      const std::string file = FilePathOf(manifest, fits[i]);
      list += (i == 0 ? "" : ", ") + (file.empty() ? "" : file + "//") + fits[i].name;
    }
    return Error{ErrorCode::kInvalidArgument,
                 Quoted(target.tensor_pattern) + " fits " + std::to_string(fits.size()) +
                     " tensors of " + name + ": " + list + (fits.size() > 8 ? ", ..." : "")};
  }
  Tensor tensor;
  tensor.info = fits.front();
  DLV_ASSIGN(const auto handle, store.tensors().Open(tensor.info.id));
  if (handle->size_bytes() > kMaxTensorBytes ||
      handle->element_count() != tensor.info.element_count()) {
    return Error{ErrorCode::kCorruption, tensor.info.name + ": the stored tensor has another size"};
  }
  tensor.bytes.reserve(static_cast<std::size_t>(handle->size_bytes()));
  DLV_ASSIGN(tensor.planes,
             store.tensors().Stream(*handle, planes, 0, [&](std::span<const std::byte> bytes) {
               tensor.bytes.insert(tensor.bytes.end(), bytes.begin(), bytes.end());
               return Ok();
             }));
  if (tensor.planes == codec::FullPlanes(tensor.info.dtype)) {  // of a component
    tensor.planes = static_cast<unsigned>(8 * SizeOf(tensor.info.dtype));
  }
  return tensor;
}

}  // namespace dlv::store
