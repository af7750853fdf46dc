#pragma once
/// \file
/// Which versions suffer from what verification found in packs.

#include <unordered_set>
#include <vector>

#include "dlv/repository.h"
#include "storage/store/store.h"

namespace dlv::store {

/// What a finding takes away.
struct Damage {
  std::unordered_set<TensorId> tensors;
  std::unordered_set<BlobId> blobs;
  std::unordered_set<catalog::Row> sections;  ///< not readable at all
  bool empty() const { return tensors.empty() && blobs.empty() && sections.empty(); }
};

struct PackFinding {
  Finding finding;  ///< without `affected`
  Damage damage;
};

/// Tells each finding which of the versions cannot be had back whole for it. A version that lacks
/// something that no finding explains counts for all of them.
void NameAffected(Store& store, const std::vector<catalog::VersionRow>& versions,
                  std::vector<PackFinding>& findings);

}  // namespace dlv::store
