// Elements put at places: ScatterElements (ONNX, operator versions 11 to 18) and Scatter (9, the
// same under its first name), OneHot (9, 11). Negative places count from the end.

#include <algorithm>
#include <cstring>

#include "engine/kernels/convert.h"
#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

Status WantWholes(const Call& call, std::size_t operand) {
  const DType dtype = call.In(operand).dtype();
  if (dtype == DType::kI64 || dtype == DType::kI32) return Ok();
  return call.Bad("places of type " + std::string(NameOf(dtype)));
}

template <class T>
T Combined(std::string_view reduction, T before, T update) {
  if (reduction == "add") return static_cast<T>(before + update);
  if (reduction == "mul") return static_cast<T>(before * update);
  if (reduction == "max") return before > update ? before : update;
  if (reduction == "min") return before < update ? before : update;
  return update;
}

/// Where each update goes. Errors: kInvalidArgument (a place beyond the axis).
Result<Wholes> TargetsOf(const Call& call, std::size_t axis) {
  const Shape& in = call.In(0).shape();
  const Shape& shape = call.In(1).shape();
  Wholes places = WholesOf(call.In(1));
  const Strides to = StridesOf(in), own = StridesOf(shape);
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::int64_t place = places[i];
    if (place < -in[axis] || place >= in[axis]) {
      return call.Bad("place " + std::to_string(place) + " on an axis of " +
                      std::to_string(in[axis]));
    }
    if (place < 0) place += in[axis];
    std::int64_t at = place * to[axis];
    for (std::size_t k = 0; k < shape.size(); ++k) {
      if (k != axis) at += static_cast<std::int64_t>(i) / own[k] % shape[k] * to[k];
    }
    places[i] = at;
  }
  return places;
}

/// out = in, but out[i, places[i, j, k], k] = updates[i, j, k] for axis 1; later updates of one
/// place come after earlier ones.
Status ScatterElements(Call& call) {
  DLV_TRY(call.Want(3));
  DLV_TRY(WantWholes(call, 1));
  const Value &in = call.In(0), &updates = call.In(2);
  const std::string_view reduction = call.Text("reduction", "none");
  constexpr std::string_view kReductions[] = {"none", "add", "mul", "max", "min"};
  if (std::ranges::find(kReductions, reduction) == std::end(kReductions))
    return call.Unsupported("reduction " + std::string(reduction));
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", 0), in.rank()));
  const Shape& shape = call.In(1).shape();
  bool fits =
      shape.size() == in.rank() && updates.shape() == shape && updates.dtype() == in.dtype();
  for (std::size_t i = 0; fits && i < shape.size(); ++i)
    fits = i == axis || shape[i] <= in.shape()[i];
  if (!fits) {
    return call.Bad("places " + TextOf(shape) + " and updates " + TextOf(updates.shape()) +
                    " for " + TextOf(in.shape()));
  }
  DLV_ASSIGN(const Wholes targets, TargetsOf(call, axis));
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  if (in.count() == 0) return Ok();
  std::memcpy(out->data(), in.data(), in.size_bytes());
  return OnNumber(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto y = out->As<T>();
    for (std::size_t i = 0; i < targets.size(); ++i) {
      T& element = y[static_cast<std::size_t>(targets[i])];
      element = Combined(reduction, element, updates.As<T>()[i]);
    }
    return Ok();
  });
}

/// A new axis of `depth`, with values[1] at the place that is named, else values[0]; a place that
/// is none gives no values[1].
Status OneHot(Call& call) {
  DLV_TRY(call.Want(3));
  const Value &in = call.In(0), &values = call.In(2);
  if (call.In(1).count() != 1 || values.count() != 2)
    return call.Bad("depth " + TextOf(call.In(1).shape()) + ", values " + TextOf(values.shape()));
  const std::int64_t depth = WholesOf(call.In(1))[0];
  if (depth < 1) return call.Bad("depth " + std::to_string(depth));
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", -1), in.rank() + 1));
  Shape shape = in.shape();
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), depth);
  DLV_ASSIGN(Value * out, call.Make(0, values.dtype(), shape));
  const Wholes places = WholesOf(in);
  const std::int64_t inner = CountBetween(shape, axis + 1, shape.size());
  return OnNumber(call, values.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto y = out->As<T>();
    std::ranges::fill(y, values.As<T>()[0]);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::int64_t place = places[i] < 0 ? places[i] + depth : places[i];
      if (place < 0 || place >= depth) continue;
      const auto at = static_cast<std::int64_t>(i);
      const std::int64_t to = (at / inner * depth + place) * inner + at % inner;
      y[static_cast<std::size_t>(to)] = values.As<T>()[1];
    }
    return Ok();
  });
}

constexpr KernelRow kScatterKernels[] = {
    {"", "OneHot", OneHot},
    {"", "Scatter", ScatterElements},
    {"", "ScatterElements", ScatterElements},
};

}  // namespace

std::span<const KernelRow> ScatterKernels() { return kScatterKernels; }

}  // namespace dlv::kernels
