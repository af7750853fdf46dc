#pragma once
/// \file
/// What the planner moves: units, which are stored, read and decoded as a whole.
///
/// Small tensors share clusters. Moved one by one they would end up in clusters with tensors of
/// other snapshots, each of which has to be decoded for one of its members. So all small tensors
/// that a snapshot brought are moved together: it keeps its clusters, and what a form of them takes
/// can be known exactly.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dlv/result.h"
#include "storage/plan/candidate_search.h"
#include "storage/store/plan_tensors.h"
#include "storage/store/size_estimator.h"
#include "storage/store/stored_forms.h"

namespace dlv::store {

/// A tensor that has chunks of its own, or all tensors of one type in clusters that a snapshot is
/// the first to have. Where a cluster has tensors of several such units, moving one of them parts
/// it.
struct PlanUnit {
  std::vector<std::uint32_t> members;  ///< numbers of tensors, as they are stored
  DType dtype = DType::kOpaque;
  std::uint64_t element_count = 0;  ///< of all members
  std::uint64_t coded_bytes = 0;    ///< as it is stored now
  bool is_cluster = false;
  std::vector<std::uint32_t> bases;  ///< units that it rests on now, the deepest first
  /// Rests on more units than the one that a plan can tell; the others stay as they are.
  bool is_pinned = false;
  std::uint64_t size_bytes() const { return element_count * SizeOf(dtype); }
};

struct PlanUnits {
  std::vector<PlanUnit> units;
  std::vector<std::uint32_t> unit_of;   ///< by tensor
  std::vector<std::uint32_t> place_of;  ///< by tensor: its place among the members
};

/// Errors: kConflict (a tensor is not stored as `forms` say: the repository changed meanwhile).
Result<PlanUnits> MakePlanUnits(const PlanTensors& input, const StoredForms& forms);

/// What the members of a unit are stored against: tensors of one other unit. Members without a base
/// get a cluster of their own.
struct UnitBases {
  std::optional<std::uint32_t> unit;                    ///< none: no member has a base
  std::vector<std::optional<std::uint32_t>> of_member;  ///< tensors; empty: none has one
};
/// As it is stored now. `unit` is the deepest of the units that it rests on.
UnitBases PresentBases(const PlanTensors& input, const PlanUnits& units, std::uint32_t unit);

/// Returns the bytes that a unit would take, by its sketches.
double EstimateUnitBytes(SizeEstimator& estimator, const PlanUnit& unit, const UnitBases& bases);

/// Bases that a unit may get.
struct UnitCandidate {
  std::uint32_t unit = 0;
  UnitBases bases;
  double estimated_bytes = 0;
};

/// From candidates for tensors (by their numbers in `input.search`) to those for units, by unit,
/// the best first and at most `most_bases` of them. A base must serve half of the unit's elements
/// and save `least_saving` of its bytes.
std::vector<UnitCandidate> CandidatesOfUnits(const PlanTensors& input, const PlanUnits& units,
                                             std::span<const plan::BaseCandidate> found,
                                             SizeEstimator& estimator,
                                             const plan::CandidateOptions& options = {});

}  // namespace dlv::store
