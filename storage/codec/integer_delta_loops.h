#pragma once
/// \file
/// The loops of integer deltas over every unit (docs/format/delta.md §11). Written so that
/// compilers make vectors of them; rANS, which has kernels of its own, takes most of the time
/// besides.

#include <cstdint>
#include <span>

#include "storage/codec/integer_delta_format.h"

namespace dlv::codec {

/// Writes for each active unit what `table_of` has for its context in `group` (0: the most
/// significant byte). `base`: the chunk's; `open`: by active unit, whether a byte above is not zero
/// (not read for units of one byte). `tables` has room for the active units.
void FillIntegerContexts(const IntegerDeltaLayout& layout, unsigned group,
                         std::span<const std::uint8_t> scales, const std::uint8_t* base,
                         const std::uint8_t* open,
                         std::span<const std::uint8_t, kMostIntegerContexts> table_of,
                         std::uint8_t* tables);

/// Writes the bytes of the zigzagged differences of `size` units of `width` bytes, the most
/// significant first, `stride` apart. Returns the sum of their sizes, each counted as 2^56 at the
/// most.
std::uint64_t SplitIntegers(unsigned width, const std::uint8_t* child, const std::uint8_t* base,
                            std::size_t size, std::size_t stride, std::uint8_t* out);

/// Adds such differences to the units of the base.
void JoinIntegers(unsigned width, const std::uint8_t* symbols, std::size_t stride, std::size_t size,
                  const std::uint8_t* base, std::uint8_t* out);

}  // namespace dlv::codec
