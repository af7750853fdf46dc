#include "engine/kernels/convert.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace dlv::kernels {
namespace {

constexpr std::size_t kBlock = 1024;  // elements that are converted at a time

/// The value of a small floating-point number: sign, exponent, mantissa. `has_inf`: the greatest
/// exponent means infinity and NaN; else only all ones are NaN (f8_e4m3).
double SmallReal(unsigned bits, int exponent_bits, int mantissa_bits, bool has_inf) {
  const unsigned mantissa_mask = (1u << mantissa_bits) - 1;
  const unsigned exponent_mask = (1u << exponent_bits) - 1;
  const unsigned mantissa = bits & mantissa_mask;
  const unsigned exponent = bits >> mantissa_bits & exponent_mask;
  const double sign = (bits >> (mantissa_bits + exponent_bits) & 1) != 0 ? -1 : 1;
  const int bias = (1 << (exponent_bits - 1)) - 1;
  if (exponent == exponent_mask && (has_inf || mantissa == mantissa_mask)) {
    const bool infinite = has_inf && mantissa == 0;
    return infinite ? sign * std::numeric_limits<double>::infinity()
                    : std::numeric_limits<double>::quiet_NaN();
  }
  if (exponent == 0) return sign * std::ldexp(mantissa, 1 - bias - mantissa_bits);
  return sign * std::ldexp(mantissa + mantissa_mask + 1,
                           static_cast<int>(exponent) - bias - mantissa_bits);
}

template <class T>
T At(const std::byte* from, std::size_t i) {
  T value;
  std::memcpy(&value, from + i * sizeof(T), sizeof(T));
  return value;
}

template <class T, class Number>
void LoadAs(const std::byte* from, std::size_t count, Number* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<Number>(At<T>(from, i));
}

template <class T>
void LoadSmall(const std::byte* from, std::size_t count, int exponent_bits, int mantissa_bits,
               bool has_inf, double* to) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = SmallReal(At<T>(from, i), exponent_bits, mantissa_bits, has_inf);
  }
}

void LoadReals(DType dtype, const std::byte* from, std::size_t count, double* to) {
  switch (dtype) {
    case DType::kF64:
      return LoadAs<double>(from, count, to);
    case DType::kF32:
      return LoadAs<float>(from, count, to);
    case DType::kF16:
      return LoadSmall<std::uint16_t>(from, count, 5, 10, true, to);
    case DType::kBF16:
      return LoadSmall<std::uint16_t>(from, count, 8, 7, true, to);
    case DType::kF8E5M2:
      return LoadSmall<std::uint8_t>(from, count, 5, 2, true, to);
    default:
      return LoadSmall<std::uint8_t>(from, count, 4, 3, false, to);
  }
}

/// Calls `function(std::type_identity<T>())` with the type of whole numbers.
template <class Function>
void OnWhole(DType dtype, Function&& function) {
  switch (dtype) {
    case DType::kI8:
      return function(std::type_identity<std::int8_t>());
    case DType::kI16:
      return function(std::type_identity<std::int16_t>());
    case DType::kU16:
      return function(std::type_identity<std::uint16_t>());
    case DType::kI32:
      return function(std::type_identity<std::int32_t>());
    case DType::kU32:
      return function(std::type_identity<std::uint32_t>());
    case DType::kI64:
      return function(std::type_identity<std::int64_t>());
    case DType::kU64:
      return function(std::type_identity<std::uint64_t>());
    default:
      return function(std::type_identity<std::uint8_t>());
  }
}

template <class T>
T TowardsZero(double value) {
  if (std::isnan(value)) return 0;
  if (value <= static_cast<double>(std::numeric_limits<T>::min())) {
    return std::numeric_limits<T>::min();
  }
  if (value >= static_cast<double>(std::numeric_limits<T>::max())) {
    return std::numeric_limits<T>::max();
  }
  return static_cast<T>(value);
}

/// From reals or whole numbers of a block to elements.
template <class Number>
void Store(const Number* from, std::size_t count, DType dtype, std::byte* to) {
  const auto put = [&](auto convert) {
    using T = decltype(convert(from[0]));
    for (std::size_t i = 0; i < count; ++i) {
      const T value = convert(from[i]);
      std::memcpy(to + i * sizeof(T), &value, sizeof(T));
    }
  };
  if (dtype == DType::kF64) return put([](Number x) { return static_cast<double>(x); });
  if (dtype == DType::kF32) return put([](Number x) { return static_cast<float>(x); });
  if (dtype == DType::kBool) return put([](Number x) { return std::uint8_t{x != 0}; });
  OnWhole(dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    if constexpr (std::is_floating_point_v<Number>) {
      put([](Number x) { return TowardsZero<T>(x); });
    } else {
      put([](Number x) { return static_cast<T>(x); });
    }
  });
}

}  // namespace

bool CanConvert(DType dtype) {
  return dtype != DType::kOpaque && dtype != DType::kComplex64 && dtype != DType::kComplex128;
}

void ConvertElements(DType from_dtype, const std::byte* from, DType to_dtype, std::byte* to,
                     std::size_t count) {
  if (from_dtype == to_dtype) {
    if (count > 0) std::memcpy(to, from, count * SizeOf(to_dtype));
    return;
  }
  double reals[kBlock];
  std::int64_t wholes[kBlock];
  for (std::size_t done = 0; done < count; done += kBlock) {
    const std::size_t now = std::min(kBlock, count - done);
    const std::byte* block = from + done * SizeOf(from_dtype);
    std::byte* out = to + done * SizeOf(to_dtype);
    if (IsFloat(from_dtype)) {
      LoadReals(from_dtype, block, now, reals);
      Store(reals, now, to_dtype, out);
    } else {
      OnWhole(from_dtype,
              [&](auto type) { LoadAs<typename decltype(type)::type>(block, now, wholes); });
      Store(wholes, now, to_dtype, out);
    }
  }
}

Result<Value> Converted(const Value& value, DType dtype, Memory& memory) {
  if (value.dtype() == dtype) return value;
  if (!CanConvert(value.dtype()) || !CanConvert(dtype)) {
    return Error{ErrorCode::kUnsupported, std::string(NameOf(value.dtype())) +
                                              " elements cannot become " +
                                              std::string(NameOf(dtype))};
  }
  DLV_ASSIGN(Value out, memory.Make(dtype, value.shape()));
  ConvertElements(value.dtype(), value.data(), dtype, out.data(),
                  static_cast<std::size_t>(value.count()));
  return out;
}

Result<Value> FromBytes(DType dtype, const Shape& shape, std::span<const std::byte> bytes,
                        DType real, Memory& memory) {
  DLV_ASSIGN(const std::int64_t count, CheckedCount(shape));
  if (static_cast<std::uint64_t>(count) * SizeOf(dtype) != bytes.size()) {
    return Error{ErrorCode::kInvalidArgument,
                 std::to_string(bytes.size()) + " bytes, want " +
                     std::to_string(static_cast<std::uint64_t>(count) * SizeOf(dtype)) + " for " +
                     std::string(NameOf(dtype)) + " " + TextOf(shape)};
  }
  if (!CanConvert(dtype)) {
    return Error{ErrorCode::kUnsupported,
                 std::string(NameOf(dtype)) + " elements are not computed with"};
  }
  DLV_ASSIGN(Value out, memory.Make(Working(dtype, real), shape));
  ConvertElements(dtype, bytes.data(), out.dtype(), out.data(), static_cast<std::size_t>(count));
  return out;
}

std::optional<DType> TypeOfNumber(std::int64_t number) {
  constexpr std::pair<std::int64_t, DType> kTypes[] = {
      {1, DType::kF32},  {2, DType::kU8},   {3, DType::kI8},   {4, DType::kU16},  {5, DType::kI16},
      {6, DType::kI32},  {7, DType::kI64},  {9, DType::kBool}, {10, DType::kF16}, {11, DType::kF64},
      {12, DType::kU32}, {13, DType::kU64}, {16, DType::kBF16}};
  for (const auto& [of, dtype] : kTypes) {
    if (of == number) return dtype;
  }
  return std::nullopt;
}

Wholes WholesOf(const Value& value) {
  Wholes wholes(static_cast<std::size_t>(value.count()));
  ConvertElements(value.dtype(), value.data(), DType::kI64,
                  reinterpret_cast<std::byte*>(wholes.data()), wholes.size());
  return wholes;
}

std::vector<double> RealsOf(const Value& value) {
  std::vector<double> reals(static_cast<std::size_t>(value.count()));
  ConvertElements(value.dtype(), value.data(), DType::kF64,
                  reinterpret_cast<std::byte*>(reals.data()), reals.size());
  return reals;
}

}  // namespace dlv::kernels
