#pragma once
/// \file
/// The part of verification that looks at packs: stored bytes, and with `full` what they decode to.

#include <vector>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/archive/pack_reader.h"
#include "storage/store/store.h"
#include "storage/store/verify_damage.h"

namespace dlv::store {

/// Checks every pack that the catalog names; adds to the counts and notes of `result`, and what is
/// wrong to `findings`, sorted by place.
Status VerifyPacks(Store& store, const VerifyOptions& options, const Operation& operation,
                   VerifyResult& result, std::vector<PackFinding>& findings);

/// Checks the stored bytes of every pack in .dlv/packs, where no catalog says which there are; adds
/// findings and counts, of versions those that have a manifest.  Errors: kIo (the folder),
/// kCancelled.
Status VerifyLoosePacks(io::FileSystem& file_system, const RepositoryPaths& paths,
                        const Operation& operation, VerifyResult& result);

}  // namespace dlv::store
