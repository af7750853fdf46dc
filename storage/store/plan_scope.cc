#include "storage/store/plan_scope.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "storage/io/byte_io.h"
#include "storage/io/hash.h"
#include "storage/store/plan_report.h"
#include "storage/store/unit_loads.h"

namespace dlv::store {
namespace {

/// Everything that two snapshots can differ by in what is wished of them.
using WishKey = std::tuple<plan::Budget::Unit, double, double, bool>;

std::vector<std::set<WishKey>> WishesOfUnits(const PlanTensors& input, const PlanUnits& units,
                                             const std::vector<SnapshotWish>& wishes) {
  std::vector<std::set<WishKey>> of_unit(units.units.size());
  for (std::size_t i = 0; i < input.snapshots.size(); ++i) {
    const WishKey key{wishes[i].budget.unit, wishes[i].budget.value, wishes[i].weight,
                      wishes[i].is_cold};
    for (const std::uint32_t number : input.snapshots[i].tensors)
      of_unit[units.unit_of[number]].insert(key);
  }
  return of_unit;
}

class ScopeFinder {
 public:
  ScopeFinder(const PlanTensors& input, const PlanUnits& units, const UnitForms& forms,
              const std::vector<SnapshotWish>& wishes, const plan::CostModel& model)
      : input_(input), units_(units), forms_(forms), wishes_(wishes), model_(model) {
    for (std::uint32_t unit = 0; unit < units_.units.size(); ++unit)
      present_.push_back(forms_.present(unit));
  }

  PlanScope Run(const PlannerNotes& notes, const std::vector<std::uint64_t>& marks) {
    scope_.searched.resize(units_.units.size());
    for (std::uint32_t unit = 0; unit < marks.size(); ++unit)
      scope_.searched[unit] = !notes.IsSettled(marks[unit]);
    AddDependants();
    AddOverBudget();
    for (std::uint32_t unit = 0; unit < marks.size(); ++unit)
      if (!scope_.searched[unit]) scope_.settled += units_.units[unit].members.size();
    return std::move(scope_);
  }

 private:
  /// What rests on something new, as on a base that no snapshot has any more, may do better.
  void AddDependants() {
    const std::vector<bool> is_new = scope_.searched;
    for (std::uint32_t unit = 0; unit < is_new.size(); ++unit) {
      const auto& bases = units_.units[unit].bases;
      if (std::ranges::any_of(bases, [&](std::uint32_t base) { return is_new[base]; }))
        scope_.searched[unit] = true;
    }
  }

  void AddOverBudget() {
    const UnitLoads loads(units_, forms_, model_, present_);
    std::vector<double> now, whole;
    for (std::uint32_t unit = 0; unit < units_.units.size(); ++unit) {
      now.push_back(loads.Seconds(unit));
      whole.push_back(forms_.Seconds(model_, forms_.whole(unit)));
    }
    for (std::size_t i = 0; i < input_.snapshots.size(); ++i) {
      const std::vector<std::uint32_t> members = UnitsOf(input_.snapshots[i]);
      double load = 0, materialised = 0;
      for (const std::uint32_t unit : members) {
        load += now[unit];
        materialised += whole[unit];
      }
      if (load > BudgetOf(wishes_[i].budget, materialised) * (1 + kLoadTolerance))
        AddWithBases(members);
    }
  }

  static double BudgetOf(const plan::Budget& budget, double materialised) {
    if (budget.unit == plan::Budget::Unit::kNone) return plan::kUnlimited;
    return budget.unit == plan::Budget::Unit::kSeconds ? budget.value : budget.value * materialised;
  }

  std::vector<std::uint32_t> UnitsOf(const PlanSnapshot& snapshot) const {
    std::vector<std::uint32_t> members;
    for (const std::uint32_t number : snapshot.tensors) members.push_back(units_.unit_of[number]);
    std::ranges::sort(members);
    members.erase(std::unique(members.begin(), members.end()), members.end());
    return members;
  }

  void AddWithBases(std::vector<std::uint32_t> open) {
    std::vector<bool> seen(units_.units.size());
    while (!open.empty()) {
      const std::uint32_t unit = open.back();
      open.pop_back();
      if (seen[unit]) continue;
      seen[unit] = scope_.searched[unit] = true;
      open.insert(open.end(), units_.units[unit].bases.begin(), units_.units[unit].bases.end());
    }
  }

  const PlanTensors& input_;
  const PlanUnits& units_;
  const UnitForms& forms_;
  const std::vector<SnapshotWish>& wishes_;
  const plan::CostModel& model_;
  std::vector<std::uint32_t> present_;
  PlanScope scope_;
};

}  // namespace

std::uint64_t HashOfQuestion(const plan::MachineRates& rates, unsigned cores,
                             double read_bytes_per_second, plan::Scheme scheme,
                             std::uint32_t max_depth) {
  io::ByteWriter writer;
  writer.PutString(plan::ToText(rates));
  writer.Put(cores);
  writer.Put(read_bytes_per_second);
  writer.Put(static_cast<std::uint32_t>(scheme));
  writer.Put(max_depth);
  return io::Xxh3(writer.bytes());
}

std::vector<std::uint64_t> MarksOf(const PlanTensors& input, const PlanUnits& units,
                                   const UnitForms& forms, const std::vector<SnapshotWish>& wishes,
                                   std::uint64_t question) {
  const auto wishes_of = WishesOfUnits(input, units, wishes);
  std::vector<std::uint64_t> marks;
  for (std::uint32_t unit = 0; unit < units.units.size(); ++unit) {
    const FormKey form = forms.KeyOf(forms.form(forms.present(unit)));
    io::ByteWriter writer;
    writer.Put(question);
    writer.Put(form.tensor);
    writer.Put(form.base);
    for (const auto& [kind, value, weight, is_cold] : wishes_of[unit]) {
      writer.Put(static_cast<std::uint32_t>(kind));
      writer.Put(value);
      writer.Put(weight);
      writer.Put(static_cast<std::uint8_t>(is_cold));
    }
    marks.push_back(io::Xxh3(writer.bytes()));
  }
  return marks;
}

PlanScope ScopeOf(const PlanTensors& input, const PlanUnits& units, const UnitForms& forms,
                  const std::vector<SnapshotWish>& wishes, const plan::CostModel& model,
                  const PlannerNotes& notes, const std::vector<std::uint64_t>& marks) {
  return ScopeFinder(input, units, forms, wishes, model).Run(notes, marks);
}

}  // namespace dlv::store
