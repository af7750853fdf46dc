#pragma once
/// \file
/// Floating-point element types as the kernels see them.

#include <cstdint>

#include "dlv/dtype.h"

namespace dlv::kernels::cuda {

/// Sign on top, then exponent, then mantissa. Complex numbers are pairs of components.
struct ElementFormat {
  std::uint32_t bytes = 0;  ///< of a component: 1, 2, 4 or 8; 0: not a floating-point type
  std::uint32_t exponent_bits = 0;
  std::uint32_t mantissa_bits = 0;
  bool has_infinity = true;  ///< false: with all exponent bits set, only a full mantissa is special
};

constexpr ElementFormat FormatOf(DType dtype) {
  switch (dtype) {
    case DType::kF32:
    case DType::kComplex64:
      return {4, 8, 23};
    case DType::kBF16:
      return {2, 8, 7};
    case DType::kF16:
      return {2, 5, 10};
    case DType::kF64:
    case DType::kComplex128:
      return {8, 11, 52};
    case DType::kF8E4M3:
      return {1, 4, 3, false};
    case DType::kF8E5M2:
      return {1, 5, 2};
    default:
      return {};
  }
}

}  // namespace dlv::kernels::cuda
