// Pools: ONNX MaxPool (operator versions 1 to 12), AveragePool (1 to 11; the divisor counts what
// lies in the padded input, as in Caffe and in ONNX since version 19), LpPool (1 to 18), and the
// global ones.  Caffe's Pooling is imported as them with ceil_mode.

#include <cmath>
#include <limits>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/pooling_operands.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

/// Calls `at(z, y, x)` for every position of the output, in C order.
template <class At>
void ForEachPosition(const Window& w, At&& at) {
  for (std::int64_t z = 0; z < w[0].out; ++z) {
    for (std::int64_t y = 0; y < w[1].out; ++y) {
      for (std::int64_t x = 0; x < w[2].out; ++x) at(z, y, x);
    }
  }
}

/// The greatest element of each window; NaN where there is one. `places`: where it stood in the
/// whole input, or null.
template <class T>
void MaxPlane(const Window& w, const T* in, std::int64_t first_place, T* out,
              std::int64_t* places) {
  ForEachPosition(w, [&](std::int64_t z, std::int64_t y, std::int64_t x) {
    T best = std::numeric_limits<T>::lowest();
    if constexpr (std::numeric_limits<T>::has_infinity) best = -std::numeric_limits<T>::infinity();
    std::int64_t place = -1;
    ForEachTap(w, z, y, x, [&](std::int64_t at, std::int64_t) {
      if (place < 0 || in[at] > best || (IsNan(in[at]) && !IsNan(best))) {
        best = in[at];
        place = at;
      }
    });
    *out++ = best;
    if (places != nullptr) *places++ = place < 0 ? -1 : first_place + place;
  });
}

/// Elements of the window that lie in the input or its padding.
std::int64_t PaddedCount(const WindowAxis& axis, std::int64_t position) {
  const std::int64_t begin = axis.Begin(position), end = axis.in + axis.after;
  if (begin >= end) return 0;
  return std::min(axis.kernel, (end - begin - 1) / axis.dilation + 1);
}

template <class T>
void AveragePlane(const Window& w, bool with_padding, const T* in, T* out) {
  ForEachPosition(w, [&](std::int64_t z, std::int64_t y, std::int64_t x) {
    Sum<T> sum = 0;
    std::int64_t count = 0;
    ForEachTap(w, z, y, x, [&](std::int64_t at, std::int64_t) {
      sum += static_cast<Sum<T>>(in[at]);
      ++count;
    });
    if (with_padding) count = PaddedCount(w[0], z) * PaddedCount(w[1], y) * PaddedCount(w[2], x);
    *out++ = static_cast<T>(count == 0 ? Sum<T>(0) : sum / static_cast<Sum<T>>(count));
  });
}

template <class T>
void LpPlane(const Window& w, double p, const T* in, T* out) {
  ForEachPosition(w, [&](std::int64_t z, std::int64_t y, std::int64_t x) {
    Sum<T> sum = 0;
    ForEachTap(w, z, y, x, [&](std::int64_t at, std::int64_t) {
      sum += std::pow(std::fabs(static_cast<Sum<T>>(in[at])), p);
    });
    *out++ = static_cast<T>(std::pow(sum, 1 / p));
  });
}

/// Calls `pool(plane of the input, plane of the output, number of the plane)` for all channels.
template <class T, class Pool>
Status ForEachPlane(const Call& call, const Window& w, const Value& in, Value& out, Pool&& pool) {
  const std::int64_t planes = in.shape()[0] * in.shape()[1];
  for (std::int64_t i = 0; i < planes; ++i) {
    DLV_TRY(call.CheckCancelled());
    pool(in.As<T>().data() + i * InCount(w), out.As<T>().data() + i * OutCount(w), i);
  }
  return Ok();
}

Status RunMax(Call& call, const Window& w, const Shape& shape) {
  const Value& in = call.In(0);
  const bool wants_places = call.output_count() > 1;
  if (wants_places && call.Whole("storage_order", 0) != 0) {
    return call.Unsupported("places in storage_order 1");
  }
  std::int64_t* places = nullptr;
  if (wants_places) {
    DLV_ASSIGN(Value * made, call.Make(1, DType::kI64, shape));
    places = made->As<std::int64_t>().data();
  }
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), shape));
  return OnNumber(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    return ForEachPlane<T>(call, w, in, *out, [&](const T* x, T* y, std::int64_t i) {
      MaxPlane<T>(w, x, i * InCount(w), y, places == nullptr ? nullptr : places + i * OutCount(w));
    });
  });
}

Status RunAverage(Call& call, const Window& w, const Shape& shape) {
  const bool with_padding = call.Flag("count_include_pad");
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), shape));
  return OnReal(call, call.In(0).dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    return ForEachPlane<T>(call, w, call.In(0), *out, [&](const T* x, T* y, std::int64_t) {
      AveragePlane<T>(w, with_padding, x, y);
    });
  });
}

Status RunLp(Call& call, const Window& w, const Shape& shape) {
  const double p = call.Real("p", 2);
  if (!(p > 0)) return call.Bad("p " + std::to_string(p) + ", want more than 0");
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), shape));
  return OnReal(call, call.In(0).dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    return ForEachPlane<T>(call, w, call.In(0), *out,
                           [&](const T* x, T* y, std::int64_t) { LpPlane<T>(w, p, x, y); });
  });
}

using Runner = Status (*)(Call&, const Window&, const Shape&);

template <Runner Run>
Status Pool(Call& call) {
  DLV_ASSIGN(const PoolOperands pool, ReadPool(call));
  return Run(call, pool.window, pool.out);
}

template <Runner Run>
Status GlobalPool(Call& call) {
  DLV_ASSIGN(const PoolOperands pool, ReadGlobalPool(call));
  return Run(call, pool.window, pool.out);
}

constexpr KernelRow kPoolingKernels[] = {
    {"", "AveragePool", Pool<RunAverage>},
    {"", "GlobalAveragePool", GlobalPool<RunAverage>},
    {"", "GlobalLpPool", GlobalPool<RunLp>},
    {"", "GlobalMaxPool", GlobalPool<RunMax>},
    {"", "LpPool", Pool<RunLp>},
    {"", "MaxPool", Pool<RunMax>},
};

}  // namespace

std::span<const KernelRow> PoolingKernels() { return kPoolingKernels; }

}  // namespace dlv::kernels
