#include "storage/store/cold_units.h"

namespace dlv::store {
namespace {

/// Marks the units that snapshots of one kind load, bases included.
std::vector<bool> LoadedBy(bool cold, const PlanTensors& input, const PlanUnits& units,
                           const std::vector<SnapshotWish>& wishes, const BasesOfUnits& bases) {
  std::vector<bool> loaded(units.units.size());
  std::vector<std::uint32_t> open;
  for (std::size_t i = 0; i < input.snapshots.size(); ++i) {
    if (wishes[i].is_cold != cold) continue;
    for (const std::uint32_t number : input.snapshots[i].tensors)
      open.push_back(units.unit_of[number]);
  }
  while (!open.empty()) {
    const std::uint32_t unit = open.back();
    open.pop_back();
    if (loaded[unit]) continue;
    loaded[unit] = true;
    open.insert(open.end(), bases[unit].begin(), bases[unit].end());
  }
  return loaded;
}

}  // namespace

BasesOfUnits PresentBasesOf(const PlanUnits& units) {
  BasesOfUnits bases;
  for (const PlanUnit& unit : units.units) bases.push_back(unit.bases);
  return bases;
}

std::vector<bool> ColdUnits(const PlanTensors& input, const PlanUnits& units,
                            const std::vector<SnapshotWish>& wishes, const BasesOfUnits& bases) {
  std::vector<bool> cold = LoadedBy(true, input, units, wishes, bases);
  const std::vector<bool> hot = LoadedBy(false, input, units, wishes, bases);
  for (std::size_t unit = 0; unit < cold.size(); ++unit) cold[unit] = cold[unit] && !hot[unit];
  return cold;
}

}  // namespace dlv::store
