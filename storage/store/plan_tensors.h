#pragma once
/// \file
/// What the storage planner has to know of a repository: its tensors, which are loaded together,
/// and which may be kin.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/archive/tensor_reader.h"
#include "storage/catalog/rows.h"
#include "storage/plan/candidate_search.h"
#include "storage/store/planner_notes.h"
#include "storage/store/store.h"
#include "storage/store/stored_forms.h"

namespace dlv::store {

/// A stored tensor (or strip), once however many versions have it.
struct PlanTensor {
  std::shared_ptr<const archive::TensorHandle> handle;
  std::uint64_t coded_bytes = 0;           ///< as it is stored now
  std::optional<std::uint32_t> base;       ///< number of the tensor that it is stored against
  std::optional<std::uint32_t> in_search;  ///< its number in `search`, if it can have other bases
};

struct PlanSnapshot {
  std::string reference;  ///< "NAME:vN", or "NAME:vN#STEP"
  catalog::Row version = 0;
  std::string model;
  std::optional<std::int64_t> step;
  std::vector<std::uint32_t> tensors;  ///< numbers
};

struct PlanTensors {
  std::vector<PlanTensor> tensors;
  std::vector<PlanSnapshot> snapshots;
  plan::CandidateSearch search;
};

/// Reads the manifests and layouts of `versions`, and a sketch of each of their tensors. Kin are
/// said to be: tensors of one key in neighbouring snapshots of a version, and in a version and its
/// parents; and a tensor and its present base. Tensors that are there only as bases, or because
/// they share a cluster with one (as `forms` say), are in no snapshot. Samples are taken from
/// `notes`, and kept there. Errors: kCorruption naming the tensor that cannot be read, kIo,
/// kCancelled.
Result<PlanTensors> CollectPlanTensors(Store& store, const StoredForms& forms,
                                       const std::vector<catalog::VersionRow>& versions,
                                       PlannerNotes& notes, const Operation& operation);

}  // namespace dlv::store
