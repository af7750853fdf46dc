// TopK (ONNX, operator versions 1 to 11), CumSum (11, 14).

#include <algorithm>
#include <numeric>

#include "engine/kernels/convert.h"
#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

/// One row of TopK: sorted by value, equal ones by place.
template <class T>
void TopOfRow(const T* x, std::int64_t step, std::int64_t count, bool largest,
              std::vector<std::int64_t>& places) {
  std::iota(places.begin(), places.end(), 0);
  const auto before = [&](std::int64_t a, std::int64_t b) {
    const T left = x[a * step], right = x[b * step];
    if (IsNan(left) || IsNan(right)) return IsNan(left) && IsNan(right) ? a < b : IsNan(left);
    if (left != right) return largest ? left > right : left < right;
    return a < b;
  };
  std::partial_sort(places.begin(), places.begin() + count, places.end(), before);
}

Status TopK(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  DLV_ASSIGN(const std::size_t axis, call.Axis(call.Whole("axis", -1), in.rank()));
  DLV_ASSIGN(const auto given, call.RealOrOperand("k", 1));
  const std::int64_t size = in.shape()[axis];
  const double k = given.value_or(-1);
  if (!(k >= 0 && k <= static_cast<double>(size))) {
    return call.Bad("k " + std::to_string(k) + " of " + std::to_string(size));
  }
  const auto count = static_cast<std::int64_t>(k);
  Shape shape = in.shape();
  shape[axis] = count;
  DLV_ASSIGN(Value places, call.memory().Make(DType::kI64, shape));
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), shape));
  const std::int64_t inner = CountBetween(shape, axis + 1, shape.size());
  const std::int64_t rows = CountBetween(shape, 0, axis) * inner;
  const Status done = OnNumber(call, in.dtype(), [&](auto type) -> Status {
    using T = typename decltype(type)::type;
    std::vector<std::int64_t> order(static_cast<std::size_t>(size));
    for (std::int64_t row = 0; row < rows; ++row) {
      DLV_TRY(call.CheckCancelled());
      const std::int64_t from = row / inner * size * inner + row % inner;
      const std::int64_t to = row / inner * count * inner + row % inner;
      const T* x = in.As<T>().data() + from;
      TopOfRow<T>(x, inner, count, call.Flag("largest", true), order);
      for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t place = order[static_cast<std::size_t>(i)];
        out->As<T>()[static_cast<std::size_t>(to + i * inner)] = x[place * inner];
        places.As<std::int64_t>()[static_cast<std::size_t>(to + i * inner)] = place;
      }
    }
    return Ok();
  });
  call.Share(1, std::move(places));
  return done;
}

Status CumSum(Call& call) {
  DLV_TRY(call.Want(2));
  const Value& in = call.In(0);
  if (call.In(1).count() != 1) return call.Bad("axis " + TextOf(call.In(1).shape()));
  DLV_ASSIGN(const std::size_t axis, call.Axis(WholesOf(call.In(1))[0], in.rank()));
  const bool exclusive = call.Flag("exclusive"), reverse = call.Flag("reverse");
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  const std::int64_t size = in.shape()[axis];
  const std::int64_t inner = CountBetween(in.shape(), axis + 1, in.rank());
  return OnNumber(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    using Total = std::conditional_t<std::is_floating_point_v<T>, Sum<T>, std::uint64_t>;
    for (std::int64_t row = 0; row < CountBetween(in.shape(), 0, axis) * inner; ++row) {
      const std::int64_t first = row / inner * size * inner + row % inner;
      const T* x = in.As<T>().data() + first;
      T* y = out->As<T>().data() + first;
      Total sum = 0;
      for (std::int64_t i = 0; i < size; ++i) {
        const std::int64_t at = (reverse ? size - 1 - i : i) * inner;
        const Total next = sum + static_cast<Total>(x[at]);
        y[at] = static_cast<T>(exclusive ? sum : next);
        sum = next;
      }
    }
    return Ok();
  });
}

constexpr KernelRow kOrderKernels[] = {
    {"", "CumSum", CumSum},
    {"", "TopK", TopK},
};

}  // namespace

std::span<const KernelRow> OrderKernels() { return kOrderKernels; }

}  // namespace dlv::kernels
