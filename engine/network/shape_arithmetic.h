#pragma once
/// \file
/// Sizes that may be unknown, and too large: sums and products saturate, so that a later check of
/// the shape refuses them.

#include <cstdint>
#include <optional>

#include "dlv/network.h"

namespace dlv::network {

constexpr bool IsKnown(std::int64_t size) { return size != kUnknownSize; }

/// Unknown if either is.
std::int64_t Plus(std::int64_t a, std::int64_t b);
std::int64_t Times(std::int64_t a, std::int64_t b);
/// Product of the sizes from `begin` to before `end`.
std::int64_t ProductOf(const NetworkShape& shape, std::size_t begin, std::size_t end);

/// The known one of two sizes that must be equal; nothing where both are known and differ.
std::optional<std::int64_t> SameSize(std::int64_t a, std::int64_t b);
/// The same for all axes; nothing where ranks differ.
std::optional<NetworkShape> SameShape(const NetworkShape& a, const NetworkShape& b);

/// The shape that both broadcast to, or nothing.
std::optional<NetworkShape> Broadcast(const NetworkShape& a, const NetworkShape& b);

/// A shape of that many unknown sizes.
inline NetworkShape UnknownSizes(std::size_t rank) { return NetworkShape(rank, kUnknownSize); }

}  // namespace dlv::network
