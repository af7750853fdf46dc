#pragma once
/// \file
/// Second bits (docs/format/delta.md §9, mode 18): the bit below the leading one of a difference
/// goes from its field into its symbol. The loops over elements are in delta_kernels.h.

#include <array>
#include <cstddef>
#include <cstdint>

#include "storage/codec/delta_kernels.h"

namespace dlv::codec {

/// Symbols of such a level, at most kDeltaMostSecondSymbols.
constexpr unsigned DeltaSecondSymbolsOf(unsigned level, unsigned level_bytes) {
  return level == 0 ? 24 * level_bytes - 2 : 16 * level_bytes;
}
inline constexpr unsigned kDeltaMostSecondSymbols = 46;

/// The bit length that a symbol without a change of sign stands for; its second bit is the lowest.
constexpr unsigned DeltaLengthOfSecond(unsigned symbol) {
  return symbol < 2 ? symbol : symbol / 2 + 1;
}

/// Of so many differences `zeros` have a second bit of 0, by how far their bit length lies above
/// the expected one (SecondBitStep).
inline constexpr unsigned kSecondBitParts = 16;
inline constexpr unsigned kSecondBitSteps = 5;
inline constexpr unsigned kSecondBitWidth = 4;  ///< of a share, as it is stored
struct SecondBitShares {
  std::array<std::uint8_t, kSecondBitSteps> zeros{};  ///< 1 to 15
};

/// 0: not above; up to 4.
unsigned SecondBitStep(const DeltaShape& shape, unsigned level, unsigned scale, unsigned length);

}  // namespace dlv::codec
