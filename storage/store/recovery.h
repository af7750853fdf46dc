#pragma once
/// \file
/// Finding what a removed version needs to be there again: in packs that gc has not touched yet, in
/// the trash, or among what an interrupted command left in packs/.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/manifest.h"
#include "storage/archive/pack_reader.h"
#include "storage/store/history.h"
#include "storage/store/staged_locator.h"
#include "storage/store/store.h"
#include "storage/store/version_rows.h"

namespace dlv::store {

/// A pack that is on the disk, but not in the catalog.
struct LoosePack {
  std::string name;
  std::string path;
  std::int64_t since = 0;  ///< when gc moved it to the trash; 0: it stands in packs/
  std::uint64_t size_bytes = 0;
  std::vector<std::shared_ptr<const archive::SectionReader>> sections;
};

/// Where everything of a removed version is.
struct RecoveryPlan {
  archive::Manifest manifest;
  archive::Envelope envelope;
  catalog::Row manifest_section = 0;  ///< 0: in one of `packs`
  std::shared_ptr<const archive::SectionReader> manifest_in;
  std::set<std::size_t> packs;            ///< places of loose packs that are needed
  std::int64_t in_trash_since = 0;        ///< of the one that has been there longest; 0: none is
  ObjectNumbers numbers;                  ///< of what the catalog has
  std::vector<TensorId> missing_tensors;  ///< of the catalog; the loose packs have them
  std::vector<BlobId> missing_blobs;
};

/// Looks for removed versions. Reads through the store's reading connection; nothing is changed.
class Recovery {
 public:
  /// Opens every loose pack; those that cannot be read are passed over.
  /// `dry_run`: Adopt leaves packs where they are.
  static Result<std::unique_ptr<Recovery>> Begin(Store& store, bool dry_run = false);

  /// Errors: kNotFound saying what is gone; kCorruption, kIo.
  Result<RecoveryPlan> Plan(const VersionId& id);

  /// Puts the loose packs of a plan into the catalog and into packs/; adds to the plan the numbers
  /// of what they hold, and where its manifest is. Later plans of the same change may use them too.
  Status Adopt(Change& change, RecoveryPlan& plan);
  /// Whether any pack was adopted: then the log must name the packs that are live.
  bool adopted() const { return !rows_.empty(); }

  archive::ObjectLocator& locator() { return *locator_; }

 private:
  Recovery(Store& store, bool dry_run) : store_(store), dry_run_(dry_run) {}
  Status OpenLoose();
  Status OpenLoosePack(const std::string& folder, const std::string& name, std::int64_t since);
  Status FindManifests();
  Status AdoptPack(Change& change, std::size_t pack);
  Result<bool> IsNew(const archive::TensorEntry& entry);
  class Walk;

  Store& store_;
  bool dry_run_;
  std::vector<LoosePack> loose_;
  std::map<const archive::SectionReader*, std::size_t> pack_of_;
  /// Manifests of versions that are not in the catalog.
  struct Place {
    std::shared_ptr<const archive::SectionReader> section;
    catalog::Row row = 0;
  };
  std::map<VersionId, Place> manifests_;
  std::unique_ptr<StagedLocator> locator_;
  std::map<std::size_t, std::vector<catalog::Row>> rows_;  ///< of the sections of adopted packs
  ObjectNumbers adopted_;
  std::set<std::pair<TensorId, std::uint32_t>> adopted_parts_;
};

}  // namespace dlv::store
