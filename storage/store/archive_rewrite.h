#pragma once
/// \file
/// Re-encoding tensors with the best codec; which base each has stays as it is (the planner has an
/// issue of its own).

#include <string_view>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::Archive. Copy on write: new forms are written and compared with the old ones,
/// then one transaction switches; old packs stay until gc. Only what becomes smaller is switched,
/// so a second run does nothing. Errors: kNotFound, kConflict, kCorruption (a tensor that cannot be
/// read), kIo, kCancelled.
Result<ArchiveResult> ArchiveRewrite(Store& store, std::string_view reference,
                                     const Operation& operation);

}  // namespace dlv::store
