#include <algorithm>
#include <cmath>

#include "engine/network/attributes.h"
#include "engine/network/limits.h"
#include "engine/network/rules.h"
#include "engine/network/shape_arithmetic.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {
namespace {

using Wholes = std::vector<std::int64_t>;

/// How an axis is cut: place of the first element, number of elements.
struct Cut {
  std::int64_t begin = 0, count = 0;
};

Cut CutOf(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step) {
  const auto clamp = [&](std::int64_t at, std::int64_t low, std::int64_t high) {
    if (at < 0) at += size;
    return std::clamp(at, low, high);
  };
  if (step > 0) {
    const std::int64_t first = clamp(start, 0, size), last = clamp(end, 0, size);
    const std::int64_t length = std::max<std::int64_t>(last - first, 0);
    return {first, length == 0 ? 0 : (length - 1) / step + 1};
  }
  const std::int64_t first = clamp(start, -1, size - 1), last = clamp(end, -1, size - 1);
  const std::int64_t length = std::max<std::int64_t>(first - last, 0);
  if (step == INT64_MIN) return {first, length == 0 ? 0 : 1};
  return {first, length == 0 ? 0 : (length - 1) / -step + 1};
}

/// Cuts along axis 0 of a value.
void SliceValue(NodeContext& context, const Cut& cut, std::int64_t step) {
  const auto& value = context.In(0).value;
  if (!value || value->shape.empty() || value->shape[0] == 0) return;
  const std::size_t row = value->elements.size() / static_cast<std::size_t>(value->shape[0]);
  KnownValue part{value->dtype, value->shape, {}};
  part.shape[0] = cut.count;
  for (std::int64_t i = 0; i < cut.count; ++i) {
    const auto at =
        static_cast<std::ptrdiff_t>(cut.begin + i * step) * static_cast<std::ptrdiff_t>(row);
    const auto begin = value->elements.begin() + at;
    part.elements.insert(part.elements.end(), begin, begin + static_cast<std::ptrdiff_t>(row));
  }
  context.Out(0).value = std::move(part);
}

Status Slice(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  auto& out = context.Out(0).shape;
  if (!out) return Ok();
  const GivenList starts = context.List("starts", 1), ends = context.List("ends", 2);
  const GivenList axes = context.List("axes", 3), steps = context.List("steps", 4);
  if (axes.given && !axes.values) {
    out = UnknownSizes(out->size());
    return Ok();
  }
  const auto& any = starts.values ? starts.values : ends.values ? ends.values : axes.values;
  const std::size_t count = any ? any->size() : out->size();
  if (count > out->size()) {
    return context.Bad(std::to_string(count) + " starts for " + context.Text("input", 0));
  }
  const auto element = [&](const GivenList& list, std::size_t i, std::int64_t otherwise) {
    if (!list.given) return otherwise;
    return list.values && i < list.values->size() ? (*list.values)[i] : KnownValue::kUnknownElement;
  };
  for (std::size_t i = 0; i < count; ++i) {
    DLV_ASSIGN(const std::size_t axis,
               context.Axis(element(axes, i, static_cast<std::int64_t>(i)), out->size()));
    const std::int64_t start = element(starts, i, 0), end = element(ends, i, 0);
    const std::int64_t step = element(steps, i, 1);
    if (step == 0) return context.Bad("step 0");
    const bool known = IsKnown((*out)[axis]) && start != KnownValue::kUnknownElement &&
                       end != KnownValue::kUnknownElement && step != KnownValue::kUnknownElement;
    const bool whole = start == 0 && step == 1 && end >= kMaxAxis;  // from begin to end
    const Cut cut = known ? CutOf((*out)[axis], start, end, step) : Cut{0, kUnknownSize};
    if (known && axis == 0 && count == 1) SliceValue(context, cut, step);
    if (!whole) (*out)[axis] = cut.count;
  }
  return Ok();
}

Status Split(NodeContext& context) {
  const auto& in = context.In(0).shape;
  for (Fact& out : context.outputs()) out.dtype = context.In(0).dtype;
  if (!in) return Ok();
  DLV_ASSIGN(const std::size_t axis,
             context.Axis(IntegerAttribute(context.node(), "axis", 0), in->size()));
  const GivenList split = context.List("split", 1);
  const auto parts = static_cast<std::int64_t>(context.output_count());
  const std::int64_t size = (*in)[axis], part = (size + parts - 1) / parts;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < context.output_count(); ++i) {
    NetworkShape shape = *in;
    shape[axis] = kUnknownSize;
    if (split.values) {
      if (split.values->size() != context.output_count()) {
        return context.Bad(std::to_string(split.values->size()) + " sizes for " +
                           std::to_string(parts) + " outputs");
      }
      const std::int64_t wanted = (*split.values)[i];
      if (wanted >= 0) shape[axis] = wanted;
      sum = Plus(sum, shape[axis]);
    } else if (!split.given && IsKnown(size)) {
      shape[axis] = std::clamp<std::int64_t>(size - part * static_cast<std::int64_t>(i), 0, part);
    }
    context.Out(i).shape = std::move(shape);
  }
  if (split.values && !SameSize(sum, size)) {
    return context.Bad("sizes sum to " + std::to_string(sum) + ", " + context.Text("input", 0) +
                       " has " + std::to_string(size) + " on axis " + std::to_string(axis));
  }
  return Ok();
}

Status Pad(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  auto& out = context.Out(0).shape;
  if (!out) return Ok();
  const GivenList pads = context.List("pads", 1);
  if (!pads.values) {
    out = UnknownSizes(out->size());
    return Ok();
  }
  Wholes axes(out->size());
  for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<std::int64_t>(i);
  const GivenList given = context.List("", 3);
  if (given.values) axes = *given.values;
  if (pads.values->size() != axes.size() * 2) {
    return context.Bad(std::to_string(pads.values->size()) + " pads, want " +
                       std::to_string(axes.size() * 2) + " for " + context.Text("input", 0));
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    DLV_ASSIGN(const std::size_t axis, context.Axis(axes[i], out->size()));
    const std::int64_t before = (*pads.values)[i], after = (*pads.values)[i + axes.size()];
    const bool known = IsKnown((*out)[axis]) && before != KnownValue::kUnknownElement &&
                       after != KnownValue::kUnknownElement;
    const bool fits = std::abs(before / 2) <= kMaxAxis && std::abs(after / 2) <= kMaxAxis;
    if (known && (!fits || (*out)[axis] + before + after < 0)) {
      return context.Bad("pads " + std::to_string(before) + " and " + std::to_string(after) +
                         " on axis " + std::to_string(axis) + " of " + context.Text("input", 0));
    }
    const bool same = before == 0 && after == 0;
    if (!same) (*out)[axis] = known ? (*out)[axis] + before + after : kUnknownSize;
  }
  return Ok();
}

/// Elements of a one-dimensional value, or of rows of a larger one, along axis 0.
void GatherValue(NodeContext& context) {
  const auto& data = context.In(0).value;
  const auto& places = context.In(1).value;
  if (!data || !places || data->shape.empty() || places->is_real()) return;
  const std::int64_t size = data->shape[0];
  const std::size_t row = size == 0 ? 0 : data->elements.size() / static_cast<std::size_t>(size);
  KnownValue part{data->dtype, places->shape, {}};
  part.shape.insert(part.shape.end(), data->shape.begin() + 1, data->shape.end());
  for (const KnownElement& place : places->elements) {
    const std::int64_t at = place.whole < 0 ? place.whole + size : place.whole;
    if (!place.known || at < 0 || at >= size) return;
    if (part.elements.size() + row > kMaxFoldedElements) return;
    const auto begin = data->elements.begin() + static_cast<std::ptrdiff_t>(row) * at;
    part.elements.insert(part.elements.end(), begin, begin + static_cast<std::ptrdiff_t>(row));
  }
  context.Out(0).value = std::move(part);
}

Status Gather(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& data = context.In(0).shape;
  const auto& places = context.In(1).shape;
  if (!data || !places) return Ok();
  DLV_ASSIGN(const std::size_t axis,
             context.Axis(IntegerAttribute(context.node(), "axis", 0), data->size()));
  NetworkShape out(data->begin(), data->begin() + static_cast<std::ptrdiff_t>(axis));
  out.insert(out.end(), places->begin(), places->end());
  out.insert(out.end(), data->begin() + static_cast<std::ptrdiff_t>(axis) + 1, data->end());
  context.Out(0).shape = std::move(out);
  if (axis == 0) GatherValue(context);
  return Ok();
}

Status GatherElements(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  context.Out(0).shape = context.In(1).shape;
  return Ok();
}

Status GatherNd(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& data = context.In(0).shape;
  const auto& places = context.In(1).shape;
  if (!data || !places || places->empty() || !IsKnown(places->back())) return Ok();
  const std::int64_t taken = places->back() + IntegerAttribute(context.node(), "batch_dims", 0);
  if (taken < 0 || taken > static_cast<std::int64_t>(data->size())) {
    return context.Bad(context.Text("places", 1) + " for " + context.Text("input", 0));
  }
  NetworkShape out(places->begin(), places->end() - 1);
  out.insert(out.end(), data->begin() + taken, data->end());
  context.Out(0).shape = std::move(out);
  return Ok();
}

/// New sizes from factors: floor(size * factor).
Status ScaleSizes(NodeContext& context, const std::vector<double>& factors, const Wholes& axes) {
  NetworkShape& out = *context.Out(0).shape;
  if (factors.size() != axes.size()) {
    return context.Bad(std::to_string(factors.size()) + " scales for " + context.Text("input", 0));
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    DLV_ASSIGN(const std::size_t axis, context.Axis(axes[i], out.size()));
    if (std::isnan(factors[i])) {
      out[axis] = kUnknownSize;
      continue;
    }
    if (!(factors[i] > 0) || factors[i] > 1e9) {
      return context.Bad("scale " + std::to_string(factors[i]) + " on axis " +
                         std::to_string(axis));
    }
    if (IsKnown(out[axis]) && factors[i] != 1) {
      const double size = std::floor(static_cast<double>(out[axis]) * factors[i]);
      out[axis] =
          size < static_cast<double>(kMaxAxis) ? static_cast<std::int64_t>(size) : INT64_MAX;
    }
  }
  return Ok();
}

std::optional<std::vector<double>> RealsOf(const NodeContext& context, std::string_view attribute,
                                           std::size_t operand) {
  if (const AttributeValue* value = FindAttribute(context.node(), attribute)) {
    if (const auto* reals = std::get_if<std::vector<double>>(value)) return *reals;
  }
  const auto& value = context.In(operand).value;
  if (!value || !value->is_real()) return std::nullopt;
  std::vector<double> reals;
  for (const KnownElement& element : value->elements) {
    reals.push_back(element.known ? element.real : NAN);
  }
  return reals;
}

bool IsEmpty(const Fact& fact) { return fact.shape && *fact.shape == NetworkShape{0}; }

Status SetSizes(NodeContext& context, const Wholes& sizes, const Wholes& axes) {
  NetworkShape& out = *context.Out(0).shape;
  if (sizes.size() != axes.size()) {
    return context.Bad(std::to_string(sizes.size()) + " sizes for " + context.Text("input", 0));
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    DLV_ASSIGN(const std::size_t axis, context.Axis(axes[i], out.size()));
    out[axis] = sizes[i] < 0 ? kUnknownSize : sizes[i];
  }
  return Ok();
}

/// Upsample, and Resize of all opsets: scales in operand 1 (opset 10) or 2, sizes in operand 3.
Status Resize(NodeContext& context) {
  DLV_TRY(LikeFirst(context));
  auto& out = context.Out(0).shape;
  if (!out) return Ok();
  Wholes axes(out->size());
  for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<std::int64_t>(i);
  if (const Wholes* given = IntegersAttribute(context.node(), "axes")) axes = *given;
  const bool old = context.operand_count() <= 2;
  const std::size_t scales_at = old ? 1 : 2;
  if (context.Has(3) && !IsEmpty(context.In(3))) {
    const GivenList sizes = context.List("", 3);
    const bool keeps_ratio =
        TextAttribute(context.node(), "keep_aspect_ratio_policy", "stretch") != "stretch";
    if (sizes.values && !keeps_ratio) return SetSizes(context, *sizes.values, axes);
  } else if (const auto scales = RealsOf(context, "scales", scales_at)) {
    return ScaleSizes(context, *scales, axes);
  }
  out = UnknownSizes(out->size());
  return Ok();
}

Status OneHot(NodeContext& context) {
  context.Out(0).dtype = context.In(2).dtype;
  const auto& places = context.In(0).shape;
  if (!places) return Ok();
  const auto& depth = context.In(1).value;
  std::int64_t size = kUnknownSize;
  if (depth && depth->elements.size() == 1) size = depth->Wholes()[0];
  DLV_ASSIGN(const std::size_t axis,
             context.Axis(IntegerAttribute(context.node(), "axis", -1), places->size() + 1));
  NetworkShape out = *places;
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(axis), size < 0 ? kUnknownSize : size);
  context.Out(0).shape = std::move(out);
  return Ok();
}

Status NonZero(NodeContext& context) {
  context.Out(0).dtype = DType::kI64;
  const auto& in = context.In(0).shape;
  if (in) context.Out(0).shape = {static_cast<std::int64_t>(in->size()), kUnknownSize};
  return Ok();
}

Status NonMaxSuppression(NodeContext& context) {
  context.Out(0).dtype = DType::kI64;
  context.Out(0).shape = {kUnknownSize, 3};
  return Ok();
}

Status GridSample(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  const auto& in = context.In(0).shape;
  const auto& grid = context.In(1).shape;
  if (!in || !grid || in->size() < 3 || grid->size() != in->size()) return Ok();
  NetworkShape out = {(*in)[0], (*in)[1]};
  out.insert(out.end(), grid->begin() + 1, grid->end() - 1);
  context.Out(0).shape = std::move(out);
  return Ok();
}

constexpr RuleRow kPartRules[] = {
    {"Slice", Slice},
    {"Split", Split},
    {"Pad", Pad},
    {"Gather", Gather},
    {"GatherElements", GatherElements},
    {"GatherND", GatherNd},
    {"Scatter", LikeFirst},
    {"ScatterElements", LikeFirst},
    {"ScatterND", LikeFirst},
    {"Resize", Resize},
    {"Upsample", Resize},
    {"OneHot", OneHot},
    {"NonZero", NonZero},
    {"NonMaxSuppression", NonMaxSuppression},
    {"GridSample", GridSample},
};

}  // namespace

std::span<const RuleRow> PartRules() { return kPartRules; }

}  // namespace dlv::network
