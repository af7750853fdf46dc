#pragma once
/// \file
/// Second bits (docs/format/delta.md §9, mode 18): the bit below the leading one of a difference
/// goes from its field into its symbol. A pass of its own around the kernels, which know nothing of
/// it: for what is hardly ever read.

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

/// What says which elements of a level have symbols.
struct DeltaLevelPlace {
  unsigned level = 0;
  unsigned level_bytes = 0;
  const std::uint8_t* block_scale = nullptr;
  const std::uint8_t* state = nullptr;  ///< before the level
  std::size_t count = 0;
};

/// Takes the second bits out of fields, as the kernels make them, into the symbols (in place).
void TakeSecondBits(const DeltaLevelPlace& place, DeltaBitsIn low, DeltaBitsIn high,
                    std::uint8_t* symbols, DeltaBits& out_low, DeltaBits& out_high);

/// The way back. The fields read take at most 8 bits an element of each plane; where they end,
/// `position` says.
void PutSecondBits(const DeltaLevelPlace& place, DeltaBitsIn& low, DeltaBitsIn& high,
                   std::uint8_t* symbols, DeltaBits& out_low, DeltaBits& out_high);

/// Makes the last bits written readable.
void FlushDeltaBits(const DeltaBits& bits);

}  // namespace dlv::codec
