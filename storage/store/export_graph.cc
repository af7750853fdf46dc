#include "storage/store/export_graph.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "storage/io/byte_io.h"
#include "storage/store/export_tensors.h"
#include "storage/store/file_output.h"
#include "storage/store/names.h"
#include "storage/store/progress_meter.h"
#include "storage/store/resolve.h"
#include "storage/store/tied_tensors.h"

namespace dlv::store {
namespace {

constexpr std::size_t kMismatchesShown = 8;
constexpr std::uint32_t kMetadataProps = 14;  // of onnx.ModelProto

/// The version whose files are taken.
struct Graph {
  std::string reference;
  archive::Manifest manifest;
  SnapshotContent content;
};

bool IsGraphFile(const archive::ManifestFile& file) { return file.format.rfind("onnx", 0) == 0; }

std::string Described(const archive::LayoutTensor& tensor) {
  std::string text(NameOf(tensor.dtype));
  for (std::size_t k = 0; k < tensor.shape.size(); ++k) {
    text += (k == 0 ? " " : "x") + std::to_string(tensor.shape[k]);
  }
  return text;
}

/// onnx.ModelProto with entries of metadata_props more: fields at the end are read as if they had
/// stood among the others.
std::vector<std::byte> MetadataFields(
    const std::vector<std::pair<std::string, std::string>>& entries) {
  io::ByteWriter out;
  const auto put_text = [](io::ByteWriter& to, std::uint32_t field, std::string_view text) {
    to.PutVarint(field << 3 | 2);
    to.PutString(text);
  };
  for (const auto& [key, value] : entries) {
    io::ByteWriter entry;
    put_text(entry, 1, key);
    put_text(entry, 2, value);
    const auto bytes = entry.bytes();
    put_text(out, kMetadataProps, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  return out.Take();
}

class GraphExporter {
 public:
  GraphExporter(const GraphExport& request, const CheckoutOptions& options,
                const Operation& operation, CheckoutResult& result)
      : request_(request), options_(options), operation_(operation), result_(result) {}

  Status Run() {
    DLV_TRY(FindGraph());
    DLV_ASSIGN(const auto files, GraphFiles());
    DLV_TRY(MatchTensors(files));
    for (std::uint32_t k = 0; k < graph_->content.files.size(); ++k) {
      if (ids_.contains(graph_->content.files[k])) DLV_TRY(CheckReplaceable(k));
    }
    std::vector<std::string> names;
    std::uint64_t total = 0;
    for (const std::uint32_t file : files) {
      names.push_back(graph_->manifest.files[file].path);
      total += graph_->manifest.files[file].size_bytes;
    }
    DLV_TRY(CheckPaths(graph_->reference, names));
    DLV_ASSIGN(const auto folder, io::OutputFolder::Open(options_.output.string()));
    for (const std::string& name : names) {
      DLV_TRY(CheckFree(folder, (options_.output / name).string(), name, options_.overwrite));
    }
    ProgressMeter meter(operation_, "writing", total);
    for (const std::uint32_t file : files) DLV_TRY(Write(folder, file, meter));
    return Ok();
  }

 private:
  Status FindGraph();
  Result<std::vector<std::uint32_t>> GraphFiles() const;
  Status MatchTensors(const std::vector<std::uint32_t>& files);
  Status CheckReplaceable(std::uint32_t ordinal);
  Status Write(const io::OutputFolder& folder, std::uint32_t file, ProgressMeter& meter);
  std::vector<std::byte> Stamp() const;

  const GraphExport& request_;
  const CheckoutOptions& options_;
  const Operation& operation_;
  CheckoutResult& result_;
  std::optional<Graph> graph_;
  std::map<std::uint32_t, std::vector<TensorId>> ids_;  ///< by place in Manifest::files
};

Status GraphExporter::FindGraph() {
  if (options_.graph.empty()) {
    graph_ = Graph{request_.version.reference(), request_.manifest, request_.content};
    return Ok();
  }
  DLV_ASSIGN(const Target target, ResolveTarget(request_.store, options_.graph));
  Graph graph;
  graph.reference = target.version.summary.reference();
  DLV_ASSIGN(graph.manifest, ReadVersionManifest(request_.store, target.version));
  DLV_ASSIGN(const std::uint32_t ordinal,
             FindSnapshot(graph.manifest, target.step, graph.reference));
  DLV_ASSIGN(graph.content, ReadSnapshot(request_.store, graph.manifest, ordinal));
  graph_ = std::move(graph);
  return Ok();
}

Result<std::vector<std::uint32_t>> GraphExporter::GraphFiles() const {
  std::vector<std::uint32_t> files;
  bool any = false;
  for (const std::uint32_t file : graph_->content.files) {
    const archive::ManifestFile& entry = graph_->manifest.files[file];
    if (!IsGraphFile(entry) || entry.form == archive::FileForm::kNone) continue;
    files.push_back(file);
    any |= entry.format == "onnx";
  }
  // A graph whose tensors are all in its data files has none of its own, and is in no snapshot.
  for (std::uint32_t file = 0; file < graph_->manifest.files.size() && !files.empty(); ++file) {
    const archive::ManifestFile& entry = graph_->manifest.files[file];
    if (entry.snapshot || entry.format != "onnx") continue;
    files.push_back(file);
    any = true;
  }
  if (any) return files;
  return Error{ErrorCode::kNotFound, graph_->reference + " has no ONNX file",
               "name a version that came with one, as in --graph lenet:v1"};
}

Status GraphExporter::MatchTensors(const std::vector<std::uint32_t>& files) {
  std::map<std::string_view, std::size_t> mine;
  const auto& tensors = request_.content.layout.tensors;
  for (std::size_t i = 0; i < tensors.size(); ++i) mine.emplace(tensors[i].name, i);
  const std::set<std::uint32_t> wanted(files.begin(), files.end());
  std::set<std::string_view> used;
  std::vector<std::string> wrong;
  for (std::size_t i = 0; i < graph_->content.ids.size(); ++i) {
    const archive::LayoutTensor& tensor = graph_->content.layout.tensors[i];
    if (tensor.file >= graph_->content.files.size()) continue;  // from memory
    const std::uint32_t file = graph_->content.files[tensor.file];
    if (!wanted.contains(file)) continue;
    ids_[file].push_back(graph_->content.ids[i]);
    const auto found = mine.find(tensor.name);
    if (found == mine.end()) {
      if (IsFloat(tensor.dtype)) wrong.push_back(tensor.name + " (missing)");
      continue;  // constants of the graph
    }
    const archive::LayoutTensor& given = tensors[found->second];
    used.insert(found->first);
    if (given.dtype != tensor.dtype || given.shape != tensor.shape) {
      wrong.push_back(tensor.name + " (" + Described(given) + ", the graph has " +
                      Described(tensor) + ")");
    }
    ids_[file].back() = request_.content.ids[found->second];
  }
  if (!wrong.empty()) {
    std::string list;
    for (std::size_t i = 0; i < wrong.size() && i < kMismatchesShown; ++i) {
      list += (i == 0 ? "" : ", ") + wrong[i];
    }
    return Error{ErrorCode::kInvalidArgument,
                 request_.version.reference() + " does not fit the graph of " + graph_->reference +
                     " in " + std::to_string(wrong.size()) + " tensors: " + list +
                     (wrong.size() > kMismatchesShown ? ", ..." : "")};
  }
  if (used.size() < mine.size()) {
    result_.warnings.push_back(std::to_string(mine.size() - used.size()) + " tensors of " +
                               request_.version.reference() + " are not in the graph");
  }
  return Ok();
}

/// Values that the file has in a form of its own (numbers of varying length) are no part of its
/// recipe: other ones cannot be put in their place.
Status GraphExporter::CheckReplaceable(std::uint32_t ordinal) {
  const std::uint32_t file = graph_->content.files[ordinal];
  const archive::ManifestFile& entry = graph_->manifest.files[file];
  std::set<std::size_t> written;  // none where the file is kept whole
  if (entry.form == archive::FileForm::kRecipe) {
    DLV_ASSIGN(written, WrittenTensors(request_.store, entry, graph_->content, ordinal));
  }
  std::set<std::pair<TensorId, TensorId>> made;  // bytes before and after
  std::vector<std::pair<std::size_t, TensorId>> open;
  std::size_t place = 0;
  for (std::size_t i = 0; i < graph_->content.ids.size(); ++i) {
    if (graph_->content.layout.tensors[i].file != ordinal) continue;
    const TensorId& after = ids_[file][place++];
    if (written.contains(i)) {
      made.insert({graph_->content.ids[i], after});
    } else if (after != graph_->content.ids[i]) {
      open.emplace_back(i, after);
    }
  }
  for (const auto& [i, after] : open) {
    if (made.contains({graph_->content.ids[i], after})) continue;  // tied to one that is written
    return Error{ErrorCode::kUnsupported,
                 graph_->reference + ": the file keeps " + graph_->content.layout.tensors[i].name +
                     " in a form in which other values cannot take its place"};
  }
  return Ok();
}

std::vector<std::byte> GraphExporter::Stamp() const {
  if (!options_.stamp) return {};
  return MetadataFields(StampOf(request_.version));
}

Status GraphExporter::Write(const io::OutputFolder& folder, std::uint32_t file,
                            ProgressMeter& meter) {
  const archive::ManifestFile& entry = graph_->manifest.files[file];
  DLV_ASSIGN(auto written, WriteOutput(
                               folder, entry.path, entry.mode, nullptr, operation_.cancel,
                               [&](std::uint64_t bytes) { meter.Add(bytes); },
                               [&](io::ByteSink& sink) -> Status {
                                 DLV_TRY(WriteStoredFile(request_.readers, entry, ids_[file],
                                                         operation_.threads, sink));
                                 return entry.format == "onnx" ? sink.Write(Stamp()) : Ok();
                               }));
  written.identical = written.sha256 == entry.sha256;
  written.path = options_.output / entry.path;
  result_.files.push_back(std::move(written));
  return Ok();
}

}  // namespace

Status ExportIntoGraph(const GraphExport& request, const CheckoutOptions& options,
                       const Operation& operation, CheckoutResult& result) {
  return GraphExporter(request, options, operation, result).Run();
}

}  // namespace dlv::store
