#include "engine/progressive/weight_loader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "engine/bounds/blas.h"
#include "engine/bounds/centre.h"
#include "engine/bounds/rounding.h"
#include "engine/bounds/spectral_norm.h"
#include "engine/progressive/linear_norms.h"
#include "storage/io/hash.h"

namespace dlv::progressive {
namespace {

using bounds::Above;
using bounds::kUnit;

/// Changes whenever the bounds of the same weights would come out otherwise.
constexpr std::string_view kAlgorithm = "bounds-5";

/// What tells views of one tensor apart: the SHA-256 of numbers, in hexadecimal.
template <class T>
std::string HashText(const std::vector<T>& values) {
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(values)));
  return hash.Finish<FileDigest>().Hex();
}

/// Whether the matrix differs from the tensor's elements by rounding.
bool Scales(const Affine& affine) {
  return std::ranges::any_of(affine.factor, [](double one) { return one != 1; }) ||
         std::ranges::any_of(affine.factor_error, [](double one) { return one != 0; });
}

double AbsoluteNorm(std::span<const double> matrix, std::int64_t rows, std::int64_t columns) {
  return bounds::AbsoluteNormAbove(matrix, rows, columns);
}

Status CentreOf(const LeveledTensor& tensor, std::span<double> centre, std::span<double> radius) {
  if (tensor.by_significance && !tensor.exact)
    return bounds::CentreBySignificance(tensor.dtype, tensor.planes, tensor.bytes, centre, radius);
  const auto full = static_cast<unsigned>(8 * SizeOf(tensor.dtype));
  return bounds::CentreOf(tensor.dtype, tensor.exact ? full : tensor.planes, tensor.exact,
                          tensor.bytes, centre, radius);
}

/// Beyond so many rows norms of all differences are not computed.
constexpr std::int64_t kMostContrasts = 128;

}  // namespace

WeightLoader::WeightLoader(const LayerGraph& graph, LevelSource& source, DerivedData* derived,
                           std::uint64_t kept_bytes)
    : graph_(graph),
      source_(source),
      derived_(derived),
      kept_bytes_(kept_bytes),
      layers_(graph.linears.size()),
      used_(graph.linears.size(), SIZE_MAX) {}

bool WeightLoader::IsLast(const LinearPlan& plan) const {
  return graph_.layers[graph_.output - 1].get() == plan.layer;
}

Status WeightLoader::Open() {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const LinearPlan& plan = graph_.linears[i];
    LayerState& state = layers_[i];
    state.elements = AsSize(plan.layer->form().outputs() * plan.layer->form().columns);
    if (plan.parameter == nullptr) {
      state.levels = {{64, true, 0, 0}};
    } else {
      DLV_ASSIGN(state.levels, source_.Levels(*plan.parameter));
    }
    if (state.levels.empty() || !state.levels.back().exact)
      return Error{ErrorCode::kInternal, "a tensor without an exact level"};
    state.residuals.resize(state.levels.size());
    state.parts.resize(state.levels.size());
    DLV_ASSIGN(state.key, KeyOf(plan));
    DLV_TRY(FindKept(i));
  }
  return Ok();
}

Result<std::string> WeightLoader::KeyOf(const LinearPlan& plan) const {
  const LinearForm& form = plan.layer->form();
  std::string key(kAlgorithm);
  if (plan.parameter == nullptr) {
    key += " constant " + HashText(plan.constant);
  } else {
    DLV_ASSIGN(const std::string id, source_.ContentId(*plan.parameter));
    key += " " + id;
  }
  const Window& window = form.window;
  for (const std::int64_t one :
       {form.groups, form.rows, form.columns, window.height, window.width, window.stride_height,
        window.stride_width, window.dilation_height, window.dilation_width, window.pad_top,
        window.pad_left, form.in.height, form.in.width, form.out.height, form.out.width})
    key += " " + std::to_string(one);
  return key + " order " + HashText(plan.order) + " factor " + HashText(plan.affine.factor) +
         " error " + HashText(plan.affine.factor_error) + (IsLast(plan) ? " rows" : "");
}

Status WeightLoader::FindKept(std::size_t linear) {
  if (derived_ == nullptr) return Ok();
  LayerState& state = layers_[linear];
  const auto whole = derived_->Find(state.key + " whole");
  if (!whole || whole->size() != 3) return Ok();
  state.whole = std::make_shared<WholeNorms>(WholeNorms{(*whole)[0], (*whole)[1], (*whole)[2]});
  for (std::size_t level = 0; level < state.levels.size(); ++level) {
    const std::string key = KeyAt(linear, level);
    const auto found = derived_->Find(key);
    if (!found || found->size() < 4) continue;
    if (state.sketch != nullptr && !state.levels[level].exact) {
      const auto packed = derived_->Find(key + " part");
      auto part = packed ? CoarseMatrix::Unpacked(*packed) : std::nullopt;
      if (!part || part->columns != state.sketch->rank ||
          part->rows != graph_.linears[linear].layer->form().rows)
        continue;
      state.parts[level] = std::make_shared<CoarseMatrix>(std::move(*part));
    }
    state.residuals[level] = std::make_shared<ResidualNorms>(
        ResidualNorms{(*found)[0], (*found)[1], (*found)[2], (*found)[3], 0,
                      std::vector<double>(found->begin() + 4, found->end())});
  }
  return Ok();
}

std::string WeightLoader::KeyAt(std::size_t linear, std::size_t level) const {
  const LayerState& state = layers_[linear];
  return state.key + (state.levels[level].by_significance ? " step " : " planes ") +
         std::to_string(state.levels[level].planes) + state.sketch_key;
}

Status WeightLoader::Keep(const std::string& key, const std::vector<double>& values) {
  return derived_ == nullptr ? Ok() : derived_->Put(key, values);
}

bool WeightLoader::CanSketch(std::size_t linear) const {
  const LinearPlan& plan = graph_.linears[linear];
  constexpr std::int64_t kLeastColumns = 256;
  return plan.parameter != nullptr && plan.layer->form().is_full() && !IsLast(plan) &&
         plan.layer->form().columns >= kLeastColumns;
}

Status WeightLoader::SetSketch(std::size_t linear, const CoarseMatrix& directions) {
  LayerState& state = layers_[linear];
  ForgetDirections(state);
  if (directions.columns > 0) {
    auto sketch = std::make_shared<Sketch>();
    sketch->rank = directions.columns;
    sketch->directions = directions.Values();
    sketch->norm = bounds::NormAbove(sketch->directions);
    sketch->solver =
        SolverOf(sketch->directions,
                 static_cast<std::int64_t>(sketch->directions.size()) / sketch->rank, sketch->rank);
    sketch->single_solver.assign(sketch->solver.begin(), sketch->solver.end());
    std::ranges::copy(sketch->single_solver, sketch->solver.begin());
    sketch->solver_norm = bounds::NormAbove(sketch->solver);
    sketch->remainder = Remainder(sketch->directions, sketch->solver, sketch->rank);
    const bool same = std::ranges::all_of(
        sketch->directions, [](double one) { return one == static_cast<float>(one); });
    if (!same) return Error{ErrorCode::kInternal, "directions of a sketch that are no f32"};
    state.sketch_key = " sketch " + HashText(sketch->directions);
    state.direction_bytes = directions.bytes();
    state.sketch_bits = directions.bits;
    state.sketch = std::move(sketch);
  }
  return FindKept(linear);
}

Status WeightLoader::SetStretch(std::size_t linear, const StretchForm& form) {
  LayerState& state = layers_[linear];
  ForgetDirections(state);
  if (!form.shifts.empty()) {
    auto stretch = Stretch::Of(form);
    if (!stretch || stretch->columns() != graph_.linears[linear].layer->form().columns)
      return Error{ErrorCode::kInternal, "a stretch that does not fit its layer"};
    state.sketch_key = " stretch " + stretch->Hash();
    state.direction_bytes = form.bytes();
    state.stretch = std::make_shared<Stretch>(std::move(*stretch));
  }
  return FindKept(linear);
}

void WeightLoader::ForgetDirections(LayerState& state) {
  state.sketch = nullptr;
  state.stretch = nullptr;
  state.sketch_key.clear();
  state.direction_bytes = 0;
  std::ranges::fill(state.residuals, nullptr);
  std::ranges::fill(state.parts, nullptr);
  ForgetLoaded();
}

void WeightLoader::AddSketch(const Sketch& sketch, const CoarseMatrix& part,
                             std::vector<double>& centre) {
  const std::vector<double> values = part.Values();
  const auto columns = static_cast<std::int64_t>(sketch.directions.size()) / sketch.rank;
  bounds::MultiplyAdd(bounds::Transpose::kNo, bounds::Transpose::kYes, part.rows, columns,
                      sketch.rank, values.data(), sketch.rank, sketch.directions.data(),
                      sketch.rank, 1, centre.data(), columns);
}

std::uint64_t WeightLoader::SketchBytes(const std::vector<std::vector<std::size_t>>& steps) const {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const LayerState& state = layers_[i];
    std::set<std::size_t> levels;
    for (const auto& step : steps) {
      if (!state.levels[step[i]].exact) levels.insert(step[i]);
    }
    if (!levels.empty()) bytes += state.direction_bytes;
    for (const std::size_t level : levels)
      bytes += state.parts[level] == nullptr ? 0 : state.parts[level]->bytes();
  }
  return bytes;
}

Result<LeveledTensor> WeightLoader::ReadLevel(std::size_t linear, std::size_t level) {
  const LinearPlan& plan = graph_.linears[linear];
  auto tensor = source_.Read(*plan.parameter, layers_[linear].levels[level].planes);
  if (!tensor.ok()) return tensor;
  const std::size_t elements = tensor->bytes.size() / SizeOf(tensor->dtype);
  if (elements == layers_[linear].elements) return tensor;
  return Error{ErrorCode::kInvalidArgument, "parameter " + plan.parameter->name + " has " +
                                                std::to_string(elements) + " elements, want " +
                                                std::to_string(layers_[linear].elements)};
}

std::vector<double> WeightLoader::Arrange(const LinearPlan& plan,
                                          const std::vector<double>& elements) const {
  std::vector<double> matrix(elements.size());
  const std::size_t columns = AsSize(plan.layer->form().columns);
  for (std::size_t k = 0; k < matrix.size(); ++k)
    matrix[k] = plan.affine.factor[k / columns] * elements[plan.order.empty() ? k : plan.order[k]];
  return matrix;
}

WholeNorms WeightLoader::NormsOfWhole(const LinearPlan& plan,
                                      const std::vector<double>& whole) const {
  const LinearForm& form = plan.layer->form();
  // The true matrix differs from this one by the folded factor's rounding.
  const double off = NormsOfResidual(plan, whole, whole).frobenius;
  const auto overlap = static_cast<double>(form.window.Overlap());
  WholeNorms norms;
  const double spectral = SpectralOf(form, whole);
  norms.whole = bounds::SumAbove(spectral, off);
  norms.absolute = bounds::SumAbove(MaximumOverGroups(form, whole, AbsoluteNorm), off);
  norms.operator_whole =
      Above(OperatorOf(form, whole, spectral) + bounds::RootAbove(overlap) * off, 2);
  return norms;
}

/// With folded factors s = f + e, |e| <= `factor_error`: the true residual s W - C' is
/// (fl(f W) - C') + (f W - fl(f W)) + e W; the last two are at most (u + |e| / |f|) |f W|, here
/// bounded row by row in the Frobenius norm. The difference is rounded once more, by at most u of
/// itself, or is exact: fl(f W) and C' lie close together.
ResidualNorms WeightLoader::NormsOfResidual(const LinearPlan& plan,
                                            const std::vector<double>& whole,
                                            const std::vector<double>& centre) const {
  const LinearForm& form = plan.layer->form();
  const std::size_t columns = AsSize(form.columns);
  std::vector<double> residual(whole.size());
  for (std::size_t k = 0; k < residual.size(); ++k) residual[k] = whole[k] - centre[k];
  std::vector<double> off = RowNorms(whole, columns);
  for (std::size_t r = 0; r < off.size(); ++r) {
    const double factor = std::abs(plan.affine.factor[r]);
    const double error = plan.affine.factor_error[r];
    const double relative = error == 0 ? 0 : Above(error / factor, 2);
    off[r] = Scales(plan.affine) ? Above((relative + 4 * kUnit) * off[r], 3) : 0;
  }
  const double more = bounds::NormAbove(off);
  ResidualNorms norms;
  norms.rounding = more;
  const auto overlap = static_cast<double>(form.window.Overlap());
  const double spectral = Above(SpectralOf(form, residual));
  norms.residual = bounds::SumAbove(spectral, more);
  norms.operator_residual =
      Above(Above(OperatorOf(form, residual, spectral)) + bounds::RootAbove(overlap) * more, 2);
  norms.frobenius = Above(Above(bounds::NormAbove(residual)) + more);
  if (IsLast(plan)) {
    norms.rows = RowNorms(residual, columns);
    for (std::size_t r = 0; r < off.size(); ++r)
      norms.rows[r] = bounds::SumAbove(Above(norms.rows[r]), off[r]);
  }
  return norms;
}

Status WeightLoader::ComputeLevels(std::size_t linear, const CancellationToken* cancel) {
  LayerState& state = layers_[linear];
  const LinearPlan& plan = graph_.linears[linear];
  std::vector<double> elements = plan.constant;
  if (plan.parameter != nullptr) {
    DLV_ASSIGN(const LeveledTensor tensor, ReadLevel(linear, state.levels.size() - 1));
    DLV_ASSIGN(elements, NumbersOf(tensor));
  }
  for (const double element : elements) has_special_ = has_special_ || !std::isfinite(element);
  const std::vector<double> whole = Arrange(plan, elements);
  state.whole = std::make_shared<WholeNorms>(NormsOfWhole(plan, whole));
  DLV_TRY(Keep(state.key + " whole",
               {state.whole->whole, state.whole->absolute, state.whole->operator_whole}));
  for (std::size_t level = 0; level < state.levels.size(); ++level) {
    if (cancel != nullptr && cancel->cancelled()) return Error{ErrorCode::kCancelled, "stopped"};
    std::vector<double> centre = elements;
    if (!state.levels[level].exact) {
      DLV_ASSIGN(const LeveledTensor tensor, ReadLevel(linear, level));
      auto made = CentreOf(tensor, centre, {});
      if (!made.ok()) continue;  // an exponent of all ones: this level proves nothing
    }
    std::vector<double> matrix = Arrange(plan, centre);
    const std::string key = KeyAt(linear, level);
    const bool sketched = state.sketch != nullptr && !state.levels[level].exact;
    if (sketched) {
      auto part = std::make_shared<CoarseMatrix>(
          PartOf(*state.sketch, state.sketch_bits, plan, whole, matrix));
      AddSketch(*state.sketch, *part, matrix);
      DLV_TRY(Keep(key + " part", part->Packed()));
      state.parts[level] = std::move(part);
    }
    auto norms = std::make_shared<ResidualNorms>(NormsOfResidual(plan, whole, matrix));
    if (sketched) AddSketchNorms(plan, *state.sketch, *state.parts[level], whole, matrix, *norms);
    if (state.stretch != nullptr) {
      norms->along = StretchedNorm(plan, *state.stretch, whole, matrix, norms->rounding);
    }
    std::vector<double> values = {norms->residual, norms->operator_residual, norms->frobenius,
                                  norms->along};
    values.insert(values.end(), norms->rows.begin(), norms->rows.end());
    state.residuals[level] = std::move(norms);
    DLV_TRY(Keep(key, values));
  }
  return Ok();
}

/// About D P (P^T P)^-1.
CoarseMatrix WeightLoader::PartOf(const Sketch& sketch, unsigned bits, const LinearPlan& plan,
                                  const std::vector<double>& whole,
                                  const std::vector<double>& centre) {
  return CoarseMatrix::Round(Along(sketch.solver, plan, whole, centre), plan.layer->form().rows,
                             sketch.rank, bits);
}

/// (W - C') times a matrix of [columns][rank] as computed, [rows][rank].
std::vector<double> WeightLoader::Along(const std::vector<double>& directions,
                                        const LinearPlan& plan, const std::vector<double>& whole,
                                        const std::vector<double>& centre) {
  const LinearForm& form = plan.layer->form();
  const auto rank = static_cast<std::int64_t>(directions.size()) / form.columns;
  std::vector<double> residual(whole.size()), along(AsSize(form.rows * rank));
  for (std::size_t k = 0; k < residual.size(); ++k) residual[k] = whole[k] - centre[k];
  bounds::MultiplyAdd(bounds::Transpose::kNo, bounds::Transpose::kNo, form.rows, rank, form.columns,
                      residual.data(), form.columns, directions.data(), rank, 0, along.data(),
                      rank);
  return along;
}

/// The centre C + U P^T is a sum of rank + 1 products, which another machine rounds otherwise: by
/// at most gamma (|C| + |U| |P|^T) each, twice. |C| is at most |C'| + |U| |P|^T, up to that.
void WeightLoader::AddSketchNorms(const LinearPlan& plan, const Sketch& sketch,
                                  const CoarseMatrix& part, const std::vector<double>& whole,
                                  const std::vector<double>& centre, ResidualNorms& norms) {
  const LinearForm& form = plan.layer->form();
  const double gamma = bounds::GammaAbove(static_cast<double>(sketch.rank) + 2);
  const double products = bounds::ProductAbove(bounds::NormAbove(part.Values()), sketch.norm);
  const double off = Above(3 * gamma * (bounds::NormAbove(centre) + 3 * products), 6);
  norms.residual = bounds::SumAbove(norms.residual, off);
  norms.operator_residual = bounds::SumAbove(norms.operator_residual, off);
  norms.frobenius = bounds::SumAbove(norms.frobenius, off);
  const double rounding = bounds::GammaAbove(static_cast<double>(form.columns) + 1);
  norms.along = Above(bounds::SpectralNormAbove(Along(sketch.directions, plan, whole, centre),
                                                form.rows, sketch.rank) +
                          (rounding * norms.frobenius + off + norms.rounding) * sketch.norm,
                      6);
}

/// D is what is computed of it and what NormsOfResidual adds for folded factors.
double WeightLoader::StretchedNorm(const LinearPlan& plan, const Stretch& stretch,
                                   const std::vector<double>& whole,
                                   const std::vector<double>& centre, double rounding) {
  std::vector<double> residual(whole.size());
  for (std::size_t k = 0; k < residual.size(); ++k) residual[k] = whole[k] - centre[k];
  const double norm = Above(stretch.ProductAbove(residual, plan.layer->form().rows));
  return Above(norm + rounding * stretch.norm(), 2);
}

void WeightLoader::ForgetLoaded() {
  places_.clear();
  cache_.clear();
  cached_bytes_ = 0;
  std::ranges::fill(used_, SIZE_MAX);
}

Status WeightLoader::ComputeBounds(const CancellationToken* cancel, ProgressSink* progress) {
  std::uint64_t done = 0, total = 0;
  for (const LayerState& state : layers_) total += state.elements;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const LayerState& state = layers_[i];
    const bool known =
        state.whole != nullptr &&
        std::ranges::all_of(state.residuals, [](const auto& one) { return one != nullptr; });
    if (!known) DLV_TRY(ComputeLevels(i, cancel));
    done += state.elements;
    if (progress != nullptr) progress->ReportCount("bounding", done, total, "weights");
  }
  for (const auto& block : graph_.blocks) {
    if (cancel != nullptr && cancel->cancelled()) return Error{ErrorCode::kCancelled, "stopped"};
    if (block->norm() == bounds::kInfinity) DLV_TRY(ComputeBlock(*block));
  }
  ForgetLoaded();
  return Ok();
}

Result<std::shared_ptr<const LinearWeights>> WeightLoader::Load(std::size_t linear,
                                                                std::size_t level) {
  const LayerState& state = layers_[linear];
  const LinearPlan& plan = graph_.linears[linear];
  auto weights = std::make_shared<LinearWeights>();
  std::vector<double> centre = plan.constant, radius;
  const bool exact = state.levels[level].exact;
  if (plan.parameter != nullptr) {
    DLV_ASSIGN(const LeveledTensor tensor, ReadLevel(linear, level));
    if (!exact) radius.resize(state.elements);
    centre.resize(state.elements);
    DLV_TRY(CentreOf(tensor, centre, radius));
  }
  weights->centre = Arrange(plan, centre);
  if (!exact) {
    weights->radius = Arrange(plan, radius);
    const std::size_t columns = AsSize(plan.layer->form().columns);
    for (std::size_t k = 0; k < radius.size(); ++k) {
      const std::size_t row = k / columns;
      const double factor = std::abs(plan.affine.factor[row]);
      const double relative = factor == 0 ? 0 : Above(plan.affine.factor_error[row] / factor, 2);
      const double scaled = std::abs(weights->radius[k]);
      weights->radius[k] =
          Above(scaled + (relative + 4 * kUnit) * (std::abs(weights->centre[k]) + scaled), 4);
    }
    weights->radius_norm = bounds::NormAbove(weights->radius);
    if (state.sketch != nullptr && state.residuals[level] != nullptr) {
      AddSketch(*state.sketch, *state.parts[level], weights->centre);
      weights->sketch = state.sketch;
      weights->radius.clear();  // of the elements without the sketch
    }
  }
  weights->bias = plan.affine.summand;
  weights->bias_norm = bounds::NormAbove(plan.affine.summand);
  weights->bias_error = bounds::NormAbove(plan.affine.summand_error);
  const LinearForm& form = plan.layer->form();
  const auto overlap = bounds::RootAbove(static_cast<double>(form.window.Overlap()));
  ResidualNorms norms;
  if (state.residuals[level] != nullptr) {
    norms = *state.residuals[level];
  } else if (!exact) {
    norms.frobenius = weights->radius_norm;
    norms.residual = MaximumOverGroups(form, weights->radius, bounds::CheapNormAbove);
    norms.operator_residual = bounds::ProductAbove(overlap, norms.residual);
  } else {
    norms = NormsOfResidual(plan, weights->centre, weights->centre);
  }
  weights->norm_residual = norms.residual;
  weights->operator_residual = norms.operator_residual;
  weights->norm_along = norms.along;
  if (state.stretch != nullptr && !exact && state.residuals[level] != nullptr) {
    weights->stretch = state.stretch;
    weights->norm_stretched = norms.along;
  }
  weights->row_residual = std::move(norms.rows);
  if (state.whole != nullptr) {
    weights->norm_whole = state.whole->whole;
    weights->operator_whole = state.whole->operator_whole;
    weights->norm_absolute = bounds::SumAbove(state.whole->absolute, norms.frobenius);
  } else {
    const double spectral = SpectralOf(form, weights->centre);
    weights->norm_whole = bounds::SumAbove(spectral, norms.residual);
    weights->operator_whole =
        bounds::SumAbove(OperatorOf(form, weights->centre, spectral), norms.operator_residual);
    weights->norm_absolute = MaximumOverGroups(form, weights->centre, AbsoluteNorm);
  }
  if (precision_ == Precision::kF32) RoundToSingle(form, *weights);
  if (IsLast(plan) && form.is_full() && form.rows <= kMostContrasts)
    weights->contrast_norms =
        ContrastNorms(weights->centre, AsSize(form.rows), AsSize(form.columns));
  return std::shared_ptr<const LinearWeights>(std::move(weights));
}

/// C - fl(C) is exact in double, but for what f32 has no numbers for: then it is infinite or NaN,
/// and so are the bounds.
void WeightLoader::RoundToSingle(const LinearForm& form, LinearWeights& weights) const {
  weights.precision = Precision::kF32;
  std::vector<double> off(weights.centre.size());
  const auto round = [&](std::vector<double>& numbers, std::vector<float>& singles) {
    singles.assign(numbers.begin(), numbers.end());
    off.resize(numbers.size());
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      off[k] = numbers[k] - static_cast<double>(singles[k]);
      numbers[k] = singles[k];
    }
  };
  round(weights.bias, weights.single_bias);
  weights.bias_error = bounds::SumAbove(weights.bias_error, bounds::NormAbove(off));
  weights.bias_norm = bounds::NormAbove(weights.bias);
  round(weights.centre, weights.single_centre);
  const double more = bounds::NormAbove(off);
  if (more == 0) return;
  const double by_operator =
      Above(bounds::RootAbove(static_cast<double>(form.window.Overlap())) * more);
  const auto add = [](double& to, double one) { to = bounds::SumAbove(to, one); };
  add(weights.norm_residual, more);
  add(weights.norm_absolute, more);
  add(weights.operator_residual, by_operator);
  if (weights.sketch != nullptr)
    add(weights.norm_along, bounds::ProductAbove(more, weights.sketch->norm));
  if (weights.stretch != nullptr)
    add(weights.norm_stretched, bounds::ProductAbove(more, weights.stretch->norm()));
  const std::size_t columns = AsSize(form.columns);
  for (std::size_t r = 0; r < weights.row_residual.size(); ++r)
    add(weights.row_residual[r], bounds::NormAbove(std::span(off).subspan(r * columns, columns)));
  if (weights.radius.empty()) return;
  for (std::size_t k = 0; k < off.size(); ++k) add(weights.radius[k], std::abs(off[k]));
  weights.radius_norm = bounds::NormAbove(weights.radius);
}

void WeightLoader::SetPrecision(Precision precision) {
  if (precision_ != precision) ForgetLoaded();
  precision_ = precision;
}

Result<std::shared_ptr<const LinearWeights>> WeightLoader::At(std::size_t linear,
                                                              std::size_t level) {
  const CacheKey key{linear, level};
  if (const auto known = places_.find(key); known != places_.end()) {
    cache_.splice(cache_.begin(), cache_, known->second);
    return known->second->weights;
  }
  DLV_ASSIGN(auto loaded, Load(linear, level));
  const std::uint64_t bytes = (loaded->centre.size() + loaded->radius.size()) * sizeof(double) +
                              loaded->single_centre.size() * sizeof(float);
  auto held = std::make_shared<HeldBytes>(graph_.memory);
  held->Set(bytes);
  const LinearWeights* const numbers = loaded.get();
  const std::shared_ptr<const LinearWeights> weights(  // counted until nobody has them
      numbers, [loaded = std::move(loaded), held = std::move(held)](const auto*) {});
  cache_.push_front({key, weights, bytes});
  places_[key] = cache_.begin();
  cached_bytes_ += bytes;
  while (cached_bytes_ > kept_bytes_ && cache_.size() > 1) {
    cached_bytes_ -= cache_.back().bytes;
    places_.erase(cache_.back().key);
    cache_.pop_back();
  }
  return weights;
}

Result<std::size_t> WeightLoader::Use(const std::vector<std::size_t>& levels) {
  std::size_t first = graph_.layers.size();
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (used_[i] == levels[i]) continue;
    DLV_ASSIGN(auto weights, At(i, levels[i]));
    LinearLayer* layer = graph_.linears[i].layer;
    layer->SetWeights(std::move(weights));
    used_[i] = levels[i];
    for (std::size_t at = 0; at < first; ++at) {
      if (graph_.layers[at].get() == layer) first = at;
    }
  }
  return first;
}

std::uint64_t WeightLoader::BoundBytes(const std::vector<std::size_t>& levels) const {
  std::uint64_t numbers = graph_.blocks.size();
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const auto& residual = layers_[i].residuals[levels[i]];
    numbers += 3 + 3 + (residual == nullptr ? 0 : residual->rows.size());
  }
  return numbers * sizeof(double);
}

}  // namespace dlv::progressive
