#pragma once
/// \file
/// Freeing what no version needs.

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// As Repository::CollectGarbage. Packs without anything alive go to the trash, packs more than
/// half dead are written anew as far as there is room, leftovers of commands that were interrupted
/// go too. What the lease of a living process covers is left alone. The trash is emptied of what is
/// older than the grace time.
Result<GcResult> CollectGarbage(Store& store, const GcOptions& options, const Operation& operation);

}  // namespace dlv::store
