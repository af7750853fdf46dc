#include <algorithm>
#include <numeric>

#include "engine/network/attributes.h"
#include "engine/network/limits.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {
namespace {

using Wholes = std::vector<std::int64_t>;

/// The same elements in another shape, where both are known.
void KeepValue(NodeContext& context) {
  Fact& out = context.Out(0);
  const auto& value = context.In(0).value;
  if (!value || !out.shape) return;
  const bool known = std::count(out.shape->begin(), out.shape->end(), kUnknownSize) == 0;
  if (!known) return;
  out.value = value;
  out.value->shape = *out.shape;
}

/// Sizes of a Reshape's target: 0 takes the input's, -1 is what is left.
Status ReshapeSizes(NodeContext& context, const Wholes& target) {
  const auto& in = context.In(0).shape;
  const bool zero_is_zero = IntegerAttribute(context.node(), "allowzero", 0) != 0;
  NetworkShape out(target.size(), kUnknownSize);
  std::size_t open = SIZE_MAX;
  bool unclear = false;  // a size that is neither known nor -1
  for (std::size_t i = 0; i < target.size(); ++i) {
    const std::int64_t size = target[i];
    if (size == -1 && open != SIZE_MAX)
      return context.Bad("target " + ShapeText(target) + " has two -1");
    if (size == -1) {
      open = i;
    } else if (size == KnownValue::kUnknownElement) {
      unclear = true;
    } else if (size == 0 && !zero_is_zero) {
      if (in && i >= in->size()) {
        return context.Bad("target has 0 at axis " + std::to_string(i) + ", " +
                           context.Text("input", 0));
      }
      if (in) out[i] = (*in)[i];
    } else if (size < 0 || size > kMaxAxis) {
      return context.Bad("target has size " + std::to_string(size) + " at axis " +
                         std::to_string(i));
    } else {
      out[i] = size;
    }
  }
  context.Out(0).shape = out;
  if (!in || unclear) return Ok();
  // Unknown sizes that are taken over by 0 cancel out.
  std::int64_t have = 1, made = 1;
  for (std::size_t i = 0; i < in->size(); ++i) {
    const bool taken = i < target.size() && target[i] == 0 && !zero_is_zero;
    if (!taken) have = Times(have, (*in)[i]);
  }
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (i != open && (target[i] != 0 || zero_is_zero)) made = Times(made, out[i]);
  }
  if (!IsKnown(have) || have == INT64_MAX || made == INT64_MAX) return Ok();
  if (open == SIZE_MAX ? have != made : made == 0 || have % made != 0) {
    return context.Bad("cannot reshape " + ShapeText(*in) + " to " + ShapeText(target));
  }
  if (open != SIZE_MAX) (*context.Out(0).shape)[open] = have / made;
  return Ok();
}

Status Reshape(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const GivenList target = context.List("shape", 1);
  if (target.values) {
    if (target.values->size() > kMaxRank) return context.Bad("target has too many axes");
    DLV_TRY(ReshapeSizes(context, *target.values));
    KeepValue(context);
  } else if (const auto& shape = context.In(1).shape; shape && shape->size() == 1) {
    const std::int64_t rank = (*shape)[0];
    if (rank >= 0 && rank <= static_cast<std::int64_t>(kMaxRank)) {
      context.Out(0).shape = UnknownSizes(static_cast<std::size_t>(rank));
    }
  }
  return Ok();
}

Status Flatten(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& in = context.In(0).shape;
  if (!in) {
    context.Out(0).shape = UnknownSizes(2);
    return Ok();
  }
  const std::int64_t given = IntegerAttribute(context.node(), "axis", 1);
  const auto rank = static_cast<std::int64_t>(in->size());
  if (given < -rank || given > rank) {
    return context.Bad("axis " + std::to_string(given) + " of " + context.Text("input", 0));
  }
  const auto axis = static_cast<std::size_t>(given < 0 ? given + rank : given);
  context.Out(0).shape = {ProductOf(*in, 0, axis), ProductOf(*in, axis, in->size())};
  return Ok();
}

Status Transpose(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& in = context.In(0).shape;
  if (!in) return Ok();
  Wholes order(in->size());
  std::iota(order.rbegin(), order.rend(), 0);
  if (const Wholes* given = IntegersAttribute(context.node(), "perm")) order = *given;
  Wholes sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < std::max(sorted.size(), in->size()); ++i) {
    if (sorted.size() != in->size() || sorted[i] != static_cast<std::int64_t>(i)) {
      return context.Bad("perm " + ShapeText(order) + " is no order of the axes of " +
                         context.Text("input", 0));
    }
  }
  NetworkShape out;
  for (const std::int64_t axis : order) out.push_back((*in)[static_cast<std::size_t>(axis)]);
  context.Out(0).shape = out;
  if (!context.In(0).value) return Ok();
  const KnownValue& value = *context.In(0).value;
  KnownValue turned{value.dtype, out, {}};
  Wholes steps(in->size(), 1);
  for (std::size_t i = in->size(); i-- > 1;) steps[i - 1] = steps[i] * (*in)[i];
  for (std::size_t at = 0; at < value.elements.size(); ++at) {
    std::size_t rest = at, place = 0;
    for (std::size_t i = out.size(); i-- > 0;) {
      const auto size = static_cast<std::size_t>(out[i]);
      place += rest % size * static_cast<std::size_t>(steps[static_cast<std::size_t>(order[i])]);
      rest /= size;
    }
    turned.elements.push_back(value.elements[place]);
  }
  context.Out(0).value = std::move(turned);
  return Ok();
}

/// One-dimensional values, end to end.
void ConcatValue(NodeContext& context) {
  KnownValue joined;
  for (std::size_t i = 0; i < context.operand_count(); ++i) {
    const auto& value = context.In(i).value;
    if (!value || value->shape.size() != 1) return;
    joined.dtype = value->dtype;
    joined.elements.insert(joined.elements.end(), value->elements.begin(), value->elements.end());
  }
  if (joined.elements.size() > kMaxFoldedElements) return;
  joined.shape = {static_cast<std::int64_t>(joined.elements.size())};
  context.Out(0).value = std::move(joined);
}

Status Concat(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  std::optional<NetworkShape> shape = context.In(0).shape;
  for (std::size_t i = 0; i < context.operand_count(); ++i) {
    if (!context.In(i).shape) return Ok();
  }
  if (!shape) return Ok();
  DLV_ASSIGN(const std::size_t axis,
             context.Axis(IntegerAttribute(context.node(), "axis", 1), shape->size()));
  for (std::size_t i = 1; i < context.operand_count(); ++i) {
    NetworkShape other = *context.In(i).shape;
    const std::int64_t size = axis < other.size() ? other[axis] : 0;
    if (axis < other.size()) other[axis] = (*shape)[axis];
    auto same = SameShape(*shape, other);
    if (!same) {
      return context.Bad(context.Text("input " + std::to_string(i), i) + " does not go with " +
                         context.Text("input 0", 0) + " along axis " + std::to_string(axis));
    }
    (*same)[axis] = Plus((*shape)[axis], size);
    shape = std::move(same);
  }
  context.Out(0).shape = std::move(shape);
  if (axis == 0) ConcatValue(context);
  return Ok();
}

Status Squeeze(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& in = context.In(0).shape;
  const GivenList axes = context.List("axes", 1);
  if (!in || (axes.given && !axes.values)) return Ok();
  std::vector<bool> gone(in->size());
  if (axes.given) {
    for (const std::int64_t one : *axes.values) {
      DLV_ASSIGN(const std::size_t axis, context.Axis(one, in->size()));
      if (IsKnown((*in)[axis]) && (*in)[axis] != 1) {
        return context.Bad("cannot drop axis " + std::to_string(one) + " of " +
                           context.Text("input", 0));
      }
      gone[axis] = true;
    }
  } else {
    if (std::count(in->begin(), in->end(), kUnknownSize) > 0) return Ok();
    for (std::size_t i = 0; i < in->size(); ++i) gone[i] = (*in)[i] == 1;
  }
  NetworkShape out;
  for (std::size_t i = 0; i < in->size(); ++i) {
    if (!gone[i]) out.push_back((*in)[i]);
  }
  context.Out(0).shape = std::move(out);
  KeepValue(context);
  return Ok();
}

Status Unsqueeze(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& in = context.In(0).shape;
  const GivenList axes = context.List("axes", 1);
  if (!in || !axes.values) return Ok();
  const std::size_t rank = in->size() + axes.values->size();
  if (rank > kMaxRank) return context.Bad("the output would have too many axes");
  NetworkShape out(rank, 0);
  for (const std::int64_t one : *axes.values) {
    DLV_ASSIGN(const std::size_t axis, context.Axis(one, rank));
    if (out[axis] == 1) return context.Bad("axis " + std::to_string(one) + " is named twice");
    out[axis] = 1;
  }
  auto next = in->begin();
  for (std::int64_t& size : out) {
    if (size == 0) size = *next++;
  }
  context.Out(0).shape = std::move(out);
  KeepValue(context);
  return Ok();
}

Status Expand(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& in = context.In(0).shape;
  const GivenList target = context.List("", 1);
  if (!in || !target.values) return Ok();
  NetworkShape wanted = *target.values;
  for (std::int64_t& size : wanted) {
    if (size == KnownValue::kUnknownElement) size = kUnknownSize;
    if (size < kUnknownSize) return context.Bad("target " + ShapeText(wanted));
  }
  auto out = Broadcast(*in, wanted);
  if (!out) {
    return context.Bad(context.Text("input", 0) + " does not broadcast to " + ShapeText(wanted));
  }
  const auto& value = context.In(0).value;
  const std::int64_t count = ProductOf(*out, 0, out->size());
  if (value && value->elements.size() == 1 && IsKnown(count) &&
      count <= static_cast<std::int64_t>(kMaxFoldedElements)) {
    context.Out(0).value =
        KnownValue{value->dtype, *out,
                   std::vector<KnownElement>(static_cast<std::size_t>(count), value->elements[0])};
  }
  context.Out(0).shape = std::move(out);
  return Ok();
}

Status Tile(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& in = context.In(0).shape;
  const GivenList repeats = context.List("", 1);
  if (!in) return Ok();
  NetworkShape out = UnknownSizes(in->size());
  if (repeats.values) {
    if (repeats.values->size() != in->size()) {
      return context.Bad(std::to_string(repeats.values->size()) + " repeats for " +
                         context.Text("input", 0));
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::int64_t repeat = (*repeats.values)[i];
      if (repeat >= 0) out[i] = Times((*in)[i], repeat);
    }
  }
  context.Out(0).shape = std::move(out);
  return Ok();
}

Result<std::int64_t> BlockOf(NodeContext& context) {
  const std::int64_t block = IntegerAttribute(context.node(), "blocksize", 0);
  if (block < 1 || block > 1 << 15) return context.Bad("blocksize " + std::to_string(block));
  const auto& in = context.In(0).shape;
  if (in && in->size() != 4) return context.Bad(context.Text("input", 0) + ", want 4 axes");
  return block;
}

Status DepthToSpace(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  DLV_ASSIGN(const std::int64_t block, BlockOf(context));
  auto& shape = context.Out(0).shape;
  if (!shape) return Ok();
  if (IsKnown((*shape)[1]) && (*shape)[1] % (block * block) != 0) {
    return context.Bad(context.Text("input", 0) + ": channels do not divide by " +
                       std::to_string(block * block));
  }
  if (IsKnown((*shape)[1])) (*shape)[1] /= block * block;
  for (const std::size_t axis : {2, 3}) (*shape)[axis] = Times((*shape)[axis], block);
  return Ok();
}

Status SpaceToDepth(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  DLV_ASSIGN(const std::int64_t block, BlockOf(context));
  auto& shape = context.Out(0).shape;
  if (!shape) return Ok();
  (*shape)[1] = Times((*shape)[1], block * block);
  for (const std::size_t axis : {2, 3}) {
    if (IsKnown((*shape)[axis]) && (*shape)[axis] % block != 0) {
      return context.Bad(context.Text("input", 0) + " does not divide by " + std::to_string(block));
    }
    if (IsKnown((*shape)[axis])) (*shape)[axis] /= block;
  }
  return Ok();
}

constexpr RuleRow kLayoutRules[] = {
    {"Reshape", Reshape},
    {"Flatten", Flatten},
    {"Transpose", Transpose},
    {"Concat", Concat},
    {"Squeeze", Squeeze},
    {"Unsqueeze", Unsqueeze},
    {"Expand", Expand},
    {"Tile", Tile},
    {"DepthToSpace", DepthToSpace},
    {"SpaceToDepth", SpaceToDepth},
};

}  // namespace

std::span<const RuleRow> LayoutRules() { return kLayoutRules; }

}  // namespace dlv::network
