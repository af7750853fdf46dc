#pragma once
/// \file
/// A commit request, checked and put in order.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dlv/commit.h"
#include "dlv/result.h"
#include "storage/archive/manifest.h"

namespace dlv::store {

/// The files and memory sources that belong to one step; those without tensors will fall out.
struct SnapshotPlan {
  std::optional<std::int64_t> step;
  std::vector<FileInput> files;            ///< `path` filled, ascending by it
  std::vector<TensorSource*> from_memory;  ///< in the order given
};

/// Checks names, paths and values of a request.
/// Errors: kInvalidArgument saying which and why.
Status CheckRequest(const CommitRequest& request);
/// The same but for what must be given: for requests that take the rest from elsewhere.
Status CheckTexts(const CommitRequest& request);

/// Returns the snapshots in order: ascending by step, the one without a step last.
std::vector<SnapshotPlan> PlanSnapshots(const CommitRequest& request);

/// Returns the parts of the manifest that come from the request alone: message, hparams, metrics.
archive::Manifest StartManifest(const CommitRequest& request);

/// Returns whether a new version would say nothing that `latest` does not say: same files, same
/// tensors, and no other hyper-parameters or metrics.
bool SaysTheSame(const archive::Manifest& latest, const archive::Manifest& fresh);

}  // namespace dlv::store
