#pragma once
/// \file
/// The parts of floating-point elements and the readable levels of each type (docs/format/codec.md
/// §4).

#include <array>
#include <cstddef>
#include <cstdint>

#include "dlv/dtype.h"

namespace dlv::codec {

/// Sign on top, then exponent, then mantissa. Complex numbers are described by their components.
struct FloatFormat {
  unsigned width = 0;  ///< bytes of a component: 1, 2, 4 or 8
  unsigned exponent_bits = 0;
  unsigned mantissa_bits = 0;
  unsigned components = 1;  ///< 2 for complex

  bool valid() const { return width != 0; }
  unsigned sign_bit() const { return 8 * width - 1; }
};

/// Invalid for types without exponent.
constexpr FloatFormat FormatOf(DType dtype) {
  switch (dtype) {
    case DType::kF32:
      return {4, 8, 23, 1};
    case DType::kBF16:
      return {2, 8, 7, 1};
    case DType::kF16:
      return {2, 5, 10, 1};
    case DType::kF64:
      return {8, 11, 52, 1};
    case DType::kF8E4M3:
      return {1, 4, 3, 1};
    case DType::kF8E5M2:
      return {1, 5, 2, 1};
    case DType::kComplex64:
      return {4, 8, 23, 2};
    case DType::kComplex128:
      return {8, 11, 52, 2};
    default:
      return {};
  }
}

/// Uppermost mantissa bits that wide symbols count as exponent bits.
inline constexpr unsigned kWideBits = 2;

constexpr FloatFormat WithWideSymbols(FloatFormat format) {
  format.exponent_bits += kWideBits;
  format.mantissa_bits -= kWideBits;
  return format;
}

/// Mantissa bits known at each level, ascending; the last is all of them.
struct MantissaLevels {
  std::array<std::uint8_t, 32> bits{};
  std::size_t count = 0;
};

inline constexpr unsigned kTailBits = 8;  ///< lowest mantissa bits, coded as one symbol
inline constexpr std::size_t kAllLevelsFrom = 1u << 15;   ///< components
inline constexpr std::size_t kSomeLevelsFrom = 1u << 10;  ///< below: one level

// On disk: readers take the levels from the header, but only these lists are written.
constexpr MantissaLevels MantissaLevelsOf(const FloatFormat& format, std::size_t components,
                                          bool coded_tail) {
  constexpr std::uint8_t kFew[] = {0, 2, 4, 7, 10, 13, 16, 19, 23, 28, 36, 44};
  MantissaLevels levels;
  const unsigned all = format.mantissa_bits;
  const unsigned planes_end = coded_tail ? all - kTailBits : all;
  const auto add = [&levels, planes_end](unsigned bits) {
    if (bits < planes_end) levels.bits[levels.count++] = static_cast<std::uint8_t>(bits);
  };
  if (components >= kAllLevelsFrom) {
    for (unsigned bits = 0; bits < all; ++bits) {
      const bool single = bits <= (all == 52 ? 20u : 16u);
      const bool f32_tail = all == 23 && (bits == 18 || bits == 20);
      const bool f64_tail = all == 52 && (bits == 28 || bits == 36 || bits == 44);
      if (single || f32_tail || f64_tail) add(bits);
    }
  } else if (components >= kSomeLevelsFrom) {
    for (const unsigned bits : kFew) add(bits);
  }
  if (coded_tail) levels.bits[levels.count++] = static_cast<std::uint8_t>(planes_end);
  levels.bits[levels.count++] = static_cast<std::uint8_t>(all);
  return levels;
}

}  // namespace dlv::codec
