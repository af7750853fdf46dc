#include "engine/progressive/preparation.h"

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>

#include "engine/progressive/decision.h"
#include "engine/progressive/parallel.h"
#include "engine/progressive/pass.h"
#include "engine/progressive/table_refinement.h"
#include "storage/io/hash.h"

namespace dlv::progressive {
namespace {

/// Inputs that single layers are measured on, and those that decide about steps.
constexpr std::size_t kProfileInputs = 16;
/// Below it too few inputs to find directions or to leave out steps.
constexpr std::size_t kLeastForSketches = 64;
constexpr std::int64_t kMostRank = 32;
/// Centres are in f32 where its rounding alone takes no more of the margin than this.
constexpr double kMostForSingle = 1.0 / 32;
/// Sketches that are tried: ranks, as the columns divided by a number, and bits of an element.
struct SketchKind {
  std::int64_t share;
  unsigned bits;
};
constexpr std::array<SketchKind, 4> kSketches = {{{100, 8}, {50, 8}, {50, 4}, {25, 4}}};
/// The same of stretches.
constexpr std::array<SketchKind, 3> kStretches = {{{90, 3}, {57, 3}, {45, 3}}};

Values FirstOf(const Values& inputs, std::size_t count, const LayerGraph& graph) {
  const std::size_t size = AsSize(graph.input.count());
  return Values(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(
                                                     std::min(count * size, inputs.size())));
}

/// What tells calibrations apart: 48 bits of a SHA-256, exact as a double. Another calibration than
/// the kept one could at worst get its table.
double HashOfValues(const Values& values) {
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(values)));
  const auto digest = hash.Finish<FileDigest>();
  double number = 0;
  for (std::size_t k = 0; k < 6; ++k) number = number * 256 + digest.bytes[k];
  return number;
}

}  // namespace

Result<std::vector<StepReport>> StepsOf(const LayerGraph& graph, const WeightLoader& loader,
                                        LevelSource& source, const std::vector<StepLevels>& table,
                                        bool proves) {
  std::set<std::string> names;
  for (const LinearPlan& plan : graph.linears) {
    if (plan.parameter != nullptr) names.insert(plan.parameter->name);
  }
  std::uint64_t whole_bytes = 0;
  for (const NetworkParameter* parameter : graph.whole_parameters) {
    if (!names.insert(parameter->name).second) continue;
    DLV_ASSIGN(const auto levels, source.Levels(*parameter));
    if (!levels.empty()) whole_bytes += levels.back().all_bytes;
  }
  std::vector<StepReport> steps;
  for (std::size_t k = 0; k < table.size(); ++k) {
    StepReport step;
    std::map<std::string, Level> deepest;
    for (std::size_t i = 0; i < table[k].size(); ++i) {
      const LinearPlan& plan = graph.linears[i];
      if (plan.parameter == nullptr) continue;
      Level& level = deepest[plan.parameter->name];
      const Level& here = loader.LevelsOf(i)[table[k][i]];
      if (here.planes >= level.planes) level = here;
    }
    for (const auto& [name, level] : deepest) {
      step.levels.push_back({name, level.planes, level.exact, level.by_significance});
      step.plane_bytes += level.plane_bytes;
      step.all_bytes += level.all_bytes;
    }
    const std::vector<StepLevels> so_far(table.begin(),
                                         table.begin() + static_cast<std::ptrdiff_t>(k + 1));
    const std::uint64_t sketches = proves ? loader.SketchBytes(so_far) : 0;
    step.plane_bytes += sketches;
    step.all_bytes += whole_bytes + sketches + (proves ? loader.BoundBytes(table[k]) : 0);
    steps.push_back(std::move(step));
  }
  return steps;
}

Result<std::vector<StepLevels>> Preparation::Run(std::optional<Values> calibration) {
  directions_.assign(loader_.size(), {});
  DLV_ASSIGN(const std::string key, KeyOfNetwork());
  DLV_ASSIGN(auto kept, FindKept(key, calibration));
  DLV_TRY(loader_.ComputeBounds(options_.cancel, progress_));
  if (kept) return std::move(*kept);
  const bool is_real = calibration.has_value();
  if (!is_real) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    calibration.emplace(kProfileInputs * AsSize(graph_.input.count()));
    for (double& one : *calibration) one = static_cast<float>(normal(random));
  }
  DLV_TRY(ChoosePrecision(*calibration));
  DLV_ASSIGN(Trial best, Try(*calibration));
  Directions best_directions = directions_;
  const std::size_t samples = calibration->size() / AsSize(graph_.input.count());
  bool any = false;  // layers to sketch
  for (std::size_t i = 0; i < loader_.size(); ++i) any = any || loader_.CanSketch(i);
  if (UsesDirections() && is_real && any && samples >= kLeastForSketches) {
    DLV_ASSIGN(const auto read, ReadByLayers(*calibration));
    std::vector<Directions> trials;
    for (const SketchKind& kind : kStretches)
      trials.push_back(StretchesOf(read, kind.share, kind.bits));
    if (options_.sketches) {
      const auto principal = FindDirections(read, kMostRank);
      for (const SketchKind& kind : kSketches)
        trials.push_back(SketchesOf(principal, kMostRank, kind.share, kind.bits));
    }
    for (Directions& one : trials) {
      DLV_TRY(SetDirections(one));
      DLV_TRY(loader_.ComputeBounds(options_.cancel, progress_));
      DLV_ASSIGN(Trial trial, Try(*calibration));
      if (trial.bits >= best.bits) continue;
      best = std::move(trial);
      best_directions = std::move(one);
    }
    DLV_TRY(SetDirections(best_directions));
    DLV_TRY(loader_.ComputeBounds(options_.cancel, progress_));
    directions_ = std::move(best_directions);
  }
  if (is_real) {
    DLV_ASSIGN(best.table, Refine(best, *calibration));
  }
  ShareLevels(best.table);
  DLV_TRY(Keep(key, is_real ? *calibration : Values(), best.table));
  return std::move(best.table);
}

Status Preparation::ChoosePrecision(const Values& calibration) {
  if (options_.precision || options_.keep_contrasts) {
    loader_.SetPrecision(options_.keep_contrasts ? Precision::kF64 : *options_.precision);
    return Ok();
  }
  loader_.SetPrecision(Precision::kF32);
  DLV_ASSIGN(const double deficit,
             MeasureRounding(graph_, loader_, FirstOf(calibration, kProfileInputs, graph_),
                             options_.threads));
  if (!(deficit <= kMostForSingle)) loader_.SetPrecision(Precision::kF64);
  return Ok();
}

Result<std::string> Preparation::KeyOfNetwork() const {
  std::string key = !UsesDirections()   ? "profile-5 plain"
                    : options_.sketches ? "profile-5"
                                        : "profile-5 stretched";
  for (const LinearPlan& plan : graph_.linears) {
    if (plan.parameter == nullptr) continue;
    DLV_ASSIGN(const std::string id, source_.ContentId(*plan.parameter));
    key += " " + id;
    // A table names levels by their places: stored otherwise, the tensor has others.
    DLV_ASSIGN(const std::vector<Level> levels, source_.Levels(*plan.parameter));
    for (const Level& level : levels)
      key += (level.by_significance ? ",step " : ",") + std::to_string(level.planes);
  }
  // Layers between them change what profiles are good for.
  for (const auto& layer : graph_.layers) {
    key += " " + layer->name();
    for (const std::uint32_t read : layer->reads()) key += "," + std::to_string(read);
  }
  io::Sha256 hash;  // of a deep network all that is too long for a key
  hash.Update(std::as_bytes(std::span(key)));
  return "profile-10 " + hash.Finish<FileDigest>().Hex();
}

/// Kept: the hash of the calibration; whether centres are in f32; for each layer the size of its
/// packed sketch and that, and the same of its stretch; the number of steps; their levels.
Result<std::optional<Preparation::Table>> Preparation::FindKept(
    const std::string& key, const std::optional<Values>& calibration) {
  using Found = std::optional<Table>;
  const auto kept = derived_ == nullptr ? std::nullopt : derived_->Find(key);
  if (!kept || kept->empty()) return Found();
  if (calibration && kept->front() != HashOfValues(*calibration)) return Found();
  const bool single = kept->size() > 1 && (*kept)[1] == 1;
  std::size_t at = 2;
  const auto next = [&]() { return at < kept->size() ? (*kept)[at++] : -1.0; };
  const auto next_part = [&]() -> std::optional<std::vector<double>> {
    const double size = next();
    if (!(size >= 0 && size <= static_cast<double>(kept->size() - at))) return std::nullopt;
    const auto begin = kept->begin() + static_cast<std::ptrdiff_t>(at);
    at += static_cast<std::size_t>(size);
    return std::vector<double>(begin, kept->begin() + static_cast<std::ptrdiff_t>(at));
  };
  std::vector<LayerDirections> directions(loader_.size());
  for (std::size_t i = 0; i < loader_.size(); ++i) {
    const auto sketch_part = next_part(), stretch_part = next_part();
    if (!sketch_part || !stretch_part) return Found();
    const std::int64_t columns = graph_.linears[i].layer->form().columns;
    if (!sketch_part->empty()) {
      auto sketch = CoarseMatrix::Unpacked(*sketch_part);
      if (!sketch || !loader_.CanSketch(i) || sketch->rows != columns) return Found();
      directions[i].sketch = std::move(*sketch);
    }
    if (!stretch_part->empty()) {
      auto form = StretchForm::Unpacked(*stretch_part);
      const auto stretch = form ? Stretch::Of(*form) : std::nullopt;
      if (!stretch || !loader_.CanSketch(i) || stretch->columns() != columns) return Found();
      directions[i].stretch = std::move(*form);
    }
  }
  const double count = next();
  if (!(count >= 1 &&
        count * static_cast<double>(loader_.size()) == static_cast<double>(kept->size() - at)))
    return Found();
  Table table(static_cast<std::size_t>(count));
  for (StepLevels& levels : table) {
    for (std::size_t i = 0; i < loader_.size(); ++i) {
      const double level = next();
      if (!(level >= 0 && level < static_cast<double>(loader_.LevelsOf(i).size()))) return Found();
      levels.push_back(static_cast<std::size_t>(level));
    }
  }
  for (std::size_t i = 0; i < loader_.size(); ++i) {
    if (table.back()[i] + 1 != loader_.LevelsOf(i).size()) return Found();
  }
  DLV_TRY(SetDirections(directions));
  directions_ = std::move(directions);
  const Precision kept_precision = single ? Precision::kF32 : Precision::kF64;
  loader_.SetPrecision(options_.keep_contrasts ? Precision::kF64
                                               : options_.precision.value_or(kept_precision));
  return Found(std::move(table));
}

Status Preparation::Keep(const std::string& key, const Values& calibration,
                         const Table& table) const {
  if (derived_ == nullptr) return Ok();
  std::vector<double> flat = {HashOfValues(calibration),
                              loader_.precision() == Precision::kF32 ? 1.0 : 0.0};
  const auto put = [&](const std::vector<double>& packed) {
    flat.push_back(static_cast<double>(packed.size()));
    flat.insert(flat.end(), packed.begin(), packed.end());
  };
  for (const LayerDirections& one : directions_) {
    put(one.sketch.columns > 0 ? one.sketch.Packed() : std::vector<double>());
    put(one.stretch.shifts.empty() ? std::vector<double>() : one.stretch.Packed());
  }
  flat.push_back(static_cast<double>(table.size()));
  for (const StepLevels& levels : table) {
    for (const std::size_t level : levels) flat.push_back(static_cast<double>(level));
  }
  return derived_->Put(key, flat);
}

Result<std::vector<Values>> Preparation::ReadByLayers(const Values& calibration) {
  StepLevels levels;
  for (std::size_t i = 0; i < loader_.size(); ++i) levels.push_back(loader_.LevelsOf(i).size() - 1);
  DLV_TRY(loader_.Use(levels));
  const std::size_t size = AsSize(graph_.input.count()), samples = calibration.size() / size;
  std::vector<Values> read(loader_.size());
  for (std::size_t i = 0; i < samples; ++i) {
    const auto sample = SampleOf(calibration, i, size);
    Pass computed(graph_, Values(sample.begin(), sample.end()), loader_.precision());
    computed.Forward(0, false);
    const Pass pass = computed.Single(0);
    for (std::size_t k = 0; k < loader_.size(); ++k) {
      if (!loader_.CanSketch(k)) continue;
      const Values& values = pass.ValuesOf(graph_.linears[k].layer->reads()[0]);
      read[k].insert(read[k].end(), values.begin(), values.end());
    }
  }
  return read;
}

std::vector<Values> Preparation::FindDirections(const std::vector<Values>& read,
                                                std::int64_t rank) const {
  std::vector<Values> directions(loader_.size());
  for (std::size_t k = 0; k < loader_.size(); ++k) {
    if (!loader_.CanSketch(k)) continue;
    const std::int64_t columns = graph_.linears[k].layer->form().columns;
    const auto samples = static_cast<std::int64_t>(read[k].size()) / columns;
    directions[k] = PrincipalDirections(read[k], samples, columns, rank);
  }
  return directions;
}

Preparation::Directions Preparation::SketchesOf(const std::vector<Values>& principal,
                                                std::int64_t rank, std::int64_t share,
                                                unsigned bits) const {
  Directions made(loader_.size());
  for (std::size_t i = 0; i < loader_.size(); ++i) {
    if (!loader_.CanSketch(i)) continue;
    const std::int64_t columns = graph_.linears[i].layer->form().columns;
    const std::int64_t used = std::clamp<std::int64_t>(columns / share, 1, rank);
    std::vector<double> first(AsSize(columns * used));
    for (std::int64_t row = 0; row < columns; ++row) {
      std::copy_n(principal[i].begin() + row * rank, used, first.begin() + row * used);
    }
    made[i].sketch = CoarseMatrix::Round(first, columns, used, bits);
  }
  return made;
}

Preparation::Directions Preparation::StretchesOf(const std::vector<Values>& read,
                                                 std::int64_t share, unsigned bits) const {
  Directions made(loader_.size());
  for (std::size_t i = 0; i < loader_.size(); ++i) {
    if (!loader_.CanSketch(i)) continue;
    const LinearForm& form = graph_.linears[i].layer->form();
    const std::int64_t rank = std::clamp<std::int64_t>(form.columns / share, 1, kMostRank);
    made[i].stretch = ChooseStretch(read[i], form.columns, form.rows, rank, bits);
  }
  return made;
}

Status Preparation::SetDirections(const Directions& directions) {
  for (std::size_t i = 0; i < loader_.size(); ++i) {
    if (!loader_.CanSketch(i)) continue;
    if (directions[i].stretch.shifts.empty()) {
      DLV_TRY(loader_.SetSketch(i, directions[i].sketch));
    } else {
      DLV_TRY(loader_.SetStretch(i, directions[i].stretch));
    }
  }
  return Ok();
}

Result<std::vector<std::size_t>> Preparation::Answer(const Values& calibration,
                                                     const Table& table) {
  constexpr std::size_t kAtOnce = 16;
  const std::size_t size = AsSize(graph_.input.count()), samples = calibration.size() / size;
  std::vector<Pass> passes;
  std::vector<std::vector<std::size_t>> indices;
  for (std::size_t i = 0; i < samples; i += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, samples - i);
    const auto part = std::span(calibration).subspan(i * size, count * size);
    passes.emplace_back(graph_, Values(part.begin(), part.end()), loader_.precision());
    indices.emplace_back();
    for (std::size_t k = 0; k < count; ++k) indices.back().push_back(i + k);
  }
  std::vector<std::size_t> proved(samples, table.size());
  for (std::size_t step = 0; step < table.size(); ++step) {
    DLV_ASSIGN(const std::size_t first, loader_.Use(table[step]));
    ParallelFor(passes.size(), options_.threads, [&](std::size_t g) {
      if (indices[g].empty()) return;
      passes[g].Forward(passes[g].is_complete() ? first : 0);
      std::vector<std::size_t> kept, open;
      progressive::Answer answer;
      const ContrastLosses losses = passes[g].BoundContrasts();
      for (std::size_t i = 0; i < indices[g].size(); ++i) {
        if (Prove(passes[g], losses, i, options_.top_k, true, false, answer)) {
          proved[indices[g][i]] = step;
        } else {
          kept.push_back(i);
          open.push_back(indices[g][i]);
        }
      }
      if (kept.size() != indices[g].size()) passes[g].Keep(kept);
      indices[g] = std::move(open);
    });
  }
  return proved;
}

Result<std::vector<double>> Preparation::CostsOf(const Table& table, bool proves) {
  DLV_ASSIGN(const auto steps, StepsOf(graph_, loader_, source_, table, proves));
  std::vector<double> costs;
  for (const StepReport& step : steps) costs.push_back(static_cast<double>(step.plane_bytes));
  return costs;
}

void Preparation::ShareLevels(Table& table) const {
  for (StepLevels& levels : table) {
    std::map<std::string_view, std::size_t> deepest;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      if (graph_.linears[i].parameter == nullptr) continue;
      std::size_t& level = deepest[graph_.linears[i].parameter->name];
      level = std::max(level, levels[i]);
    }
    for (std::size_t i = 0; i < levels.size(); ++i) {
      if (graph_.linears[i].parameter != nullptr)
        levels[i] = deepest.at(graph_.linears[i].parameter->name);
    }
  }
  table.erase(std::unique(table.begin(), table.end()), table.end());
}

Result<Preparation::Trial> Preparation::Try(const Values& calibration) {
  DLV_ASSIGN(const Deficits deficits,
             MeasureDeficits(graph_, loader_, FirstOf(calibration, kProfileInputs, graph_),
                             options_.threads, options_.cancel, progress_));
  Trial trial{NestedTable(loader_, deficits), 0};
  ShareLevels(trial.table);
  DLV_ASSIGN(const auto proved, Answer(calibration, trial.table));
  DLV_ASSIGN(const auto costs, CostsOf(trial.table, false));
  const std::vector<bool> kept = StepsToKeep(costs, proved);
  Table table;
  std::vector<std::size_t> places(trial.table.size() + 1, 0);
  for (std::size_t step = 0; step < trial.table.size(); ++step) {
    if (kept[step]) table.push_back(trial.table[step]);
    places[step] = table.size() - (table.empty() ? 0 : 1);
  }
  DLV_ASSIGN(const auto kept_costs, CostsOf(table, true));
  for (const std::size_t step : proved) {
    const std::size_t place = step < trial.table.size() ? places[step] : table.size() - 1;
    trial.bits += kept_costs[place];
    trial.answered.push_back(place);
  }
  trial.bits /= static_cast<double>(std::max<std::size_t>(proved.size(), 1));
  trial.table = std::move(table);
  return trial;
}

Result<Preparation::Table> Preparation::Refine(const Trial& trial, const Values& calibration) {
  const std::size_t size = AsSize(graph_.input.count());
  TableProbe probe;
  probe.costs = [&](const Table& table) { return CostsOf(table, true); };
  probe.prove = [&](const StepLevels& levels,
                    const std::vector<std::size_t>& open) -> Result<std::vector<bool>> {
    if (options_.cancel != nullptr && options_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped"};
    Values inputs;
    for (const std::size_t i : open) {
      const auto sample = SampleOf(calibration, i, size);
      inputs.insert(inputs.end(), sample.begin(), sample.end());
    }
    DLV_ASSIGN(const auto proved, Answer(inputs, {levels}));
    std::vector<bool> found(open.size());
    for (std::size_t k = 0; k < open.size(); ++k) found[k] = proved[k] == 0;
    return found;
  };
  return RefineTable(trial.table, trial.answered, probe);
}

}  // namespace dlv::progressive
