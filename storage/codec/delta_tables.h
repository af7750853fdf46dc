#pragma once
/// \file
/// Tables of frequencies for the bit lengths of a level, one for each context; and what they cost.
/// A context either uses the built-in table of its kind or brings its own (docs/format/delta.md
/// §7).

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "storage/codec/bit_stream.h"
#include "storage/codec/delta_format.h"
#include "storage/codec/delta_second_bits.h"

namespace dlv::codec {

inline constexpr unsigned kDeltaMaxContexts = 2 * kDeltaScales;
inline constexpr unsigned kDeltaMaxSymbols = kDeltaMostSecondSymbols;
/// Row length of histograms.
inline constexpr unsigned kDeltaHistogramRow = 32;

using DeltaHistogram = std::array<std::uint32_t, kDeltaMaxContexts * kDeltaHistogramRow>;
using DeltaFrequencies = std::array<std::uint16_t, kDeltaMaxSymbols>;

/// Which built-in tables a level uses. On disk through the level's place: docs/format/delta.md §7.
enum class DeltaTableKind : std::uint8_t {
  kFirst32,
  kSecond32,
  kThird32,
  kFirst16,
  kFlat17,
  kFirst8
};

DeltaTableKind DeltaTableKindOf(const DeltaShape& shape, unsigned level);

/// Contexts of a level: kDeltaScales for the first, twice that for the others.
constexpr unsigned DeltaContextsOf(unsigned level) {
  return level == 0 ? kDeltaScales : kDeltaMaxContexts;
}
/// First level: bit lengths 0..15 (0..7) without and with a change of sign. Others: bit lengths
/// 0..16 (0..8).
constexpr unsigned DeltaSymbolsOf(unsigned level, unsigned level_bytes) {
  return level == 0 ? 16 * level_bytes : 8 * level_bytes + 1;
}

/// The built-in table; every symbol of the kind has a frequency of at least 1.
const DeltaFrequencies& BuiltInDeltaTable(DeltaTableKind kind, unsigned context);

/// The tables of one level.
struct DeltaTableSet {
  std::array<DeltaFrequencies, kDeltaMaxContexts> frequencies;
  std::array<bool, kDeltaMaxContexts> own;  ///< not the built-in one
  std::array<DeltaFrequencies, kDeltaMaxContexts>
      weights;  ///< of own tables, as written; for the encoder only
};

/// Chooses tables for `histogram`. Returns the cost of tables and symbols in 1/256 bit (to a
/// precision of 1 %), by integer arithmetic.
std::uint64_t ChooseDeltaTables(DeltaTableKind kind, unsigned contexts, unsigned symbols,
                                const DeltaHistogram& histogram, DeltaTableSet& out);

/// Returns the entropy of the symbols in their contexts in 1/256 bit, roughly.
std::uint64_t EstimateDeltaTables(unsigned contexts, unsigned symbols,
                                  const DeltaHistogram& histogram);

/// Makes tables of symbols with second bits from those of bit lengths (docs/format/delta.md §9).
/// What is written stays as it is.
void SplitDeltaTables(const DeltaShape& shape, unsigned level, const SecondBitShares& shares,
                      DeltaTableSet& set);

void WriteDeltaTables(const DeltaTableSet& set, unsigned contexts, BitWriter& out);

/// Returns false if malformed or cut off.
[[nodiscard]] bool ReadDeltaTables(BitReader& in, DeltaTableKind kind, unsigned contexts,
                                   unsigned symbols, DeltaTableSet& out);

}  // namespace dlv::codec
