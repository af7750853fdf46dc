#pragma once
/// \file
/// Elements of every type as doubles.

#include <cstddef>
#include <span>

#include "dlv/dtype.h"

namespace dlv::statistics {

/// Returns how many doubles one element becomes: 2 for complex types, 0 for opaque bytes, else 1.
constexpr std::size_t ComponentsOf(DType dtype) {
  if (dtype == DType::kOpaque) return 0;
  return dtype == DType::kComplex64 || dtype == DType::kComplex128 ? 2 : 1;
}

/// Returns whether the type has NaN or infinities.
constexpr bool HasNonFinite(DType dtype) { return IsFloat(dtype) || ComponentsOf(dtype) == 2; }

/// out[k] = component k of `bytes` (little-endian, need not be aligned). Exact but for 64-bit
/// integers beyond 2^53; NaNs stay NaN, f8_e4m3 has no infinities (OCP 8-bit floating point 1.0).
/// Shapes: bytes of whole elements; out.size() == elements * ComponentsOf(dtype), which must not be
/// 0 elements of an opaque type.
void Widen(DType dtype, std::span<const std::byte> bytes, std::span<double> out);

}  // namespace dlv::statistics
