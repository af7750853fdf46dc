#pragma once
/// \file
/// Sizes of values that are all known, and places in them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::kernels {

/// Sizes of the axes; none is negative. The last axis is contiguous (C order).
using Shape = NetworkShape;
/// Steps in elements, one an axis.
using Strides = std::vector<std::int64_t>;
using Wholes = std::vector<std::int64_t>;

inline constexpr std::size_t kMaxRank = 32;
/// Sizes that are not 0 multiply to at most this, so that places never overflow.
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 48;

/// Returns the number of elements. Errors: kInvalidArgument (negative sizes, more than kMaxRank
/// axes), kUnsupported (more than kMaxElements).
Result<std::int64_t> CheckedCount(const Shape& shape);

/// Returns the number of elements on axes `begin` to before `end` of a shape of an existing value.
std::int64_t CountBetween(const Shape& shape, std::size_t begin, std::size_t end);
inline std::int64_t CountOf(const Shape& shape) { return CountBetween(shape, 0, shape.size()); }

Strides StridesOf(const Shape& shape);

/// Returns the shape that both broadcast to (numpy's rule), or nothing.
std::optional<Shape> BroadcastShape(const Shape& a, const Shape& b);

/// Returns the steps of a value of shape `own` laid over `shape`, to which it broadcasts: 0 where
/// it repeats.
Strides BroadcastStrides(const Shape& own, const Shape& shape);

/// Returns "[2, 3]".
std::string TextOf(const Shape& shape);

}  // namespace dlv::kernels
