#include "storage/store/version_network.h"

#include <algorithm>

#include "storage/archive/tensor_hash.h"
#include "storage/interchange/file_format.h"
#include "storage/interchange/network_file.h"
#include "storage/store/file_skeleton.h"

namespace dlv::store {
namespace {

constexpr std::size_t kMaxWarningBytes = 1000;
constexpr std::size_t kBatch = 64;
constexpr std::uint64_t kMaxOwnBytes = 2u << 30;

constexpr std::string_view kTextSuffix = ".dlvnet";
constexpr std::uint64_t kMaxTextBytes = 256u << 20;

/// Returns where a file stands among those that may describe the network, the lowest first.
std::optional<int> RankOf(std::string_view path, std::string_view format) {
  const bool unknown = format.empty() || format == "blob";
  if (unknown && path.ends_with(kTextSuffix)) return 0;
  if (!interchange::MayHoldNetwork(path, format)) return std::nullopt;
  if (format == "onnx" || path.ends_with(".onnx")) return 1;
  if (format == "caffemodel" || path.ends_with(".caffemodel")) return 4;
  return path.find("deploy") != std::string_view::npos ? 2 : 3;
}

/// Places in Manifest::files of the files that may describe the network, the best first.
std::vector<std::uint32_t> Candidates(const archive::Manifest& manifest) {
  std::vector<std::pair<int, std::uint32_t>> ranked;
  for (std::uint32_t i = 0; i < manifest.files.size(); ++i) {
    const archive::ManifestFile& file = manifest.files[i];
    if (IsGraphNote(file.note)) {
      ranked.emplace_back(-1, i);
    } else if (const auto rank = RankOf(file.path, file.format)) {
      ranked.emplace_back(*rank, i);
    }
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::uint32_t> files;
  for (const auto& [rank, file] : ranked) files.push_back(file);
  return files;
}

Result<std::optional<ImportedNetwork>> ImportFile(Store& store, Readers readers,
                                                  const archive::Manifest& manifest,
                                                  std::uint32_t index) {
  const archive::ManifestFile& file = manifest.files[index];
  std::vector<TensorId> tensors;
  if (file.snapshot && file.form == archive::FileForm::kRecipe) {
    DLV_ASSIGN(const SnapshotContent content,
               ReadSnapshotWith(store, readers.tensors, readers.blobs, manifest, *file.snapshot));
    tensors = TensorsOfFile(content, index);
  }
  DLV_ASSIGN(const auto source,
             OpenSkeleton(readers, file, std::move(tensors), interchange::kMinUnreadBytes));
  // The graph of a version is what its name and content say, whatever tensors it brought.
  return ImportNetwork(*store.options().networks, *source, file.path,
                       file.form == archive::FileForm::kBlob ? "" : file.format);
}

catalog::VersionGraph RowOf(catalog::Row version, const FoundNetwork& found) {
  return {version, 0, found.file, found.warning};
}

}  // namespace

Result<std::optional<ImportedNetwork>> ImportNetwork(const NetworkImporter& importer,
                                                     const io::ByteSource& file,
                                                     std::string_view path,
                                                     std::string_view format) {
  std::optional<Network> raw;
  if (path.ends_with(kTextSuffix)) {
    if (file.size() > kMaxTextBytes) {
      return Error{ErrorCode::kUnsafe, "a network of " + std::to_string(file.size()) +
                                           " bytes of text, want at most " +
                                           std::to_string(kMaxTextBytes)};
    }
    std::string text(static_cast<std::size_t>(file.size()), '\0');
    DLV_TRY(file.ReadAt(0, std::as_writable_bytes(std::span(text))));
    DLV_ASSIGN(raw, importer.ReadText(text));
  } else {
    DLV_ASSIGN(raw, interchange::ReadNetworkFile(file, path, format));
  }
  if (!raw) return std::optional<ImportedNetwork>();
  DLV_ASSIGN(ImportedNetwork imported, importer.Encode(std::move(*raw)));
  return std::optional(std::move(imported));
}

Result<FoundNetwork> FindNetwork(Store& store, Readers readers, const archive::Manifest& manifest) {
  FoundNetwork found;
  for (const std::uint32_t index : Candidates(manifest)) {
    const archive::ManifestFile& file = manifest.files[index];
    auto imported = ImportFile(store, readers, manifest, index);
    if (!imported.ok()) {
      if (imported.error().code == ErrorCode::kIo) return std::move(imported).error();
      if (found.warning.empty()) {
        found.file = file.path;
        found.warning = imported.error().message.substr(0, kMaxWarningBytes);
      }
      continue;
    }
    if (!imported->has_value()) continue;
    found.file = file.path;
    found.warning.clear();
    found.network = std::move(**imported);
    return found;
  }
  return found;
}

Status InsertNetwork(catalog::Transaction& transaction, catalog::Row version,
                     const FoundNetwork& found) {
  catalog::VersionGraph row = RowOf(version, found);
  if (found.network) {
    DLV_ASSIGN(row.graph, transaction.InsertGraph(found.network->id, found.network->form));
  }
  return transaction.SetGraph(row);
}

Result<std::vector<std::pair<catalog::Row, FoundNetwork>>> ReadMissingNetworks(Store& store,
                                                                               std::size_t limit) {
  std::vector<std::pair<catalog::Row, FoundNetwork>> networks;
  if (store.options().networks == nullptr) return networks;
  DLV_ASSIGN(const auto rows, store.Read([](const catalog::Catalog& catalog) {
    return catalog.VersionsWithoutGraphRow();
  }));
  for (const catalog::Row row : rows) {
    if (limit != 0 && networks.size() == limit) break;
    DLV_ASSIGN(const auto version, store.Read([&](const catalog::Catalog& catalog) {
      return catalog.GetVersion(row);
    }));
    if (!version) continue;  // removed meanwhile
    const auto manifest = ReadVersionManifest(store, *version);
    FoundNetwork found;
    if (manifest.ok()) {
      DLV_ASSIGN(found, FindNetwork(store, {store.tensors(), store.blobs()}, *manifest));
    } else if (manifest.error().code == ErrorCode::kIo) {
      return manifest.error();
    } else {
      found.warning = manifest.error().message.substr(0, kMaxWarningBytes);
    }
    networks.emplace_back(row, std::move(found));
  }
  return networks;
}

Status FillNetworks(Store& store, std::size_t limit) {
  DLV_ASSIGN(const auto networks, ReadMissingNetworks(store, limit));
  for (std::size_t first = 0; first < networks.size(); first += kBatch) {
    const std::size_t end = std::min(networks.size(), first + kBatch);
    const Status written = store.Write("dlv", [&](Change& change) -> Status {
      for (std::size_t i = first; i < end; ++i) {
        const Status inserted =
            InsertNetwork(change.transaction, networks[i].first, networks[i].second);
        if (!inserted.ok() && inserted.error().code != ErrorCode::kNotFound) return inserted;
      }
      return Ok();
    });
    DLV_TRY(written);
  }
  return Ok();
}

Result<StoredNetwork> ReadStoredNetwork(Store& store, const catalog::VersionRow& version,
                                        const archive::Manifest& manifest) {
  StoredNetwork stored;
  bool looked = false;
  FoundNetwork found;
  const Status read = store.Read([&](const catalog::Catalog& catalog) -> Status {
    DLV_ASSIGN(const auto row, catalog.GraphOfVersion(version.row));
    if (!row) return Ok();
    looked = true;
    found.file = row->file;
    found.warning = row->warning;
    if (row->graph == 0) return Ok();
    return catalog.GraphForms(
        {&row->graph, 1}, [&](catalog::Row, const NetworkId& id, std::span<const std::byte> form) {
          found.network = ImportedNetwork{id, {form.begin(), form.end()}, {}};
          return Ok();
        });
  });
  DLV_TRY(read);
  if (!looked && store.options().networks != nullptr) {
    DLV_ASSIGN(found, FindNetwork(store, {store.tensors(), store.blobs()}, manifest));
  }
  const std::string reference = version.summary.reference();
  if (!found.network && !found.warning.empty()) {
    return Error{ErrorCode::kNotFound, reference + " has no network that can be read: " +
                                           found.file + ": " + found.warning};
  }
  if (!found.network) {
    return Error{ErrorCode::kNotFound, reference + " has no file that describes its network",
                 "give one at a commit: dlv commit --graph net.onnx FILES"};
  }
  return StoredNetwork{found.file, found.network->id, std::move(found.network->form)};
}

Result<std::vector<OwnTensor>> ReadOwnTensors(Store& store, const archive::Manifest& manifest,
                                              std::string_view path, const WantsTensor& wanted) {
  const auto file = std::find_if(manifest.files.begin(), manifest.files.end(),
                                 [&](const auto& entry) { return entry.path == path; });
  if (file == manifest.files.end() || file->form != archive::FileForm::kBlob ||
      !interchange::MayHoldNetwork(file->path, "")) {
    return Error{ErrorCode::kNotFound, std::string(path) + ": brings no tensors of its own"};
  }
  DLV_ASSIGN(auto bytes, store.blobs().ReadAll(file->content, kMaxOwnBytes));
  const auto source = io::MakeBufferSource(std::move(bytes));
  DLV_ASSIGN(const auto description, interchange::DescribeFile(*source, file->path));
  std::vector<OwnTensor> tensors;
  for (const interchange::DescribedTensor& tensor : description.tensors) {
    DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensor.shape));
    if (!wanted(tensor.name, count)) continue;
    DLV_ASSIGN(const auto hash, archive::HashTensorSource(*tensor.source, tensor.dtype, count, 1));
    OwnTensor own{tensor.name, tensor.dtype, tensor.shape, hash.id, {}};
    if (own.shape.size() == 1 && tensor.source->size() <= kMaxOwnVectorBytes) {
      own.vector.resize(static_cast<std::size_t>(tensor.source->size()));
      DLV_TRY(tensor.source->ReadAt(0, own.vector));
    }
    tensors.push_back(std::move(own));
  }
  return tensors;
}

}  // namespace dlv::store
