#pragma once
/// \file
/// Predictions of a level from the base, and contexts (docs/format/delta.md §4, §5). T: the
/// unsigned integer of a component's size.

#include <type_traits>

#include "engine/kernels/cuda/delta_jobs.h"
#include "engine/kernels/cuda/warp.h"

namespace dlv::kernels::cuda {

DLV_DEVICE float FloatOf(uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return __uint_as_float(bits);
#else
  return __builtin_bit_cast(float, bits);
#endif
}

DLV_DEVICE uint32_t BitsOfProduct(float a, float b) {
#if defined(__CUDA_ARCH__)
  return __float_as_uint(__fmul_rn(a, b));
#else
  return __builtin_bit_cast(uint32_t, a * b);
#endif
}

DLV_DEVICE unsigned LevelBytes(const DeltaFormat& format, unsigned level) {
  return level == 0 ? format.first_bytes : format.further_bytes;
}

/// Bits below level `level`.
DLV_DEVICE unsigned ShiftOf(const DeltaFormat& format, unsigned level) {
  return 8 * (format.bytes - format.first_bytes - level * format.further_bytes);
}

/// r times a number, or `otherwise` where the bits of the product could depend on how a machine
/// treats denormal numbers, or it has none.
DLV_DEVICE uint32_t Scaled(uint32_t bits, float ratio, uint32_t otherwise) {
  constexpr uint32_t kExponent = 0x7f800000;
  const uint32_t exponent = bits & kExponent;
  if (exponent == 0 || exponent == kExponent) return otherwise;
  const uint32_t product = BitsOfProduct(FloatOf(bits), ratio);
  const uint32_t result = product & kExponent;
  return result < 2u << 23 || result == kExponent ? otherwise : product;
}

DLV_DEVICE uint32_t ByRatio(unsigned level, uint32_t base, float ratio) {
  const unsigned unknown = level == 0 ? 16 : level == 1 ? 8 : 0;
  const uint32_t kept = base >> unknown << unknown;
  return Scaled(kept | (unknown == 0 ? 0 : 1u << (unknown - 1)), ratio, kept);
}

DLV_DEVICE uint16_t ByRatio(unsigned, uint16_t base, float ratio) {
  const uint32_t wide = static_cast<uint32_t>(base) << 16;
  const uint32_t product = Scaled(wide, ratio, wide);
  const uint32_t rounded = product + 0x7fff + (product >> 16 & 1);
  return (rounded & 0x7f800000) != 0x7f800000 ? static_cast<uint16_t>(rounded >> 16) : base;
}

DLV_DEVICE uint8_t ByRatio(unsigned, uint8_t base, float) { return base; }
DLV_DEVICE uint64_t ByRatio(unsigned, uint64_t base, float) { return base; }

/// Signed numbers that hold a difference of magnitudes, and beta times one of less than an octave.
template <class T>
struct StepOf {
  using Type = int32_t;
};
template <>
struct StepOf<uint64_t> {
  using Type = int64_t;
};

/// From two bases: where an element that moved from `second` to `base` goes, seen from `level`.
/// Bits below the level are taken to be in the middle of what they can be; without numbers of one
/// sign less than an octave apart, it is the base.
template <class T>
DLV_DEVICE T Extrapolated(const DeltaFormat& format, unsigned level, T base, T second,
                          int32_t beta) {
  using Step = typename StepOf<T>::Type;
  constexpr T kMagnitude = static_cast<T>(static_cast<T>(~T{0}) >> 1);
  const unsigned shift = ShiftOf(format, level);
  const T below = static_cast<T>((T{1} << shift) - 1);
  const auto from = static_cast<Step>(base & kMagnitude & ~below);
  const Step step = from - static_cast<Step>(second & kMagnitude & ~below);
  const Step octave = Step{1} << format.mantissa_bits;
  if (static_cast<T>(base ^ second) > kMagnitude || step < -octave || step >= octave) return base;
  // A number of 32 bits (64): the sum may reach the place of the sign, and is beyond it below zero.
  using Sum = typename std::make_unsigned<Step>::type;
  const Sum moved = static_cast<Sum>(from) + static_cast<Sum>(below - below / 2) +
                    static_cast<Sum>(step * static_cast<Step>(beta) >> 4);
  if (moved > kMagnitude) return base;
  return static_cast<T>(static_cast<T>(base & ~kMagnitude) | static_cast<T>(moved));
}

/// The value that level `level` of component i is expected to have.
template <class T>
DLV_DEVICE uint32_t Predicted(const DeltaFormat& format, const DeltaJob& job, unsigned level,
                              uint32_t i) {
  T bits = static_cast<const T*>(job.base)[i];
  const bool by_ratio =
      format.has_ratio && job.block_ratios != nullptr && job.block_ratios[i / kDeltaBlock] != 0;
  if (job.second_base != nullptr) {
    if (format.mantissa_bits != 0) {
      bits = Extrapolated(format, level, bits, static_cast<const T*>(job.second_base)[i], job.beta);
    }
  } else if (by_ratio) {
    bits = ByRatio(level, bits, job.ratio);
  }
  const uint32_t mask = (1u << 8 * LevelBytes(format, level)) - 1;
  return static_cast<uint32_t>(bits >> ShiftOf(format, level)) & mask;
}

/// The context of a component in state 0; 34 more in state 1.
template <class T>
DLV_DEVICE uint32_t ScaleOf(const DeltaFormat& format, const DeltaJob& job, uint32_t i) {
  const uint32_t top = Predicted<T>(format, job, 0, i);
  const uint32_t magnitude = top & ((1u << (8 * format.first_bytes - 1)) - 1);
  const int exponent = static_cast<int>(magnitude >> format.exponent_shift);
  const int scale = job.block_scales[i / kDeltaBlock] + format.scale_bias + 4 - 2 * exponent;
  const int half = scale >> 1;  // rounds down, below 0 too
  const int last = static_cast<int>(kDeltaScales) - 1;
  return static_cast<uint32_t>(half < 0 ? 0 : half > last ? last : half);
}

/// The state that a component comes to a level with (§5); those above 1 are plain.
DLV_DEVICE uint32_t StateOf(const DeltaJob& job, unsigned level, uint32_t i) {
  return level == 0 ? 0 : job.states[i];
}

}  // namespace dlv::kernels::cuda
