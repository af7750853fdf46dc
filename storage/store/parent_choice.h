#pragma once
/// \file
/// Which versions are the parents of a new one.

#include <memory>
#include <optional>
#include <string_view>
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
  KeyValues attributes = {};
};

/// On an edge to a parent that was not named and has no weights like the version's: it is there
/// because it is the version of the model before.
inline constexpr std::string_view kWeightsAttribute = "weights";
inline constexpr std::string_view kWeightsUnlike = "unlike";

struct ChosenParents {
  std::vector<ChosenParent> parents;
  /// What new tensors are coded against: the nearest of all versions that were looked at, whether
  /// it is a parent or not. Where none has weights alike the first parent, else one of the same
  /// names and sizes, for the sake of what lies around the weights (a chunk that is no smaller as a
  /// delta is none).
  std::optional<catalog::VersionRow> base;
};

/// Returns the parents as `request` asks. `first` is the first snapshot, looked at but not stored.
/// Inference goes by weights (storage/plan/weight_likeness.h). It takes the nearest of the model's
/// newest versions, the latest of those that are as near; where none has weights alike, the nearest
/// version of another model (of the newest versions, for a new model of the latest of every model,
/// and of the model that is nearest then) that has at least half of the parameters by names and
/// sizes. Where that gives nothing the parent is the model's latest version, as it was before this
/// one, with kWeightsUnlike; a new model has none.
/// Errors: those of resolving the given references; kInvalidArgument for one given twice.
Result<ChosenParents> ChooseParents(Store& store, const CommitRequest& request,
                                    const SnapshotWork* first);

/// Returns the tensors of a version's default snapshot as bases; nothing where it has none or they
/// cannot be read.
std::unique_ptr<BaseSet> BasesOf(Store& store, const catalog::VersionRow& version);

}  // namespace dlv::store
