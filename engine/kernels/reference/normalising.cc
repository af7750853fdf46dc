// BatchNormalization (ONNX, operator versions 6 to 15, inference), InstanceNormalization (6),
// LayerNormalization (17), LpNormalization (1), LRN (1, 13).

#include <cmath>
#include <vector>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/broadcast.h"
#include "engine/kernels/reference/lrn_loops.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

constexpr double kEpsilon = 1e-5f;

/// Operands 1 to `last` have one number a channel and the type of the input.
Status CheckChannelVectors(const Call& call, std::size_t last) {
  DLV_TRY(call.Want(last + 1));
  const Value& in = call.In(0);
  if (in.rank() < 2) return call.Bad("input " + TextOf(in.shape()) + ", want at least 2 axes");
  for (std::size_t i = 1; i <= last; ++i) {
    if (call.In(i).shape() != Shape{in.shape()[1]} || call.In(i).dtype() != in.dtype()) {
      return call.Bad("operand " + std::to_string(i) + " " + TextOf(call.In(i).shape()) +
                      ", want [" + std::to_string(in.shape()[1]) + "]");
    }
  }
  return Ok();
}

/// y = (x - mean[c]) / sqrt(variance[c] + epsilon) * scale[c] + bias[c].
/// Shapes: x, y [N, C, ...]; scale, bias, mean, variance [C]. Source: Ioffe, Szegedy, Batch
/// Normalization, 2015, algorithm 2.
Status BatchNormalization(Call& call) {
  DLV_TRY(CheckChannelVectors(call, 4));
  if (call.Flag("training_mode")) return call.Unsupported("training_mode");
  const Value& in = call.In(0);
  const double epsilon = call.Real("epsilon", kEpsilon);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  const std::int64_t channels = in.shape()[1], plane = CountBetween(in.shape(), 2, in.rank());
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const T *scale = call.In(1).As<T>().data(), *bias = call.In(2).As<T>().data();
    const T *mean = call.In(3).As<T>().data(), *variance = call.In(4).As<T>().data();
    const T* x = in.As<T>().data();
    T* y = out->As<T>().data();
    for (std::int64_t i = 0; i < in.shape()[0] * channels; ++i) {
      const std::int64_t c = i % channels;
      const Sum<T> root = std::sqrt(static_cast<Sum<T>>(variance[c]) + epsilon);
      for (std::int64_t k = 0; k < plane; ++k) {
        const Sum<T> centred = static_cast<Sum<T>>(*x++) - static_cast<Sum<T>>(mean[c]);
        *y++ = static_cast<T>(centred / root * static_cast<Sum<T>>(scale[c]) +
                              static_cast<Sum<T>>(bias[c]));
      }
    }
    return Ok();
  });
}

template <class T>
struct Moments {
  Sum<T> mean = 0, variance = 0;  ///< the biased one
};

template <class T>
Moments<T> MomentsOf(const T* x, std::int64_t count) {
  Moments<T> moments;
  for (std::int64_t i = 0; i < count; ++i) moments.mean += static_cast<Sum<T>>(x[i]);
  moments.mean /= static_cast<Sum<T>>(count);
  for (std::int64_t i = 0; i < count; ++i) {
    const Sum<T> centred = static_cast<Sum<T>>(x[i]) - moments.mean;
    moments.variance += centred * centred;
  }
  moments.variance /= static_cast<Sum<T>>(count);
  return moments;
}

/// The same with mean and variance of each image and channel.
Status InstanceNormalization(Call& call) {
  DLV_TRY(CheckChannelVectors(call, 2));
  const Value& in = call.In(0);
  const double epsilon = call.Real("epsilon", kEpsilon);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  const std::int64_t channels = in.shape()[1], plane = CountBetween(in.shape(), 2, in.rank());
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const T *scale = call.In(1).As<T>().data(), *bias = call.In(2).As<T>().data();
    for (std::int64_t i = 0; i < in.shape()[0] * channels; ++i) {
      const T* x = in.As<T>().data() + i * plane;
      T* y = out->As<T>().data() + i * plane;
      const auto moments = MomentsOf<T>(x, plane);
      const Sum<T> root = std::sqrt(moments.variance + epsilon);
      for (std::int64_t k = 0; k < plane; ++k) {
        y[k] = static_cast<T>((static_cast<Sum<T>>(x[k]) - moments.mean) / root *
                                  static_cast<Sum<T>>(scale[i % channels]) +
                              static_cast<Sum<T>>(bias[i % channels]));
      }
    }
    return Ok();
  });
}

/// Mean and variance of groups of channels; scale and bias of each channel or, as version 18 had
/// it, of each group.  Source: Wu, He, Group Normalization, 2018.
Status GroupNormalization(Call& call) {
  DLV_TRY(call.Want(3));
  const Value& in = call.In(0);
  const std::int64_t groups = call.Whole("num_groups", 0);
  const std::int64_t channels = in.rank() < 2 ? 0 : in.shape()[1];
  if (groups < 1 || channels % groups != 0 || channels == 0) {
    return call.Bad("input " + TextOf(in.shape()) + " in " + std::to_string(groups) + " groups");
  }
  const std::int64_t wanted = call.opset() < 21 ? groups : channels;
  for (std::size_t i = 1; i < 3; ++i) {
    if (call.In(i).shape() == Shape{wanted} && call.In(i).dtype() == in.dtype()) continue;
    return call.Bad("operand " + std::to_string(i) + " " + TextOf(call.In(i).shape()) + ", want " +
                    TextOf({wanted}));
  }
  const double epsilon = call.Real("epsilon", kEpsilon);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  const std::int64_t plane = CountBetween(in.shape(), 2, in.rank());
  const std::int64_t of_group = channels / groups, row = of_group * plane;
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const T *scale = call.In(1).As<T>().data(), *bias = call.In(2).As<T>().data();
    for (std::int64_t i = 0; row > 0 && i < in.shape()[0] * groups; ++i) {
      const T* x = in.As<T>().data() + i * row;
      T* y = out->As<T>().data() + i * row;
      const auto moments = MomentsOf<T>(x, row);
      const Sum<T> root = std::sqrt(moments.variance + epsilon);
      for (std::int64_t k = 0; k < row; ++k) {
        const std::int64_t channel = i % groups * of_group + k / plane;
        const std::int64_t at = wanted == groups ? channel / of_group : channel;
        y[k] = static_cast<T>((static_cast<Sum<T>>(x[k]) - moments.mean) / root *
                                  static_cast<Sum<T>>(scale[at]) +
                              static_cast<Sum<T>>(bias[at]));
      }
    }
    return Ok();
  });
}

/// The last axes from `axis` on, scale and bias laid over them.
/// Source: Ba, Kiros, Hinton, Layer Normalization, 2016, section 3.
Status LayerNormalization(Call& call) {
  DLV_TRY(call.Want(2));
  const Value& in = call.In(0);
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", -1), in.rank()));
  const auto begin = in.shape().begin() + static_cast<std::ptrdiff_t>(axis);
  const Shape normal(begin, in.shape().end());
  for (std::size_t i = 1; i < 3; ++i) {
    if (call.Has(i) && (BroadcastShape(call.In(i).shape(), normal) != normal ||
                        call.In(i).dtype() != in.dtype())) {
      return call.Bad("operand " + std::to_string(i) + " " + TextOf(call.In(i).shape()) +
                      " does not broadcast to " + TextOf(normal));
    }
  }
  Shape reduced(in.shape().begin(), begin);
  reduced.resize(in.rank(), 1);
  const double epsilon = call.Real("epsilon", kEpsilon);
  DLV_ASSIGN(Value means, call.memory().Make(in.dtype(), reduced));
  DLV_ASSIGN(Value factors, call.memory().Make(in.dtype(), reduced));
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  const std::int64_t row = CountOf(normal);
  DLV_TRY(OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const T* scale = call.In(1).As<T>().data();
    const T* bias = call.Has(2) ? call.In(2).As<T>().data() : nullptr;
    const Strides scales = BroadcastStrides(call.In(1).shape(), normal);
    const Strides biases = BroadcastStrides(bias ? call.In(2).shape() : Shape(), normal);
    for (std::int64_t n = 0; n < CountOf(reduced); ++n) {
      const T* x = in.As<T>().data() + n * row;
      T* y = out->As<T>().data() + n * row;
      const auto moments = MomentsOf<T>(x, row);
      const Sum<T> root = std::sqrt(moments.variance + epsilon);
      means.As<T>()[static_cast<std::size_t>(n)] = static_cast<T>(moments.mean);
      factors.As<T>()[static_cast<std::size_t>(n)] = static_cast<T>(1 / root);
      ForEachRun<3>(normal, {StridesOf(normal), scales, biases},
                    [&](const Places<3>& at, const Places<3>& step, std::int64_t count) {
                      for (std::int64_t i = 0; i < count; ++i) {
                        const std::int64_t k = at[0] + i * step[0];
                        const Sum<T> value = (static_cast<Sum<T>>(x[k]) - moments.mean) / root *
                                             static_cast<Sum<T>>(scale[at[1] + i * step[1]]);
                        y[k] = static_cast<T>(
                            bias ? value + static_cast<Sum<T>>(bias[at[2] + i * step[2]]) : value);
                      }
                    });
    }
    return Ok();
  }));
  if (call.output_count() > 1) call.Share(1, std::move(means));
  if (call.output_count() > 2) call.Share(2, std::move(factors));
  return Ok();
}

/// y = x / (bias + alpha / size * sum of squares over `size` channels around)^beta.
/// Source: Krizhevsky, Sutskever, Hinton, ImageNet Classification, 2012, section 3.3, with ONNX's
/// division by the size (which Caffe has too).
Status Lrn(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  LrnSettings settings;
  settings.size = call.Whole("size", 0);
  settings.alpha = call.Real("alpha", 1e-4f);
  settings.beta = call.Real("beta", 0.75);
  settings.bias = call.Real("bias", 1);
  if (settings.size < 1) return call.Bad("size " + std::to_string(settings.size));
  if (in.rank() < 2) return call.Bad("input " + TextOf(in.shape()) + ", want at least 2 axes");
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  const std::int64_t channels = in.shape()[1], plane = CountBetween(in.shape(), 2, in.rank());
  return OnReal(call, in.dtype(), [&](auto type) -> Status {
    using T = typename decltype(type)::type;
    for (std::int64_t n = 0; n < in.shape()[0]; ++n) {
      DLV_TRY(call.CheckCancelled());
      const std::int64_t at = n * channels * plane;
      AcrossChannels<T>(settings, channels, plane, in.As<T>().data() + at,
                        out->As<T>().data() + at);
    }
    return Ok();
  });
}

/// y = x / norm along one axis; 0 where the norm is.
Status LpNormalization(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  const std::int64_t p = call.Whole("p", 2);
  if (p != 1 && p != 2) return call.Bad("p " + std::to_string(p) + ", want 1 or 2");
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", -1), in.rank()));
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  const std::int64_t size = in.shape()[axis], inner = CountBetween(in.shape(), axis + 1, in.rank());
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    for (std::int64_t i = 0; i < CountBetween(in.shape(), 0, axis) * inner; ++i) {
      const std::int64_t first = i / inner * size * inner + i % inner;
      const T* x = in.As<T>().data() + first;
      T* y = out->As<T>().data() + first;
      Sum<T> norm = 0;
      for (std::int64_t k = 0; k < size; ++k) {
        const auto value = static_cast<Sum<T>>(x[k * inner]);
        norm += p == 1 ? std::fabs(value) : value * value;
      }
      if (p == 2) norm = std::sqrt(norm);
      for (std::int64_t k = 0; k < size; ++k) {
        y[k * inner] = norm == 0 ? T(0) : static_cast<T>(static_cast<Sum<T>>(x[k * inner]) / norm);
      }
    }
    return Ok();
  });
}

constexpr KernelRow kNormalisingKernels[] = {
    {"", "BatchNormalization", BatchNormalization},
    {"", "GroupNormalization", GroupNormalization},
    {"", "InstanceNormalization", InstanceNormalization},
    {"", "LRN", Lrn},
    {"", "LayerNormalization", LayerNormalization},
    {"", "LpNormalization", LpNormalization},
};

}  // namespace

std::span<const KernelRow> NormalisingKernels() { return kNormalisingKernels; }

}  // namespace dlv::kernels
