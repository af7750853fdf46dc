#include "engine/query/execute/figure_bounds.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dlv::query {
namespace {

/// More than the rounding of the sums behind an exact figure, relative to the greatest of them.
constexpr double kSlack = 0x1p-40;

/// Of norms that are further apart than this, bounds of the cosine are too wide to read for.
constexpr double kMostRatio = 16;
/// Planes behind the first level after which a cosine is rather read whole: its bounds take two
/// readings a level.
constexpr unsigned kMostCosinePlanes = 8;

/// Norms whose squares and products neither vanish nor overflow.
bool IsModerate(const Interval& norm) { return norm.low > 1e-100 && norm.high < 1e100; }

const Interval* IntervalOf(Function function, const PrefixFigures& figures, double constant) {
  switch (function) {
    case Function::kNorm:
      return std::isinf(constant) ? &figures.norm_inf
                                  : (constant == 1 ? &figures.norm1 : &figures.norm2);
    case Function::kMean:
      return &figures.mean;
    case Function::kStd:
      return &figures.std;
    case Function::kTensorMin:
      return &figures.min;
    case Function::kTensorMax:
      return &figures.max;
    case Function::kSparsity:
      return &figures.sparsity;
    default:
      return nullptr;
  }
}

/// One side of a comparison of two figures.
struct Side {
  explicit Side(FigureBounds of) : figure(std::move(of)) {}

  /// Gets to know it better; false where it is no number, so that nothing can be said.
  Result<bool> Advance() {
    DLV_ASSIGN(const bool more, figure.Refine());
    if (more) {
      interval = figure.interval();
      return true;
    }
    DLV_ASSIGN(exact, figure.Exact());
    const auto number = exact->Number();
    if (!number || *number != *number) return false;
    interval = {*number, *number};
    return true;
  }
  double width() const { return exact ? -1 : interval.high - interval.low; }

  FigureBounds figure;
  Interval interval;
  std::optional<Value> exact;
};

}  // namespace

bool HasBounds(Function function) {
  return function <= Function::kTensorMax || function == Function::kSparsity ||
         function == Function::kDistance || function == Function::kCosine;
}

// With r = |a| / |b|: cos = (r + 1 / r - |a - b|^2 / (|a| |b|)) / 2. The first two have their least
// value, 2, at r = 1, and grow to both sides.
std::optional<Interval> CosineWithin(const Interval& norm_a, const Interval& norm_b,
                                     const Interval& distance) {
  if (!IsModerate(norm_a) || !IsModerate(norm_b) || !(distance.high < 1e100)) return std::nullopt;
  const double least = norm_a.low / norm_b.high, most = norm_a.high / norm_b.low;
  const auto sum = [](double ratio) { return ratio + 1 / ratio; };
  if (!(most <= kMostRatio && least >= 1 / kMostRatio)) return std::nullopt;
  const bool one_within = least <= 1 && most >= 1;
  const double low = one_within ? 2 : std::min(sum(least), sum(most));
  const double high = std::max(sum(least), sum(most));
  const double near = distance.low * distance.low / (norm_a.high * norm_b.high);
  const double far = distance.high * distance.high / (norm_a.low * norm_b.low);
  const double slack = 16 * kSlack * (1 + high + far);
  const Interval cosine{std::max(-1.0, (low - far) / 2) - slack,
                        std::min(1.0, (high - near) / 2) + slack};
  if (!(cosine.low <= cosine.high)) return std::nullopt;
  return cosine;
}

std::optional<Truth> DecideBy(Comparison comparison, const Interval& a, const Interval& b) {
  const auto decide = [](bool surely, bool surely_not) -> std::optional<Truth> {
    if (surely) return Truth::kTrue;
    return surely_not ? std::optional(Truth::kFalse) : std::nullopt;
  };
  const bool apart = a.low > b.high || a.high < b.low;
  switch (comparison) {
    case Comparison::kLess:
      return decide(a.high < b.low, a.low >= b.high);
    case Comparison::kLessEqual:
      return decide(a.high <= b.low, a.low > b.high);
    case Comparison::kGreater:
      return decide(a.low > b.high, a.high <= b.low);
    case Comparison::kGreaterEqual:
      return decide(a.low >= b.high, a.high < b.low);
    case Comparison::kEqual:
      return decide(false, apart);
    case Comparison::kNotEqual:
      return decide(apart, false);
  }
  return std::nullopt;
}

Result<bool> FigureBounds::Refine() {
  DLV_TRY(tensors_->Check(function_, operands_));
  if (ended_ || !HasBounds(function_)) return false;
  const bool pair = function_ == Function::kDistance || function_ == Function::kCosine;
  DLV_ASSIGN(const bool more, pair ? RefinePair() : RefineOne());
  ended_ = !more;
  return more;
}

const TensorEntry* FigureBounds::Tensor(std::size_t place) const {
  const auto* tensor = operands_[place].As<TensorRef>();
  return tensor == nullptr ? nullptr : &tensor->entry();
}

unsigned FigureBounds::NextPlanes(DType dtype, unsigned first) const {
  const auto full = static_cast<unsigned>(8 * SizeOf(dtype));
  const unsigned next = planes_ == 0 ? first : planes_ + 4;
  return next < full ? next : 0;
}

Result<bool> FigureBounds::RefineOne() {
  const TensorEntry* const tensor = Tensor(0);
  const auto least = tensor == nullptr ? std::nullopt : LeastPlanes(tensor->dtype);
  if (!least || tensors_->IsKnown(*tensor)) return false;
  const bool lacks_constant = operands_.size() > 1 && !operands_[1].Number();
  const unsigned planes = NextPlanes(tensor->dtype, *least);
  if (lacks_constant || planes == 0) return false;
  const double constant =
      operands_.size() > 1 ? *operands_[1].Number() : (function_ == Function::kNorm ? 2 : 0);
  const double threshold = function_ == Function::kSparsity ? constant : 0;
  DLV_ASSIGN(const auto* known, tensors_->Prefix(*tensor, planes, threshold));
  const Interval* interval = IntervalOf(function_, known->figures, constant);
  if (!known->figures.known || interval == nullptr) return false;
  planes_ = known->planes;
  interval_ = *interval;
  return true;
}

Result<bool> FigureBounds::RefinePair() {
  const TensorEntry *const x = Tensor(0), *const y = Tensor(1);
  if (x == nullptr || y == nullptr || x->dtype != y->dtype) return false;
  const auto least = LeastPlanes(x->dtype);
  if (!least || ElementsOf(*x) != ElementsOf(*y)) return false;
  const unsigned first = *least + 4;
  const unsigned planes = NextPlanes(x->dtype, first);
  const bool is_cosine = function_ == Function::kCosine;
  if (planes == 0 || (is_cosine && planes > first + kMostCosinePlanes)) return false;
  DLV_ASSIGN(const PairStatistics pair, tensors_->PairPrefix(*x, *y, planes));
  if (pair.planes == 0 || pair.nonfinite != 0) return false;
  planes_ = pair.planes;
  const double slack = kSlack * (pair.norm_read + pair.norm_error);
  interval_ = {std::max(0.0, pair.norm_read - pair.norm_error - slack),
               pair.norm_read + pair.norm_error + slack};
  if (!is_cosine) return true;
  DLV_ASSIGN(const auto* of_x, tensors_->Prefix(*x, planes_, 0));
  const PrefixFigures a = of_x->figures;
  DLV_ASSIGN(const auto* of_y, tensors_->Prefix(*y, planes_, 0));
  const PrefixFigures& b = of_y->figures;
  if (!a.known || !b.known) return false;
  const auto cosine = CosineWithin(a.norm2, b.norm2, interval_);
  if (!cosine) return false;
  interval_ = *cosine;
  return true;
}

Result<Truth> DecideFigure(Comparison comparison, FigureBounds figure, const Value& bound) {
  const Interval number{*bound.Number(), *bound.Number()};
  while (true) {
    DLV_ASSIGN(const bool more, figure.Refine());
    if (!more) break;
    if (const auto decided = DecideBy(comparison, figure.interval(), number)) {
      return *decided;
    }
  }
  DLV_ASSIGN(const Value exact, figure.Exact());
  return CompareValues(comparison, exact, bound);
}

Result<Truth> DecideFigures(Comparison comparison, FigureBounds a, FigureBounds b) {
  Side first(std::move(a)), second(std::move(b));
  DLV_ASSIGN(const bool first_is_number, first.Advance());
  DLV_ASSIGN(const bool second_is_number, second.Advance());
  if (!first_is_number || !second_is_number) return Truth::kUnknown;
  while (!first.exact || !second.exact) {
    if (const auto decided = DecideBy(comparison, first.interval, second.interval)) {
      return *decided;
    }
    DLV_ASSIGN(const bool is_number,
               first.width() >= second.width() ? first.Advance() : second.Advance());
    if (!is_number) return Truth::kUnknown;
  }
  return CompareValues(comparison, *first.exact, *second.exact);
}

}  // namespace dlv::query
