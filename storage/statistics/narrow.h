#pragma once
/// \file
/// Doubles as elements of a floating-point type, rounded to nearest, ties to even.

#include <cstddef>
#include <cstdint>
#include <span>

#include "dlv/dtype.h"

namespace dlv::statistics {

/// What became of the values.
struct NarrowReport {
  std::uint64_t values = 0;
  std::uint64_t changed = 0;    ///< not the same number afterwards; counts the two below as well
  std::uint64_t overflows = 0;  ///< finite before; infinity (f8_e4m3: NaN, as PyTorch) afterwards
  std::uint64_t vanished = 0;   ///< not 0 before, 0 afterwards
};

/// Writes out.size() / SizeOf(to) elements of `values` and counts into `report`. `to` is one of
/// the types for which IsFloat holds. A NaN stays a NaN, but becomes the quiet one of its sign.
void Narrow(DType to, std::span<const double> values, std::span<std::byte> out,
            NarrowReport& report);

}  // namespace dlv::statistics
