// Concat (ONNX, operator versions 4 to 13), Split (2 to 18), Slice (1 to 13): parts of values are
// moved, whatever the type of their elements.

#include <algorithm>
#include <cstring>

#include "engine/kernels/reference/part_operands.h"
#include "engine/kernels/reference/rows.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {
namespace {

/// A value as [outer, size of the axis, inner].
struct AroundAxis {
  std::int64_t outer = 1, inner = 1;
};
AroundAxis Around(const Shape& shape, std::size_t axis) {
  return {CountBetween(shape, 0, axis), CountBetween(shape, axis + 1, shape.size())};
}

Result<Shape> ConcatShape(const Call& call, std::size_t axis) {
  Shape shape = call.In(0).shape();
  for (std::size_t i = 1; i < call.input_count(); ++i) {
    Shape other = call.In(i).shape();
    const bool fits = other.size() == shape.size() && call.In(i).dtype() == call.In(0).dtype();
    const std::int64_t size = fits ? std::exchange(other[axis], shape[axis]) : 0;
    if (!fits || other != shape) {
      return call.Bad("operand " + std::to_string(i) + " is " +
                      std::string(NameOf(call.In(i).dtype())) + " " + TextOf(call.In(i).shape()) +
                      ", does not fit behind " + std::string(NameOf(call.In(0).dtype())) + " " +
                      TextOf(call.In(0).shape()));
    }
    shape[axis] += size;
  }
  return shape;
}

Status Concat(Call& call) {
  DLV_TRY(call.Want(std::max<std::size_t>(call.input_count(), 1)));
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", 1), call.In(0).rank()));
  DLV_ASSIGN(const Shape shape, ConcatShape(call, axis));
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), shape));
  const AroundAxis around = Around(shape, axis);
  const auto element = static_cast<std::int64_t>(SizeOf(out->dtype()));
  std::byte* to = out->data();
  for (std::int64_t o = 0; o < around.outer; ++o) {
    for (std::size_t i = 0; i < call.input_count(); ++i) {
      const Value& in = call.In(i);
      const std::int64_t bytes = in.shape()[axis] * around.inner * element;
      if (bytes > 0) std::memcpy(to, in.data() + o * bytes, static_cast<std::size_t>(bytes));
      to += bytes;
    }
  }
  return Ok();
}

Result<Wholes> SplitSizes(const Call& call, std::int64_t size) {
  DLV_ASSIGN(const auto given, call.ListOrOperand("split", 1));
  const auto parts = static_cast<std::int64_t>(call.output_count());
  if (!given) {
    const std::int64_t part = (size + parts - 1) / parts;
    Wholes sizes;
    for (std::int64_t i = 0; i < parts; ++i) {
      sizes.push_back(std::clamp<std::int64_t>(size - part * i, 0, part));
    }
    return sizes;
  }
  std::int64_t sum = 0;
  bool sound = static_cast<std::int64_t>(given->size()) == parts;
  for (const std::int64_t one : *given) {
    sound = sound && one >= 0 && !__builtin_add_overflow(sum, one, &sum);
  }
  if (sound && sum == size) return *given;
  return call.Bad("sizes " + TextOf(*given) + " for " + std::to_string(parts) +
                  " parts of an axis of " + std::to_string(size));
}

/// Fills an output.
Status CopyPart(Call& call, std::size_t port, const Part& part) {
  const Value& in = call.In(0);
  DLV_ASSIGN(Value * out, call.Make(port, in.dtype(), part.shape));
  if (out->count() == 0) return Ok();
  const auto element = static_cast<std::int64_t>(SizeOf(in.dtype()));
  CopyElements(part.shape, SizeOf(in.dtype()), in.data() + part.first * element, part.steps,
               out->data(), StridesOf(part.shape));
  return Ok();
}

Status Split(Call& call) {
  DLV_ASSIGN(const auto parts, ReadSplit(call, StridesOf(call.In(0).shape())));
  for (std::size_t i = 0; i < parts.size(); ++i) DLV_TRY(CopyPart(call, i, parts[i]));
  return Ok();
}

// ---- Slice ---------------------------------------------------------------------------------

struct Cut {
  std::int64_t first = 0, count = 0, step = 1;
};

/// As Python cuts: negative places count from the end, all are put into bounds.
Cut CutOf(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step) {
  const auto bounded = [&](std::int64_t at, std::int64_t low, std::int64_t high) {
    return std::clamp(at < 0 ? at + size : at, low, high);
  };
  step = std::clamp<std::int64_t>(step, -kMaxElements, kMaxElements);
  if (step > 0) {
    const std::int64_t first = bounded(start, 0, size), last = bounded(end, 0, size);
    return {first, last > first ? (last - first - 1) / step + 1 : 0, step};
  }
  const std::int64_t first = bounded(start, -1, size - 1), last = bounded(end, -1, size - 1);
  return {first, first > last ? (first - last - 1) / -step + 1 : 0, step};
}

struct SliceLists {
  Wholes starts, ends, axes, steps;
};

Result<SliceLists> ReadSliceLists(const Call& call) {
  DLV_ASSIGN(const auto starts, call.ListOrOperand("starts", 1));
  DLV_ASSIGN(const auto ends, call.ListOrOperand("ends", 2));
  DLV_ASSIGN(const auto axes, call.ListOrOperand("axes", 3));
  DLV_ASSIGN(const auto steps, call.ListOrOperand("", 4));
  if (!starts || !ends) return call.Bad("has no starts or no ends");
  SliceLists lists{*starts, *ends, axes.value_or(Wholes()), steps.value_or(Wholes())};
  const std::size_t count = lists.starts.size();
  if (!axes) {
    for (std::size_t i = 0; i < count; ++i) lists.axes.push_back(static_cast<std::int64_t>(i));
  }
  if (!steps) lists.steps.assign(count, 1);
  if (lists.ends.size() == count && lists.axes.size() == count && lists.steps.size() == count) {
    return lists;
  }
  return call.Bad("starts, ends, axes and steps of different lengths");
}

Status Slice(Call& call) {
  DLV_ASSIGN(const Part part, ReadSlice(call, StridesOf(call.In(0).shape())));
  return CopyPart(call, 0, part);
}

constexpr KernelRow kPartKernels[] = {
    {"", "Concat", Concat},
    {"", "Slice", Slice},
    {"", "Split", Split},
};

}  // namespace

Result<std::vector<Part>> ReadSplit(const Call& call, const Strides& strides) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", 0), in.rank()));
  DLV_ASSIGN(const Wholes sizes, SplitSizes(call, in.shape()[axis]));
  std::vector<Part> parts;
  std::int64_t begin = 0;
  for (const std::int64_t size : sizes) {
    parts.push_back({in.shape(), strides, begin * strides[axis]});
    parts.back().shape[axis] = size;
    begin += size;
  }
  return parts;
}

Result<Part> ReadSlice(const Call& call, const Strides& strides) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  DLV_ASSIGN(const SliceLists lists, ReadSliceLists(call));
  Part part{in.shape(), strides, 0};
  std::vector<bool> cut_already(in.rank());
  for (std::size_t i = 0; i < lists.starts.size(); ++i) {
    DLV_ASSIGN(const std::size_t axis, call.Axis(lists.axes[i], in.rank()));
    if (lists.steps[i] == 0 || cut_already[axis]) {
      return call.Bad("step " + std::to_string(lists.steps[i]) + " on axis " +
                      std::to_string(axis));
    }
    cut_already[axis] = true;
    const Cut cut = CutOf(in.shape()[axis], lists.starts[i], lists.ends[i], lists.steps[i]);
    part.shape[axis] = cut.count;
    if (cut.count > 1) part.steps[axis] = cut.step * strides[axis];
    if (cut.count > 0) part.first += cut.first * strides[axis];
  }
  return part;
}

std::span<const KernelRow> PartKernels() { return kPartKernels; }

}  // namespace dlv::kernels
