// Operators that give elements another shape or order, or take parts of a value, as views: nothing
// is moved where a reader takes the elements from where they are (Conv, Concat), such as those of
// the channels that ShuffleNet's blocks exchange.

#include <algorithm>

#include "engine/kernels/convert.h"
#include "engine/kernels/cpu/onednn.h"
#include "engine/kernels/cpu/rows.h"
#include "engine/kernels/reference/layout_operands.h"
#include "engine/kernels/reference/part_operands.h"

namespace dlv::kernels {
namespace {

/// Whether a view is worth making. What is made once is better in C order.
bool WantsView(const Call& call) {
  const Value& in = call.In(0);
  if (in.dtype() != DType::kF32 || in.count() == 0 || call.IsFixed(0)) return false;
  return in.is_view() || call.readers().some_views;
}

Status Give(Call& call, const Shape& shape, const Strides& steps, std::int64_t first) {
  auto view = MakeView(call.In(0), shape, steps, first);
  if (!view) return RunReference(call);
  call.Share(0, std::move(*view));
  return Ok();
}

/// Axes that are gone through as one, and those of the new shape that have as many elements.
struct Regrouping {
  const Shape& from;
  const Strides& from_steps;
  const Shape& to;
};

/// The steps of the elements in their new shape, or nothing where there are none: axes that are
/// put together must stand as in C order. Both shapes have as many elements, at least one.
std::optional<Strides> NewSteps(const Regrouping& axes) {
  Strides steps(axes.to.size(), 1);
  std::size_t i = 0, k = 0;
  while (i < axes.from.size() || k < axes.to.size()) {
    const std::size_t first_i = i, first_k = k;
    std::int64_t old_count = 1, new_count = 1;
    do {  // the shortest runs of axes with as many elements
      if (new_count <= old_count && k < axes.to.size()) {
        new_count *= axes.to[k++];
      } else if (i < axes.from.size()) {
        old_count *= axes.from[i++];
      } else {
        return std::nullopt;
      }
    } while (old_count != new_count);
    std::int64_t step = 1;  // of the last axis of the run that is longer than 1
    std::int64_t whole = 0;
    for (std::size_t axis = i; axis-- > first_i;) {
      if (axes.from[axis] == 1) continue;
      if (whole == 0) {
        step = axes.from_steps[axis];
      } else if (axes.from_steps[axis] != whole) {
        return std::nullopt;
      }
      whole = axes.from_steps[axis] * axes.from[axis];
    }
    for (std::size_t axis = k; axis-- > first_k;) {
      steps[axis] = step;
      step *= axes.to[axis];
    }
  }
  return steps;
}

/// Images in the order that they have, where each becomes a row for those that take it so.
bool Folds(Call& call, const Shape& shape) {
  if (!call.readers().all_folded || call.IsFixed(0)) return false;
  auto folded = Folded(call.In(0), shape);
  if (folded) call.Share(0, std::move(*folded));
  return folded.has_value();
}

Status CpuNewShape(Call& call) {
  if (call.Has(0) && !call.In(0).is_plain() && !call.In(0).is_view()) {
    DLV_ASSIGN(const Shape shape, ReadNewShape(call));
    return Folds(call, shape) ? Ok() : RunReference(call);
  }
  if (!call.In(0).is_view() || !WantsView(call)) return RunReference(call);
  DLV_ASSIGN(const Shape shape, ReadNewShape(call));
  const Strides before = StepsOf(call.In(0));
  const auto steps = NewSteps({call.In(0).shape(), before, shape});
  return steps ? Give(call, shape, *steps, 0) : RunReference(call);
}

Status CpuTranspose(Call& call) {
  if (!WantsView(call)) return RunReference(call);
  DLV_ASSIGN(const Wholes order, ReadPermutation(call));
  const Strides before = StepsOf(call.In(0));
  Shape shape;
  Strides steps;
  for (const std::int64_t axis : order) {
    shape.push_back(call.In(0).shape()[static_cast<std::size_t>(axis)]);
    steps.push_back(before[static_cast<std::size_t>(axis)]);
  }
  return Give(call, shape, steps, 0);
}

/// One place of an axis.
Status CpuGather(Call& call) {
  const Value& places = call.In(1);
  const bool is_one = places.present() && places.count() == 1 && places.rank() <= 1 &&
                      (places.dtype() == DType::kI64 || places.dtype() == DType::kI32);
  if (!WantsView(call) || !is_one) return RunReference(call);
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", 0), call.In(0).rank()));
  Shape shape = call.In(0).shape();
  Strides steps = StepsOf(call.In(0));
  std::int64_t place = WholesOf(places)[0];
  if (place < 0) place += shape[axis];
  if (place < 0 || place >= shape[axis]) return RunReference(call);
  const std::int64_t first = place * steps[axis];
  if (places.rank() == 1) {
    shape[axis] = 1;
  } else {
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
    steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(axis));
  }
  return Give(call, shape, steps, first);
}

Status CpuSplit(Call& call) {
  if (!WantsView(call)) return RunReference(call);
  DLV_ASSIGN(const auto parts, ReadSplit(call, StepsOf(call.In(0))));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto view = MakeView(call.In(0), parts[i].shape, parts[i].steps, parts[i].first);
    if (!view) return RunReference(call);
    call.Share(i, std::move(*view));
  }
  return Ok();
}

Status CpuSlice(Call& call) {
  if (!WantsView(call)) return RunReference(call);
  DLV_ASSIGN(const Part part, ReadSlice(call, StepsOf(call.In(0))));
  return Give(call, part.shape, part.steps, part.first);
}

/// Hands on what it gets, in the order that it has.
Status CpuSame(Call& call) {
  if (!call.Has(0) || call.output_count() > 1) return RunReference(call);
  call.Share(0, call.In(0));
  return Ok();
}

constexpr KernelRow kCpuViewKernels[] = {
    {"", "Dropout", CpuSame, true, true},
    {"", "Flatten", CpuNewShape, false, true, false, true},
    {"", "Gather", CpuGather, false, true},
    {"", "Identity", CpuSame, true, true},
    {"", "Reshape", CpuNewShape, false, true, false, true},
    {"", "Slice", CpuSlice, false, true},
    {"", "Split", CpuSplit, false, true},
    {"", "Squeeze", CpuNewShape, false, true},
    {"", "Transpose", CpuTranspose, false, true},
    {"", "Unsqueeze", CpuNewShape, false, true},
};

}  // namespace

std::span<const KernelRow> CpuViewKernels() { return kCpuViewKernels; }

}  // namespace dlv::kernels
