#include "storage/store/export_tensors.h"

#include <algorithm>
#include <map>
#include <optional>

#include "storage/interchange/export.h"
#include "storage/interchange/safetensors_metadata.h"
#include "storage/store/converting_source.h"
#include "storage/store/export_plan.h"
#include "storage/store/file_output.h"
#include "storage/store/file_skeleton.h"
#include "storage/store/names.h"
#include "storage/store/progress_meter.h"
#include "storage/store/stored_tensors.h"
#include "storage/store/tied_tensors.h"

namespace dlv::store {
namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kHiddenBytes = 1;  // of tensors: all are, what they hold is not asked for

Metadata::const_iterator FindKey(const Metadata& metadata, std::string_view key) {
  return std::find_if(metadata.begin(), metadata.end(),
                      [&](const auto& pair) { return pair.first == key; });
}

class TensorExporter {
 public:
  TensorExporter(const TensorExport& request, const CheckoutOptions& options,
                 const Operation& operation, CheckoutResult& result)
      : request_(request), options_(options), operation_(operation), result_(result) {}

  Status Run() {
    DLV_TRY(CheckExportOptions(options_));
    DLV_ASSIGN(std::vector<PlannedFile> files, Plan());
    const auto sets = ShardSets(files);
    std::vector<std::string> names;
    std::uint64_t total = 0;
    for (const PlannedFile& file : files) {
      names.push_back(file.name);
      for (const TensorInfo& info : file.tensors) {
        total += info.element_count() * SizeOf(info.dtype);
      }
    }
    for (const auto& [index, shards] : sets) names.push_back(index);
    DLV_TRY(CheckPaths(request_.version.reference(), names));
    DLV_ASSIGN(const auto folder, io::OutputFolder::Open(options_.output.string()));
    for (const std::string& name : names) {
      // Its bytes are not known before it is made, so what is there counts as differing.
      DLV_TRY(CheckFree(folder, (options_.output / name).string(), name, options_.overwrite));
    }
    ProgressMeter meter(operation_, "writing", total);
    for (PlannedFile& file : files) DLV_TRY(Write(folder, std::move(file), meter));
    DLV_ASSIGN(const Metadata metadata, MetadataOf({}));
    for (const auto& [index, shards] : sets) {
      DLV_TRY(WriteText(folder, index, ShardIndexText(shards, metadata)));
    }
    WarnOfConversion();
    return Ok();
  }

 private:
  Result<std::vector<PlannedFile>> Plan();
  std::string FileName(std::uint32_t file) const;
  Result<Metadata> CommittedMetadata(std::uint32_t file) const;
  Result<Metadata> MetadataOf(const PlannedFile& file) const;
  Status Write(const io::OutputFolder& folder, PlannedFile file, ProgressMeter& meter);
  void SetStoredTypes(std::vector<TensorInfo>& tensors) const;
  Status WriteText(const io::OutputFolder& folder, const std::string& name,
                   const std::string& text);
  Result<interchange::ExportReport> Encode(TensorSource& source,
                                           const interchange::ExportOptions& options,
                                           io::ByteSink& sink) const;
  void Count(const statistics::NarrowReport& report);
  void WarnOfConversion();

  const TensorExport& request_;
  const CheckoutOptions& options_;
  const Operation& operation_;
  CheckoutResult& result_;
  statistics::NarrowReport converted_;
};

/// Each file of the snapshot gives one file; its suffix is exchanged.
std::string TensorExporter::FileName(std::uint32_t file) const {
  const archive::Manifest& manifest = request_.manifest;
  std::string name = request_.version.model;
  if (file < manifest.files.size()) {
    name = manifest.files[file].path;
    const std::size_t slash = name.rfind('/') == std::string::npos ? 0 : name.rfind('/') + 1;
    const std::size_t dot = name.rfind('.');
    const std::string stem = dot != std::string::npos && dot > slash ? name.substr(0, dot) : name;
    bool shared = false;  // a.pt and a.bin would both become a.safetensors
    for (const std::uint32_t other : request_.content.files) {
      const std::string& path = manifest.files[other].path;
      if (other != file && path.substr(0, path.rfind('.')) == stem) shared = true;
    }
    if (!shared) name = stem;
  }
  return name + SuffixOf(options_.format);
}

Result<std::vector<PlannedFile>> TensorExporter::Plan() {
  const TiedTensors tied = TiedOrDefault(options_);
  DLV_ASSIGN(TensorTies ties, FindTies(request_.store, request_.manifest, request_.content));
  if (tied == TiedTensors::kDuplicate) ties.tied_to.clear();
  const std::vector<std::size_t>& tied_to = ties.tied_to;
  const auto file_count = static_cast<std::uint32_t>(request_.manifest.files.size());
  std::vector<PlannedFile> files;
  std::map<std::size_t, std::size_t> places;  // from the layout to the file being filled
  for (const std::size_t place : request_.chosen) {
    if (ties.unnamed.contains(place)) continue;
    TensorInfo info = request_.content.Info(place, file_count);
    const std::string name = options_.shard_bytes != 0 ? "model.safetensors" : FileName(info.file);
    if (files.empty() || files.back().name != name) files.push_back({name, {}, {}, {}, {}});
    PlannedFile& file = files.back();
    const auto owner = tied_to.empty() ? places.end() : places.find(tied_to[place]);
    const std::size_t own = file.tensors.size();
    if (info.file < file_count) file.sources.insert(info.file);
    file.tied_to.push_back(owner == places.end() ? own : owner->second);
    // A tied tensor whose owner was not chosen owns the storage for those behind it.
    places.emplace(tied_to.empty() ? place : tied_to[place], own);
    file.tensors.push_back(std::move(info));
  }
  if (files.empty()) {
    return Error{ErrorCode::kNotFound,
                 request_.version.reference() +
                     ": what is asked for has no name in the file that "
                     "was committed, and is not exported",
                 "get the original file with: dlv checkout " + request_.version.reference()};
  }
  result_.warnings.insert(result_.warnings.end(), ties.warnings.begin(), ties.warnings.end());
  for (PlannedFile& file : files) {
    if (tied == TiedTensors::kDrop) DropTied(file);
    for (TensorInfo& info : file.tensors) {
      if (options_.dtype) info.dtype = ConvertedType(info.dtype, *options_.dtype);
    }
    for (const auto& [name, owner] : file.dropped) {
      result_.warnings.push_back(file.name + ": " + name + " is left out: it is tied to " + owner);
    }
  }
  if (options_.shard_bytes == 0) return files;
  return CutIntoShards(std::move(files.front()), options_.shard_bytes, "model", ".safetensors");
}

/// What a safetensors file says of itself; nothing for other files.
Result<Metadata> TensorExporter::CommittedMetadata(std::uint32_t file) const {
  const archive::ManifestFile& entry = request_.manifest.files[file];
  if (entry.format != "safetensors" || entry.form != archive::FileForm::kRecipe) return Metadata();
  DLV_ASSIGN(const auto text, OpenSkeleton({request_.reader, request_.store.blobs()}, entry,
                                           TensorsOfFile(request_.content, file), kHiddenBytes));
  return interchange::ReadSafetensorsMetadata(*text);
}

/// What the committed files said (of several that become one, the first), then what is new.
Result<Metadata> TensorExporter::MetadataOf(const PlannedFile& file) const {
  const bool safetensors = options_.format == CheckoutFormat::kSafetensors;
  Metadata metadata;
  if (safetensors) {
    for (const std::uint32_t source : file.sources) {
      DLV_ASSIGN(const Metadata said, CommittedMetadata(source));
      for (const auto& [key, value] : said) {
        if (FindKey(metadata, key) == metadata.end()) metadata.emplace_back(key, value);
      }
    }
  }
  if (FindKey(metadata, "format") == metadata.end()) {
    metadata.insert(metadata.begin(), {"format", "pt"});
  }
  Metadata news = safetensors ? file.dropped : Metadata();
  if (options_.stamp) {
    const Metadata stamp = StampOf(request_.version);
    news.insert(news.end(), stamp.begin(), stamp.end());
  }
  for (auto& [key, value] : news) {
    const auto old = FindKey(metadata, key);
    if (old != metadata.end()) metadata.erase(old);
    metadata.emplace_back(std::move(key), std::move(value));
  }
  return metadata;
}

Result<interchange::ExportReport> TensorExporter::Encode(TensorSource& source,
                                                         const interchange::ExportOptions& options,
                                                         io::ByteSink& sink) const {
  switch (options_.format) {
    case CheckoutFormat::kNpz:
      return interchange::ExportNpz(source, options, sink);
    case CheckoutFormat::kPyTorch:
      return interchange::ExportPyTorch(source, options, sink);
    default:
      return interchange::ExportSafetensors(source, options, sink);
  }
}

/// What is read has the types that it was stored with, whatever is written.
void TensorExporter::SetStoredTypes(std::vector<TensorInfo>& tensors) const {
  if (!options_.dtype) return;
  std::map<TensorId, DType> types;
  for (const std::size_t place : request_.chosen) {
    types.emplace(request_.content.ids[place], request_.content.layout.tensors[place].dtype);
  }
  for (TensorInfo& info : tensors) info.dtype = types.at(info.id);
}

Status TensorExporter::Write(const io::OutputFolder& folder, PlannedFile file,
                             ProgressMeter& meter) {
  interchange::ExportOptions form;
  DLV_ASSIGN(form.metadata, MetadataOf(file));
  form.tied_to = std::move(file.tied_to);
  SetStoredTypes(file.tensors);
  DLV_ASSIGN(const auto source, StoredTensorSource::Open(request_.reader, std::move(file.tensors),
                                                         operation_.threads, options_.planes));
  std::optional<ConvertingSource> converting;
  if (options_.dtype) converting.emplace(*source, *options_.dtype);
  TensorSource& given = converting ? static_cast<TensorSource&>(*converting) : *source;
  DLV_ASSIGN(auto written, WriteOutput(
                               folder, file.name, 0644, nullptr, operation_.cancel,
                               [&](std::uint64_t bytes) { meter.Add(bytes); },
                               [&](io::ByteSink& sink) -> Status {
                                 DLV_ASSIGN(const auto report, Encode(given, form, sink));
                                 for (const std::string& warning : report.warnings) {
                                   result_.warnings.push_back(file.name + ": " + warning);
                                 }
                                 return Ok();
                               }));
  if (converting) Count(converting->report());
  const unsigned planes = source->planes_given();
  if (planes != 0 && (result_.planes == 0 || planes < result_.planes)) result_.planes = planes;
  written.path = options_.output / file.name;
  result_.files.push_back(std::move(written));
  return Ok();
}

Status TensorExporter::WriteText(const io::OutputFolder& folder, const std::string& name,
                                 const std::string& text) {
  DLV_ASSIGN(
      auto written,
      WriteOutput(folder, name, 0644, nullptr, operation_.cancel, {}, [&](io::ByteSink& sink) {
        return sink.Write(std::as_bytes(std::span(text.data(), text.size())));
      }));
  written.path = options_.output / name;
  result_.files.push_back(std::move(written));
  return Ok();
}

void TensorExporter::Count(const statistics::NarrowReport& report) {
  converted_.values += report.values;
  converted_.changed += report.changed;
  converted_.overflows += report.overflows;
  converted_.vanished += report.vanished;
}

void TensorExporter::WarnOfConversion() {
  if (converted_.changed == 0) return;
  const std::string name(NameOf(*options_.dtype));
  std::string text = "as " + name + ", " + std::to_string(converted_.changed) + " of " +
                     std::to_string(converted_.values) + " values are rounded";
  if (converted_.overflows != 0) {
    text += "; " + std::to_string(converted_.overflows) + " are too large and become " +
            (*options_.dtype == DType::kF8E4M3 ? "NaN" : "infinite");
  }
  if (converted_.vanished != 0) {
    text += "; " + std::to_string(converted_.vanished) + " are too small and become 0";
  }
  result_.warnings.push_back(text);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> StampOf(const VersionSummary& version) {
  Metadata stamp = {{"dlv.version", version.id.Hex()}, {"dlv.commit", version.reference()}};
  std::string parents;
  for (const ParentInfo& parent : version.parents) {
    parents += (parents.empty() ? "" : " ") + parent.id.Hex();
  }
  if (!parents.empty()) stamp.emplace_back("dlv.parent", parents);
  return stamp;
}

Status CheckExportOptions(const CheckoutOptions& options) {
  const auto refuse = [](const char* what, const char* hint) {
    return Error{ErrorCode::kInvalidArgument, what, hint};
  };
  if (options.shard_bytes != 0 && options.format != CheckoutFormat::kSafetensors) {
    return refuse("only safetensors are cut into shards", "use --format safetensors");
  }
  if (options.tied == TiedTensors::kKeep && options.format != CheckoutFormat::kPyTorch) {
    return refuse("this format cannot say that two tensors share their storage",
                  "write them twice (--tied duplicate) or once (--tied drop)");
  }
  if (options.stamp && options.format == CheckoutFormat::kNpz) {
    return refuse("npz has no place for a stamp", "use --format safetensors or pt");
  }
  if (options.dtype && !IsFloat(*options.dtype)) {
    return refuse("only floating-point types can be asked for",
                  "f64, f32, f16, bf16, f8_e4m3 or f8_e5m2");
  }
  if (options.format != CheckoutFormat::kOnnx) {
    if (options.graph.empty()) return Ok();
    return refuse("a graph goes with ONNX", "use --format onnx");
  }
  if (!options.tensor_glob.empty() || options.planes != 0 || options.dtype ||
      options.tied != TiedTensors::kDefault) {
    return refuse("an ONNX file has the tensors of its graph, in their types, exactly",
                  "choose tensors, planes or types with --format safetensors, pt or npz");
  }
  return Ok();
}

Status CheckPaths(const std::string& version, const std::vector<std::string>& paths) {
  Status status = CheckPathsTogether(paths);
  for (std::size_t i = 0; status.ok() && i < paths.size(); ++i) status = CheckFilePath(paths[i]);
  if (status.ok()) return Ok();
  return Error{ErrorCode::kUnsafe, version + ": " + status.error().message};
}

Status ExportTensors(const TensorExport& request, const CheckoutOptions& options,
                     const Operation& operation, CheckoutResult& result) {
  return TensorExporter(request, options, operation, result).Run();
}

}  // namespace dlv::store
