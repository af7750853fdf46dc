#pragma once
/// \file
/// Versions that were removed, and bringing them back while their bytes exist.

#include <string>
#include <vector>

#include "dlv/operations.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Restore.
Result<std::vector<std::string>> Restore(Store& store, const std::vector<std::string>& references);

/// As Repository::ListRemoved.
Result<std::vector<RemovedVersion>> ListRemoved(Store& store);

}  // namespace dlv::store
