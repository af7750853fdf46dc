#include "engine/progressive/table_refinement.h"

#include <algorithm>
#include <limits>

namespace dlv::progressive {
namespace {

/// A step more has to save this share of the mean.
constexpr double kLeastGain = 1.0 / 1000;
/// The first step goes where it answers less than this share of the samples: what of it is worth a
/// step is found again.
constexpr std::size_t kLeastShare = 8;

/// A step that answers nobody stays where it reads more than this times what the last one does.
constexpr double kNear = 1.06;

/// Samples by the step that answers them.
using Samples = std::vector<std::size_t>;

struct Steps {
  std::vector<StepLevels> table;
  std::vector<Samples> answered;

  /// With `levels` before step k, which answer `moved` of its samples.
  Steps With(std::size_t k, StepLevels levels, Samples moved) const {
    Steps more = *this;
    std::erase_if(more.answered[k],
                  [&](std::size_t one) { return std::ranges::binary_search(moved, one); });
    const auto at = static_cast<std::ptrdiff_t>(k);
    more.table.insert(more.table.begin() + at, std::move(levels));
    more.answered.insert(more.answered.begin() + at, std::move(moved));
    return more;
  }
};

Result<double> MeanCost(const Steps& steps, const TableProbe& probe) {
  DLV_ASSIGN(const std::vector<double> costs, probe.costs(steps.table));
  double sum = 0, samples = 0;
  for (std::size_t k = 0; k < costs.size(); ++k) {
    sum += costs[k] * static_cast<double>(steps.answered[k].size());
    samples += static_cast<double>(steps.answered[k].size());
  }
  return sum / samples;
}

void DropFirst(Steps& steps, std::size_t samples) {
  while (steps.table.size() > 1 && steps.answered[0].size() * kLeastShare < samples) {
    Samples& next = steps.answered[1];
    next.insert(next.end(), steps.answered[0].begin(), steps.answered[0].end());
    std::ranges::sort(next);
    steps.table.erase(steps.table.begin());
    steps.answered.erase(steps.answered.begin());
  }
}

/// Puts the step before step k that makes the mean the least, if one saves enough.
Result<bool> InsertBefore(std::size_t k, Steps& steps, const TableProbe& probe) {
  DLV_ASSIGN(const double mean, MeanCost(steps, probe));
  double least = mean * (1 - kLeastGain);
  bool found = false;
  const Steps before = steps;
  const StepLevels& behind = before.table[k];
  const Samples& open = before.answered[k];
  for (std::size_t i = 0; i < behind.size(); ++i) {
    if (behind[i] == (k == 0 ? 0 : before.table[k - 1][i])) continue;
    StepLevels levels = behind;
    --levels[i];
    if (k > 0 && levels == before.table[k - 1]) continue;
    // If it answered all of them.
    DLV_ASSIGN(const double best, MeanCost(before.With(k, levels, open), probe));
    if (best >= least) continue;
    DLV_ASSIGN(const std::vector<bool> proved, probe.prove(levels, open));
    Samples moved;
    for (std::size_t at = 0; at < open.size(); ++at) {
      if (proved[at]) moved.push_back(open[at]);
    }
    Steps more = before.With(k, std::move(levels), std::move(moved));
    DLV_ASSIGN(const double reached, MeanCost(more, probe));
    if (reached >= least) continue;
    least = reached;
    steps = std::move(more);
    found = true;
  }
  return found;
}

Result<Steps> Refined(Steps steps, const TableProbe& probe) {
  for (std::size_t k = 0; k < steps.table.size();) {
    DLV_ASSIGN(const bool inserted, InsertBefore(k, steps, probe));
    if (!inserted) ++k;
  }
  return steps;
}

}  // namespace

std::vector<bool> StepsToKeep(const std::vector<double>& costs,
                              const std::vector<std::size_t>& proved) {
  std::vector<bool> used(costs.size() + 1, false);
  for (const std::size_t step : proved) used[step] = true;
  std::size_t last = 0;
  for (std::size_t step = 0; step < costs.size(); ++step) {
    if (used[step]) last = step;
  }
  std::vector<bool> kept(costs.size());
  double before = std::numeric_limits<double>::infinity();  // of the last that stays
  for (std::size_t step = 0; step < costs.size(); ++step) {
    const bool is_far = costs[step] > kNear * before;
    kept[step] = used[step] || is_far || step > last || step + 1 == costs.size();
    if (kept[step]) before = costs[step];
  }
  return kept;
}

Result<std::vector<StepLevels>> RefineTable(std::vector<StepLevels> table,
                                            const std::vector<std::size_t>& answered,
                                            const TableProbe& probe) {
  if (answered.empty()) return table;
  Steps steps{std::move(table), {}};
  steps.answered.resize(steps.table.size());
  for (std::size_t sample = 0; sample < answered.size(); ++sample)
    steps.answered[answered[sample]].push_back(sample);
  Steps dropped = steps;
  DropFirst(dropped, answered.size());
  const bool same = dropped.table.size() == steps.table.size();
  DLV_ASSIGN(Steps refined, Refined(std::move(steps), probe));
  if (same) return std::move(refined.table);
  DLV_ASSIGN(Steps without, Refined(std::move(dropped), probe));
  DLV_ASSIGN(const double with_first, MeanCost(refined, probe));
  DLV_ASSIGN(const double without_first, MeanCost(without, probe));
  if (without_first < with_first) refined = std::move(without);
  return std::move(refined.table);
}

}  // namespace dlv::progressive
