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

}  // namespace dlv::store
