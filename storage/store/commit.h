#pragma once
/// \file
/// Making a version (docs/architecture.md, "A commit").

#include "dlv/commit.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Errors: kInvalidArgument, kNotFound, kUnsafe, kCorruption (a file of a known format, broken),
/// kConflict, kIo, kCancelled.
Result<CommitResult> Commit(Store& store, const CommitRequest& request, const Operation& operation);

}  // namespace dlv::store
