#include "storage/store/unnamed_versions.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "storage/store/names.h"
#include "storage/store/new_packs.h"

namespace dlv::store {
namespace {

using BytesOfCommits = std::map<std::string, std::uint64_t, std::less<>>;

/// What a commit wrote is its packs, which are named alike.
BytesOfCommits SumPacks(const std::vector<FoundPack>& packs) {
  BytesOfCommits bytes;
  for (const FoundPack& pack : packs) {
    const std::string commit = LeaseIdOf(pack.name);
    if (!commit.empty()) bytes[commit] += pack.size_bytes;
  }
  return bytes;
}

/// Once a commit's pack is merged with others, its section is what is known of it.
std::uint64_t BytesOf(const BytesOfCommits& commits, const FoundPack& pack,
                      const archive::SectionReader& section) {
  if (pack.manifests.size() > 1) return section.place().length;
  const auto known = commits.find(LeaseIdOf(pack.name));
  return known != commits.end() ? known->second : pack.size_bytes;
}

}  // namespace

std::string RecoveredName(const VersionToAdopt& version) {
  const std::string name = "recovered-" + version.model;
  return CheckModelName(name).ok() ? name : "recovered-" + version.id.Hex(12);
}

std::vector<VersionToAdopt> UnnamedVersions(const std::vector<FoundPack>& packs,
                                            const std::set<VersionId>& named) {
  std::vector<VersionToAdopt> versions;
  std::set<VersionId> seen = named;
  const BytesOfCommits commits = SumPacks(packs);
  for (const FoundPack& pack : packs) {
    for (const auto& section : pack.sections) {
      if (!section->has_manifest()) continue;
      const auto bytes = section->ReadManifestBytes();
      const auto manifest = section->ReadManifest();
      const auto envelope = section->ReadEnvelope();
      if (!bytes.ok() || !manifest.ok() || !envelope.ok()) continue;
      const VersionId id = archive::HashManifest(*bytes);
      if (!seen.insert(id).second) continue;
      versions.push_back({id, manifest->model, envelope->number, envelope->created,
                          BytesOf(commits, pack, *section)});
    }
  }
  std::ranges::sort(versions, {}, [](const VersionToAdopt& version) {
    return std::tie(version.created, version.model, version.number);
  });
  return versions;
}

}  // namespace dlv::store
