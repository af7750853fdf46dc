#include "storage/store/unit_loads.h"

#include <algorithm>

namespace dlv::store {

UnitLoads::UnitLoads(const PlanUnits& units, const UnitForms& forms, const plan::CostModel& model,
                     const std::vector<std::uint32_t>& chosen)
    : units_(units), forms_(forms), model_(model), chosen_(chosen), seen_(units.units.size()) {}

std::vector<std::uint32_t> UnitLoads::BasesOf(std::uint32_t unit) const {
  if (forms_.IsPresent(chosen_[unit])) return units_.units[unit].bases;
  const auto& base = forms_.form(chosen_[unit]).bases.unit;
  return base ? std::vector<std::uint32_t>{*base} : std::vector<std::uint32_t>();
}

/// Adds to `reached` the unit and all that it rests on, but for what is there already.
void UnitLoads::Mark(std::uint32_t unit, std::vector<std::uint32_t>& reached) const {
  std::vector<std::uint32_t> open = {unit};
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    if (seen_[at]) continue;
    seen_[at] = true;
    reached.push_back(at);
    const std::vector<std::uint32_t> bases = BasesOf(at);
    open.insert(open.end(), bases.begin(), bases.end());
  }
}

double UnitLoads::OtherSeconds(std::uint32_t unit) const {
  const std::vector<std::uint32_t> bases = BasesOf(unit);
  if (bases.size() < 2) return 0;
  std::vector<std::uint32_t> reached;
  Mark(bases.front(), reached);
  const std::size_t on_path = reached.size();
  for (const std::uint32_t base : bases) Mark(base, reached);
  double seconds = 0;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    seen_[reached[i]] = false;
    if (i >= on_path) seconds += forms_.Seconds(model_, chosen_[reached[i]]);
  }
  return seconds;
}

double UnitLoads::Seconds(std::uint32_t unit) const {
  std::vector<std::uint32_t> reached;
  Mark(unit, reached);
  double seconds = 0;
  for (const std::uint32_t at : reached) {
    seen_[at] = false;
    seconds += forms_.Seconds(model_, chosen_[at]);
  }
  return seconds;
}

std::vector<double> UnitLoads::Loads(const plan::PlanningProblem& problem) const {
  std::vector<double> of_unit;
  for (std::uint32_t unit = 0; unit < units_.units.size(); ++unit) of_unit.push_back(Seconds(unit));
  std::vector<double> loads;
  for (plan::GroupIndex group = 0; group < problem.group_count(); ++group) {
    double load = 0;
    for (const plan::Node node : problem.members(group)) load += of_unit[node - 1];
    loads.push_back(load);
  }
  return loads;
}

}  // namespace dlv::store
