#pragma once
/// \file
/// What the encoder and the decoder of integer deltas share (docs/format/delta.md §11). On disk: do
/// not renumber.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "dlv/dtype.h"

namespace dlv::codec {

/// Units of a block, which have a scale in common.
inline constexpr std::size_t kIntegerBlock = 128;
/// Steps of the scale that contexts tell apart.
inline constexpr unsigned kIntegerSteps = 12;
/// Values of the base are told apart by at most so many limits.
inline constexpr std::size_t kMostIntegerLimits = 7;
/// The context of a byte below one that is not zero, in units of several bytes.
inline constexpr unsigned kOpenContext = kIntegerSteps;
inline constexpr unsigned kMostIntegerContexts = kIntegerSteps * (kMostIntegerLimits + 1);
inline constexpr unsigned kMostIntegerTables = 48;

/// How the symbols of a group are stored.
enum class IntegerGroupKind : std::uint8_t {
  kConstant = 0,  ///< all the same
  kRaw = 1,
  kZstd = 2,      ///< SymbolContext::kZstd
  kZstdHigh = 3,  ///< SymbolContext::kZstdHigh
  kRans = 4,      ///< in contexts
};

/// How the differences of a chunk are modelled.
struct IntegerDeltaLayout {
  unsigned width = 0;      ///< bytes of a unit; 0: the child is the base
  std::size_t units = 0;   ///< of the chunk
  std::uint8_t flip = 0;   ///< to be XORed to a base's byte for the order of its values
  std::size_t limits = 0;  ///< of units of one byte
  std::array<std::uint8_t, kMostIntegerLimits> limit_values{};

  std::size_t blocks() const { return (units + kIntegerBlock - 1) / kIntegerBlock; }
  std::size_t BlockSize(std::size_t block) const {
    const std::size_t left = units - block * kIntegerBlock;
    return left < kIntegerBlock ? left : kIntegerBlock;
  }
  unsigned contexts() const {
    return width > 1 ? kOpenContext + 1 : kIntegerSteps * static_cast<unsigned>(limits + 1);
  }
};

/// Whether elements of `dtype` can be coded so: all types but floating point.
bool SupportsIntegerDelta(DType dtype);

/// Of chunks of `count` elements; `width` is 1 or the size of an element.
IntegerDeltaLayout IntegerLayoutOf(DType dtype, std::size_t count, unsigned width);

/// Reads the parameters of a chunk. Nothing where they are malformed.
std::optional<IntegerDeltaLayout> ReadIntegerPayload(DType dtype, std::size_t count,
                                                     std::span<const std::byte> payload);

/// Units of blocks that have a scale.
std::size_t CountActive(const IntegerDeltaLayout& layout, std::span<const std::uint8_t> scales);

}  // namespace dlv::codec
