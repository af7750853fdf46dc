#pragma once
/// \file
/// How large a network may be. Files are untrusted: everything here is checked before memory is
/// taken or a recursion begins.

#include <cstddef>
#include <cstdint>

namespace dlv::network {

inline constexpr std::size_t kMaxNodes = 1'000'000;              ///< those of subgraphs count
inline constexpr unsigned kMaxDepth = 16;                        ///< of subgraphs in subgraphs
inline constexpr std::size_t kMaxOperands = 8'000'000;           ///< of all nodes together
inline constexpr std::size_t kMaxRank = 32;                      ///< axes of a value
inline constexpr std::size_t kMaxNameBytes = 4096;               ///< of any name
inline constexpr std::size_t kMaxConstantBytes = 64 << 20;       ///< of all constants together
inline constexpr std::size_t kMaxTextBytes = 256 << 20;          ///< of the text form
inline constexpr std::size_t kMaxEncodedBytes = 256 << 20;       ///< of the binary encoding
inline constexpr std::int64_t kMaxAxis = std::int64_t{1} << 48;  ///< size of an axis
/// Values of at most that many elements are computed at import.
inline constexpr std::size_t kMaxFoldedElements = 4096;
/// Of all values that are remembered while a network is normalised; further ones count as unknown.
inline constexpr std::size_t kMaxKnownElements = 1'000'000;
/// Of all constants that folding makes.
inline constexpr std::size_t kMaxFoldedBytes = 2 * kMaxConstantBytes;

}  // namespace dlv::network
