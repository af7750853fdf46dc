// Whole numbers of 8 and 16 bits that stand for real ones, x = (q - zero point) * scale:
// QuantizeLinear and DequantizeLinear (ONNX, operator versions 10 to 23, without blocks),
// DynamicQuantizeLinear (11), MatMulInteger and ConvInteger (10), QLinearMatMul (10, 21) and
// QLinearConv (10).  Source: ONNX's definitions of these operators.

#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "engine/kernels/convert.h"
#include "engine/kernels/dispatch.h"
#include "engine/kernels/kernel_table.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

/// Least and greatest number of a type that may stand for real ones.
std::optional<std::pair<double, double>> RangeOf(DType dtype) {
  switch (dtype) {
    case DType::kU8:
      return std::pair(0.0, 255.0);
    case DType::kI8:
      return std::pair(-128.0, 127.0);
    case DType::kU16:
      return std::pair(0.0, 65535.0);
    case DType::kI16:
      return std::pair(-32768.0, 32767.0);
    case DType::kI32:
      return std::pair(-2147483648.0, 2147483647.0);
    default:
      return std::nullopt;
  }
}

/// Scales and zero points of an operand: one for all, or one for each place along an axis.
struct Quantisation {
  std::vector<double> scales, zeros;
  std::int64_t axis_size = 1, inner = 1;  ///< element i has number i / inner % axis_size

  std::size_t NumberOf(std::int64_t element) const {
    return static_cast<std::size_t>(element / inner % axis_size);
  }
};

std::vector<double> NumbersOr(const Call& call, std::size_t operand, std::size_t count,
                              double otherwise) {
  if (!call.Has(operand)) return std::vector<double>(count, otherwise);
  return RealsOf(call.In(operand));
}

/// Of operand `of`, with the operands `scale` and `zero` (which may be left out).
Result<Quantisation> ReadQuantisation(const Call& call, std::size_t of, std::size_t scale,
                                      std::size_t zero, std::int64_t axis) {
  const Shape& shape = call.In(of).shape();
  const Value& scales = call.In(scale);
  if (call.Whole("block_size", 0) != 0) return call.Unsupported("block_size");
  Quantisation q;
  q.scales = RealsOf(scales);
  q.zeros = NumbersOr(call, zero, q.scales.size(), 0);
  if (q.zeros.size() != q.scales.size()) {
    return call.Bad("zero point " + TextOf(call.In(zero).shape()) + ", scale " +
                    TextOf(scales.shape()) + ", want one shape");
  }
  if (scales.count() == 1) return q;
  DLV_ASSIGN(const std::size_t at, call.Axis(axis, shape.size()));
  if (scales.rank() != 1 || scales.shape()[0] != shape[at]) {
    return call.Bad("scale " + TextOf(scales.shape()) + ", want one number or " +
                    std::to_string(shape[at]) + ", the size of axis " + std::to_string(at));
  }
  q.axis_size = shape[at];
  q.inner = CountBetween(shape, at + 1, shape.size());
  return q;
}

/// Errors: kUnsupported (another type than of 8 or 16 bits).
Status CheckTarget(const Call& call, DType dtype) {
  return RangeOf(dtype) && dtype != DType::kI32
             ? Ok()
             : Status(WrongType(call, dtype, "u8, i8, u16 or i16"));
}

/// Rounds to even, and stops at the ends of the type; NaN becomes the zero point.
double Quantised(double scaled, double zero, const std::pair<double, double>& range) {
  const double whole = std::isnan(scaled) ? zero : std::nearbyint(scaled) + zero;
  return std::fmin(std::fmax(whole, range.first), range.second);
}

/// Numbers as elements of a type.
Result<Value> ValueOf(const Call& call, DType dtype, const Shape& shape,
                      std::span<const double> numbers) {
  DLV_ASSIGN(Value value, call.memory().Make(dtype, shape));
  ConvertElements(DType::kF64, reinterpret_cast<const std::byte*>(numbers.data()), dtype,
                  value.data(), numbers.size());
  return value;
}

/// The type of what is made: that of the zero point, else the attribute, else u8.
Result<DType> TargetType(const Call& call, std::size_t zero) {
  if (call.Has(zero)) return call.In(zero).dtype();
  const std::int64_t number = call.Whole("output_dtype", 0);
  if (number == 0) return DType::kU8;
  const auto named = TypeOfNumber(number);
  if (!named) return call.Unsupported("type " + std::to_string(number));
  return *named;
}

Status QuantizeLinear(Call& call) {
  DLV_TRY(call.Want(2));
  const Value& in = call.In(0);
  DLV_ASSIGN(const DType target, TargetType(call, 2));
  DLV_TRY(CheckTarget(call, target));
  DLV_ASSIGN(const Quantisation q, ReadQuantisation(call, 0, 1, 2, call.Whole("axis", 1)));
  std::vector<double> numbers(static_cast<std::size_t>(in.count()));
  DLV_TRY(OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto x = in.As<T>();
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t k = q.NumberOf(static_cast<std::int64_t>(i));
      numbers[i] = Quantised(x[i] / static_cast<T>(q.scales[k]), q.zeros[k], *RangeOf(target));
    }
    return Ok();
  }));
  DLV_ASSIGN(Value out, ValueOf(call, target, in.shape(), numbers));
  call.Share(0, std::move(out));
  return Ok();
}

Status DequantizeLinear(Call& call) {
  DLV_TRY(call.Want(2));
  const Value& in = call.In(0);
  if (!RangeOf(in.dtype())) return WrongType(call, in.dtype(), "u8, i8, u16, i16 or i32");
  DLV_ASSIGN(const Quantisation q, ReadQuantisation(call, 0, 1, 2, call.Whole("axis", 1)));
  DLV_ASSIGN(Value * out, call.Make(0, call.real(), in.shape()));
  const std::vector<double> numbers = RealsOf(in);
  return OnReal(call, call.real(), [&](auto type) {
    using T = typename decltype(type)::type;
    const auto y = out->As<T>();
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::size_t k = q.NumberOf(static_cast<std::int64_t>(i));
      y[i] = static_cast<T>(numbers[i] - q.zeros[k]) * static_cast<T>(q.scales[k]);
    }
    return Ok();
  });
}

/// To u8, with 0 among the numbers that are exact.
Status DynamicQuantizeLinear(Call& call) {
  DLV_TRY(call.Want(1));
  const Value& in = call.In(0);
  constexpr std::pair<double, double> kRange = {0, 255};
  std::vector<double> numbers(static_cast<std::size_t>(in.count()));
  double scale = 0, zero = 0;
  DLV_TRY(OnReal(call, in.dtype(), [&](auto type) {
    using T = typename decltype(type)::type;
    T least = 0, most = 0;
    for (const T x : in.As<T>()) {
      least = std::fmin(least, x);
      most = std::fmax(most, x);
    }
    const T step = (most - least) / T(255);
    scale = step;
    zero = step == 0 ? 0 : Quantised(-least / step, 0, kRange);
    const auto x = in.As<T>();
    for (std::size_t i = 0; i < x.size(); ++i)
      numbers[i] = step == 0 ? zero : Quantised(x[i] / step, zero, kRange);
    return Ok();
  }));
  DLV_ASSIGN(Value out, ValueOf(call, DType::kU8, in.shape(), numbers));
  DLV_ASSIGN(Value scales, ValueOf(call, call.real(), {}, std::span(&scale, 1)));
  DLV_ASSIGN(Value zeros, ValueOf(call, DType::kU8, {}, std::span(&zero, 1)));
  call.Share(0, std::move(out));
  call.Share(1, std::move(scales));
  call.Share(2, std::move(zeros));
  return Ok();
}

/// An operand less its zero point, in double: what is whole stays exact.
Result<Value> Centred(const Call& call, std::size_t operand, const std::vector<double>& zeros,
                      std::int64_t axis_size, std::int64_t inner) {
  const Value& in = call.In(operand);
  if (!RangeOf(in.dtype())) return WrongType(call, in.dtype(), "whole numbers");
  std::vector<double> numbers = RealsOf(in);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] -= zeros[static_cast<std::size_t>(static_cast<std::int64_t>(i) / inner % axis_size)];
  return ValueOf(call, DType::kF64, in.shape(), numbers);
}

/// Operand `zero` of `operand`: one number, or one for each place along an axis counted from behind
/// (1: columns, 2: rows), or along the first one (0).
Result<Value> CentredBy(const Call& call, std::size_t operand, std::size_t zero,
                        std::size_t from_behind) {
  const Shape& shape = call.In(operand).shape();
  const std::vector<double> zeros = NumbersOr(call, zero, 1, 0);
  if (zeros.size() == 1) return Centred(call, operand, zeros, 1, 1);
  const std::size_t axis = from_behind == 0 ? 0 : shape.size() - from_behind;
  const bool fits = from_behind <= shape.size() && !shape.empty() &&
                    static_cast<std::int64_t>(zeros.size()) == shape[axis];
  if (!fits) {
    return call.Bad("zero point " + TextOf(call.In(zero).shape()) + " for operand " +
                    std::to_string(operand) + " " + TextOf(shape));
  }
  return Centred(call, operand, zeros, shape[axis], CountBetween(shape, axis + 1, shape.size()));
}

/// What the reference kernel of an operator makes of these, in double.
Result<Value> InDouble(const Call& call, const char* op, std::vector<Value> inputs) {
  const Setting setting{DType::kF64, &call.memory()};
  Call inner(call.node(), call.opset(), setting, std::move(inputs));
  DLV_TRY(FindKernel(Implementation::kReference, "", op)(inner));
  return std::move(inner.outputs()[0]);
}

Status GiveWhole(Call& call, const Value& sums) {
  DLV_ASSIGN(Value out, Converted(sums, DType::kI32, call.memory()));
  call.Share(0, std::move(out));
  return Ok();
}

Status MatMulInteger(Call& call) {
  DLV_TRY(call.Want(2));
  DLV_ASSIGN(Value a, CentredBy(call, 0, 2, 2));
  DLV_ASSIGN(Value b, CentredBy(call, 1, 3, 1));
  DLV_ASSIGN(const Value sums, InDouble(call, "MatMul", {std::move(a), std::move(b)}));
  return GiveWhole(call, sums);
}

Status ConvInteger(Call& call) {
  DLV_TRY(call.Want(2));
  DLV_ASSIGN(Value x, CentredBy(call, 0, 2, 2));
  DLV_ASSIGN(Value weight, CentredBy(call, 1, 3, 0));
  DLV_ASSIGN(const Value sums, InDouble(call, "Conv", {std::move(x), std::move(weight)}));
  return GiveWhole(call, sums);
}

/// Sums times the scales of both operands over that of the result, quantised. `weight_scales`: one,
/// or one for each place along an axis with `inner` elements behind it.
Status GiveQuantised(Call& call, const Value& sums, double scale,
                     const std::vector<double>& weight_scales, std::int64_t inner,
                     std::size_t out_scale, std::size_t out_zero) {
  DLV_ASSIGN(const DType target, TargetType(call, out_zero));
  DLV_TRY(CheckTarget(call, target));
  const std::vector<double> made = RealsOf(call.In(out_scale));
  const std::vector<double> zero = NumbersOr(call, out_zero, 1, 0);
  if (made.size() != 1 || zero.size() != 1)
    return call.Bad("scale and zero point of the result, want one number of each");
  std::vector<double> numbers = RealsOf(sums);
  const auto count = static_cast<std::int64_t>(weight_scales.size());
  DLV_TRY(OnReal(call, call.real(), [&](auto type) {
    using T = typename decltype(type)::type;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const auto k = static_cast<std::size_t>(static_cast<std::int64_t>(i) / inner % count);
      const T factor =
          static_cast<T>(scale) * static_cast<T>(weight_scales[k]) / static_cast<T>(made[0]);
      numbers[i] = Quantised(static_cast<T>(numbers[i]) * factor, zero[0], *RangeOf(target));
    }
    return Ok();
  }));
  DLV_ASSIGN(Value out, ValueOf(call, target, sums.shape(), numbers));
  call.Share(0, std::move(out));
  return Ok();
}

/// Operands: a, its scale and zero point; b, scale, zero point; scale and zero point of the result.
Status QLinearMatMul(Call& call) {
  DLV_TRY(call.Want(8));
  const std::vector<double> scale = RealsOf(call.In(1)), weight_scales = RealsOf(call.In(4));
  const std::int64_t columns = call.In(3).rank() == 0 ? 0 : call.In(3).shape().back();
  if (scale.size() != 1) return call.Unsupported("a scale for each row");
  if (weight_scales.size() != 1 && static_cast<std::int64_t>(weight_scales.size()) != columns)
    return call.Bad("scale " + TextOf(call.In(4).shape()) + ", want one or one a column");
  DLV_ASSIGN(Value a, CentredBy(call, 0, 2, 2));
  DLV_ASSIGN(Value b, CentredBy(call, 3, 5, 1));
  DLV_ASSIGN(const Value sums, InDouble(call, "MatMul", {std::move(a), std::move(b)}));
  return GiveQuantised(call, sums, scale[0], weight_scales, 1, 6, 7);
}

/// Operands: x, its scale and zero point; weight, scale, zero point; scale and zero point of the
/// result; a bias of i32, in steps of both scales.
Status QLinearConv(Call& call) {
  DLV_TRY(call.Want(8));
  const std::vector<double> scale = RealsOf(call.In(1)), weight_scales = RealsOf(call.In(4));
  if (scale.size() != 1) return call.Bad("scale " + TextOf(call.In(1).shape()) + ", want one");
  const std::int64_t rows = call.In(3).rank() == 0 ? 0 : call.In(3).shape()[0];
  if (weight_scales.size() != 1 && static_cast<std::int64_t>(weight_scales.size()) != rows)
    return call.Bad("scale " + TextOf(call.In(4).shape()) + ", want one or one a channel");
  DLV_ASSIGN(Value x, CentredBy(call, 0, 2, 2));
  DLV_ASSIGN(Value weight, CentredBy(call, 3, 5, 0));
  std::vector<Value> operands = {std::move(x), std::move(weight)};
  if (call.Has(8)) {
    DLV_ASSIGN(Value bias, Converted(call.In(8), DType::kF64, call.memory()));
    operands.push_back(std::move(bias));
  }
  DLV_ASSIGN(const Value sums, InDouble(call, "Conv", std::move(operands)));
  return GiveQuantised(call, sums, scale[0], weight_scales,
                       CountBetween(sums.shape(), 2, sums.rank()), 6, 7);
}

constexpr KernelRow kQuantisedKernels[] = {
    {"", "ConvInteger", ConvInteger},
    {"", "DequantizeLinear", DequantizeLinear},
    {"", "DynamicQuantizeLinear", DynamicQuantizeLinear},
    {"", "MatMulInteger", MatMulInteger},
    {"", "QLinearConv", QLinearConv},
    {"", "QLinearMatMul", QLinearMatMul},
    {"", "QuantizeLinear", QuantizeLinear},
};

}  // namespace

std::span<const KernelRow> QuantisedKernels() { return kQuantisedKernels; }

}  // namespace dlv::kernels
