#include "storage/store/version_rows.h"

#include "storage/archive/strips.h"
#include "storage/interchange/block_types.h"
#include "storage/store/version_content.h"
#include "storage/store/version_network.h"

namespace dlv::store {
namespace {

template <class Map, class Id>
Result<catalog::ObjectNumber> NumberOf(const Map& numbers, const Id& id, const char* what) {
  const auto found = numbers.find(id);
  if (found != numbers.end()) return found->second;
  return Error{ErrorCode::kCorruption, std::string(what) + " " + id.Hex(16) + " is missing"};
}

/// What a manifest and its layouts add up to.
struct Totals {
  std::vector<SnapshotInfo> snapshots;
  std::vector<std::uint32_t> tensors_of_file;
};

// Of quantised blocks what the network sees, not the bytes.
Result<std::uint64_t> ParameterCount(const archive::LayoutTensor& tensor, std::uint64_t elements) {
  if (tensor.dtype != DType::kOpaque) return elements;
  const Shape shape = interchange::ShapeOfElements(tensor.foreign_dtype, tensor.shape);
  return shape.empty() ? elements : archive::ElementCount(shape);
}

Result<Totals> CountTensors(const VersionRowsInput& input) {
  const archive::Manifest& manifest = *input.manifest;
  Totals totals;
  totals.tensors_of_file.resize(manifest.files.size());
  for (std::uint32_t ordinal = 0; ordinal < manifest.snapshots.size(); ++ordinal) {
    const archive::ManifestSnapshot& snapshot = manifest.snapshots[ordinal];
    DLV_ASSIGN(const archive::Layout layout, input.read_layout(snapshot.layout));
    if (archive::StripMap(layout.tensors).stored_count() != snapshot.tensors.size()) {
      return Error{ErrorCode::kCorruption, "a layout does not fit its snapshot"};
    }
    const std::vector<std::uint32_t> files = FilesOfSnapshot(manifest, ordinal);
    SnapshotInfo info;
    info.step = snapshot.step;
    info.tensor_count = static_cast<std::uint32_t>(layout.tensors.size());
    for (const archive::LayoutTensor& tensor : layout.tensors) {
      DLV_ASSIGN(const std::uint64_t count, archive::ElementCount(tensor.shape));
      if (tensor.role == TensorRole::kParameter) {
        DLV_ASSIGN(const std::uint64_t parameters, ParameterCount(tensor, count));
        info.parameter_count += parameters;
      }
      info.tensor_bytes += count * SizeOf(tensor.dtype);
      if (tensor.file < files.size()) ++totals.tensors_of_file[files[tensor.file]];
    }
    totals.snapshots.push_back(info);
  }
  return totals;
}

Status InsertSnapshots(catalog::Transaction& transaction, const VersionRowsInput& input,
                       const Totals& totals, catalog::Row version) {
  for (std::uint32_t ordinal = 0; ordinal < totals.snapshots.size(); ++ordinal) {
    const archive::ManifestSnapshot& snapshot = input.manifest->snapshots[ordinal];
    DLV_ASSIGN(const auto layout_object, NumberOf(input.numbers->blobs, snapshot.layout, "layout"));
    catalog::SnapshotRow row;
    row.version = version;
    row.ordinal = ordinal;
    row.info = totals.snapshots[ordinal];
    DLV_ASSIGN(row.layout,
               transaction.InsertLayout(snapshot.layout, layout_object, row.info.tensor_count));
    for (const TensorId& id : snapshot.tensors) {
      DLV_ASSIGN(const auto number, NumberOf(input.numbers->tensors, id, "tensor"));
      row.objects.push_back(number);
    }
    DLV_TRY(transaction.InsertSnapshot(row));
  }
  return Ok();
}

Status InsertFiles(catalog::Transaction& transaction, const VersionRowsInput& input,
                   const Totals& totals, catalog::Row version) {
  const archive::Manifest& manifest = *input.manifest;
  for (std::size_t i = 0; i < manifest.files.size(); ++i) {
    const archive::ManifestFile& file = manifest.files[i];
    catalog::FileRow row;
    row.version = version;
    row.ordinal = static_cast<std::uint32_t>(i);
    row.info = InfoOf(manifest, i, totals.tensors_of_file[i]);
    if (file.form != archive::FileForm::kNone) {
      DLV_ASSIGN(row.recipe, NumberOf(input.numbers->blobs, file.content, "content"));
    }
    if (file.form == archive::FileForm::kRecipe) {
      DLV_ASSIGN(const Assembly assembly, input.read_assembly(file.content));
      DLV_ASSIGN(const auto recipe, NumberOf(input.numbers->blobs, assembly.recipe, "recipe"));
      row.objects.push_back(recipe);
      for (const BlobId& literal : assembly.literals) {
        DLV_ASSIGN(const auto number, NumberOf(input.numbers->blobs, literal, "literal"));
        row.objects.push_back(number);
      }
    }
    DLV_TRY(transaction.InsertFile(row));
  }
  return Ok();
}

}  // namespace

FileInfo InfoOf(const archive::Manifest& manifest, std::size_t file, std::uint32_t tensor_count) {
  const archive::ManifestFile& entry = manifest.files[file];
  FileInfo info;
  info.path = entry.path;
  info.size_bytes = entry.size_bytes;
  info.sha256 = entry.sha256;
  info.format = entry.format;
  if (entry.snapshot) info.step = manifest.snapshots[*entry.snapshot].step;
  info.tensor_count = tensor_count;
  info.note = entry.note;
  return info;
}

Result<catalog::Transaction::Inserted> InsertVersionRows(catalog::Transaction& transaction,
                                                         const VersionRowsInput& input) {
  const archive::Manifest& manifest = *input.manifest;
  DLV_ASSIGN(const Totals totals, CountTensors(input));
  catalog::NewVersion version;
  version.id = input.id;
  version.model = input.model.empty() ? manifest.model : input.model;
  version.number = input.number;
  version.row = input.row;
  version.created = input.created;
  version.author = input.author;
  version.message = manifest.message;
  version.snapshot_count = static_cast<std::uint32_t>(manifest.snapshots.size());
  version.file_count = static_cast<std::uint32_t>(manifest.files.size());
  if (!totals.snapshots.empty()) {
    version.parameter_count = totals.snapshots.back().parameter_count;
  }
  version.raw_bytes = input.raw_bytes;
  version.stored_bytes = input.stored_bytes;
  version.manifest_section = input.manifest_section;
  for (std::size_t i = 0; i < manifest.parents.size(); ++i) {
    const archive::ManifestParent& parent = manifest.parents[i];
    version.parents.push_back(
        {parent.id, input.parent_models[i], parent.relation, parent.attributes, parent.inferred});
  }
  version.hparams = manifest.hparams;
  version.metrics = manifest.metrics;
  version.tags = input.tags;
  DLV_ASSIGN(const auto inserted, transaction.InsertVersion(version));
  DLV_TRY(InsertSnapshots(transaction, input, totals, inserted.version));
  DLV_TRY(InsertFiles(transaction, input, totals, inserted.version));
  if (input.network != nullptr)
    DLV_TRY(InsertNetwork(transaction, inserted.version, *input.network));
  return inserted;
}

Result<catalog::SectionRow> DescribeSection(const archive::SectionReader& section) {
  catalog::SectionRow row;
  row.offset = section.place().offset;
  row.length = section.place().length;
  // Units come first; what describes them follows, the manifest before the directory.
  row.manifest_offset = section.units_end();
  if (section.has_manifest()) {
    DLV_ASSIGN(const auto manifest, section.ReadArea(archive::Area::kManifest));
    row.manifest_length = manifest.size();
  }
  row.directory_offset = section.units_end();
  row.directory_length = row.length - section.units_end();
  row.object_count = section.directory().entry_count();
  row.live_bytes = row.length;
  return row;
}

Result<std::vector<catalog::Row>> InsertPackRows(catalog::Transaction& transaction,
                                                 const std::string& name, std::uint64_t size_bytes,
                                                 std::int64_t created,
                                                 const std::vector<catalog::SectionRow>& sections) {
  catalog::PackRow pack;
  pack.name = name;
  pack.size_bytes = size_bytes;
  pack.created = created;
  DLV_ASSIGN(const catalog::Row pack_row, transaction.InsertPack(pack));
  std::vector<catalog::Row> rows;
  for (catalog::SectionRow section : sections) {
    section.pack = pack_row;
    DLV_ASSIGN(const catalog::Row row, transaction.InsertSection(section));
    rows.push_back(row);
  }
  return rows;
}

}  // namespace dlv::store
