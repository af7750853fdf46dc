#pragma once
/// \file
/// Figures of weights that get known better level by level, and what is decided of them on the way.
///
/// Bounds hold the value that TensorFunctions::Exact computes, rounding included. There are some of
/// norms, means, deviations, extremes, shares of small elements, distances and cosines of single
/// tensors with finite elements; of the entropy there are none: unread bytes may make it anything
/// between what the read ones say and 8 bits a byte.

#include <optional>
#include <vector>

#include "dlv/result.h"
#include "engine/query/execute/prefix_figures.h"
#include "engine/query/execute/tensor_functions.h"
#include "engine/query/operators.h"

namespace dlv::query {

/// Whether bounds of such a figure are ever known.
bool HasBounds(Function function);

/// The cosine of vectors whose norms and distance lie within these; nothing where they say nothing
/// of it.
std::optional<Interval> CosineWithin(const Interval& norm_a, const Interval& norm_b,
                                     const Interval& distance);

/// What intervals say of a comparison of what lies in them; nothing where they say nothing.
std::optional<Truth> DecideBy(Comparison comparison, const Interval& a, const Interval& b);

class FigureBounds {
 public:
  /// `operands` as those of TensorFunctions::Exact.
  FigureBounds(TensorFunctions& tensors, Function function, std::vector<Value> operands)
      : tensors_(&tensors), function_(function), operands_(std::move(operands)) {}

  /// Reads a level more, up to all but the last; false where bounds get no better so.
  /// Errors: kInvalidArgument (a constant that the function does not take), kCorruption, kIo,
  /// kCancelled.
  Result<bool> Refine();
  /// What the last Refine that was true found.
  const Interval& interval() const { return interval_; }
  /// The figure itself.
  Result<Value> Exact() { return tensors_->Exact(function_, operands_); }

 private:
  Result<bool> RefineOne();
  Result<bool> RefinePair();
  const TensorEntry* Tensor(std::size_t place) const;
  /// The level to ask for next; 0: there is none before all planes.
  unsigned NextPlanes(DType dtype, unsigned first) const;

  TensorFunctions* tensors_;
  Function function_;
  std::vector<Value> operands_;
  unsigned planes_ = 0;  ///< read so far
  bool ended_ = false;
  Interval interval_;
};

/// Whether the figure compares so with `bound`, a number and no NaN: what Exact and CompareValues
/// say.
Result<Truth> DecideFigure(Comparison comparison, FigureBounds figure, const Value& bound);
/// The same of two figures; of the less known one more is read, until it is decided.
Result<Truth> DecideFigures(Comparison comparison, FigureBounds a, FigureBounds b);

}  // namespace dlv::query
