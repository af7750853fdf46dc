#include "engine/progressive/pass.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {

using bounds::Above;

Pass::Pass(const LayerGraph& graph, Values input, Precision precision)
    : graph_(graph),
      samples_(input.size() / static_cast<std::size_t>(graph.input.count())),
      precision_(precision),
      values_(graph.value_count()),
      spreads_(graph.value_count()),
      held_(graph.memory) {
  if (precision == Precision::kF32) {
    singles_.resize(graph.value_count());
    singles_[0].resize(input.size());
    std::ranges::transform(input, singles_[0].begin(),
                           [](double one) { return static_cast<float>(one); });
  } else {
    values_[0] = std::move(input);
  }
  spreads_[0].whole.assign(samples_, 0);
  spreads_[0].by_position.assign(samples_ * static_cast<std::size_t>(graph.input.positions()), 0);
  Count();
}

namespace {

template <class Number>
std::vector<OperandOf<Number>> ReadBy(const Layer& layer, const LayerGraph& graph,
                                      const std::vector<std::vector<Number>>& values,
                                      const std::vector<Spread>* spreads, Precision computed) {
  std::vector<OperandOf<Number>> operands;
  for (const std::uint32_t value : layer.reads()) {
    operands.push_back({&values[value], spreads != nullptr ? &(*spreads)[value] : nullptr,
                        graph.ExtentOf(value), computed});
  }
  return operands;
}

}  // namespace

std::vector<Operand> Pass::OperandsOf(const Layer& layer, bool with_spread) const {
  return ReadBy(layer, graph_, values_, with_spread ? &spreads_ : nullptr, precision_);
}

Pass::Stage Pass::StageFrom(std::size_t layer) const {
  // Of what one layer reads and makes, so that it stays in a core's second-level cache.
  constexpr std::size_t kStageBytes = std::size_t{1} << 20;
  if (graph_.layers[layer]->WantsAllSamples()) return {layer + 1, samples_};
  std::size_t end = layer, most = 1;
  for (; end < graph_.layers.size() && !graph_.layers[end]->WantsAllSamples(); ++end) {
    std::int64_t elements = graph_.layers[end]->extent().count();
    for (const std::uint32_t read : graph_.layers[end]->reads())
      elements += graph_.ExtentOf(read).count();
    most = std::max(most, AsSize(elements) * sizeof(double));
  }
  return {end, std::max<std::size_t>(1, kStageBytes / most)};
}

template <class Number>
void Pass::RunLayer(std::size_t i, SampleRange samples, bool computes, bool with_bounds,
                    std::vector<std::vector<Number>>& values) {
  const Layer& layer = *graph_.layers[i];
  const std::vector<OperandOf<Number>> operands =
      ReadBy(layer, graph_, values, with_bounds ? &spreads_ : nullptr, precision_);
  const std::span<const OperandOf<Number>> read(operands);
  if (computes) layer.Compute(read, samples, values[i + 1]);
  if (!with_bounds) return;
  layer.Bound(read, samples, values[i + 1], spreads_[i + 1]);
  for (const auto& block : graph_.blocks) {
    if (block->places().sum == i + 1) block->Tighten(graph_, samples, spreads_);
  }
}

template <class Number>
void Pass::Run(std::size_t first, bool with_bounds, std::vector<std::vector<Number>>& values) {
  // Where the last pass went without bounds, those of the values that stay are missing, too.
  const std::size_t first_bound = with_bounds && !bounded_ ? 0 : first;
  for (std::size_t i = first_bound; i < graph_.layers.size(); ++i) {
    const Layer& layer = *graph_.layers[i];
    values[i + 1].resize(samples_ * layer.count());
    if (!with_bounds) continue;
    spreads_[i + 1].whole.resize(samples_);
    spreads_[i + 1].by_position.resize(samples_ * layer.positions());
  }
  Count();
  for (std::size_t begin = first_bound; begin < graph_.layers.size();) {
    const Stage stage = StageFrom(begin);
    for (std::size_t sample = 0; sample < samples_; sample += stage.samples) {
      const SampleRange some(sample, std::min(samples_, sample + stage.samples));
      for (std::size_t i = begin; i < stage.end; ++i)
        RunLayer(i, some, i >= first, with_bounds, values);
    }
    begin = stage.end;
  }
}

void Pass::Forward(std::size_t first, bool with_bounds) {
  if (precision_ == Precision::kF32) {
    Run(first, with_bounds, singles_);
    const SingleValues& scores = singles_[graph_.output];
    values_[graph_.output].assign(scores.begin(), scores.end());
  } else {
    Run(first, with_bounds, values_);
  }
  complete_ = true;
  bounded_ = with_bounds;
  Count();
}

Pass Pass::Single(std::size_t sample) const {
  Pass single(graph_, Values(static_cast<std::size_t>(graph_.input.count())), Precision::kF64);
  single.precision_ = precision_;
  single.widened_ = precision_ == Precision::kF32;
  single.complete_ = complete_;
  single.bounded_ = bounded_;
  for (std::uint32_t value = 0; value < graph_.value_count(); ++value) {
    const Extent& extent = graph_.ExtentOf(value);
    const auto count = static_cast<std::size_t>(extent.count());
    if (singles_.empty()) {
      const auto from = SampleOf(values_[value], sample, count);
      single.values_[value].assign(from.begin(), from.end());
    } else {
      const auto from = SampleOf(singles_[value], sample, count);
      single.values_[value].assign(from.begin(), from.end());
    }
    if (!bounded_) continue;
    const auto entries = spreads_[value].Of(sample, extent.positions());
    single.spreads_[value] = {{spreads_[value].whole[sample]}, {entries.begin(), entries.end()}};
  }
  single.Count();
  return single;
}

void Pass::Keep(std::span<const std::size_t> kept) {
  const auto gather = [&](auto& rows) {
    if (rows.empty()) return;
    const std::size_t size = rows.size() / samples_;
    for (std::size_t k = 0; k < kept.size(); ++k) {
      if (kept[k] != k) std::copy_n(rows.data() + kept[k] * size, size, rows.data() + k * size);
    }
    rows.resize(kept.size() * size);
  };
  for (Values& values : values_) gather(values);
  for (SingleValues& values : singles_) gather(values);
  for (Spread& spread : spreads_) {
    gather(spread.whole);
    gather(spread.by_position);
    gather(spread.own);
  }
  samples_ = kept.size();
  Count();
}

void Pass::Shrink() {
  for (std::size_t i = 1; i < values_.size(); ++i) {
    if (i == graph_.output) continue;
    values_[i] = {};
    if (!singles_.empty()) singles_[i] = {};
    spreads_[i] = {};
  }
  complete_ = bounded_ = false;
  Count();
}

std::span<const double> Pass::ScoresOf(std::size_t sample) const {
  return SampleOf(values_[graph_.output], sample,
                  static_cast<std::size_t>(graph_.ExtentOf(graph_.output).count()));
}

std::uint64_t Pass::bytes() const {
  std::uint64_t bytes = 0;
  for (const Values& values : values_) bytes += values.capacity() * sizeof(double);
  for (const SingleValues& values : singles_) bytes += values.capacity() * sizeof(float);
  for (const Spread& spread : spreads_) {
    bytes += (spread.whole.capacity() + spread.by_position.capacity() + spread.own.capacity()) *
             sizeof(double);
  }
  return bytes;
}

std::uint64_t BytesOfSample(const LayerGraph& graph) {
  std::uint64_t elements = 0;
  for (std::uint32_t value = 0; value < graph.value_count(); ++value) {
    const Extent& extent = graph.ExtentOf(value);
    elements += static_cast<std::uint64_t>(extent.count() + extent.positions() + 1);
  }
  return elements * sizeof(double);
}

namespace {

/// The directions that wait at values on the way back, with the loss so far.
class Frontier {
 public:
  Frontier(const LayerGraph& graph, std::span<const Spread> spreads, std::size_t sample)
      : graph_(graph), spreads_(spreads), directions_(graph.value_count()) {
    backward.sample = sample;
  }

  Backward backward;

  void Put(std::uint32_t value, std::vector<double> direction) {
    std::vector<double>& there = directions_[value];
    if (there.empty()) {
      there = std::move(direction);
      return;
    }
    // The rounding of the sum acts on the spread.
    const double norms = bounds::SumAbove(bounds::NormAbove(there), bounds::NormAbove(direction));
    for (std::size_t at = 0; at < there.size(); ++at) there[at] += direction[at];
    backward.loss =
        Above(backward.loss + bounds::kUnit * norms * spreads_[value].whole[backward.sample], 4);
  }

  std::vector<double> Take(std::uint32_t value) { return std::exchange(directions_[value], {}); }

  /// At least what the spreads can do along all directions that wait.
  double Rest() const {
    double rest = 0;
    for (std::uint32_t value = 0; value < directions_.size(); ++value) {
      if (!directions_[value].empty()) rest = bounds::SumAbove(rest, RestAt(value));
    }
    return rest;
  }

 private:
  double RestAt(std::uint32_t value) const {
    const Extent& extent = graph_.ExtentOf(value);
    const auto positions = static_cast<std::size_t>(extent.positions());
    std::vector<double> norms(positions);
    PositionNorms(directions_[value], extent, norms);
    const double whole = spreads_[value].whole[backward.sample];
    const double by_whole = Above(bounds::NormAbove(norms) * whole);
    const std::span<const double> entries = spreads_[value].Of(backward.sample, extent.positions());
    double by_positions = 0;
    for (std::size_t p = 0; p < positions; ++p) by_positions += norms[p] * entries[p];
    by_positions = Above(by_positions, static_cast<double>(positions) + 1);
    return by_positions < by_whole ? by_positions : by_whole;
  }

  const LayerGraph& graph_;
  std::span<const Spread> spreads_;
  std::vector<std::vector<double>> directions_;
};

/// At most a - b for numbers that were rounded up and to nearest.
double DifferenceBelow(double a, double b) {
  return (a - b) - 4 * bounds::kUnit * (std::abs(a) + b);
}

}  // namespace

double Pass::LowerBound(std::size_t sample, std::int64_t over, std::int64_t under,
                        std::size_t layers, double enough) const {
  if (precision_ == Precision::kF32 && !widened_)
    return Single(sample).LowerBound(0, over, under, layers, enough);
  const std::span<const double> scores = ScoresOf(sample);
  const double margin =
      scores[static_cast<std::size_t>(over)] - scores[static_cast<std::size_t>(under)];
  const double margin_error = Above(bounds::kUnit * std::abs(margin));
  Frontier frontier(graph_, spreads_, sample);
  std::vector<double> first(scores.size(), 0);
  first[static_cast<std::size_t>(over)] = 1;
  first[static_cast<std::size_t>(under)] = -1;
  frontier.Put(graph_.output, std::move(first));
  double best = -std::numeric_limits<double>::infinity();
  std::size_t walked = 0;
  for (std::uint32_t value = graph_.output; value > 0; --value) {
    const std::vector<double> v = frontier.Take(value);
    if (v.empty()) continue;
    const Layer& layer = *graph_.layers[value - 1];
    const auto candidate = [&](double more) {
      const double loss = Above(frontier.backward.loss + more + margin_error, 2);
      return DifferenceBelow(margin, loss);
    };
    const std::vector<Operand> operands = OperandsOf(layer, true);
    const double rest = frontier.Rest();
    const double cut = layer.Cut(operands, v, sample, margin - frontier.backward.loss - rest);
    best = std::max(best, candidate(bounds::SumAbove(rest, cut)));
    if (best > enough || walked == layers) return best;
    std::vector<std::vector<double>> pulled;
    std::vector<std::span<double>> rooms;
    for (const std::uint32_t read : layer.reads())
      pulled.emplace_back(static_cast<std::size_t>(graph_.ExtentOf(read).count()));
    for (std::vector<double>& room : pulled) rooms.emplace_back(room);
    layer.Pull(operands, values_[value], spreads_[value], v, frontier.backward, rooms);
    for (std::size_t i = 0; i < pulled.size(); ++i)
      frontier.Put(layer.reads()[i], std::move(pulled[i]));
    const double bound = candidate(frontier.Rest());
    if (std::isnan(bound)) return bound;
    best = std::max(best, bound);
    ++walked;
    if (best > enough) return best;
    // What was lost does not come back: further back it can only be more.
    if (!(DifferenceBelow(margin, frontier.backward.loss) > 0)) return best;
  }
  return best;
}

const LinearLayer* Pass::Head() const {
  for (const LinearPlan& plan : graph_.linears) {
    const bool is_head = graph_.output > 0 && graph_.layers[graph_.output - 1].get() == plan.layer;
    if (is_head && plan.layer->HasContrasts()) return plan.layer;
  }
  return nullptr;
}

ContrastLosses Pass::BoundContrasts() const {
  const LinearLayer* const head = Head();
  if (head == nullptr) return {};
  if (singles_.empty()) return head->BoundContrasts(OperandsOf(*head, true)[0], samples_);
  return head->BoundContrasts(ReadBy(*head, graph_, singles_, &spreads_, precision_)[0], samples_);
}

double Pass::LowerBound(const ContrastLosses& losses, std::size_t sample, std::int64_t over,
                        std::int64_t under) const {
  const std::span<const double> scores = ScoresOf(sample);
  const auto first = static_cast<std::size_t>(over), second = static_cast<std::size_t>(under);
  const double margin = scores[first] - scores[second];
  const double loss = Above(
      Head()->ContrastLoss(losses, sample, first, second) + bounds::kUnit * std::abs(margin), 3);
  return DifferenceBelow(margin, loss);
}

std::vector<double> Pass::ScoreRadii(std::size_t sample) const {
  if (precision_ == Precision::kF32)
    return std::vector<double>(graph_.layers[graph_.output - 1]->count(), bounds::kInfinity);
  std::vector<std::vector<double>> radii(graph_.value_count());
  radii[0].assign(static_cast<std::size_t>(graph_.input.count()), 0);
  for (std::size_t i = 0; i < graph_.layers.size(); ++i) {
    const Layer& layer = *graph_.layers[i];
    std::vector<std::vector<double>> read;
    for (const std::uint32_t value : layer.reads()) read.push_back(radii[value]);
    radii[i + 1].resize(layer.count());
    layer.Widen(OperandsOf(layer, false), read, sample,
                SampleOf(values_[i + 1], sample, layer.count()), radii[i + 1]);
  }
  return radii[graph_.output];
}

}  // namespace dlv::progressive
