#pragma once
/// \file
/// The centre of an element of which the leading planes are known, as bits of its type
/// (docs/progressive.md, "Centres"; engine/bounds/centre.h is the same in doubles).

#include "engine/kernels/cuda/element_format.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

/// Unknown bits of `bits` are zero. Exponent field 0: zero. All ones: the quiet NaN, since more
/// bits could make it anything. With all bits known the element itself.
template <class T>
DLV_DEVICE T CentreBits(T bits, const ElementFormat& format, unsigned known_planes) {
  const unsigned unknown = 8 * sizeof(T) - known_planes;
  if (unknown == 0) return bits;
  const T ones = static_cast<T>((T{1} << format.exponent_bits) - 1);
  const T field = static_cast<T>(bits >> format.mantissa_bits) & ones;
  if (field == 0) return 0;
  if (field == ones) {
    const T mantissa = static_cast<T>(T{1} << (format.mantissa_bits - 1));
    const T quiet = format.has_infinity ? mantissa : static_cast<T>(2 * mantissa - 1);
    return static_cast<T>(static_cast<T>(ones << format.mantissa_bits) | quiet);
  }
  return static_cast<T>(bits | static_cast<T>(T{1} << (unknown - 1)));
}

/// To nearest, ties to even; NaN stays NaN.
DLV_DEVICE uint16_t Bf16Bits(uint32_t bits) {
  if ((bits & 0x7fffffff) > 0x7f800000) return static_cast<uint16_t>(bits >> 16 | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

}  // namespace dlv::kernels::cuda
