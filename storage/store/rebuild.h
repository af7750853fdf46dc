#pragma once
/// \file
/// Making the catalog anew from its second copy: the manifests in the packs and the operation log.

#include <string>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Replaces the catalog in one rename; what was there before stays until then. Where the log is
/// damaged a sound catalog tells what is to be in the new one; where neither can be trusted,
/// versions that no record names are taken in from their manifests, with a finding each. Then the
/// log is made anew, too: after a crash in between it is behind the catalog, which RepairLog mends.
/// Versions whose manifest or objects are gone are findings and left out. Errors: kNotFound
/// (neither a repository nor packs), kConflict (lock; a sound catalog names versions that would be
/// lost), kIo, kCancelled.
Result<VerifyResult> RebuildCatalog(const std::string& root, StoreOptions options,
                                    const Operation& operation, const RebuildOptions& rebuild = {});

}  // namespace dlv::store
