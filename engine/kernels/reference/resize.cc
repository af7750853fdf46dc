// Upsample (ONNX, operator versions 7, 9) and Resize (10 to 18): nearest, linear, cubic.  Axis by
// axis: each place of the output is a weighted sum of places of the input.

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/convert.h"
#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/resize_operands.h"
#include "engine/kernels/reference/rows.h"
#include "engine/kernels/shape.h"

namespace dlv::kernels {
namespace {

struct Method {
  std::string_view mode, coordinates, nearest;
  double cubic = -0.75;
  bool exclude_outside = false;
};

Method ReadMethod(const Call& call) {
  const bool old = call.node().op == "Upsample" || call.opset() < 11;
  Method method;
  method.mode = call.Text("mode", "nearest");
  method.coordinates =
      old ? "asymmetric" : call.Text("coordinate_transformation_mode", "half_pixel");
  method.nearest = old ? "floor" : call.Text("nearest_mode", "round_prefer_floor");
  method.cubic = call.Real("cubic_coeff_a", -0.75);
  method.exclude_outside = call.Flag("exclude_outside");
  return method;
}

/// One axis: its new size and the factor by which it grows.
struct AxisSize {
  std::int64_t in = 1, out = 1;
  double scale = 1;
};

/// Place in the input of place `x` of the output. Source: ONNX, Resize-13,
/// coordinate_transformation_mode.
Result<double> PlaceOf(const Call& call, const Method& method, const AxisSize& axis,
                       std::int64_t at) {
  const auto x = static_cast<double>(at), out = static_cast<double>(axis.out);
  const double half = (x + 0.5) / axis.scale - 0.5;
  if (method.coordinates == "half_pixel") return half;
  if (method.coordinates == "asymmetric") return x / axis.scale;
  if (method.coordinates == "pytorch_half_pixel") return axis.out > 1 ? half : 0;
  if (method.coordinates == "tf_half_pixel_for_nn") return (x + 0.5) / axis.scale;
  if (method.coordinates == "align_corners") {
    return axis.out == 1 ? 0 : x * static_cast<double>(axis.in - 1) / (out - 1);
  }
  return call.Unsupported("coordinate_transformation_mode " + std::string(method.coordinates));
}

struct Tap {
  std::int64_t place = 0;
  double weight = 1;
};
using WeightedTaps = std::vector<Tap>;

Result<std::int64_t> Nearest(const Call& call, const Method& method, double place) {
  if (method.nearest == "floor") return static_cast<std::int64_t>(std::floor(place));
  if (method.nearest == "ceil") return static_cast<std::int64_t>(std::ceil(place));
  if (method.nearest == "round_prefer_floor") {
    return static_cast<std::int64_t>(std::ceil(place - 0.5));
  }
  if (method.nearest == "round_prefer_ceil") {
    return static_cast<std::int64_t>(std::floor(place + 0.5));
  }
  return call.Unsupported("nearest_mode " + std::string(method.nearest));
}

/// Source: Keys, Cubic Convolution Interpolation, 1981, with coefficient a.
double Cubic(double a, double distance) {
  const double d = std::fabs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

Result<WeightedTaps> TapsOf(const Call& call, const Method& method, const AxisSize& axis,
                            std::int64_t at) {
  DLV_ASSIGN(const double place, PlaceOf(call, method, axis, at));
  WeightedTaps taps;
  const double floor = std::floor(place);
  if (method.mode == "nearest") {
    DLV_ASSIGN(const std::int64_t nearest, Nearest(call, method, place));
    taps.push_back({nearest, 1});
  } else if (method.mode == "linear" || method.mode == "bilinear") {
    taps = {{static_cast<std::int64_t>(floor), 1 - (place - floor)},
            {static_cast<std::int64_t>(floor) + 1, place - floor}};
  } else if (method.mode == "cubic") {
    for (int k = -1; k <= 2; ++k) {
      taps.push_back(
          {static_cast<std::int64_t>(floor) + k, Cubic(method.cubic, place - floor - k)});
    }
  } else {
    return call.Unsupported("mode " + std::string(method.mode));
  }
  double sum = 0;
  for (Tap& tap : taps) {
    const bool outside = tap.place < 0 || tap.place >= axis.in;
    if (outside && method.exclude_outside) tap.weight = 0;
    tap.place = std::clamp<std::int64_t>(tap.place, 0, axis.in - 1);
    sum += tap.weight;
  }
  if (method.exclude_outside && sum != 0) {
    for (Tap& tap : taps) tap.weight /= sum;
  }
  return taps;
}

Result<std::vector<double>> ReadScales(const Call& call, std::size_t operand) {
  if (const auto given = call.Reals("scales")) return *given;
  if (!call.Has(operand)) return std::vector<double>();
  if (call.In(operand).count() > static_cast<std::int64_t>(kMaxRank)) return call.Bad("scales");
  return RealsOf(call.In(operand));
}

Result<AxisSize> Scaled(const Call& call, std::int64_t in, double scale) {
  const double out = std::floor(static_cast<double>(in) * scale);
  if (!(scale > 0) || !(out < static_cast<double>(kMaxElements)) || (in == 0 && out > 0)) {
    return call.Bad("scale " + std::to_string(scale) + " of an axis of " + std::to_string(in));
  }
  return AxisSize{in, static_cast<std::int64_t>(out), scale};
}

Result<std::vector<AxisSize>> ReadSizes(const Call& call) {
  const Shape& in = call.In(0).shape();
  const bool old = call.node().op == "Upsample" || call.opset() < 11;
  DLV_ASSIGN(const auto scales, ReadScales(call, old ? 1 : 2));
  DLV_ASSIGN(const auto sizes, call.ListOrOperand("", old ? SIZE_MAX : 3));
  Wholes axes(in.size());
  for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<std::int64_t>(i);
  if (const auto given = call.List("axes")) axes = *given;
  const bool by_size = sizes && !sizes->empty();
  if ((by_size ? sizes->size() : scales.size()) != axes.size()) {
    return call.Bad("sizes or scales for " + TextOf(in) + ": want " + std::to_string(axes.size()));
  }
  if (call.Text("keep_aspect_ratio_policy", "stretch") != "stretch" || call.Flag("antialias")) {
    return call.Unsupported("keep_aspect_ratio_policy or antialias");
  }
  std::vector<AxisSize> result;
  for (const std::int64_t size : in) result.push_back({size, size, 1});
  for (std::size_t i = 0; i < axes.size(); ++i) {
    DLV_ASSIGN(const std::size_t axis, call.Axis(axes[i], in.size()));
    if (!by_size) {
      DLV_ASSIGN(result[axis], Scaled(call, in[axis], scales[i]));
      continue;
    }
    const std::int64_t out = (*sizes)[i];
    if (out < 0 || (in[axis] == 0 && out > 0)) return call.Bad("sizes " + TextOf(*sizes));
    const double scale =
        static_cast<double>(out) / static_cast<double>(std::max<std::int64_t>(in[axis], 1));
    result[axis] = {in[axis], out, scale == 0 ? 1 : scale};
  }
  return result;
}

/// Resizes one axis of x [outer, in, inner] to y [outer, out, inner].
template <class T>
Status ResizeAxis(const Call& call, const Method& method, const AxisSize& axis, std::int64_t outer,
                  std::int64_t inner, const T* x, T* y) {
  std::vector<Sum<T>> sums(static_cast<std::size_t>(inner));
  for (std::int64_t at = 0; at < axis.out; ++at) {
    DLV_TRY(call.CheckCancelled());
    DLV_ASSIGN(const WeightedTaps taps, TapsOf(call, method, axis, at));
    if (taps.size() == 1 && taps[0].weight == 1) {
      for (std::int64_t o = 0; o < outer; ++o) {
        std::copy_n(x + (o * axis.in + taps[0].place) * inner, inner,
                    y + (o * axis.out + at) * inner);
      }
      continue;
    }
    for (std::int64_t o = 0; o < outer; ++o) {
      std::fill(sums.begin(), sums.end(), Sum<T>(0));
      for (const Tap& tap : taps) {
        const T* row = x + (o * axis.in + tap.place) * inner;
        if (tap.weight == 0) continue;
        for (std::size_t i = 0; i < sums.size(); ++i) {
          sums[i] += tap.weight * static_cast<Sum<T>>(row[i]);
        }
      }
      T* to = y + (o * axis.out + at) * inner;
      for (const Sum<T>& sum : sums) *to++ = FromSum<T>(static_cast<double>(sum));
    }
  }
  return Ok();
}

Status Resize(Call& call) {
  DLV_TRY(call.Want(1));
  const Method method = ReadMethod(call);
  DLV_ASSIGN(const auto axes, ReadSizes(call));
  Value value = call.In(0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (axes[i].in == axes[i].out && axes[i].scale == 1) continue;
    Shape shape = value.shape();
    shape[i] = axes[i].out;
    DLV_ASSIGN(Value next, call.memory().Make(value.dtype(), shape));
    const std::int64_t outer = CountBetween(shape, 0, i);
    const std::int64_t inner = CountBetween(shape, i + 1, shape.size());
    const Value& from = value;
    const Status done = OnNumber(call, value.dtype(), [&](auto type) {
      using T = typename decltype(type)::type;
      return ResizeAxis<T>(call, method, axes[i], outer, inner, from.As<T>().data(),
                           next.As<T>().data());
    });
    if (!done.ok()) return done;
    value = std::move(next);
  }
  call.Share(0, std::move(value));
  return Ok();
}

constexpr KernelRow kResizeKernels[] = {
    {"", "Resize", Resize},
    {"", "Upsample", Resize},
};

}  // namespace

Result<std::optional<std::vector<Wholes>>> ReadNearestPlaces(const Call& call) {
  using Places = std::vector<Wholes>;
  DLV_TRY(call.Want(1));
  const Method method = ReadMethod(call);
  if (method.mode != "nearest") return std::optional<Places>();
  DLV_ASSIGN(const auto axes, ReadSizes(call));
  Places places(axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    for (std::int64_t at = 0; at < axes[i].out; ++at) {
      if (axes[i].in == axes[i].out && axes[i].scale == 1) {
        places[i].push_back(at);
        continue;
      }
      DLV_ASSIGN(const WeightedTaps taps, TapsOf(call, method, axes[i], at));
      if (taps[0].weight != 1) return std::optional<Places>();
      places[i].push_back(taps[0].place);
    }
  }
  return std::optional(std::move(places));
}

std::span<const KernelRow> ResizeKernels() { return kResizeKernels; }

}  // namespace dlv::kernels
