#pragma once
/// \file
/// What the encoder and the decoder of deltas share: how dtypes are cut into levels, and the fields
/// around the coded bytes. On disk: do not renumber (docs/format/delta.md).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "dlv/dtype.h"
#include "storage/codec/delta_kernels.h"

namespace dlv::codec {

/// Precision of every rANS table of a delta: frequencies sum to 2^10.
inline constexpr unsigned kDeltaTableBits = 10;

/// How a level is stored (first byte of what the document calls the level's content, §6).
enum class DeltaLevelMode : std::uint8_t {
  kZero = 0,   ///< no difference in this level
  kCoded = 1,  ///< symbols and fields
  kPlain = 2,  ///< the values themselves, of blocks that have a scale
};

/// Bits of the first payload byte.
inline constexpr std::uint8_t kDeltaEqual = 1;  ///< child equals base: the levels have no bytes
inline constexpr std::uint8_t kDeltaRatio = 2;  ///< the ratio follows, 4 bytes
inline constexpr std::uint8_t kDeltaRatioEverywhere = 4;  ///< with kDeltaRatio: no flags are stored
inline constexpr std::uint8_t kDeltaExtrapolated = 8;     ///< from two bases; beta follows, 1 byte
inline constexpr std::uint8_t kDeltaNarrow = 16;  ///< low bits are not stored; their number follows

struct DeltaPayload {
  bool equal = false;
  float ratio = 0;  ///< 0: none
  bool ratio_everywhere = false;
  std::int8_t beta = 0;        ///< sixteenths; 0: one base
  std::uint8_t zero_bits = 0;  ///< low bits that are 0 in every element of the child
};

/// Returns nothing for dtypes that are not floating-point.
std::optional<DeltaShape> DeltaShapeOf(DType dtype);

/// Numbers in an element: 2 for complex dtypes, else 1.
unsigned DeltaComponentsOf(DType dtype);

/// Bits of a component that levels 0..level give.
unsigned DeltaPlanes(const DeltaShape& shape, unsigned level);

/// The most zero bits that a payload may have: all but those of the first level.
unsigned DeltaMostZeroBits(const DeltaShape& shape);
/// Of the values of a level, the low bits that are not stored where `zero_bits` of each element are
/// 0: from 0 to all of them.
unsigned DeltaDroppedBits(const DeltaShape& shape, unsigned zero_bits, unsigned level);
/// Takes the dropped bits off the values of a level, `bytes` of each, or puts them back.
void DropDeltaBits(std::uint8_t* values, unsigned bytes, std::size_t count, unsigned dropped);
void RestoreDeltaBits(std::uint8_t* values, unsigned bytes, std::size_t count, unsigned dropped);

/// Writes at most 6 bytes; returns how many.
std::size_t WriteDeltaPayload(const DeltaPayload& payload, std::span<std::byte, 8> out);
std::optional<DeltaPayload> ReadDeltaPayload(std::span<const std::byte> bytes);

/// The state of elements after a level of mode kZero or kPlain.
void AdvanceDeltaState(DeltaLevelMode mode, std::span<std::uint8_t> state);

}  // namespace dlv::codec
