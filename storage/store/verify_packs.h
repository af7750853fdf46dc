#pragma once
/// \file
/// The part of verification that looks at packs: stored bytes, and with `full` what they decode to.

#include <string>
#include <unordered_set>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/archive/pack_reader.h"
#include "storage/store/store.h"

namespace dlv::store {

/// What was found damaged, for telling which versions suffer.
struct Damage {
  std::unordered_set<TensorId> tensors;
  std::unordered_set<BlobId> blobs;
  std::unordered_set<catalog::Row> sections;  ///< not readable at all
  bool empty() const { return tensors.empty() && blobs.empty() && sections.empty(); }
};

/// Checks every pack that the catalog names; adds findings (without `affected`) and counts.
Status VerifyPacks(Store& store, const VerifyOptions& options, const Operation& operation,
                   VerifyResult& result, Damage& damage);

/// Checks the stored bytes of every pack in .dlv/packs, where no catalog says which there are; adds
/// findings and counts, of versions those that have a manifest.  Errors: kIo (the folder),
/// kCancelled.
Status VerifyLoosePacks(io::FileSystem& file_system, const RepositoryPaths& paths,
                        const Operation& operation, VerifyResult& result);

}  // namespace dlv::store
