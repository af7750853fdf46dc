#pragma once
/// \file
/// Making a version (docs/architecture.md, "A commit").

#include <vector>

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

struct ExtendedRequest {
  CommitRequest request;
  CommitExtras extras;
};
/// Several commits that become one operation: after a loss of power all of the versions are there,
/// or none. No request may name a version that another one makes.
/// Errors: those of Commit; kInvalidArgument for a version that would change nothing.
Result<std::vector<CommitResult>> CommitTogether(Store& store,
                                                 std::vector<ExtendedRequest> requests,
                                                 const Operation& operation);

}  // namespace dlv::store
