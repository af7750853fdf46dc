#pragma once
/// \file
/// Which versions are the parents of a new one.

#include <memory>
#include <optional>
#include <vector>

#include "dlv/commit.h"
#include "dlv/result.h"
#include "storage/store/snapshot_work.h"
#include "storage/store/store.h"

namespace dlv::store {

struct ChosenParent {
  catalog::VersionRow version;
  Relation relation = Relation::kRetrain;
  bool inferred = false;
};

/// Returns the parents as `request` asks. `first` is the first snapshot, looked at but not stored.
/// Inference takes the latest version of the model; for a new model, the version (among the latest
/// of every model) that shares most tensors, or has most tensors of the same names and shapes.
/// Errors: those of resolving the given references; kInvalidArgument for one given twice.
Result<std::vector<ChosenParent>> ChooseParents(Store& store, const CommitRequest& request,
                                                const SnapshotWork* first);

/// Returns the tensors of a version's default snapshot as bases; nothing where it has none or they
/// cannot be read.
std::unique_ptr<BaseSet> BasesOf(Store& store, const catalog::VersionRow& version);

}  // namespace dlv::store
