#pragma once
/// \file
/// Bringing folders in.

#include "dlv/portable.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Import.
Result<ImportResult> Import(Store& store, const ImportOptions& options, const Operation& operation);

}  // namespace dlv::store
