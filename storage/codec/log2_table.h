#pragma once
/// \file
/// Logarithms for size estimates, in integers: the choice of a mode must not depend on a machine's
/// libm.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dlv::codec {

inline constexpr unsigned kLog2FractionBits = 12;

namespace internal {

// log2(1 + i / 1024) in units of 2^-12, by repeated squaring.
constexpr std::array<std::uint16_t, 1024> MakeLog2Table() {
  std::array<std::uint16_t, 1024> table{};
  for (std::uint32_t i = 0; i < 1024; ++i) {
    std::uint64_t mantissa = (std::uint64_t{1024} + i) << 20;  // 1.0 is 2^30
    std::uint32_t bits = 0;
    for (unsigned k = 0; k < kLog2FractionBits; ++k) {
      mantissa = (mantissa * mantissa) >> 30;
      bits <<= 1;
      if (mantissa >> 31 != 0) {
        bits |= 1;
        mantissa >>= 1;
      }
    }
    table[i] = static_cast<std::uint16_t>(bits);
  }
  return table;
}

inline constexpr auto kLog2Table = MakeLog2Table();

}  // namespace internal

/// log2(value) in units of 2^-12, value > 0.
constexpr std::uint32_t Log2Fixed(std::uint32_t value) {
  const auto exponent = static_cast<unsigned>(std::bit_width(value)) - 1;
  const std::uint32_t fraction =
      exponent >= 10 ? (value >> (exponent - 10)) & 1023 : (value << (10 - exponent)) & 1023;
  return (exponent << kLog2FractionBits) + internal::kLog2Table[fraction];
}

/// Order-0 entropy of all counted items together, in bits (rounded down).
inline std::uint64_t EntropyBits(std::span<const std::uint32_t> counts) {
  std::uint64_t total = 0;
  std::uint64_t sum = 0;
  for (const std::uint32_t count : counts) {
    if (count == 0) continue;
    total += count;
    sum += std::uint64_t{count} * Log2Fixed(count);
  }
  if (total == 0) return 0;
  const std::uint64_t whole = total * Log2Fixed(static_cast<std::uint32_t>(total));
  return whole > sum ? (whole - sum) >> kLog2FractionBits : 0;
}

}  // namespace dlv::codec
