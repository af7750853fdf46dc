#include "engine/progressive/profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/progressive/parallel.h"
#include "engine/progressive/pass.h"

namespace dlv::progressive {
namespace {

StepLevels Everything(const WeightLoader& loader) {
  StepLevels levels;
  for (std::size_t i = 0; i < loader.size(); ++i) levels.push_back(loader.LevelsOf(i).size() - 1);
  return levels;
}

/// The first level of at least about so many planes.
std::size_t LevelAt(const std::vector<Level>& levels, unsigned planes) {
  const unsigned number = NumberOf(levels, planes);
  std::size_t at = 0;
  while (at + 1 < levels.size() && levels[at].planes < number) ++at;
  return at;
}

std::vector<StepLevels> TableOf(const WeightLoader& loader, unsigned first, unsigned step) {
  std::vector<StepLevels> table;
  const StepLevels whole = Everything(loader);
  for (unsigned planes = first; planes <= 64; planes += step) {
    StepLevels levels;
    for (std::size_t i = 0; i < loader.size(); ++i)
      levels.push_back(LevelAt(loader.LevelsOf(i), planes));
    if (levels == whole) break;
    if (table.empty() || table.back() != levels) table.push_back(std::move(levels));
  }
  table.push_back(whole);
  return table;
}

/// The class with the greatest score, and of those that are clearly below it the first, -1 if there
/// is none: what is nearly tied says nothing of how deep weights have to be read.
std::pair<std::int64_t, std::int64_t> FirstTwo(std::span<const double> scores) {
  constexpr double kClear = 0x1p-10;  // of what lies between the least and the greatest
  const auto [least, greatest] = std::ranges::minmax_element(scores);
  const double below = *greatest - kClear * (*greatest - *least);
  std::int64_t second = -1;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const bool is_next = second < 0 || scores[c] > scores[AsSize(second)];
    if (scores[c] < below && is_next) second = static_cast<std::int64_t>(c);
  }
  return {greatest - scores.begin(), second};
}

/// (margin - proved) / margin of one input; infinite where there is no proof at all.
double DeficitOf(const Pass& pass, std::size_t sample) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  const std::span<const double> scores = pass.ScoresOf(sample);
  const auto [first, second] = FirstTwo(scores);
  if (second < 0) return kNone;
  const double margin = scores[AsSize(first)] - scores[AsSize(second)];
  const double proved = pass.LowerBound(sample, first, second, SIZE_MAX, kNone);
  const double deficit = (margin - proved) / margin;
  return deficit >= 0 ? deficit : kNone;
}

double GeometricMean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::log2(std::clamp(value, 1e-30, 1e30));
  return std::exp2(sum / static_cast<double>(values.size()));
}

/// Levels that are measured: the first ones and some; between them the deficit falls by a factor a
/// plane.
bool IsMeasured(std::size_t level, std::size_t count) {
  return level < 2 || level + 2 >= count || level % 3 == 0;
}

void FillBetween(const std::vector<Level>& levels, std::vector<double>& deficits) {
  std::size_t before = 0;
  for (std::size_t level = 1; level < deficits.size(); ++level) {
    if (deficits[level] < 0) continue;
    for (std::size_t k = before + 1; k < level; ++k) {
      const double share = static_cast<double>(levels[k].planes - levels[before].planes) /
                           static_cast<double>(levels[level].planes - levels[before].planes);
      deficits[k] = std::exp2((1 - share) * std::log2(std::max(deficits[before], 1e-30)) +
                              share * std::log2(std::max(deficits[level], 1e-30)));
    }
    before = level;
  }
}

/// The deepest set of levels that costs the fewest bytes with deficits of at most `limit`: from
/// everything, the change with the most bytes saved for the deficit it adds, again and again.
StepLevels Cheapest(const WeightLoader& loader, const Deficits& deficits, double limit) {
  constexpr std::array<std::size_t, 7> kSteps = {1, 2, 3, 4, 6, 8, 12};
  StepLevels levels = Everything(loader);
  double sum = 0;
  while (true) {
    double best = 0;
    std::size_t best_layer = 0, best_level = 0;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      for (const std::size_t step : kSteps) {
        if (step > levels[i]) break;
        const std::size_t to = levels[i] - step;
        const auto& costs = loader.LevelsOf(i);
        const double saved = static_cast<double>(costs[levels[i]].plane_bytes) -
                             static_cast<double>(costs[to].plane_bytes);
        const double added = std::max(deficits[i][to] - deficits[i][levels[i]], 1e-12);
        if (sum + added > limit || saved / added <= best) continue;
        best = saved / added;
        best_layer = i;
        best_level = to;
      }
    }
    if (best <= 0) return levels;
    sum += std::max(deficits[best_layer][best_level] - deficits[best_layer][levels[best_layer]],
                    1e-12);
    levels[best_layer] = best_level;
  }
}

}  // namespace

Result<double> MeasureRounding(const LayerGraph& graph, WeightLoader& loader, const Values& inputs,
                               unsigned threads) {
  const auto size = static_cast<std::size_t>(graph.input.count());
  DLV_TRY(loader.Use(Everything(loader)));
  std::vector<double> each(inputs.size() / size);
  ParallelFor(each.size(), threads, [&](std::size_t i) {
    const auto sample = SampleOf(inputs, i, size);
    Pass pass(graph, Values(sample.begin(), sample.end()), loader.precision());
    pass.Forward(0);
    each[i] = DeficitOf(pass, 0);
  });
  return GeometricMean(each);
}

std::vector<StepLevels> UniformTable(const WeightLoader& loader) { return TableOf(loader, 9, 1); }
std::vector<StepLevels> ByteTable(const WeightLoader& loader) { return TableOf(loader, 16, 8); }

Result<Deficits> MeasureDeficits(const LayerGraph& graph, WeightLoader& loader,
                                 const Values& inputs, unsigned threads,
                                 const CancellationToken* cancel, ProgressSink* progress) {
  const auto size = static_cast<std::size_t>(graph.input.count());
  const std::size_t samples = inputs.size() / size;
  StepLevels levels = Everything(loader);
  DLV_TRY(loader.Use(levels));
  std::vector<Pass> passes;
  for (std::size_t i = 0; i < samples; ++i) {
    const auto sample = SampleOf(inputs, i, size);
    passes.emplace_back(graph, Values(sample.begin(), sample.end()), loader.precision());
  }
  ParallelFor(samples, threads, [&](std::size_t i) { passes[i].Forward(0); });
  Deficits deficits(loader.size());
  for (std::size_t layer = 0; layer < loader.size(); ++layer) {
    const auto& all = loader.LevelsOf(layer);
    deficits[layer].assign(all.size(), -1);
    deficits[layer].back() = 0;
    std::size_t first = 0;
    for (std::size_t level = 0; level + 1 < all.size(); ++level) {
      if (!IsMeasured(level, all.size())) continue;
      if (cancel != nullptr && cancel->cancelled()) return Error{ErrorCode::kCancelled, "stopped"};
      levels[layer] = level;
      DLV_ASSIGN(first, loader.Use(levels));
      std::vector<double> each(samples);
      ParallelFor(samples, threads, [&](std::size_t i) {
        passes[i].Forward(first);
        each[i] = DeficitOf(passes[i], 0);
      });
      deficits[layer][level] = GeometricMean(each);
    }
    FillBetween(all, deficits[layer]);
    levels[layer] = all.size() - 1;
    DLV_ASSIGN(first, loader.Use(levels));
    ParallelFor(samples, threads, [&](std::size_t i) { passes[i].Forward(first); });
    // More planes never take off more.
    for (std::size_t level = all.size() - 1; level-- > 0;)
      deficits[layer][level] = std::max(deficits[layer][level], deficits[layer][level + 1]);
    if (progress != nullptr) progress->ReportCount("profiling", layer + 1, loader.size(), "layers");
  }
  return deficits;
}

std::vector<StepLevels> NestedTable(const WeightLoader& loader, const Deficits& deficits) {
  constexpr double kFirst = 8, kLast = 0x1p-12, kRatio = 0.9;
  std::vector<StepLevels> table;
  for (double limit = kFirst; limit >= kLast; limit *= kRatio) {
    StepLevels levels = Cheapest(loader, deficits, limit);
    if (!table.empty()) {
      for (std::size_t i = 0; i < levels.size(); ++i)
        levels[i] = std::max(levels[i], table.back()[i]);
    }
    if (table.empty() || table.back() != levels) table.push_back(std::move(levels));
  }
  const StepLevels whole = Everything(loader);
  if (table.back() != whole) table.push_back(whole);
  return table;
}

}  // namespace dlv::progressive
