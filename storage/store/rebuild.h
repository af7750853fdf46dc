#pragma once
/// \file
/// Making the catalog anew from its second copy: the manifests in the packs and the operation log.

#include <string>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Replaces the catalog in one rename; what was there before stays until then, and is lost if it
/// said more than packs and log do. Versions whose manifest or objects are gone are findings and
/// left out. Errors: kNotFound (neither a repository nor packs), kConflict (lock), kIo, kCancelled.
Result<VerifyResult> RebuildCatalog(const std::string& root, StoreOptions options,
                                    const Operation& operation);

}  // namespace dlv::store
