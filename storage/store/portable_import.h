#pragma once
/// \file
/// Bringing an export back (docs/format/export.md).

#include "dlv/portable.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Whether the folder is an export.
bool IsExport(Store& store, const std::string& folder);

/// Imports an export, each version in a transaction of its own; in the order of the commits.
/// Errors: as Repository::Import.
Result<ImportResult> ImportExport(Store& store, const ImportOptions& options,
                                  const Operation& operation);

}  // namespace dlv::store
