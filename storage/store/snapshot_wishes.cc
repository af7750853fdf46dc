#include "storage/store/snapshot_wishes.h"

#include <cmath>

#include "storage/store/names.h"
#include "storage/store/reference.h"
#include "storage/store/resolve.h"

namespace dlv::store {
namespace {

/// The snapshots that a reference names: of a model, of a version, or one.
struct Selection {
  std::string model;         ///< of all versions; else empty
  catalog::Row version = 0;  ///< else of this one
  std::optional<std::int64_t> step;

  bool Has(const PlanSnapshot& snapshot) const {
    if (!model.empty()) return snapshot.model == model;
    return snapshot.version == version && (!step || snapshot.step == step);
  }
};

Result<Selection> Select(Store& store, const std::string& text) {
  DLV_ASSIGN(const Reference reference, ParseReference(text));
  DLV_ASSIGN(const Target target, ResolveTarget(store, text));
  if (!target.tensor_pattern.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 Quoted(text) + ": want a model, a version or a snapshot, not its tensors"};
  }
  const bool is_model = !reference.model.empty() && !reference.number && reference.alias.empty() &&
                        reference.id_prefix.empty() && !reference.moves_back && !reference.moment &&
                        reference.steps.empty() && !reference.snapshot_step;
  if (is_model) return Selection{target.version.summary.model, 0, std::nullopt};
  return Selection{"", target.version.row, target.step};
}

Status CheckPositive(const std::string& what, double value) {
  if (value > 0 && std::isfinite(value)) return Ok();
  return Error{ErrorCode::kInvalidArgument, what + ": want a number above 0"};
}

plan::Budget BudgetOf(const LoadBudget& wish) {
  if (wish.cold) return {};
  return wish.seconds ? plan::Budget::Seconds(*wish.seconds)
                      : plan::Budget::TimesMaterialised(wish.times);
}

}  // namespace

Status CheckWishes(const std::vector<LoadBudget>& budgets,
                   const std::vector<LoadFrequency>& frequencies) {
  for (const LoadBudget& wish : budgets) {
    if (wish.cold) continue;
    DLV_TRY(CheckPositive("budget of " + wish.reference, wish.seconds.value_or(wish.times)));
  }
  for (const LoadFrequency& wish : frequencies)
    DLV_TRY(CheckPositive("loads a day of " + wish.reference, wish.loads_a_day));
  return Ok();
}

Result<std::vector<SnapshotWish>> WishesFor(Store& store,
                                            const std::vector<PlanSnapshot>& snapshots,
                                            const SnapshotWish& usual,
                                            const std::vector<LoadBudget>& budgets,
                                            const std::vector<LoadFrequency>& frequencies) {
  std::vector<SnapshotWish> wishes(snapshots.size(), usual);
  for (const LoadBudget& wish : budgets) {
    DLV_ASSIGN(const Selection selection, Select(store, wish.reference));
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
      if (!selection.Has(snapshots[i])) continue;
      wishes[i].budget = BudgetOf(wish);
      wishes[i].is_cold = wish.cold;
    }
  }
  for (const LoadFrequency& wish : frequencies) {
    DLV_ASSIGN(const Selection selection, Select(store, wish.reference));
    for (std::size_t i = 0; i < snapshots.size(); ++i)
      if (selection.Has(snapshots[i])) wishes[i].weight = wish.loads_a_day * kBytesPerDailySecond;
  }
  return wishes;
}

}  // namespace dlv::store
