#pragma once
/// \file
/// The part of rebuilding that reads packs: which there are, which of them count, what they hold.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/archive/pack_reader.h"
#include "storage/store/repository_paths.h"
#include "storage/store/version_rows.h"

namespace dlv::store {

/// A pack found on disk, with its readable sections.
struct FoundPack {
  std::string name;
  std::uint64_t size_bytes = 0;
  std::vector<std::shared_ptr<const archive::SectionReader>> sections;
  std::set<VersionId> manifests;  ///< versions described in it
  bool whole = true;              ///< false: some of it could not be read
};

/// Opens every pack in .dlv/packs; what cannot be read is a finding.  Errors: kIo for the folder.
Result<std::vector<FoundPack>> FindPacks(io::FileSystem& file_system, const RepositoryPaths& paths,
                                         VerifyResult& result);

/// Returns the packs that count, the most trusted first: those that the last switch of gc, archive
/// or merge named live, in its order (the newest first), then those with a version that the log
/// knows, with the other packs of the same commit. The rest was left by interrupted commands and
/// becomes a note; with `all` it counts, too.
std::vector<FoundPack> ChoosePacks(std::vector<FoundPack> packs,
                                   const std::vector<std::string>& live,
                                   const std::set<VersionId>& logged, bool all,
                                   VerifyResult& result);

/// Where the manifest of a version is.
struct ManifestPlace {
  std::shared_ptr<const archive::SectionReader> section;
  catalog::Row row = 0;
};

/// What is in the new catalog's packs.
struct AdoptedPacks {
  ObjectNumbers numbers;
  std::map<VersionId, ManifestPlace> manifests;
  std::vector<std::shared_ptr<const archive::SectionReader>> sections;
};

/// Inserts packs, sections and objects. Where two packs have the same object the first one counts.
Result<AdoptedPacks> AdoptPacks(catalog::Transaction& transaction,
                                const std::vector<FoundPack>& packs, std::int64_t now);

}  // namespace dlv::store
