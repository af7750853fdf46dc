#pragma once
/// \file
/// Everything in a repository as plain files (docs/format/export.md).

#include "dlv/portable.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::ExportAll.
Result<ExportResult> ExportAll(Store& store, const ExportOptions& options,
                               const Operation& operation);

}  // namespace dlv::store
