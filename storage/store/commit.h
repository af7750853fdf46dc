#pragma once
/// \file
/// Making a version (docs/architecture.md, "A commit").

#include "dlv/commit.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/store/external_data.h"
#include "storage/store/store.h"

namespace dlv::store {

/// What only commands of dlv itself say of a version.
struct CommitExtras {
  KeyValues parent_attributes;  ///< of the edge to the first parent: the query that made it
  DataFiles data_files = DataFiles::kBeside;
};

/// Errors: kInvalidArgument, kNotFound, kUnsafe, kCorruption (a file of a known format, broken),
/// kConflict, kIo, kCancelled.
Result<CommitResult> Commit(Store& store, const CommitRequest& request, const Operation& operation,
                            const CommitExtras& extras = {});

}  // namespace dlv::store
