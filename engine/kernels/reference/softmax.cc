// Softmax, LogSoftmax, Hardmax: ONNX, operator versions 1, 11 (over all axes from `axis` on, which
// is 1 unless given) and 13 (over `axis` alone, the last unless given).

#include <algorithm>
#include <cmath>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/rows.h"
#include "engine/kernels/reference/softmax_axis.h"

namespace dlv::kernels {

Result<SoftmaxAxis> ReadSoftmaxAxis(const Call& call) {
  DLV_TRY(call.Want(1));
  const Shape& shape = call.In(0).shape();
  const bool old = call.opset() < 13;
  const std::int64_t axis = call.Whole("axis", old ? 1 : -1);
  const auto rank = static_cast<std::int64_t>(shape.size());
  if (old && axis == rank) return SoftmaxAxis{CountOf(shape), 1, 1};
  if (rank == 0) return SoftmaxAxis{1, 1, 1};
  DLV_ASSIGN(const std::size_t place, call.Axis(axis, shape.size()));
  const std::int64_t outer = CountBetween(shape, 0, place);
  if (old) return SoftmaxAxis{outer, CountBetween(shape, place, shape.size()), 1};
  return SoftmaxAxis{outer, shape[place], CountBetween(shape, place + 1, shape.size())};
}

namespace {

/// Shapes: x, y [size], `step` elements from one to the next. The greatest is subtracted first, so
/// that nothing overflows.
template <class T>
void SoftmaxRow(const T* x, T* y, std::int64_t size, std::int64_t step, bool logarithm) {
  Sum<T> greatest = static_cast<Sum<T>>(x[0]);
  for (std::int64_t i = 1; i < size; ++i) {
    greatest = std::max(greatest, static_cast<Sum<T>>(x[i * step]));
  }
  Sum<T> sum = 0;
  for (std::int64_t i = 0; i < size; ++i) {
    sum += std::exp(static_cast<Sum<T>>(x[i * step]) - greatest);
  }
  const Sum<T> log_sum = std::log(sum);
  for (std::int64_t i = 0; i < size; ++i) {
    const Sum<T> centred = static_cast<Sum<T>>(x[i * step]) - greatest;
    y[i * step] = static_cast<T>(logarithm ? centred - log_sum : std::exp(centred) / sum);
  }
}

/// 1 at the first greatest element, else 0.
template <class T>
void HardmaxRow(const T* x, T* y, std::int64_t size, std::int64_t step) {
  std::int64_t best = 0;
  for (std::int64_t i = 0; i < size; ++i) {
    if (x[i * step] > x[best * step]) best = i;
    y[i * step] = 0;
  }
  y[best * step] = 1;
}

enum class SoftmaxKind { kSoftmax, kLogSoftmax, kHardmax };

template <SoftmaxKind kind>
Status Softmax(Call& call) {
  DLV_ASSIGN(const SoftmaxAxis axis, ReadSoftmaxAxis(call));
  const Value& in = call.In(0);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  if (in.count() == 0) return Ok();
  return OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    for (std::int64_t i = 0; i < axis.outer * axis.inner; ++i) {
      const std::int64_t first = i / axis.inner * axis.size * axis.inner + i % axis.inner;
      const T* x = in.As<T>().data() + first;
      T* y = out->As<T>().data() + first;
      if (kind == SoftmaxKind::kHardmax) {
        HardmaxRow<T>(x, y, axis.size, axis.inner);
      } else {
        SoftmaxRow<T>(x, y, axis.size, axis.inner, kind == SoftmaxKind::kLogSoftmax);
      }
    }
    return Ok();
  });
}

constexpr KernelRow kSoftmaxKernels[] = {
    {"", "Hardmax", Softmax<SoftmaxKind::kHardmax>},
    {"", "LogSoftmax", Softmax<SoftmaxKind::kLogSoftmax>},
    {"", "Softmax", Softmax<SoftmaxKind::kSoftmax>},
};

}  // namespace

std::span<const KernelRow> SoftmaxKernels() { return kSoftmaxKernels; }

}  // namespace dlv::kernels
