#pragma once
/// \file
/// The part of restoring that undo shares.

#include "dlv/result.h"
#include "storage/store/history.h"
#include "storage/store/recovery.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Makes a removed version exist again in its old place, with the tags, the note and the
/// evaluations that it had; takes packs back from the trash where it needs them. Where the recovery
/// has adopted packs the caller logs a switch.
/// Errors: kNotFound (its bytes are gone), kConflict (the same version is there again), kIo.
Status RestoreInChange(Change& change, const History& history, std::size_t version,
                       Recovery& recovery);

}  // namespace dlv::store
