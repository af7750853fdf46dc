#pragma once
/// \file
/// From the element type that a value has to the function template for it.

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "engine/kernels/call.h"

namespace dlv::kernels {

/// What sums over elements of T are kept in: double, or more. Another type that works like a real
/// number (an oracle of tests) specialises it.
template <class T>
struct SumType {
  using type = double;
};
template <class T>
using Sum = typename SumType<T>::type;

/// A sum as an element: real ones are rounded, whole ones go towards zero, stop at the least and
/// greatest number, and are 0 for NaN.
template <class T>
T FromSum(double sum) {
  if constexpr (std::is_integral_v<T>) {
    if (!(sum > static_cast<double>(std::numeric_limits<T>::lowest())))
      return std::isnan(sum) ? T(0) : std::numeric_limits<T>::lowest();
    if (sum >= static_cast<double>(std::numeric_limits<T>::max()))
      return std::numeric_limits<T>::max();
  }
  return static_cast<T>(sum);
}

template <class T>
bool IsNan(T value) {
  if constexpr (std::is_floating_point_v<T>) return std::isnan(value);
  return false;
}

inline Error WrongType(const Call& call, DType dtype, const char* wanted) {
  return call.Unsupported("elements of type " + std::string(NameOf(dtype)) + ", want " + wanted);
}

/// Calls `function(std::type_identity<T>())` with T float or double.
template <class Function>
Status OnReal(const Call& call, DType dtype, Function&& function) {
  if (dtype == DType::kF32) return function(std::type_identity<float>());
  if (dtype == DType::kF64) return function(std::type_identity<double>());
  return WrongType(call, dtype, "real numbers");
}

/// The same with T float, double, std::int64_t, std::int32_t or, for u8 and truth values,
/// std::uint8_t.
template <class Function>
Status OnNumber(const Call& call, DType dtype, Function&& function) {
  if (dtype == DType::kF32) return function(std::type_identity<float>());
  if (dtype == DType::kF64) return function(std::type_identity<double>());
  if (dtype == DType::kI64) return function(std::type_identity<std::int64_t>());
  if (dtype == DType::kI32) return function(std::type_identity<std::int32_t>());
  if (dtype == DType::kU8 || dtype == DType::kBool) {
    return function(std::type_identity<std::uint8_t>());
  }
  return WrongType(call, dtype, "f32, f64, i64, i32, u8 or bool");
}

}  // namespace dlv::kernels
