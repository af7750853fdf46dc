#pragma once
/// \file
/// What waits to be committed, and what lies around.

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::GetStatus.
Result<StatusReport> GetStatus(Store& store);

}  // namespace dlv::store
