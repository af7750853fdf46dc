#include "storage/store/removal_check.h"

namespace dlv::store {

Result<RemovalCheck> RemovalCheck::Read(Store& store) {
  RemovalCheck check;
  auto history =
      store.Read([&](const catalog::Catalog& catalog) { return ReadHistory(store, catalog); });
  if (history.ok()) {
    check.history_ = std::move(history).value();
  } else if (history.error().code != ErrorCode::kCorruption) {
    return std::move(history).error();
  }
  return check;
}

Result<bool> RemovalCheck::Explains(Store& store, const VersionId& id) const {
  DLV_ASSIGN(const auto version,
             store.Read([&](const catalog::Catalog& catalog) { return catalog.FindById(id); }));
  if (version) return true;
  if (!history_) return false;
  bool removed = false;
  for (const LoggedVersion& logged : history_->versions()) {
    if (logged.id != id) continue;
    if (logged.removed_by == 0) return false;
    removed = true;
  }
  return removed || history_->made_anew() == 0;
}

Result<std::string> RemovalCheck::Unexplained(Store& store, const archive::PackReader& pack) const {
  std::string names;
  for (std::size_t i = 0; i < pack.sections().size(); ++i) {
    const auto section = pack.OpenSection(i);
    if (!section.ok() || !(*section)->has_manifest()) continue;
    const auto bytes = (*section)->ReadManifestBytes();
    if (!bytes.ok()) continue;
    DLV_ASSIGN(const bool explained, Explains(store, archive::HashManifest(*bytes)));
    if (!explained) names += (names.empty() ? "" : ", ") + CommittedName(**section);
  }
  return names;
}

std::string CommittedName(const archive::SectionReader& section) {
  const auto manifest = section.ReadManifest();
  const auto envelope = section.ReadEnvelope();
  if (!manifest.ok()) return "a version";
  return manifest->model + (envelope.ok() ? ":v" + std::to_string(envelope->number) : "");
}

}  // namespace dlv::store
