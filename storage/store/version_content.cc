#include "storage/store/version_content.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "storage/archive/strips.h"
#include "storage/interchange/block_types.h"
#include "storage/io/hash.h"
#include "storage/store/reference.h"

namespace dlv::store {
namespace {

/// An id that no tensor has: tensors' ids are of messages that begin otherwise.
TensorId StandIn(const TensorId& strip, std::uint64_t first, std::uint64_t count) {
  io::Sha256 hash;
  constexpr std::string_view kDomain = "dlv-strip-member";
  hash.Update(std::as_bytes(std::span(kDomain)));
  hash.Update(std::as_bytes(std::span(strip.bytes)));
  const std::array<std::uint64_t, 2> place = {first, count};
  hash.Update(std::as_bytes(std::span(place)));
  return hash.Finish<TensorId>();
}

/// Fills in the ids of a strip's members, and tells the store where they are.
Status AddStrip(Store& store, archive::TensorReader& tensors, const archive::Strip& strip,
                const TensorId& id, const archive::StripMap& map, MemberIds members,
                SnapshotContent& content) {
  DLV_ASSIGN(const auto handle, tensors.Open(id));
  if (handle->dtype() != strip.dtype || handle->element_count() != strip.element_count) {
    return Error{ErrorCode::kCorruption,
                 "strip " + id.Hex(16) + ": has " + std::to_string(handle->element_count()) +
                     " elements, want " + std::to_string(strip.element_count)};
  }
  std::vector<std::byte> bytes;
  if (members == MemberIds::kTrue) {
    bytes.resize(static_cast<std::size_t>(handle->size_bytes()));
    DLV_TRY(tensors.Read(*handle, 0, bytes));
  }
  const std::size_t width = SizeOf(strip.dtype);
  for (std::size_t k = 0; k < strip.members.size(); ++k) {
    const std::uint64_t first = map.place(strip.members[k]).first_element;
    const std::uint64_t end = k + 1 < strip.members.size()
                                  ? map.place(strip.members[k + 1]).first_element
                                  : strip.element_count;
    TensorId member;
    if (members == MemberIds::kTrue) {
      const ChunkId chunk = io::HashChunk(
          strip.dtype, std::span(bytes).subspan(static_cast<std::size_t>(first) * width,
                                                static_cast<std::size_t>(end - first) * width));
      member = io::HashTensor(strip.dtype, end - first, {&chunk, 1});
    } else {
      member = StandIn(id, first, end - first);
    }
    content.ids[strip.members[k]] = member;
    store.small_tensors().Add(member, {id, first, end - first});
  }
  return Ok();
}

Status FillIds(Store& store, archive::TensorReader& tensors, std::uint32_t ordinal,
               MemberIds members, SnapshotContent& content) {
  const archive::StripMap map(content.layout.tensors);
  if (map.stored_count() != content.stored.size()) {
    return Error{ErrorCode::kCorruption,
                 "snapshot " + std::to_string(ordinal) + ": the manifest has " +
                     std::to_string(content.stored.size()) + " tensors, its layout " +
                     std::to_string(map.stored_count())};
  }
  content.ids.resize(content.layout.tensors.size());
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    if (!content.layout.tensors[i].in_strip) content.ids[i] = content.stored[map.place(i).stored];
  }
  for (std::size_t k = 0; k < map.strips().size(); ++k) {
    DLV_TRY(AddStrip(store, tensors, map.strips()[k], content.stored[map.first_strip() + k], map,
                     members, content));
  }
  return Ok();
}

}  // namespace

Result<archive::Manifest> ReadVersionManifest(Store& store, const catalog::VersionRow& version) {
  const std::string name = version.summary.reference();
  auto section = store.OpenSection(version.manifest_section);
  if (!section.ok()) {
    Error error = std::move(section).error();
    error.message = name + ": " + error.message;
    if (error.code == ErrorCode::kNotFound) error.code = ErrorCode::kCorruption;
    return error;
  }
  DLV_ASSIGN(const auto bytes, (*section)->ReadManifestBytes());
  if (archive::HashManifest(bytes) != version.summary.id) {
    return Error{ErrorCode::kCorruption, name + ": the manifest in " + (*section)->Name() +
                                             " has another id than the catalog says"};
  }
  return archive::DecodeManifest(bytes);
}

Result<archive::Layout> ReadLayout(Store& store, const BlobId& id) {
  DLV_ASSIGN(const auto bytes, store.blobs().ReadAll(id, kMaxLayoutBytes));
  return archive::DecodeLayout(bytes);
}

std::vector<std::uint32_t> FilesOfSnapshot(const archive::Manifest& manifest,
                                           std::uint32_t ordinal) {
  std::vector<std::uint32_t> files;
  for (std::uint32_t i = 0; i < manifest.files.size(); ++i) {
    if (manifest.files[i].snapshot == ordinal) files.push_back(i);
  }
  return files;
}

TensorInfo SnapshotContent::Info(std::size_t index, std::uint32_t file_count) const {
  const archive::LayoutTensor& tensor = layout.tensors[index];
  TensorInfo info;
  info.name = tensor.name;
  info.role = tensor.role;
  info.file = tensor.file < files.size() ? files[tensor.file] : file_count;
  info.dtype = tensor.dtype;
  info.shape = tensor.shape;
  info.id = ids[index];
  info.foreign_dtype = tensor.foreign_dtype;
  if (info.dtype == DType::kOpaque)
    info.logical_shape = interchange::ShapeOfElements(info.foreign_dtype, info.shape);
  return info;
}

Result<SnapshotContent> ReadSnapshot(Store& store, const archive::Manifest& manifest,
                                     std::uint32_t ordinal) {
  return ReadSnapshotWith(store, store.tensors(), store.blobs(), manifest, ordinal);
}

Result<SnapshotContent> ReadSnapshotWith(Store& store, archive::TensorReader& tensors,
                                         archive::BlobReader& blobs,
                                         const archive::Manifest& manifest, std::uint32_t ordinal,
                                         MemberIds members) {
  const archive::ManifestSnapshot& snapshot = manifest.snapshots[ordinal];
  SnapshotContent content;
  content.ordinal = ordinal;
  content.step = snapshot.step;
  DLV_ASSIGN(const auto bytes, blobs.ReadAll(snapshot.layout, kMaxLayoutBytes));
  DLV_ASSIGN(content.layout, archive::DecodeLayout(bytes));
  content.stored = snapshot.tensors;
  content.files = FilesOfSnapshot(manifest, ordinal);
  DLV_TRY(FillIds(store, tensors, ordinal, members, content));
  for (const archive::LayoutTensor& tensor : content.layout.tensors) {
    if (tensor.file > content.files.size()) {
      return Error{ErrorCode::kCorruption, "layout: tensor " + tensor.name + " is of file " +
                                               std::to_string(tensor.file) + " of " +
                                               std::to_string(content.files.size())};
    }
  }
  return content;
}

Result<std::uint32_t> FindSnapshot(const archive::Manifest& manifest,
                                   const std::optional<std::int64_t>& step,
                                   const std::string& reference) {
  if (manifest.snapshots.empty()) {
    return Error{ErrorCode::kNotFound, reference + " has no tensors"};
  }
  if (!step) return static_cast<std::uint32_t>(manifest.snapshots.size() - 1);
  std::vector<std::pair<std::uint64_t, std::int64_t>> near;
  for (std::uint32_t i = 0; i < manifest.snapshots.size(); ++i) {
    const auto& other = manifest.snapshots[i].step;
    if (other == step) return i;
    if (other) {
      const auto low = static_cast<std::uint64_t>(std::min(*other, *step));
      near.emplace_back(static_cast<std::uint64_t>(std::max(*other, *step)) - low, *other);
    }
  }
  std::sort(near.begin(), near.end());
  std::string hint;
  for (std::size_t i = 0; i < near.size() && i < 3; ++i) {
    hint += (i == 0 ? "nearest steps: " : ", ") + std::to_string(near[i].second);
  }
  return Error{ErrorCode::kNotFound,
               reference + " has no snapshot of step " + std::to_string(*step),
               hint.empty() ? "its snapshot has no step" : hint};
}

std::string FilePathOf(const archive::Manifest& manifest, const TensorInfo& info) {
  return info.file < manifest.files.size() ? manifest.files[info.file].path : std::string();
}

Result<std::vector<TensorInfo>> ListTensors(const archive::Manifest& manifest,
                                            const SnapshotContent& content,
                                            std::string_view pattern) {
  std::optional<TensorPattern> wanted;
  if (!pattern.empty()) {
    DLV_ASSIGN(wanted, TensorPattern::Parse(pattern));
  }
  std::vector<TensorInfo> tensors;
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    TensorInfo info = content.Info(i, static_cast<std::uint32_t>(manifest.files.size()));
    if (wanted && !wanted->Matches(info.role, FilePathOf(manifest, info), info.name)) continue;
    tensors.push_back(std::move(info));
  }
  return tensors;
}

std::vector<TensorId> TensorsOfFile(const SnapshotContent& content, std::uint32_t file) {
  std::vector<TensorId> ids;
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    const std::uint32_t ordinal = content.layout.tensors[i].file;
    if (ordinal < content.files.size() && content.files[ordinal] == file) {
      ids.push_back(content.ids[i]);
    }
  }
  return ids;
}

std::vector<plan::TensorKey> KeysOf(const archive::Layout& layout) {
  std::vector<plan::TensorKey> keys;
  keys.reserve(layout.tensors.size());
  for (const archive::LayoutTensor& tensor : layout.tensors) {
    std::uint64_t count = 1;  // checked against overflow when the layout was decoded
    for (const std::int64_t extent : tensor.shape) count *= static_cast<std::uint64_t>(extent);
    keys.push_back({tensor.role, tensor.name, tensor.dtype, count});
  }
  return keys;
}

}  // namespace dlv::store
