#pragma once
/// \file
/// Doubles by their bits: the same on a device and on a processor.

#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

DLV_DEVICE double DoubleOf(uint64_t bits) {
#if defined(__CUDA_ARCH__)
  return __longlong_as_double(static_cast<long long>(bits));
#else
  return __builtin_bit_cast(double, bits);
#endif
}

DLV_DEVICE uint64_t BitsOfDouble(double number) {
#if defined(__CUDA_ARCH__)
  return static_cast<uint64_t>(__double_as_longlong(number));
#else
  return __builtin_bit_cast(uint64_t, number);
#endif
}

/// 2^exponent, from -1074 to 1023.
DLV_DEVICE double PowerOfTwo(int exponent) {
  return DoubleOf(exponent >= -1022 ? static_cast<uint64_t>(exponent + 1023) << 52
                                    : uint64_t{1} << (exponent + 1074));
}

/// The e of a positive finite number in [2^e, 2^(e + 1)).
DLV_DEVICE int ExponentOf(double number) {
  const bool tiny = number < 0x1p-1022;
  const auto field = static_cast<int>(BitsOfDouble(tiny ? number * 0x1p64 : number) >> 52);
  return field - 1023 - (tiny ? 64 : 0);
}

DLV_DEVICE double Infinity() { return DoubleOf(uint64_t{0x7ff} << 52); }

}  // namespace dlv::kernels::cuda
