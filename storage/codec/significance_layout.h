#pragma once
/// \file
/// Which bits of which elements the levels of ChunkMode::kSignificance hold (docs/format/codec.md
/// §6.5).

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/codec/chunk_header.h"
#include "storage/codec/float_format.h"
#include "storage/codec/kernels.h"
#include "storage/codec/symbol_coding.h"

namespace dlv::codec {

/// What the payload says.
struct SignificanceLayout {
  FloatFormat format;
  std::size_t components = 0;
  SymbolMap map{};
  SymbolContext context = SymbolContext::kNone;
  unsigned absent_mantissa = 0;  ///< lowest mantissa bits that are zero and not stored
  unsigned origin = 0;           ///< the step of depth 0
  std::size_t symbol_bytes = 0;

  /// Bits of a kept component: the sign is bit 0, then the mantissa from the top.
  unsigned bit_count() const { return 1 + format.mantissa_bits - absent_mantissa; }
  unsigned max_symbol() const;
  /// The exponent that a symbol of a kept component stands for.
  unsigned ClassOf(unsigned symbol) const {
    return symbol == map.zero_rule ? 0 : map.first + symbol - map.zero_rule - 1;
  }
};

/// How early a bit comes: all bits of a lower step come before.
unsigned StepOf(const FloatFormat& format, unsigned exponent_class, unsigned bit);

using SymbolCounts = std::array<std::uint32_t, 256>;

/// Where the bits lie. Bit b of the elements of one symbol, in the order of the elements, is a run
/// of as many bits; levels begin at whole bytes, counted from the end of the coded symbols.
class BitPlaces {
 public:
  /// `depths` of the levels, ascending; the last one is kWholeDepth.
  BitPlaces(const SignificanceLayout& layout, const SymbolCounts& counts,
            std::span<const std::uint8_t> depths);

  /// First bit of a run, counted from the end of the symbols.
  std::size_t Of(unsigned symbol, unsigned bit) const { return first_[symbol * bits_ + bit]; }
  /// Whether a level, or one before it, has the run.
  bool IsIn(unsigned symbol, unsigned bit, std::size_t level) const {
    return level_[symbol * bits_ + bit] <= level;
  }
  /// Bytes of the bits of each level.
  const std::vector<std::size_t>& level_bytes() const { return level_bytes_; }

 private:
  unsigned bits_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint8_t> level_;
  std::vector<std::size_t> level_bytes_;
};

/// Stands for all bits, as step of a level; greater than every other.
inline constexpr unsigned kWholeStep = 0xffff;

/// The last step of which each level knows the bits; of a chunk of another mode, kWholeStep alone
/// (for its last level).  Errors: kCorruption, kUnsupported.
Result<std::vector<unsigned>> StepsOfLevels(const ChunkHeader& header);

/// Reads the payload. Errors: kCorruption, kUnsupported.
Result<SignificanceLayout> ReadSignificanceLayout(const ChunkHeader& header);
void WriteSignificanceLayout(const SignificanceLayout& layout, ChunkHeader& header);

}  // namespace dlv::codec
