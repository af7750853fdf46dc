// Operators that give elements another shape or order: ONNX, operator versions 5 to 16.  Elements
// are moved, whatever their type, and not moved at all where only the shape changes.

#include <algorithm>
#include <numeric>

#include "engine/kernels/reference/layout_operands.h"
#include "engine/kernels/reference/rows.h"
#include "engine/kernels/walk.h"

namespace dlv::kernels {
namespace {

/// 0 takes the input's size at that place (unless allowzero), one -1 what is left.
Result<Shape> ReshapeTarget(const Call& call) {
  DLV_ASSIGN(auto target, call.ListOrOperand("shape", 1));
  if (!target) return call.Bad("has no target shape");
  const Shape& in = call.In(0).shape();
  Shape shape = *target;
  if (shape.size() > kMaxRank)
    return call.Bad("target of " + std::to_string(shape.size()) + " axes");
  std::int64_t known = 1;
  std::size_t open = shape.size();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0 && !call.Flag("allowzero")) {
      if (i >= in.size()) return call.Bad("target " + TextOf(*target) + " for " + TextOf(in));
      shape[i] = in[i];
    }
    if (shape[i] == -1 && open == shape.size()) {
      open = i;
    } else if (shape[i] < 0 || __builtin_mul_overflow(known, shape[i], &known)) {
      return call.Bad("target " + TextOf(*target) + " for " + TextOf(in));
    }
  }
  if (open < shape.size()) shape[open] = known == 0 ? 0 : call.In(0).count() / known;
  return shape;
}

Result<Shape> FlattenTarget(const Call& call) {
  const Shape& in = call.In(0).shape();
  const auto rank = static_cast<std::int64_t>(in.size());
  std::int64_t axis = call.Whole("axis", 1);
  if (axis < 0) axis += rank;
  if (axis < 0 || axis > rank) return call.Bad("axis " + std::to_string(axis));
  const auto place = static_cast<std::size_t>(axis);
  return Shape{CountBetween(in, 0, place), CountBetween(in, place, in.size())};
}

/// Marks the given axes of a shape of `rank`.
Result<std::vector<bool>> MarkAxes(const Call& call, const Wholes& axes, std::size_t rank) {
  std::vector<bool> marked(rank);
  for (const std::int64_t one : axes) {
    DLV_ASSIGN(const std::size_t axis, call.Axis(one, rank));
    if (marked[axis]) return call.Bad("axis " + std::to_string(one) + " is given twice");
    marked[axis] = true;
  }
  return marked;
}

Result<Shape> SqueezeTarget(const Call& call) {
  const Shape& in = call.In(0).shape();
  DLV_ASSIGN(const auto axes, call.ListOrOperand("axes", 1));
  std::vector<bool> gone(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) gone[i] = in[i] == 1;
  if (axes) {
    DLV_ASSIGN(gone, MarkAxes(call, *axes, in.size()));
  }
  Shape out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (!gone[i]) out.push_back(in[i]);
  }
  return out;
}

Result<Shape> UnsqueezeTarget(const Call& call) {
  const Shape& in = call.In(0).shape();
  DLV_ASSIGN(const auto axes, call.ListOrOperand("axes", 1));
  if (!axes) return call.Bad("has no axes");
  if (axes->size() > kMaxRank) return call.Bad(std::to_string(axes->size()) + " axes");
  DLV_ASSIGN(const auto added, MarkAxes(call, *axes, in.size() + axes->size()));
  Shape out;
  auto next = in.begin();
  for (const bool is_new : added) out.push_back(is_new ? 1 : *next++);
  return out;
}

Result<Shape> TargetOf(const Call& call) {
  const std::string_view op = call.node().op;
  if (op == "Reshape") return ReshapeTarget(call);
  if (op == "Flatten") return FlattenTarget(call);
  return op == "Squeeze" ? SqueezeTarget(call) : UnsqueezeTarget(call);
}

}  // namespace

Result<Shape> ReadNewShape(const Call& call) {
  DLV_TRY(call.Want(1));
  DLV_ASSIGN(Shape shape, TargetOf(call));
  const Value& in = call.In(0);
  DLV_ASSIGN(const std::int64_t count, CheckedCount(shape));
  if (count != in.count()) {
    return call.Bad("input " + TextOf(in.shape()) + " has " + std::to_string(in.count()) +
                    " elements, want " + std::to_string(count) + " for " + TextOf(shape));
  }
  return shape;
}

Result<Wholes> ReadPermutation(const Call& call) {
  DLV_TRY(call.Want(1));
  const Shape& in = call.In(0).shape();
  Wholes order(in.size());
  std::iota(order.rbegin(), order.rend(), 0);
  if (const auto given = call.List("perm")) order = *given;
  Wholes sorted = order;
  std::sort(sorted.begin(), sorted.end());
  bool fits = sorted.size() == in.size();
  for (std::size_t i = 0; fits && i < sorted.size(); ++i) {
    fits = sorted[i] == static_cast<std::int64_t>(i);
  }
  if (!fits) return call.Bad("perm " + TextOf(order) + " for " + TextOf(in));
  return order;
}

namespace {

Status GiveNewShape(Call& call) {
  DLV_ASSIGN(Shape shape, ReadNewShape(call));
  call.Share(0, call.In(0).Reshaped(std::move(shape)));
  return Ok();
}

Status Identity(Call& call) {
  DLV_TRY(call.Want(1));
  call.Share(0, call.In(0));
  return Ok();
}

/// Inference: the input; the mask is true everywhere.
Status Dropout(Call& call) {
  DLV_TRY(Identity(call));
  if (call.output_count() < 2) return Ok();
  if (call.opset() < 10) return Ok();  // old masks are not made
  DLV_ASSIGN(Value * out, call.Make(1, DType::kBool, call.In(0).shape()));
  std::fill(out->As<std::uint8_t>().begin(), out->As<std::uint8_t>().end(), std::uint8_t{1});
  return Ok();
}

/// Fills an output whose axis k is axis order[k] of `in`, given with its shape.
Status Permute(Call& call, const Shape& in, const Wholes& order, Shape out_shape) {
  const Strides strides = StridesOf(in);
  Shape walked;
  Strides steps;
  for (const std::int64_t axis : order) {
    walked.push_back(in[static_cast<std::size_t>(axis)]);
    steps.push_back(strides[static_cast<std::size_t>(axis)]);
  }
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), std::move(out_shape)));
  CopyElements(walked, SizeOf(out->dtype()), call.In(0).data(), steps, out->data(),
               StridesOf(walked));
  return Ok();
}

Status Transpose(Call& call) {
  DLV_ASSIGN(const Wholes order, ReadPermutation(call));
  const Shape& in = call.In(0).shape();
  Shape out;
  for (const std::int64_t axis : order) out.push_back(in[static_cast<std::size_t>(axis)]);
  return Permute(call, in, order, std::move(out));
}

Result<std::int64_t> BlockOf(const Call& call) {
  DLV_TRY(call.Want(1));
  const std::int64_t block = call.Whole("blocksize", 0);
  if (call.In(0).rank() != 4 || block < 1 || block > (1 << 20)) {
    return call.Bad("blocksize " + std::to_string(block) + " for " + TextOf(call.In(0).shape()));
  }
  return block;
}

Status DepthToSpace(Call& call) {
  DLV_ASSIGN(const std::int64_t b, BlockOf(call));
  const Shape& in = call.In(0).shape();
  if (in[1] % (b * b) != 0) return call.Bad("blocksize for " + TextOf(in));
  const std::int64_t c = in[1] / (b * b);
  Shape out = {in[0], c, in[2] * b, in[3] * b};
  if (call.Text("mode", "DCR") == "CRD") {
    return Permute(call, {in[0], c, b, b, in[2], in[3]}, {0, 1, 4, 2, 5, 3}, std::move(out));
  }
  return Permute(call, {in[0], b, b, c, in[2], in[3]}, {0, 3, 4, 1, 5, 2}, std::move(out));
}

Status SpaceToDepth(Call& call) {
  DLV_ASSIGN(const std::int64_t b, BlockOf(call));
  const Shape& in = call.In(0).shape();
  if (in[2] % b != 0 || in[3] % b != 0) return call.Bad("blocksize for " + TextOf(in));
  const std::int64_t h = in[2] / b, w = in[3] / b;
  return Permute(call, {in[0], in[1], h, b, w, b}, {0, 3, 5, 1, 2, 4},
                 {in[0], in[1] * b * b, h, w});
}

Status Expand(Call& call) {
  DLV_TRY(call.Want(2));
  DLV_ASSIGN(const auto target, call.ListOrOperand("", 1));
  const Value& in = call.In(0);
  const auto shape = target->size() > kMaxRank ? std::nullopt : BroadcastShape(in.shape(), *target);
  if (!shape) return call.Bad("input " + TextOf(in.shape()) + " does not broadcast to the target");
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), *shape));
  CopyElements(*shape, SizeOf(in.dtype()), in.data(), BroadcastStrides(in.shape(), *shape),
               out->data(), StridesOf(*shape));
  return Ok();
}

/// Each axis as [repeats, size], the first of which repeats.
Status Tile(Call& call) {
  DLV_TRY(call.Want(2));
  DLV_ASSIGN(const auto repeats, call.ListOrOperand("", 1));
  const Value& in = call.In(0);
  if (repeats->size() != in.rank()) return call.Bad("repeats for " + TextOf(in.shape()));
  const Strides strides = StridesOf(in.shape());
  Shape walked, shape;
  Strides steps;
  for (std::size_t i = 0; i < in.rank(); ++i) {
    const std::int64_t times = (*repeats)[i], size = in.shape()[i];
    std::int64_t tiled = 0;
    if (times < 0 || __builtin_mul_overflow(times, size, &tiled)) {
      return call.Bad("repeats " + TextOf(*repeats));
    }
    shape.push_back(tiled);
    walked.insert(walked.end(), {times, size});
    steps.insert(steps.end(), {0, strides[i]});
  }
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), shape));
  CopyElements(walked, SizeOf(in.dtype()), in.data(), steps, out->data(), StridesOf(walked));
  return Ok();
}

constexpr KernelRow kLayoutKernels[] = {
    {"", "DepthToSpace", DepthToSpace},
    {"", "Dropout", Dropout},
    {"", "Expand", Expand},
    {"", "Flatten", GiveNewShape},
    {"", "Identity", Identity},
    {"", "Reshape", GiveNewShape},
    {"", "SpaceToDepth", SpaceToDepth},
    {"", "Squeeze", GiveNewShape},
    {"", "Tile", Tile},
    {"", "Transpose", Transpose},
    {"", "Unsqueeze", GiveNewShape},
};

}  // namespace

std::span<const KernelRow> LayoutKernels() { return kLayoutKernels; }

}  // namespace dlv::kernels
