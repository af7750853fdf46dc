#include "storage/store/unnamed_versions.h"

#include <algorithm>
#include <tuple>

#include "storage/store/names.h"

namespace dlv::store {

std::string RecoveredName(const VersionToAdopt& version) {
  const std::string name = "recovered-" + version.model;
  return CheckModelName(name).ok() ? name : "recovered-" + version.id.Hex(12);
}

std::vector<VersionToAdopt> UnnamedVersions(const std::vector<FoundPack>& packs,
                                            const std::set<VersionId>& named) {
  std::vector<VersionToAdopt> versions;
  std::set<VersionId> seen = named;
  for (const FoundPack& pack : packs) {
    for (const auto& section : pack.sections) {
      if (!section->has_manifest()) continue;
      const auto bytes = section->ReadManifestBytes();
      const auto manifest = section->ReadManifest();
      const auto envelope = section->ReadEnvelope();
      if (!bytes.ok() || !manifest.ok() || !envelope.ok()) continue;
      const VersionId id = archive::HashManifest(*bytes);
      if (!seen.insert(id).second) continue;
      versions.push_back({id, manifest->model, envelope->number, envelope->created});
    }
  }
  std::ranges::sort(versions, {}, [](const VersionToAdopt& version) {
    return std::tie(version.created, version.model, version.number);
  });
  return versions;
}

}  // namespace dlv::store
