#include "storage/store/snapshot_wishes.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

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
  /// Higher for what names less.
  int Rank() const { return !model.empty() ? 0 : step ? 2 : 1; }
  bool operator==(const Selection&) const = default;
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

std::string Number(double value, const char* unit) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g%s", value, unit);
  return text;
}

std::string TextOf(const LoadBudget& wish) {
  return wish.reference + "=" +
         (wish.cold      ? "cold"
          : wish.seconds ? Number(*wish.seconds * 1e3, "ms")
                         : Number(wish.times, "x"));
}
std::string TextOf(const LoadFrequency& wish) {
  return wish.reference + "=" + Number(wish.loads_a_day, "");
}

bool Agree(const LoadBudget& one, const LoadBudget& other) {
  if (one.cold || other.cold) return one.cold == other.cold;
  if (one.seconds || other.seconds) return one.seconds == other.seconds;
  return one.times == other.times;
}
bool Agree(const LoadFrequency& one, const LoadFrequency& other) {
  return one.loads_a_day == other.loads_a_day;
}

template <typename Wish>
struct Selected {
  Selection selection;
  const Wish* wish;
};

template <typename Wish>
Status CheckContradiction(const std::vector<Selected<Wish>>& others, const Selected<Wish>& one,
                          const char* what) {
  for (const Selected<Wish>& other : others) {
    if (other.selection != one.selection || Agree(*other.wish, *one.wish)) continue;
    return Error{ErrorCode::kInvalidArgument,
                 std::string(what) + " " + TextOf(*other.wish) + " and " + TextOf(*one.wish) +
                     " contradict each other: they name the same snapshots",
                 "keep one of them; what names fewer snapshots goes before what names more"};
  }
  return Ok();
}

/// The wishes with what they name, the most particular last.
template <typename Wish>
Result<std::vector<Selected<Wish>>> SelectAll(Store& store, const std::vector<Wish>& wishes,
                                              const char* what) {
  std::vector<Selected<Wish>> all;
  for (const Wish& wish : wishes) {
    DLV_ASSIGN(Selection selection, Select(store, wish.reference));
    const Selected<Wish> one{std::move(selection), &wish};
    DLV_TRY(CheckContradiction(all, one, what));
    all.push_back(one);
  }
  std::ranges::stable_sort(all, {}, [](const auto& one) { return one.selection.Rank(); });
  return all;
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
  DLV_ASSIGN(const auto loads, SelectAll(store, budgets, "budgets"));
  DLV_ASSIGN(const auto uses, SelectAll(store, frequencies, "loads a day"));
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    for (const auto& [selection, wish] : loads) {
      if (!selection.Has(snapshots[i])) continue;
      wishes[i].budget = BudgetOf(*wish);
      wishes[i].is_cold = wish->cold;
      wishes[i].source = wish->reference;
    }
    for (const auto& [selection, wish] : uses)
      if (selection.Has(snapshots[i])) wishes[i].weight = wish->loads_a_day * kBytesPerDailySecond;
  }
  return wishes;
}

}  // namespace dlv::store
