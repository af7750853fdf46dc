// What is said by diagonals of matrices: Trilu (ONNX, operator version 14), EyeLike (9).

#include <algorithm>
#include <cstring>

#include "engine/kernels/convert.h"
#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

/// Of each matrix of the last two axes the part on and above diagonal k ("upper", the default) or
/// on and below it; the rest is 0. k is 0 where it is left out.
Status Trilu(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  if (in.rank() < 2) return call.Bad("input " + TextOf(in.shape()) + ", want 2 axes or more");
  DLV_ASSIGN(const auto given, call.ListOrOperand("", 1));
  if (given && given->size() != 1) return call.Bad("k of " + std::to_string(given->size()));
  const std::int64_t rows = in.shape()[in.rank() - 2], columns = in.shape().back();
  const std::int64_t k = std::clamp(given ? given->front() : 0, -rows, columns);
  const bool upper = call.Flag("upper", true);
  DLV_ASSIGN(Value * out, call.Make(0, in.dtype(), in.shape()));
  if (in.count() == 0) return Ok();
  const std::size_t element = SizeOf(in.dtype());
  std::memset(out->data(), 0, out->size_bytes());
  for (std::int64_t row = 0; row < in.count() / columns; ++row) {
    const std::int64_t diagonal = row % rows + k;  // its column in this row
    const std::int64_t first = upper ? std::clamp<std::int64_t>(diagonal, 0, columns) : 0;
    const std::int64_t end = upper ? columns : std::clamp<std::int64_t>(diagonal + 1, 0, columns);
    const auto at = static_cast<std::size_t>(row * columns + first) * element;
    if (end > first)
      std::memcpy(out->data() + at, in.data() + at,
                  static_cast<std::size_t>(end - first) * element);
  }
  return Ok();
}

/// 1 on diagonal k, else 0, in the shape of a matrix.
Status EyeLike(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  if (in.rank() != 2) return call.Bad("input " + TextOf(in.shape()) + ", want 2 axes");
  DType dtype = in.dtype();
  if (call.Find("dtype") != nullptr) {
    const auto named = TypeOfNumber(call.Whole("dtype", 0));
    if (!named) return call.Unsupported("type " + std::to_string(call.Whole("dtype", 0)));
    dtype = Working(*named, call.real());
  }
  DLV_ASSIGN(Value * out, call.Make(0, dtype, in.shape()));
  const std::int64_t columns = in.shape()[1];
  const std::int64_t k = std::clamp(call.Whole("k", 0), -in.shape()[0], columns);
  return OnNumber(call, dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    const auto y = out->As<T>();
    std::ranges::fill(y, T(0));
    for (std::int64_t row = 0; row < in.shape()[0]; ++row) {
      if (row + k >= 0 && row + k < columns)
        y[static_cast<std::size_t>(row * columns + row + k)] = 1;
    }
    return Ok();
  });
}

constexpr KernelRow kDiagonalKernels[] = {
    {"", "EyeLike", EyeLike},
    {"", "Trilu", Trilu},
};

}  // namespace

std::span<const KernelRow> DiagonalKernels() { return kDiagonalKernels; }

}  // namespace dlv::kernels
