#pragma once
/// \file
/// Removing versions. Their bytes stay until gc.

#include <string>
#include <vector>

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Remove.
Result<RemoveResult> Remove(Store& store, const std::vector<std::string>& references, bool force,
                            bool dry_run);

/// Removes a version and the aliases that point to it, inside a change; the caller deletes unused
/// layouts.  Errors: kConflict (removed meanwhile; an alias points there and `force` is off).
Status RemoveInChange(Change& change, const catalog::VersionRow& version, bool force);

}  // namespace dlv::store
