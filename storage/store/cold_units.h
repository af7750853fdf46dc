#pragma once
/// \file
/// Which units may be stored in cold forms: smaller, and slower to read
/// (codec::EncodeOptions::cold).

#include <cstdint>
#include <vector>

#include "storage/store/plan_tensors.h"
#include "storage/store/plan_units.h"
#include "storage/store/snapshot_wishes.h"

namespace dlv::store {

/// By unit: the units that it rests on.
using BasesOfUnits = std::vector<std::vector<std::uint32_t>>;
BasesOfUnits PresentBasesOf(const PlanUnits& units);

/// By unit. Cold is what a cold snapshot loads and no other does: neither as its own tensors nor as
/// what these rest on. (That nothing else comes to rest on it is for UnitForms to see to.)
std::vector<bool> ColdUnits(const PlanTensors& input, const PlanUnits& units,
                            const std::vector<SnapshotWish>& wishes, const BasesOfUnits& bases);

}  // namespace dlv::store
