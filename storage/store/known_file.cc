#include "storage/store/known_file.h"

#include <set>

#include "storage/archive/strips.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

Result<std::optional<KnownFile>> Load(Store& store, const catalog::FileRow& row) {
  DLV_ASSIGN(const auto version, store.Read([&](const catalog::Catalog& catalog) {
    return catalog.GetVersion(row.version);
  }));
  if (!version) return std::optional<KnownFile>();
  DLV_ASSIGN(const archive::Manifest manifest, ReadVersionManifest(store, *version));
  for (std::uint32_t i = 0; i < manifest.files.size(); ++i) {
    const archive::ManifestFile& file = manifest.files[i];
    if (file.path != row.info.path || file.sha256 != row.info.sha256) continue;
    if (file.form == archive::FileForm::kNone) break;
    KnownFile known;
    known.entry = file;
    if (file.snapshot) {
      DLV_ASSIGN(const SnapshotContent content, ReadSnapshot(store, manifest, *file.snapshot));
      const archive::StripMap map(content.layout.tensors);
      std::set<std::uint32_t> strips;
      for (std::size_t k = 0; k < content.ids.size(); ++k) {
        const std::uint32_t ordinal = content.layout.tensors[k].file;
        if (ordinal >= content.files.size() || content.files[ordinal] != i) continue;
        known.tensors.push_back(content.layout.tensors[k]);
        known.ids.push_back(content.ids[k]);
        if (content.layout.tensors[k].in_strip) strips.insert(map.place(k).stored);
      }
      for (const std::uint32_t strip : strips) known.strips.push_back(content.stored[strip]);
    }
    return std::optional(std::move(known));
  }
  return std::optional<KnownFile>();
}

}  // namespace

Result<std::optional<KnownFile>> FindKnownFile(Store& store, const FileDigest& sha256) {
  DLV_ASSIGN(const auto rows, store.Read([&](const catalog::Catalog& catalog) {
    return catalog.FindFiles(sha256);
  }));
  for (const catalog::FileRow& row : rows) {
    auto known = Load(store, row);
    // A damaged version is no reason to refuse the same bytes from a file: they are stored anew.
    if (known.ok() && known->has_value()) return known;
  }
  return std::optional<KnownFile>();
}

}  // namespace dlv::store
