#pragma once
/// \file
/// Carrying a storage plan out.

#include <string_view>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/archive_plan.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Archive. Copy on write: new forms are written, decoded from where they lie and
/// compared, then one transaction switches; old packs stay until gc. A commit that comes meanwhile
/// does no harm; where it rests on what is being changed, all begins again.
Result<ArchiveResult> ArchiveRewrite(Store& store, std::string_view reference,
                                     const PlannerSettings& settings, const Operation& operation);

}  // namespace dlv::store
