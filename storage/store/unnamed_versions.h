#pragma once
/// \file
/// Versions that only the packs tell of.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "storage/store/rebuild_packs.h"

namespace dlv::store {

/// A version known from its manifest only, as that and its envelope call it.
struct VersionToAdopt {
  VersionId id;
  std::string model;
  std::uint64_t number = 0;
  std::int64_t created = 0;
  std::uint64_t stored_bytes = 0;  ///< by which the packs grew, as far as they tell
};

/// The model's name that says that nothing but the manifest told of the version:
/// "recovered-lenet".
std::string RecoveredName(const VersionToAdopt& version);

/// Versions in the packs that no record names, the oldest first.
std::vector<VersionToAdopt> UnnamedVersions(const std::vector<FoundPack>& packs,
                                            const std::set<VersionId>& named);

}  // namespace dlv::store
