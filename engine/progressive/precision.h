#pragma once
/// \file
/// What centres are computed in.

#include <cstdint>

namespace dlv::progressive {

enum class Precision : std::uint8_t { kF32, kF64 };

/// Half the distance from 1 to the next number; at least half the least number above 0: what one
/// rounding can do. And a number that sums may come near without an overflow.
inline double UnitOf(Precision precision) {
  return precision == Precision::kF32 ? 0x1p-24 : 0x1p-53;
}
inline double LeastOf(Precision precision) {
  return precision == Precision::kF32 ? 0x1p-150 : 0x1p-1074;
}
inline double LimitOf(Precision precision) {
  return precision == Precision::kF32 ? 0x1p126 : 0x1p1022;
}

}  // namespace dlv::progressive
