#include "storage/store/pack_check.h"

#include "storage/archive/pack_reader.h"

namespace dlv::store {
namespace {

Status CheckRecords(const archive::DirectoryReader& directory) {
  for (std::uint32_t entry = 0; entry < directory.entry_count(); ++entry) {
    DLV_ASSIGN(const archive::EntryKind kind, directory.Kind(entry));
    if (kind == archive::EntryKind::kBlob) {
      DLV_TRY(directory.Blob(entry));
    } else {
      DLV_TRY(directory.Tensor(entry));
    }
  }
  for (std::uint32_t cluster = 0; cluster < directory.cluster_count(); ++cluster) {
    DLV_TRY(directory.Members(cluster));
  }
  return Ok();
}

Status CheckPack(Store& store, const std::string& name) {
  DLV_ASSIGN(auto file, store.file_system().OpenForReading(store.paths().Pack(name)));
  DLV_ASSIGN(const auto pack, archive::PackReader::Open(std::move(file)));
  for (std::size_t i = 0; i < pack.sections().size(); ++i) {
    DLV_ASSIGN(const auto section, pack.OpenSection(i));
    DLV_TRY(CheckRecords(section->directory()));
    if (!section->has_manifest()) continue;
    DLV_TRY(section->ReadManifest());
    DLV_TRY(section->ReadEnvelope());
  }
  return Ok();
}

}  // namespace

std::string WhyNotUnderstood(Store& store, const std::string& name) {
  const Status checked = CheckPack(store, name);
  if (checked.ok() || checked.error().code == ErrorCode::kNotFound) return {};
  return checked.error().message;
}

}  // namespace dlv::store
