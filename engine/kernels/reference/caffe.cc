// Caffe layers that are no ONNX operators (domain "caffe"): BatchNorm, Scale, Bias, LRN within
// channels, Power, Eltwise with coefficients, Reshape.  Definitions: the layers of Caffe 1.0, as
// documented at caffe.berkeleyvision.org.

#include <cmath>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/broadcast.h"
#include "engine/kernels/reference/lrn_loops.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

/// y = (x - mean[c] / f) / sqrt(variance[c] / f + eps), f the one number of operand 3; where it is
/// 0, mean and variance are. Shapes: x [N, C, ...]; mean, variance [C].
Status BatchNorm(Call& call) {
  DLV_TRY(call.Want(4));
  const Value& in = call.In(0);
  const bool sound = in.rank() >= 2 && call.In(1).count() == in.shape()[1] &&
                     call.In(2).count() == in.shape()[1] && call.In(3).count() == 1;
  for (std::size_t i = 1; i < 4; ++i) {
    if (!sound || call.In(i).dtype() != in.dtype()) {
      return call.Bad("operand " + std::to_string(i) + " " + TextOf(call.In(i).shape()) + " for " +
                      TextOf(in.shape()));
    }
  }
  const double epsilon = call.Real("eps", 1e-5f);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  const std::int64_t channels = in.shape()[1], plane = CountBetween(in.shape(), 2, in.rank());
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto factor = static_cast<Sum<T>>(call.In(3).As<T>()[0]);
    const Sum<T> scale = factor == 0 ? 0 : 1 / factor;
    const T *means = call.In(1).As<T>().data(), *variances = call.In(2).As<T>().data();
    const T* x = in.As<T>().data();
    T* y = out->As<T>().data();
    for (std::int64_t i = 0; i < in.shape()[0] * channels; ++i) {
      const Sum<T> mean = static_cast<Sum<T>>(means[i % channels]) * scale;
      const Sum<T> root = std::sqrt(static_cast<Sum<T>>(variances[i % channels]) * scale + epsilon);
      for (std::int64_t k = 0; k < plane; ++k) {
        *y++ = static_cast<T>((static_cast<Sum<T>>(*x++) - mean) / root);
      }
    }
    return Ok();
  });
}

/// The shape of a factor that begins at attribute "axis" of the input.
Result<Shape> Aligned(const Call& call, std::size_t operand) {
  const std::size_t rank = call.In(0).rank();
  Shape shape = call.In(operand).shape();
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", 1), rank));
  if (shape.size() > rank - axis || call.In(operand).dtype() != call.In(0).dtype()) {
    return call.Bad("operand " + std::to_string(operand) + " " + TextOf(shape) + " for " +
                    TextOf(call.In(0).shape()));
  }
  shape.resize(rank - axis, 1);
  return shape;
}

/// Scale: y = x * a + b, where b may be left out; Bias: y = x + a.
template <bool Multiplies>
Status Scale(Call& call) {
  DLV_TRY(call.Want(2));
  const Value& in = call.In(0);
  DLV_ASSIGN(const Shape first, Aligned(call, 1));
  Shape second = {};
  if (call.Has(2)) {
    DLV_ASSIGN(second, Aligned(call, 2));
  }
  if (BroadcastShape(in.shape(), first) != in.shape() ||
      BroadcastShape(in.shape(), second) != in.shape()) {
    return call.Bad("factor " + TextOf(first) + " does not fit " + TextOf(in.shape()));
  }
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const T *x = in.As<T>().data(), *a = call.In(1).As<T>().data();
    const T* b = call.Has(2) ? call.In(2).As<T>().data() : nullptr;
    T* y = out->As<T>().data();
    ForEachRun<3>(in.shape(),
                  {StridesOf(in.shape()), BroadcastStrides(first, in.shape()),
                   BroadcastStrides(second, in.shape())},
                  [&](const Places<3>& at, const Places<3>& step, std::int64_t count) {
                    for (std::int64_t i = 0; i < count; ++i) {
                      const auto value = static_cast<Sum<T>>(x[at[0] + i * step[0]]);
                      const auto factor = static_cast<Sum<T>>(a[at[1] + i * step[1]]);
                      Sum<T> result = Multiplies ? value * factor : value + factor;
                      if (b != nullptr) result += static_cast<Sum<T>>(b[at[2] + i * step[2]]);
                      y[at[0] + i * step[0]] = static_cast<T>(result);
                    }
                  });
    return Ok();
  });
}

/// As WithinChannel; Caffe takes odd sizes only, and "k" counts across channels alone.
Status LrnWithin(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  const LrnSettings settings{call.Whole("local_size", 5), call.Real("alpha", 1),
                             call.Real("beta", 0.75), 1};
  if (in.rank() != 4 || settings.size < 1 || settings.size > (1 << 20) || settings.size % 2 == 0) {
    return call.Bad("local_size " + std::to_string(settings.size) + " for " + TextOf(in.shape()));
  }
  Window window;
  for (const std::size_t i : {1, 2}) {
    const std::int64_t size = in.shape()[i + 1];
    window[i].in = window[i].out = size;
    window[i].kernel = settings.size;
    window[i].before = window[i].after = (settings.size - 1) / 2;
  }
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  return OnReal(call, in.dtype(), [&](auto type) -> Status {
    using T = typename decltype(type)::type;
    for (std::int64_t i = 0; i < in.shape()[0] * in.shape()[1]; ++i) {
      DLV_TRY(call.CheckCancelled());
      WithinChannel<T>(settings, window, in.As<T>().data() + i * InCount(window),
                       out->As<T>().data() + i * InCount(window));
    }
    return Ok();
  });
}

/// y = (shift + scale * x)^power.
Status Power(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  const double power = call.Real("power", 1), scale = call.Real("scale", 1);
  const double shift = call.Real("shift", 0);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto x = in.As<T>();
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double inner = shift + scale * static_cast<double>(x[i]);
      out->As<T>()[i] = static_cast<T>(power == 1 ? inner : std::pow(inner, power));
    }
    return Ok();
  });
}

/// Sums with coefficients, and products of more than two.
Status Eltwise(Call& call) {
  DLV_TRY(call.Want(std::max<std::size_t>(call.input_count(), 1)));
  const bool product = call.Text("operation", "SUM") == "PROD";
  auto factors = call.Reals("coeff").value_or(std::vector<double>());
  if (factors.empty()) {
    for (const std::int64_t one : call.List("coeff").value_or(Wholes())) {
      factors.push_back(static_cast<double>(one));
    }
  }
  if (factors.empty()) factors.assign(call.input_count(), 1);
  for (std::size_t i = 0; i < call.input_count(); ++i) {
    if (call.In(i).shape() != call.In(0).shape() || factors.size() != call.input_count() ||
        call.In(i).dtype() != call.In(0).dtype()) {
      return call.Bad("operand " + std::to_string(i) + " " + TextOf(call.In(i).shape()) + " with " +
                      std::to_string(factors.size()) + " coefficients");
    }
  }
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), call.In(0).shape()));
  return OnReal(call, out->dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto y = out->As<T>();
    for (std::size_t i = 0; i < y.size(); ++i) {
      double total = product ? 1 : 0;
      for (std::size_t k = 0; k < factors.size(); ++k) {
        const auto x = static_cast<double>(std::as_const(call).In(k).As<T>()[i]);
        total = product ? total * x : total + factors[k] * x;
      }
      y[i] = static_cast<T>(total);
    }
    return Ok();
  });
}

/// 0 keeps the size at that place, -1 takes what is left.
Status ReshapeByDim(Call& call) {
  DLV_TRY(call.Want(1));
  const Shape& in = call.In(0).shape();
  auto shape = call.List("shape.dim");
  if (!shape && call.Find("shape.dim") != nullptr) shape = Wholes{call.Whole("shape.dim", 1)};
  if (!shape || call.Whole("axis", 0) != 0 || call.Whole("num_axes", -1) != -1) {
    return call.Unsupported("a reshape of some axes");
  }
  std::int64_t known = 1;
  std::size_t open = shape->size();
  for (std::size_t i = 0; i < shape->size(); ++i) {
    std::int64_t& size = (*shape)[i];
    if (size == 0 && i < in.size()) size = in[i];
    if (size == -1 && open == shape->size()) {
      open = i;
    } else if (size < 0 || __builtin_mul_overflow(known, size, &known)) {
      return call.Bad("dim " + TextOf(*shape) + " for " + TextOf(in));
    }
  }
  if (open < shape->size()) (*shape)[open] = known == 0 ? 0 : call.In(0).count() / known;
  DLV_ASSIGN(const std::int64_t count, CheckedCount(*shape));
  if (count != call.In(0).count()) return call.Bad("dim " + TextOf(*shape) + " for " + TextOf(in));
  call.Share(0, call.In(0).Reshaped(*shape));
  return Ok();
}

constexpr KernelRow kCaffeKernels[] = {
    {"caffe", "BatchNorm", BatchNorm}, {"caffe", "Bias", Scale<false>},
    {"caffe", "Eltwise", Eltwise},     {"caffe", "LRN", LrnWithin},
    {"caffe", "Power", Power},         {"caffe", "Reshape", ReshapeByDim},
    {"caffe", "Scale", Scale<true>},
};

}  // namespace

std::span<const KernelRow> CaffeKernels() { return kCaffeKernels; }

}  // namespace dlv::kernels
